"""Concentration zones: the legal test, and candidates that are found where there are some and nowhere else."""

from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from tests.vacanthouses.village_support import (
    X,
    Y,
    at,
    random_village,
    rows,
    sample_table,
    satisfies,
    standing,
    yard,
)
from vacanthouses.concentration import Building, House, Village, proof, read
from vacanthouses.rule_reading import BadRule
from vacanthouses.zone_finding import find, ground_of

TABLE = sample_table()
QUARTER = box(X - 10, Y - 10, X + 80, Y + 80)


def passed(found, code):
    return next(part.passed for part in found.parts if part.code == code)


# The test


def test_ten_vacant_houses_among_old_ones_are_enough():
    houses = rows(10, 4, 20)
    found = proof(QUARTER, Village(houses, standing(houses)), TABLE)
    assert found.passed
    assert (found.vacant, found.buildings, found.old) == (10, 10, 10)
    assert found.house_ids == tuple(range(1, 11))
    assert found.area_m2 == pytest.approx(8106, abs=2)


def test_nine_are_not_unless_their_parcels_cover_a_fifth_of_the_ground():
    few = rows(9, 3, 20)
    assert not proof(QUARTER, Village(few, standing(few)), TABLE).passed
    # Nine yards of 14 m cover 1,764 of 8,100 m².
    wide = rows(9, 3, 20, half=7)
    found = proof(QUARTER, Village(wide, standing(wide)), TABLE)
    assert found.passed
    assert passed(found, "vacant") is False
    assert found.share == pytest.approx(1764 / 8100)


def test_the_share_can_be_counted_of_houses_instead():
    table = replace(TABLE, share_of="houses")
    houses = rows(2, 2, 20)
    others = [Building(at(x, 60), True) for x in range(0, 80, 10)]
    exact = proof(QUARTER, Village(houses, standing(houses) + others), table)
    assert (exact.houses, exact.share) == (10, 0.2)
    assert exact.passed
    assert not proof(QUARTER, Village(houses, [*standing(houses), *others, Building(at(5, 70), True)]), table).passed


def test_two_thirds_old_is_exactly_enough():
    houses = rows(10, 4, 20)
    others = [Building(at(70, y), False) for y in range(0, 50, 10)]
    exact = proof(QUARTER, Village(houses, standing(houses) + others), TABLE)
    assert (exact.old, exact.buildings) == (10, 15)
    assert exact.passed
    assert not proof(QUARTER, Village(houses, [*standing(houses), *others, Building(at(75, 75), False)]), TABLE).passed


def test_a_building_of_unknown_age_is_not_old():
    houses = rows(10, 4, 20)
    found = proof(QUARTER, Village(houses, standing(houses, None)), TABLE)
    assert not found.passed
    assert (found.age_unknown, found.old_share) == (10, 0)


def test_without_any_building_the_age_is_not_known_and_not_enough():
    found = proof(QUARTER, Village(rows(10, 4, 20), []), TABLE)
    assert passed(found, "old") is None
    assert not found.passed


def test_a_statement_that_infrastructure_lacks_stands_in_for_age_alone():
    houses = rows(10, 4, 20)
    young = Village(houses, standing(houses, False))
    assert not proof(QUARTER, young, TABLE, infrastructure="  ").passed
    assert proof(QUARTER, young, TABLE, infrastructure="폭 2 m 골목, 하수도 없음").passed
    assert not proof(QUARTER, Village(houses[:9], []), TABLE, infrastructure="하수도 없음").passed


def test_a_zone_of_a_hectare_is_too_large():
    houses = rows(10, 4, 20)
    village = Village(houses, standing(houses))
    # Ground is larger than the plane of EPSG:5179 here: its scale is below 1.
    assert not proof(box(X - 10, Y - 10, X + 89.99, Y + 89.99), village, TABLE).passed
    assert proof(box(X - 10, Y - 10, X + 89.9, Y + 89.9), village, TABLE).passed


def test_two_houses_on_one_parcel_do_not_cover_it_twice_nor_does_ground_outside_count():
    parcel = yard(75, 30, 10)
    houses = [House(1, at(70, 30), parcel), House(2, at(72, 30), parcel)]
    found = proof(QUARTER, Village(houses, []), TABLE)
    assert found.vacant_area_m2 == pytest.approx(15 * 20, rel=0.002)
    assert found.without_parcel == 0


@pytest.mark.parametrize(
    ("approved", "structure", "old"),
    [
        (date(2006, 11, 28), "목구조", True),
        (date(2006, 11, 29), "목구조", False),
        (date(2006, 11, 28), "철근콘크리트구조", False),
        (date(1996, 11, 28), "철근콘크리트구조", True),
        (None, "목구조", None),
    ],
)
def test_a_building_is_old_on_the_day_its_years_are_full(approved, structure, old):
    assert TABLE.is_old(approved, structure, date(2026, 11, 28)) is old


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"share_of": "people"}, "share_of"),
        ({"min_old_share": "2/0"}, "min_old_share"),
        ({"min_share": "1.5"}, "min_share"),
        ({"min_share": True}, "min_share"),
        ({"years_by_structure": [{"structure": "목", "years": "twenty"}]}, "years_by_structure.0.years"),
        ({"search": {"least_vacant": 1, "reach_m": 5, "yard_m": 1}}, "search.least_vacant"),
        ({"max_area_m2": None}, "max_area_m2"),
    ],
)
def test_a_fault_in_the_table_is_named_by_its_place(change, path):
    body = {
        "max_area_m2": 10000,
        "min_vacant": 10,
        "share_of": "area",
        "min_share": 0.2,
        "min_old_share": "2/3",
        "old_after_years": 20,
        "search": {"least_vacant": 4, "reach_m": 70, "yard_m": 8},
    }
    read(body)
    with pytest.raises(BadRule) as told:
        read({**body, **change})
    assert told.value.path == path


