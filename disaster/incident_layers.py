"""Incidents on the map and in lists."""

from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role

from .incident_forms import IncidentForm
from .models import Hazard, Incident
from .todos_operations import operation_todos

incidents = layers.register(
    Layer(
        id="incidents",
        title=_("Incidents"),
        singular=_("incident"),
        description=_("Disasters and exercises that need resources, and what was asked for them."),
        group=_("Disaster readiness"),
        model=Incident,
        geometry="location",
        geometry_type="Point",
        form=IncidentForm,
        properties=(
            Property("title", listed=True),
            Property("hazard", listed=True),
            Property("state", read_only=True, listed=True),
            Property("is_exercise", listed=True),
            Property("began_at", listed=True),
            Property("ended_at", read_only=True, listed=True),
            *AREA_PROPERTIES,
            Property("note"),
            EXAMPLE,
        ),
        style=Style(
            "hazard",
            (
                Category(Hazard.FLOOD, Hazard.FLOOD.label, "#0072B2", "star"),
                Category(Hazard.SNOW, Hazard.SNOW.label, "#56B4E9", "diamond"),
                Category(Hazard.WILDFIRE, Hazard.WILDFIRE.label, "#D55E00", "triangle"),
                Category(Hazard.HEAT, Hazard.HEAT.label, "#E69F00", "circle"),
                Category(Hazard.INFECTION, Hazard.INFECTION.label, "#CC79A7", "square"),
            ),
        ),
        access=Access(
            view=frozenset(
                {Role.DISASTER_OFFICER, Role.ZONE_COORDINATOR, Role.FACILITY_PLANNER, Role.SURVEY_MANAGER, Role.VIEWER}
            ),
            edit=frozenset({Role.DISASTER_OFFICER}),
        ),
        label="title",
        temporal="began_at",
        temporal_end="ended_at",
        search=("title",),
        keys=("title", "area"),
        tile_properties=("state", "is_exercise"),
        first_filter=(("state", "open"),),
        detail_template="disaster/_incident.html",
        pages=((_("Operations"), "operations"),),
        todo=operation_todos,
    )
)
