"""Who may know people by name, that each look is noted, and who calls whom."""

import io
from types import SimpleNamespace
from typing import Any

import mapbox_vector_tile
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from disaster.models import Depot, Responder
from disaster.phone_tree import makes_circle, tree
from disaster.services import people as services
from gis_core.crs import STORAGE_SRID, WEB_SRID, reproject
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import PersonalDataAccess, Role, User
from gis_core.tiles.grid import tile_bounds
from tests.disaster.people_support import (
    PHONE,
    SECRET,
    days_ago,
    make_call,
    make_machine,
    make_partner,
    make_person,
    make_training,
    shown,
)
from tests.factories import Territory, make_depot, make_user, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(territory: Territory) -> User:
    return make_user("officer", (Role.DISASTER_OFFICER, territory.unbong))


@given(st.dictionaries(st.integers(0, 7), st.one_of(st.none(), st.integers(0, 7)), max_size=8))
def test_everybody_stands_in_the_tree_once_whatever_the_calls(callers: dict[int, int | None]) -> None:
    people = [SimpleNamespace(pk=pk, called_by_id=by) for pk, by in callers.items()]
    found = tree(people, lambda each: each.pk)
    assert sorted(each.pk for _depth, each in found) == sorted(callers)
    depths = {each.pk: depth for depth, each in found}
    for each in people:
        if each.called_by_id not in callers:
            assert depths[each.pk] == 0


def test_a_circle_is_seen_and_a_chain_is_not() -> None:
    callers: dict[int, int | None] = {2: 1, 3: 2, 1: None}
    assert makes_circle(1, 3, callers)
    assert makes_circle(1, 1, callers)
    assert not makes_circle(4, 3, callers)


def test_a_phone_tree_that_would_run_in_a_circle_is_refused(territory: Territory, officer: User) -> None:
    first = make_person(territory.unbong)
    second = make_person(territory.unbong, called_by=first)
    values = {"area": territory.unbong, "called_by": second}
    with pytest.raises(Invalid) as refused:
        services.change(first, officer, {"area": territory.unbong, "called_by": None}, values)
    assert list(refused.value.errors) == ["called_by"]


def test_names_are_for_officers_of_the_town_and_each_look_is_noted(
    client: Client, territory: Territory, officer: User
) -> None:
    make_person(territory.unbong)
    make_person(territory.jucheon, name="딴동네견본")
    client.force_login(officer)
    page = client.get("/disaster/responders/").content.decode()
    assert SECRET in page
    assert PHONE in page
    assert "딴동네견본" not in page
    look = PersonalDataAccess.objects.get(user=officer)
    assert (look.layer, look.action, look.count) == ("responders", "responders", 1)
    assert SECRET not in look.detail


def test_a_viewer_sees_counts_and_no_name_anywhere(client: Client, territory: Territory) -> None:
    partner = make_partner(kind="machinery_owner")
    person = make_person(territory.unbong, organisation=partner)
    make_machine(partner, operator=person)
    make_call(partner)
    held = make_training(territory.unbong, days_ago(3), person)
    client.force_login(make_user("viewer", (Role.VIEWER, None)))
    for path in (
        "responders/", "training/", f"training/{held.pk}/", "partners/", f"partners/{partner.pk}/",
    ):  # fmt: skip
        answer = client.get(f"/disaster/{path}")
        assert answer.status_code == 200, path
        assert SECRET not in answer.content.decode(), path
        assert PHONE not in answer.content.decode(), path
    for path in (
        f"responders/{person.pk}/",
        "responders/add/",
        "phone-tree/",
        "call-test/",
        f"training/town/{territory.unbong.pk}/",
    ):
        assert client.get(f"/disaster/{path}").status_code == 403, path
    assert not PersonalDataAccess.objects.exists()


def machine_tile(zoom: int) -> str:
    """The tile in which ``make_machine`` puts machines, as zoom, row and column."""
    point = reproject(place(600, 600), STORAGE_SRID, WEB_SRID)
    west, _south, _east, north = tile_bounds(0, 0, 0)
    size = 2 * north / 2**zoom
    return f"{zoom}/{int((north - point.y) // size)}/{int((point.x - west) // size)}"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DISASTER_OFFICER])
