"""Saving and retiring records: one path, for whoever changes something and wherever from."""

import re
import uuid

import pytest
from shapely import MultiPolygon, Point, Polygon
from shapes_support import bow_tie

from gis_core.crs import reproject
from gis_core.editing import Conflict, Invalid, NotAllowed, VersionRequired, retire, save
from gis_core.editing.shapes import split_feature_geometry, to_geojson, to_shapely
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Organisation, Role
from tests.factories import (
    geos,
    house_values,
    lonlat,
    make_centre,
    make_house,
    make_organisation,
    make_user,
    place,
    square,
)
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses():
    return layers.get("vacant-houses")


def test_a_new_house_knows_its_town_and_who_made_it(houses, territory, manager):
    saved = save(houses, manager, house_values(), geometry=lonlat(place(2100, 100)))
    assert saved.created
    assert (saved.record.area, saved.record.version) == (territory.jucheon, 1)
    assert (saved.record.created_by, saved.record.updated_by) == (manager, manager)
    assert to_shapely(saved.record.location).distance(place(2100, 100)) < 0.01


def test_a_house_that_was_moved_belongs_to_the_town_it_lies_in_now(houses, territory, manager):
    house = make_house(place(100, 100))
    saved = save(houses, manager, {}, record=house, expected_version=1, geometry=lonlat(place(100, 2100)), partial=True)
    assert saved.record.area == territory.suji
    assert (saved.record.version, saved.changed) == (2, ["location"])


def test_saving_what_is_there_already_changes_nothing(houses, territory, manager):
    house = make_house(place(100, 100), parcel=geos(square(90, 90, 20)))
    again = save(
        houses, manager, {"address": house.address}, record=house, expected_version=1, partial=True,
        geometry=to_geojson(house.location), outline=to_geojson(house.parcel),
    )  # fmt: skip
    assert again.changed == []
    assert again.record.version == 1
    assert house.events.count() == 1


def test_what_is_left_out_is_emptied_by_a_full_save_and_kept_by_a_partial_one(houses, territory, manager):
    house = make_house(note="seen from the road")
    kept = save(houses, manager, {"grade": "1"}, record=house, expected_version=1, partial=True).record
    assert (kept.note, kept.grade) == ("seen from the road", "1")
    values = {**house_values(), "grade": "2"}
    emptied = save(houses, manager, values, record=house, expected_version=2).record
    assert (emptied.note, emptied.grade) == ("", "2")


def test_faults_of_facts_and_shapes_are_told_together(houses, territory, manager):
    with pytest.raises(Invalid) as refusal:
        save(
            houses, manager, {**house_values(), "pnu": "123", "found_on": "2999-01-01"},
            geometry=lonlat(Point(place(0, 0))), outline=lonlat(bow_tie()),
        )  # fmt: skip
    assert set(refusal.value.errors) == {"pnu", "found_on", "parcel"}
    assert not VacantHouse.objects.exists()


def test_a_crossing_outline_is_refused_with_its_place(houses, territory, manager):
    with pytest.raises(Invalid) as refusal:
        save(houses, manager, house_values(), outline=lonlat(bow_tie()))
    lon, lat = re.findall(r"\d+\.\d{7}", refusal.value.errors["parcel"][0])
    assert reproject(Point(float(lon), float(lat)), 4326, 5179).distance(place(125, 125)) < 0.1


def test_a_repair_is_reported_with_the_change_of_area(territory, coordinator):
    zones = layers.get("zones")
    saved = save(zones, coordinator, {"name": "협력권", "kind": "cooperation"}, geometry=lonlat(bow_tie()), repair=True)
    [report] = saved.repairs
    assert "1,250.0" in report
    shape = to_shapely(saved.record.geometry)
    assert shape.is_valid
    assert shape.area == pytest.approx(1250, rel=0.01)


