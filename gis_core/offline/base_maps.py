"""The pictures of the map that go along in a pack: tiles of own rasters, which our server draws itself.

Tile servers on the internet are not ours to copy; where there are only those, the map has outlines and places.
"""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from gis_core.models import BaseMap
from gis_core.models.basemaps import BaseMapKind
from gis_core.tiles.cover import MOST, Place, Source, cover


def taken_along(places: Sequence[Place], most: int = MOST) -> dict[str, Any]:
    """``bases`` as the phone's map draws them, the addresses of their ``tiles``, and whether deep zooms were left out.

    ``zooms``: the first, the last of the whole area, and the last around the places. One statement.
    """
    rasters = list(BaseMap.objects.usable().filter(kind=BaseMapKind.RASTER).order_by("-is_default", "order", "pk"))
    sources = [Source(each.min_zoom, each.max_zoom, each.bounds) for each in rasters]
    found = [(base, own) for base, own in zip(rasters, cover(places, sources, most), strict=True) if own.tiles]
    return {
        "bases": [
            {
                "id": base.pk,
                "name": base.name,
                "url": _address(base.pk, 0, 0, 0).replace("/0/0/0.", "/{z}/{x}/{y}."),
                "attribution": base.attribution,
                "bounds": base.bounds,
                "opacity": base.opacity,
                "zooms": [own.first, own.whole, own.last],
            }
            for base, own in found
        ],
        "tiles": [_address(base.pk, *tile) for base, own in found for tile in own.tiles],
        "tiles_cut": any(own.is_cut for _base, own in found),
    }


def _address(pk: int, zoom: int, column: int, row: int) -> str:
    return reverse("basemap-tile", args=[pk, zoom, column, row])
