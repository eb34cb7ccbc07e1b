"""Two who changed the same answer: what stands against what is told in full, and what a person then picks is taken."""

import json
import uuid as uuids
from pathlib import Path
from typing import Any

import pytest

from gis_core.models import OfflineEntry, User
from gis_core.offline.bodies import apart
from tests.factories import Territory, make_house, make_user, place
from tests.vacanthouses.sync_support import Phone, visit_body
from vacanthouses.models import Visit
from vacanthouses.services import reviews


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def phone(surveyor: User) -> Phone:
    return Phone(surveyor)


def corrected(manager: User, **answers: Any) -> None:
    visit = Visit.objects.get()
    reviews.correct(visit, manager, visit.version, answers)


@pytest.mark.django_db
def test_what_a_person_picks_after_seeing_the_correction_is_taken(
    phone: Phone, manager: User, territory: Territory
) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house, answers={"roof": "fair", "column": "good"})
    phone.put(body, uuid)
    corrected(manager, roof="bad", column="poor")
    mine = phone.sending(uuid, {**body, "answers": {"roof": "poor", "column": "good"}})
    clash = phone.deliver(mine, if_match=1)
    told = clash.json()
    assert (clash.status_code, list(told["difference"])) == (412, ["answers.roof"])
    assert told["merged"]["answers"] == {"roof": "bad", "column": "poor"}, "the other correction is no question"
    again = phone.put({**told["merged"], "answers": {"roof": "poor", "column": "poor"}}, uuid, if_match=1)
    assert again.status_code == 412, "without having seen the correction nobody writes over it"
    chosen = phone.sending(uuid, {**told["merged"], "answers": {"roof": "poor", "column": "poor"}, "note": "다시 봄"})
    answer = phone.deliver(chosen, if_match=told["version"], **{"Dongne-Resolves": mine["sha256"]})
    assert answer.status_code == 200, answer.content.decode()
    assert Visit.objects.get().answers == {"roof": "poor", "column": "poor"}
    assert OfflineEntry.objects.filter(status=412).count() == 2, "what clashed is kept"


@pytest.mark.django_db
def test_what_the_office_changes_after_it_was_seen_clashes_again(
    phone: Phone, manager: User, territory: Territory
) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house, answers={"roof": "fair", "column": "good"})
    phone.put(body, uuid)
    corrected(manager, roof="bad")
    mine = phone.sending(uuid, {**body, "answers": {"roof": "poor", "column": "good"}})
    merged = phone.deliver(mine, if_match=1).json()["merged"]
    corrected(manager, roof="good")
    seen = {"Dongne-Resolves": mine["sha256"]}
    chosen = phone.sending(uuid, {**merged, "answers": {"roof": "poor", "column": "good"}})
    assert phone.deliver(chosen, if_match=1, **seen).status_code == 412
    assert Visit.objects.get().answers["roof"] == "good"


@pytest.mark.django_db
def test_a_text_that_names_no_version_is_shown_what_it_differs_from(phone: Phone, territory: Territory) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house)
    phone.put(body, uuid)
    told = phone.put({**body, "note": "다른 전화"}, uuid).json()
    assert told["difference"] == {"note": {"base": None, "current": "", "yours": "다른 전화"}}
    assert told["version"] == 1
    assert told["merged"]["note"] == ""


@pytest.mark.django_db
def test_a_header_that_is_no_hash_is_refused(phone: Phone, territory: Territory) -> None:
    sending = phone.sending(uuids.uuid4(), visit_body(make_house(place(500, 500))))
    assert phone.deliver(sending, **{"Dongne-Resolves": "mine"}).status_code == 400
    assert not Visit.objects.exists()


@pytest.mark.django_db
def test_what_the_office_said_of_many_visits_is_asked_at_once_and_only_of_ones_own(
    phone: Phone, manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    uuids_of = [uuids.uuid4() for _number in range(12)]
    for number, uuid in enumerate(uuids_of):
        phone.put(visit_body(make_house(place(50 * number, 500))), uuid)
    first, second, *_others = Visit.objects.order_by("pk")
    reviews.send_back(first, manager, first.version, "지붕 사진을 다시")
    reviews.accept(second, manager, second.version, "잘했습니다")

    def ask(of: Phone, wanted: Any) -> Any:
        said = json.dumps({"uuids": wanted})
        return of.client.post("/api/survey/records/visits", said, content_type="application/json")

    with django_assert_max_num_queries(8):
        told = ask(phone, [str(uuid) for uuid in uuids_of]).json()["records"]
    by_uuid = {each["uuid"]: each["target"] for each in told}
    assert len(by_uuid) == 12
    assert [by_uuid[str(first.uuid)][name] for name in ("state", "comment", "is_final")] == [
        "returned", "지붕 사진을 다시", False,
    ]  # fmt: skip
    assert [by_uuid[str(second.uuid)][name] for name in ("state", "comment", "is_final")] == [
        "accepted", "잘했습니다", True,
    ]  # fmt: skip
    other = Phone(make_user("other", ("surveyor", territory.unbong)))
    assert ask(other, [str(first.uuid)]).json() == {"records": []}
    assert ask(phone, "no list").status_code == 400
    assert ask(phone, [str(uuids.uuid4())] * 501).status_code == 400


def test_texts_without_a_common_beginning_differ_field_by_field() -> None:
    found = apart({"note": "a", "answers": {"roof": "bad", "water": "no"}}, {"note": "a", "answers": {"roof": "fair"}})
    assert found == {
        "answers.roof": {"base": None, "current": "fair", "yours": "bad"},
        "answers.water": {"base": None, "current": None, "yours": "no"},
    }
