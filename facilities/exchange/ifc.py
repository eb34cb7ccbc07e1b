"""Reading IFC models (ISO 16739): storeys, spaces and doors. Needs the optional package ``ifcopenshell``."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import EMPLOYEES_ONLY, OPEN

from . import archive, guesses, places
from .draft import Draft
from .report import (
    BROKEN,
    DROPPED,
    GUESSED_CATEGORY,
    LEVEL_MISSING,
    MOVED,
    NOT_THIS_FORMAT,
    NOTHING_FOUND,
    TOO_MANY,
    Imported,
    ImportRefused,
)

NOT_INSTALLED: Final = "ifc_not_installed"  # package
CHOOSE_BUILDING: Final = "ifc.choose_building"  # buildings: [{"id", "name"}]
NO_SPACES: Final = "ifc.no_spaces"  # the model has storeys but no IfcSpace: rooms were not modelled
PACKAGE: Final = "ifcopenshell"
FILE_MAX: Final = 100 * archive.MB
SPACES_MAX: Final = 5_000
# A face whose corners are this near in height is level.
_FLAT_M: Final = 0.01
_STRAIGHT_DEGREES: Final = 0.05


@dataclass(frozen=True)
class Options:
    """``building`` is the GlobalId of the IfcBuilding to take where the model has several."""

    building: str = ""


def is_installed() -> bool:
    try:
        import_module(PACKAGE)
    except ImportError:
        return False
    return True


def read(source: Path | str | bytes, options: Options | None = None) -> Imported:
    """The plan in an IFC model (.ifc or .ifczip). Raises ImportRefused, also when ``ifcopenshell`` is not installed."""
    if not is_installed():
        raise ImportRefused(NOT_INSTALLED, {"package": PACKAGE})
    data = archive.content(source, FILE_MAX)
    if data.startswith(b"PK"):
        data = next(iter(archive.unpack(data, (".ifc",)).values()), b"")
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"ISO-10303-21"):
        raise ImportRefused(NOT_THIS_FORMAT, {"expected": "IFC"})
    return _Reading(_opened(data), options or Options()).imported()


def _opened(data: bytes) -> Any:
    try:
        model = import_module(PACKAGE).file.from_string(data.decode("utf-8", "replace"))
        count = len(model.by_type("IfcSpace"))
    # The package tells of a broken file in exceptions of many kinds, most of them RuntimeError.
    except Exception as error:
        raise ImportRefused(BROKEN, {"detail": str(error)[:200]}) from error
    if count > SPACES_MAX:
        raise ImportRefused(TOO_MANY, {"what": "IfcSpace", "count": count, "limit": SPACES_MAX})
    return model


@dataclass(frozen=True)
class _Mesh:
    """Triangles (n, 3, 3) in metres."""

    triangles: places.Floats

    def floor(self) -> BaseGeometry:
        """The lowest level faces seen from above; all faces where none is level."""
        z = self.triangles[:, :, 2]
        level = np.ptp(z, axis=1) <= _FLAT_M
        lowest = level & (z.min(axis=1) <= z[level].min() + _FLAT_M) if level.any() else ~level
        return shapely.union_all(shapely.polygons(self.triangles[lowest][:, :, :2]))

    def covered(self) -> BaseGeometry:
        """What the whole covers when seen from above, without its hollows."""
        return shapely.MultiPoint(self.triangles[:, :, :2].reshape(-1, 2)).convex_hull

    @property
    def height(self) -> float:
        return float(np.ptp(self.triangles[:, :, 2]))


class _Reading:
    def __init__(self, model: Any, options: Options) -> None:
        self.model = model
        self.tools = import_module(f"{PACKAGE}.util.element")
        self.unit = float(import_module(f"{PACKAGE}.util.unit").calculate_unit_scale(model))
        self.expand = import_module(f"{PACKAGE}.guid").expand
        self.draft = Draft()
        self.notes = self.draft.notes
        self.building = self._chosen(options.building)
        self.levels: dict[int, str] = {}

    def _chosen(self, wanted: str) -> Any:
        buildings = self.model.by_type("IfcBuilding")
        for building in buildings:
            if wanted == building.GlobalId or (not wanted and len(buildings) == 1):
                return building
        if not buildings:
            return None
        choices = [{"id": building.GlobalId, "name": building.Name or ""} for building in buildings]
        raise ImportRefused(CHOOSE_BUILDING, {"buildings": choices})

    def imported(self) -> Imported:
        spaces = [(space, self._mesh(space)) for space in self._within("IfcSpace")]
        if not spaces:
            raise ImportRefused(NO_SPACES if self.model.by_type("IfcBuildingStorey") else NOTHING_FOUND)
        doors = [(door, self._mesh(door)) for door in self._within("IfcDoor")]
        self._storeys([mesh.height for _, mesh in spaces if mesh])
        self._place([mesh.floor() for _, mesh in spaces if mesh])
        for space, mesh in spaces:
            self._space(space, mesh)
        for door, mesh in doors:
            self._door(door, mesh)
        for kind in ("IfcFurniture", "IfcFurnishingElement"):
            for _ in self.model.by_type(kind, include_subtypes=False):
                self.notes.add(DROPPED, "note", what=kind)
        document = guesses.entrances(self.draft.finish(), self.notes)
        document = replace(document, units=guesses.shafts(document.units, document.levels, self.notes))
        self.draft.check(document)
        return Imported(document, self.notes.findings(), self.origin, self.turned)

    def _within(self, type_: str) -> list[Any]:
        """The elements of a type in the chosen building."""
        found = self.model.by_type(type_)
        if self.building is None or len(self.model.by_type("IfcBuilding")) == 1:
            return list(found)
        return [each for each in found if self.building in self._holders(each)]

    def _holders(self, element: Any) -> Iterator[Any]:
        """What the element is part of or stands in, from the nearest to the project."""
        seen = set()
        holder = self._holder(element)
        while holder is not None and holder.id() not in seen:
            yield holder
            seen.add(holder.id())
            holder = self._holder(holder)

    def _holder(self, element: Any) -> Any:
        return self.tools.get_aggregate(element) or self.tools.get_container(element)

    def _mesh(self, element: Any) -> _Mesh | None:
        geom = import_module(f"{PACKAGE}.geom")
        settings = geom.settings()
        settings.set("use-world-coords", True)
        try:
            shape = geom.create_shape(settings, element).geometry
        # An element without a body, or with one that the geometry kernel cannot make.
        except Exception:
            return None
        points = np.array(shape.verts, dtype=float).reshape(-1, 3)
        triangles = points[np.array(shape.faces, dtype=int).reshape(-1, 3)]
        return _Mesh(triangles) if len(triangles) and np.isfinite(triangles).all() else None

    def _storeys(self, heights: list[float]) -> None:
        storeys = sorted(self._within("IfcBuildingStorey"), key=self._elevation)
        floors, names = [self._elevation(storey) for storey in storeys], [str(storey.Name or "") for storey in storeys]
        ordinals = guesses.ordinals(floors, names)
        for index, (storey, ordinal) in enumerate(zip(storeys, ordinals, strict=True)):
            above = floors[index + 1] - floors[index] if index + 1 < len(floors) else max(heights, default=0.0)
            values = {
                "ordinal": ordinal,
                "name": names[index],
                "short_name": f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}",
                "height_m": round(above, 3) if 1.8 <= above <= 30 else None,
            }
            self.levels[storey.id()] = self.draft.add_level(self._key(storey), values, None, "ifc")

    def _elevation(self, storey: Any) -> float:
        elevation = storey.Elevation
        if elevation is None:
            placement = import_module(f"{PACKAGE}.util.placement")
            elevation = placement.get_storey_elevation(storey)
        return float(elevation or 0.0) * self.unit

    def _key(self, element: Any) -> str:
        """An IFC GlobalId is a UUID in another writing."""
        return str(self.expand(element.GlobalId))

    def _place(self, floors: list[BaseGeometry]) -> None:
        """Square to most walls, and near the origin."""
        direction = places.walls_direction(floors)
        self.turned = direction if abs(direction) > _STRAIGHT_DEGREES else 0.0
        place = places.moved_to_origin([places.rotated(floor, -self.turned) for floor in floors])
        self.origin, self.to_origin = place.origin, place.to_local
        if self.turned or self.origin != (0.0, 0.0):
            x, y = (round(value, 3) for value in self.origin)
            self.notes.add(MOVED, "note", x=x, y=y, turned=round(self.turned, 3))

    def _local(self, shape: BaseGeometry) -> BaseGeometry:
        return self.to_origin(places.rotated(shape, -self.turned))

    def _level_of(self, element: Any) -> str:
        return next((self.levels[holder.id()] for holder in self._holders(element) if holder.id() in self.levels), "")

    def _space(self, space: Any, mesh: _Mesh | None) -> None:
        sets = self.tools.get_psets(space)
        common = sets.get("Pset_SpaceCommon", {})
        long_name, name = str(space.LongName or ""), str(space.Name or "")
        words = [str(word) for word in (space.ObjectType, common.get("Reference"), long_name, name) if word]
        category = guesses.category(*words)
        people = sets.get("Pset_SpaceOccupancyRequirements", {}).get("OccupancyNumber")
        told = long_name or ("" if _is_number(name) else name)
        public = common.get("PubliclyAccessible")
        values = {
            "name_ko" if any("가" <= letter <= "힣" for letter in told) else "name_en": told,
            "number": name if _is_number(name) else "",
            "category": category or "unspecified",
            "restriction": EMPLOYEES_ONLY if public is False else OPEN,
            "desks": int(people) if isinstance(people, int | float) and people > 0 else 0,
        }
        shape = None if mesh is None else self._local(mesh.floor())
        for key in self.draft.add("units", self._key(space), self._level_of(space), shape, values, "ifc"):
            if category:
                self.notes.add(GUESSED_CATEGORY, "note", key=key, category=category)

    def _door(self, door: Any, mesh: _Mesh | None) -> None:
        """A line as long as the door is wide, along the longer side of what it covers."""
        level = self._level_of(door)
        if not level:
            self.notes.add(LEVEL_MISSING)
            return
        common = self.tools.get_psets(door).get("Pset_DoorCommon", {})
        line = None if mesh is None else _axis(self._local(mesh.covered()), float(door.OverallWidth or 0.0) * self.unit)
        values = {
            "name": str(door.Name or ""),
            "step_free": common.get("HandicapAccessible") is not False,
        }
        self.draft.add("openings", self._key(door), level, line, values, "ifc")


def _is_number(name: str) -> bool:
    return 0 < len(name) <= 12 and any(letter.isdigit() for letter in name) and " " not in name


def _axis(shape: BaseGeometry, width: float) -> LineString | None:
    box = shapely.oriented_envelope(shape)
    if isinstance(box, LineString):
        return box
    if not isinstance(box, Polygon) or box.is_empty:
        return None
    points = shapely.get_coordinates(box)
    ends = sorted((LineString(points[index : index + 2]) for index in range(4)), key=lambda side: side.length)[:2]
    axis = LineString([end.interpolate(0.5, normalized=True) for end in ends])
    # A leaf that stands open covers more than the doorway.
    if 0.3 <= width < axis.length:
        middle = axis.length / 2
        axis = LineString([axis.interpolate(middle - width / 2), axis.interpolate(middle + width / 2)])
    return axis
