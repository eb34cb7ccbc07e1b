"""Writing features: adding, replacing, changing, retiring, and everything that is refused."""

import json
import re
import uuid

import pytest
from shapely import Point
from shapely.geometry import shape
from shapes_support import bow_tie

from gis_core.crs import CRS84, reproject, uri
from gis_core.editing.history import changes
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers
from tests.conftest import Api, basic, is_problem
from tests.factories import (
    geos,
    house_values,
    lonlat,
    make_centre,
    make_house,
    make_organisation,
    make_zone,
    place,
    square,
)
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db

HOUSES = "collections/vacant-houses/items"


def feature(geometry=None, **properties):
    values = {**house_values(), **properties}
    return {"type": "Feature", "geometry": geometry or lonlat(place(100, 100)), "properties": values}


def read(api, house):
    return api.get(f"{HOUSES}/{house.pk}").json()


def test_a_house_is_added_and_its_address_in_the_api_is_told(territory, manager):
    api = Api(manager)
    response = api.post(HOUSES, feature(grade="2"))
    assert response.status_code == 201
    house = VacantHouse.objects.get()
    assert response["Location"] == f"http://testserver/api/{HOUSES}/{house.pk}"
    assert response["ETag"] == '"1"'
    assert (house.grade, house.area, house.created_by) == ("2", territory.unbong, manager)
    assert api.get(response["Location"].split("/api/", 1)[1]).json()["properties"]["grade"] == "2"


def test_what_was_read_can_be_written_back_and_changes_nothing(territory, administrator):
    """Every layer's features, with all their properties, computed ones among them."""
    api = Api(administrator)
    office = make_organisation(point=place(5, 5))
    make_zone(territory.unbong, territory.suji, organisations=[office], lead=office, period_start="2019-05-01")
    make_centre(place(5, 5), footprint=geos(square(0, 0)), opened_on="1990-07-01", gross_floor_area_m2="12.5")
    make_house(place(9, 9), parcel=geos(square(0, 0, 20)), note="두 줄\n메모")
    for layer in layers:
        for found in api.features(layer.id):
            path = f"collections/{layer.id}/items/{found['id']}"
            response = api.put(path, found, if_match=api.get(path)["ETag"])
            assert response.status_code == 200, (layer.id, response.content.decode())
            assert response["ETag"] == '"1"', layer.id
            assert response.json()["properties"] == found["properties"]
            assert response.json()["geometry"] == found["geometry"]


def test_a_house_is_replaced_with_what_was_sent_and_nothing_else(territory, manager):
    house = make_house(note="seen from the road", parcel=geos(square(900, 900, 200)))
    response = Api(manager).put(f"{HOUSES}/{house.pk}", feature(lonlat(place(2100, 50)), grade="3"), if_match='"1"')
    assert response.status_code == 200
    assert response["ETag"] == '"2"'
    facts = response.json()["properties"]
    assert (facts["grade"], facts["note"], facts["area_name"]) == ("3", "", territory.jucheon.full_name)


def test_a_house_is_changed_in_one_fact_and_keeps_the_others(territory, manager):
    house = make_house(note="seen from the road")
    response = Api(manager).patch(f"{HOUSES}/{house.pk}", {"properties": {"grade": "1"}}, if_match='"1"')
    assert response.status_code == 200
    house.refresh_from_db()
    assert (house.grade, house.note, house.version) == ("1", "seen from the road", 2)


def test_only_the_place_is_changed(territory, manager):
    house = make_house(place(100, 100))
    response = Api(manager).patch(f"{HOUSES}/{house.pk}", {"geometry": lonlat(place(100, 2100))}, if_match='"1"')
    assert response.json()["properties"]["area"] == territory.suji.pk


def test_a_parcel_is_set_changed_and_taken_away(territory, manager):
    api, house = Api(manager), make_house(place(905, 905))
    path = f"{HOUSES}/{house.pk}"
    response = api.patch(path, {"properties": {"parcel": lonlat(square(900, 900))}}, if_match='"1"')
    assert response.json()["properties"]["parcel"]["type"] == "Polygon"
    response = api.patch(path, {"geometry": lonlat(square(800, 800))}, if_match='"2"')
    moved = reproject(shape(response.json()["geometry"]), 4326, 5179)
    assert square(800, 800).buffer(0.02).covers(moved)
    response = api.patch(path, {"properties": {"parcel": None}}, if_match='"3"')
    assert response.json()["properties"]["parcel"] is None


