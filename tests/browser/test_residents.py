"""A round from the first proposal to the answer: a resident on a phone, the coordinator at a desk."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core import mail
from playwright.sync_api import Page, expect

from gis_core.models import Proposal, ProposalRound, User, Vote
from tests.browser.conftest import PHONE, Visit
from tests.browser.support import offset, shapely_of
from tests.factories import Territory
from tests.gis_core.participation_support import make_proposal, make_round

Begin = Callable[..., Visit]


def barriers(page: Page) -> list[str]:
    page.evaluate((settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text())
    script = "() => axe.run().then((found) => found.violations.map((each) => `${each.id} ${each.nodes[0].html}`))"
    found: list[str] = page.evaluate(script)
    return found


def verify(page: Page, contact: str) -> None:
    """From the contact to the code that came."""
    page.check("[name=channel][value=email]")
    page.fill("[name=contact]", contact)
    sent = len(mail.outbox)
    page.click("main [type=submit]")
    expect(page.locator("[name=code]")).to_be_visible()
    page.fill("[name=code]", re.findall(r"\d{6}", mail.outbox[sent].subject)[0])
    page.click("main [type=submit]")


def move(found: ProposalRound, days: int) -> None:
    """Let days go by."""
    for name in ("opens_on", "closes_on", "vote_opens_on", "vote_closes_on"):
        setattr(found, name, getattr(found, name) - timedelta(days=days))
    found.save()


def test_a_resident_proposes_votes_once_and_reads_the_coordinators_answer(
    visit: Begin, territory: Territory, coordinator: User
) -> None:
    found = make_round(territory.namwon)
    other = make_proposal(found, "의자")
    resident = visit(size=PHONE)
    page = resident.go("/residents/")
    assert barriers(page) == []
    page.get_by_role("link", name=found.title).click()
    page.get_by_role("link", name="제안하기").click()
    assert barriers(page) == []
    verify(page, "kim@example.kr")
    page.fill("[name=title]", "공원 그늘막")
    page.fill("[name=text]", "여름에 너무 뜨겁습니다. 010-1234-5678")
    assert page.evaluate("typeof window.L") == "undefined", "nobody has asked for the map"
    page.click("[data-map-button]")
    page.locator("[data-map][data-ready]").click(position={"x": 175, "y": 180})
    expect(page.locator("[name=lon]")).not_to_have_value("")
    assert barriers(page) == []
    page.click("main [type=submit]")
    expect(page.get_by_role("alert")).to_contain_text("전화번호로 보이는 숫자")
    page.fill("[name=text]", "여름에 너무 뜨겁습니다.")
    page.click("main [type=submit]")
    expect(page.get_by_role("status")).to_contain_text("제안을 받았습니다")

    made = Proposal.objects.get(title="공원 그늘막")
    east, north = offset(shapely_of(made.location))
    assert abs(east - 2000) < 700, "the middle of the city"
    assert abs(north - 2000) < 700
    office = visit(coordinator).go(f"/rounds/{found.pk}/")
    office.get_by_role("link", name="공원 그늘막").first.click()
    office.get_by_role("button", name="이 제안 게시").click()
    expect(office.locator("#messages")).to_contain_text("게시했습니다")

    move(found, 13)
    page.goto(f"{resident.base}/residents/{found.slug}/vote/")
    verify(page, "kim@example.kr")
    assert barriers(page) == []
    page.get_by_label("공원 그늘막").check()
    page.get_by_role("button", name="투표하기").click()
    expect(page.get_by_role("status")).to_contain_text("투표하셨습니다")
    page.goto(f"{resident.base}/residents/{found.slug}/vote/")
    verify(page, "Kim@example.kr")
    expect(page.get_by_role("status")).to_contain_text("두 번째 투표는 받지 않았습니다")
    assert barriers(page) == []
    assert [vote.proposal_id for vote in Vote.objects.all()] == [made.pk]

    move(found, 12)
    office.goto(f"{resident.base}/rounds/proposals/{made.pk}/")
    office.select_option("[name=answer-decision]", "adopted")
    office.fill("[name=answer-answer]", "여름 전에 그늘막 두 개를 세웁니다.")
    office.get_by_role("button", name="답변 게시").click()
    expect(office.locator("#messages")).to_contain_text("답변했습니다")
    page.goto(f"{resident.base}/residents/{found.slug}/")
    expect(page.locator(f"#p{made.pk}")).to_contain_text("여름 전에 그늘막 두 개를 세웁니다.")
    expect(page.locator(f"#p{other.pk}")).to_contain_text("아직 답변이 없습니다")
    expect(page.locator(".results tbody tr").first).to_contain_text("공원 그늘막")
    assert barriers(page) == []


def test_a_resident_without_javascript_proposes_for_a_town(visit: Begin, territory: Territory) -> None:
    found = make_round(territory.namwon, title_en="What for the park?")
    page = visit(language="en", java_script_enabled=False).go(f"/residents/{found.slug}/propose/")
    verify(page, "kim@example.kr")
    page.fill("[name=title]", "Shade")
    page.fill("[name=text]", "It is too hot in summer.")
    page.select_option("[name=town]", label=territory.suji.name)
    expect(page.locator("[data-map-button]")).to_be_hidden()
    page.click("main [type=submit]")
    expect(page.get_by_role("status")).to_contain_text("Your proposal has come in")
    assert Proposal.objects.get().area == territory.suji
