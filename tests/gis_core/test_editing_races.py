"""Several people at the very same moment, on connections of their own."""

import uuid

import pytest
from django.db import connection, transaction

from gis_core.editing import Conflict, Invalid, restore, retire, save
from gis_core.editing import state as states
from gis_core.layers.registry import layers
from gis_core.layers.versions import data_version
from tests.database import at_once
from tests.factories import (
    house_values,
    lonlat,
    make_centre,
    make_house,
    make_houses,
    make_organisation,
    make_zone,
    place,
)
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_save_the_same_version_exactly_one_wins(territory, manager):
    layer, house = layers.get("vacant-houses"), make_house()

    def work(grade):
        return lambda: save(layer, manager, {"grade": grade}, record=house, expected_version=1, partial=True)

    results = at_once(*(work(grade) for grade in "123"))
    lost = [result for result in results if isinstance(result, Conflict)]
    won = [result for result in results if not isinstance(result, Exception)]
    assert (len(won), len(lost)) == (1, 2), results
    house.refresh_from_db()
    assert (house.version, house.grade) == (2, won[0].record.grade)
    assert all(conflict.difference["grade"]["current"] == house.grade for conflict in lost)


def test_of_two_who_merge_different_fields_both_are_kept(territory, planner):
    layer, centre = layers.get("centres"), make_centre(staff=1, note="")

    def work(**data):
        return lambda: save(layer, planner, data, record=centre, expected_version=1, partial=True, merging=True)

    results = at_once(work(staff=25), work(note="이전 검토"), work(address="남원시 운봉읍"))
    assert not [result for result in results if isinstance(result, Exception)]
    centre.refresh_from_db()
    assert (centre.staff, centre.note, centre.address, centre.version) == (25, "이전 검토", "남원시 운봉읍", 4)


def test_saving_and_retiring_at_once_leaves_one_of_them(territory, manager):
    layer, house = layers.get("vacant-houses"), make_house()
    results = at_once(
        lambda: save(layer, manager, {"note": "x"}, record=house, expected_version=1, partial=True),
        lambda: retire(layer, manager, house, reason="demolished", expected_version=1),
    )
    assert sum(isinstance(result, Conflict | Invalid) for result in results) == 1, results
    house.refresh_from_db()
    assert house.version == 2


def test_a_retired_record_put_back_by_two_comes_back_once(territory, manager):
    layer, house = layers.get("vacant-houses"), make_house()
    retired = retire(layer, manager, house, reason="by mistake", expected_version=1)
    first = house.events.get(version=1).pgh_id
    results = at_once(*[lambda: restore(layer, manager, retired, first, expected_version=2)] * 2)
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    house.refresh_from_db()
    assert house.retired_at is None


def test_the_same_form_sent_twice_at_once_makes_one_house(territory, manager):
    layer, token = layers.get("vacant-houses"), uuid.uuid4()
    values = house_values()
    results = at_once(*[lambda: save(layer, manager, values, geometry=lonlat(place(1, 1)), token=token)] * 3)
    assert not [result for result in results if isinstance(result, Exception)], results
    assert sorted(result.created for result in results) == [False, False, True]
    assert len({result.record.pk for result in results}) == 1
    assert VacantHouse.objects.count() == 1


def test_writers_of_different_houses_do_not_wait_for_each_other(territory, other_connection):
    """While one transaction with changes of houses is open, others write houses of the same cell and commit."""
    houses = make_houses([place(10, 10), place(12, 12), place(14, 14)])
    with transaction.atomic():
        VacantHouse.objects.filter(pk=houses[0].pk).update(grade="1")
        make_house(place(11, 11))
        with other_connection() as other:
            other.execute("SET lock_timeout = '2s'")
            other.execute("UPDATE vacanthouses_vacanthouse SET grade = '2' WHERE id = %s", [houses[1].pk])
            other.execute("DELETE FROM vacanthouses_vacanthouse WHERE id = %s", [houses[2].pk])
    assert set(VacantHouse.objects.values_list("grade", flat=True)) == {"1", "2", "none"}


def test_many_writers_at_once_lose_no_count_and_no_version(territory):
    layer = layers.get("vacant-houses")
    before = data_version(layer)
    results = at_once(*[lambda: [make_house(place(50, 50)) for _ in range(5)] for _ in range(4)])
    assert not [result for result in results if isinstance(result, Exception)], results
    with connection.cursor() as cursor:
        cursor.execute("SELECT zoom, sum(count) FROM gis_core_cellcount GROUP BY zoom")
        assert {count for _zoom, count in cursor.fetchall()} == {20}
    assert int(data_version(layer).split(".")[0]) == int(before.split(".")[0]) + 20


def test_members_of_each_version_are_right_though_the_later_save_began_first(territory, coordinator):
    layer, office = layers.get("zones"), make_organisation()
    with transaction.atomic():
        zone = make_zone(territory.unbong)

    def change(**data):
        return save(layer, coordinator, data, record=zone, expected_version=1, partial=True, merging=True)

    with transaction.atomic():
        # The transaction's time is this one; meanwhile somebody else saves.
        zone.refresh_from_db()
        [other] = at_once(lambda: change(member_areas=[territory.unbong.pk, territory.suji.pk]))
        assert other.record.version == 2
        assert change(member_organisations=[office.pk]).record.version == 3
    second, third = (states.of_version(layer, zone, version) for version in (2, 3))
    towns = {territory.unbong.pk, territory.suji.pk}
    assert (second["member_areas"], second["member_organisations"]) == (towns, set())
    assert (third["member_areas"], third["member_organisations"]) == (towns, {office.pk})
