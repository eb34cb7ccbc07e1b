"""Reading rooms out of GeoJSON that another program made: polygons with names, in degrees or in metres."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import AMENITY_CATEGORIES, Unit
from facilities.plan.topology import WALL_MAX_M
from gis_core.crs import KOREAN_SRIDS, LONLAT_SRID, LocalFrame
from gis_core.geometry import NotGeometry, from_geojson

from . import guesses, jsontext, places, tidy
from .draft import Draft
from .places import Place
from .report import (
    DROPPED,
    GUESSED_CATEGORY,
    INVALID_SHAPE,
    MOVED,
    NOTHING_FOUND,
    UNKNOWN_CATEGORY,
    Imported,
    ImportRefused,
)

WHICH_CRS: Final = "geojson.which_crs"  # candidates: EPSG codes in which the coordinates would lie in Korea
LOCAL_METRES: Final = "geojson.local_metres"  # the coordinates were taken for metres of the building
AXES_SWAPPED: Final = "geojson.axes_swapped"  # latitude stood before longitude
READ_AS: Final = "geojson.read_as"  # what: the property taken for names, uses, levels or numbers; role
DOOR_MAX_M: Final = 6.0

# What people call things, lower case, the surest first.
_NAMES: Final = ("name_ko", "name:ko", "실명", "명칭", "이름", "name", "name_en", "room_name", "title", "label", "text")
_NUMBERS: Final = ("number", "room_no", "room_number", "호실", "호", "실번호", "번호", "ref")
_USES: Final = ("category", "용도", "use", "usage", "room_type", "room", "indoor", "function", "class", "type")
_ORDINALS: Final = ("ordinal", "level")
_FLOORS: Final = ("floor", "storey", "층", "층수", "floor_name", "level_name")
_EPSG: Final = re.compile(r"EPSG\W*(?:[\d.]*[:/])?(\d{4,6})\s*$", re.IGNORECASE)
LOCAL: Final = 0


@dataclass(frozen=True)
class Options:
    """``frame`` is that of the building to read into. ``srid`` says what the coordinates are in where the file does
    not, 0 for the building's own metres. ``ordinal`` is the level of what names none."""

    frame: LocalFrame | None = None
    srid: int | None = None
    ordinal: int = 0


@dataclass
class _Found:
    feature: dict[str, Any]
    told: dict[str, Any]
    shape: BaseGeometry


def read_foreign(root: Mapping[str, Any], features: list[dict[str, Any]], options: Options) -> Imported:
    """The rooms among these features. Raises ImportRefused."""
    return _Reading(root, features, options).imported()


