"""Forms of indicators, their tables, and evaluation sheets."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.seen_forms import SeenForm
from gis_core.imports.forms import ENCODING_CHOICES, UploadField
from gis_core.models import AdminArea, EvaluationSheet, Indicator

from . import formula, periods
from .body_text import Unreadable, from_text
from .querysets import indicators
from .words import formula_fault

TABLES = (".csv", ".tsv", ".txt", ".xlsx")
PERIOD_HELP = gettext_lazy("2019 (year), 2019-H1 (half), 2019-Q3 (quarter) or 2019-07 (month)")


class PeriodField(forms.CharField):
    """A period as it is kept, also where it is typed as people write it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": gettext_lazy("period"), "max_length": 20, "help_text": PERIOD_HELP, **options})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return str(periods.parse(text))
        except periods.BadPeriod as error:
            raise forms.ValidationError(_("“%s” is no period.") % text) from error


class IndicatorForm(SeenForm):
    """What is measured. The key is given once: formulas and evaluation sheets go by it."""

    class Meta:
        model = Indicator
        fields = ["name", "unit", "direction", "decimals", "source", "description", "formula"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].widget.attrs["rows"] = 3
        self.fields["formula"].help_text = _(
            "Only where it follows from others: keys of indicators, numbers, + - * / and parentheses. "
            "Left empty, values are entered."
        )
        self.fields["decimals"].help_text = _("How many are shown.")

    def clean_formula(self) -> str:
        text: str = self.cleaned_data["formula"].strip()
        if text:
            try:
                formula.parse(text)
            except formula.BadFormula as fault:
                raise forms.ValidationError(formula_fault(fault)) from fault
        return text


class NewIndicatorForm(IndicatorForm):
    class Meta(IndicatorForm.Meta):
        fields = ["key", *IndicatorForm.Meta.fields]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].help_text = _("Small letters, digits and _. It stays the same.")

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not formula.KEY.fullmatch(key):
            raise forms.ValidationError(_("A key begins with a small letter and has small letters, digits and _."))
        return key


class CityTableForm(forms.Form):
    """A table of values of one city's towns: towns are found by name within one city only."""

    city = forms.ModelChoiceField(
        AdminArea.objects.none(), label=gettext_lazy("City or county"), to_field_name="mois_code"
    )
    file = UploadField()
    period = PeriodField(label=gettext_lazy("period of all rows"), required=False)
    encoding = forms.ChoiceField(label=gettext_lazy("Text encoding"), required=False, choices=ENCODING_CHOICES)
    layer = forms.CharField(
        label=gettext_lazy("Sheet of the workbook"), required=False, max_length=100,
        help_text=gettext_lazy("Only where several sheets hold rows."),
    )  # fmt: skip

    def __init__(self, *args: Any, cities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = cities  # type: ignore[attr-defined]
        self.fields["file"].help_text = _("CSV or XLSX.")
        self.fields["file"].widget.attrs["accept"] = ",".join(TABLES)
        self.fields["period"].help_text = _("Only where the table names none: %s") % PERIOD_HELP

    def clean_file(self) -> Any:
        if not self.cleaned_data["file"].name.lower().endswith(TABLES):
            raise forms.ValidationError(_("Tables are read from CSV or XLSX."))
        return self.cleaned_data["file"]

    def kept(self) -> dict[str, str]:
        """What the following page is told."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("period", "encoding", "layer") if data[name]}
        return {"city": data["city"].mois_code, **told}


class VersionForm(forms.Form):
    """A button that acts upon what the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)


class SheetForm(forms.ModelForm):
    """An evaluation sheet, its body as YAML, of which JSON is a part."""

    text = forms.CharField(
        label=gettext_lazy("content"),
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false", "class": "code", "lang": "mul"}),
        max_length=100_000,
        strip=False,
        help_text=gettext_lazy("YAML or JSON. A fault is named with its place, counted from 0."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = EvaluationSheet
        fields = ["title", "area", "year", "source"]

    def __init__(self, *args: Any, cities: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cities is None:
            del self.fields["area"]
        else:
            self.fields["area"].queryset = cities  # type: ignore[attr-defined]

    def clean_text(self) -> Any:
        try:
            return from_text(self.cleaned_data["text"], set(indicators().values_list("key", flat=True)))
        except Unreadable as fault:
            raise forms.ValidationError(str(fault)) from fault

    def values(self) -> dict[str, Any]:
        facts: dict[str, Any] = {
            name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.fields
        }
        return {**facts, "body": self.cleaned_data["text"]}

    def rebase(self, version: int) -> None:
        """Count the sheet as it is now as what the person has seen: they were told, and may insist."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data
