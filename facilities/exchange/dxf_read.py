"""A DXF as a plan of one level: rooms from closed shapes and wall lines, doors from their swings, names from texts.

Our own exports are read exactly, see ``dxf_own``. Everything else is guessed from what the person said of unit,
encoding and layers (``DxfOptions``), and each guess is a finding.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import snapped

from . import dxf_file, dxf_own, report
from .draft import Draft
from .dxf_doors import Doors, find_doors
from .dxf_file import DxfFile
from .dxf_names import is_name, name_rooms
from .dxf_openings import candidates, lines_between, note_three_rooms, openings
from .dxf_options import METRES, DxfOptions
from .dxf_rings import TINY, Rings, outline_of_rings, rooms_of_rings
from .dxf_sheet import Sheet, sheet_of
from .linework import Floats, joined, segments_of
from .meta import stable_key
from .notes import Notes
from .report import Imported, ImportRefused
from .rooms import Found, Rules, find_rooms, is_cupboard, is_thin, outline_around

MENDED: Final = "dxf.mended"  # count, first: what ezdxf repaired
ERRORS: Final = "dxf.errors"  # count, first: what it could not
HIDDEN: Final = "dxf.hidden"  # entities: what is on layers that are switched off
TOO_DEEP: Final = "dxf.too_deep"  # count: blocks within blocks that were not followed
JOINED: Final = "dxf.joined"  # count: loose ends that were led on to the next line
LOOSE: Final = "dxf.loose"  # lines, length_m: lines that bound nothing
WALLS: Final = "dxf.walls"  # faces, area_m2: taken for walls
CUPBOARD: Final = "dxf.cupboard"  # count: taken for walls, but as large as a cupboard
FACE_IN_ROOM: Final = "dxf.face_in_room"  # count: faces between walls where a room is drawn as a shape
SIZE: Final = "dxf.size"  # unit, width_m, height_m: how large the plan became
NO_FACE: Final = "dxf.no_face"  # lines: the lines of the chosen layers enclose nothing


def read(source: Path | bytes, options: DxfOptions) -> Imported:
    """Raises ImportRefused. The level's ordinal is the options', or the levels' own in our exports."""
    options.check()
    file = dxf_file.load(source)
    draft = Draft()
    _note_file(file, draft.notes)
    if options.own and dxf_own.is_own(file.drawing):
        dxf_own.read_own(file.drawing, METRES[options.unit], draft)
        document = draft.finish(ours=True)
        draft.check(document)
        return Imported(document, draft.notes.findings())
    return _Reading(file, options, draft).run()


def _note_file(file: DxfFile, notes: Notes) -> None:
    for _text in file.mended:
        notes.add(MENDED, "note", first=file.mended[0][:120])
    for _text in file.errors:
        notes.add(ERRORS, first=file.errors[0][:120])


