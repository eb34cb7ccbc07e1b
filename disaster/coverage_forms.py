"""Forms of coverage, best places, flood maps and ways in."""

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import Point as ShapelyPoint

from disaster import querysets_places as querysets
from disaster.coverage import Assumptions, Measure
from disaster.flooded import Limits
from disaster.models import HazardRaster, Item, ResourceClass
from disaster.services.best_places import COVER, DEPOTS, MEDIAN, OFFICES, Wish
from disaster.services.coverage import ROADS, STRAIGHT, Question
from disaster.words import coverage as words
from gis_core.crs import KOREA, LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.geometry import seems_swapped
from gis_core.models import AdminArea

# A way in farther from its depot than this is a slip of the finger.
MOST_WAY_IN_M = 2_000
MOST_PLACES = 20


def _name(area: Any) -> str:
    return str(area.name)


def _full_name(area: Any) -> str:
    return str(area.full_name)


class CoverageForm(forms.Form):
    """Read from the address: what is not said there has its usual value."""

    USUAL: dict[str, Any] = {
        "measure": Measure.MINUTES.value, "limit": "10", "least": "1",
        "detour": f"{Assumptions.detour:g}", "speed": f"{Assumptions.speed_kmh:g}",
    }  # fmt: skip

    item = forms.ModelChoiceField(label=gettext_lazy("Item"), queryset=Item.objects.none(), empty_label=None)
    city = forms.ModelChoiceField(
        label=gettext_lazy("City or county"), queryset=AdminArea.objects.none(), empty_label=None,
        to_field_name="mois_code",
    )  # fmt: skip
    town = forms.ModelChoiceField(
        label=gettext_lazy("Town"), queryset=AdminArea.objects.none(), empty_label=gettext_lazy("All towns"),
        required=False, to_field_name="mois_code",
    )  # fmt: skip
    limit = forms.FloatField(label=gettext_lazy("Within"), min_value=0.1, max_value=1000)
    measure = forms.ChoiceField(label=gettext_lazy("Unit"), choices=words.MEASURES)
    by = forms.ChoiceField(
        label=gettext_lazy("Way"),
        choices=((STRAIGHT, gettext_lazy("straight line × detour")), (ROADS, gettext_lazy("along the roads"))),
    )
    least = forms.IntegerField(label=gettext_lazy("At least that many that work"), min_value=1, max_value=100_000)
    detour = forms.FloatField(label=gettext_lazy("Detour factor"), min_value=1, max_value=5)
    speed = forms.FloatField(label=gettext_lazy("Speed where no road says its own (km/h)"), min_value=1, max_value=130)

    def __init__(self, asked: QueryDict, user: Any) -> None:
        items = Item.objects.live().exclude(resource_class=ResourceClass.PERSONNEL).order_by("pk")
        cities = querysets.cities(user)
        first = cities.filter(mois_code=asked.get("city", "")).first() or cities.first()
        item = items.first()
        by = ROADS if querysets.has_roads() else STRAIGHT
        usual = {**self.USUAL, "by": by, "item": item.pk if item else "", "city": first.mois_code if first else ""}
        data = asked.copy()
        for name, value in usual.items():
            data.setdefault(name, str(value))
        super().__init__(data)
        self.asked = data
        towns = querysets.towns(user, first) if first else AdminArea.objects.none()
        if data.get("town") and not towns.filter(mois_code=data["town"]).exists():
            # Another city was chosen: its towns are others.
            data["town"] = ""
        self.towns = towns
        offered: tuple[tuple[str, Any, Any], ...] = (
            ("item", items, str), ("city", cities, _full_name), ("town", towns, _name),
        )  # fmt: skip
        for name, queryset, label in offered:
            field: Any = self.fields[name]
            field.queryset = queryset
            field.label_from_instance = label

    def question(self) -> Question:
        """What is asked; only of a valid form."""
        facts = self.cleaned_data
        towns = (facts["town"],) if facts["town"] else tuple(self.towns)
        return Question(
            facts["item"], towns, timezone.localdate(), Measure(facts["measure"]), facts["limit"], facts["by"],
            facts["least"], Assumptions(facts["detour"], facts["speed"]),
        )  # fmt: skip