def test_no_operator_is_named_in_lists_exports_or_tiles_of_machines(
    client: Client, territory: Territory, role: str
) -> None:
    partner = make_partner(kind="machinery_owner", contact_name="", contact_phone="")
    machine = make_machine(partner, operator=make_person(territory.unbong, organisation=partner))
    client.force_login(make_user("someone", (role, None)))
    cache.clear()
    for path in (
        "/records/machines/", f"/records/machines/{machine.pk}/", "/records/machines/export.csv",
        "/records/machines/export.geojson", f"/records/machines/{machine.pk}/history/",
    ):  # fmt: skip
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200, path
        assert "굴착기" in body.decode(), path
        assert SECRET not in body.decode(), path
    for zoom in (6, 16):
        answer = client.get(f"/api/collections/machines/tiles/WebMercatorQuad/{machine_tile(zoom)}")
        assert answer.status_code == 200
        drawn = mapbox_vector_tile.decode(answer.content)["machines"]["features"]
        assert drawn, zoom
        assert SECRET not in str(drawn), zoom
        assert not any("operator" in name for each in drawn for name in each["properties"])


def test_names_and_phones_are_unreadable_in_the_database_and_its_history(territory: Territory) -> None:
    make_person(territory.unbong, note="비밀 메모")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM disaster_responder r")
        rows = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT to_jsonb(e)::text FROM disaster_responderevent e")
        rows += [row[0] for row in cursor.fetchall()]
    assert len(rows) > 1
    assert not [row for row in rows if SECRET in row or PHONE in row or "비밀" in row]


def test_an_officer_adds_a_person_once_though_the_form_is_sent_twice(
    client: Client, territory: Territory, officer: User
) -> None:
    client.force_login(officer)
    form = {
        "name": SECRET, "phone": PHONE, "area": territory.unbong.pk, "duty": "volunteer", "is_available": "on",
        "token": "5f0c9d0e-0000-4000-8000-000000000003",
    }  # fmt: skip
    for _time in range(2):
        assert client.post(f"/disaster/responders/add/?town={territory.unbong.pk}", form).status_code == 302
    assert [(each.name, each.phone) for each in Responder.objects.all()] == [(SECRET, PHONE)]


@pytest.mark.parametrize(("field", "value"), [("phone", "없음"), ("name", "  "), ("duty", "king")])
def test_what_is_no_phone_name_or_duty_is_refused_at_its_field(
    client: Client, territory: Territory, officer: User, field: str, value: str
) -> None:
    client.force_login(officer)
    form = {"name": SECRET, "phone": PHONE, "area": territory.unbong.pk, "duty": "volunteer", field: value}
    answer = client.post(f"/disaster/responders/add/?town={territory.unbong.pk}", form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_two_officers_who_change_different_fields_both_succeed(
    client: Client, territory: Territory, officer: User
) -> None:
    person = make_person(territory.unbong)
    client.force_login(officer)
    path = f"/disaster/responders/{person.pk}/"
    form = client.get(path).context["form"]
    assert client.post(path, shown(form, phone="010-0000-1111")).status_code == 302
    assert client.post(path, shown(form, duty="keeper")).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.duty) == ("010-0000-1111", "keeper")
    assert client.post(path, shown(form, phone="010-0000-2222")).status_code == 409


def test_nobody_writes_people_of_another_town(territory: Territory) -> None:
    other = make_user("other", (Role.DISASTER_OFFICER, territory.jucheon))
    with pytest.raises(NotAllowed):
        services.add(other, {"name": SECRET, "area": territory.unbong}, None)
    person = make_person(territory.unbong)
    with pytest.raises(NotAllowed):
        services.retire(person, other, "이사", person.version)


def test_the_phone_tree_is_a_paper_that_needs_a_reason_which_is_noted(
    client: Client, territory: Territory, officer: User
) -> None:
    boss = make_person(territory.unbong, duty="official", name="위견본")
    make_person(territory.unbong, called_by=boss)
    client.force_login(officer)
    assert client.post("/disaster/phone-tree/", {"reason": "x"}).status_code == 422
    assert not PersonalDataAccess.objects.exists()
    answer: Any = client.post("/disaster/phone-tree/", {"reason": "정전 대비 비치"})
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert text.index("위견본") < text.index(SECRET)
    assert PHONE in text
    look = PersonalDataAccess.objects.get(action="phone tree")
    assert (look.count, "정전 대비 비치" in look.detail) == (2, True)


def test_a_depots_keeper_is_written_by_its_officer_and_encrypted(
    client: Client, territory: Territory, officer: User
) -> None:
    depot = make_depot()
    path = f"/disaster/depots/{depot.pk}/keeper/"
    client.force_login(make_user("viewer", (Role.VIEWER, None)))
    assert client.get(path).status_code == 403
    client.force_login(officer)
    form = client.get(path).context["form"]
    assert client.post(path, shown(form, keeper_person=SECRET, keeper_phone=PHONE)).status_code == 302
    depot = Depot.objects.get(pk=depot.pk)
    assert (depot.keeper_person, depot.keeper_phone) == (SECRET, PHONE)
    client.get(path)
    assert PersonalDataAccess.objects.filter(layer="depots", action="keeper").count() == 1
