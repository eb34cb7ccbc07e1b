"""Forms for delivered files: what it is and from whom, then which column is what."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.imports import coordinates
from gis_core.imports.forms import CRS_CHOICES, ENCODING_CHOICES, UploadField
from gis_core.imports.source import Source
from vacanthouses import readings, screening
from vacanthouses.models import MeterKind, RuleKind, RuleTable
from vacanthouses.services.readings import EXCLUSION, METER, SIGN
from vacanthouses.words.readings import fault_text
from vacanthouses.words.screening import title

# What a column may hold, with headings that are recognised.
TITLES: dict[str, Any] = {
    "number": gettext_lazy("Meter number"), "pnu": gettext_lazy("Parcel number (PNU)"),
    "address": gettext_lazy("Address"), "x": gettext_lazy("Longitude or X"), "y": gettext_lazy("Latitude or Y"),
    "month": gettext_lazy("Month (one row per month)"), "use": gettext_lazy("Use of the month"),
    "removed_on": gettext_lazy("Removed on"), "cut_off_on": gettext_lazy("Cut off on"),
    "observed_on": gettext_lazy("Observed on"), "present": gettext_lazy("Found (yes or no)"),
    "valid_from": gettext_lazy("From"), "valid_to": gettext_lazy("To"),
}  # fmt: skip
KNOWN = {
    "number": "number meter 계량기번호 고객번호 수용가번호 계기번호 관리번호", "pnu": "pnu 필지고유번호 고유번호",
    "address": "address 주소 소재지 지번주소 도로명주소",
    "x": "x lon longitude 경도 x좌표", "y": "y lat latitude 위도 y좌표",
    "month": "month 월 년월 연월 사용월 검침월 사용년월", "use": "use usage 사용량",
    "removed_on": "removed_on 철거일 철거일자",
    "cut_off_on": "cut_off_on 단수일 단전일 중지일 공급중지일", "observed_on": "observed_on 관찰일 확인일 조사일",
    "present": "present 있음 여부 유무", "valid_from": "valid_from 시작일", "valid_to": "valid_to 종료일 만료일",
}  # fmt: skip
PLACE = ("pnu", "address", "x", "y")
COLUMNS = {
    METER: ("number", *PLACE, "month", "use", "removed_on", "cut_off_on"),
    SIGN: (*PLACE, "observed_on", "present"),
    EXCLUSION: ("pnu", "address", "valid_from", "valid_to"),
}
REQUIRED = {METER: "number", SIGN: "pnu", EXCLUSION: "pnu"}


def what_choices() -> list[tuple[Any, Any]]:
    """Meters by kind, then the signs and exclusions that the screening tables in force know."""
    signs: dict[str, str] = {}
    exclusions: dict[str, str] = {}
    for table in RuleTable.objects.live().filter(kind=RuleKind.SCREENING, is_active=True):
        rules = screening.read(table.body)
        signs |= {reason.code: title(reason.title) for reason in rules.reasons if reason.test == "sign"}
        if rules.pv_code:
            signs.setdefault(rules.pv_code, _("Solar panels"))
        exclusions |= {code: title(titles) for code, titles in rules.exclusions.items()}
    return [
        (_("Readings"), [(f"{METER}:{kind.value}", kind.label) for kind in MeterKind]),
        (_("Signs of vacancy"), [(f"{SIGN}:{code}", name) for code, name in signs.items()]),
        (_("Exclusions"), [(f"{EXCLUSION}:{code}", name) for code, name in exclusions.items()]),
    ]


class DeliveryForm(forms.Form):
    what = forms.ChoiceField(label=gettext_lazy("What the file holds"))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("Who delivered it, such as the power company."),
    )
    delivered_on = forms.DateField(label=gettext_lazy("Delivered on"), widget=DateInput())
    file = UploadField()
    encoding = forms.ChoiceField(label=gettext_lazy("Text encoding"), required=False, choices=ENCODING_CHOICES)
    layer = forms.CharField(label=gettext_lazy("Sheet of the workbook"), required=False)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"delivered_on": timezone.localdate()})
        self.fields["file"].help_text = _("CSV or XLSX.")
        self.fields["what"].choices = what_choices()  # type: ignore[attr-defined]

    def clean_delivered_on(self) -> date:
        day: date = self.cleaned_data["delivered_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean_file(self) -> Any:
        if not self.cleaned_data["file"].name.lower().endswith((".csv", ".tsv", ".txt", ".xlsx")):
            raise forms.ValidationError(_("Deliveries are read from CSV or XLSX."))
        return self.cleaned_data["file"]


def _simple(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum() or letter == "_")


def guess(sort: str, headings: Iterable[str]) -> dict[str, str]:
    by_simple = {_simple(heading): heading for heading in headings}
    found = {}
    for name in COLUMNS[sort]:
        match = next((by_simple[word] for word in KNOWN[name].split() if word in by_simple), None)
        if match is not None:
            found[name] = match
    return found


class ColumnsForm(forms.Form):
    def __init__(self, data: Any, sort: str, source: Source) -> None:
        super().__init__(data)
        self.sort, self.source, self.months = sort, source, {}
        guessed = guess(sort, source.fields)
        choices = [("", _("(none)")), *((heading, heading) for heading in source.fields)]
        for name in COLUMNS[sort]:
            self.fields[name] = forms.ChoiceField(
                label=TITLES[name], choices=choices, required=name == REQUIRED[sort], initial=guessed.get(name, "")
            )
        if sort != EXCLUSION:
            self.fields["crs"] = forms.ChoiceField(
                label=_("Coordinate reference system"), required=False, choices=[("", _("(choose)")), *CRS_CHOICES]
            )
        try:
            self.months = readings.month_columns(source.fields) if sort == METER else {}
        except readings.Fault as fault:
            self.month_fault = fault_text(fault)
        else:
            self.month_fault = ""

    def columns(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in COLUMNS[self.sort] if self.cleaned_data.get(name)}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        given = {name: cleaned.get(name) for name in COLUMNS[self.sort]}
        if bool(given.get("x")) != bool(given.get("y")):
            self.add_error("x", _("Choose both coordinates or none."))
        elif given.get("x") and not cleaned.get("crs"):
            self.add_error("crs", self._which_crs(given))
        if self.sort == METER:
            self._clean_months(given)
        return cleaned

    def _clean_months(self, given: dict[str, Any]) -> None:
        if bool(given["month"]) != bool(given["use"]):
            self.add_error("month", _("A table with one row per month needs both the month and the use."))
        elif self.month_fault and not given["month"]:
            raise forms.ValidationError(self.month_fault)
        elif not (given["month"] or self.months or given["removed_on"] or given["cut_off_on"]):
            raise forms.ValidationError(_("No column is a month (such as 2025-01), and none tells what was removed."))

    def _which_crs(self, given: dict[str, Any]) -> str:
        pairs = []
        for row in self.source.rows[:200]:
            try:
                pairs.append(tuple(readings.number_of(row.values[given[axis]], "") for axis in ("x", "y")))
            except readings.Fault:
                continue
        told = _("The file does not say its CRS; choose it. In Korea it would lie as: %(candidates)s")
        xs, ys = zip(*pairs, strict=True) if pairs else ((), ())
        fitting = coordinates.candidates((min(xs), min(ys), max(xs), max(ys))) if pairs else []
        return told % {"candidates": ", ".join(f"EPSG:{srid}" for srid in fitting) or "?"}
