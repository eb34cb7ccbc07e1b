"""Between a building's metres and the world: longitude and latitude out, and in again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import atan2, cos, degrees, isfinite, radians, sin
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import Point
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import snapped
from gis_core.crs import KOREA, LONLAT_SRID, STORAGE_SRID, LocalFrame, reproject

from .notes import Notes
from .report import ImportRefused

# Decimals of a degree: the eleventh is a thousandth of a millimetre.
DECIMALS: Final = 11
# A building is no larger; what lies farther from a frame's origin belongs to another place.
FAR_M: Final = 5_000.0

# No building is larger than this.
BUILDING_DEGREES: Final = 0.2
BUILDING_M: Final = 20_000.0

# km: the file's building stands that far from the one it is to be read into. A finding when near, else a refusal.
ELSEWHERE: Final = "elsewhere"
NEAR_M: Final = 50.0
OUTSIDE_KOREA: Final = "outside_korea"  # the plan was read, but its place is not one that a building can have

Floats: TypeAlias = NDArray[np.float64]
ToLocal: TypeAlias = Callable[[BaseGeometry], BaseGeometry]


def to_lonlat(frame: LocalFrame, shape: BaseGeometry) -> BaseGeometry:
    """Local metres to longitude and latitude (WGS84), rounded to ``DECIMALS``."""
    world = reproject(frame.to_world(shape), STORAGE_SRID, LONLAT_SRID)
    return shapely.transform(world, lambda xy: xy.round(DECIMALS))


def frame_to_json(frame: LocalFrame) -> dict[str, float]:
    return {name: getattr(frame, name) for name in _FRAME}


def frame_of(value: object) -> LocalFrame | None:
    """The frame that our own exports state."""
    if not isinstance(value, Mapping):
        return None
    numbers = [value.get(name) for name in _FRAME]
    if not all(isinstance(each, int | float) and isfinite(each) and abs(each) < 1e8 for each in numbers):
        return None
    return LocalFrame(*map(float, numbers))  # type: ignore[arg-type]


_FRAME = ("anchor_x", "anchor_y", "rotation")


@dataclass(frozen=True)
class Place:
    """Where the content of a file stands: how its coordinates become local metres, and the frame if it has one.

    ``origin`` is the local origin in the file's coordinates, ``rotation`` the local x axis against the file's.
    ``distance_m`` is how far from the local origin the file's content begins.
    """

    to_local: ToLocal
    frame: LocalFrame | None = None
    origin: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    crs: int | None = None
    distance_m: float = 0.0
    abroad: bool = False

    def note(self, notes: Notes) -> None:
        """Tell what is doubtful about the place."""
        if self.abroad:
            notes.add(OUTSIDE_KOREA)
        if self.distance_m > NEAR_M:
            notes.add(ELSEWHERE, km=round(self.distance_m / 1000, 2))


def placed(frame: LocalFrame | None, shapes: Iterable[BaseGeometry], srid: int = LONLAT_SRID) -> Place:
    """``given`` where there is a frame, ``fitted`` where there is none."""
    return given(frame, shapes, srid) if frame else fitted(shapes, srid)


def given(frame: LocalFrame, shapes: Iterable[BaseGeometry], srid: int = LONLAT_SRID) -> Place:
    """The place of a file that is to be read into a known frame. Raises ImportRefused when it belongs elsewhere."""

    def to_local(shape: BaseGeometry) -> BaseGeometry:
        return frame.to_local(reproject(shape, srid, STORAGE_SRID))

    everything = list(shapes)
    middle = _middle(everything)
    distance = 0.0 if middle is None else to_local(middle).distance(Point(0, 0))
    if not distance <= FAR_M:
        raise ImportRefused(ELSEWHERE, {"km": round(distance / 1000) if isfinite(distance) else "?"})
    nearest = min((to_local(shape).distance(Point(0, 0)) for shape in everything), default=0.0)
    anchor = reproject(Point(frame.anchor_x, frame.anchor_y), STORAGE_SRID, srid)
    return Place(to_local, frame, (anchor.x, anchor.y), frame.rotation, srid, nearest)


def fitted(shapes: Iterable[BaseGeometry], srid: int = LONLAT_SRID) -> Place:
    """A frame made for these shapes: its x axis along most walls, its origin where the lowest x and y become 0.

    Outside Korea there is no frame (EPSG:5179 does not reach there); local metres are true all the same.
    """
    everything = list(shapes)
    middle = _middle(everything)
    if middle is None:
        return Place(snapped)
    # A shape that has strayed to the other end of the world does not draw the building after it.
    limit = BUILDING_DEGREES if is_geographic(srid) else BUILDING_M
    near = [shape for shape in everything if shape.distance(middle) <= limit]
    at = reproject(middle, srid, LONLAT_SRID)
    west, south, east, north = KOREA
    if not (west <= at.x <= east and south <= at.y <= north):
        return _abroad(near, at, srid)
    world = [reproject(shape, srid, STORAGE_SRID) for shape in near]
    rough = LocalFrame(*_centre(world), walls_direction(world))
    corner = rough.to_world(_corner(rough.to_local(shape) for shape in world))
    return given(LocalFrame(round(corner.x, 4), round(corner.y, 4), rough.rotation), near, srid)


def _abroad(shapes: list[BaseGeometry], middle: BaseGeometry, srid: int) -> Place:
    """Metres on a plane that touches the earth at the building."""
    plane = f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +datum=WGS84 +units=m"
    move = Transformer.from_crs(LONLAT_SRID, plane, always_xy=True)

    def flat(shape: BaseGeometry) -> BaseGeometry:
        lonlat = reproject(shape, srid, LONLAT_SRID)
        return shapely.transform(lonlat, lambda x, y: move.transform(x, y), interleaved=False)

    laid = [flat(shape) for shape in shapes]
    turn = walls_direction(laid)
    corner = _corner(rotated(shape, -turn) for shape in laid)

    def to_local(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(rotated(flat(shape), -turn), lambda xy: xy - (corner.x, corner.y))

    return Place(to_local, None, (middle.x, middle.y), turn, srid, abroad=True)


def moved_to_origin(shapes: Iterable[BaseGeometry], scale: float = 1.0) -> Place:
    """For plane coordinates without a place: scaled to metres and, when far from the origin, moved to it."""
    around = _around(shapes)
    far = around is not None and max(map(abs, around.bounds)) * scale > FAR_M
    x, y = (around.bounds[0], around.bounds[1]) if far and around is not None else (0.0, 0.0)

    def to_local(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda xy: (xy - (x, y)) * scale)

    return Place(to_local, origin=(x, y))


def fits(shape: BaseGeometry, srid: int, swap: bool = False) -> bool:
    """Whether these can be a building's coordinates in that CRS (with x and y exchanged, if ``swap``), in Korea."""
    west, south, east, north = shape.bounds
    limit = BUILDING_DEGREES if is_geographic(srid) else BUILDING_M
    middle = Point((west + east) / 2, (south + north) / 2)
    at = reproject(swapped(middle) if swap else middle, srid, LONLAT_SRID)
    in_korea = KOREA[0] <= at.x <= KOREA[2] and KOREA[1] <= at.y <= KOREA[3]
    return in_korea and max(east - west, north - south) <= limit


