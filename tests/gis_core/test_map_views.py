"""The map page and what it asks for: configuration, counts in view, areas, search, filters."""

import json
import math
import re
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gis_core.models import BaseMap, PersonalDataAccess, Role, User
from gis_core.models.basemaps import BaseMapKind
from tests import factories
from tests.factories import Territory, place, square
from tests.gis_core.pages_support import signed_in, text
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db


def _config(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/map/config/").json()["config"]
    return found


def _bbox(east: float, north: float, size: float) -> str:
    corners = factories.lonlat(square(east, north, size))["coordinates"][0]
    lons, lats = [lon for lon, _lat in corners], [lat for _lon, lat in corners]
    return f"{min(lons):.7f},{min(lats):.7f},{max(lons):.7f},{max(lats):.7f}"


def _counts(user: User | None, east: float, north: float, size: float, **params: Any) -> dict[str, Any]:
    query = {"bbox": _bbox(east, north, size), "zoom": 15, "layers": "areas,centres,vacant-houses", **params}
    response = signed_in(user).get("/map/counts/", query)
    assert response.status_code == 200, response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def _labels(user: User | None, words: str) -> list[str]:
    response = signed_in(user).get("/map/search/", {"q": words})
    return [result["label"] for result in response.json()["results"]]


# --- the page


def test_the_map_holds_its_configuration_and_no_inline_script(territory: Territory, planner: User) -> None:
    body = signed_in(planner).get("/map/").content.decode()
    for tag in re.findall(r"<script\b[^>]*>", body):
        assert "src=" in tag or 'type="application/json"' in tag, tag
    assert not re.search(r"<[^>]+\sstyle=", body), "style attributes are refused by the content security policy"
    assert not re.search(r"<[^>]+\son\w+=", body), "so are inline handlers"
    config = json.loads(re.search(r'id="map-config"[^>]*>(.*?)</script>', body, re.S)[1])  # type: ignore[index]
    assert {layer["id"] for layer in config["layers"]} >= {"areas", "zones", "centres"}


def test_a_stranger_sees_areas_only(territory: Territory) -> None:
    assert [layer["id"] for layer in _config(signed_in(None))["layers"]] == ["areas"]
    assert signed_in(None).get("/map/").status_code == 200


def test_a_layer_that_may_not_be_seen_is_not_even_named(territory: Territory, viewer: User) -> None:
    assert "vacant-houses" not in signed_in(viewer).get("/map/").content.decode()


def test_only_layers_one_may_change_are_offered_for_adding(territory: Territory, planner: User, viewer: User) -> None:
    addable = re.compile(r'data-add="([\w-]+)"')
    assert addable.findall(signed_in(planner).get("/map/").content.decode()) == ["centres"]
    assert addable.findall(signed_in(viewer).get("/map/").content.decode()) == []


def test_the_map_begins_where_the_persons_areas_are(territory: Territory, surveyor: User, planner: User) -> None:
    def width(user: User) -> float:
        west, _south, east, _north = _config(signed_in(user))["extent"]
        return float(east - west)

    assert width(surveyor) < width(planner) / 2


def test_addresses_in_the_configuration_are_templates(territory: Territory, planner: User) -> None:
    urls = next(layer for layer in _config(signed_in(planner))["layers"] if layer["id"] == "centres")["urls"]
    assert urls["tiles"] == "/api/collections/centres/tiles/WebMercatorQuad/{z}/{y}/{x}?buffer=128"
    assert urls["panel"] == "/records/centres/{id}/panel/"
    assert urls["item"] == "/api/collections/centres/items/{id}"


def test_base_maps_in_use_are_offered_with_their_addresses(territory: Territory, planner: User) -> None:
    common = {"name_ko": "위성", "name_en": "Satellite"}
    BaseMap.objects.create(kind=BaseMapKind.TILES, url="https://tiles.example/{z}/{x}/{y}.png", **common)
    raster = BaseMap.objects.create(kind=BaseMapKind.RASTER, file="basemaps/1.tif", **common)
    BaseMap.objects.create(kind=BaseMapKind.TILES, url="https://off.example/{z}/{x}/{y}.png", enabled=False, **common)
    urls = [base["url"] for base in _config(signed_in(planner))["bases"]]
    assert urls == ["https://tiles.example/{z}/{x}/{y}.png", f"/basemaps/{raster.pk}/{{z}}/{{x}}/{{y}}.webp"]


# --- counts


def test_counts_are_of_what_lies_in_view(territory: Territory, manager: User) -> None:
    factories.make_houses([place(100, 100), place(200, 200), place(1900, 1900)])
    found = _counts(manager, 0, 0, 1000)
    assert found["counts"]["vacant-houses"] == {"count": 2, "more": False}


def test_counts_are_of_what_the_person_may_see(territory: Territory, surveyor: User, viewer: User) -> None:
    factories.make_houses([place(1900, 100), place(2100, 100)])
    assert _counts(surveyor, 1500, 0, 1000)["counts"]["vacant-houses"]["count"] == 1
    assert "vacant-houses" not in _counts(viewer, 1500, 0, 1000)["counts"]


def test_counts_obey_the_layers_filter_and_the_chosen_area(territory: Territory, manager: User) -> None:
    factories.make_houses([place(1900, 100), place(2100, 100)], grade="1")
    factories.make_houses([place(1900, 200)], grade="2")
    by_grade = _counts(manager, 1500, 0, 1000, **{"vacant-houses.grade": "1"})
    assert by_grade["counts"]["vacant-houses"]["count"] == 2
    by_area = _counts(manager, 1500, 0, 1000, area=territory.unbong.mois_code, **{"vacant-houses.grade": "1"})
    assert by_area["counts"]["vacant-houses"]["count"] == 1


def test_low_zooms_sum_up_the_kept_counts(territory: Territory, manager: User, surveyor: User) -> None:
    factories.make_houses([place(100 * step, 100 * step) for step in range(1, 31)], grade="1")
    factories.make_houses([place(500, 700)], grade="2")
    assert _counts(manager, -20_000, -20_000, 60_000, zoom=9)["counts"]["vacant-houses"]["count"] == 31
    one = {"vacant-houses.grade": "2"}
    assert _counts(manager, -20_000, -20_000, 60_000, zoom=9, **one)["counts"]["vacant-houses"]["count"] == 1
    inside = _counts(surveyor, -20_000, -20_000, 60_000, zoom=9)["counts"]["vacant-houses"]["count"]
    assert inside == VacantHouse.objects.filter(area=territory.unbong).count() < 31


def test_a_filter_that_makes_no_sense_takes_away_the_count_and_nothing_else(
    territory: Territory, manager: User
) -> None:
    found = _counts(manager, 0, 0, 1000, **{"vacant-houses.grade": "nonsense"})["counts"]
    assert "vacant-houses" not in found
    assert "areas" in found


@pytest.mark.parametrize(
    "params", [{}, {"bbox": "1,2,3"}, {"bbox": "127,35,128,36"}, {"bbox": "127,35,128,36", "zoom": "x"}]
)
def test_a_view_that_makes_no_sense_is_refused(territory: Territory, planner: User, params: dict[str, str]) -> None:
    assert signed_in(planner).get("/map/counts/", params).status_code == 400


def test_a_view_outside_korea_holds_nothing(territory: Territory, planner: User) -> None:
    found = signed_in(planner).get("/map/counts/", {"bbox": "2,48,3,49", "zoom": 12, "layers": "centres"}).json()
    assert found == {"counts": {"centres": {"count": 0, "more": False}}, "areas": [], "schematic": False}


def test_names_of_towns_come_close_up_and_of_counties_from_afar(territory: Territory, planner: User) -> None:
    near = _counts(planner, 500, 500, 100, zoom=14)["areas"]
    assert [area["name"] for area in near if area["level"] == "eupmyeondong"] == ["운봉읍"]
    far = _counts(planner, -20_000, -20_000, 60_000, zoom=8)["areas"]
    assert {area["level"] for area in far} == {"sido", "sigungu"}


def test_schematic_boundaries_in_view_are_said(territory: Territory, planner: User) -> None:
    assert _counts(planner, 500, 500, 100)["schematic"] is False
    type(territory.unbong).objects.filter(pk=territory.unbong.pk).update(boundary="schematic")
    assert _counts(planner, 500, 500, 100)["schematic"] is True
    assert _counts(planner, 4500, 500, 100)["schematic"] is False


def test_counting_asks_one_question_per_layer(territory: Territory, manager: User) -> None:
    client = signed_in(manager)
    query = {"bbox": _bbox(0, 0, 4000), "zoom": 15}

    def questions(layers: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/map/counts/", {**query, "layers": layers})
        return len(captured)

    questions("centres,vacant-houses")
    factories.make_houses([place(100 * step, 100) for step in range(1, 20)])
    assert questions("areas,centres,vacant-houses") - questions("areas") == 2


# --- areas


def test_an_area_is_found_by_id_and_by_any_code_with_its_extent(territory: Territory, planner: User) -> None:
    client = signed_in(planner)
    for given in (territory.unbong.pk, "5219025000", "4519025000"):
        [area] = client.get("/map/areas/", {"area": given}).json()["areas"]
        assert (area["id"], area["parent"]) == (territory.unbong.pk, territory.namwon.pk)
        west, south, east, north = area["bbox"]
        assert 0.015 < east - west < 0.03
        assert 0.015 < north - south < 0.03
    assert client.get("/map/areas/", {"area": "999"}).json() == {"areas": []}


def test_the_towns_of_a_county_come_with_it(territory: Territory, planner: User) -> None:
    found = signed_in(planner).get("/map/areas/", {"parent": territory.namwon.pk}).json()
    assert [area["name"] for area in found["areas"]] == ["운봉읍", "주천면", "수지면", "송동면"]
    assert found["parent"]["name"] == "남원시"
    assert signed_in(planner).get("/map/areas/", {"parent": "nonsense"}).status_code == 404


# --- search


def test_an_area_is_found_by_name_and_by_a_code_it_no_longer_has(territory: Territory, viewer: User) -> None:
    assert _labels(viewer, "운봉") == ["운봉읍"]
    assert _labels(viewer, "4519025000") == ["운봉읍"]


def test_a_house_is_found_by_its_parcel_number_by_those_who_may_see_it(
    territory: Territory, manager: User, viewer: User
) -> None:
    factories.make_house(place(100, 100), pnu="5219025021100120003", address="운봉읍 서천리 12-3")
    assert _labels(manager, "5219025021100120003") == ["운봉읍 서천리 12-3"]
    assert _labels(manager, "서천리 12-3") == ["운봉읍 서천리 12-3"]
    assert _labels(viewer, "5219025021100120003") == []


def test_a_surveyor_finds_no_house_of_another_town(territory: Territory, surveyor: User) -> None:
    factories.make_house(place(100, 100), address="찾을 집 하나")
    factories.make_house(place(2100, 100), address="찾을 집 둘")
    assert _labels(surveyor, "찾을 집") == ["찾을 집 하나"]


def test_a_look_at_personal_data_through_the_search_is_noted(territory: Territory, manager: User) -> None:
    factories.make_house(place(100, 100), address="찾을 집 하나")
    _labels(manager, "찾을 집")
    noted = PersonalDataAccess.objects.get(action="search")
    assert (noted.user, noted.layer, noted.detail) == (manager, "vacant-houses", "찾을 집")


def test_a_name_that_begins_with_the_words_comes_before_one_that_holds_them(
    territory: Territory, planner: User
) -> None:
    factories.make_centre(place(100, 100), name="새 운봉읍 별관")
    factories.make_centre(place(200, 200), name="운봉읍 센터")
    factories.make_zone(territory.unbong, name="협력권")
    labels = _labels(planner, "운봉읍")
    assert labels.index("운봉읍 센터") < labels.index("새 운봉읍 별관") < labels.index("협력권")
    assert len(labels) == len(set(labels)), "a zone of several towns is found once"


def test_results_say_where_they_are(territory: Territory, planner: User) -> None:
    factories.make_centre(place(100, 100), name="찾을 센터")
    [result] = signed_in(planner).get("/map/search/", {"q": "찾을"}).json()["results"]
    west, south, east, north = result["bbox"]
    assert (west, south) == (east, north)
    assert (result["layer"], result["kind"]) == ("centres", "centre")
    assert result["detail"] == "전북특별자치도 남원시 운봉읍"


@pytest.mark.parametrize("words", ["", " ", "운"])
def test_too_few_letters_find_nothing(territory: Territory, planner: User, words: str) -> None:
    assert _labels(planner, words) == []


# --- filters


def test_a_layers_filter_is_a_form_with_what_is_set(territory: Territory, manager: User, viewer: User) -> None:
    response = signed_in(manager).get("/map/filters/vacant-houses/", {"grade": "2"})
    body = response.content.decode()
    assert re.search(r'name="grade" value="2" checked', body)
    assert 'name="area"' not in body, "the map has its own chooser of areas"
    assert "Clear filter" in text(response)
    assert signed_in(viewer).get("/map/filters/vacant-houses/").status_code == 403


def test_a_role_in_one_town_begins_there(territory: Territory) -> None:
    officer = factories.make_user("town officer", (Role.DISASTER_OFFICER, territory.suji))
    _west, south, _east, north = _config(signed_in(officer))["extent"]
    latitude = factories.lonlat(place(0, 3000))["coordinates"][1]
    assert south < latitude < north


# --- the table behind the map


def test_the_table_holds_what_the_map_shows(territory: Territory, planner: User) -> None:
    factories.make_centre(place(100, 100), name="보이는 센터")
    factories.make_centre(place(1900, 1900), name="안 보이는 센터")
    page = signed_in(planner).get("/records/centres/", {"bbox": _bbox(0, 0, 1000)})
    assert "보이는 센터" in text(page)
    assert "안 보이는 센터" not in text(page)
    assert "Part of the map" in text(page)
    assert signed_in(planner).get("/records/centres/", {"bbox": "nonsense"}).status_code == 400


def test_a_file_of_the_table_holds_no_more_than_the_table(territory: Territory, planner: User) -> None:
    factories.make_centre(place(100, 100), name="보이는 센터")
    factories.make_centre(place(1900, 1900), name="다른 센터")
    sent = signed_in(planner).get("/records/centres/export.csv", {"bbox": _bbox(0, 0, 1000)})
    body = b"".join(sent.streaming_content) if sent.streaming else sent.content
    assert "보이는 센터" in body.decode()
    assert "다른 센터" not in body.decode()


# --- tiles as the map asks for them


def test_a_count_at_a_tiles_edge_comes_with_both_tiles_so_that_its_circle_is_whole(
    territory: Territory, manager: User
) -> None:
    factories.make_houses([place(100 * step, 100 * step) for step in range(1, 31)])
    client = signed_in(manager)
    lon, lat = factories.lonlat(place(1500, 1500))["coordinates"]
    zoom = 9
    scale = 2**zoom
    column = int((lon + 180) / 360 * scale)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * scale)

    def count(column: int, row: int, **params: int) -> int:
        path = f"/api/collections/vacant-houses/tiles/WebMercatorQuad/{zoom}/{row}/{column}"
        layers = mapbox_vector_tile.decode(client.get(path, params).content)
        return sum(item["properties"]["count"] for item in layers.get("vacant-houses-count", {}).get("features", []))

    around = [(column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    assert sum(count(*each) for each in around) == 30, "without a buffer every house is counted once"
    assert count(column, row, buffer=128) >= count(column, row)
