"""The extent of a zone follows its members, until somebody draws it."""

import pytest
from shapely import MultiPolygon, union_all

from gis_core.editing import Invalid, NotAllowed, restore, save
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Role
from gis_core.zones.extent import refresh_extents, union_of
from tests.factories import geos, lonlat, make_organisation, make_user, make_zone, place, square

pytestmark = pytest.mark.django_db


def facts(*areas, **values):
    return {
        "name": "백두대간 생활권",
        "kind": "living_sphere",
        "member_areas": [area.pk for area in areas],
        **values,
    }


def shape(record):
    found = to_shapely(record.geometry)
    assert found is not None
    return found


def joined(*areas):
    return union_all([to_shapely(area.geometry) for area in areas])


@pytest.fixture
def layer():
    return layers.get("zones")


def test_a_zone_of_neighbours_is_one_piece_and_of_distant_towns_two(territory):
    near, far = (
        union_of([territory.unbong.pk, territory.jucheon.pk]),
        union_of([territory.unbong.pk, territory.sunchang_eup.pk]),
    )
    assert isinstance(near, MultiPolygon)
    assert len(near.geoms) == 1
    assert isinstance(far, MultiPolygon)
    assert len(far.geoms) == 2
    assert union_of([]) is None


def test_a_coordinator_makes_a_zone_by_choosing_towns(layer, territory, coordinator):
    office = make_organisation()
    zone = save(layer, coordinator, facts(territory.unbong, territory.jucheon, member_organisations=[office.pk])).record
    assert shape(zone).equals(joined(territory.unbong, territory.jucheon))
    assert not zone.drawn
    assert set(zone.member_areas.all()) == {territory.unbong, territory.jucheon}
    assert list(zone.member_organisations.all()) == [office]


def test_a_zone_without_towns_must_be_drawn(layer, coordinator):
    with pytest.raises(Invalid) as refusal:
        save(layer, coordinator, facts())
    assert "member_areas" in refusal.value.errors
    zone = save(layer, coordinator, facts(), geometry=lonlat(square(0, 0, 500))).record
    assert zone.drawn
    assert shape(zone).area == pytest.approx(250_000, rel=1e-4)


def test_another_town_widens_the_extent(layer, territory, coordinator):
    zone = make_zone(territory.unbong)
    saved = save(
        layer, coordinator, facts(territory.unbong, territory.suji), record=zone, expected_version=zone.version
    )
    assert shape(saved.record).equals(joined(territory.unbong, territory.suji))
    assert saved.record.version == zone.version + 1


def test_a_zone_sent_back_as_it_was_read_keeps_following_its_towns(layer, territory, coordinator):
    zone = make_zone(territory.unbong, territory.jucheon)
    kept = save(
        layer, coordinator, facts(territory.unbong, territory.jucheon, budget_krw=10_000_000),
        record=zone, expected_version=1, geometry=lonlat(shape(zone)),
    )  # fmt: skip
    assert kept.changed == ["budget_krw", "kind", "name"]
    assert not kept.record.drawn
    widened = save(
        layer, coordinator, facts(territory.unbong, territory.jucheon, territory.suji),
        record=zone, expected_version=2, geometry=lonlat(shape(zone)),
    )  # fmt: skip
    assert shape(widened.record).equals(joined(territory.unbong, territory.jucheon, territory.suji))


def test_a_drawn_extent_stays_when_towns_join_and_goes_back_to_the_towns_when_it_is_cleared(
    layer, territory, coordinator
):
    zone = make_zone(territory.unbong)
    drawn = save(
        layer, coordinator, facts(territory.unbong),
        record=zone, expected_version=1, geometry=lonlat(square(100, 100, 300)),
    ).record  # fmt: skip
    assert drawn.drawn
    more = save(layer, coordinator, facts(territory.unbong, territory.suji), record=zone, expected_version=2).record
    assert shape(more).equals(shape(drawn))
    cleared = save(
        layer, coordinator, facts(territory.unbong, territory.suji), record=zone, expected_version=3, geometry=None
    ).record
    assert not cleared.drawn
    assert shape(cleared).equals(joined(territory.unbong, territory.suji))


def test_a_drawn_extent_put_back_counts_as_drawn_again(layer, territory, coordinator):
    zone = make_zone(territory.unbong)
    save(
        layer, coordinator, facts(territory.unbong),
        record=zone, expected_version=1, geometry=lonlat(square(100, 100, 300)),
    )  # fmt: skip
    save(layer, coordinator, facts(territory.unbong), record=zone, expected_version=2, geometry=None)
    drawn = zone.events.get(version=2)
    back = restore(layer, coordinator, zone, drawn.pgh_id, expected_version=3, fields=["geometry"]).record
    assert back.drawn
    assert refresh_extents([territory.unbong.pk]) == 0


def test_a_moved_boundary_moves_the_zones_that_follow_it_and_no_other(territory):
    follows, drawn = make_zone(territory.unbong), make_zone(territory.unbong, drawn=True)
    elsewhere = make_zone(territory.suji)
    moved = MultiPolygon([square(0, 0, 1500)])
    AdminArea.objects.filter(pk=territory.unbong.pk).update(geometry=geos(moved))
    assert refresh_extents([territory.unbong.pk]) == 1
    for zone in (follows, drawn, elsewhere):
        zone.refresh_from_db()
    assert shape(follows).equals(moved)
    assert shape(drawn).equals(to_shapely(territory.unbong.geometry))
    assert (follows.version, drawn.version, elsewhere.version) == (2, 1, 1)
    assert refresh_extents([territory.unbong.pk]) == 0


def test_a_period_must_not_end_before_it_begins(layer, territory, coordinator):
    with pytest.raises(Invalid) as refusal:
        save(layer, coordinator, facts(territory.unbong, period_start="2020-02-01", period_end="2019-05-01"))
    assert list(refusal.value.errors) == ["period_end"]


def test_a_member_town_that_was_abolished_does_not_stand_in_the_way(layer, territory, coordinator):
    zone = make_zone(territory.unbong, territory.jucheon)
    AdminArea.objects.filter(pk=territory.unbong.pk).update(valid_to="2026-06-30")
    saved = save(layer, coordinator, {"purpose": "하천 정화"}, record=zone, expected_version=zone.version, partial=True)
    assert saved.changed == ["purpose"]
    assert set(saved.record.member_areas.all()) == {territory.unbong, territory.jucheon}
    with pytest.raises(Invalid):
        save(layer, coordinator, facts(territory.unbong))


def test_a_coordinator_of_one_town_can_neither_take_nor_leave_a_zone_without_it(layer, territory):
    user = make_user("coordinator", (Role.ZONE_COORDINATOR, territory.unbong))
    zone = make_zone(territory.unbong, territory.jucheon)
    with pytest.raises(NotAllowed):
        save(layer, user, facts(territory.jucheon))
    with pytest.raises(NotAllowed):
        save(layer, user, facts(territory.jucheon), record=zone, expected_version=1)
    with pytest.raises(NotAllowed):
        save(layer, user, facts(), record=zone, expected_version=1, geometry=lonlat(square(0, 0, 100)))
    assert save(layer, user, facts(territory.unbong), record=zone, expected_version=1).changed
    assert place(0, 0).intersects(shape(zone))
