"""The forms of the plan import: the file, what it means, and where it goes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.imports.forms import CRS_CHOICES

from .exchange import formats
from .exchange.dxf_file import ENCODINGS
from .exchange.dxf_options import SQUARE
from .models import Building, Level, Plan, PlanStatus
from .words import exchange_dxf
from .words.figures import metres

_ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "cp949": "CP949 (EUC-KR)",
    "cp1252": gettext_lazy("Western (Windows-1252)"),
    "cp932": gettext_lazy("Japanese (Shift-JIS)"),
    "gbk": gettext_lazy("Chinese (GBK)"),
}


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("DXF, IMDF (zip), IndoorGML, GeoJSON or IFC. A DWG has to be saved as DXF first."),
        widget=forms.FileInput(attrs={"accept": ",".join(formats.ACCEPTED)}),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > settings.UPLOAD_LIMIT_MB * 1024**2:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB."), params={"limit": settings.UPLOAD_LIMIT_MB}
            )
        return upload


def level_choices(building: Building) -> list[tuple[int, str]]:
    """The building's levels, the highest first, with one more above and below to be made."""
    held = {level.ordinal: level.short_name for level in Level.objects.live().filter(building=building)}
    ordinals = sorted({*held, max(held, default=-1) + 1, min(held, default=0) - 1, 0}, reverse=True)
    return [(number, held.get(number) or _("%(floor)s (new)") % {"floor": _floor(number)}) for number in ordinals]


def _floor(ordinal: int) -> str:
    return f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}"


