"""Forms of the tables of norms and unit costs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gis_core.editing.forms import DateInput

from .models import AreaStandard, UnitCost
from .plan.uses import GROUPS
from .words.document import UNIT_CATEGORY_LABELS
from .words.uses import GROUP_LABELS


def applies_choices() -> list[Any]:
    """All rooms, the groups of uses, and the categories of rooms."""
    return [
        ("", _("all rooms")),
        (_("Groups of uses"), [(group, GROUP_LABELS[group]) for group in GROUPS]),
        (_("Categories of rooms"), sorted(UNIT_CATEGORY_LABELS.items(), key=lambda item: str(item[1]))),
    ]


def applies_text(value: str) -> str:
    """What a standard applies to, in words."""
    return str(UNIT_CATEGORY_LABELS.get(value) or GROUP_LABELS.get(value) or value or _("all rooms"))


class ValueForm(forms.ModelForm):
    """A value with its source and its first day. ``version`` is the one a correction was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].widget = DateInput()
        self.fields["source"].help_text = _("The rule, notice or document it comes from.")
        self.fields["note"].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        model: Any = self._meta.model
        shared = {name: data.get(name) for name in (model.VERSION_OF, "effective_from")}
        if all(shared.values()) and model.objects.live().filter(**shared).exclude(pk=self.instance.pk).exists():
            self.add_error("effective_from", ValidationError(_("There is a value of this day already.")))
        return data


class AreaStandardForm(ValueForm):
    applies_to = forms.ChoiceField(label=_("Applies to"), choices=applies_choices, required=False)

    class Meta:
        model = AreaStandard
        fields = ["code", "name", "value", "unit", "applies_to", "source", "effective_from", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Latin letters, figures and hyphens. Values of one code replace one another.")


class UnitCostForm(ValueForm):
    class Meta:
        model = UnitCost
        fields = ["item", "krw", "source", "effective_from", "note"]
