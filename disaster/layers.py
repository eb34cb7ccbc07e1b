from django.db.models import Count, Q
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style, Sum
from gis_core.layers.registry import layers
from gis_core.models import Role

from .forms import DepotForm
from .models import Depot, DepotKind
from .querysets import short_items
from .todos import depot_todos

depots = layers.register(
    Layer(
        id="depots",
        title=_("Depots"),
        singular=_("depot"),
        description=_("Where flood-defence materials and other equipment are kept."),
        group=_("Disaster readiness"),
        model=Depot,
        geometry="location",
        geometry_type="Point",
        form=DepotForm,
        properties=(
            Property("name", listed=True),
            Property("kind", listed=True),
            *AREA_PROPERTIES,
            Property("keeper", _("keeper (number)"), "integer", source="keeper_id"),
            Property(
                "keeper_name", _("keeper organisation"), "string", source="keeper__name", read_only=True, listed=True
            ),
            Property("short_items", _("items short"), "integer", source=short_items(), read_only=True, listed=True),
            Property("address", listed=True),
            Property("access_note"),
            EXAMPLE,
        ),
        style=Style(
            "kind",
            (
                Category(DepotKind.FLOOD, DepotKind.FLOOD.label, "#0072B2", "triangle"),
                Category(DepotKind.SNOW, DepotKind.SNOW.label, "#56B4E9", "diamond"),
                Category(DepotKind.FIRE, DepotKind.FIRE.label, "#D55E00", "triangle"),
                Category(DepotKind.RELIEF, DepotKind.RELIEF.label, "#009E73", "square"),
                Category(DepotKind.GENERAL, DepotKind.GENERAL.label, "#6B7684", "square"),
            ),
        ),
        access=Access(
            view=frozenset(
                {Role.DISASTER_OFFICER, Role.ZONE_COORDINATOR, Role.FACILITY_PLANNER, Role.SURVEY_MANAGER, Role.VIEWER}
            ),
            edit=frozenset({Role.DISASTER_OFFICER}),
        ),
        search=("name", "address"),
        keys=("name", "area"),
        detail_template="disaster/_stock.html",
        pages=(
            (_("Readiness"), "readiness"),
            (_("Stock"), "stock"),
            (_("Inspections"), "inspection-due"),
            (_("Training"), "training-list"),
            (_("Partners"), "partner-list"),
            (_("Operations"), "operations"),
            (_("Coverage"), "coverage"),
        ),
        sums=(
            Sum(_("Depots short of something"), Count("pk", filter=GreaterThan(short_items(), 0))),
            Sum(_("Depots without a keeper"), Count("pk", filter=Q(keeper=None))),
        ),
        todo=depot_todos,
    )
)

from . import incident_layers, inspection_layers, machine_layers, place_layers  # noqa: E402, F401
