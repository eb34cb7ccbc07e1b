"""The legal test of a concentration zone (빈집 및 소규모주택 정비에 관한 특례법 §5④), with its proof. Pure.

A zone is small enough, has many vacant houses or a large share of them, and is mostly old or badly lacks
infrastructure. Nothing is counted in its favour that is not known: a building of unknown age is not old, a vacant
house without a drawn parcel covers no ground, and infrastructure lacks only where somebody states it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis_core.crs import ground_area
from vacanthouses.rule_reading import BadRule, at, mapping, number, sequence, text

SHARES = ("area", "houses")


@dataclass(frozen=True)
class Search:
    """How candidates are looked for; our choice, not the law's. ``reach_m``: houses further apart are no neighbours;
    ``yard_m``: half the side of the ground supposed around a house whose parcel is not drawn."""

    least_vacant: int
    reach_m: float
    yard_m: float


@dataclass(frozen=True)
class ZoneTable:
    """``max_area_m2`` must stay above the zone's ground; ``share_of`` names what the share of vacancy is counted of:
    ``area`` (ground of vacant parcels of the zone's ground) or ``houses`` (vacant houses of all houses)."""

    max_area_m2: float
    min_vacant: int
    min_share: Fraction
    share_of: str
    min_old_share: Fraction
    old_after_years: int
    years_by_structure: tuple[tuple[str, int], ...]
    search: Search

    def is_old(self, approved_on: date | None, structure: str, day: date) -> bool | None:
        """Whether a building's years are full on a day; None where its age is unknown."""
        if approved_on is None:
            return None
        years = next((years for word, years in self.years_by_structure if word in structure), self.old_after_years)
        return (day.year - years, day.month, day.day) >= (approved_on.year, approved_on.month, approved_on.day)


@dataclass(frozen=True)
class House:
    """A confirmed vacant house: where it stands, and its parcel where that is drawn (EPSG:5179)."""

    id: int
    point: Point
    parcel: Polygon | None = None


@dataclass(frozen=True)
class Building:
    """A building of the register, or a vacant house the register does not know. ``old`` None: nobody knows its age."""

    point: Point
    old: bool | None
    is_house: bool = True


class Village:
    """Houses and buildings of one neighbourhood, with the indexes that make counting them quick."""

    def __init__(self, houses: Sequence[House], buildings: Sequence[Building]) -> None:
        self.houses, self.buildings = tuple(houses), tuple(buildings)
        self.house_tree = shapely.STRtree([house.point for house in self.houses])
        self._building_tree = shapely.STRtree([building.point for building in self.buildings])

    def houses_in(self, polygon: BaseGeometry) -> list[House]:
        return [self.houses[n] for n in sorted(self.house_tree.query(polygon, predicate="covers"))]

    def buildings_in(self, polygon: BaseGeometry) -> list[Building]:
        return [self.buildings[n] for n in sorted(self._building_tree.query(polygon, predicate="covers"))]


@dataclass(frozen=True)
class Part:
    """One line of the test. ``passed`` None: not known, which is not enough. ``value`` and ``limit`` in m2, numbers or
    shares (0 to 1)."""

    code: str
    value: float | None
    limit: float
    passed: bool | None


@dataclass(frozen=True)
class Proof:
    """What the test found in a polygon. Areas are square metres on the ground."""

    area_m2: float
    vacant: int
    vacant_area_m2: float
    without_parcel: int
    houses: int
    buildings: int
    old: int
    age_unknown: int
    share_of: str
    share: float | None
    old_share: float | None
    infrastructure: str
    house_ids: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def passed(self) -> bool:
        by_code = {part.code: part.passed is True for part in self.parts}
        return (
            by_code["size"]
            and (by_code["vacant"] or by_code["share"])
            and (by_code["old"] or by_code["infrastructure"])
        )

    def kept(self) -> dict[str, Any]:
        """As ``ConcentrationZone.proof`` keeps it."""
        return {**asdict(self), "house_ids": list(self.house_ids), "passed": self.passed}


def proof(polygon: Polygon, village: Village, table: ZoneTable, infrastructure: str = "") -> Proof:
    """The test of a polygon (EPSG:5179), all counted anew from it; what stands on its border is inside.

    ``infrastructure`` is the statement of what is lacking, where somebody made one. Of shares of houses the
    denominator is every house inside, and never fewer than the vacant ones.
    """
    vacant, buildings = village.houses_in(polygon), village.buildings_in(polygon)
    area = ground_area(polygon)
    parcels = [house.parcel for house in vacant if house.parcel is not None]
    # Two houses may stand on one parcel, and a parcel may reach beyond the zone.
    covered = ground_area(shapely.union_all(parcels).intersection(polygon)) if parcels else 0.0
    houses = max(sum(building.is_house for building in buildings), len(vacant))
    old = sum(building.old is True for building in buildings)
    share = _share(table, covered, area, len(vacant), houses)
    return Proof(
        area_m2=area,
        vacant=len(vacant),
        vacant_area_m2=covered,
        without_parcel=len(vacant) - len(parcels),
        houses=houses,
        buildings=len(buildings),
        old=old,
        age_unknown=sum(building.old is None for building in buildings),
        share_of=table.share_of,
        share=_plain(share),
        old_share=old / len(buildings) if buildings else None,
        infrastructure=infrastructure,
        house_ids=tuple(house.id for house in vacant),
        parts=(
            Part("size", area, table.max_area_m2, area < table.max_area_m2),
            Part("vacant", len(vacant), table.min_vacant, len(vacant) >= table.min_vacant),
            Part("share", _plain(share), float(table.min_share), None if share is None else share >= table.min_share),
            Part(
                "old",
                old / len(buildings) if buildings else None,
                float(table.min_old_share),
                old >= table.min_old_share * len(buildings) if buildings else None,
            ),
            Part("infrastructure", None, 1, bool(infrastructure.strip())),
        ),
    )


def _share(table: ZoneTable, covered: float, area: float, vacant: int, houses: int) -> float | Fraction | None:
    if table.share_of == "area":
        return covered / area if area else None
    return Fraction(vacant, houses) if houses else None


def _plain(share: float | Fraction | None) -> float | None:
    return None if share is None else float(share)


def read(body: Any) -> ZoneTable:
    """Raises BadRule with the place of the first fault."""
    body = mapping(body, "")
    share_of = text(body, "share_of", "")
    if share_of not in SHARES:
        raise BadRule("share_of", "not_one_of", names=", ".join(SHARES))
    search = mapping(body.get("search"), "search")
    return ZoneTable(
        max_area_m2=number(body, "max_area_m2", "", low=1),
        min_vacant=int(number(body, "min_vacant", "", low=1)),
        min_share=_fraction(body, "min_share"),
        share_of=share_of,
        min_old_share=_fraction(body, "min_old_share"),
        old_after_years=int(number(body, "old_after_years", "", low=0)),
        years_by_structure=tuple(_years(body)),
        search=Search(
            least_vacant=int(number(search, "least_vacant", "search", low=2)),
            reach_m=number(search, "reach_m", "search", low=1, high=1000),
            yard_m=number(search, "yard_m", "search", low=0.5, high=50),
        ),
    )


def _fraction(body: Mapping[str, Any], name: str) -> Fraction:
    """A share, written as a number or, where a number would miss it by a hair, as ``2/3``."""
    value = body.get(name)
    try:
        found = Fraction(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except (ValueError, ZeroDivisionError):
        found = None
    if found is None:
        raise BadRule(name, "missing" if value is None else "not_a_number")
    if not 0 < found <= 1:
        raise BadRule(name, "out_of_range", low=0, high=1)
    return found


def _years(body: Mapping[str, Any]) -> list[tuple[str, int]]:
    rows = sequence(body.get("years_by_structure", []), "years_by_structure")
    found = []
    for n, row in enumerate(rows):
        path = at("years_by_structure", n)
        row = mapping(row, path)
        found.append((text(row, "structure", path), int(number(row, "years", path, low=0))))
    return found
