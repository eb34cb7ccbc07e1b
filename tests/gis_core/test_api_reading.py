"""Reading features: pages, boxes, coordinate systems, times, filters."""

import pytest
from shapely import Point
from shapely.geometry import shape

from facilities.models import Centre
from gis_core.crs import API_CRS_URIS, CRS84, north_first, reproject, uri
from gis_core.editing.shapes import to_shapely
from tests.conftest import Api, is_problem
from tests.factories import (
    geos,
    make_centre,
    make_depot,
    make_house,
    make_houses,
    make_organisation,
    make_user,
    make_zone,
    place,
    square,
)

pytestmark = pytest.mark.django_db

CENTRES = "collections/centres/items"


def link_of(page, rel):
    return next((link["href"] for link in page["links"] if link["rel"] == rel), None)


def read_all(api, path, **params):
    """Every feature, by following ``next`` links; also the pages."""
    pages, features = [], []
    response = api.get(path, params)
    while True:
        page = response.json()
        pages.append(page)
        features += page["features"]
        following = link_of(page, "next")
        if following is None:
            return features, pages
        response = api.get(following.split("/api/", 1)[1])
        assert len(pages) < 100, "the links lead in a circle"


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 14, 15])
@pytest.mark.parametrize("start", [None, 0, 3])
def test_following_the_links_reads_every_feature_exactly_once(territory, viewer, count, start):
    made = [make_centre(place(x, x)).pk for x in range(count)]
    params = {"limit": 7} if start is None else {"limit": 7, "offset": start}
    features, pages = read_all(Api(viewer), CENTRES, **params)
    assert [feature["id"] for feature in features] == made[start or 0 :]
    assert {page["numberMatched"] for page in pages} == {count}
    assert [page["numberReturned"] for page in pages] == [len(page["features"]) for page in pages]


def test_reading_on_misses_nothing_when_features_are_added_and_retired_meanwhile(territory, viewer, planner):
    made = [make_centre(place(x, x)).pk for x in range(9)]
    api = Api(viewer)
    first = api.get(CENTRES, {"limit": 3}).json()
    Centre.objects.filter(pk=made[0]).update(retired_at="2026-05-01T00:00:00Z")
    new = make_centre(place(100, 100)).pk
    rest, _pages = read_all(api, link_of(first, "next").split("/api/", 1)[1])
    assert [feature["id"] for feature in first["features"] + rest] == [*made, new]


def test_one_can_go_back_a_page_as_far_as_the_beginning(territory, viewer):
    made = [make_centre(place(x, x)).pk for x in range(10)]
    api = Api(viewer)
    page = api.get(CENTRES, {"limit": 4, "offset": 6}).json()
    assert [feature["id"] for feature in page["features"]] == made[6:]
    page = api.get(link_of(page, "prev").split("/api/", 1)[1]).json()
    assert [feature["id"] for feature in page["features"]] == made[2:6]
    page = api.get(link_of(page, "prev").split("/api/", 1)[1]).json()
    assert [feature["id"] for feature in page["features"]] == made[:4]
    assert link_of(page, "prev") is None


def test_links_keep_the_question(territory, viewer):
    for x in range(3):
        make_centre(place(x, x), staff=5)
    page = Api(viewer).get(CENTRES, {"limit": 1, "staff": 5, "q": "주민센터"}).json()
    for name in ("next", "self", "alternate"):
        assert "staff=5" in link_of(page, name)
    assert link_of(page, "alternate").endswith("f=html")


def test_a_page_tells_how_many_there_are_and_when_it_was_read(territory, viewer):
    make_centre()
    response = Api(viewer).get(CENTRES)
    page = response.json()
    assert response["Content-Type"] == "application/geo+json"
    assert (page["type"], page["numberMatched"], page["numberReturned"]) == ("FeatureCollection", 1, 1)
    assert page["timeStamp"].startswith("20")


