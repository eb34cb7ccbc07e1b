"""An officer calls down the list with a phone in the hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from disaster.models import CallTest
from gis_core.models import Role
from tests.browser.conftest import PHONE
from tests.browser.conftest import Visit as Person
from tests.disaster.people_support import PHONE as NUMBER
from tests.disaster.people_support import make_agreement, make_partner, make_person
from tests.factories import Territory, make_user

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Person]


def test_a_partner_counts_after_one_tap_and_a_double_tap_records_one_call(visit: Begin, territory: Territory) -> None:
    partner = make_partner(name="운봉 의용소방대")
    make_agreement(partner)
    make_person(territory.unbong, organisation=partner, name="둘째견본", phone="010-0000-8888")
    officer = visit(make_user("officer", (Role.DISASTER_OFFICER, territory.unbong)), language="en", size=PHONE)

    page = officer.go(f"/disaster/partners/{partner.pk}/")
    expect(page.get_by_text("never reached by phone")).to_be_visible()
    page.get_by_role("link", name="Call test").last.click()
    contact = page.locator(f"#call-{partner.pk}-0")
    expect(contact.get_by_role("link", name=NUMBER)).to_have_attribute("href", f"tel:{NUMBER}")
    contact.get_by_role("button", name="Not reached").click()
    expect(contact.locator(".call-last")).to_contain_text("not reached")
    second = page.locator("form.call").nth(1)
    second.get_by_label("There in (minutes)").fill("25")
    second.get_by_role("button", name="Reached", exact=True).dblclick()
    expect(second.locator(".call-last")).to_contain_text("25 minutes")
    assert list(CallTest.objects.order_by("pk").values_list("was_reached", "minutes")) == [(False, None), (True, 25)]

    officer.go(f"/disaster/partners/{partner.pk}/")
    expect(page.get_by_text("Counts today", exact=True)).to_be_visible()
