"""What is asked: addresses and headers, chosen from the data that is there."""

from dataclasses import dataclass, field

from django.db import connection
from shapely import box

from gis_core.crs import LONLAT_SRID, WEB_SRID, reproject
from gis_core.tiles.grid import tile_bounds

COLLECTION = "/api/collections/vacant-houses"
PAGE = 1_000
# What is promised: how many times its own SQL a request may take.
LIMIT = 2.5


@dataclass(frozen=True)
class Case:
    """One request. ``limit``: the ratio it may have, where one is promised."""

    name: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    limit: float | None = None
    conditional: bool = False


def cases() -> list[Case]:
    """Tiles of a quiet, a middling and the busiest place, pages of the middling one."""
    places = _places()
    quiet, middling, busiest = (f"z14 tile, {name} ({houses:,} houses)" for name, (_x, _y, houses) in places.items())
    x, y, _houses = places["middling"]
    page = f"{COLLECTION}/items?bbox={_bbox(x, y)}&limit={PAGE}"
    return [
        Case(middling, _tile(14, x, y), limit=LIMIT),
        Case(busiest, _tile(14, *places["busiest"][:2]), limit=LIMIT),
        Case(quiet, _tile(14, *places["quiet"][:2])),
        Case("z14 tile, middling, gzip", _tile(14, x, y), {"Accept-Encoding": "gzip"}),
        Case("z14 tile, middling, unchanged (304)", _tile(14, x, y), conditional=True),
        Case("z6 tile (kept counts)", _tile(6, x >> 8, y >> 8)),
        Case(f"items, {PAGE:,} in a bbox", page, limit=LIMIT),
        Case(f"items, {PAGE:,} in a bbox, gzip", page, {"Accept-Encoding": "gzip"}),
        Case(f"items, first {PAGE:,}", f"{COLLECTION}/items?limit={PAGE}", limit=LIMIT),
        Case("one item", f"{COLLECTION}/items/{_some_house()}"),
    ]


def _tile(z: int, x: int, y: int) -> str:
    return f"{COLLECTION}/tiles/WebMercatorQuad/{z}/{y}/{x}"


def _places() -> dict[str, tuple[int, int, int]]:
    """z14 tiles as (x, y, houses): one of about a hundred houses, the median one, the fullest."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT x, y, sum(count)::int AS houses FROM gis_core_cellcount
            WHERE layer = 'vacant-houses' AND zoom = 14 GROUP BY x, y ORDER BY houses
            """
        )
        tiles: list[tuple[int, int, int]] = cursor.fetchall()
    quiet = min(tiles, key=lambda tile: abs(tile[2] - 100))
    return {"quiet": quiet, "middling": tiles[len(tiles) // 2], "busiest": tiles[-1]}


def _bbox(x: int, y: int) -> str:
    west, south, east, north = reproject(box(*tile_bounds(14, x, y)), WEB_SRID, LONLAT_SRID).bounds
    return f"{west:.5f},{south:.5f},{east:.5f},{north:.5f}"


def _some_house() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (min(id) + max(id)) / 2 FROM vacanthouses_vacanthouse")
        middle = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM vacanthouses_vacanthouse WHERE id >= %s ORDER BY id LIMIT 1", [middle])
        return int(cursor.fetchone()[0])