def test_a_house_is_retired_with_a_reason_and_kept_in_history(territory, manager):
    api, house = Api(manager), make_house()
    response = api.delete(f"{HOUSES}/{house.pk}?reason=철거", if_match='"1"')
    assert response.status_code == 204
    house.refresh_from_db()
    assert (house.retired_reason, house.version) == ("철거", 2)
    is_problem(api.get(f"{HOUSES}/{house.pk}"), 404)
    is_problem(api.delete(f"{HOUSES}/{house.pk}", if_match='"2"'), 404)
    assert changes(layers.get("vacant-houses"), house)[0].label == "retire"


def test_a_zone_takes_its_members_by_number(territory, coordinator):
    api, office = Api(coordinator), make_organisation()
    properties = {
        "name": "백두대간 생활권",
        "kind": "living_sphere",
        "member_areas": [territory.unbong.pk, territory.jucheon.pk],
        "member_organisations": [office.pk],
        "lead": office.pk,
        "budget_krw": 10_000_000,
    }
    response = api.post("collections/zones/items", {"type": "Feature", "geometry": None, "properties": properties})
    assert response.status_code == 201, response.content.decode()
    facts = response.json()["properties"]
    assert facts["member_area_names"] == ["운봉읍", "주천면"]
    assert (facts["lead_name"], facts["budget_krw"], facts["drawn"]) == (office.name, 10_000_000, False)
    path = response["Location"].split("/api/", 1)[1]
    response = api.patch(path, {"properties": {"member_areas": [territory.suji.pk]}}, if_match=response["ETag"])
    assert response.json()["properties"]["member_area_names"] == ["수지면"]
    assert response.json()["properties"]["member_organisations"] == [office.pk]
    response = api.patch(path, {"properties": {"member_organisations": []}}, if_match=response["ETag"])
    assert response.json()["properties"]["member_organisations"] == []


def test_without_a_version_a_change_is_refused_with_428(territory, manager):
    house = make_house()
    for attempt in (
        Api(manager).put(f"{HOUSES}/{house.pk}", feature()),
        Api(manager).patch(f"{HOUSES}/{house.pk}", {"properties": {"grade": "1"}}),
        Api(manager).patch(f"{HOUSES}/{house.pk}", {"properties": {"grade": "1"}}, if_match="*"),
        Api(manager).delete(f"{HOUSES}/{house.pk}"),
    ):
        is_problem(attempt, 428)
    house.refresh_from_db()
    assert house.version == 1


def test_a_stale_version_is_refused_with_412_the_present_feature_and_the_difference(territory, manager):
    api, house = Api(manager), make_house(grade="none")
    api.patch(f"{HOUSES}/{house.pk}", {"properties": {"grade": "1"}}, if_match='"1"')
    sent = {"properties": {"grade": "3"}, "geometry": lonlat(place(7, 7))}
    response = api.patch(f"{HOUSES}/{house.pk}", sent, if_match='"1"')
    problem = is_problem(response, 412)
    assert response["ETag"] == '"2"'
    assert problem["current"]["properties"]["grade"] == "1"
    assert problem["difference"]["grade"] == {"base": "none", "current": "1", "yours": "3"}
    assert problem["difference"]["location"]["yours"]["type"] == "Point"
    is_problem(api.delete(f"{HOUSES}/{house.pk}", if_match='"1"'), 412)
    house.refresh_from_db()
    assert house.version == 2


@pytest.mark.parametrize("tag", ['"0"', '"7"', '"99999999999999999999"', '"x"', "", "W/", '"1", "2"', '"-1"'])
def test_a_tag_of_no_version_of_this_record_is_stale(territory, manager, tag):
    house = make_house()
    is_problem(Api(manager).patch(f"{HOUSES}/{house.pk}", {"properties": {"grade": "1"}}, if_match=tag), 412)


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', "1"])
def test_a_tag_that_gzip_made_weak_still_names_its_version(territory, manager, tag):
    house = make_house()
    response = Api(manager).patch(f"{HOUSES}/{house.pk}", {"properties": {"grade": "1"}}, if_match=tag)
    assert response.status_code == 200


def test_a_bad_parcel_number_is_refused_with_422_naming_the_field_and_the_digit(territory, manager):
    house = make_house()
    response = Api(manager).put(
        f"{HOUSES}/{house.pk}", feature(pnu="5219025021901230004"), if_match='"1"', accept_language="en"
    )
    problem = is_problem(response, 422)
    assert list(problem["errors"]) == ["pnu"]
    assert "11" in problem["errors"]["pnu"][0]
    assert "pnu" in problem["detail"]


def test_every_fault_is_named_at_once(territory, manager):
    response = Api(manager).post(HOUSES, feature(pnu="1", grade="9", found_on="2999-01-01", address=""))
    assert set(is_problem(response, 422)["errors"]) == {"pnu", "grade", "found_on", "address"}