def is_geographic(srid: int) -> bool:
    """Whether a CRS is in degrees. Raises CRSError for one that PROJ does not know."""
    return bool(CRS.from_epsg(srid).is_geographic)


def swapped(shape: BaseGeometry) -> BaseGeometry:
    """With x and y exchanged."""
    return shapely.transform(shape, lambda xy: xy[:, ::-1])


def rotated(shape: BaseGeometry, angle: float) -> BaseGeometry:
    """The shape turned about the origin, anticlockwise degrees."""
    c, s = cos(radians(angle)), sin(radians(angle))
    return shapely.transform(shape, lambda xy: xy @ np.array([[c, s], [-s, c]]))


def walls_direction(shapes: Iterable[BaseGeometry]) -> float:
    """The direction most walls run in, up to a right angle: degrees over -45 to 45, anticlockwise from x.

    Every edge votes with its length. Directions a right angle apart count as one, so the angles are taken fourfold;
    then those that run another way are left out. A smallest rectangle around the whole would be turned askew by a
    single bay window.
    """
    edges = np.concatenate([np.zeros((0, 2)), *map(_edges, shapely.get_parts(shapely.get_parts(list(shapes))))])
    length, angle = np.hypot(*edges.T), 4 * np.arctan2(edges[:, 1], edges[:, 0])
    direction = 0.0
    for within in (np.pi, 0.6, 0.1):
        near = np.abs((angle - direction + np.pi) % (2 * np.pi) - np.pi) <= within
        if length[near].sum() > 0:
            direction = atan2((length * np.sin(angle))[near].sum(), (length * np.cos(angle))[near].sum())
    return round(degrees(direction) / 4, 6) + 0.0


def _edges(part: BaseGeometry) -> Floats:
    rings = shapely.get_rings([part]) if part.geom_type == "Polygon" else [part]
    return np.concatenate([np.zeros((0, 2)), *(np.diff(shapely.get_coordinates(ring), axis=0) for ring in rings)])


def _middle(shapes: list[BaseGeometry]) -> Point | None:
    """Half of all corners lie to the west and half to the south of it; None where there are none."""
    points = shapely.get_coordinates(shapes)
    return Point(np.median(points, axis=0)) if len(points) else None


def _around(shapes: Iterable[BaseGeometry]) -> BaseGeometry | None:
    """A rectangle around all coordinates; None where there are none."""
    points = shapely.get_coordinates(list(shapes))
    if not len(points):
        return None
    return shapely.box(*points.min(axis=0), *points.max(axis=0))


def _centre(shapes: list[BaseGeometry]) -> tuple[float, float]:
    points = shapely.get_coordinates(shapes)
    x, y = (points.min(axis=0) + points.max(axis=0)) / 2
    return float(x), float(y)


def _corner(shapes: Iterable[BaseGeometry]) -> Point:
    points = shapely.get_coordinates(list(shapes))
    return Point(points.min(axis=0))
