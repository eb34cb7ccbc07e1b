"""Reading IMDF archives (OGC 20-094), our own exports and everybody else's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import VERTICAL, Document, Kind, Unit
from gis_core.crs import LONLAT_SRID, LocalFrame
from gis_core.geometry import NotGeometry, from_geojson

from . import archive, guesses, imdf_values, jsontext, places, shapes, tidy
from . import imdf_terms as terms
from .draft import Draft
from .meta import as_uuid, feature_id
from .report import DROPPED, LEVEL_MISSING, NOT_THIS_FORMAT, REFERENCE_MISSING, Imported, ImportRefused

# A file that is not there; refused when it is the levels or the units, else told. file: its name.
FILE_MISSING: Final = "imdf.file_missing"
OTHER_VERSION: Final = "imdf.other_version"  # version
CHOOSE_BUILDING: Final = "imdf.choose_building"  # buildings: [{"id", "name"}]
LEVELS_MERGED: Final = "imdf.levels_merged"  # ordinal: several levels of one storey became one
NAMED_BY_OCCUPANT: Final = "imdf.named_by_occupant"  # keys: rooms called by who is in them

Feature = dict[str, Any]
_NOT_READ: Final = ("section", "geofence", "detail")


@dataclass(frozen=True)
class Options:
    """``frame`` is that of the building to read into; without one a frame is fitted to the file.

    ``building`` is the id of the building to take where the archive has several.
    """

    frame: LocalFrame | None = None
    building: str = ""


def read(source: Path | str | bytes, options: Options | None = None) -> Imported:
    """The plan in an IMDF archive (zip). Raises ImportRefused."""
    data = archive.content(source)
    if not data.startswith(b"PK"):
        raise ImportRefused(NOT_THIS_FORMAT, {"expected": "IMDF"})
    files = archive.unpack(data, (".json", ".geojson"))
    if "manifest.json" not in files and "level.geojson" not in files and "unit.geojson" not in files:
        raise ImportRefused(NOT_THIS_FORMAT, {"expected": "IMDF"})
    return _Reading(files, options or Options()).imported()


class _Reading:
    def __init__(self, files: Mapping[str, bytes], options: Options) -> None:
        self.options = options
        self.draft = Draft()
        self.notes = self.draft.notes
        self.features = {kind: self._collection(files, kind) for kind in terms.FEATURE_TYPES}
        self.ours = self._is_ours(files)
        self.building = self._chosen_building()
        self.levels: dict[str, str] = {}
        self.elsewhere: set[str] = set()
        self.units: dict[str, list[str]] = {}

    def _collection(self, files: Mapping[str, bytes], kind: str) -> list[Feature]:
        name = f"{kind}.geojson"
        if name in files:
            return jsontext.features(files[name], name)
        if kind in {"level", "unit"}:
            raise ImportRefused(FILE_MISSING, {"file": name})
        if name in terms.REQUIRED_FILES:
            self.notes.add(FILE_MISSING, file=name)
        return []

    def _is_ours(self, files: Mapping[str, bytes]) -> bool:
        if "manifest.json" not in files:
            self.notes.add(FILE_MISSING, file="manifest.json")
            return False
        manifest = jsontext.parse(files["manifest.json"], "manifest.json")
        manifest = manifest if isinstance(manifest, dict) else {}
        if manifest.get("version") != terms.VERSION:
            self.notes.add(OTHER_VERSION, version=str(manifest.get("version"))[:20])
        extensions = manifest.get("extensions")
        return isinstance(extensions, list) and terms.EXTENSION in extensions

    def _chosen_building(self) -> Feature | None:
        buildings = self.features["building"]
        wanted = self.options.building
        if wanted or len(buildings) == 1:
            for building in buildings:
                if wanted in ("", str(building.get("id"))):
                    return building
        if not buildings:
            return None
        names = [imdf_values.name(jsontext.properties(building).get("name")) for building in buildings]
        choices = [
            {"id": str(building.get("id")), "name": name} for building, name in zip(buildings, names, strict=True)
        ]
        raise ImportRefused(CHOOSE_BUILDING, {"buildings": choices})

    def imported(self) -> Imported:
        levels = [level for level in self.features["level"] if self._belongs(level)]
        self.elsewhere = {str(level.get("id")) for level in self.features["level"]} - {
            str(level.get("id")) for level in levels
        }
        self.place = self._placed(levels)
        self.place.note(self.notes)
        for level in levels:
            self._level(level)
        for kind in ("unit", "opening", "fixture", "kiosk", "amenity"):
            for feature in self.features[kind]:
                self._part(kind, feature)
        for kind in _NOT_READ:
            for _ in self.features[kind]:
                self.notes.add(DROPPED, "note", what=kind)
        self.draft.teams = tidy.teams(self._own(self.building).get("teams"), self.notes)
        document = self.draft.finish(ours=self.ours)
        if not self.ours:
            document = self._completed(document)
        self.draft.check(document)
        place = self.place
        return Imported(document, self.notes.findings(), place.origin, place.rotation, LONLAT_SRID, frame=place.frame)

    def _belongs(self, level: Feature) -> bool:
        told = jsontext.properties(level)
        of = told.get("building_ids")
        if isinstance(of, list) and of and self.building is not None:
            return self.building.get("id") in of
        if told.get("outdoor") is True:
            self.notes.add(DROPPED, "note", what="outdoor level")
            return False
        return True

    def _placed(self, levels: list[Feature]) -> places.Place:
        here = {str(level.get("id")) for level in levels}
        units = [unit for unit in self.features["unit"] if str(jsontext.properties(unit).get("level_id")) in here]
        found = [shape for shape in map(_shape, [*levels, *units]) if shape is not None]
        frame = self.options.frame or places.frame_of(self._own(self.building).get("frame"))
        return places.placed(frame, found)

    def _own(self, feature: Feature | None) -> Mapping[str, Any]:
        found = jsontext.properties(feature).get(terms.OWN) if feature and self.ours else None
        return found if isinstance(found, Mapping) else {}

    def _key(self, feature: Feature) -> object:
        """Our key where the feature is still ours, else the feature's id."""
        key = as_uuid(self._own(feature).get("key"))
        return key if key and feature_id(key) == feature.get("id") else feature.get("id")

    def _local(self, feature: Feature) -> BaseGeometry | None:
        shape = _shape(feature)
        if shape is None:
            return None
        return shapes.turned_back(self.place.to_local(shape), self._own(feature).get("turned"))

    def _level(self, feature: Feature) -> None:
        told, ours = jsontext.properties(feature), self._own(feature)
        outline = None if ours.get("outline") is False else self._local(feature)
        values = _level_values(told, ours)
        here = str(feature.get("id"))
        same = next((level for level in self.draft.levels.values() if level.ordinal == values["ordinal"]), None)
        if same is None:
            self.levels[here] = self.draft.add_level(self._key(feature), values, outline, here)
            return
        self.notes.add(LEVELS_MERGED, level=same.key, ordinal=same.ordinal)
        self.levels[here] = same.key
        more = shapes.outline(outline, self.notes, same.key)
        if more is not None:
            whole = more if same.outline is None else shapely.union(same.outline, more)
            self.draft.levels[same.key] = replace(same, outline=shapes.outline(whole, self.notes, same.key))

    def _part(self, type_: str, feature: Feature) -> None:
        told = jsontext.properties(feature)
        level = self._level_of(type_, feature, told)
        if level is None:
            return
        kind = _KINDS[type_]
        if not self.ours:
            told = {name: value for name, value in told.items() if name != terms.OWN}
        if type_ == "kiosk":
            told = {**told, "category": "kiosk"}
        shape = self._local(feature)
        if kind == "fixtures" and (line := self._line(told)) is not None:
            shape = line
        values = imdf_values.values(kind, told)
        if kind == "amenities" and not values.get("name") and values.get("category") not in tidy.AMENITY_CATEGORIES:
            # Its meaning is not lost with its category.
            values["name"] = values.get("category")
        here = str(feature.get("id"))
        keys = self.draft.add(kind, self._key(feature), level, shape, values, here)
        if kind == "units":
            self.units.setdefault(here, keys)

    def _level_of(self, type_: str, feature: Feature, told: Mapping[str, Any]) -> str | None:
        said = str(told.get("level_id"))
        if type_ == "amenity":
            said = str(self._own(feature).get("level"))
            if said not in self.levels:
                return self._level_of_rooms(told.get("unit_ids"))
        if said in self.levels:
            return self.levels[said]
        if said not in self.elsewhere:
            self.notes.add(LEVEL_MISSING)
        return None

    def _level_of_rooms(self, rooms: object) -> str | None:
        for room in rooms if isinstance(rooms, list) else []:
            for key in self.units.get(str(room), []):
                return self.draft.parts["units"][key].level
        known = {str(unit.get("id")) for unit in self.features["unit"]}
        if not isinstance(rooms, list) or not known & set(map(str, rooms)):
            self.notes.add(REFERENCE_MISSING, what="unit_ids")
        return None

    def _line(self, told: Mapping[str, Any]) -> BaseGeometry | None:
        """The line that we drew as a narrow area."""
        ours = told.get(terms.OWN)
        points = ours.get("line") if isinstance(ours, Mapping) else None
        if not points:
            return None
        shape = _shape({"geometry": {"type": "LineString", "coordinates": _lists(points)}})
        return None if shape is None else self.place.to_local(shape)

    def _completed(self, document: Document) -> Document:
        """What our own exports say outright has to be found in others: shafts, entrances, names."""
        units = self._with_shafts(self._with_names(list(document.units)))
        units = list(guesses.shafts(units, document.levels, self.notes))
        return guesses.entrances(replace(document, units=tuple(units)), self.notes)

    def _with_names(self, units: list[Unit]) -> list[Unit]:
        rooms = {str(each.get("id")): str(jsontext.properties(each).get("unit_id")) for each in self.features["anchor"]}
        names: dict[str, str] = {}
        for occupant in self.features["occupant"]:
            told = jsontext.properties(occupant)
            name = imdf_values.name(told.get("name"))
            keys = self.units.get(rooms.get(str(told.get("anchor_id")), ""), [])
            if name and keys and keys[0] not in names:
                names[keys[0]] = tidy.text(name, tidy.NAME_MAX, self.notes)
            else:
                self.notes.add(DROPPED, "note", what="occupant")
        found = []
        for unit in units:
            if unit.key in names and not (unit.name_ko or unit.name_en):
                unit = replace(unit, name_ko=names[unit.key])
                self.notes.add(NAMED_BY_OCCUPANT, "note", key=unit.key)
            found.append(unit)
        return found

    def _with_shafts(self, units: list[Unit]) -> list[Unit]:
        """Stairs and lifts that relationships join, one above the other, get a shaft in common."""
        held = {unit.key: unit for unit in units}
        joins = []
        for relationship in self.features["relationship"]:
            told = jsontext.properties(relationship)
            if str(told.get("category")) in terms.RELATIONSHIPS & VERTICAL:
                ends = [key for end in ("origin", "destination") for key in self._rooms_of(told.get(end))[:1]]
                if len(ends) == 2 and all(held[key].category in VERTICAL for key in ends):
                    joins.append((ends[0], ends[1]))
        return guesses.joined_shafts(held, joins)

    def _rooms_of(self, reference: object) -> list[str]:
        return self.units.get(str(reference.get("id")), []) if isinstance(reference, Mapping) else []


