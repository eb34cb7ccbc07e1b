"""A document in the making, while a file is read: parts come in as they are found and leave as a plan holds them."""

from collections.abc import Mapping
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from facilities.plan.document import KINDS, PART_TYPES, Document, Kind, Level, Part, Team
from facilities.plan.topology import sides

from . import shapes, tidy
from .meta import as_uuid, stable_key
from .notes import Notes
from .report import (
    DUPLICATE_KEY,
    LEVEL_MISSING,
    NEW_KEY,
    NOTHING_FOUND,
    OPENING_JOINS_NOTHING,
    OPENING_JOINS_ONE,
    TOO_MANY,
    UNNAMED,
    ImportRefused,
)

PARTS_MAX: Final = 20_000


class Draft:
    def __init__(self) -> None:
        self.notes = Notes()
        self.levels: dict[str, Level] = {}
        self.parts: dict[Kind, dict[str, Part]] = {kind: {} for kind in KINDS}
        self.teams: tuple[Team, ...] = ()

    def add_level(
        self, wanted: object, values: Mapping[str, Any], outline: BaseGeometry | None, *source: object
    ) -> str:
        """Take a level (``values`` by the dataclass's names, ``outline`` in local metres); its key is returned."""
        key = self._key(self.levels, wanted, "level", *source)
        self.levels[key] = tidy.level(key, values, shapes.outline(outline, self.notes, key), self.notes)
        return key

    def add(
        self,
        kind: Kind,
        wanted: object,
        level: str,
        shape: BaseGeometry | None,
        values: Mapping[str, Any],
        *source: object,
    ) -> list[str]:
        """Take a part and return its key; several when a room was of several pieces, none when it has no shape.

        ``wanted`` is the file's id, ``source`` further words that tell the part from others when that is no UUID.
        """
        held = self.parts[kind]
        if len(held) >= PARTS_MAX:
            raise ImportRefused(TOO_MANY, {"what": kind, "count": len(held) + 1, "limit": PARTS_MAX})
        if level not in self.levels:
            self.notes.add(LEVEL_MISSING)
            return []
        key = self._key(held, wanted, kind, *source)
        pieces = self._pieces(kind, shape, key)
        if pieces:
            given = tidy.attributes(kind, values, self.notes, key)
        keys = [key, *(stable_key(key, "piece", number) for number in range(1, len(pieces)))]
        for each, piece in zip(keys, pieces, strict=False):
            held[each] = PART_TYPES[kind](key=each, level=level, geometry=piece, **given)
        return keys[: len(pieces)]

    def _key(self, held: Mapping[str, Any], wanted: object, *source: object) -> str:
        key = as_uuid(wanted)
        if key is None:
            self.notes.add(NEW_KEY, "note")
            key = stable_key(*source, wanted)
        elif key in held:
            self.notes.add(DUPLICATE_KEY)
        number = 0
        found = key
        while found in held:
            number += 1
            found = stable_key(key, "again", number)
        return found

    def _pieces(self, kind: Kind, shape: BaseGeometry | None, key: str) -> list[Any]:
        if shape is None:
            shape = shapes.NOWHERE
        if kind == "units" or (kind == "fixtures" and shape.geom_type != "LineString"):
            return list(shapes.rooms(shape, self.notes, key))
        found = shapes.point(shape, self.notes, key) if kind == "amenities" else shapes.line(shape, self.notes, key)
        return [] if found is None else [found]

    def finish(self, *, ours: bool = False) -> Document:
        """The document. Raises ImportRefused when no room was found, unless the file is our own export."""
        if not ours and not self.parts["units"]:
            raise ImportRefused(NOTHING_FOUND)
        levels = tuple(sorted(self.levels.values(), key=lambda level: level.ordinal))
        parts: dict[str, Any] = {kind: tuple(self.parts[kind].values()) for kind in KINDS}
        return Document(levels=levels, teams=self.teams, **parts)

    def check(self, document: Document) -> None:
        """Note what a person should look at: rooms without a name, openings that lead nowhere."""
        for unit in document.units:
            if not (unit.name_ko or unit.name_en or unit.number):
                self.notes.add(UNNAMED, "note", key=unit.key)
        for key, pair in sides(document).items():
            if pair == (None, None):
                self.notes.add(OPENING_JOINS_NOTHING, key=key)
            elif None in pair:
                self.notes.add(OPENING_JOINS_ONE, key=key)