def test_a_viewer_is_refused_with_403_whatever_they_send(territory, viewer):
    house = make_house()
    for body in (feature(), feature(pnu="1"), "no json at all", []):
        for tag in ({}, {"if_match": '"1"'}, {"if_match": '"7"'}):
            is_problem(Api(viewer).put(f"{HOUSES}/{house.pk}", body, **tag), 403)
        is_problem(Api(viewer).post(HOUSES, body), 403)
    is_problem(Api(viewer).delete(f"{HOUSES}/{house.pk}", if_match='"1"'), 403)


def test_a_viewer_does_not_learn_which_houses_there_are(territory, viewer):
    house = make_house()
    there, not_there = (Api(viewer).put(f"{HOUSES}/{pk}", feature(), if_match='"1"') for pk in (house.pk, 999_999))
    assert there.content == not_there.content


def test_a_surveyor_cannot_change_a_house_of_another_town(territory, surveyor):
    house = make_house(place(2100, 100))
    api = Api(surveyor)
    is_problem(api.put(f"{HOUSES}/{house.pk}", feature(), if_match='"1"'), 403)
    is_problem(api.patch(f"{HOUSES}/{house.pk}", {"properties": {"note": "x"}}, if_match='"7"'), 403)
    is_problem(api.delete(f"{HOUSES}/{house.pk}", if_match='"1"'), 403)
    is_problem(api.post(HOUSES, feature(lonlat(place(2100, 100)))), 403)
    assert VacantHouse.objects.get().version == 1


def test_a_stranger_is_asked_to_sign_in_before_writing_anything(territory):
    house = make_house()
    for response in (
        Api().post(HOUSES, feature()),
        Api().put(f"{HOUSES}/{house.pk}", feature(), if_match='"1"'),
        Api().delete(f"{HOUSES}/{house.pk}", if_match='"1"'),
        Api().patch(f"collections/areas/items/{territory.unbong.pk}", {"properties": {"name": "x"}}, if_match='"1"'),
        Api().post("collections/areas/items", feature()),
    ):
        is_problem(response, 401)


@pytest.mark.parametrize("as_property", [True, False])
def test_a_self_crossing_polygon_is_refused_with_422_saying_where(territory, manager, as_property):
    house, tie = make_house(), lonlat(bow_tie(100, 100, 50))
    body = feature(parcel=tie) if as_property else feature(tie)
    problem = is_problem(Api(manager).put(f"{HOUSES}/{house.pk}", body, if_match='"1"', accept_language="en"), 422)
    assert list(problem["errors"]) == ["parcel"]
    lon, lat = re.findall(r"\d+\.\d{7}", problem["errors"]["parcel"][0])
    assert reproject(Point(float(lon), float(lat)), 4326, 5179).distance(place(125, 125)) < 0.1


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [127.4]},
        {"type": "Point", "coordinates": ["127", "35"]},
        {"type": "Circle", "coordinates": [127, 35]},
        {"type": "LineString", "coordinates": [[127, 35], [127.1, 35.1]]},
        {"type": "MultiPoint", "coordinates": [[127, 35]]},
        {"type": "Point", "coordinates": [35.4, 127.4]},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "GeometryCollection", "geometries": [{"type": "Point"}]},
        "POINT(127 35)",
        [127, 35],
        7,
    ],
)
def test_a_geometry_that_makes_no_sense_is_refused_with_422(territory, manager, geometry):
    problem = is_problem(Api(manager).post(HOUSES, feature(geometry)), 422)
    assert set(problem["errors"]) <= {"location", "parcel"}
    assert not VacantHouse.objects.exists()


@pytest.mark.parametrize("value", [["a"], {"a": 1}, "\ud800", "nul \u0000 inside", True, 5, 1e300, [], {}, "9" * 500])
@pytest.mark.parametrize("name", ["pnu", "address", "found_on", "grade", "parcel"])
def test_a_value_of_another_kind_is_refused_and_breaks_nothing(territory, manager, name, value):
    response = Api(manager).post(HOUSES, feature(**{name: value}))
    if name == "address" and value in (True, 5, 1e300):
        assert response.status_code == 201
    else:
        assert name in is_problem(response, 422)["errors"]


@pytest.mark.parametrize("value", ["x", 5, {"a": 1}, [[1]], [{}], ["x"], [10**30], [-1], [1.5], [None], True])
def test_members_that_make_no_sense_are_refused(territory, coordinator, value):
    properties = {"name": "협력권", "kind": "cooperation", "member_areas": value}
    body = {"type": "Feature", "geometry": None, "properties": properties}
    response = Api(coordinator).post("collections/zones/items", body)
    assert "member_areas" in is_problem(response, 422)["errors"]


