"""A plan as a document: the rooms, openings, fixtures and amenities of one scenario of a building, on its levels.

Coordinates are the building's own metres (x along its walls, y across), snapped to ``GRID_M``. Names and values are
IMDF's (OGC 20-094). A part's ``key`` (UUID text) is its identity: unique within a plan, and the same in every plan
that goes back to the same room, so that scenarios can be compared room by room.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

# What coordinates are snapped to, so that rooms that share a wall share its corners: a tenth of a millimetre.
GRID_M = 0.0001
_CELLS_PER_M = round(1 / GRID_M)  # dividing by a whole number gives 0.3, as GEOS rounds, and not 0.30000000000000004

Kind: TypeAlias = Literal["units", "openings", "fixtures", "amenities"]
KINDS: tuple[Kind, ...] = ("units", "openings", "fixtures", "amenities")

# IMDF restriction categories; open to everybody is the absence of one.
OPEN, EMPLOYEES_ONLY, RESTRICTED = "", "employeesonly", "restricted"
RESTRICTIONS = (OPEN, EMPLOYEES_ONLY, RESTRICTED)

UNIT_CATEGORIES = tuple(
    """auditorium brick classroom column concrete conferenceroom drywall elevator escalator fieldofplay firstaid
    fitnessroom foodservice footbridge glass huddleroom kitchen laundryroom library lobby lounge mailroom mothersroom
    movietheater movingwalkway nonpublic office opentobelow parking phoneroom platform privatelounge ramp recreation
    restroom restroom.family restroom.female restroom.female.wheelchair restroom.male restroom.male.wheelchair
    restroom.transgender restroom.transgender.wheelchair restroom.unisex restroom.unisex.wheelchair
    restroom.wheelchair road room serverroom shower smokingarea stairs steps storage structure terrace theater
    unenclosedarea unspecified vegetation waitingroom walkway""".split()
)
# Nobody walks here: the voids of a level, and solid matter drawn as units.
VOIDS = frozenset({"opentobelow"})
SOLIDS = frozenset({"brick", "column", "concrete", "drywall", "glass", "structure"})
# Units that lead to another level, and those of them that a wheelchair can use.
VERTICAL = frozenset({"stairs", "steps", "escalator", "elevator", "ramp", "movingwalkway"})
STEP_FREE_VERTICAL = frozenset({"elevator", "ramp"})

DOOR, GAP = "door", "gap"
OPENING_KINDS = (DOOR, GAP)
# IMDF access-control categories that a community centre has; none is the empty text.
ACCESS_CONTROLS = ("", "badgereader", "fingerprintreader", "guard", "keyaccess", "passwordaccess")
# What an opening does after hours: what its rooms ask for, always open, or always locked.
BY_RULE, STAYS_OPEN, LOCKED = "", "open", "locked"
AFTER_HOURS = (BY_RULE, STAYS_OPEN, LOCKED)

# "counter", "bench" and "shutter" are Dongne's own; IMDF calls the first two furniture and the last an obstruction.
FIXTURE_CATEGORIES = ("counter", "desk", "bench", "shutter", "furniture", "kiosk", "equipment", "wall", "obstruction")
AMENITY_CATEGORIES = tuple(
    """information ticketing atm aed drinkingfountain recyclingpoint wastebin photocopier publicphone seating
    strollerrental wheelchairrental parking bicycleparking mailbox locker unspecified""".split()
)


class NotADocument(ValueError):
    """The value cannot be read as a part of a plan; ``args`` are the part's key and what is wrong (a code)."""


@dataclass(frozen=True)
class Level:
    """A floor of the building. ``ordinal`` 0 is the ground floor; ``outline`` is the outer face of the outer walls."""

    key: str
    ordinal: int
    short_name: str = ""
    name: str = ""
    height_m: float | None = None
    outline: Polygon | MultiPolygon | None = None


@dataclass(frozen=True)
class Unit:
    """A room. ``after_hours`` means that it is to be used when the office is closed; ``shaft`` is the name shared by
    the stairs, lifts or ramps of several levels that are one way up and down."""

    key: str
    level: str
    geometry: Polygon
    category: str = "unspecified"
    restriction: str = OPEN
    name_ko: str = ""
    name_en: str = ""
    number: str = ""
    teams: tuple[str, ...] = ()
    desks: int = 0
    after_hours: bool = False
    idle: bool = False
    shaft: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.restriction == OPEN

    @property
    def is_walkable(self) -> bool:
        return self.category not in VOIDS and self.category not in SOLIDS


@dataclass(frozen=True)
class Opening:
    """A door, or a gap without one, on a wall: a line as long as it is wide (metres).

    An ``entrance`` leads outside: for the public when the opening is unrestricted, for staff otherwise.
    ``step_free`` says that there is no step or high threshold.
    """

    key: str
    level: str
    geometry: LineString
    kind: str = DOOR
    restriction: str = OPEN
    access_control: str = ""
    after_hours: str = BY_RULE
    entrance: bool = False
    step_free: bool = True
    automatic: bool = False
    name: str = ""

    @property
    def width_m(self) -> float:
        return float(self.geometry.length)


@dataclass(frozen=True)
class Fixture:
    """Furniture that matters to a plan: a counter, desks, a shutter (a line that closes the openings along it)."""

    key: str
    level: str
    geometry: Polygon | LineString
    category: str = "furniture"
    name: str = ""


@dataclass(frozen=True)
class Amenity:
    key: str
    level: str
    geometry: Point
    category: str = "unspecified"
    name: str = ""


