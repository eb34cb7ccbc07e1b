from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role

from .forms import DepotForm
from .models import Depot, DepotKind, StockLine
from .todos import depot_todos

# How many items a depot holds less of than its standard quantity.
SHORT_ITEMS = Coalesce(
    Subquery(
        StockLine.objects.filter(depot=OuterRef("pk"), retired_at__isnull=True, quantity__lt=F("standard_quantity"))
        .order_by()
        .values("depot")
        .annotate(number=Count("pk"))
        .values("number")
    ),
    0,
)

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
            Property("short_items", _("items short"), "integer", source=SHORT_ITEMS, read_only=True, listed=True),
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
        todo=depot_todos,
    )
)
