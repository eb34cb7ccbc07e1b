from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import StockItem, StockLine
from .services import StockEntry

BLANK_ROWS = 3


class StockLineForm(forms.Form):
    """A row of the stock table. A row left entirely empty counts as none."""

    line = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    item = forms.ModelChoiceField(StockItem.objects.all(), label=_("Item"))
    quantity = forms.IntegerField(min_value=0, max_value=10_000_000, label=_("Quantity"))
    standard_quantity = forms.IntegerField(min_value=0, max_value=10_000_000, required=False, label=_("Standard quantity"))
    remove = forms.BooleanField(required=False, label=_("Remove"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("quantity", "standard_quantity"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        self.existing: StockLine | None = None

    def entry(self) -> StockEntry:
        data = self.cleaned_data
        return StockEntry(
            item=data["item"],
            quantity=data["quantity"],
            standard_quantity=data["standard_quantity"],
            line_id=data["line"],
            version=data["version"],
            remove=data["remove"],
        )


StockFormSet = forms.formset_factory(StockLineForm, extra=BLANK_ROWS, max_num=300)
