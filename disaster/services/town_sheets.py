"""What stands on a town's sheet: one page, so each list is cut where it is full, and says by how much."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from disaster import readiness_chart as chart
from disaster.models import Agreement, Depot, Hazard, ItemClass, Schedule
from disaster.querysets_readiness import open_repairs
from disaster.readiness import Part
from disaster.services import readiness as services
from gis_core import static_map
from gis_core.crs import STORAGE_SRID
from gis_core.editing.shapes import to_shapely
from gis_core.models import AdminArea

# Lines of each list that fit on the page.
DEPOTS, ITEMS, LINES = 4, 12, 3
MAP_SIZE = (330.0, 235.0)


@dataclass(frozen=True)
class Cut:
    """A list with what was left out."""

    lines: list[Any]
    more: int = 0

    @classmethod
    def of(cls, found: Any, limit: int) -> "Cut":
        every = list(found)
        return cls(every[:limit], max(len(every) - limit, 0))


@dataclass(frozen=True)
class TownSheet:
    """Everything on the page. ``stock`` is (item, part); ``trained`` (class, people or None, needed)."""

    area: AdminArea
    day: date
    depots: Cut
    stock: Cut
    overdue: Cut
    repairs: Cut
    trained: list[tuple[ItemClass, int | None, int]]
    partners: Cut
    hazards: list[services.TownReadiness] = field(default_factory=list)


def of_town(area: AdminArea, day: date) -> TownSheet:
    found = services.gather([area.pk], day)
    parts: list[Part] = list(found.every(area.pk).parts)
    hazards = [found.town(area.pk, hazard) for hazard in Hazard.values]
    overdue = Schedule.objects.overdue(day).filter(depot__area=area).select_related("depot").order_by("next_due", "pk")
    repairs = open_repairs([area.pk], day).select_related("depot").order_by("due_on", "pk")
    return TownSheet(
        area=area,
        day=day,
        depots=Cut.of(depots(area), DEPOTS),
        stock=Cut.of([(found.items[part.item], part) for part in parts], ITEMS),
        overdue=Cut.of(overdue, LINES),
        repairs=Cut.of(repairs, LINES),
        trained=found.trained(area.pk)[:LINES],
        partners=Cut.of(partners(area, day), LINES),
        hazards=[town for town in hazards if town.readiness.is_asked],
    )


def depots(area: AdminArea) -> QuerySet[Depot]:
    found: QuerySet[Depot] = Depot.objects.live().filter(area=area).select_related("keeper").order_by("pk")
    return found


def partners(area: AdminArea, day: date) -> QuerySet[Agreement]:
    """Agreements in force for the town, or for its city."""
    found: QuerySet[Agreement] = Agreement.objects.in_force(day).filter(area__in={area.pk, area.parent_id} - {None})
    return found.select_related("organisation").order_by("-area__level", "valid_until", "pk")


def town_map(area: AdminArea, found: list[Depot]) -> str:
    """The town with its neighbours, and its depots by number, as SVG."""
    width, height = MAP_SIZE
    town = to_shapely(area.geometry)
    if town is None:
        return ""
    places = [(each, shape) for each in found if (shape := to_shapely(each.location)) is not None]
    around = shapely.union_all([town.envelope, *(shape for _depot, shape in places)])
    view = static_map.view_of(around, width, height)
    window = Polygon.from_bbox(view)
    window.srid = STORAGE_SRID
    near = AdminArea.objects.towns().filter(geometry__intersects=window)
    grounds = [
        static_map.Ground(shape, each.name, own=each.pk == area.pk)
        for each in near.only("name", "geometry")
        if (shape := to_shapely(each.geometry)) is not None
    ]
    title = _("Map of %(record)s") % {"record": area}
    drawn = static_map.draw(town, grounds, view=view, title=title, width=width, height=height)
    marked = [(str(number), shape.x, shape.y) for number, (_depot, shape) in enumerate(places, 1)]
    # The depots are laid upon the finished map.
    return drawn.removesuffix("</svg>") + chart.markers(marked, view, width) + "</svg>"