def test_a_feature_holds_its_place_and_its_facts(territory, viewer):
    centre = make_centre(
        place(500, 500), name='"운봉읍"\n행정복지센터\\', opened_on="1990-07-01", gross_floor_area_m2="1234.50"
    )
    [feature] = Api(viewer).features("centres")
    lonlat = reproject(place(500, 500), 5179, 4326)
    assert feature["id"] == centre.pk
    assert feature["geometry"]["type"] == "Point"
    assert shape(feature["geometry"]).distance(lonlat) < 1e-7
    facts = feature["properties"]
    assert facts["name"] == '"운봉읍"\n행정복지센터\\'
    assert facts["opened_on"] == "1990-07-01"
    assert facts["gross_floor_area_m2"] == 1234.5
    assert facts["area"] == territory.unbong.pk
    assert facts["area_code"] == "5219025000"
    assert facts["area_name"] == "전북특별자치도 남원시 운봉읍"
    assert facts["is_example"] is False
    assert facts["footprint"] is None
    assert facts["staff"] == 12


def test_a_zone_tells_its_members_by_number_and_name(territory, viewer):
    offices = [make_organisation("이장협의회"), make_organisation("의용소방대")]
    make_zone(territory.jucheon, territory.unbong, organisations=offices, lead=offices[0])
    [feature] = Api(viewer).features("zones")
    facts = feature["properties"]
    assert facts["member_areas"] == [territory.unbong.pk, territory.jucheon.pk]
    assert facts["member_area_names"] == ["운봉읍", "주천면"]
    assert facts["member_organisations"] == sorted(office.pk for office in offices)
    assert (facts["lead"], facts["lead_name"]) == (offices[0].pk, "이장협의회")


def test_an_organisation_without_a_place_has_no_geometry(territory, viewer):
    make_organisation("이장협의회")
    [feature] = Api(viewer).features("organisations")
    assert feature["geometry"] is None


def test_one_feature_is_read_with_its_links(territory, viewer):
    centre = make_centre()
    response = Api(viewer).get(f"{CENTRES}/{centre.pk}")
    feature = response.json()
    assert response["ETag"] == '"1"'
    assert feature["id"] == centre.pk
    assert {link["rel"] for link in feature["links"]} == {"self", "collection", "alternate", "related"}


@pytest.mark.parametrize("path", ["999999999", "99999999999999999999999", "-1", "x", "1/2"])
def test_a_feature_that_is_not_there_is_not_found(territory, viewer, path):
    is_problem(Api(viewer).get(f"{CENTRES}/{path}"), 404)


def test_a_retired_feature_is_not_found(territory, viewer):
    centre = make_centre(retired_at="2026-05-01T00:00:00Z")
    is_problem(Api(viewer).get(f"{CENTRES}/{centre.pk}"), 404)
    assert Api(viewer).features("centres") == []


@pytest.mark.parametrize("crs", API_CRS_URIS)
def test_coordinates_come_in_the_system_and_order_that_was_asked_for(territory, viewer, crs):
    make_centre(place(500, 500), footprint=None)
    response = Api(viewer).get(CENTRES, {"crs": crs})
    assert response["Content-Crs"] == f"<{crs}>"
    srid = 4326 if crs == CRS84 else int(crs.rsplit("/", 1)[1])
    expected = reproject(place(500, 500), 5179, srid)
    swapped = crs != CRS84 and north_first(srid)
    [feature] = response.json()["features"]
    found = feature["geometry"]["coordinates"]
    assert found == pytest.approx(
        [expected.y, expected.x] if swapped else [expected.x, expected.y], abs=0.001 if srid != 4326 else 1e-7
    )


def test_an_outline_comes_in_the_same_system_as_the_place(territory, viewer):
    make_centre(place(5, 5), footprint=geos(square(0, 0, 30)))
    [feature] = Api(viewer).features("centres", crs=uri(5179))
    ring = feature["properties"]["footprint"]["coordinates"][0]
    assert min(ring) == pytest.approx([1_710_000, 990_000])


