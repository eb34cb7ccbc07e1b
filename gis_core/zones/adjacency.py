"""Which areas share a border, and how much of it, from one statement over the boundaries as they are now."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.cache import cache
from django.db import connection

from gis_core.layers.registry import layers
from gis_core.layers.versions import data_version
from gis_core.models import AdminArea

from .contiguity import MIN_BORDER_M, TOLERANCE_M

Borders = dict[int, dict[int, float]]

# Of two areas the smaller one's edge is followed through the larger one, so that a town inside a city has all of its
# edge in it. Clipping first keeps a long coast out of the buffer. ST_DWithin asks the GiST index. Piece by piece, for
# many points in which two areas touch are no border either.
_PAIRS = """
SELECT small.id, large.id, sum(ST_Length(piece.geom))
FROM gis_core_adminarea AS small
JOIN gis_core_adminarea AS large
  ON ST_DWithin(small.geometry, large.geometry, %(tolerance)s) AND (small.km2, small.id) < (large.km2, large.id)
CROSS JOIN LATERAL ST_Dump(ST_LineMerge(ST_CollectionExtract(ST_Intersection(
    ST_Boundary(small.geometry),
    ST_Buffer(ST_ClipByBox2D(large.geometry, ST_Expand(Box2D(small.geometry), 4 * %(tolerance)s)),
              %(tolerance)s, 'quad_segs=2')
), 2))) AS piece
WHERE small.id = ANY(%(areas)s) AND large.id = ANY(%(areas)s) AND ST_Length(piece.geom) >= %(least)s
GROUP BY small.id, large.id
"""


def pairs(area_ids: Iterable[int] | None = None) -> Borders:
    """Metres of shared border per neighbour, for each of these areas; None: of all current towns.

    Borders within ``TOLERANCE_M`` of each other count as shared, for boundaries from two sources never quite meet;
    a piece of less than ``MIN_BORDER_M`` is a touch and no border. An area without neighbours has an empty dict. Areas
    of different levels may be mixed: one inside another shares all of its edge. All towns are read once per state of
    the boundaries and process.
    """
    version = data_version(layers.get("areas"))
    key = f"zones.borders.{version}"
    known: Borders | None = cache.get(key)
    if area_ids is not None:
        wanted = frozenset(area_ids)
        if known is not None and wanted <= known.keys():
            return {area: {other: m for other, m in known[area].items() if other in wanted} for area in sorted(wanted)}
        return _read(wanted)
    if known is None:
        known = _read(AdminArea.objects.towns().order_by().values_list("pk", flat=True))
        cache.set(key, known, 24 * 3600)
    return known


def _read(area_ids: Iterable[int]) -> Borders:
    ids = sorted(area_ids)
    found: dict[int, dict[int, float]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"areas": ids, "tolerance": TOLERANCE_M, "least": MIN_BORDER_M})
        for one, other, metres in cursor.fetchall():
            found[one][other] = found[other][one] = metres
    return {area: found[area] for area in ids}
