"""The sheet of an area on exactly one A4 page: what does not fit is counted, never cut off in silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.contrib.gis.geos import Polygon
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gis_core import static_map
from gis_core.crs import STORAGE_SRID
from gis_core.models import AdminArea, AreaLevel

from .sheet import AreaSheet

MAP_SIZE = (300.0, 190.0)
# Lines that the page has room for, each cut to one line of print.
LAYERS, INDICATORS, ZONES, PROJECTS, TASKS = 32, 8, 4, 5, 8


@dataclass(frozen=True)
class Cut:
    """The lines that are printed, and how many more there are."""

    lines: Sequence[Any]
    more: int


def cut(lines: Sequence[Any], room: int) -> Cut:
    """As many lines as there is room for; where not all fit, the last line says how many more there are."""
    if len(lines) <= room:
        return Cut(lines, 0)
    return Cut(lines[: room - 1], len(lines) - room + 1)


def paper(sheet: AreaSheet) -> dict[str, Any]:
    """What the template of the page needs."""
    figures = cut(sheet.held, LAYERS)
    half = (len(figures.lines) + 1) // 2
    return {
        "sheet": sheet,
        "area": sheet.area,
        "map": area_map(sheet.area),
        "left": figures.lines[:half],
        "right": figures.lines[half:],
        "more_layers": figures.more,
        "empty": [each.layer.title for each in sheet.bare],
        "indicators": cut(sheet.indicators, INDICATORS),
        "zones": cut(sheet.zones, ZONES),
        "projects": cut(sheet.projects, PROJECTS),
        "tasks": cut(sheet.tasks, TASKS),
    }


def area_map(area: AdminArea) -> SafeString:
    """The area among its neighbours, as SVG."""
    subject = _shape(area.geometry)
    view = static_map.view_of(subject, *MAP_SIZE)
    window = Polygon.from_bbox(view)
    window.srid = STORAGE_SRID
    level = area.level if area.level != AreaLevel.SIDO else AreaLevel.SIGUNGU
    around = AdminArea.objects.current().filter(level=level, geometry__intersects=window)
    grounds = [static_map.Ground(_shape(each.geometry), each.name, own=each.pk == area.pk) for each in around]
    title = _("Map of %(record)s") % {"record": area}
    drawn = static_map.draw(subject, grounds, view=view, title=title, width=MAP_SIZE[0], height=MAP_SIZE[1])
    # Made of numbers and escaped names only.
    return mark_safe(drawn)  # noqa: S308


def _shape(geometry: Any) -> Any:
    return shapely.from_wkb(bytes(geometry.wkb))
