"""What the API says of itself: links that lead somewhere, schemas that fit, a description that is true, pages."""

import re

import pytest
from openapi_spec_validator import validate
from shapely import MultiPolygon

from gis_core.api.describe import CONFORMANCE
from gis_core.crs import API_CRS_URIS, CRS84
from gis_core.layers.registry import layers
from gis_core.models import Role
from tests.conftest import Api
from tests.disaster.records import make_disaster_records
from tests.facilities.records import make_facility_records
from tests.factories import (
    geos,
    make_centre,
    make_depot,
    make_house,
    make_organisation,
    make_user,
    make_zone,
    place,
    square,
)
from tests.gis_core.participation_support import make_proposal, make_round
from tests.gis_core.projects_support import make_project
from tests.gis_core.town_work_support import make_town_work
from tests.vacanthouses.campaign_support import make_campaign, make_work_area
from tests.vacanthouses.planning_support import (
    make_concentration_zone,
    make_measure,
    make_plan,
    make_registered_building,
)
from tests.vacanthouses.review_support import make_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(territory):
    office = make_organisation(point=place(5, 5))
    make_project(make_zone(territory.unbong, organisations=[office], lead=office))
    make_town_work()
    make_proposal(make_round(territory.unbong), location=geos(place(5, 5)))
    make_facility_records(make_centre(place(5, 5), footprint=geos(square(0, 0))))
    house = make_house(place(5, 5), note="<script>alert(1)</script>")
    make_visit(make_user("crew"), house)
    make_measure(make_plan(territory.namwon), house)
    make_work_area(make_campaign(territory.namwon), territory.unbong, geometry=geos(MultiPolygon([square(0, 0)])))
    make_concentration_zone(territory.unbong)
    make_registered_building(500, 500, area=territory.unbong)
    make_disaster_records(make_depot(place(5, 5), keeper=office), make_user("officer", (Role.DISASTER_OFFICER, None)))


def links_of(value):
    """Every link anywhere in an answer."""
    if isinstance(value, dict):
        if "href" in value and "rel" in value:
            yield value
        for inner in value.values():
            yield from links_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from links_of(inner)


def test_every_link_from_the_first_page_on_leads_to_what_it_says(records, administrator):
    api, seen, waiting = Api(administrator), set(), ["http://testserver/api/"]
    while waiting:
        href = waiting.pop()
        if href in seen:
            continue
        seen.add(href)
        response = api.client.get(href, headers={"Accept": "application/json"})
        assert response.status_code == 200, href
        if "json" not in response["Content-Type"]:
            continue
        for link in links_of(response.json()):
            target = link["href"].format(tileMatrix=9, tileRow=202, tileCol=437)
            if "/api/" in target and "/records/" not in target:
                waiting.append(target)
                found = api.client.get(target)
                kind = link["type"].split(";")[0]
                assert found["Content-Type"].startswith(kind), link
    assert any(href.endswith("/items?f=html") for href in seen)
    assert len(seen) > 60


def test_the_first_page_is_there_without_a_slash_too(db):
    with_slash, without = Api().get(""), Api().client.get("/api")
    assert without.status_code == 200
    assert without.json() == with_slash.json()
    rels = {link["rel"] for link in with_slash.json()["links"]}
    assert rels == {"self", "alternate", "service-desc", "service-doc", "conformance", "data"}


def test_what_is_conformed_to_is_declared(db):
    assert Api().get("conformance").json() == {"conformsTo": list(CONFORMANCE)}
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in CONFORMANCE


def test_a_collection_tells_its_systems_its_extent_and_where_its_features_are(records, administrator):
    for layer in layers:
        found = Api(administrator).get(f"collections/{layer.id}").json()
        assert (found["id"], found["title"]) == (layer.id, str(layer.title))
        assert found["crs"] == list(API_CRS_URIS)
        assert found["crs"][0] == CRS84
        assert found["storageCrs"].endswith("/5179")
        west, south, east, north = found["extent"]["spatial"]["bbox"][0]
        assert 127 < west <= east < 128
        assert 35 < south <= north < 36
        items = next(link for link in found["links"] if link["rel"] == "items")
        assert items["type"] == "application/geo+json"


