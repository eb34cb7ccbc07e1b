"""Villages to test concentration zones on, and a second way of counting that shares nothing with the first."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random

import yaml
from pyproj import Geod
from shapely import Point, Polygon, box

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from vacanthouses.concentration import Building, House, Village, ZoneTable, read

RULES = Path(__file__).parents[2] / "fixtures" / "rules" / "concentration.yaml"
X, Y = 990_000.0, 1_710_000.0


def sample_table() -> ZoneTable:
    return read(yaml.safe_load(RULES.read_text(encoding="utf-8"))["body"])


def at(east: float, north: float) -> Point:
    return Point(X + east, Y + north)


def yard(east: float, north: float, half: float = 8.0) -> Polygon:
    return box(X + east - half, Y + north - half, X + east + half, Y + north + half)


def rows(
    number: int,
    columns: int,
    step: float,
    *,
    east: float = 0,
    north: float = 0,
    half: float | None = None,
    first: int = 1,
) -> list[House]:  # fmt: skip
    """Vacant houses in rows, ``step`` metres apart; with parcels of the given half side, or without any."""
    places = [(east + n % columns * step, north + n // columns * step) for n in range(number)]
    return [House(first + n, at(x, y), None if half is None else yard(x, y, half)) for n, (x, y) in enumerate(places)]


def standing(houses: list[House], old: bool | None = True) -> list[Building]:
    return [Building(house.point, old) for house in houses]


def random_village(random: Random) -> Village:
    """Anything from a hamlet to a dense quarter, with few or many old buildings, parcels and ages known or not."""
    size, number = random.choice([140, 220, 400]), random.randint(0, 14)
    old, known, drawn = random.random(), random.choice([0.5, 0.9, 1]), random.random()

    def somewhere() -> Point:
        return at(random.uniform(0, size), random.uniform(0, size))

    def building(point: Point) -> Building:
        return Building(point, random.random() < old if random.random() < known else None, random.random() < 0.8)

    houses = []
    for n in range(number):
        point = somewhere()
        parcel = yard(point.x - X, point.y - Y, random.uniform(4, 14)) if random.random() < drawn else None
        houses.append(House(n, point, parcel))
    buildings = [building(house.point) for house in houses if random.random() < 0.9]
    return Village(houses, buildings + [building(somewhere()) for _n in range(random.randint(0, 50))])


def satisfies(polygon: Polygon, village: Village, table: ZoneTable) -> bool:
    """The test, counted by crossing rays, areas on the ellipsoid, and parcels in columns: no code of the rule's own.

    A hair's tolerance is given where the two ways of measuring may differ.
    """
    vacant = [house for house in village.houses if _inside(polygon, house.point)]
    found = [building for building in village.buildings if _inside(polygon, building.point)]
    area = _on_the_ellipsoid(polygon)
    many = len(vacant) >= table.min_vacant
    if table.share_of == "area":
        large = _covered(polygon, vacant) >= 0.995 * float(table.min_share)
    else:
        large = Fraction(len(vacant), max(sum(each.is_house for each in found), len(vacant), 1)) >= table.min_share
    aged = bool(found) and Fraction(sum(each.old is True for each in found), len(found)) >= table.min_old_share
    return area < table.max_area_m2 * 1.0005 and (many or large) and aged


def _inside(polygon: Polygon, point: Point) -> bool:
    """Ray casting; a point on the border is inside."""
    corners = list(polygon.exterior.coords)
    within = False
    for (x1, y1), (x2, y2) in pairwise(corners):
        across = (x2 - x1) * (point.y - y1) - (y2 - y1) * (point.x - x1)
        between = min(x1, x2) <= point.x <= max(x1, x2) and min(y1, y2) <= point.y <= max(y1, y2)
        if between and abs(across) < 1e-6:
            return True
        if (y1 > point.y) != (y2 > point.y) and point.x < (x2 - x1) * (point.y - y1) / (y2 - y1) + x1:
            within = not within
    return within


def _on_the_ellipsoid(polygon: Polygon) -> float:
    area, _perimeter = Geod(ellps="GRS80").geometry_area_perimeter(reproject(polygon, STORAGE_SRID, LONLAT_SRID))
    return abs(area)


def _covered(polygon: Polygon, vacant: list[House], columns: int = 400) -> float:
    """The share of a convex polygon's ground on vacant parcels, summed up in columns. Parcels here are boxes."""
    west, _south, east, _north = polygon.bounds
    boxes = [house.parcel.bounds for house in vacant if house.parcel is not None]
    corners = list(pairwise(polygon.exterior.coords))
    whole = covered = 0.0
    for n in range(columns):
        x = west + (n + 0.5) * (east - west) / columns
        ys = [y1 + (x - x1) * (y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in corners if (x1 > x) != (x2 > x)]
        low, high = min(ys), max(ys)
        whole += high - low
        reached = low
        for south, north in sorted((s, t) for w, s, e, t in boxes if w <= x <= e):
            covered += max(0.0, min(north, high) - max(south, reached))
            reached = max(reached, min(north, high))
    return covered / whole
