"""Two keepers at two browsers: one town asks for pumps, the other gives them, and they come back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from disaster.models import Movement, TransferOrder
from tests.browser.conftest import PHONE
from tests.browser.conftest import Visit as Person
from tests.disaster.operations_support import Towns, held
from tests.factories import Territory

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Person]


def test_pumps_are_asked_for_promised_sent_received_and_taken_back(visit: Begin, territory: Territory) -> None:
    towns = Towns(territory)
    asker = visit(towns.asker, language="en")
    giver = visit(towns.giver, language="en", size=PHONE)

    page = asker.go("/disaster/operations/")
    page.get_by_role("link", name="Ask for something for 요천 범람").click()
    page.get_by_label("item").select_option(label="수중펌프")
    page.get_by_label("How many").fill("3")
    page.get_by_role("button", name="Who has some?").click()
    expect(page.get_by_label("Ask 운봉 창고 for")).to_have_value("3")
    # Two quick presses ask once.
    page.get_by_role("button", name="Send the requests").dblclick()
    expect(page.get_by_role("heading", name="What was asked for")).to_be_visible()
    order = TransferOrder.objects.get()

    other = giver.go("/disaster/operations/")
    other.get_by_role("link", name="Promise: 수중펌프").click()
    other.get_by_role("button", name="Promise").click()
    expect(other.get_by_text("It is the turn of: 운봉읍")).to_be_visible()
    other.get_by_role("button", name="Send", exact=True).click()
    expect(other.get_by_text("It is the turn of: 주천면")).to_be_visible()
    assert held(towns.depot, towns.pump) == 2

    page.goto(f"{asker.base}/disaster/operations/")
    page.get_by_role("link", name="Receive: 수중펌프").click()
    page.locator("#id_receive-number").fill("2")
    page.get_by_role("button", name="Receive").click()
    expect(page.get_by_text("On its way", exact=True)).to_be_visible()
    page.get_by_role("button", name="Receive").click()
    expect(page.get_by_text("Still out", exact=True)).to_be_visible()

    page.goto(f"{asker.base}/records/incidents/{towns.incident.pk}/")
    page.get_by_role("link", name="End the incident").click()
    expect(page.get_by_role("link", name="수중펌프 3")).to_be_visible()
    page.get_by_role("button", name="End the incident").click()
    expect(page.get_by_text("1 order is still out: it stays on the list")).to_be_visible()

    other.goto(f"{giver.base}/disaster/operations/")
    expect(other.get_by_role("heading", name="Should have come back")).to_be_visible()
    other.get_by_role("link", name="Take back: 수중펌프").click()
    other.get_by_role("button", name="Take back").click()
    expect(other.get_by_text("Returned").first).to_be_visible()
    order.refresh_from_db()
    assert (order.state, held(towns.depot, towns.pump)) == ("returned", 5)
    assert list(Movement.objects.order_by("pk").values_list("kind", flat=True)) == ["send", "return"]


def test_who_comes_second_is_told_how_the_order_stands_now(visit: Begin, territory: Territory) -> None:
    towns = Towns(territory)
    order = towns.ask(2)
    asker = visit(towns.asker, language="en")
    giver = visit(towns.giver, language="en")
    page = asker.go(f"/disaster/operations/orders/{order.pk}/")
    other = giver.go(f"/disaster/operations/orders/{order.pk}/")
    other.get_by_role("button", name="Promise").click()
    expect(other.get_by_text("It is the turn of: 운봉읍")).to_be_visible()
    page.get_by_text("Call off").first.click()
    page.get_by_label("Reason").fill("not needed")
    page.get_by_role("button", name="Call off").click()
    expect(page.get_by_text("changed this meanwhile")).to_be_visible()
    order.refresh_from_db()
    assert order.state == "committed"