@pytest.mark.parametrize("limit", ["0", "-1", "10001", "x", "1.5", "", "99999999999999999999", "٣x"])
def test_a_limit_must_be_from_one_to_ten_thousand(territory, viewer, limit):
    assert is_problem(Api(viewer).get(CENTRES, {"limit": limit}), 400)["parameter"] == "limit"


@pytest.mark.parametrize("name", ["offset", "after"])
def test_an_offset_must_be_a_number(territory, viewer, name):
    make_centre()
    for text in ("-1", "x", "1e3"):
        assert is_problem(Api(viewer).get(CENTRES, {name: text}), 400)["parameter"] == name
    page = Api(viewer).get(CENTRES, {name: "1000000000"}).json()
    assert (page["numberMatched"], page["features"]) == (1, [])


@pytest.mark.parametrize("name", ["colour", "Bbox", "contact_phone", "id", "format", "area_id", "location"])
def test_an_unknown_parameter_is_refused_so_that_no_filter_is_passed_over(territory, viewer, name):
    assert is_problem(Api(viewer).get(CENTRES, {name: "1"}), 400)["parameter"] == name


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("2000-07-01", ["2000", "unknown"]),
        ("2000-07-01T12:00:00Z", ["2000", "unknown"]),
        ("2000-06-30T15:30:00Z", ["2000", "unknown"]),
        ("2000-06-30T15:30:00+09:00", ["unknown"]),
        ("1995-01-01/2005-01-01", ["2000", "unknown"]),
        ("../2005-01-01", ["1990", "2000", "unknown"]),
        ("/1995-01-01", ["1990", "unknown"]),
        ("2000-07-02/..", ["2010", "unknown"]),
        ("../..", ["1990", "2000", "2010", "unknown"]),
        ("1800-01-01", ["unknown"]),
    ],
)
def test_a_time_is_a_day_in_korea_or_an_interval_open_or_not(territory, viewer, when, found):
    for year in (1990, 2000, 2010):
        make_centre(name=str(year), opened_on=f"{year}-07-01")
    make_centre(name="unknown")
    names = [feature["properties"]["name"] for feature in Api(viewer).features("centres", datetime=when)]
    assert sorted(names) == found


def test_a_zone_is_of_every_day_of_its_period(territory, viewer):
    make_zone(territory.unbong, name="past", period_start="2019-05-01", period_end="2020-02-29")
    make_zone(territory.unbong, name="open", period_start="2019-05-01")

    def names(when):
        return [feature["properties"]["name"] for feature in Api(viewer).features("zones", datetime=when)]

    assert names("2019-12-24") == ["past", "open"]
    assert names("2020-01-01/2026-01-01") == ["past", "open"]
    assert names("2020-03-01") == ["open"]
    assert names("2019-04-30") == []


@pytest.mark.parametrize(
    "when", ["yesterday", "2000-13-01", "2010-01-01/2000-01-01", "1/2/3", "9999-12-31T23:59:59Z/x"]
)
def test_a_time_that_makes_no_sense_is_refused(territory, viewer, when):
    assert is_problem(Api(viewer).get(CENTRES, {"datetime": when}), 400)["parameter"] == "datetime"


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_the_ends_of_time_break_nothing(territory, viewer, when):
    assert Api(viewer).get(CENTRES, {"datetime": when}).status_code in (200, 400)


def test_a_layer_without_times_takes_any_time(territory, viewer):
    make_depot()
    assert len(Api(viewer).features("depots", datetime="1800-01-01")) == 1


