"""What is on a sheet, entity by entity: lines, arcs, rings and texts in 2D, in drawing units, curves flattened."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from ezdxf.path import from_hatch, make_path
from numpy.typing import NDArray
from shapely import Polygon

Points: TypeAlias = NDArray[np.float64]
XY: TypeAlias = tuple[float, float]

_CIRCLE_PIECES = 96
_FLAT = 1 / 500  # how far a flattened curve may stray, as a share of its size
_TEXT_WIDTH = 0.7  # of a letter, in text heights
_ROUND_ENOUGH = 0.8
_MAX_RINGS = 200


@dataclass(frozen=True)
class Arc:
    """A part of a circle, anticlockwise from ``start`` to ``end``; ``sweep`` in degrees."""

    centre: XY
    start: XY
    end: XY
    radius: float
    sweep: float


@dataclass(frozen=True)
class Place:
    """Where in the tree of blocks an entity stands: ``block`` is the outermost block's name, ``insert`` numbers that
    insertion (0: none), ``via`` is the layer it was inserted on."""

    layer: str
    block: str = ""
    insert: int = 0
    via: str = ""


@dataclass(frozen=True)
class Piece:
    """A line, open or closed, of ``points`` (n, 2). ``kind`` is the DXF's name for the entity. ``holes`` are a
    hatch's; ``arcs`` the arcs it is made of."""

    place: Place
    kind: str
    points: Points
    closed: bool = False
    arcs: tuple[Arc, ...] = ()
    holes: tuple[Points, ...] = ()
    source: Any = None

    @property
    def layer(self) -> str:
        return self.place.layer


@dataclass(frozen=True)
class Text:
    """``at`` is about the middle of the text, ``insert`` where it begins. ``tag`` is an attribute's name."""

    place: Place
    text: str
    at: XY
    insert: XY
    height: float
    tag: str = ""

    @property
    def layer(self) -> str:
        return self.place.layer


def readable(kind: str) -> bool:
    return kind in _READERS


def read(entity: Any, place: Place) -> list[Piece | Text]:
    """What the entity draws. Raises what ezdxf raises, of many kinds, where the entity is damaged."""
    return list(_READERS[entity.dxftype()](entity, place))


def _xy(points: Any) -> Points:
    return np.array([(point[0], point[1]) for point in points], dtype=float).reshape(-1, 2)


def _pair(point: Any) -> XY:
    return float(point[0]), float(point[1])


def arc_between(centre: XY, start: XY, end: XY) -> Arc:
    """The arc that runs anticlockwise from start to end."""
    begin, finish = (math.atan2(y - centre[1], x - centre[0]) for x, y in (start, end))
    sweep = math.degrees((finish - begin) % math.tau) or 360.0
    return Arc(centre, start, end, math.dist(centre, start), sweep)


def arc_points(arc: Arc) -> Points:
    pieces = max(2, math.ceil(_CIRCLE_PIECES * arc.sweep / 360))
    begin = math.atan2(arc.start[1] - arc.centre[1], arc.start[0] - arc.centre[0])
    angles = begin + np.linspace(0, math.radians(arc.sweep), pieces + 1)
    points = np.column_stack([np.cos(angles), np.sin(angles)]) * arc.radius + arc.centre
    points[0], points[-1] = arc.start, arc.end
    return points


def _mirrored(entity: Any) -> bool:
    """Whether the entity is drawn as seen from below."""
    return bool(entity.dxf.extrusion.z < 0)


def _line(entity: Any, place: Place) -> Iterator[Piece]:
    yield Piece(place, "LINE", _xy([entity.dxf.start, entity.dxf.end]))


def _arc(entity: Any, place: Place) -> Iterator[Piece]:
    ends = [_pair(entity.start_point), _pair(entity.end_point)]
    arc = arc_between(_pair(entity.ocs().to_wcs(entity.dxf.center)), *(ends[::-1] if _mirrored(entity) else ends))
    yield Piece(place, "ARC", arc_points(arc), arcs=(arc,))


