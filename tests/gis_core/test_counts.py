"""Counts per map cell are those of the table, whatever was done to it."""

import math
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_core.crs import reproject
from gis_core.editing.shapes import to_shapely
from gis_core.layers import counts
from gis_core.layers.counts import MAX_ZOOM, MIN_ZOOM, WORLD_HALF
from gis_core.models import AdminArea, CellCount
from tests.database import undone
from tests.factories import geos, make_house, make_houses, place
from vacanthouses.models import Grade, VacantHouse

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def kept():
    """Cells with their summed counts and places, cells without anything left out."""
    found: dict[tuple, list[float]] = {}
    for row in CellCount.objects.filter(layer="vacant-houses"):
        cell = found.setdefault((row.zoom, row.x, row.y, row.area_id, row.category), [0, 0.0, 0.0])
        cell[0] += row.count
        cell[1] += row.sum_x
        cell[2] += row.sum_y
    return {key: cell for key, cell in found.items() if cell[0]}


def counted():
    """The same from the table itself, computed here."""
    found: dict[tuple, list[float]] = {}
    for house in VacantHouse.objects.filter(retired_at__isnull=True):
        web = reproject(to_shapely(house.location), 5179, 3857)
        for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
            size = 2 * WORLD_HALF / 2**zoom
            x, y = math.floor((web.x + WORLD_HALF) / size), math.floor((WORLD_HALF - web.y) / size)
            cell = found.setdefault((zoom, x, y, house.area_id, house.grade), [0, 0.0, 0.0])
            cell[0] += 1
            cell[1] += web.x
            cell[2] += web.y
    return found


def check():
    expected, found = counted(), kept()
    assert {key: cell[0] for key, cell in found.items()} == {key: cell[0] for key, cell in expected.items()}
    for key, (_count, x, y) in expected.items():
        assert found[key][1:] == pytest.approx([x, y], abs=1)


spots = st.builds(place, st.integers(0, 6000), st.integers(0, 4000))
grades = st.sampled_from(Grade.values)
pick = st.integers(0, 50)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), spots, grades),
        st.tuples(st.just("add many"), st.lists(spots, min_size=1, max_size=5), grades),
        st.tuples(st.just("move"), pick, spots),
        st.tuples(st.just("grade"), pick, grades),
        st.tuples(st.just("grade all"), grades),
        st.tuples(st.just("retire"), pick),
        st.tuples(st.just("reinstate all")),
        st.tuples(st.just("delete"), pick),
        st.tuples(st.just("delete grade"), grades),
        st.tuples(st.just("move all by SQL"), st.integers(-500, 500)),
        st.tuples(st.just("take out of the area"), pick),
        st.tuples(st.just("note")),
        st.tuples(st.just("add up")),
    ),
    min_size=2,
    max_size=12,
)


def _take(step):
    houses = VacantHouse.objects.order_by("pk")
    match step:
        case ("add", spot, grade):
            make_house(spot, grade=grade)
        case ("add many", many, grade):
            make_houses(many, grade=grade)
        case ("grade all", grade):
            houses.update(grade=grade)
        case ("reinstate all",):
            houses.update(retired_at=None)
        case ("delete grade", grade):
            houses.filter(grade=grade).delete()
        case ("move all by SQL", metres):
            with connection.cursor() as cursor:
                cursor.execute("UPDATE vacanthouses_vacanthouse SET location = ST_Translate(location, %s, 0)", [metres])
        case ("note",):
            houses.update(note="seen")
        case ("add up",):
            counts.compact()
        case (name, number, *rest) if houses.exists():
            _change_one(name, houses[number % houses.count()].pk, *rest)


def _change_one(name, pk, *rest):
    one = VacantHouse.objects.filter(pk=pk)
    match name:
        case "move":
            location = geos(rest[0])
            one.update(location=location, area=AdminArea.objects.containing(location))
        case "grade":
            one.update(grade=rest[0])
        case "retire":
            one.update(retired_at=NOW)
        case "delete":
            one.delete()
        case "take out of the area":
            one.update(area=None)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_after_any_sequence_of_changes_the_counts_are_those_of_the_table(territory, sequence):
    with undone():
        make_houses([place(10, 10), place(30, 30), place(1990, 1990), place(4500, 10)], grade="2")
        for step in sequence:
            _take(step)
        check()
        counts.compact()
        check()


def test_a_new_count_from_the_table_is_the_same(territory):
    make_houses([place(x, 700) for x in range(0, 6000, 450)])
    before = kept()
    counts.rebuild("vacant-houses", "vacanthouses_vacanthouse", "location", "grade")
    assert {key: cell[0] for key, cell in kept().items()} == {key: cell[0] for key, cell in before.items()}
    check()


def test_adding_up_leaves_one_entry_per_cell_and_forgets_empty_ones(territory):
    for x in range(5):
        make_house(place(10 + x, 10))
    VacantHouse.objects.all().update(grade="1")
    fewer = counts.compact()
    assert fewer > 0
    rows = Counter((row.zoom, row.x, row.y, row.area_id, row.category) for row in CellCount.objects.all())
    assert set(rows.values()) == {1}
    assert {key[4] for key in rows} == {"1"}
    check()


def test_an_unrelated_change_writes_no_entry(territory):
    make_houses([place(10, 10), place(900, 900)])
    before = CellCount.objects.count()
    VacantHouse.objects.update(note="seen from the road")
    assert CellCount.objects.count() == before
