"""Concentration zones, and the register's buildings that they are counted against."""

from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers

from .models import ConcentrationZone, RegisteredBuilding, ZoneState
from .querysets_planning import PLANNERS
from .zone_forms import RegisteredBuildingForm, ZoneRecordForm

zones = layers.register(
    Layer(
        id="concentration-zones",
        title=_("Concentration zones"),
        singular=_("concentration zone"),
        description=_("Places with so many vacant and old buildings that the law's test of a zone is passed or tried."),
        group=_("Vacant houses"),
        model=ConcentrationZone,
        geometry="geometry",
        geometry_type="Polygon",
        form=ZoneRecordForm,
        properties=(
            Property("name", listed=True),
            *AREA_PROPERTIES,
            Property("state", read_only=True, listed=True),
            Property("decided_on", read_only=True, listed=True),
            Property("infrastructure"),
            Property("note"),
            EXAMPLE,
        ),
        style=Style(
            "state",
            (
                Category(ZoneState.CANDIDATE, ZoneState.CANDIDATE.label, "#E69F00", "triangle"),
                Category(ZoneState.DESIGNATED, ZoneState.DESIGNATED.label, "#D55E00", "square"),
                Category(ZoneState.REJECTED, ZoneState.REJECTED.label, "#6B7684", "ring"),
            ),
        ),
        access=Access(view=PLANNERS, edit=PLANNERS),
        temporal="decided_on",
        search=("name",),
        # Drawn from the page of zones; the map's own button stays with what people add every day.
        begins_alone=False,
        shown_first=False,
        detail_template="vacanthouses/_zone.html",
        pages=((_("Look for zones"), "zone-list"),),
    )
)

buildings = layers.register(
    Layer(
        id="registered-buildings",
        title=_("Registered buildings"),
        singular=_("registered building"),
        description=_("Buildings of the register, vacant or not: shares and ages of an area are counted against them."),
        group=_("Vacant houses"),
        model=RegisteredBuilding,
        geometry="location",
        geometry_type="Point",
        outline="footprint",
        form=RegisteredBuildingForm,
        properties=(
            Property("pnu", listed=True),
            Property("use", listed=True),
            Property("is_house", listed=True),
            Property("structure", listed=True),
            Property("approved_on", listed=True),
            Property("floor_area_m2"),
            *AREA_PROPERTIES,
            EXAMPLE,
        ),
        style=Style(None, ()),
        access=Access(view=PLANNERS, edit=PLANNERS),
        label="use",
        temporal="approved_on",
        search=("pnu",),
        begins_alone=False,
        shown_first=False,
        from_zoom=14,
    )
)
