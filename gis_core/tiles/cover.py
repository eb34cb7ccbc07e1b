"""Which tiles a crew takes along for places without a network. Pure; places are [longitude, latitude] in CRS84 degrees.

From the zoom that shows everything at one look down to the deepest, around the places only where the whole would be too
much; never more than a phone's store and a morning's download bear.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .raster import touches

# A tile of zoom 17 is some 250 m wide in Korea: a house's lane can be seen; a closer look enlarges it.
DEEPEST = 17
# About 40 MB of photographs from the air.
MOST = 2500
# What lies around a house: the way to it, and the neighbours.
AROUND_M = 250.0
# The whole crew's area at one look, and as long as it is not much more than that.
_LOOK, _WHOLE = 4, 64
_DEGREE_M = 111_320.0

Place = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Source:
    """A map to take from: its zooms, and ``bounds`` (west, south, east, north) outside which it shows nothing."""

    lowest: int
    highest: int
    bounds: Box | None = None


@dataclass
class Cover:
    """``tiles`` are (zoom, column, row). Up to the zoom ``whole`` all of the crew's area is in it, up to ``last`` what
    lies around the places. ``is_cut``: deeper zooms were left out because they would be too many."""

    tiles: list[tuple[int, int, int]] = field(default_factory=list)
    first: int = 0
    whole: int = 0
    last: int = 0
    is_cut: bool = False


def cover(places: Sequence[Place], sources: Sequence[Source], most: int = MOST) -> list[Cover]:
    """One Cover for each source; zoom by zoom, so that a limit takes the finest detail from all of them alike."""
    covers = [Cover() for _source in sources]
    if not places:
        return covers
    boxes = [_around(place) for place in places]
    area = (
        min(box[0] for box in boxes), min(box[1] for box in boxes),
        max(box[2] for box in boxes), max(box[3] for box in boxes),
    )  # fmt: skip
    look = max((zoom for zoom in range(DEEPEST + 1) if _count(area, zoom) <= _LOOK), default=0)
    total = 0
    for zoom in range(look + 1):
        total += _first(zoom, look, area, sources, covers)
    for zoom in range(look + 1, DEEPEST + 1):
        is_whole = _count(area, zoom) <= _WHOLE
        wanted = _within(area, zoom) if is_whole else {tile for box in boxes for tile in _within(box, zoom)}
        going = [(each, of) for each, of in zip(covers, sources, strict=True) if of.lowest <= zoom <= of.highest]
        found = [(each, _on(wanted, zoom, of)) for each, of in going]
        total += sum(len(tiles) for _each, tiles in found)
        if total > most:
            for each, tiles in found:
                each.is_cut = bool(tiles)
            break
        for each, tiles in found:
            _keep(each, zoom, tiles, is_whole)
    return covers


def _first(zoom: int, look: int, area: Box, sources: Sequence[Source], covers: Sequence[Cover]) -> int:
    """The one look: of the zoom that shows everything, or the deepest a coarse map has."""
    count = 0
    for each, of in zip(covers, sources, strict=True):
        if zoom == min(look, of.highest) and zoom >= of.lowest:
            tiles = _on(_within(area, zoom), zoom, of)
            _keep(each, zoom, tiles, True)
            count += len(tiles)
    return count


def _keep(each: Cover, zoom: int, tiles: list[tuple[int, int, int]], is_whole: bool) -> None:
    if not each.tiles:
        each.first = zoom
    each.tiles += tiles
    each.last = zoom
    if is_whole:
        each.whole = zoom


def _around(place: Place) -> Box:
    lon, lat = place
    high = AROUND_M / _DEGREE_M
    wide = high / math.cos(math.radians(lat))
    return lon - wide, lat - high, lon + wide, lat + high


def _ranges(box: Box, zoom: int) -> tuple[range, range]:
    """Columns and rows of the tiles that a box touches."""
    tiles = 1 << zoom
    west, south, east, north = box
    left, right = (min(tiles - 1, max(0, math.floor((lon + 180) / 360 * tiles))) for lon in (west, east))
    top, bottom = (
        min(tiles - 1, max(0, math.floor((0.5 - math.asinh(math.tan(math.radians(lat))) / math.tau) * tiles)))
        for lat in (north, south)
    )
    return range(left, right + 1), range(top, bottom + 1)


def _count(box: Box, zoom: int) -> int:
    columns, rows = _ranges(box, zoom)
    return len(columns) * len(rows)


def _within(box: Box, zoom: int) -> set[tuple[int, int]]:
    columns, rows = _ranges(box, zoom)
    return {(column, row) for column in columns for row in rows}


def _on(wanted: Iterable[tuple[int, int]], zoom: int, source: Source) -> list[tuple[int, int, int]]:
    bounds = source.bounds
    return [(zoom, *tile) for tile in sorted(wanted) if bounds is None or touches(bounds, zoom, *tile)]
