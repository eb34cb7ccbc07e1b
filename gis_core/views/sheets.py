"""A record as a sheet of paper: its facts, where it lies, its photos and its latest changes."""

from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import Polygon
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import pdf, static_map
from gis_core.crs import STORAGE_SRID
from gis_core.editing.history import changes
from gis_core.files import services, store
from gis_core.layers.layer import Layer
from gis_core.models import AdminArea, AreaLevel, Boundary

from .history import change_texts
from .records import find, record_context, refuse_unless_visible

PHOTOS = 6
CHANGES = 8
_SIZE = (480.0, 250.0)
# Wider than this (metres), towns would be specks: draw cities and counties.
_TOWNS_UP_TO = 90_000


@never_cache
@require_safe
def record_sheet(request: HttpRequest, layer: Layer, pk: int) -> HttpResponse:
    """The record as PDF, holding what this person may see of it."""
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    record = find(request, layer, pk)
    photos = list(services.attachments_of(layer, record).filter(kind="photo")[:PHOTOS])
    context = {
        **record_context(request, layer, record, "sheet"),
        "map": record_map(layer, record),
        "photos": photos,
        "changes": change_texts(layer, request.user, record, changes(layer, record, CHANGES)),
        "printed_by": request.user if request.user.is_authenticated else None,
    }
    images = {str(photo.pk): store.path(photo.sha256, store.SHOWN) for photo in photos}
    document = pdf.render("gis_core/sheets/record.html", context, request, present(images))
    response = HttpResponse(document, content_type="application/pdf")
    name = services.clean_name(f"{layer.singular} {record}.pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


def present(images: dict[str, Path]) -> dict[str, Path]:
    """A file that is missing from the store leaves a gap in the sheet, not no sheet."""
    blank = Path(__file__).parent.parent / "static" / "gis_core" / "no-image.svg"
    return {name: path if path.exists() else blank for name, path in images.items()}


def record_map(layer: Layer, record: Any) -> dict[str, Any] | None:
    """Where the record lies, as ``svg``, and whether the boundaries in it are ``schematic``; None without a place."""
    geometry = (layer.outline and getattr(record, layer.outline)) or getattr(record, layer.geometry)
    if geometry is None or geometry.empty:
        return None
    subject = _shape(geometry)
    area = getattr(record, "area", None)
    view = static_map.view_of(shapely.union(subject.envelope, _shape(area.geometry)) if area else subject, *_SIZE)
    level = AreaLevel.EUPMYEONDONG if view[2] - view[0] <= _TOWNS_UP_TO else AreaLevel.SIGUNGU
    window = Polygon.from_bbox(view)
    window.srid = STORAGE_SRID
    areas = list(AdminArea.objects.current().filter(level=level, geometry__intersects=window))
    grounds = [static_map.Ground(_shape(one.geometry), one.name, own=area is not None and one == area) for one in areas]
    title = _("Map of %(record)s") % {"record": record}
    drawn = static_map.draw(subject, grounds, view=view, title=title, width=_SIZE[0], height=_SIZE[1])
    # Made of numbers and escaped names only.
    svg = mark_safe(drawn)  # noqa: S308
    return {"svg": svg, "schematic": any(one.boundary == Boundary.SCHEMATIC for one in areas)}


def _shape(geometry: Any) -> Any:
    return shapely.from_wkb(bytes(geometry.wkb))
