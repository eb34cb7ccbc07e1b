"""Reading IndoorGML (OGC 14-005, 19-011), our own exports and everybody else's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import VERTICAL, Document
from gis_core.crs import LocalFrame
from gis_core.geometry import NotGeometry, from_geojson

from . import archive, guesses, indoorgml_xml, places, tidy
from .draft import Draft
from .indoorgml_place import placed
from .indoorgml_shapes import Cell, Storeys, base_line, cells_of, find_storeys, polygon
from .indoorgml_write import LOCAL_SRS
from .indoorgml_xml import Content, Feature
from .report import GUESSED_CATEGORY, NOTHING_FOUND, Imported, ImportRefused

FILE_MAX: Final = 64 * archive.MB
DOOR_CELLS: Final = "indoorgml.door_cells"  # keys: cells that are doors became openings
UNIT_UNCLEAR: Final = "indoorgml.unit_unclear"  # height: of a storey, in the file's unit; suggested: metres in a unit
WALLS: Final = "indoorgml.walls"  # count: boundaries without a way through, which a plan does not draw

_ONE_WAY: Final = ("-REVERSE", "_REVERSE", "-reverse", "_reverse")
_DOORS: Final = frozenset({"ConnectionSpace", "AnchorSpace"})
_PASSABLE: Final = frozenset({"ConnectionBoundary", "AnchorBoundary", "TransferBoundary"})
# What the codes of the standard's annex mean, as far as they are sure.
_FUNCTIONS: Final = {"1110": "elevator", "1120": "stairs"}
STOREY_MIN_M, STOREY_MAX_M = 2.0, 8.0
# A space thicker than this is a lobby between doors and not a door.
DOOR_MAX_M: Final = 1.0
_UNITS: Final = (0.001, 0.01, 0.3048, 0.0254)


@dataclass(frozen=True)
class Options:
    """``frame`` is that of the building to read into, for files in a known CRS. ``scale`` is how many metres a unit of
    the file is, for files without one."""

    frame: LocalFrame | None = None
    scale: float = 1.0


def read(source: Path | str | bytes, options: Options | None = None) -> Imported:
    """The plan in an IndoorGML file. Raises ImportRefused."""
    content = indoorgml_xml.parse(archive.content(source, FILE_MAX))
    ours = content.ours is not None and content.srs == LOCAL_SRS
    return _Ours(content).imported() if ours else _Foreign(content, options or Options()).imported()


class _Ours:
    def __init__(self, content: Content) -> None:
        self.content = content
        self.draft = Draft()

    def imported(self) -> Imported:
        told = self.content.ours or {}
        for level in _objects(told.get("levels")):
            self.draft.add_level(level.get("key"), level, _shape(level.get("outline")))
        for cell in self.content.cells:
            self._add("units", cell, polygon(cell.shape.faces[0]) if cell.shape.faces else None)
        for boundary in self.content.boundaries:
            line = boundary.shape.lines[0] if boundary.shape.lines else None
            self._add("openings", boundary, None if line is None else LineString(line[:, :2]))
        for kind in ("fixtures", "amenities"):
            for part in _objects(told.get(kind)):
                self.draft.add(kind, part.get("key"), str(part.get("level")), _shape(part.get("geometry")), part)
        self.draft.teams = tidy.teams(told.get("teams"), self.draft.notes)
        document = self.draft.finish(ours=True)
        self.draft.check(document)
        return Imported(document, self.draft.notes.findings(), frame=places.frame_of(told.get("frame")))

    def _add(self, kind: Any, feature: Feature, shape: BaseGeometry | None) -> None:
        told = feature.ours or {}
        self.draft.add(kind, told.get("key") or feature.id[2:], str(told.get("level")), shape, told, feature.id)


class _Foreign:
    def __init__(self, content: Content, options: Options) -> None:
        self.content = content
        self.draft = Draft()
        self.notes = self.draft.notes
        self.place = placed(content, options.frame, options.scale, self.notes)
        self.cells = cells_of(content, self.place.to_local, self.place.metres)
        self.storeys: Storeys = find_storeys(self.cells)
        self.keys: dict[str, str] = {}

    def imported(self) -> Imported:
        if not self.storeys.levels:
            raise ImportRefused(NOTHING_FOUND)
        self._scale()
        self.levels = [
            self.draft.add_level(None, values, None, "indoorgml", values["ordinal"]) for values in self.storeys.levels
        ]
        for cell in self.cells:
            self._door_cell(cell) if _is_door(cell) else self._room(cell)
        self._boundaries()
        document = self.draft.finish()
        units = guesses.shafts(self._with_shafts(document), document.levels, self.notes)
        document = replace(document, units=units)
        self.draft.check(document)
        place = self.place
        return Imported(document, self.notes.findings(), place.origin, place.rotation, place.crs, frame=place.frame)

    def _scale(self) -> None:
        """A storey that is no storey's height says that the unit is not the metre."""
        height = self.storeys.height
        if height and not STOREY_MIN_M <= height <= STOREY_MAX_M:
            fitting = [unit for unit in _UNITS if STOREY_MIN_M <= height * unit <= STOREY_MAX_M / 2]
            suggested = fitting[0] if fitting else float(f"{3.6 / height:.2g}")
            self.notes.add(UNIT_UNCLEAR, height=round(height, 2), suggested=suggested)

    def _level_of(self, feature: Feature, z: float) -> str:
        return self.levels[self.storeys.index(feature, z)]

    def _room(self, cell: Cell) -> None:
        feature = cell.feature
        values = {**_names(feature), "category": _category(feature)}
        keys = self.draft.add("units", feature.id, self._level_of(feature, cell.low), cell.floor, values, "indoorgml")
        if keys:
            self.keys[feature.id] = keys[0]
            if values["category"] not in {"room", "unspecified"}:
                self.notes.add(GUESSED_CATEGORY, "note", key=keys[0], category=values["category"])

    def _door_cell(self, cell: Cell) -> None:
        """A door that was drawn as a space in the wall: a line along the middle of it."""
        feature, line = cell.feature, cell.axis()
        values = {"name": _label(feature), "entrance": feature.type == "AnchorSpace"}
        keys = self.draft.add("openings", feature.id, self._level_of(feature, cell.low), line, values, "indoorgml")
        for key in keys:
            self.notes.add(DOOR_CELLS, "note", key=key)

    def _boundaries(self) -> None:
        """Ways through walls. A boundary and its reverse, seen from the other side, are one."""
        beside = {boundary: cell.feature for cell in self.cells for boundary in cell.feature.bounded_by}
        groups: dict[str, list[Feature]] = {}
        for boundary in self.content.boundaries:
            if boundary.type in _PASSABLE or boundary.duality:
                groups.setdefault(_both_ways(boundary.id), []).append(boundary)
            else:
                self.notes.add(WALLS, "note")
        drawn: set[bytes] = set()
        for id_, group in groups.items():
            line, z = base_line(group, self.place.to_local, self.place.metres)
            mark = b"" if line is None else shapely.normalize(shapely.set_precision(line, 0.01)).wkb
            if line is not None and mark + str(round(z, 1)).encode() in drawn:
                continue
            drawn.add(mark + str(round(z, 1)).encode())
            values = {"name": _label(group[0]), "entrance": group[0].type == "AnchorBoundary"}
            cell = next((beside[each.id] for each in group if each.id in beside), group[0])
            level = self._level_of(cell if cell.id in self.keys else group[0], z)
            self.draft.add("openings", id_, level, line, values, "indoorgml")

    def _with_shafts(self, document: Document) -> list[Any]:
        """Stairs and lifts that a transition joins across levels are one shaft."""
        units = {unit.key: unit for unit in document.units}
        joins = []
        for ends in self.content.transitions.values():
            rooms = [self.keys.get(self.content.states.get(end, ""), "") for end in ends]
            held = [units[room] for room in rooms if room in units]
            if len(held) == 2 and held[0].level != held[1].level and {unit.category for unit in held} <= VERTICAL:
                joins.append((rooms[0], rooms[1]))
        return guesses.joined_shafts(units, joins)


