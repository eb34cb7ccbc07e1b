"""Forms of tables that are brought: which city and day, which file; which column of the national list is what."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.imports.forms import ENCODING_CHOICES, UploadField
from gis_core.models import AdminArea

from .wide_table import simple

TABLES = (".csv", ".tsv", ".txt", ".xlsx")
# What a column of the national list may hold, with headings that are recognised.
COLUMNS: dict[str, tuple[Any, str]] = {
    "list_number": (gettext_lazy("National list number"), "목록번호 국가목록번호 물품목록번호 listnumber list_number"),
    "item": (gettext_lazy("Item"), "품명 물품명 자원명 물품 품목 item name"),
    "town": (gettext_lazy("Town (name or code)"), "읍면동 읍면동명 행정동 관리기관 기관명 읍면동코드 town area"),
    "depot": (gettext_lazy("Depot"), "보관소 보관소명 보관장소 창고 창고명 depot"),
    "quantity": (gettext_lazy("Quantity"), "수량 재고량 재고수량 현재고 보유량 보유수량 quantity stock"),
}


class TableForm(forms.Form):
    """The city is asked for first: towns are found by name within one city only."""

    city = forms.ModelChoiceField(
        AdminArea.objects.none(), label=gettext_lazy("City or county"), to_field_name="mois_code"
    )
    day = forms.DateField(label=gettext_lazy("As of"), widget=DateInput())
    file = UploadField()
    encoding = forms.ChoiceField(label=gettext_lazy("Text encoding"), required=False, choices=ENCODING_CHOICES)
    layer = forms.CharField(
        label=gettext_lazy("Sheet of the workbook"), required=False, max_length=100,
        help_text=gettext_lazy("Only where several sheets hold rows."),
    )  # fmt: skip

    def __init__(self, *args: Any, cities: Any, **kwargs: Any) -> None:
        first = cities.first()
        initial = {"day": timezone.localdate(), "city": first.mois_code if first else None}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.fields["city"].queryset = cities  # type: ignore[attr-defined]
        self.fields["file"].help_text = _("CSV or XLSX.")
        self.fields["file"].widget.attrs["accept"] = ",".join(TABLES)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean_file(self) -> Any:
        if not self.cleaned_data["file"].name.lower().endswith(TABLES):
            raise forms.ValidationError(_("Tables are read from CSV or XLSX."))
        return self.cleaned_data["file"]

    def kept(self) -> dict[str, str]:
        """What the following page is told."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("encoding", "layer") if data[name]}
        return {"city": data["city"].mois_code, "day": data["day"].isoformat(), **told}


def guess(headings: Iterable[str]) -> dict[str, str]:
    by_simple = {simple(heading): heading for heading in headings}
    found = {}
    for name, (_title, known) in COLUMNS.items():
        match = next((by_simple[simple(word)] for word in known.split() if simple(word) in by_simple), None)
        if match is not None:
            found[name] = match
    return found


class ColumnsForm(forms.Form):
    def __init__(self, *args: Any, headings: list[str], remembered: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = remembered or guess(headings)
        choices = [("", _("(none)")), *((heading, heading) for heading in headings)]
        for name, (title, _known) in COLUMNS.items():
            self.fields[name] = forms.ChoiceField(
                label=title, choices=choices, required=name == "quantity", initial=known.get(name, "")
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("item") and not cleaned.get("list_number"):
            self.add_error("item", _("Say which column names the item."))
        chosen = [value for value in cleaned.values() if value]
        if len(set(chosen)) < len(chosen):
            raise forms.ValidationError(_("One column cannot be two things."))
        return cleaned

    def columns(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}