Part: TypeAlias = Unit | Opening | Fixture | Amenity
PART_TYPES: dict[Kind, type[Any]] = {"units": Unit, "openings": Opening, "fixtures": Fixture, "amenities": Amenity}
_SHAPES: dict[Kind, tuple[type[BaseGeometry], ...]] = {
    "units": (Polygon,),
    "openings": (LineString,),
    "fixtures": (Polygon, LineString),
    "amenities": (Point,),
}


@dataclass(frozen=True)
class Team:
    """A team of the centre, whichever plan it is seated in. ``visits_per_day`` counts civil visits."""

    key: str
    name: str
    headcount_now: int = 0
    headcount_planned: int = 0
    visits_per_day: int = 0


@dataclass(frozen=True)
class Change:
    """What an edit did to one part: ``before`` None means made, ``after`` None means removed."""

    kind: Kind
    key: str
    before: Part | None
    after: Part | None


@dataclass(frozen=True)
class Document:
    levels: tuple[Level, ...] = ()
    units: tuple[Unit, ...] = ()
    openings: tuple[Opening, ...] = ()
    fixtures: tuple[Fixture, ...] = ()
    amenities: tuple[Amenity, ...] = ()
    teams: tuple[Team, ...] = field(default=())

    def parts(self, kind: Kind) -> tuple[Any, ...]:
        found: tuple[Any, ...] = getattr(self, kind)
        return found

    @cached_property
    def index(self) -> Mapping[Kind, Mapping[str, Any]]:
        return {kind: {part.key: part for part in self.parts(kind)} for kind in KINDS}

    @cached_property
    def level_of(self) -> Mapping[str, Level]:
        return {level.key: level for level in self.levels}

    @cached_property
    def team_of(self) -> Mapping[str, Team]:
        return {team.key: team for team in self.teams}

    def get(self, kind: Kind, key: str) -> Any:
        """The part of that key. Raises KeyError."""
        return self.index[kind][key]

    def on_level(self, kind: Kind, level: str) -> list[Any]:
        return [part for part in self.parts(kind) if part.level == level]

    def ordered_levels(self) -> list[Level]:
        """From the lowest to the highest."""
        return sorted(self.levels, key=lambda level: level.ordinal)

    def with_changes(self, changes: Iterable[Change]) -> "Document":
        """The document after these changes; parts keep their order, new ones come last."""
        index: dict[Kind, dict[str, Any]] = {kind: dict(self.index[kind]) for kind in KINDS}
        for change in changes:
            if change.after is None:
                index[change.kind].pop(change.key, None)
            else:
                index[change.kind][change.key] = change.after
        return replace(self, **{kind: tuple(index[kind].values()) for kind in KINDS})


def difference(before: Document, after: Document) -> list[Change]:
    """What turns one document into the other, part by part."""
    found: list[Change] = []
    for kind in KINDS:
        old, new = before.index[kind], after.index[kind]
        for key in [*old, *(key for key in new if key not in old)]:
            if old.get(key) != new.get(key):
                found.append(Change(kind, key, old.get(key), new.get(key)))
    return found


def snapped(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry with its coordinates rounded to the grid. It may have become invalid: check it afterwards."""
    return shapely.transform(geometry, lambda xy: (xy / GRID_M).round() / _CELLS_PER_M)


def part_to_json(part: Part) -> dict[str, Any]:
    """GeoJSON geometry in local metres, and every attribute by its own name."""
    values = {item.name: getattr(part, item.name) for item in fields(part) if item.name != "geometry"}
    if "teams" in values:
        values["teams"] = list(values["teams"])
    return {**values, "geometry": mapping(part.geometry)}


def part_from_json(kind: Kind, value: Mapping[str, Any]) -> Any:
    """The inverse of ``part_to_json``. Raises NotADocument; what the attributes may be is checked elsewhere."""
    type_ = PART_TYPES[kind]
    key = str(value.get("key", ""))
    known = {item.name for item in fields(type_)}
    try:
        geometry = shape(value["geometry"])
        values = {name: value[name] for name in value if name in known and name != "geometry"}
        if "teams" in values:
            values["teams"] = tuple(values["teams"])
        part = type_(**values, geometry=geometry)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise NotADocument(key, "structure") from error
    if not isinstance(geometry, _SHAPES[kind]) or geometry.is_empty:
        raise NotADocument(key, "geometry")
    return part


def to_json(document: Document) -> dict[str, Any]:
    """The whole document as plain values."""
    levels = [
        {**asdict(replace(level, outline=None)), "outline": mapping(level.outline) if level.outline else None}
        for level in document.ordered_levels()
    ]
    parts: dict[str, Any] = {kind: [part_to_json(part) for part in document.parts(kind)] for kind in KINDS}
    return {"levels": levels, **parts, "teams": [asdict(team) for team in document.teams]}


def from_json(value: Mapping[str, Any]) -> Document:
    """The inverse of ``to_json``. Raises NotADocument."""
    try:
        levels = tuple(
            Level(**{**level, "outline": shape(level["outline"]) if level.get("outline") else None})
            for level in value["levels"]
        )
        teams = tuple(Team(**team) for team in value.get("teams", ()))
        parts = {kind: tuple(part_from_json(kind, part) for part in value.get(kind, ())) for kind in KINDS}
    except (KeyError, TypeError, AttributeError) as error:
        raise NotADocument("", "structure") from error
    return Document(levels=levels, teams=teams, **parts)
