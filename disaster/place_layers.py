"""Villages and roads: what coverage is measured by."""

from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role

from .models import Road, Village
from .place_forms import RoadForm, VillageForm

ACCESS = Access(
    view=frozenset(
        {Role.DISASTER_OFFICER, Role.ZONE_COORDINATOR, Role.FACILITY_PLANNER, Role.SURVEY_MANAGER, Role.VIEWER}
    ),
    edit=frozenset({Role.DISASTER_OFFICER}),
)
# A city's roads are a grey cloth below this.
ROADS_FROM_ZOOM = 11

villages = layers.register(
    Layer(
        id="villages",
        title=_("Villages"),
        singular=_("village"),
        description=_("Where people live together: the points that help must reach."),
        group=_("Disaster readiness"),
        model=Village,
        geometry="location",
        geometry_type="Point",
        form=VillageForm,
        properties=(
            Property("name", listed=True),
            *AREA_PROPERTIES,
            Property("households", listed=True),
            Property("people", listed=True),
            Property("counted_on", listed=True),
            EXAMPLE,
        ),
        style=Style(None, (Category("", _("village"), "#009E73", "circle"),)),
        access=ACCESS,
        search=("name",),
        keys=("name", "area"),
        shown_first=False,
    )
)

roads = layers.register(
    Layer(
        id="roads",
        title=_("Roads"),
        singular=_("road"),
        description=_("Pieces of road by which help is sent, joined where their ends meet. They come by import."),
        group=_("Disaster readiness"),
        model=Road,
        geometry="line",
        geometry_type="LineString",
        form=RoadForm,
        properties=(
            Property("name", listed=True),
            Property("speed_kmh", listed=True),
            Property("is_one_way", listed=True),
            *AREA_PROPERTIES,
            EXAMPLE,
        ),
        style=Style(None, (Category("", _("road"), "#8A6D00", "line"),)),
        access=ACCESS,
        search=("name",),
        # Lines are imported, not drawn by hand.
        has_own_place=False,
        begins_alone=False,
        shown_first=False,
        from_zoom=ROADS_FROM_ZOOM,
    )
)
