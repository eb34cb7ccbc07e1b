"""Some hundred invented houses, clustered in invented villages. The same parameters make the same houses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import pi, sqrt
from random import Random
from typing import Any

import shapely
from django.utils import timezone
from shapely import Point, affinity
from shapely.geometry.base import BaseGeometry

from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.models import AdminArea
from vacanthouses.models import HouseStatus, Regime, VacantHouse
from vacanthouses.pnu import Pnu

# Administrative dong have numbers from here on (see gis_core.area_codes); their parcels carry those of legal dong.
FIRST_DONG = "510"
TRIES = 100


@dataclass(frozen=True)
class Village:
    area: AdminArea
    ground: BaseGeometry
    name: str
    legal_dong: str
    centre: Point
    spread_m: float
    weight: float

    @property
    def is_rural(self) -> bool:
        return self.area.mois_code[5:8] < FIRST_DONG


def invented(parameters: dict[str, Any]) -> Iterator[VacantHouse]:
    """The houses of ``fixtures/houses.yaml``, not saved."""
    random = Random(parameters["seed"])  # noqa: S311
    for code, count in parameters["houses"].items():
        city = AdminArea.objects.by_code(str(code))
        assert city is not None, code
        towns = AdminArea.objects.towns().filter(parent=city).order_by("mois_code")
        by_town = [_villages(town, parameters, random) for town in towns]
        villages = [village for of_town in by_town for village in of_town]
        # At least one house in every town.
        chosen = [random.choice(of_town) for of_town in by_town]
        chosen += random.choices(villages, [each.weight for each in villages], k=count - len(chosen))
        lots: set[str] = set()
        made = [(village, _house(village, parameters, random, lots)) for village in chosen]
        _huddle(made, parameters["huddled"])
        yield from (house for _village, house in made)


def _villages(town: AdminArea, parameters: dict[str, Any], random: Random) -> list[Village]:
    ground = to_shapely(town.geometry)
    assert ground is not None
    shapely.prepare(ground)
    radius = sqrt(ground.area / pi)
    number = parameters["villages"][town.name[-1]]
    names = random.sample(parameters["village_names"], number)
    return [
        Village(
            area=town,
            ground=ground,
            name=name,
            legal_dong=_legal_dong(town.mois_code, index, parameters),
            centre=_within(ground, ground.centroid, 0.3 * radius, random),
            spread_m=min(random.uniform(60, 180), radius / 4),
            weight=random.uniform(0.2, 1),
        )
        for index, name in enumerate(names)
    ]


def _legal_dong(code: str, index: int, parameters: dict[str, Any]) -> str:
    """A legal-dong code that no place has: eup and myeon have the same first eight digits in both kinds of code."""
    if code[5:8] < FIRST_DONG:
        return f"{code[:8]}{parameters['first_ri'] + index:02d}"
    return f"{code[:5]}19{code[6]}00"


def _within(ground: BaseGeometry, centre: Point, spread_m: float, random: Random) -> Point:
    """A place near a centre that lies on the ground."""
    for _ in range(TRIES):
        found = Point(round(random.gauss(centre.x, spread_m), 2), round(random.gauss(centre.y, spread_m), 2))
        if ground.contains(found):
            return found
    return ground.point_on_surface()


def _house(village: Village, parameters: dict[str, Any], random: Random, taken: set[str]) -> VacantHouse:
    pnu = _free_lot(village, random, taken)
    status = _drawn(parameters["statuses"], random)
    location = _within(village.ground, village.centre, village.spread_m, random)
    parts = [village.area.full_name, f"{village.name}리" if village.is_rural else "", pnu.lot]
    return VacantHouse(
        pnu=str(pnu),
        address=" ".join(part for part in parts if part),
        area=village.area,
        regime=Regime.RURAL if village.is_rural else Regime.URBAN,
        status=status,
        grade=_drawn(parameters["grades"][status], random),
        found_on=timezone.localdate() - timedelta(days=random.randrange(parameters["found_within_days"])),
        note=random.choice(parameters["notes"]) if _one_in(parameters["note_every"], random) else "",
        location=to_geos(location),
        parcel=to_geos(_parcel(location, random)) if _one_in(parameters["parcel_every"], random) else None,
        is_example=True,
    )


def _huddle(made: list[tuple[Village, VacantHouse]], facts: dict[str, Any]) -> None:
    """Stand the vacant houses of one village wall to wall, as in an old hamlet: the village that has most of them."""
    of_villages: dict[tuple[int, str], list[tuple[Village, VacantHouse]]] = {}
    for village, house in made:
        if house.status == HouseStatus.CONFIRMED and village.is_rural:
            of_villages.setdefault((village.area.pk, village.name), []).append((village, house))
    most = max(of_villages.values(), key=len, default=[])
    for number, (village, house) in enumerate(most):
        row, column = divmod(number, facts["in_a_row"])
        place = Point(village.centre.x + column * facts["step_m"], village.centre.y + row * facts["step_m"])
        if village.ground.contains(place):
            half = facts["step_m"] / 2 - facts["path_m"]
            yard = shapely.box(place.x - half, place.y - half, place.x + half, place.y + half)
            house.location, house.parcel = to_geos(place), to_geos(yard)


def _free_lot(village: Village, random: Random, taken: set[str]) -> Pnu:
    while True:
        pnu = Pnu(village.legal_dong, random.random() < 0.05, random.randint(1, 480), random.choice((0, 0, 0, 1, 2, 3)))
        if str(pnu) not in taken:
            taken.add(str(pnu))
            return pnu


def _parcel(location: Point, random: Random) -> BaseGeometry:
    """A yard of usual size, square to no grid."""
    width, depth = random.uniform(6, 12), random.uniform(7, 14)
    yard = shapely.box(location.x - width, location.y - depth, location.x + width, location.y + depth)
    return affinity.rotate(yard, random.uniform(0, 90))


def _drawn(weights: dict[str, int], random: Random) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def _one_in(number: int, random: Random) -> bool:
    return random.random() < 1 / number
