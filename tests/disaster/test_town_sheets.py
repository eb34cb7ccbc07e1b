"""A town on paper: one page however much there is, and a month whose figures stay what they were."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from disaster.models import Agreement, Balance, Entry, Movement, Schedule
from disaster.services import month_sheets
from gis_core.models import PersonalDataAccess, Role, User
from tests.disaster.readiness_support import (
    ago,
    make_class,
    make_inspection,
    make_item,
    make_ready,
    make_repair,
    make_standard,
    receive,
    today,
    train,
)
from tests.factories import Territory, make_depot, make_organisation, make_user, place
from tests.gis_core.pages_support import signed_in

pytestmark = pytest.mark.django_db


def read(response: Any) -> tuple[int, str]:
    assert response.status_code == 200, response.content[:300]
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def sheet(user: User, code: str, language: str = "en") -> tuple[int, str]:
    return read(signed_in(user, language).get(f"/disaster/readiness/{code}/sheet.pdf"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_towns_sheet_is_one_page_with_its_depots_stock_and_readiness(
    officer: User, territory: Territory, language: str
) -> None:
    depot = make_depot(place(500, 500), name="운봉 창고", keeper=make_organisation("운봉읍 사무소"))
    make_ready(depot)
    make_repair(depot, title="펌프 누수", item=make_item(), quantity=2)
    pages, told = sheet(officer, territory.unbong.mois_code, language)
    assert pages == 1
    for word in ("운봉 창고", "운봉읍 사무소", "펌프 누수", "66"):
        assert word in told, word


def test_a_towns_sheet_stays_one_page_however_much_there_is(officer: User, territory: Territory) -> None:
    long = "아주 길고 긴 이름의 " * 4
    for number in range(7):
        depot = make_depot(
            place(300 + 100 * number, 500), name=f"{long}창고 {number}", keeper=make_organisation(f"{long}{number}"),
            keeper_person=long, keeper_phone="010-0000-0000",
        )  # fmt: skip
        for count in range(16):
            hazards = ["flood", "snow", "wildfire", "heat", "infection"]
            names = f"길고 긴 이름의 물품 아주 아주 길다 {count}", f"A very long name of an item indeed {count}"
            item = make_item(*names, hazards=hazards)
            make_standard(item, 10_000, depot=depot)
            receive(depot, item, 5_000, ago(500), code=f"{number}", expires_on=today() + timedelta(days=count))
        make_repair(depot, title=long * 3, due_on=today())
        Schedule.objects.create(title=long, depot=depot, starts_on=ago(90), next_due=ago(30), next_nominal=ago(30))
        Agreement.objects.create(
            title=long, organisation=depot.keeper, area=territory.unbong, signed_on=ago(9), valid_from=ago(9)
        )
    train(territory.unbong, 1, ago(30))
    for language in ("ko", "en"):
        pages, told = sheet(officer, territory.unbong.mois_code, language)
        assert pages == 1
        assert ("and 3 more" in told) if language == "en" else ("3" in told)


def test_an_agreement_that_has_ended_is_no_partner_on_the_sheet(officer: User, territory: Territory) -> None:
    make_ready(make_depot(place(500, 500)))
    for name, until in (("굴삭기 협회", today()), ("옛 협회", ago(1))):
        Agreement.objects.create(
            title=f"{name} 협약", organisation=make_organisation(name), area=territory.namwon, signed_on=ago(90),
            valid_from=ago(90), valid_until=until,
        )  # fmt: skip
    _pages, told = sheet(officer, territory.unbong.mois_code)
    assert "굴삭기 협회" in told
    assert "옛 협회" not in told


def test_a_keepers_phone_is_told_only_to_those_who_may_see_it_and_the_look_is_noted(
    officer: User, viewer: User, territory: Territory
) -> None:
    make_ready(make_depot(place(500, 500), keeper_person="박지기", keeper_phone="010-1234-5678"))
    code = territory.unbong.mois_code
    assert "박지기" not in sheet(viewer, code)[1]
    assert not PersonalDataAccess.objects.exists()
    assert "010-1234-5678" in sheet(officer, code)[1]
    assert PersonalDataAccess.objects.get().user == officer


def test_sheets_of_another_area_are_not_there(territory: Territory, surveyor: User) -> None:
    make_ready(make_depot(place(500, 500)))
    user = make_user("elsewhere", (Role.DISASTER_OFFICER, territory.suji))
    for name in ("sheet.pdf", "month.pdf"):
        url = f"/disaster/readiness/{territory.unbong.mois_code}/{name}"
        assert signed_in(user).get(url).status_code == 404
        assert signed_in(surveyor).get(url).status_code == 403


def last_month() -> month_sheets.Month:
    end = today().replace(day=1) - timedelta(days=1)
    found = month_sheets.read_month(f"{end:%Y-%m}", today())
    assert found is not None
    return found


def test_a_month_begins_with_what_the_last_one_ended_with_and_adds_up(officer: User, territory: Territory) -> None:
    month = last_month()
    depot, other = make_depot(place(500, 500)), make_depot(place(600, 600))
    item = make_item()
    make_standard(item, 20, depot=depot)
    receive(depot, item, 10, month.first - timedelta(days=40))
    receive(depot, item, 5, month.first)
    receive(other, item, 4, month.last)
    receive(depot, item, -3, month.last)
    receive(depot, item, 100, today())
    line = month_sheets.of_month(depot.area, month).stock[0]
    assert (line.begin, line.came, line.gone, line.end, line.usable, line.needed) == (10, 9, 3, 16, 16, 20)


def test_what_only_changed_its_shelf_neither_came_nor_went(territory: Territory) -> None:
    month = last_month()
    depot, other = make_depot(place(500, 500)), make_depot(place(600, 600))
    here = receive(depot, make_item(), 10, month.first - timedelta(days=40))
    there = Balance.objects.create(depot=other, lot=here.lot, quantity=4, sequence=1)
    here.quantity = 6
    here.save()
    moved = Movement.objects.create(kind="transfer", occurred_on=month.last, key_hash="test")
    for balance, change, after in ((here, -4, 6), (there, 4, 4)):
        Entry.objects.create(
            movement=moved, balance=balance, change=change, sequence=9, quantity_after=after, occurred_on=month.last
        )
    line = month_sheets.of_month(depot.area, month).stock[0]
    assert (line.begin, line.came, line.gone, line.end) == (10, 0, 0, 10)


def test_an_item_first_recorded_in_the_month_has_no_beginning_rather_than_zero(territory: Territory) -> None:
    month = last_month()
    depot = make_depot(place(500, 500))
    make_standard(make_item("로프", "Rope"), 3, depot=depot)
    receive(depot, make_item(), 5, month.last)
    lines = {line.item.name: line for line in month_sheets.of_month(depot.area, month).stock}
    assert (lines["수중펌프"].begin, lines["수중펌프"].end) == (None, 5)
    assert not lines["로프"].is_recorded


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_months_sheet_is_signed_and_tells_inspections_trainings_and_repairs(
    officer: User, territory: Territory, language: str
) -> None:
    month = last_month()
    depot = make_depot(place(500, 500))
    receive(depot, make_item(), 7, month.first - timedelta(days=9))
    receive(depot, make_item(), 1234, month.last)
    make_inspection(depot, month.last)
    late = Schedule.objects.create(
        title="발전기 점검", depot=depot, starts_on=month.first, next_due=month.last, next_nominal=month.last
    )
    train(depot.area, 3, month.first)
    make_repair(depot, title="호스 파손", inspection=make_inspection(depot, month.first, result="failed"))
    response = signed_in(officer, language).get(
        f"/disaster/readiness/{territory.unbong.mois_code}/month.pdf", {"month": f"{month.first:%Y-%m}"}
    )
    pages, told = read(response)
    assert pages <= 2
    for word in ("1,241", "1,234", late.title, "호스 파손", "사용교육", f"{month.first:%Y-%m}"):
        assert word in told, word
    english = ("Official in charge", "Team leader", "Head of the town")
    signed = english if language == "en" else ("담당", "팀장", "읍면동장")
    assert all(word in told for word in signed)


def test_a_month_says_how_much_was_recorded_after_it_had_ended(territory: Territory) -> None:
    month = last_month()
    depot = make_depot(place(500, 500))
    receive(depot, make_item(), 7, month.last)
    assert month_sheets.of_month(depot.area, month).late == 1


def test_an_inspection_done_after_the_month_was_not_done_in_it(territory: Territory) -> None:
    month = last_month()
    depot = make_depot(place(500, 500))
    make_inspection(depot, today(), due_on=month.last, item_class=make_class())
    found = month_sheets.of_month(depot.area, month)
    assert (found.done, found.not_done) == (0, 1)


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-1", "x", "9999-12", "2026-10-01", "٢٠٢٦-١٠"])
def test_a_month_that_is_none_or_has_not_begun_has_no_sheet(officer: User, territory: Territory, month: str) -> None:
    make_ready(make_depot(place(500, 500)))
    url = f"/disaster/readiness/{territory.unbong.mois_code}/month.pdf"
    assert signed_in(officer).get(url, {"month": month}).status_code == 404


def test_the_month_that_runs_ends_today(territory: Territory) -> None:
    found = month_sheets.read_month("2026-11", date(2026, 11, 28))
    assert found == month_sheets.Month(date(2026, 11, 1), date(2026, 11, 28), False)
    assert month_sheets.read_month("2026-11", date(2026, 11, 30)) == month_sheets.Month(
        date(2026, 11, 1), date(2026, 11, 30), False
    )
    assert month_sheets.months(date(2026, 1, 31))[:2] == [date(2026, 1, 1), date(2025, 12, 1)]