# Candidates


def test_a_village_with_two_known_zones_gives_these_two():
    dense = rows(12, 4, 22)
    second = rows(10, 5, 18, east=600, first=21)
    scattered = [House(50 + n, at(100 * n, 900)) for n in range(8)]
    houses = [*dense, *second, *scattered]
    found = find(Village(houses, standing(houses)), TABLE)
    assert [set(each.proof.house_ids) for each in found] == [set(range(1, 13)), set(range(21, 31))]


def test_a_zone_leaves_the_new_quarter_beside_it_out():
    vacant = rows(12, 4, 15)
    new = [Building(at(60 + 6 * (n % 4), 6 * (n // 4)), False) for n in range(16)]
    found = find(Village(vacant, standing(vacant) + new), TABLE)
    assert [each.proof.vacant for each in found] == [12]
    assert found[0].proof.buildings == 12


def test_no_border_cuts_the_parcel_of_a_house_inside():
    for seed in range(60):
        village = random_village(Random(seed))
        for zone in find(village, TABLE):
            inside = [house for house in village.houses if zone.polygon.covers(house.point)]
            assert all(zone.polygon.covers(house.parcel) for house in inside if house.parcel is not None), seed


def test_nothing_is_found_where_houses_stand_too_far_apart():
    # Any ten of them need a hectare and more: 10 houses, 60 m apart, span at least 3 by 2 steps.
    houses = rows(64, 8, 60)
    assert find(Village(houses, standing(houses)), TABLE) == []


def test_nothing_is_found_where_too_few_buildings_are_old():
    vacant = rows(16, 4, 20)
    beside = [Building(at(house.point.x - X + 3, house.point.y - Y + 3), False) for house in vacant]
    assert find(Village(vacant, standing(vacant) + beside), TABLE) == []


def test_what_is_a_zone_already_is_not_proposed_again():
    houses = rows(12, 4, 20)
    village = Village(houses, standing(houses))
    first = find(village, TABLE)
    assert len(first) == 1
    assert find(village, TABLE, taken=[first[0].polygon]) == []


def test_no_zone_is_false_in_a_thousand_random_villages():
    found = 0
    for seed in range(1000):
        village = random_village(Random(seed))
        table = replace(TABLE, share_of="houses") if seed % 3 == 0 else TABLE
        zones = find(village, table)
        for zone in zones:
            assert satisfies(zone.polygon, village, table), (seed, zone.proof)
        for one, other in combinations(zones, 2):
            assert one.polygon.intersection(other.polygon).area < 0.1, seed
        found += len(zones)
    # Villages without any zone would prove nothing.
    assert found > 80


def test_a_zone_is_found_wherever_trying_every_set_of_houses_finds_one():
    table = replace(TABLE, min_vacant=5)
    there = 0
    for seed in range(40):
        village = _small_village(Random(seed))
        known, found = _by_trying_all(village, table), find(village, table)
        there += known
        assert bool(found) == known, seed
    assert 10 < there < 40


def _small_village(random):
    size, old = random.choice([120, 160, 200]), random.choice([0.4, 0.6, 0.8])
    houses = [House(n, at(random.uniform(0, size), random.uniform(0, size))) for n in range(8)]
    others = [at(random.uniform(0, size), random.uniform(0, size)) for _n in range(random.randint(5, 30))]
    return Village(houses, [Building(point, random.random() < old) for point in [h.point for h in houses] + others])


def _by_trying_all(village, table):
    grounds = [ground_of(house, table.search.yard_m) for house in village.houses]
    for number in range(2, len(grounds) + 1):
        for chosen in combinations(grounds, number):
            hull = shapely.union_all(chosen).convex_hull
            if hull.area < table.max_area_m2 and _in_reach(list(chosen), table.search.reach_m):
                tested = proof(hull, village, table)
                whole = tested.vacant == sum(hull.covers(ground) for ground in grounds)
                if whole and tested.passed and tested.vacant >= table.search.least_vacant:
                    return True
    return False


def _in_reach(grounds, reach):
    found, open_ = {0}, [0]
    while open_:
        one = grounds[open_.pop()]
        fresh = [n for n, other in enumerate(grounds) if n not in found and one.distance(other) <= reach]
        found.update(fresh)
        open_ += fresh
    return len(found) == len(grounds)


@given(st.integers(0, 10_000))
def test_another_vacant_house_never_ends_a_zone_by_number(seed):
    random = Random(seed)
    houses = rows(10, 4, 20)
    more = House(99, at(random.uniform(0, 60), random.uniform(0, 60)))
    buildings = standing(houses)
    assert proof(QUARTER, Village([*houses, more], buildings), TABLE).passed
