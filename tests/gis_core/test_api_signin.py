"""Signing in to the API: session, HTTP Basic, token; and the lock-out after repeated failures."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from knox.models import AuthToken

from tests.conftest import Api, basic, is_problem
from tests.factories import make_centre

pytestmark = pytest.mark.django_db

CENTRES = "collections/centres/items"


@pytest.fixture
def centre(territory):
    return make_centre()


def test_a_session_a_password_and_a_token_all_open_the_same_collection(centre, planner):
    _row, token = AuthToken.objects.create(planner)
    for api, headers in (
        (Api(planner), {}),
        (Api(), {"authorization": basic("planner")}),
        (Api(), {"authorization": f"Token {token}"}),
    ):
        response = api.get(CENTRES, **headers)
        assert [feature["id"] for feature in response.json()["features"]] == [centre.pk]


@pytest.mark.parametrize(
    "header",
    [
        basic("planner", "wrong"), basic("nobody"), "Basic", "Basic !!!", "Basic " + "A" * 5000,
        "Token", "Token " + "0" * 64, "Token wrong",
    ],
)  # fmt: skip
def test_wrong_credentials_are_refused_on_public_collections_too(centre, planner, header):
    for path in (CENTRES, "collections/areas/items", ""):
        response = Api().get(path, authorization=header)
        is_problem(response, 401)
        assert response["WWW-Authenticate"].startswith("Basic realm=")


def test_a_token_that_has_ended_or_was_revoked_opens_nothing(centre, planner):
    _row, ended = AuthToken.objects.create(planner, expiry=timedelta(seconds=-1))
    row, revoked = AuthToken.objects.create(planner)
    assert Api().get(CENTRES, authorization=f"Token {revoked}").status_code == 200
    row.delete()
    for token in (ended, revoked):
        is_problem(Api().get(CENTRES, authorization=f"Token {token}"), 401)


def test_a_token_is_not_kept_in_clear(planner):
    _row, token = AuthToken.objects.create(planner)
    assert token not in str(list(AuthToken.objects.values()))


def test_an_account_that_was_switched_off_opens_nothing(centre, planner):
    _row, token = AuthToken.objects.create(planner)
    get_user_model().objects.filter(pk=planner.pk).update(is_active=False)
    for header in (basic("planner"), f"Token {token}"):
        is_problem(Api().get(CENTRES, authorization=header), 401)


def test_repeated_failures_lock_the_account_out_even_for_the_right_password(centre, planner, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert Api().get(CENTRES, authorization=basic("planner", "wrong")).status_code in (401, 403, 429)
    response = Api().get(CENTRES, authorization=basic("planner"))
    assert response.status_code in (401, 403, 429)
    assert response["Content-Type"] == "application/problem+json"
    assert "features" not in response.json()


def test_failures_through_the_api_lock_the_sign_in_page_too(planner, settings, client):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        Api().get("collections", authorization=basic("planner", "wrong"))
    response = client.post("/sign-in/", {"username": "planner", "password": "a long enough pass phrase"})
    assert response.status_code == 429


def test_a_lock_out_of_one_account_leaves_others_alone(centre, planner, viewer, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        Api().get(CENTRES, authorization=basic("planner", "wrong"))
    assert Api().get(CENTRES, authorization=basic("viewer")).status_code == 200
    assert Api(planner).get(CENTRES).status_code == 200


def test_fewer_failures_lock_nobody_out(centre, planner, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        Api().get(CENTRES, authorization=basic("planner", "wrong"))
    assert Api().get(CENTRES, authorization=basic("planner")).status_code == 200


def test_strangers_are_slowed_down_at_some_point(territory, monkeypatch):
    from rest_framework.throttling import AnonRateThrottle

    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "3/hour"})
    statuses = [Api().get("collections").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    response = Api().get("collections")
    is_problem(response, 429)
    assert int(response["Retry-After"]) > 0


def test_a_password_that_was_right_a_moment_ago_is_wrong_once_it_is_changed(centre, planner):
    header = basic("planner")
    assert Api().get(CENTRES, authorization=header).status_code == 200
    planner.set_password("another long pass phrase")
    planner.save()
    is_problem(Api().get(CENTRES, authorization=header), 401)
    assert Api().get(CENTRES, authorization=basic("planner", "another long pass phrase")).status_code == 200


def test_an_account_switched_off_is_refused_at_once_though_its_password_was_just_used(centre, planner):
    assert Api().get(CENTRES, authorization=basic("planner")).status_code == 200
    get_user_model().objects.filter(pk=planner.pk).update(is_active=False)
    is_problem(Api().get(CENTRES, authorization=basic("planner")), 401)


def test_a_password_is_checked_once_for_many_requests(centre, planner, monkeypatch):
    checked = []
    original = get_user_model().check_password
    monkeypatch.setattr(
        get_user_model(), "check_password", lambda self, raw: checked.append(raw) or original(self, raw)
    )
    for _ in range(3):
        assert Api().get(CENTRES, authorization=basic("planner")).status_code == 200
    assert len(checked) == 1
    assert Api().get(CENTRES, authorization=basic("planner", "wrong")).status_code == 401
    assert len(checked) == 2


def test_a_map_whose_session_has_ended_opens_no_password_dialog_of_the_browser() -> None:
    script = Api().get("collections/centres/items", Sec_Fetch_Mode="cors")
    assert script.status_code == 401
    assert not script["WWW-Authenticate"].startswith("Basic")
    assert Api().get("collections/centres/items")["WWW-Authenticate"].startswith("Basic")