def test_the_extent_is_that_of_what_the_reader_sees(territory, surveyor, manager):
    make_house(place(100, 100))
    make_house(place(5900, 100))

    def width(user):
        west, _south, east, _north = Api(user).get("collections/vacant-houses").json()["extent"]["spatial"]["bbox"][0]
        return east - west

    assert width(surveyor) < 0.001 < width(manager)


@pytest.mark.parametrize("layer", layers.all(), ids=lambda layer: layer.id)
def test_the_schema_names_every_member_of_a_feature(records, administrator, layer):
    api = Api(administrator)
    response = api.get(f"collections/{layer.id}/schema")
    schema = response.json()
    assert response["Content-Type"] == "application/schema+json"
    feature = api.features(layer.id)[0]
    assert set(feature["properties"]) <= set(schema["properties"])
    geometries = [name for name, value in schema["properties"].items() if value.get("x-ogc-role") == "primary-geometry"]
    assert len(geometries) == 1
    assert set(schema["required"]) <= set(schema["properties"])
    kinds = {"string": str, "integer": int, "number": int | float, "boolean": bool, "array": list}
    for name, value in feature["properties"].items():
        kind = schema["properties"][name].get("type")
        if value is not None and kind:
            assert isinstance(value, kinds[kind]), (name, value)
        if "oneOf" in schema["properties"][name]:
            assert value in [choice["const"] for choice in schema["properties"][name]["oneOf"]]


@pytest.mark.parametrize("layer", layers.all(), ids=lambda layer: layer.id)
def test_everything_that_can_be_asked_for_can_be_asked_for(records, administrator, layer):
    api = Api(administrator)
    samples = {"integer": "1", "number": "1", "boolean": "true"}
    for name, found in api.get(f"collections/{layer.id}/queryables").json()["properties"].items():
        dates = {"date": "2024-05-01", "date-time": "2024-05-01T09:00:00+09:00"}
        value = samples.get(found["type"], dates.get(found.get("format"), "x"))
        if "oneOf" in found:
            value = found["oneOf"][0]["const"]
        if name == "area":
            value = "5219025000"
        assert api.get(f"collections/{layer.id}/items", {name: value}).status_code == 200, name


def operations(document):
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield path, method, item[method]