class _Reading:
    def __init__(self, root: Mapping[str, Any], features: list[dict[str, Any]], options: Options) -> None:
        self.options = options
        self.draft = Draft()
        self.notes = self.draft.notes
        self.found = list(filter(None, map(self._read, features)))
        if not any(isinstance(each.shape, Polygon | MultiPolygon) for each in self.found):
            raise ImportRefused(NOTHING_FOUND)
        self.place = self._placed(_stated(root))
        self.levels: dict[int, str] = {}

    def _read(self, feature: dict[str, Any]) -> _Found | None:
        try:
            shape = from_geojson(feature.get("geometry"))
        except NotGeometry:
            shape = None
        if shape is None or shape.is_empty:
            self.notes.add(INVALID_SHAPE)
            return None
        told = {str(name).strip().lower(): value for name, value in jsontext.properties(feature).items()}
        return _Found(feature, told, shape)

    def _placed(self, stated: int | None) -> Place:
        """In what CRS the coordinates are: as the user says, else the file, else as the numbers look."""
        shapes = [each.shape for each in self.found]
        srid = stated if self.options.srid is None else self.options.srid
        if srid is None:
            srid = self._looks_like(shapely.box(*shapely.total_bounds(shapes)))
        if srid == LOCAL:
            place = places.moved_to_origin(shapes)
            self.notes.add(LOCAL_METRES, "note")
            if place.origin != (0.0, 0.0):
                self.notes.add(MOVED, "note", x=round(place.origin[0], 3), y=round(place.origin[1], 3), turned=0.0)
            return place
        place = places.placed(self.options.frame, [each.shape for each in self.found], srid)
        place.note(self.notes)
        return place

    def _looks_like(self, box: Polygon) -> int:
        west, south, east, north = box.bounds
        if places.fits(box, LONLAT_SRID):
            return LONLAT_SRID
        if places.fits(box, LONLAT_SRID, swap=True):
            self.notes.add(AXES_SWAPPED)
            for each in self.found:
                each.shape = places.swapped(each.shape)
            return LONLAT_SRID
        if max(east - west, north - south) <= places.BUILDING_DEGREES and max(map(abs, box.bounds)) <= 180:
            return LONLAT_SRID
        if max(map(abs, box.bounds)) <= places.FAR_M:
            return LOCAL
        candidates = [srid for srid in KOREAN_SRIDS if places.fits(box, srid)]
        raise ImportRefused(WHICH_CRS, {"candidates": candidates})

    def imported(self) -> Imported:
        points, lines = [], []
        for number, each in enumerate(self.found):
            if isinstance(each.shape, Polygon | MultiPolygon):
                self._room(number, each)
            elif isinstance(each.shape, Point):
                points.append(each)
            elif isinstance(each.shape, LineString):
                lines.append(each)
            else:
                self.notes.add(DROPPED, "note", what=each.shape.geom_type)
        for each in lines:
            self._door(each)
        for each in points:
            self._point(each)
        document = self.draft.finish()
        document = replace(document, units=guesses.shafts(document.units, document.levels, self.notes))
        document = guesses.entrances(document, self.notes)
        self.draft.check(document)
        place = self.place
        return Imported(document, self.notes.findings(), place.origin, place.rotation, place.crs, frame=place.frame)

    def _said(self, told: Mapping[str, Any], names: tuple[str, ...], role: str) -> str:
        for name in names:
            value = told.get(name)
            if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
                self.notes.add(READ_AS, "note", what=name, role=role)
                return str(value).strip()
        return ""

    def _level(self, told: Mapping[str, Any]) -> str:
        said = self._said(told, _ORDINALS, "level")
        try:
            ordinal = int(float(said)) if said else None
        except (ValueError, OverflowError):
            ordinal = guesses.ordinal(said)
        if ordinal is None:
            said = self._said(told, _FLOORS, "level")
            ordinal = guesses.ordinal(said)
        if ordinal is None or not tidy.ORDINAL_MIN <= ordinal <= tidy.ORDINAL_MAX:
            ordinal = self.options.ordinal
        if ordinal not in self.levels:
            short = f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}"
            values = {"ordinal": ordinal, "short_name": short}
            self.levels[ordinal] = self.draft.add_level(None, values, None, "geojson", ordinal)
        return self.levels[ordinal]

    def _room(self, number: int, each: _Found) -> None:
        told = each.told
        name, use = self._said(told, _NAMES, "name"), self._said(told, _USES, "category")
        english = told.get("name_en") or told.get("name:en")
        category = guesses.category(use)
        if use and category is None:
            self.notes.add(UNKNOWN_CATEGORY, what=use[:40])
        guessed = category or guesses.category(name)
        values = {
            "name_ko": name if name != english else "",
            "name_en": english if isinstance(english, str) else "",
            "number": self._said(told, _NUMBERS, "number"),
            "category": guessed or "unspecified",
            "restriction": told.get("restriction") or "",
        }
        wanted = told.get("key") or each.feature.get("id")
        shape = self.place.to_local(each.shape)
        for key in self.draft.add("units", wanted, self._level(told), shape, values, "geojson", number):
            if guessed and use.lower() != guessed:
                self.notes.add(GUESSED_CATEGORY, "note", key=key, category=guessed)

    def _rooms(self, level: str) -> list[Unit]:
        return [unit for unit in self.draft.parts["units"].values() if isinstance(unit, Unit) and unit.level == level]

    def _door(self, each: _Found) -> None:
        """A short line on a room's edge is a door; for other lines, walls and furniture, a plan has no use."""
        line, level = self.place.to_local(each.shape), self._level(each.told)
        walls = [unit.geometry.boundary for unit in self._rooms(level)]
        middle = line.interpolate(0.5, normalized=True)
        if line.length > DOOR_MAX_M or min(map(middle.distance, walls), default=WALL_MAX_M) >= WALL_MAX_M / 2:
            self.notes.add(DROPPED, "note", what="LineString")
            return
        wanted = each.told.get("key") or each.feature.get("id")
        values = {"name": self._said(each.told, _NAMES, "name")}
        self.draft.add("openings", wanted, level, line, values, "geojson", line.wkt)

    def _point(self, each: _Found) -> None:
        """The name of the room it stands in, where that has none; or an amenity, where it says which."""
        at, level = self.place.to_local(each.shape), self._level(each.told)
        name, use = self._said(each.told, _NAMES, "name"), self._said(each.told, _USES, "category")
        if use in AMENITY_CATEGORIES:
            wanted = each.told.get("key") or each.feature.get("id")
            self.draft.add("amenities", wanted, level, at, {"category": use, "name": name}, "geojson", at.wkt)
            return
        around = next((unit for unit in self._rooms(level) if unit.geometry.covers(at)), None)
        if name and around is not None and not (around.name_ko or around.name_en):
            category = guesses.category(name) if around.category == "unspecified" else None
            named = replace(around, name_ko=tidy.text(name, tidy.NAME_MAX, self.notes))
            self.draft.parts["units"][around.key] = replace(named, category=category) if category else named
            return
        self.notes.add(DROPPED, "note", what="Point")


def _stated(root: Mapping[str, Any]) -> int | None:
    """The EPSG code of the ``crs`` member that GeoJSON had before RFC 7946."""
    crs = root.get("crs")
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = str(properties.get("name")) if isinstance(properties, Mapping) else ""
    code = _EPSG.search(name)
    return LONLAT_SRID if "CRS84" in name else int(code[1]) if code else None