def _circle(entity: Any, place: Place) -> Iterator[Piece]:
    centre = _pair(entity.ocs().to_wcs(entity.dxf.center))
    angles = np.linspace(0, math.tau, _CIRCLE_PIECES, endpoint=False)
    points = np.column_stack([np.cos(angles), np.sin(angles)]) * entity.dxf.radius + centre
    yield Piece(place, "CIRCLE", points, closed=True)


def _polyline(entity: Any, place: Place) -> Iterator[Piece]:
    if entity.dxftype() == "LWPOLYLINE":
        closed, vertices = entity.closed, list(entity.vertices_in_wcs())
        bulges = [float(bulge) for (bulge,) in entity.get_points("b")]
    else:
        if not (entity.is_2d_polyline or entity.is_3d_polyline):
            raise ValueError("a mesh")
        closed, vertices = entity.is_closed, list(entity.points_in_wcs())
        bulges = [float(vertex.dxf.get("bulge", 0.0)) for vertex in entity.vertices]
    if _mirrored(entity):
        bulges = [-bulge for bulge in bulges]
    points, arcs = _bulged(_xy(vertices), bulges, closed)
    yield Piece(place, entity.dxftype(), points, bool(closed), arcs, source=entity)


def _bulged(points: Points, bulges: list[float], closed: bool) -> tuple[Points, tuple[Arc, ...]]:
    """A polyline whose sides may be arcs: a bulge is the tangent of a quarter of the arc's angle."""
    if not any(bulges) or len(points) < 2:
        return points, ()
    parts: list[Points] = []
    arcs: list[Arc] = []
    count = len(points) if closed else len(points) - 1
    for i in range(count):
        here, there = points[i], points[(i + 1) % len(points)]
        side = np.array([here])
        if bulges[i] and not np.array_equal(here, there):
            arc = _arc_of_bulge(here, there, bulges[i])
            arcs.append(arc)
            side = (arc_points(arc) if bulges[i] > 0 else arc_points(arc)[::-1])[:-1]
        parts.append(side)
    if not closed:
        parts.append(points[-1:])
    return np.concatenate(parts), tuple(arcs)


def _arc_of_bulge(here: Points, there: Points, bulge: float) -> Arc:
    chord = there - here
    centre = (here + there) / 2 + np.array([-chord[1], chord[0]]) * (1 - bulge * bulge) / (4 * bulge)
    ends = (_pair(here), _pair(there))
    return arc_between(_pair(centre), *(ends if bulge > 0 else ends[::-1]))


def _flattened(path: Any) -> Points:
    vertices = path.control_vertices()
    size = max(vertices[0].distance(vertex) for vertex in vertices) or 1.0
    return _xy(path.flattening(size * _FLAT))


def _curve(entity: Any, place: Place) -> Iterator[Piece]:
    points = _flattened(make_path(entity))
    closed = bool(np.allclose(points[0], points[-1], rtol=0, atol=np.ptp(points) * 1e-9))
    yield Piece(place, entity.dxftype(), points, closed, _elliptic_arc(entity))


def _elliptic_arc(entity: Any) -> tuple[Arc, ...]:
    """A door's swing in a block inserted with unequal scales is an ellipse, near enough to a circle."""
    if entity.dxftype() != "ELLIPSE" or not _ROUND_ENOUGH < entity.dxf.ratio <= 1.0:
        return ()
    ends = [_pair(entity.start_point), _pair(entity.end_point)]
    arc = arc_between(_pair(entity.dxf.center), *(ends[::-1] if _mirrored(entity) else ends))
    return (arc,) if arc.sweep < 180 else ()


def _solid(entity: Any, place: Place) -> Iterator[Piece]:
    yield Piece(place, entity.dxftype(), _xy(entity.wcs_vertices()), True)


def _hatch(entity: Any, place: Place) -> Iterator[Piece]:
    rings = [_flattened(path) for path in from_hatch(entity)]
    for outer, holes in _nested([ring for ring in rings if len(ring) > 3]):
        yield Piece(place, entity.dxftype(), outer, True, (), holes)