class _Reading:
    def __init__(self, file: DxfFile, options: DxfOptions, draft: Draft) -> None:
        self.options = options
        self.draft = draft
        self.notes = draft.notes
        # What is noted of the sheet has its places there; they follow when the corner is known.
        self.on_sheet = Notes()
        self.sheet = sheet_of(file, options)
        self.names = [Point(writing.at) for writing in self.sheet.writings if is_name(writing)]

    def run(self) -> Imported:
        self._note_sheet()
        segments = self.sheet.wall_segments
        doors, walls = _doors_and_walls(self.sheet, segments)
        rings = rooms_of_rings(self.sheet.rings, self.names, self.options.wall_max_m, self.on_sheet)
        found = self._faces(walls, doors, rings)
        rooms = [*rings.rooms, *found.rooms]
        if not rooms:
            raise ImportRefused(NO_FACE if len(segments) else report.NOTHING_FOUND, {"lines": len(segments)})
        outline = outline_of_rings(rings.outline) or (outline_around(rooms, found.walls) if found.walls else None)
        corner = self._corner(rooms, outline)
        level = self._level(_moved(outline, corner))
        self._add_rooms(rooms, level, corner)
        wanted = candidates(doors.doors, found.doorways, joined([doors.panels, doors.leaves]))
        if not len(segments):
            wanted += lines_between(joined([doors.panels, doors.leaves]), doors.doors)
        self._add_openings(wanted, level, corner)
        return self._imported(corner)

    def _note_sheet(self) -> None:
        flat = self.sheet.flat
        for (_layer, kind), count in flat.dropped.items():
            for _each in range(count):
                self.on_sheet.add(report.DROPPED, "note", what=kind)
        for _each in range(flat.invalid):
            self.on_sheet.add(report.INVALID_SHAPE)
        for _each in range(flat.too_deep):
            self.on_sheet.add(TOO_DEEP)
        if flat.hidden:
            self.on_sheet.add(HIDDEN, "note", entities=sum(flat.hidden.values()))

    def _faces(self, walls: Floats, doors: Doors, rings: Rings) -> Found:
        """The rooms between the walls, where no room is drawn as a shape already."""
        if not len(walls):
            return Found()
        options = self.options
        rules = Rules(options.snap_m, options.close_m, options.doorway_m, options.wall_max_m)
        lines = [door.line for door in doors.doors]
        found = find_rooms(walls, rules, panels=doors.panels, leaves=doors.leaves, doors=lines, names=self.names)
        self._note_faces(found)
        found.rooms = self._beside(found.rooms, rings.rooms)
        return found

    def _note_faces(self, found: Found) -> None:
        for _each in range(found.duplicates):
            self.on_sheet.add(report.DUPLICATES, "note")
        for joint in found.joints:
            self.on_sheet.add(JOINED, place=joint)
        if found.loose:
            length = sum(line.length for line in found.loose)
            self.on_sheet.add(
                LOOSE, lines=len(found.loose), length_m=round(length, 1), place=shapely.union_all(found.loose)
            )
        for face in found.tiny:
            self.on_sheet.add(TINY, "note", place=face)
        if found.walls:
            area = sum(face.area for face in found.walls)
            self.on_sheet.add(WALLS, "note", faces=len(found.walls), area_m2=round(area, 1))
        for face in found.walls:
            if is_cupboard(face):
                self.on_sheet.add(CUPBOARD, place=face)

    def _beside(self, faces: list[Polygon], rooms: list[Polygon]) -> list[Polygon]:
        if not rooms:
            return faces
        drawn = shapely.union_all(rooms)
        kept = []
        for face in faces:
            if face.intersection(drawn).area > face.area / 2:
                self.on_sheet.add(FACE_IN_ROOM, "note")
                continue
            rest = shapely.get_parts(face.difference(drawn)).tolist()
            kept += [part for part in rest if isinstance(part, Polygon) and not is_thin(part, self.options.wall_max_m)]
        return kept

    def _corner(self, rooms: Sequence[Polygon], outline: BaseGeometry | None) -> tuple[float, float]:
        """What becomes (0, 0), on the grid."""
        if self.options.keep_place:
            return 0.0, 0.0
        west, south, *_rest = shapely.union_all([*rooms, *([outline] if outline is not None else [])]).bounds
        corner = snapped(Point(west, south))
        return float(corner.x), float(corner.y)

    def _level(self, outline: BaseGeometry | None) -> str:
        ordinal = self.options.ordinal
        short = f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}"
        values = {"ordinal": ordinal, "short_name": short}
        return self.draft.add_level(stable_key("dxf", "level", ordinal), values, outline)

    def _add_rooms(self, rooms: Sequence[Polygon], level: str, corner: tuple[float, float]) -> None:
        """North to south, west to east, as a reader looks over a sheet."""
        ordered = sorted(rooms, key=lambda room: (-round(room.bounds[3]), room.bounds[0]))
        values = name_rooms(ordered, self.sheet.writings)
        for number, (room, attributes) in enumerate(zip(ordered, values.rooms, strict=True)):
            here = _moved(room, corner)
            keys = self.draft.add("units", _key("unit", here), level, here, attributes)
            values.note(number, keys, self.notes)
        values.note_others(self.on_sheet)

    def _add_openings(self, wanted: Sequence[Any], level: str, corner: tuple[float, float]) -> None:
        units = [part for part in self.draft.parts["units"].values() if part.level == level]
        outline = self.draft.levels[level].outline
        here = [each.moved(-corner[0], -corner[1]) for each in wanted]
        for line, values in openings(here, units, outline, self.notes):  # type: ignore[arg-type]
            self.draft.add("openings", _key("opening", line), level, line, values)

    def _imported(self, corner: tuple[float, float]) -> Imported:
        document = self.draft.finish()
        self.draft.check(document)
        note_three_rooms(document, self.notes)
        place, options = self.sheet.place, self.options
        whole = shapely.union_all([unit.geometry for unit in document.units]).bounds
        size = {"width_m": round(whole[2] - whole[0], 2), "height_m": round(whole[3] - whole[1], 2)}
        self.notes.add(SIZE, "note", unit=options.unit, **size)
        # Where (0, 0) is in the drawing, in metres along the drawing's own axes.
        x, y = place.back(corner)
        if max(abs(x), abs(y)) > 1e-6 or abs(place.degrees) > 1e-6:
            self.notes.add(report.MOVED, "note", x=round(x, 4), y=round(y, 4), turned=round(place.degrees, 4))
        of_sheet = [replace(each, geometry=_moved(each.geometry, corner)) for each in self.on_sheet.findings()]
        return Imported(document, self.notes.findings(of_sheet), (x, y), -place.degrees)


def _doors_and_walls(sheet: Sheet, segments: Floats) -> tuple[Doors, Floats]:
    """The doors, also those drawn on wall layers, and the walls without them."""
    edges = joined([segments, *(segments_of(ring.points, closed=True) for ring in sheet.rings)])
    doors = find_doors(sheet.doors, edges)
    on_walls = find_doors([*sheet.walls, *sheet.lines], segments, only_with_leaf=True)
    if not on_walls.doors:
        return doors, segments
    return Doors(doors.doors + on_walls.doors, doors.panels, doors.leaves), on_walls.panels


def _moved(shape: Any, corner: tuple[float, float]) -> Any:
    return None if shape is None else shapely.transform(shape, lambda xy: xy - corner)


def _key(kind: str, shape: BaseGeometry) -> str:
    """The same shape at the same place has the same key in every import."""
    return stable_key("dxf", kind, np.round(shapely.get_coordinates(shape), 3).tolist())