def _is_door(cell: Cell) -> bool:
    feature = cell.feature
    said = feature.type in _DOORS or "door" in (
        _said(feature, "indoor").lower(),
        feature.codes.get("function", "").lower(),
    )
    return said and cell.thickness() <= 1.0


def _both_ways(id_: str) -> str:
    return next((id_.removesuffix(end) for end in _ONE_WAY if id_.endswith(end)), id_)


def _said(feature: Feature, word: str) -> str:
    """What a description of the kind ``storey="1":indoor="room":`` says of a word."""
    _, found, rest = feature.description.partition(f'{word}="')
    return rest.partition('"')[0] if found else ""


def _label(feature: Feature) -> str:
    return "" if feature.name == feature.id else feature.name


def _names(feature: Feature) -> dict[str, str]:
    name = _label(feature)
    if name.isdigit():
        return {"number": name}
    return {"name_ko" if any("가" <= letter <= "힣" for letter in name) else "name_en": name}


def _category(feature: Feature) -> str:
    """From what the file says of the use, then from the name, then from the kind of space."""
    use = [_said(feature, word) for word in ("indoor", "category", "usage")]
    codes = [_FUNCTIONS.get(feature.codes.get("function", ""), ""), *feature.codes.values()]
    said = guesses.category(*use, *codes)
    if said in {None, "room", "unspecified"}:
        said = guesses.category(feature.name) or said
    usual = {"TransitionSpace": "walkway", "TransferSpace": "walkway", "GeneralSpace": "room"}
    return said or usual.get(feature.type, "unspecified")


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _shape(value: object) -> BaseGeometry | None:
    try:
        return None if value is None else from_geojson(value)
    except NotGeometry:
        return None