def test_an_unknown_property_is_refused_so_that_none_is_lost(territory, manager):
    problem = is_problem(Api(manager).post(HOUSES, feature(colour="red", owner="김")), 422)
    assert set(problem["errors"]) == {"colour", "owner"}


@pytest.mark.parametrize("body", [[], 7, "text", None, {}, {"type": "FeatureCollection", "features": []}])
def test_a_body_that_is_no_feature_is_refused(territory, manager, body):
    is_problem(Api(manager).post(HOUSES, json.dumps(body)), 422)


@pytest.mark.parametrize("body", ["{", "", "{'a': 1}", '{"a": NaN}', b"\xff\xfe", "[" * 100_000])
def test_a_body_that_is_no_json_is_refused_with_400(territory, manager, body):
    response = Api(manager).post(HOUSES, body)
    is_problem(response, 422 if body == "" else 400)


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"],
)
def test_a_body_in_another_format_is_refused_with_415(territory, manager, media_type):
    is_problem(Api(manager).send("POST", HOUSES, "name=x", content_type=media_type), 415)


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/geo+json", "application/geo+json; charset=utf-8"]
)
def test_a_feature_may_be_sent_as_json_or_as_geojson(territory, manager, media_type):
    assert Api(manager).send("POST", HOUSES, feature(), content_type=media_type).status_code == 201


@pytest.mark.parametrize("crs", [CRS84, uri(4326), uri(5179), uri(5186), uri(3857)])
def test_coordinates_may_be_sent_in_any_known_system_in_its_own_order(territory, manager, crs):
    srid = 4326 if crs == CRS84 else int(crs.rsplit("/", 1)[1])
    north_first = crs not in (CRS84, uri(3857))
    point, parcel = (reproject(each, 5179, srid) for each in (place(105, 105), square(100, 100)))
    ring = [[y, x] if north_first else [x, y] for x, y in parcel.exterior.coords]
    coordinates = [point.y, point.x] if north_first else [point.x, point.y]
    body = feature({"type": "Point", "coordinates": coordinates}, parcel={"type": "Polygon", "coordinates": [ring]})
    response = Api(manager).post(HOUSES, body, content_crs=f"<{crs}>")
    assert response.status_code == 201, response.content.decode()
    house = VacantHouse.objects.get()
    assert to_shapely(house.location).distance(place(105, 105)) < 0.001
    assert to_shapely(house.parcel).hausdorff_distance(square(100, 100)) < 0.001


def test_an_unknown_system_of_a_body_is_refused(territory, manager):
    is_problem(Api(manager).post(HOUSES, feature(), content_crs="<EPSG:4326>"), 400)
    broken = feature({"type": "Point", "coordinates": "x"})
    is_problem(Api(manager).post(HOUSES, broken, content_crs=f"<{uri(5179)}>"), 422)


def test_the_same_request_sent_twice_makes_one_house(territory, manager):
    key = str(uuid.uuid4())
    first, second = (Api(manager).post(HOUSES, feature(), idempotency_key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first["Location"] == second["Location"]
    assert VacantHouse.objects.count() == 1
    is_problem(Api(manager).post(HOUSES, feature(), idempotency_key="again"), 400)


def test_history_tells_who_wrote_through_which_address_whatever_way_they_signed_in(territory, manager):
    house = make_house()
    response = Api().patch(
        f"{HOUSES}/{house.pk}", {"properties": {"grade": "1"}}, if_match='"1"', authorization=basic("manager")
    )
    assert response.status_code == 200
    entry = changes(layers.get("vacant-houses"), house)[0]
    assert (entry.user, entry.url) == (manager, f"/api/{HOUSES}/{house.pk}")
    assert entry.event.pgh_context.metadata["user"] == manager.pk
    assert entry.event.pgh_context.metadata["request"]


def test_a_session_writes_only_with_the_pages_own_token(territory, manager):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    response = client.post(f"/api/{HOUSES}", json.dumps(feature(), default=str), content_type="application/geo+json")
    is_problem(response, 403)
    assert not VacantHouse.objects.exists()


def test_an_area_is_corrected_by_an_administrator_and_nobody_else(territory, administrator, coordinator):
    path, renamed = f"collections/areas/items/{territory.unbong.pk}", {"properties": {"name": "운봉"}}
    is_problem(Api(coordinator).patch(path, renamed, if_match='"1"'), 403)
    assert Api(administrator).patch(path, renamed, if_match='"1"').status_code == 200
    new = {"type": "Feature", "geometry": lonlat(square(0, 0)), "properties": {"name": "새 면"}}
    is_problem(Api(administrator).post("collections/areas/items", new), 422)
