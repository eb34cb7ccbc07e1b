"""Fixtures every test may use: a territory, people with roles, and a client of the API."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection
from django.test import Client, TransactionTestCase, override_settings
from hypothesis import settings as hypothesis_settings

from gis_core.models import Role, User
from tests import database, factories
from tests.factories import Territory

# How long an example takes says nothing on a busy machine.
hypothesis_settings.register_profile("dongne", deadline=None)
hypothesis_settings.load_profile("dongne")


# Begun last, one of these would keep a single process busy after the others have ended.
_LONGEST = (
    "tests/vacanthouses/test_sync_faults.py",
    "tests/disaster/test_ledger_storm.py",
    "tests/browser/test_words.py",
    "tests/browser/test_review.py",
    "tests/gis_core/test_demo.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


@pytest.fixture(autouse=True, scope="session")
def _emptied_quickly() -> Iterator[None]:
    """After a test that really committed, only what it filled is emptied."""
    flush = TransactionTestCase._fixture_teardown

    def empty(case: TransactionTestCase) -> None:
        try:
            database.empty()
        except ProgrammingError:
            # Only a superuser goes past triggers and foreign keys.
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture(scope="module")
def undone_later(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a module's own fixtures write stays for all its tests, and is undone after the last."""
    with django_db_blocker.unblock(), database.undone():
        yield


@pytest.fixture
def territory(db: None) -> Territory:
    return factories.make_territory()


@pytest.fixture
def administrator(db: None) -> User:
    return factories.make_user("admin", (Role.ADMINISTRATOR, None))


@pytest.fixture
def planner(db: None) -> User:
    return factories.make_user("planner", (Role.FACILITY_PLANNER, None))


@pytest.fixture
def officer(db: None) -> User:
    return factories.make_user("officer", (Role.DISASTER_OFFICER, None))


@pytest.fixture
def manager(db: None) -> User:
    return factories.make_user("manager", (Role.SURVEY_MANAGER, None))


@pytest.fixture
def coordinator(db: None) -> User:
    return factories.make_user("coordinator", (Role.ZONE_COORDINATOR, None))


@pytest.fixture
def viewer(db: None) -> User:
    return factories.make_user("viewer", (Role.VIEWER, None))


@pytest.fixture
def surveyor(territory: Territory) -> User:
    """Surveys 운봉읍, and no other town."""
    return factories.make_user("surveyor", (Role.SURVEYOR, territory.unbong))


class Api:
    """A client of ``/api`` as one user (None: not signed in). Paths are relative to ``/api/``."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str = "", params: Any = None, **headers: str) -> Any:
        return self.client.get(f"/api/{path}", params, headers=_dashed(headers))

    def send(
        self, method: str, path: str, body: Any = None, content_type: str = "application/geo+json", **headers: str
    ) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
        return self.client.generic(method, f"/api/{path}", data, content_type=content_type, headers=_dashed(headers))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, content_type="application/merge-patch+json", **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(f"/api/{path}", headers=_dashed(headers))

    def features(self, layer: str, **params: Any) -> list[dict[str, Any]]:
        response = self.get(f"collections/{layer}/items", params)
        assert response.status_code == 200, response.content.decode()
        found: list[dict[str, Any]] = response.json()["features"]
        return found

    def ids(self, layer: str, **params: Any) -> list[int]:
        return [feature["id"] for feature in self.features(layer, **params)]


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    """Header names as keywords: ``if_match`` is If-Match."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def basic(username: str, password: str = factories.PASSWORD) -> str:
    """The Authorization header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def is_problem(response: Any, status: int) -> dict[str, Any]:
    """Check that an answer is a problem document of this status; gives its content."""
    assert response.status_code == status, (response.status_code, response.content.decode()[:500])
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["title"]
    return body


@pytest.fixture
def other_connection(transactional_db: None) -> Any:
    """A context manager that gives a cursor on a second connection, which commits by itself."""

    @contextmanager
    def connect() -> Any:
        second = connection.copy()
        try:
            with second.cursor() as cursor:
                yield cursor
        finally:
            second.close()

    return connect