def test_a_drawn_parcel_puts_the_house_inside_it(houses, territory, manager):
    saved = save(houses, manager, house_values(), outline=lonlat(square(500, 500, 20)))
    assert square(500, 500, 20).buffer(0.02).covers(to_shapely(saved.record.location))
    assert saved.record.area == territory.unbong


def test_another_parcel_leaves_a_house_that_lies_in_it_where_it_is(houses, territory, manager):
    house = make_house(place(505, 505))
    saved = save(houses, manager, {}, record=house, expected_version=1, outline=lonlat(square(500, 500)), partial=True)
    assert saved.changed == ["parcel"]
    moved = save(houses, manager, {}, record=house, expected_version=2, outline=lonlat(square(900, 900)), partial=True)
    assert moved.changed == ["location", "parcel"]


def test_a_place_sent_with_its_parcel_is_where_the_house_is(houses, territory, manager):
    house = make_house(place(505, 505))
    saved = save(
        houses, manager, {}, record=house, expected_version=1, partial=True,
        geometry=to_geojson(house.location), outline=lonlat(square(900, 900)),
    )  # fmt: skip
    assert saved.changed == ["parcel"]


def test_a_house_needs_a_place(houses, territory, manager):
    house = make_house()
    for arguments in ({}, {"geometry": None}):
        with pytest.raises(Invalid) as refusal:
            save(houses, manager, house_values(), **arguments)
        assert "location" in refusal.value.errors
    with pytest.raises(Invalid):
        save(houses, manager, {}, record=house, expected_version=1, geometry=None, partial=True)


@pytest.mark.parametrize(
    ("geometry", "word"),
    [
        ({"type": "Point", "coordinates": [35.4, 127.4]}, "exchanged"),
        ({"type": "Point", "coordinates": [2.3, 48.8]}, "outside Korea"),
        ({"type": "Point", "coordinates": []}, "empty"),
        ({"type": "LineString", "coordinates": [[127.4, 35.4], [127.5, 35.5]]}, "must be a Point"),
        ({"type": "Point"}, "not a GeoJSON"),
        ("POINT(127 35)", "not a GeoJSON"),
    ],
)
def test_a_place_that_makes_no_sense_is_refused_with_the_reason(houses, territory, manager, geometry, word):
    from django.utils import translation

    with translation.override("en"), pytest.raises(Invalid) as refusal:
        save(houses, manager, house_values(), geometry=geometry)
    assert word in refusal.value.errors["location"][0]


def test_a_polygon_with_a_hole_keeps_it(territory, coordinator):
    ring = Polygon(square(0, 0, 100).exterior.coords, [square(40, 40, 20).exterior.coords[::-1]])
    saved = save(
        layers.get("zones"), coordinator, {"name": "고리", "kind": "service"}, geometry=lonlat(MultiPolygon([ring]))
    )
    shape = to_shapely(saved.record.geometry)
    assert len(shape.geoms[0].interiors) == 1
    assert shape.area == pytest.approx(9600, rel=1e-3)


def test_coordinates_in_another_system_end_at_the_same_place(houses, territory, manager):
    for srid in (5179, 5186, 3857):
        point = reproject(place(321, 123), 5179, srid)
        saved = save(houses, manager, house_values(), geometry=point, srid=srid)
        assert to_shapely(saved.record.location).distance(place(321, 123)) < 0.001


def test_a_viewer_can_neither_add_change_nor_retire(houses, territory, viewer):
    house = make_house()
    with pytest.raises(NotAllowed):
        save(houses, viewer, {}, geometry=lonlat(place(1, 1)))
    with pytest.raises(NotAllowed):
        save(houses, viewer, {}, record=house, expected_version=1)
    with pytest.raises(NotAllowed):
        retire(houses, viewer, house, reason="gone", expected_version=1)
    house.refresh_from_db()
    assert (house.version, house.retired_at) == (1, None)