_KINDS: Final[dict[str, Kind]] = {
    "unit": "units",
    "opening": "openings",
    "fixture": "fixtures",
    "kiosk": "fixtures",
    "amenity": "amenities",
}


def _shape(feature: Feature) -> BaseGeometry | None:
    """A feature's geometry in degrees, or None where there is none that can be read."""
    try:
        shape = from_geojson(feature.get("geometry"))
    except NotGeometry:
        return None
    if shape.is_empty:
        return None
    west, south, east, north = shape.bounds
    return shape if -180 <= west <= east <= 180 and -90 <= south <= north <= 90 else None


def _lists(value: object) -> object:
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _level_values(told: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    ordinal = told.get("ordinal")
    name, short = imdf_values.name(told.get("name")), imdf_values.name(told.get("short_name"))
    if isinstance(ordinal, float) and ordinal.is_integer():
        ordinal = int(ordinal)
    if isinstance(ordinal, bool) or not isinstance(ordinal, int):
        ordinal = guesses.ordinal(short) or guesses.ordinal(name) or 0
    found: dict[str, Any] = {"ordinal": ordinal, "name": name, "short_name": short}
    if ours:
        wrote = str(ours.get("name") or ours.get("short_name") or ours.get("ordinal"))
        found["height_m"] = ours.get("height_m")
        found["name"] = ours.get("name") if wrote == name else name
        wrote = str(ours.get("short_name") or ours.get("ordinal"))
        found["short_name"] = ours.get("short_name") if wrote == short else short
    return found
