"""The forms of the import pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput

from .mapping import Target
from .reader import ACCEPTED
from .records import SKIP, UPDATE, Options

CRS_CHOICES = [
    ("4326", gettext_lazy("EPSG:4326 longitude, latitude (WGS 84)")),
    ("5179", gettext_lazy("EPSG:5179 UTM-K (GRS80)")),
    ("5185", gettext_lazy("EPSG:5185 western belt (GRS80)")),
    ("5186", gettext_lazy("EPSG:5186 central belt (GRS80, 600,000 m)")),
    ("5187", gettext_lazy("EPSG:5187 eastern belt (GRS80)")),
    ("5188", gettext_lazy("EPSG:5188 east sea belt (GRS80)")),
    ("5181", gettext_lazy("EPSG:5181 central belt (GRS80, 500,000 m)")),
    ("5174", gettext_lazy("EPSG:5174 central belt (Bessel, corrected)")),
    ("2097", gettext_lazy("EPSG:2097 central belt (Bessel)")),
    ("5178", gettext_lazy("EPSG:5178 UTM-K (Bessel)")),
]
_FROM_FILE = gettext_lazy("As the file says")
ENCODING_CHOICES = [("", gettext_lazy("Detect")), ("utf-8", "UTF-8"), ("cp949", "CP949 (EUC-KR)")]
_LAYER_HELP = gettext_lazy("Only for a file with several layers, sheets or files in it.")


class UploadField(forms.FileField):
    """A file that the reader knows, within the limit of the site."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("File"),
            help_text=gettext_lazy(
                "CSV, XLSX, GeoJSON, TopoJSON, GeoPackage, FlatGeobuf, KML; a Shapefile as one zip."
            ),
            widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload.name.lower().endswith(ACCEPTED):
            raise forms.ValidationError(_("A file of this kind is not read."))
        if upload.size > settings.UPLOAD_LIMIT_MB * 1024**2:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB."), params={"limit": settings.UPLOAD_LIMIT_MB}
            )
        return upload


class AreasForm(forms.Form):
    """A file of boundaries, and what the file does not say itself."""

    file = UploadField()
    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("The day of the edition. Without it, changed boundaries count from today."),
    )
    repair = forms.BooleanField(
        label=gettext_lazy("Repair invalid boundaries, and tell me what changed"), required=False
    )
    crs = forms.ChoiceField(
        label=gettext_lazy("Coordinate reference system"), required=False, choices=[("", _FROM_FILE), *CRS_CHOICES]
    )
    encoding = forms.ChoiceField(label=gettext_lazy("Text encoding"), required=False, choices=ENCODING_CHOICES)
    layer = forms.CharField(label=gettext_lazy("Layer"), required=False, help_text=_LAYER_HELP)
    fields_ = forms.CharField(
        label=gettext_lazy("Columns"),
        required=False,
        help_text=gettext_lazy("Only where they are not recognised, such as name=ADM_NM,mois=adm_cd2"),
    )

    def options(self) -> dict[str, Any]:
        """Keyword arguments of ``import_areas`` as JSON."""
        cleaned = self.cleaned_data
        day = cleaned["valid_from"]
        kept = {name: cleaned[name] for name in ("repair", "crs", "encoding", "layer")}
        return {**kept, "fields": cleaned["fields_"], "valid_from": day.isoformat() if day else None}


class RecordsForm(forms.Form):
    """A file of rows."""

    file = UploadField()
    encoding = forms.ChoiceField(label=gettext_lazy("Text encoding"), required=False, choices=ENCODING_CHOICES)
    layer = forms.CharField(label=gettext_lazy("Layer or sheet"), required=False, help_text=_LAYER_HELP)


class ColumnsForm(forms.Form):
    """Which column fills which field, and what happens to records that are there."""

    existing = forms.ChoiceField(
        label=gettext_lazy("Records that are there already"),
        choices=[
            (UPDATE, gettext_lazy("Change them; empty cells leave a value as it is")),
            (SKIP, gettext_lazy("Skip their rows")),
        ],
    )
    crs = forms.ChoiceField(label=gettext_lazy("Coordinate reference system"), required=False)
    repair = forms.BooleanField(
        label=gettext_lazy("Repair invalid boundaries, and tell me what changed"), required=False
    )
    partly = forms.BooleanField(label=gettext_lazy("Import the good rows even if others are refused"), required=False)

    def __init__(
        self, data: Any, targets: Iterable[Target], headings: list[str], guessed: dict[str, str], *, spatial: bool
    ) -> None:
        super().__init__(data)
        self.targets = list(targets)
        choices = [("", _("(none)")), *((heading, heading) for heading in headings)]
        for target in self.targets:
            self.fields[f"column_{target.name}"] = forms.ChoiceField(
                label=target.title,
                required=False,
                choices=choices,
                initial=guessed.get(target.name, ""),
                help_text=target.hint,
            )
        first: Any = ("", _FROM_FILE) if spatial else None
        self.fields["crs"].choices = [first, *CRS_CHOICES] if first else CRS_CHOICES  # type: ignore[attr-defined]
        if not spatial:
            del self.fields["repair"]

    def columns(self) -> list[tuple[Target, forms.BoundField]]:
        return [(target, self[f"column_{target.name}"]) for target in self.targets]

    def others(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = [value for name, value in cleaned.items() if name.startswith("column_") and value]
        if not chosen:
            raise forms.ValidationError(_("Choose at least one column."))
        return cleaned

    def chosen(self, encoding: str, layer: str) -> Options:
        cleaned = self.cleaned_data
        columns = {target.name: cleaned[f"column_{target.name}"] for target in self.targets}
        return Options(
            columns={name: heading for name, heading in columns.items() if heading},
            crs=cleaned["crs"],
            encoding=encoding,
            layer=layer,
            existing=cleaned["existing"],
            partly=cleaned["partly"],
            repair=cleaned.get("repair", False),
        )
