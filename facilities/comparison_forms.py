from typing import Any

from django import forms
from django.http import QueryDict

from .plan.comparison import WEIGHTS
from .words.comparison import FIGURE_LABELS, FIGURE_NOTES

WEIGHT_MAX = 10
_PREFIX = "w_"


class WeightsForm(forms.Form):
    """How much each figure counts when options are ranked, from 0 (not at all) to 10."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, weight in WEIGHTS.items():
            field = forms.IntegerField(
                label=str(FIGURE_LABELS[code]),
                help_text=str(FIGURE_NOTES.get(code, "")),
                min_value=0,
                max_value=WEIGHT_MAX,
                initial=int(weight),
            )
            field.widget.attrs["class"] = "input"
            self.fields[f"{_PREFIX}{code}"] = field

    @classmethod
    def of(cls, query: QueryDict) -> "WeightsForm":
        """Bound when the address sets weights. What it leaves out has its usual weight."""
        if not any(name.startswith(_PREFIX) for name in query):
            return cls()
        return cls({f"{_PREFIX}{code}": query.get(f"{_PREFIX}{code}", int(weight)) for code, weight in WEIGHTS.items()})

    def weights(self) -> dict[str, float]:
        """By figure; the usual ones while the form has a mistake."""
        if not self.is_bound or not self.is_valid():
            return dict(WEIGHTS)
        return {code: float(self.cleaned_data[f"{_PREFIX}{code}"]) for code in WEIGHTS}
