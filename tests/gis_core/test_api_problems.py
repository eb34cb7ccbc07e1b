"""Whatever goes wrong is told as a problem document, in the reader's language."""

import pytest

from tests.conftest import Api, is_problem
from tests.factories import house_values, lonlat, make_house, place

pytestmark = pytest.mark.django_db

HOUSES = "collections/vacant-houses/items"


def is_korean(text):
    return any("가" <= sign <= "힣" for sign in text)


REFUSALS = [
    ("GET", f"{HOUSES}?limit=0", 400),
    ("GET", f"{HOUSES}?grade=9", 400),
    ("GET", f"{HOUSES}?colour=red", 400),
    ("GET", f"{HOUSES}?bbox=1,2,3", 400),
    ("GET", f"{HOUSES}?crs=x", 400),
    ("GET", f"{HOUSES}?datetime=x", 400),
    ("GET", f"{HOUSES}/0", 404),
    ("GET", "collections/rivers", 404),
    ("PUT", HOUSES, 405),
    ("POST", HOUSES, 422),
]


@pytest.mark.parametrize(("method", "path", "status"), REFUSALS)
def test_a_refusal_is_told_in_korean_and_in_english(territory, manager, method, path, status):
    def told(**headers):
        answer = Api(manager).send(method, path, {"type": "Feature", "properties": {"pnu": "1"}}, **headers)
        return is_problem(answer, status)

    assert is_korean(told()["detail"])
    assert not is_korean(told(accept_language="en")["detail"])
    assert is_korean(told(accept_language="ko-KR,ko;q=0.9,en;q=0.8")["detail"])


def test_the_language_may_stand_in_the_address(territory, manager):
    api = Api(manager)
    korean, english = (api.get(f"{HOUSES}?limit=0&lang={language}") for language in ("ko", "en"))
    assert (korean["Content-Language"], english["Content-Language"]) == ("ko", "en")
    assert korean.json()["detail"] != english.json()["detail"]
    assert api.get(f"{HOUSES}?lang=fr").status_code == 200


def test_the_language_chosen_in_the_browser_counts_before_what_it_asks_for(territory, manager, settings):
    api = Api(manager)
    api.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert api.get(accept_language="ko")["Content-Language"] == "en"


def test_field_errors_are_told_in_the_readers_language_too(territory, manager):
    body = {"type": "Feature", "geometry": lonlat(place(1, 1)), "properties": {**house_values(), "pnu": "1"}}
    korean, english = (
        is_problem(Api(manager).post(HOUSES, body, accept_language=language), 422)["errors"]["pnu"][0]
        for language in ("ko", "en")
    )
    assert is_korean(korean)
    assert "19 digits" in english


@pytest.mark.parametrize(
    "path",
    [
        "nowhere",
        "collections/rivers/items",
        "collections/",
        "collections/areas/",
        "collections/areas/items/",
        "collections/areas/tiles/Other/1/1/1",
        "x/y/z",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_what_does_not_exist_is_a_problem_not_a_page(db, path, method):
    is_problem(Api().send(method, path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", HOUSES, "GET, POST, HEAD, OPTIONS"),
        ("POST", f"{HOUSES}/1", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        ("POST", "collections", "GET, HEAD, OPTIONS"),
        ("DELETE", "collections/vacant-houses/tiles/WebMercatorQuad/1/1/1", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_not_there_is_refused_with_those_that_are(territory, manager, method, path, allowed):
    response = Api(manager).send(method, path, {})
    is_problem(response, 405)
    assert response["Allow"] == allowed


@pytest.mark.parametrize(
    "path",
    [
        "",
        "conformance",
        "collections",
        "collections/areas",
        "collections/areas/items",
        "collections/areas/items/{id}",
        "collections/areas/tiles/WebMercatorQuad/9/200/436",
        "openapi",
    ],
)
def test_head_answers_as_get_does_without_the_content(territory, path):
    path = path.format(id=territory.unbong.pk)
    got, head = Api().get(path), Api().client.head(f"/api/{path}")
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    assert head["Content-Type"] == got["Content-Type"]
    assert head.get("ETag") == got.get("ETag")


def test_options_tell_what_may_be_done(territory, manager):
    house = make_house()
    response = Api(manager).client.options(f"/api/{HOUSES}/{house.pk}")
    assert response.status_code == 200
    assert response["Allow"] == "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"


def test_an_error_of_ours_tells_no_details_and_is_not_taken_for_an_answer(territory, manager, monkeypatch):
    from gis_core.api import items

    def broken(*args, **kwargs):
        raise RuntimeError("secret inside")

    monkeypatch.setattr(items, "feature_page", broken)
    api = Api(manager)
    api.client.raise_request_exception = False
    response = api.get(HOUSES)
    assert response.status_code == 500
    assert b"secret inside" not in response.content
