"""Counting on the pages: at the shelf, by scanning, handing in, approving, and the stocktake."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from disaster.models import Balance, CountSession, Label
from disaster.services import counts, ledger
from gis_core.models import Role
from tests.disaster.counts_support import held, make_item, stock
from tests.factories import make_depot, make_user, place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def depot(territory):
    return make_depot(place(100, 100))


@pytest.fixture
def keeper(territory):
    return make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))


@pytest.fixture
def sandbags():
    return make_item("마대")


@pytest.fixture
def count(depot, keeper):
    return counts.begin(keeper, depot)


def posted(client, name, count, data=None, *args):
    return client.post(reverse(name, args=[count.pk, *args]), data or {})


def line(balance, quantity="", version=0, **values):
    return {"lot": balance.lot_id, "condition": balance.condition, "version": version, "quantity": quantity, **values}


def test_a_keeper_begins_a_count_once_however_often_the_form_is_sent(client, depot, keeper):
    client.force_login(keeper)
    data = {"token": uuid.uuid4()}
    for _time in range(2):
        assert client.post(reverse("count-add", args=[depot.pk]), data).status_code == 302
    assert CountSession.objects.count() == 1


def test_the_ledgers_figure_is_hidden_until_the_line_was_counted(client, count, depot, officer, keeper, sandbags):
    balance = stock(officer, depot, sandbags, 4321)
    client.force_login(keeper)
    page = reverse("count", args=[count.pk])
    assert "4,321" not in client.get(page).content.decode()
    posted(client, "count-blind", count)
    assert "4,321" in client.get(page).content.decode()
    posted(client, "count-blind", count)
    posted(client, "count-line", count, line(balance, "4320"))
    assert "4,321" in client.get(page).content.decode()


def test_each_line_answers_for_itself(client, count, depot, officer, keeper, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    client.force_login(keeper)
    address = reverse("count-line", args=[count.pk])
    answer = client.post(address, line(balance, "많음"), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert f'id="line-{balance.lot_id}-usable"' in answer.content.decode()
    answer = client.post(address, line(balance, "9"), headers={"HX-Request": "true"})
    assert (answer.status_code, count.lines.get().quantity) == (200, 9)
    answer = client.post(address, line(balance, "8"), headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert 'name="version" value="1"' in answer.content.decode(), "saving again replaces the other's figure"


def test_none_here_and_not_looked_for_are_two_things(client, count, depot, officer, keeper, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    client.force_login(keeper)
    posted(client, "count-line", count, line(balance, none="1"))
    assert count.lines.get().quantity == 0
    posted(client, "count-line", count, line(balance, version=1, clear="1"))
    assert count.lines.get().quantity is None
    posted(client, "count-line", count, line(balance, version=2))
    assert count.lines.get().quantity is None, "an empty field is not zero"


def test_a_scanned_label_or_a_typed_lot_jumps_to_its_line(client, count, depot, officer, keeper, sandbags):
    balance = stock(officer, depot, sandbags, 10, code="SN-7")
    Label.objects.create(token="t" * 22, depot=depot, lot=balance.lot)
    client.force_login(keeper)
    address = reverse("count-scan", args=[count.pk])
    for text in ("t" * 22, f"https://dongne.example/d/{'t' * 22}/", "sn-7"):
        answer = client.get(address, {"code": text})
        assert answer.url.endswith(f"#q-line-{balance.lot_id}-usable"), text
    assert "data-focus" in client.get(answer.url).content.decode()


def test_scanning_what_is_not_on_the_list_leads_to_its_form(client, count, depot, officer, keeper, sandbags):
    lot = ledger.lot_of(sandbags, "SN-8")
    client.force_login(keeper)
    answer = client.get(reverse("count-scan", args=[count.pk]), {"code": "SN-8"}, follow=True)
    assert 'value="SN-8"' in answer.content.decode()
    posted(client, "count-found", count, {"item": sandbags.pk, "code": "SN-8", "condition": "usable", "quantity": "1"})
    assert count.lines.get().lot == lot


def test_a_scan_that_names_nothing_or_a_label_that_is_out_of_use_says_so(client, count, depot, keeper):
    Label.objects.create(token="r" * 22, depot=depot, revoked_at=timezone.now())
    client.force_login(keeper)
    for text in ("r" * 22, "XX-99", "", "x" * 500):
        answer = client.get(reverse("count-scan", args=[count.pk]), {"code": text}, follow=True)
        assert answer.status_code == 200
        assert "notice" in answer.content.decode()


def test_the_counter_hands_in_and_somebody_else_approves(client, count, depot, officer, keeper, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    client.force_login(keeper)
    posted(client, "count-line", count, line(balance, "8"))
    posted(client, "count-step", count, {"version": count.version}, "submit")
    count.refresh_from_db()
    assert posted(client, "count-step", count, {"version": count.version}, "approve").status_code == 403
    client.force_login(officer)
    page = client.get(reverse("count", args=[count.pk])).content.decode()
    assert "missing" in page
    for _time in range(2):
        posted(client, "count-step", count, {"version": count.version}, "approve")
    assert held(depot, sandbags) == {"usable": 8}
    assert count.movements.count() == 1


def test_an_old_page_approves_nothing(client, count, depot, officer, keeper, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    counts.write_line(keeper, count, counts.Seen(balance.lot, 8))
    counts.submit(keeper, count, count.version)
    client.force_login(officer)
    answer = posted(client, "count-step", count, {"version": 1}, "approve")
    assert answer.status_code == 409
    assert held(depot, sandbags) == {"usable": 10}


def test_who_only_looks_sees_counts_and_changes_none(client, count, viewer, surveyor, depot):
    client.force_login(viewer)
    assert client.get(reverse("count", args=[count.pk])).status_code == 200
    assert client.get(reverse("count-list")).status_code == 200
    assert posted(client, "count-line", count, {"lot": 1}).status_code == 403
    assert client.get(reverse("count-add", args=[depot.pk])).status_code == 403
    client.force_login(surveyor)
    assert client.get(reverse("count-list")).status_code == 403


def test_a_keeper_of_another_town_does_not_see_the_count(client, count, territory):
    client.force_login(make_user("other", (Role.DISASTER_OFFICER, territory.jucheon)))
    assert client.get(reverse("count", args=[count.pk])).status_code == 404
    assert client.get(reverse("count-scan", args=[count.pk]), {"code": "1"}).status_code == 404


def test_the_stocktake_lists_what_was_not_counted_since_a_day(client, depot, officer, sandbags, territory):
    done, part = make_depot(place(300, 300), name="다 센 창고"), make_depot(place(2500, 300), name="덜 센 창고")
    stock(officer, depot, sandbags, 1)
    stock(officer, done, sandbags, 1)
    stock(officer, part, sandbags, 1)
    stock(officer, part, make_item("삽"), 1)
    today = timezone.localdate()
    Balance.objects.filter(depot=done).update(counted_on=today)
    Balance.objects.filter(depot=part, lot__item=sandbags).update(counted_on=today)
    client.force_login(officer)
    page = client.get(reverse("count-due"), {"since": today.isoformat()}).content.decode()
    assert "다 센 창고" not in page
    assert "in part: 1 of 2" in page
    assert "다 센 창고" in client.get(reverse("count-due"), {"since": today.isoformat(), "all": 1}).content.decode()
    assert client.get(reverse("count-due"), {"since": "no day"}).status_code == 200


@pytest.mark.parametrize("name", ["count-list", "count-due"])
def test_lists_ask_as_much_for_many_depots_as_for_few(client, name, officer, territory, django_assert_max_num_queries):
    for number in range(12):
        counts.begin(officer, make_depot(place(100 + number, 100)))
    client.force_login(officer)
    client.get(reverse(name))
    with django_assert_max_num_queries(22):
        client.get(reverse(name))


def test_the_shelf_asks_as_much_for_many_lots_as_for_few(
    client, count, depot, officer, keeper, django_assert_max_num_queries
):
    for number in range(15):
        balance = stock(officer, depot, make_item(f"물품 {number}"), 5)
        counts.write_line(keeper, count, counts.Seen(balance.lot, 6))
    client.force_login(keeper)
    with django_assert_max_num_queries(22):
        client.get(reverse("count", args=[count.pk]))