class DxfForm(forms.Form):
    """Unit, encoding and layers of a DXF: guessed, shown with what follows from them, said by the person."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit of the drawing"), widget=forms.RadioSelect)
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding of the texts"), widget=forms.RadioSelect)
    ordinal = forms.TypedChoiceField(label=gettext_lazy("Level that is drawn"), coerce=int)
    turn = forms.ChoiceField(
        label=gettext_lazy("Direction"),
        initial="0",
        choices=[("0", gettext_lazy("As drawn")), (SQUARE, gettext_lazy("Turn until most walls are upright"))],
    )
    keep_place = forms.BooleanField(
        label=gettext_lazy("The origin of the drawing is the origin of the building"),
        help_text=gettext_lazy("Otherwise the lower left corner of the plan becomes 0, 0."),
        required=False,
    )
    snap_cm = forms.FloatField(
        label=gettext_lazy("Ends of lines that are one (cm)"), min_value=0, max_value=20, initial=2
    )
    close_cm = forms.FloatField(label=gettext_lazy("Gaps to close (cm)"), min_value=0, max_value=100, initial=10)
    doorway_m = forms.FloatField(
        label=gettext_lazy("Widest doorway without a door (m)"),
        min_value=0,
        max_value=5,
        initial=1.3,
        help_text=gettext_lazy("Openings between wall ends up to this wide separate two rooms."),
    )
    wall_max_cm = forms.FloatField(
        label=gettext_lazy("Thickest wall (cm)"),
        min_value=5,
        max_value=100,
        initial=60,
        help_text=gettext_lazy("What is nowhere wider is a wall and no room."),
    )

    def __init__(self, data: Any, summary: Mapping[str, Any], building: Building, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial={"unit": summary["unit"], "encoding": summary["encoding"], **initial})
        self.summary = summary
        self._choices("unit", [(guess["unit"], exchange_dxf.UNITS[guess["unit"]]) for guess in summary["units"]])
        self._choices("encoding", [(name, _ENCODING_NAMES[name]) for name in ENCODINGS])
        self._choices("ordinal", level_choices(building))
        self.fields["ordinal"].initial = initial.get("ordinal", 0)
        roles = initial.get("roles", {})
        for number, layer in enumerate(summary["layers"]):
            self.fields[f"layer_{number}"] = forms.ChoiceField(
                label=layer["name"],
                choices=[(role, exchange_dxf.ROLES[role]) for role in ("ignore", "rooms", "walls", "doors", "texts")],
                initial=roles.get(layer["key"], layer["guess"]),
            )

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def layers(self) -> list[tuple[Mapping[str, Any], forms.BoundField]]:
        return [
            ({**layer, "lines": sum(layer["counts"].values())}, self[f"layer_{number}"])
            for number, layer in enumerate(self.summary["layers"])
        ]

    def units(self) -> list[dict[str, Any]]:
        """Each unit with the size that the drawing would have in it."""
        chosen = self["unit"].value()
        return [
            {
                **guess,
                "name": exchange_dxf.UNITS[guess["unit"]],
                "size": f"{metres(guess['width_m'])} × {metres(guess['height_m'])} m",
                "leaf": "" if guess["leaf_m"] is None else f"{metres(guess['leaf_m'])} m",
                "likely": guess["unit"] == self.summary["unit"],
                "header": guess["unit"] == self.summary["header_unit"],
                "checked": guess["unit"] == chosen,
            }
            for guess in self.summary["units"]
        ]

    def encodings(self) -> list[dict[str, Any]]:
        chosen = self["encoding"].value()
        return [
            {
                "value": name,
                "name": _ENCODING_NAMES[name],
                "samples": " · ".join(self.summary["samples"][name]),
                "checked": name == chosen,
            }
            for name in ENCODINGS
        ]

    @property
    def encoding_matters(self) -> bool:
        """Whether the texts read differently in different encodings."""
        return len({tuple(samples) for samples in self.summary["samples"].values()}) > 1

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        roles = {value for name, value in cleaned.items() if name.startswith("layer_")}
        if not self.summary["own"] and not roles & {"rooms", "walls"}:
            raise forms.ValidationError(_("Choose at least one layer with rooms or walls."))
        return cleaned

    def options(self) -> dict[str, Any]:
        """The fields of ``DxfOptions``."""
        cleaned = self.cleaned_data
        keys = [layer["key"] for layer in self.summary["layers"]]
        roles = {key: cleaned[f"layer_{number}"] for number, key in enumerate(keys)}
        return {
            "unit": cleaned["unit"],
            "roles": {key: role for key, role in roles.items() if role != "ignore"},
            "encoding": cleaned["encoding"],
            "ordinal": cleaned["ordinal"],
            "snap_m": cleaned["snap_cm"] / 100,
            "close_m": cleaned["close_cm"] / 100,
            "doorway_m": cleaned["doorway_m"],
            "wall_max_m": cleaned["wall_max_cm"] / 100,
            "turn": SQUARE if cleaned["turn"] == SQUARE else 0.0,
            "keep_place": cleaned["keep_place"],
        }

    @staticmethod
    def initial_of(options: Mapping[str, Any]) -> dict[str, Any]:
        """What ``options`` gave, as the form shows it: for reading the file again."""
        if not options:
            return {}
        shown = dict(options)
        shown["turn"] = SQUARE if options["turn"] == SQUARE else "0"
        for name in ("snap", "close", "wall_max"):
            shown[f"{name}_cm"] = round(shown.pop(f"{name}_m") * 100, 2)
        return shown


class OtherForm(forms.Form):
    """What other formats may leave open."""

    building = forms.ChoiceField(label=gettext_lazy("Building in the file"), required=False)
    srid = forms.TypedChoiceField(
        label=gettext_lazy("Coordinate reference system"), required=False, coerce=int, empty_value=None
    )
    ordinal = forms.TypedChoiceField(label=gettext_lazy("Level of rooms that name none"), required=False, coerce=int)
    scale = forms.FloatField(
        label=gettext_lazy("Metres in one unit of the file"),
        help_text=gettext_lazy("1 for metres, 0.001 for millimetres, 0.3048 for feet. The report says what would fit."),
        min_value=0.0001,
        max_value=1000,
        initial=1,
        required=False,
    )

    _FIELDS = {
        formats.GEOJSON: ("srid", "ordinal"),
        formats.INDOORGML: ("scale",),
        formats.IMDF: ("building",),
        formats.IFC: ("building",),
    }

    def __init__(self, data: Any, kept: Mapping[str, Any], building: Building) -> None:
        super().__init__(data, initial=kept.get("options") or {})
        for name in set(self.fields) - set(self._FIELDS[kept["format"]]):
            del self.fields[name]
        refused = kept.get("refused", {}).get("params", {})
        local = ("0", _("Metres of the building"))
        self._choices("building", [(each["id"], each["name"] or each["id"]) for each in refused.get("buildings", [])])
        self._choices("srid", [("", _("As the file says")), local, *CRS_CHOICES])
        self._choices("ordinal", level_choices(building))

    def _choices(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        if name in self.fields:
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def options(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


NEW_PLAN = "new"


class AcceptForm(forms.Form):
    """Where the plan goes."""

    target = forms.ChoiceField(label=gettext_lazy("Take it into"))
    name = forms.CharField(label=gettext_lazy("Name of the new plan"), max_length=80, required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status of the new plan"),
        choices=[(status.value, status.label) for status in PlanStatus if status != PlanStatus.AGREED],
        required=False,
    )

    def __init__(self, data: Any, building: Building, name: str, wanted: str = "") -> None:
        open_plans = list(Plan.objects.live().filter(building=building, frozen_at__isnull=True))
        status = PlanStatus.OPTION if open_plans else PlanStatus.AS_IS
        super().__init__(data, initial={"target": wanted or NEW_PLAN, "name": name[:80], "status": status})
        self.plans = {str(plan.pk): plan for plan in open_plans}
        replacing = _("%(plan)s, instead of what is drawn on these levels")
        choices = [(key, replacing % {"plan": plan}) for key, plan in self.plans.items()]
        self.fields["target"].choices = [(NEW_PLAN, _("A new plan")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("target") == NEW_PLAN:
            for name in ("name", "status"):
                if not cleaned.get(name):
                    self.add_error(name, _("This field is required."))
        return cleaned

    @property
    def plan(self) -> Plan | None:
        return self.plans.get(self.cleaned_data["target"])