def test_filters_of_a_list_are_those_of_the_api(territory, manager):
    make_houses([place(10, 10), place(20, 20)], grade="1")
    make_houses([place(2010, 10)], grade="2", status="confirmed")
    api = Api(manager)
    assert len(api.features("vacant-houses", grade="1")) == 2
    assert len(api.features("vacant-houses", grade=["1", "2"])) == 3
    assert len(api.features("vacant-houses", area="4519031000")) == 1
    assert len(api.features("vacant-houses", status="confirmed", grade="1")) == 0
    page = api.get("collections/vacant-houses/items", {"grade": "1", "limit": 1}).json()
    assert page["numberMatched"] == 2
    problem = is_problem(api.get("collections/vacant-houses/items", {"grade": "9"}), 400)
    assert list(problem["errors"]) == ["grade"]


def test_a_box_and_a_filter_together_narrow(territory, manager):
    near, far = make_house(place(10, 10), grade="1"), make_house(place(3900, 10), grade="1")
    make_house(place(11, 11), grade="2")
    west, south, east, north = reproject(square(0, 0, 100), 5179, 4326).bounds
    assert Api(manager).ids("vacant-houses", bbox=f"{west},{south},{east},{north}", grade="1") == [near.pk]
    assert far.pk in Api(manager).ids("vacant-houses", grade="1")


def test_somebody_sees_only_the_records_of_their_areas(territory, surveyor):
    mine = make_house(place(10, 10))
    other = make_house(place(2010, 10))
    api = Api(surveyor)
    page = api.get("collections/vacant-houses/items").json()
    assert ([feature["id"] for feature in page["features"]], page["numberMatched"]) == ([mine.pk], 1)
    is_problem(api.get(f"collections/vacant-houses/items/{other.pk}"), 404)
    assert api.ids("vacant-houses", area="5219031000") == []


@pytest.mark.parametrize("layer", ["zones", "organisations", "centres", "vacant-houses", "depots"])
def test_a_page_of_features_costs_the_same_number_of_statements_whatever_its_size(
    territory, administrator, layer, django_assert_max_num_queries
):
    for x in range(12):
        make_centre(place(x, x))
        make_house(place(x, x))
        make_depot(place(x, x), keeper=make_organisation(point=place(x, x)))
        make_zone(territory.unbong, territory.jucheon)
    api = Api(administrator)
    with django_assert_max_num_queries(8):
        assert len(api.features(layer)) == 12


def test_a_stranger_reads_public_collections_and_no_other(territory):
    make_house()
    assert len(Api().features("areas")) == 8
    for path in (
        "collections/vacant-houses/items",
        "collections/centres/items/1",
        "collections/zones/tiles/WebMercatorQuad/9/1/1",
        "collections/depots",
        "collections/depots/schema",
    ):
        response = Api().get(path)
        is_problem(response, 401)
        assert response["WWW-Authenticate"].startswith("Basic")


def test_a_viewer_is_shown_no_vacant_house(territory, viewer):
    house = make_house()
    api = Api(viewer)
    page = api.get("collections/vacant-houses/items").json()
    assert (page["numberMatched"], page["features"]) == (0, [])
    is_problem(api.get(f"collections/vacant-houses/items/{house.pk}"), 404)
    assert "vacant-houses" not in [found["id"] for found in api.get("collections").json()["collections"]]
    assert "extent" not in api.get("collections/vacant-houses").json()


def test_somebody_without_any_role_sees_public_collections_only(territory):
    make_centre()
    api = Api(make_user("newcomer"))
    assert [found["id"] for found in api.get("collections").json()["collections"]] == ["areas"]
    assert api.features("centres") == []


def test_areas_that_have_ended_are_left_out(territory):
    type(territory.unbong).objects.filter(pk=territory.unbong.pk).update(valid_to="2026-06-30")
    assert territory.unbong.pk not in Api().ids("areas")


def test_boundaries_come_to_the_centimetre(territory):
    [feature] = Api().features("areas", q="운봉읍")
    back = reproject(shape(feature["geometry"]), 4326, 5179)
    stored = to_shapely(territory.unbong.geometry)
    assert back.symmetric_difference(stored).area < 0.02 * stored.length
    assert Point(0, 0).distance(back) > 1e6