def _nested(rings: list[Points]) -> Iterator[tuple[Points, tuple[Points, ...]]]:
    """Rings as areas: one within an odd number of others is a hole of the smallest of them."""
    if len(rings) > _MAX_RINGS:
        raise ValueError("too many rings to nest")
    shapes = [Polygon(ring) for ring in rings]
    around = [{j for j, outer in enumerate(shapes) if _holds(outer, shape)} for shape in shapes]
    for i, ring in enumerate(rings):
        if len(around[i]) % 2 == 0:
            holes = [rings[j] for j in range(len(rings)) if i in around[j] and len(around[j]) == len(around[i]) + 1]
            yield ring, tuple(holes)


def _holds(outer: Polygon, inner: Polygon) -> bool:
    return outer is not inner and outer.area > inner.area and outer.buffer(0).covers(inner.buffer(0))


def _mline(entity: Any, place: Place) -> Iterator[Piece]:
    for part in entity.virtual_entities():
        if part.dxftype() in ("LINE", "ARC"):
            yield from (_line if part.dxftype() == "LINE" else _arc)(part, place)


# From a text's anchor to its middle, in its widths and heights.
_TO_MIDDLE = {
    f"{row}{name}": (dx, dy)
    for row, dy in (("", 0.5), ("BOTTOM_", 0.5), ("MIDDLE_", 0.0), ("TOP_", -0.5))
    for name, dx in (("LEFT", 0.5), ("CENTER", 0.0), ("RIGHT", -0.5))
} | {"MIDDLE": (0.0, 0.0), "ALIGNED": (0.0, 0.5), "FIT": (0.0, 0.5)}


def _text(entity: Any, place: Place) -> Iterator[Text]:
    value = str(entity.plain_text()).strip()
    if not value:
        return
    align, first, second = entity.get_placement()
    anchor = first.lerp(second) if align.name in ("ALIGNED", "FIT") and second is not None else first
    height = float(entity.dxf.height)
    width = text_width(value, height) * float(entity.dxf.get("width", 1.0))
    dx, dy = _TO_MIDDLE[align.name]
    at = _moved(entity.ocs().to_wcs(anchor), dx * width, dy * height, float(entity.dxf.get("rotation", 0.0)))
    tag = str(entity.dxf.get("tag", "")) if entity.dxftype() == "ATTRIB" else ""
    yield Text(place, value, at, _pair(entity.ocs().to_wcs(entity.dxf.insert)), height, tag)


def _mtext(entity: Any, place: Place) -> Iterator[Text]:
    value = str(entity.plain_text()).strip()
    if not value:
        return
    lines = value.split("\n")
    height = float(entity.dxf.char_height)
    width, total = max(text_width(line, height) for line in lines), height * 1.6 * len(lines)
    point = int(entity.dxf.get("attachment_point", 1)) - 1
    at = _moved(entity.dxf.insert, (1 - point % 3) * width / 2, (point // 3 - 1) * total / 2, entity.get_rotation())
    yield Text(place, value, at, _pair(entity.dxf.insert), height)


def _moved(at: Any, dx: float, dy: float, degrees: float) -> XY:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return float(at[0] + dx * cos - dy * sin), float(at[1] + dx * sin + dy * cos)


def text_width(value: str, height: float) -> float:
    """About how wide a text is written: Korean letters are as wide as they are high."""
    return height * sum(1.0 if ord(letter) > 0x1100 else _TEXT_WIDTH for letter in value)


_READERS: dict[str, Callable[[Any, Place], Iterator[Piece | Text]]] = {
    "LINE": _line,
    "ARC": _arc,
    "CIRCLE": _circle,
    "LWPOLYLINE": _polyline,
    "POLYLINE": _polyline,
    "ELLIPSE": _curve,
    "SPLINE": _curve,
    "SOLID": _solid,
    "TRACE": _solid,
    "HATCH": _hatch,
    "MPOLYGON": _hatch,
    "MLINE": _mline,
    "TEXT": _text,
    "ATTRIB": _text,
    "MTEXT": _mtext,
}