def test_the_description_is_valid_openapi(records, administrator):
    for user in (None, administrator):
        response = Api(user).get("openapi")
        assert response["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
        validate(response.json())


def test_every_described_operation_exists_and_every_layer_is_described(records, administrator):
    api, document = Api(administrator), Api(administrator).get("openapi").json()
    assert document["servers"] == [{"url": "http://testserver/api"}]
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(set(names)) == len(names)
    for path, method, _operation in operations(document):
        values = {"id": 1, "tileMatrix": 9, "tileRow": 202, "tileCol": 437}
        filled = path.lstrip("/").format(**values)
        allowed = api.client.options(f"/api/{filled}")["Allow"]
        assert method.upper() in allowed.split(", "), (path, allowed)
    for layer in layers:
        assert f"/collections/{layer.id}/items" in document["paths"]


def test_a_described_success_is_what_is_answered(records, administrator):
    api, document = Api(administrator), Api(administrator).get("openapi").json()
    for path, method, operation in operations(document):
        if method == "get" and "{" not in path:
            [status, answer] = next(pair for pair in operation["responses"].items() if pair[0] != "default")
            response = api.get(path.lstrip("/"))
            assert response.status_code == int(status)
            assert response["Content-Type"].split(";")[0] in [kind.split(";")[0] for kind in answer["content"]]


def test_a_described_parameter_is_known_and_no_known_one_is_left_out(records, administrator):
    document = Api(administrator).get("openapi").json()
    for layer in layers:
        described = document["paths"][f"/collections/{layer.id}/items"]["get"]["parameters"]
        names = [found.get("name") or found["$ref"].rsplit("/", 1)[1] for found in described]
        assert len(set(names)) == len(names)
        samples = {
            "limit": "1", "offset": "0", "after": "0", "f": "json", "crs": CRS84, "bbox-crs": CRS84,
            "bbox": "127,35,128,36", "datetime": "..",
        }  # fmt: skip
        for name in names:
            response = Api(administrator).get(f"collections/{layer.id}/items", {name: samples.get(name, "")})
            assert response.status_code == 200, (name, response.content)


def test_a_viewer_is_not_told_of_collections_they_may_not_see(territory, viewer):
    assert "vacant-houses" not in Api(viewer).get("openapi").content.decode()
    assert "vacant-houses" in Api(viewer).get("collections/vacant-houses").json()["id"]


def test_tile_sets_tell_how_tiles_are_asked_for(records, administrator):
    api = Api(administrator)
    [found] = api.get("collections/vacant-houses/tiles").json()["tilesets"]
    assert found["tileMatrixSetURI"].endswith("/WebMercatorQuad")
    [template] = [link["href"] for link in found["links"] if link.get("templated")]
    assert template.endswith("/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}")
    described = api.get("collections/vacant-houses/tiles/WebMercatorQuad", {"f": "tilejson"}).json()
    assert described["tilejson"] == "3.0.0"
    assert [layer["id"] for layer in described["vector_layers"]] == [
        "vacant-houses", "vacant-houses-outline", "vacant-houses-count",
    ]  # fmt: skip
    url = described["tiles"][0].format(z=9, y=202, x=437)
    assert api.client.get(url)["Content-Type"] == "application/vnd.mapbox-vector-tile"


PAGES = [
    "", "conformance", "collections", "openapi", "collections/vacant-houses", "collections/vacant-houses/items",
    "collections/vacant-houses/items/{house}", "collections/zones/items", "collections/vacant-houses/schema",
    "collections/vacant-houses/queryables", "collections/vacant-houses/tiles",
    "collections/vacant-houses/tiles/WebMercatorQuad",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_description_is_a_page_for_people_too(records, administrator, path, language):
    from vacanthouses.models import VacantHouse

    path = path.format(house=VacantHouse.objects.get().pk)
    api = Api(administrator)
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = api.get(path, accept=browser, accept_language=language)
    text = page.content.decode()
    assert page["Content-Type"].startswith("text/html")
    assert f'<html lang="{language}">' in text
    assert "<h1>" in text
    assert "<script>alert" not in text
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text)
    assert api.get(path, {"f": "json"}, accept=browser)["Content-Type"] != page["Content-Type"]


def test_a_page_of_features_shows_them_and_leads_on(records, administrator):
    for x in range(3):
        make_house(place(x, x), address=f"서천리 {x}")
    api = Api(administrator)
    text = api.get("collections/vacant-houses/items", {"f": "html", "limit": 2}).content.decode()
    assert "서천리" in text
    assert "after=" in text
    following = re.search(r'href="([^"]+)" rel="next"', text)
    assert following
    assert "f=html" in following[1]


def test_another_format_is_refused(db):
    for path in ("", "collections", "collections/areas/items"):
        response = Api().get(path, {"f": "xml"})
        assert response.status_code == 400
        assert response.json()["parameter"] == "f"


@pytest.mark.parametrize(
    "accept", ["application/geo+json", "application/json", "*/*", "image/png", "text/csv", "", "application/xml;q=0.5"]
)
def test_whatever_a_client_says_it_accepts_it_gets_an_answer(territory, accept):
    response = Api().get("collections/areas/items", accept=accept)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    tile = Api().get("collections/areas/tiles/WebMercatorQuad/9/202/437", accept=accept)
    assert tile["Content-Type"] == "application/vnd.mapbox-vector-tile"
