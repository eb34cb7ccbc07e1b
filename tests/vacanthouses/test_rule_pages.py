"""Rule tables: read, changed by edition, and put in force only after everybody could see who moves."""

from datetime import timedelta
from typing import Any

import pytest
import yaml

from gis_core.models import Role, User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text
from tests.vacanthouses.review_support import load_table, make_visit
from vacanthouses.models import RuleTable, Visit
from vacanthouses.services import reviews

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(db: None) -> RuleTable:
    return load_table()


@pytest.fixture
def graded(manager: User, surveyor: User, table: RuleTable) -> Visit:
    visit = make_visit(surveyor)
    reviews.accept(visit, manager, visit.version)
    return visit


def edition(user: User, table: RuleTable, change: Any = None, **values: Any) -> Any:
    body = yaml.safe_load(yaml.safe_dump(table.body))
    if change:
        change(body)
    sent = {
        "title": "새 판", "effective_from": "2026-01-01", "source": "예시(공식 아님)", "is_sample": "on",
        "text": yaml.safe_dump(body, allow_unicode=True), **values,
    }  # fmt: skip
    return signed_in(user).post(f"/rules/{table.pk}/edition/", sent)


def stricter(body: Any) -> None:
    body["cutoffs"]["specific"] = 30


def test_managers_read_tables_and_nobody_else_does(manager: User, surveyor: User, table: RuleTable) -> None:
    told = text(signed_in(manager).get("/rules/"))
    assert "농어촌 빈집 구분표" in told
    assert "sample, not official" in told
    shown = text(signed_in(manager).get(f"/rules/{table.pk}/"))
    assert "Roof Main structure 15 Good 0, Fair 1, Poor 2, Bad 3" in shown
    assert "Ordinary vacant house (rural) from a score of 0" in shown
    for path in ("", f"{table.pk}/", f"{table.pk}/edition/", f"{table.pk}/activate/", f"{table.pk}/end/"):
        assert signed_in(surveyor).get(f"/rules/{path}").status_code == 403


def test_a_fault_is_named_by_its_place_and_what_was_typed_stays(manager: User, table: RuleTable) -> None:
    refused = edition(manager, table, lambda body: body["items"][2]["points"].update(bad="three"), title="잘못된 판")
    assert refused.status_code == 422
    assert "items.2.points.bad: needs a number" in text(refused)
    assert "잘못된 판" in refused.content.decode()
    unreadable = edition(manager, table, text="items: [\n  - {")
    assert "Line " in text(unreadable)
    assert "cannot be read" in text(unreadable)
    bomb = edition(manager, table, text="a: &a [1]\nb: [*a, *a]")
    assert "Anchors (*name) are not taken." in text(bomb)
    ended = edition(manager, table, effective_to="2025-01-01")
    assert "This lies before the beginning." in text(ended)
    assert RuleTable.objects.count() == 1


def test_an_edition_sent_twice_is_one_and_does_not_count_yet(manager: User, table: RuleTable) -> None:
    for _time in range(2):
        assert edition(manager, table, stricter).status_code == 302
    made = RuleTable.objects.exclude(pk=table.pk).get()
    assert (made.is_active, made.key, made.regime) == (False, table.key, "rural")


def test_who_would_move_is_listed_and_nothing_moves_before_it_is_confirmed(
    manager: User, table: RuleTable, graded: Visit
) -> None:
    start = (graded.visited_at - timedelta(days=1)).date().isoformat()
    url = edition(manager, table, stricter, effective_from=start)["Location"]
    page = signed_in(manager).get(url)
    told = text(page)
    assert "1 house would get another grade" in told
    assert graded.house.address in told
    assert "score 33.3" in told
    graded.house.refresh_from_db()
    assert graded.house.grade == "ordinary"
    assert signed_in(manager).post(url, {"digest": "old"}).status_code == 409
    assert signed_in(manager).post(url, inputs(page)).status_code == 302
    graded.house.refresh_from_db()
    assert graded.house.grade == "specific"


def test_many_moves_are_made_by_the_worker(
    manager: User, table: RuleTable, graded: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vacanthouses.views.rules.MOVED_AT_ONCE", 0)
    start = (graded.visited_at - timedelta(days=1)).date().isoformat()
    url = edition(manager, table, stricter, effective_from=start)["Location"]
    begun = signed_in(manager).post(url, inputs(signed_in(manager).get(url)))
    assert begun["Location"].startswith("/jobs/")


def test_a_manager_of_one_town_moves_no_house_of_another(
    territory: Territory, manager: User, surveyor: User, table: RuleTable
) -> None:
    local = make_user("local", (Role.SURVEY_MANAGER, territory.unbong))
    visit = make_visit(surveyor, make_house(place(2500, 500)))
    reviews.accept(visit, manager, visit.version)
    start = (visit.visited_at - timedelta(days=1)).date().isoformat()
    url = edition(local, table, stricter, effective_from=start)["Location"]
    page = signed_in(local).get(url)
    assert "1 of them lies outside your areas" in text(page)
    assert visit.house.address not in text(page)
    assert signed_in(local).post(url, inputs(page)).status_code == 403


def test_a_table_is_ended_and_a_stale_page_is_told(manager: User, table: RuleTable) -> None:
    url = f"/rules/{table.pk}/end/"
    sent = {**inputs(signed_in(manager).get(url)), "effective_to": "2026-12-31"}
    assert signed_in(manager).post(url, {**sent, "effective_to": "2019-01-01"}).status_code == 422
    assert signed_in(manager).post(url, sent).status_code == 302
    assert signed_in(manager).post(url, {**sent, "effective_to": "2027-12-31"}).status_code == 409
    table.refresh_from_db()
    assert table.effective_to.isoformat() == "2026-12-31"