def test_a_surveyor_cannot_change_a_house_of_another_town(houses, territory, surveyor):
    house = make_house(place(2100, 100))
    with pytest.raises(NotAllowed):
        save(houses, surveyor, {"note": "mine"}, record=house, expected_version=1, partial=True)
    with pytest.raises(NotAllowed):
        retire(houses, surveyor, house, reason="gone", expected_version=1)


def test_a_surveyor_can_neither_add_a_house_in_another_town_nor_move_one_there(houses, territory, surveyor):
    with pytest.raises(NotAllowed):
        save(houses, surveyor, house_values(), geometry=lonlat(place(2100, 100)))
    house = make_house(place(100, 100))
    with pytest.raises(NotAllowed):
        save(houses, surveyor, {}, record=house, expected_version=1, geometry=lonlat(place(2100, 100)), partial=True)
    house.refresh_from_db()
    assert (house.area, house.version) == (territory.unbong, 1)
    assert VacantHouse.objects.count() == 1


def test_a_surveyor_cannot_take_a_house_of_another_town_by_moving_it_into_ones_own(houses, territory, surveyor):
    house = make_house(place(2100, 100))
    with pytest.raises(NotAllowed):
        save(houses, surveyor, {}, record=house, expected_version=1, geometry=lonlat(place(100, 100)), partial=True)


def test_a_change_must_say_which_version_it_is_of(houses, territory, manager):
    house = make_house()
    with pytest.raises(VersionRequired):
        save(houses, manager, {"note": "x"}, record=house, partial=True)
    with pytest.raises(VersionRequired):
        retire(houses, manager, house, reason="gone", expected_version=None)


def test_a_retired_record_is_out_of_use_with_its_reason_and_cannot_be_changed(houses, territory, manager):
    house = make_house()
    retired = retire(houses, manager, house, reason=" demolished ", expected_version=1)
    assert (retired.retired_reason, retired.version, retired.updated_by) == ("demolished", 2, manager)
    assert not houses.queryset(manager).filter(pk=house.pk).exists()
    for attempt in (
        lambda: save(houses, manager, {"note": "x"}, record=house, expected_version=2, partial=True),
        lambda: retire(houses, manager, house, reason="again", expected_version=2),
    ):
        with pytest.raises(Invalid):
            attempt()
    with pytest.raises(Invalid) as refusal:
        retire(houses, manager, make_house(), reason="  ", expected_version=1)
    assert "reason" in refusal.value.errors


def test_a_reason_of_any_length_is_kept_as_far_as_it_fits(houses, territory, manager):
    assert len(retire(houses, manager, make_house(), reason="무" * 500, expected_version=1).retired_reason) == 200


def test_the_same_form_sent_twice_makes_one_record(houses, territory, manager):
    token = uuid.uuid4()
    first = save(houses, manager, house_values(), geometry=lonlat(place(1, 1)), token=token)
    second = save(houses, manager, house_values(), geometry=lonlat(place(2, 2)), token=token)
    assert (first.created, second.created) == (True, False)
    assert first.record.pk == second.record.pk


def test_a_form_that_was_refused_can_be_sent_again(houses, territory, manager):
    token = uuid.uuid4()
    with pytest.raises(Invalid):
        save(houses, manager, {}, geometry=lonlat(place(1, 1)), token=token)
    assert save(houses, manager, house_values(), geometry=lonlat(place(1, 1)), token=token).created


def test_somebody_elses_form_is_not_taken_for_mine(houses, territory, manager, surveyor):
    token = uuid.uuid4()
    save(houses, manager, house_values(), geometry=lonlat(place(1, 1)), token=token)
    with pytest.raises(Invalid):
        save(houses, surveyor, house_values(), geometry=lonlat(place(1, 1)), token=token)