class BestForm(CoverageForm):
    USUAL = {**CoverageForm.USUAL, "number": "2", "aim": COVER}

    number = forms.IntegerField(label=gettext_lazy("So many more"), min_value=1, max_value=MOST_PLACES)
    aim = forms.ChoiceField(
        label=gettext_lazy("Aim"),
        choices=(
            (COVER, gettext_lazy("as many people as possible within the limit")),
            (MEDIAN, gettext_lazy("the shortest way for everybody, on average")),
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Where they could be"), choices=tuple(words.KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one kind of place.")},
    )  # fmt: skip

    def __init__(self, asked: QueryDict, user: Any) -> None:
        super().__init__(asked, user)
        if "number" not in asked:
            # Boxes that nobody ticked and boxes that nobody saw look the same in an address.
            self.asked.setlist("kinds", [DEPOTS, OFFICES])

    def wish(self) -> Wish:
        facts = self.cleaned_data
        return Wish(facts["number"], facts["aim"], tuple(facts["kinds"]))


class WhatIfForm(CoverageForm):
    USUAL = {
        **CoverageForm.USUAL, "floor": f"{Limits.floor_m:g}", "way_in": f"{Limits.way_in_m:g}",
    }  # fmt: skip

    floor = forms.FloatField(label=gettext_lazy("Floor flooded from (m)"), min_value=0.01, max_value=30)
    way_in = forms.FloatField(label=gettext_lazy("Way in flooded from (m)"), min_value=0.01, max_value=30)
    cautious = forms.BooleanField(label=gettext_lazy("Count what is not known as flooded"), required=False)

    def limits(self) -> Limits:
        return Limits(self.cleaned_data["floor"], self.cleaned_data["way_in"])


class FloodMapForm(forms.ModelForm):
    raster = forms.FileField(
        label=gettext_lazy("GeoTIFF with depths in metres"),
        help_text=gettext_lazy("One band, any coordinate reference system. Where it says nodata, nothing is known."),
        widget=forms.FileInput(attrs={"accept": ".tif,.tiff"}),
    )

    class Meta:
        model = HazardRaster
        fields = ["title", "hazard", "scenario", "source"]
        help_texts = {
            "scenario": gettext_lazy("For example: rain of 100 years, dam break."),
            "source": gettext_lazy("Who made it and when: it stands on every sheet."),
        }


class WayInForm(forms.Form):
    """Two coordinates in degrees, or none to take the place away."""

    lon = forms.FloatField(
        label=gettext_lazy("Longitude (°E)"), required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    lat = forms.FloatField(
        label=gettext_lazy("Latitude (°N)"), required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, depot: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.depot = depot

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lon, lat = cleaned.get("lon"), cleaned.get("lat")
        cleaned["place"] = None
        if self.errors or (lon is None and lat is None):
            return cleaned
        if lon is None or lat is None:
            self.add_error("lat" if lat is None else "lon", _("One of the two coordinates is missing."))
            return cleaned
        cleaned["place"] = self._place(lon, lat)
        return cleaned

    def _place(self, lon: float, lat: float) -> Point | None:
        west, south, east, north = KOREA
        if not (west <= lon <= east and south <= lat <= north):
            swapped = seems_swapped(lon, lat)
            told = _("Longitude and latitude seem to be exchanged.") if swapped else _("This lies outside Korea.")
            self.add_error("lon", told)
            return None
        moved = reproject(ShapelyPoint(lon, lat), LONLAT_SRID, STORAGE_SRID)
        found = Point(moved.x, moved.y, srid=STORAGE_SRID)
        away = found.distance(self.depot.location)
        if away > MOST_WAY_IN_M:
            self.add_error("lon", _("This is %(km)s km from the depot.") % {"km": f"{away / 1000:.1f}"})
            return None
        return found
