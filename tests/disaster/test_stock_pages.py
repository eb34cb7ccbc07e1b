"""The pages of stock: what a keeper sees and records, and what others may not."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.models import Balance, Entry, Item, Loan, Lot, Movement, MovementKind, StandardQuantity
from disaster.services import ledger
from gis_core.models import Role, User
from tests.factories import Territory, make_depot, make_organisation, make_stock, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db


def move_url(depot: Any, kind: str) -> str:
    return f"/disaster/stock/depots/{depot.pk}/{kind}/"


def send(user: User, url: str, **values: Any) -> Any:
    """Open the form and send it, with these fields filled in."""
    client = signed_in(user)
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return client.post(url, {**inputs(page), **values})


def received(user: User, depot: Any, quantity: int, name: str = "마대", **facts: Any) -> Balance:
    item, _new = Item.objects.get_or_create(name=name, defaults={"unit": "매", "hazards": ["flood"]})
    day = facts.pop("day", timezone.localdate())
    lot = ledger.lot_of(item, **facts)
    ledger.post(user, ledger.Draft(MovementKind.RECEIVE, day, (ledger.Leg(depot, lot, quantity),)))
    return Balance.objects.get(depot=depot, lot=lot, condition="usable")


def test_a_depots_page_says_in_words_what_is_short_and_what_is_not_known(viewer: User, territory: Territory) -> None:
    depot = make_depot()
    make_stock(depot, "마대", 40, 100)
    make_stock(depot, "삽", 10, 10)
    make_stock(depot, "양수기", 1)
    pump = Item.objects.create(name="발전기", unit="대")
    StandardQuantity.objects.create(
        item=pump, depot=depot, quantity=2, method="own", source="시험", effective_from="2020-01-01"
    )
    told = text(signed_in(viewer).get(f"/records/depots/{depot.pk}/"))
    assert "마대 40 매 100 매 60 매 short" in told
    assert "삽 10 매 10 매 enough" in told
    assert "양수기 1 매 — no standard set" in told
    assert "발전기 unknown 2 대 nothing was ever recorded" in told
    assert "Receive" not in told


def test_an_expired_lot_is_there_and_does_not_count(officer: User, territory: Territory) -> None:
    depot = make_depot()
    day = timezone.localdate() - timedelta(days=30)
    received(officer, depot, 30, expires_on=day, day=day)
    received(officer, depot, 5)
    told = text(signed_in(officer).get(f"/records/depots/{depot.pk}/"))
    assert "마대 5 매" in told
    assert "30 매 expired" in told
    assert "last counted never" in told


def test_a_keeper_receives_with_lot_and_shelf_and_the_ledger_shows_it(officer: User, territory: Territory) -> None:
    depot = make_depot()
    item = Item.objects.create(name="마대", unit="매")
    answer = send(
        officer, move_url(depot, "receive"), item=item.pk, quantity="40", code="A-1", condition="usable", shelf="가-2",
        expires_on=(timezone.localdate() + timedelta(days=300)).isoformat(), reason="구입",
    )  # fmt: skip
    assert answer["Location"] == f"/records/depots/{depot.pk}/"
    balance = Balance.objects.get()
    assert (balance.quantity, balance.lot.code, balance.shelf, balance.counted_on) == (40, "A-1", "가-2", None)
    told = text(signed_in(officer).get(f"/disaster/stock/ledger/?depot={depot.pk}"))
    assert "Received 마대 A-1" in told
    assert "40 매 구입" in told


def test_a_form_that_is_sent_twice_is_recorded_once(officer: User, territory: Territory) -> None:
    depot = make_depot()
    balance = received(officer, depot, 10)
    client = signed_in(officer)
    page = client.get(move_url(depot, "issue"))
    values = {**inputs(page), "balance": balance.pk, "quantity": "10"}
    for _twice in range(2):
        assert client.post(move_url(depot, "issue"), values).status_code == 302
    balance.refresh_from_db()
    assert balance.quantity == 0
    assert Movement.objects.filter(kind="issue").count() == 1
    # The same form with another figure is another thing, and is refused.
    assert client.post(move_url(depot, "issue"), {**values, "quantity": "4"}).status_code in {409, 422}


@pytest.mark.parametrize(
    ("kind", "values", "at"),
    [
        ("issue", {"quantity": "11"}, "quantity"),
        ("issue", {"quantity": "-1"}, "quantity"),
        ("issue", {"quantity": "ten"}, "quantity"),
        ("issue", {"occurred_on": "2999-01-01"}, "occurred_on"),
        ("issue", {"occurred_on": "2026-02-30"}, "occurred_on"),
        ("dispose", {"reason": ""}, "reason"),
        ("recondition", {"condition": "usable"}, "condition"),
        ("loan", {"due_on": "2001-01-01", "borrower_name": "마을회"}, "due_on"),
        ("loan", {"due_on": "2999-01-01"}, "borrower_name"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_written(
    officer: User, territory: Territory, kind: str, values: dict[str, str], at: str
) -> None:
    depot = make_depot()
    balance = received(officer, depot, 10)
    answer = send(
        officer, move_url(depot, kind), **{"balance": balance.pk, "quantity": "1", "reason": "시험", **values}
    )
    assert answer.status_code in {409, 422}
    assert f'href="#id_{at}"' in answer.content.decode()
    assert Movement.objects.count() == 1
    assert not Loan.objects.exists()


def test_an_expiry_before_it_was_made_or_received_is_refused(officer: User, territory: Territory) -> None:
    depot, item = make_depot(), Item.objects.create(name="마대", unit="매")
    past = (timezone.localdate() - timedelta(days=9)).isoformat()
    for values in ({"expires_on": past}, {"expires_on": past, "made_on": timezone.localdate().isoformat()}):
        answer = send(officer, move_url(depot, "receive"), item=item.pk, quantity="4", condition="usable", **values)
        assert answer.status_code in {409, 422}
        assert 'href="#id_expires_on"' in answer.content.decode()
    assert not Lot.objects.exists()


def test_stock_goes_to_another_depot_of_the_keeper_and_only_there(territory: Territory, officer: User) -> None:
    here, there = make_depot(place(500, 500)), make_depot(place(600, 600))
    elsewhere = make_depot(place(2500, 500))
    balance = received(officer, here, 10)
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    url = move_url(here, "transfer")
    assert send(keeper, url, balance=balance.pk, quantity="4", target=elsewhere.pk).status_code == 422
    assert send(keeper, url, balance=balance.pk, quantity="4", target=there.pk).status_code == 302
    assert Balance.objects.get(depot=there).quantity == 4


def test_neither_a_viewer_nor_another_towns_officer_may_record_anything(territory: Territory, viewer: User) -> None:
    depot = make_depot(place(500, 500))
    balance = make_stock(depot)
    other = make_user("other", (Role.DISASTER_OFFICER, territory.suji), (Role.VIEWER, None))
    for user in (viewer, other):
        client = signed_in(user)
        for kind in ("receive", "issue", "transfer", "loan", "dispose", "recondition"):
            assert client.get(move_url(depot, kind)).status_code == 403
            assert client.post(move_url(depot, kind), {"quantity": "1"}).status_code == 403
        assert client.post(f"/disaster/stock/shelf/{balance.pk}/", {"shelf": "x"}).status_code == 403
    assert not Movement.objects.exists()
    nobody = make_user("nobody")
    for path in ("", "ledger/", "ledger.csv", "ledger.pdf", "loans/", "catalogue/", "standards/"):
        assert signed_in(nobody).get(f"/disaster/stock/{path}").status_code == 403, path


def test_a_movement_is_taken_back_on_its_page_with_a_reason(officer: User, viewer: User, territory: Territory) -> None:
    balance = received(officer, make_depot(), 10)
    url = f"/disaster/stock/movements/{Movement.objects.get().pk}/"
    assert "Take back" not in text(signed_in(viewer).get(url))
    assert signed_in(viewer).post(url, {"reason": "x", "token": str(uuid.uuid4())}).status_code == 403
    assert send(officer, url, reason="").status_code == 422
    assert send(officer, url, reason="두 번 적음").status_code == 302
    balance.refresh_from_db()
    assert balance.quantity == 0
    told = text(signed_in(officer).get(url))
    assert "두 번 적음" in told
    assert "See the counter-entry" in told


def test_a_loan_is_overdue_the_day_after_it_was_due_and_comes_back_in_parts(
    officer: User, territory: Territory
) -> None:
    depot = make_depot()
    day = timezone.localdate() - timedelta(days=20)
    balance = received(officer, depot, 10, day=day)
    borrower = make_organisation("운봉읍 이장단")
    answer = send(
        officer, move_url(depot, "loan"), balance=balance.pk, quantity="3", borrower=borrower.pk,
        occurred_on=day.isoformat(), due_on=(timezone.localdate() - timedelta(days=1)).isoformat(),
    )  # fmt: skip
    assert answer.status_code == 302
    loan = Loan.objects.get()
    told = text(signed_in(officer).get("/disaster/stock/loans/?show=overdue"))
    assert "운봉읍 이장단" in told
    assert "1 day overdue" in told
    url = f"/disaster/stock/loans/{loan.pk}/"
    assert send(officer, url, quantity="2", condition="usable").status_code == 302
    assert send(officer, url, quantity="2", condition="usable").status_code == 409
    loan.refresh_from_db()
    balance.refresh_from_db()
    assert (loan.returned, balance.quantity) == (2, 9)


def test_the_ledger_stands_in_the_order_of_the_days_and_says_what_was_written_late(
    officer: User, territory: Territory
) -> None:
    depot = make_depot()
    today = timezone.localdate()
    balance = received(officer, depot, 10, day=today - timedelta(days=9))
    for days, change in ((2, -3), (5, -4)):
        leg = ledger.Leg(depot, balance.lot, change)
        ledger.post(officer, ledger.Draft(MovementKind.ISSUE, today - timedelta(days=days), (leg,)))
    page = signed_in(officer).get(f"/disaster/stock/ledger/?depot={depot.pk}&item={balance.lot.item_id}")
    assert [(row.change, row.running) for row, *_rest in page.context["rows"]] == [(10, 10), (-4, 6), (-3, 3)]
    assert f"recorded {today.isoformat()}" in text(page)
    only = signed_in(officer).get(
        f"/disaster/stock/ledger/?depot={depot.pk}&from={today - timedelta(days=3)}&kind=issue"
    )
    assert [(row.change, row.running) for row, *_rest in only.context["rows"]] == [(-3, 3)]
    assert signed_in(officer).get("/disaster/stock/ledger/?from=yesterday").status_code == 400
    assert signed_in(officer).get("/disaster/stock/ledger/?depot=999999").status_code == 404


def test_the_file_of_the_ledger_runs_no_formula_and_the_paper_is_a_pdf(officer: User, territory: Territory) -> None:
    depot = make_depot(name="=cmd|' /C calc'!A1")
    item = Item.objects.create(name="마대", unit="매")
    leg = ledger.Leg(depot, ledger.lot_of(item), 5)
    ledger.post(officer, ledger.Draft(MovementKind.RECEIVE, timezone.localdate(), (leg,), reason="+1+1"))
    client = signed_in(officer)
    lines = b"".join(client.get(f"/disaster/stock/ledger.csv?depot={depot.pk}").streaming_content).decode("utf-8-sig")
    assert "'=cmd" in lines
    assert "'+1+1" in lines
    paper = client.get(f"/disaster/stock/ledger.pdf?depot={depot.pk}")
    assert paper.content.startswith(b"%PDF")


def test_the_overview_lists_what_wants_attention_and_says_unknown_where_nothing_is_known(
    officer: User, territory: Territory
) -> None:
    depot = make_depot(place(500, 500))
    make_stock(depot, "마대", 40, 100)
    today = timezone.localdate()
    old = received(officer, depot, 3, "모래", expires_on=today - timedelta(days=1), day=today - timedelta(days=5))
    received(officer, depot, 4, "소금", expires_on=today + timedelta(days=90))
    pump = Item.objects.create(name="발전기", unit="대", hazards=["snow"])
    StandardQuantity.objects.create(
        item=pump, depot=depot, quantity=2, method="own", source="시험", effective_from="2020-01-01"
    )
    client = signed_in(officer)
    counts = {each.name: each.count for each in client.get("/disaster/stock/").context["lists"]}
    assert counts == {"short": 1, "unknown": 1, "expired": 1, "expiring": 1, "old": 0, "repair": 0, "uncounted": 3}
    assert "? / 2" in text(client.get("/disaster/stock/"))
    assert "60 매 short" in text(client.get("/disaster/stock/?show=short"))
    assert f"balance={old.pk}" in client.get("/disaster/stock/?show=expired").content.decode()
    assert "발전기" not in text(client.get("/disaster/stock/?hazard=flood"))


def test_a_machine_over_its_service_life_is_told(officer: User, territory: Territory) -> None:
    item = Item.objects.create(name="양수기", unit="대", service_life_months=12)
    made = timezone.localdate() - timedelta(days=500)
    lot = ledger.lot_of(item, "SN-1", made)
    leg = ledger.Leg(make_depot(), lot, 1)
    ledger.post(officer, ledger.Draft(MovementKind.RECEIVE, timezone.localdate(), (leg,)))
    told = text(signed_in(officer).get("/disaster/stock/?show=old"))
    assert "양수기" in told
    assert "SN-1" in told


# With few depots the overview shows each of them.
@pytest.mark.parametrize("depots", [3, 8])
def test_the_pages_ask_no_more_of_the_database_for_more_stock(officer: User, territory: Territory, depots: int) -> None:
    depot, *others = [make_depot() for _each in range(depots)]

    def cost() -> list[int]:
        found = []
        pages = ["", "ledger/", "loans/", "standards/", "catalogue/", "ledger.csv"]
        for path in (*(f"/disaster/stock/{page}" for page in pages), f"/records/depots/{depot.pk}/"):
            client = signed_in(officer)
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path)
                b"".join(answer.streaming_content) if answer.streaming else answer.content
            found.append(len(queries))
        return found

    make_stock(depot, "마대", 1, 2)
    balance = received(officer, depot, 3, "모래")
    few = cost()
    for number in range(8):
        received(officer, others[number % len(others)], 3, f"품목 {number}")
        make_stock(depot, f"다른 품목 {number}", 1, 2)
        leg = ledger.Leg(depot, balance.lot, 1)
        ledger.post(officer, ledger.Draft(MovementKind.RECEIVE, timezone.localdate(), (leg,)))
    assert cost() == few
    assert Entry.objects.count() > 10


def test_the_shelf_is_written_where_the_lot_lies(officer: User, territory: Territory) -> None:
    balance = make_stock(make_depot())
    assert send(officer, f"/disaster/stock/shelf/{balance.pk}/", shelf="나-3").status_code == 302
    balance.refresh_from_db()
    assert balance.shelf == "나-3"


def test_a_change_of_stock_makes_the_depots_data_newer(officer: User, territory: Territory) -> None:
    depot = make_depot()
    balance = make_stock(depot, "마대", 40, 100)
    client = signed_in(officer)
    items = "/api/collections/depots/items"
    before = client.get(items)
    assert before.json()["features"][0]["properties"]["short_items"] == 1
    send(officer, move_url(depot, "receive"), item=balance.lot.item_id, quantity="60", condition="usable")
    after = client.get(items, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["features"][0]["properties"]["short_items"] == 0


def test_who_keeps_a_town_finds_her_depots_and_what_to_issue_first_without_looking_for_it(
    territory: Territory, officer: User
) -> None:
    depot = make_depot()
    old = received(officer, depot, 3, "마대")
    page = signed_in(officer).get("/disaster/stock/").content.decode()
    assert f"/disaster/stock/depots/{depot.pk}/issue/" in page
    assert f"/disaster/stock/counts/add/{depot.pk}/" in page
    assert f"/issue/?balance={old.pk}" in signed_in(officer).get(f"/records/depots/{depot.pk}/").content.decode()
    for _each in range(6):
        make_depot()
    assert (
        f"/disaster/stock/depots/{depot.pk}/issue/" not in signed_in(officer).get("/disaster/stock/").content.decode()
    )


def test_who_only_looks_is_not_offered_to_move_or_count_or_bring_a_table(
    territory: Territory, officer: User, viewer: User
) -> None:
    depot = make_depot()
    received(officer, depot, 3, "마대")
    looking = signed_in(viewer)
    page = looking.get("/disaster/stock/").content.decode()
    assert depot.name in page
    assert f"/depots/{depot.pk}/issue/" not in page
    assert f"/depots/{depot.pk}/issue/" not in looking.get(f"/records/depots/{depot.pk}/").content.decode()
    assert "/disaster/stock/import/" not in looking.get("/disaster/stock/counts/").content.decode()
    assert "/disaster/stock/import/" in signed_in(officer).get("/disaster/stock/counts/").content.decode()
