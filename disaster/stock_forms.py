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
    item = forms.ModelChoiceField(StockItem.objects.all(), label=_("Item"), empty_label=_("Add an item"))
    quantity = forms.IntegerField(min_value=0, max_value=10_000_000, label=_("Quantity"))
    standard_quantity = forms.IntegerField(
        min_value=0, max_value=10_000_000, required=False, label=_("Standard quantity")
    )
    remove = forms.BooleanField(required=False, label=_("Remove"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("quantity", "standard_quantity"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
            # What the person saw goes along, so that lines they left alone are known whatever others did to them.
            self.fields[name].show_hidden_initial = True
        self.existing: StockLine | None = None

    def is_touched(self) -> bool:
        """Whether the person changed this row; a new row counts when an item was chosen."""
        if self.cleaned_data.get("line"):
            return bool({"quantity", "standard_quantity", "remove"} & set(self.changed_data))
        return bool(self.cleaned_data.get("item"))

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
