"""Forms of counts: a line at the shelf, something found that is not on the list, and the steps of a count."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput

from .models import Condition, Depot, Item

MOST_UNITS = 10_000_000
_NUMBER = {"inputmode": "numeric", "autocomplete": "off", "class": "count-number"}


class BeginForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"token": uuid.uuid4()}, **kwargs})


class LineForm(forms.Form):
    """What was seen of one lot. The buttons "none" and "clear" stand for zero and for "not looked for"."""

    lot = forms.IntegerField()
    condition = forms.ChoiceField(choices=Condition.choices)
    version = forms.IntegerField(min_value=0)
    quantity = forms.IntegerField(label=gettext_lazy("Counted"), min_value=0, max_value=MOST_UNITS, required=False)
    moved_from = forms.ModelChoiceField(Depot.objects.none(), label=gettext_lazy("moved from"), required=False)
    note = forms.CharField(max_length=200, required=False)
    scanned = forms.BooleanField(required=False)

    def __init__(self, *args: Any, depots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moved_from"].queryset = depots  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "none" in self.data:
            cleaned["quantity"] = 0
        elif "clear" in self.data:
            cleaned["quantity"], cleaned["moved_from"] = None, None
        elif cleaned.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", gettext_lazy("Enter how many you counted; if none, choose “None here”."))
        return cleaned


class FoundForm(forms.Form):
    """A lot that is not on the list, or one in another condition."""

    item = forms.ModelChoiceField(Item.objects.none(), label=gettext_lazy("item"))
    code = forms.CharField(
        label=gettext_lazy("lot or serial number"), max_length=60, required=False,
        help_text=gettext_lazy("Leave empty for an item without lots."),
    )  # fmt: skip
    expires_on = forms.DateField(label=gettext_lazy("expires on"), widget=DateInput(), required=False)
    condition = forms.ChoiceField(label=gettext_lazy("condition"), choices=Condition.choices)
    quantity = forms.IntegerField(
        label=gettext_lazy("Counted"), min_value=0, max_value=MOST_UNITS, widget=forms.NumberInput(attrs=_NUMBER)
    )
    moved_from = forms.ModelChoiceField(
        Depot.objects.none(), label=gettext_lazy("moved from"), required=False,
        empty_label=gettext_lazy("(no other depot)"),
        help_text=gettext_lazy("The depot that has it by the ledger, if you know: then it is transferred."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("where it was"), max_length=200, required=False)

    def __init__(self, *args: Any, depots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = Item.objects.live()  # type: ignore[attr-defined]
        self.fields["moved_from"].queryset = depots  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """One step of a count as it was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("Comment"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False
    )
