"""The stock of a depot on its page, and the table in which it is changed."""

from typing import Any

import pytest

from disaster.models import StockItem, StockLine
from gis_core.models import Role, User
from tests.factories import Territory, make_depot, make_stock, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db


def stock_url(depot: Any) -> str:
    return f"/records/depots/{depot.pk}/stock/"


def send(user: User, depot: Any, page: Any, **changed: Any) -> Any:
    return signed_in(user).post(stock_url(depot), {**inputs(page), **changed})


def lines(depot: Any) -> dict[str, tuple[int, int | None]]:
    found = StockLine.objects.filter(depot=depot, retired_at=None).select_related("item")
    return {line.item.name: (line.quantity, line.standard_quantity) for line in found}


def test_a_depots_page_says_in_words_what_is_short(viewer: User, territory: Territory) -> None:
    depot = make_depot()
    make_stock(depot, "마대", 40, 100)
    make_stock(depot, "삽", 10, 10)
    make_stock(depot, "양수기", 1)
    told = text(signed_in(viewer).get(f"/records/depots/{depot.pk}/"))
    assert "마대 40 매 100 매 60 매 short" in told
    assert "삽 10 매 10 매 enough" in told
    assert "양수기 1 매 — no standard set" in told
    assert "Edit stock" not in told


def test_an_officer_changes_adds_and_removes_lines_at_once_and_history_knows(
    officer: User, territory: Territory
) -> None:
    depot = make_depot()
    bags, shovels = make_stock(depot, "마대", 40, 100), make_stock(depot, "삽", 10, 10)
    pump = StockItem.objects.create(name="양수기", unit="대")
    page = signed_in(officer).get(stock_url(depot))
    saved = send(
        officer, depot, page,
        **{"form-0-quantity": "90", "form-1-remove": "on", "form-2-item": pump.pk, "form-2-quantity": "3"},
    )  # fmt: skip
    assert saved["Location"] == f"/records/depots/{depot.pk}/"
    assert lines(depot) == {"마대": (90, 100), "양수기": (3, None)}
    assert [event.quantity for event in bags.events.order_by("pgh_id")] == [40, 90]
    shovels.refresh_from_db()
    assert shovels.retired_at is not None


def test_two_officers_changing_one_line_the_second_is_told_and_both_figures_are_shown(
    officer: User, territory: Territory
) -> None:
    other = make_user("second", (Role.DISASTER_OFFICER, None))
    depot = make_depot()
    make_stock(depot, "마대", 40, 100)
    opened = signed_in(officer).get(stock_url(depot))
    send(other, depot, opened, **{"form-0-quantity": "30"})
    told = send(officer, depot, opened, **{"form-0-quantity": "35"})
    assert told.status_code == 422
    assert "Somebody changed 마대 meanwhile" in text(told)
    assert "now 30 매" in text(told)
    assert inputs(told)["form-0-quantity"] == ["35"]
    assert lines(depot) == {"마대": (30, 100)}
    send(officer, depot, told)
    assert lines(depot) == {"마대": (35, 100)}


def test_changes_of_different_lines_do_not_get_in_each_others_way(officer: User, territory: Territory) -> None:
    other = make_user("second", (Role.DISASTER_OFFICER, None))
    depot = make_depot()
    make_stock(depot, "마대", 40, 100)
    make_stock(depot, "삽", 10, 10)
    opened = signed_in(officer).get(stock_url(depot))
    send(other, depot, opened, **{"form-0-quantity": "30"})
    assert send(officer, depot, opened, **{"form-1-quantity": "9"}).status_code == 302
    assert lines(depot) == {"마대": (30, 100), "삽": (9, 10)}


@pytest.mark.parametrize("wrong", ["-1", "ten", ""])
def test_a_quantity_that_is_none_is_refused_at_its_row_and_nothing_is_written(
    officer: User, territory: Territory, wrong: str
) -> None:
    depot = make_depot()
    make_stock(depot, "마대", 40)
    make_stock(depot, "삽", 10)
    page = signed_in(officer).get(stock_url(depot))
    told = send(officer, depot, page, **{"form-0-quantity": "1", "form-1-quantity": wrong})
    assert told.status_code == 422
    assert 'href="#id_form-1-quantity"' in told.content.decode()
    assert lines(depot) == {"마대": (40, None), "삽": (10, None)}


def test_an_item_stands_in_the_list_once(officer: User, territory: Territory) -> None:
    depot = make_depot()
    line = make_stock(depot, "마대", 40)
    page = signed_in(officer).get(stock_url(depot))
    told = send(officer, depot, page, **{"form-1-item": line.item_id, "form-1-quantity": "5"})
    assert "마대 is in the list already" in text(told)
    assert lines(depot) == {"마대": (40, None)}


def test_an_officer_of_one_town_cannot_change_another_towns_stock(territory: Territory) -> None:
    user = make_user("local", (Role.DISASTER_OFFICER, territory.unbong), (Role.VIEWER, None))
    depot = make_depot(place(2500, 500))
    make_stock(depot, "마대", 40)
    assert signed_in(user).get(stock_url(depot)).status_code == 403
    assert signed_in(user).post(stock_url(depot), {}).status_code == 403


def test_a_change_of_stock_makes_the_depots_data_newer(officer: User, territory: Territory) -> None:
    depot = make_depot()
    make_stock(depot, "마대", 40, 100)
    client = signed_in(officer)
    items = "/api/collections/depots/items"
    before = client.get(items)
    page = client.get(stock_url(depot))
    send(officer, depot, page, **{"form-0-quantity": "100"})
    after = client.get(items, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["features"][0]["properties"]["short_items"] == 0