def test_an_organisation_without_a_place_keeps_the_town_that_was_chosen(territory, officer):
    layer = layers.get("organisations")
    values = {"name": "이장협의회", "kind": "village_heads", "area": territory.suji.pk}
    made = save(layer, officer, values).record
    assert (made.area, made.location) == (territory.suji, None)
    placed = save(layer, officer, values, record=made, expected_version=1, geometry=lonlat(place(10, 10))).record
    assert placed.area == territory.unbong


def test_an_organisation_with_a_place_cannot_be_said_to_lie_elsewhere(territory, officer):
    office = make_organisation(point=place(10, 10))
    saved = save(
        layers.get("organisations"), officer, {"area": territory.suji.pk},
        record=office, expected_version=1, partial=True,
    )  # fmt: skip
    assert saved.record.area == territory.unbong


def test_an_officer_of_one_town_cannot_give_an_organisation_to_another(territory):
    user = make_user("officer", (Role.DISASTER_OFFICER, territory.unbong))
    layer = layers.get("organisations")
    office = Organisation.objects.create(name="자율방재단", kind="disaster_corps", area=territory.unbong)
    with pytest.raises(NotAllowed):
        save(layer, user, {"area": territory.suji.pk}, record=office, expected_version=1, partial=True)
    with pytest.raises(NotAllowed):
        save(layer, user, {"name": "새", "kind": "other", "area": territory.suji.pk})


def test_an_administrator_corrects_a_boundary_and_its_area_is_measured_anew(territory, administrator):
    layer = layers.get("areas")
    saved = save(
        layer, administrator, {}, record=territory.unbong, expected_version=1, partial=True,
        geometry=lonlat(square(0, 0, 1000)),
    )  # fmt: skip
    assert (saved.record.boundary, float(saved.record.km2)) == ("drawn", pytest.approx(1, rel=1e-4))


def test_an_area_sent_back_as_it_was_read_is_not_taken_for_drawn(territory, administrator):
    area = territory.unbong
    saved = save(
        layers.get("areas"), administrator, {"name": "운봉읍"}, record=area, expected_version=1,
        geometry=to_geojson(area.geometry),
    )  # fmt: skip
    assert (saved.changed, saved.record.boundary, saved.record.version) == ([], "imported", 1)


def test_areas_are_not_added_one_by_one(territory, administrator):
    with pytest.raises(Invalid):
        save(layers.get("areas"), administrator, {"name": "새 면"}, geometry=lonlat(square(0, 0, 100)))
    assert not AdminArea.objects.filter(name="새 면").exists()


def test_a_feature_may_bring_its_outline_as_its_geometry_or_beside_its_place():
    point, polygon = lonlat(place(1, 1)), lonlat(square(0, 0))
    assert split_feature_geometry(point, "parcel") == (point, None)
    assert split_feature_geometry(polygon, "parcel") == (None, polygon)
    both = {"type": "GeometryCollection", "geometries": [polygon, point]}
    assert split_feature_geometry(both, "parcel") == (point, polygon)
    assert split_feature_geometry(polygon, None) == (polygon, None)
    assert split_feature_geometry(None, "parcel") == (None, None)


def test_saving_costs_the_same_number_of_statements_however_many_records_there_are(
    houses, territory, manager, django_assert_max_num_queries
):
    for x in range(5):
        make_house(place(x, x))
    house = make_house()
    with django_assert_max_num_queries(10):
        save(houses, manager, {"note": "x"}, record=house, expected_version=1, partial=True)


def test_two_centres_may_have_one_name(territory, planner):
    make_centre(name="행정복지센터")
    made = save(
        layers.get("centres"), planner, {"name": "행정복지센터", "category": "governmentfacility"},
        geometry=lonlat(place(1, 1)),
    )  # fmt: skip
    assert made.created


def test_a_conflict_is_told_before_a_fault(houses, territory, manager):
    house = make_house()
    save(houses, manager, {"note": "first"}, record=house, expected_version=1, partial=True)
    with pytest.raises(Conflict):
        save(houses, manager, {"pnu": "1"}, record=house, expected_version=1, partial=True)
