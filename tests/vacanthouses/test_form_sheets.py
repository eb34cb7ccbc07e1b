"""Forms on paper: what they say in words, who may print them, and that a look at a house is noted."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from gis_core.models import PersonalDataAccess, Role, User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.campaign_support import make_campaign
from tests.vacanthouses.review_support import FAIR, load_table, make_photo, make_visit
from vacanthouses.models import ClockEvent, Owner, RuleTable, Visit
from vacanthouses.services import reviews

pytestmark = pytest.mark.django_db

PRELIMINARY = {"registered_use": "단독주택", "household": "no", "recent_use": "none", "excluded": "no"}


@pytest.fixture(autouse=True)
def _media(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def pages(response: Any) -> list[str]:
    assert response.status_code == 200, response.content[:300]
    assert response["Content-Type"] == "application/pdf"
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(response.content)).pages]


def form_of(user: User, visit: Visit, language: str = "en", query: str = "") -> str:
    return " ".join(pages(signed_in(user, language).get(f"/survey/visits/{visit.pk}/form.pdf{query}")))


@pytest.fixture
def preliminary(surveyor: User) -> Visit:
    house = make_house(place(900, 900), address="남원시 운봉읍 서천리 7", built_year=1974)
    answers = {**PRELIMINARY, "seen_outside": "no"}
    return make_visit(surveyor, house, step="preliminary", form=load_table("form-preliminary"), answers=answers)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ko", ["사전조사표", "서류 확인", "전입 세대가 있나요? 아니요", "대장의 용도 단독주택", "±8 m", "1974"]),
        (
            "en",
            ["Preliminary survey form", "From the records", "Is a household registered? no", "How it looks does not"],
        ),
    ],
)
def test_a_manager_reads_the_answers_in_words_under_the_forms_own_headings(
    manager: User, preliminary: Visit, language: str, expected: list[str]
) -> None:
    told = form_of(manager, preliminary, language)
    assert [words for words in expected if words not in told] == []
    assert "남원시 운봉읍 서천리 7" in told
    assert "registered_use" not in told


def test_photos_stand_on_the_form_with_what_they_show(manager: User, surveyor: User) -> None:
    visit = make_visit(surveyor, form=load_table("form-field"), answers={"mail_pile": "yes"})
    for shade in range(5):
        make_photo(visit, 40 * shade)
    document = PdfReader(BytesIO(signed_in(manager).get(f"/survey/visits/{visit.pk}/form.pdf").content))
    assert len({image.data for page in document.pages for image in page.images}) == 5
    assert "0 m from the parcel" in " ".join(page.extract_text() for page in document.pages)


def test_a_photo_missing_from_the_store_leaves_a_gap_and_not_no_form(
    manager: User, surveyor: User, settings: Any, tmp_path: Any
) -> None:
    visit = make_visit(surveyor)
    make_photo(visit, 10)
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    assert "10.jpg" in form_of(manager, visit)


def test_the_review_and_its_correction_stand_on_the_form(manager: User, preliminary: Visit) -> None:
    reviews.correct(preliminary, manager, preliminary.version, {"household": "yes"}, "등본 확인")
    told = form_of(manager, preliminary)
    assert "Corrected: 등본 확인 Is a household registered?: no → yes" in told


def test_a_grading_survey_explains_its_grade_item_by_item(manager: User, surveyor: User) -> None:
    load_table()
    visit = make_visit(surveyor, step="grading", form=load_table("form-grading"), answers={**FAIR, "roof": "bad"})
    reviews.accept(visit, manager, visit.version)
    told = form_of(manager, visit)
    assert "Grading survey form" in told
    assert "Roof fallen in or about to: at least Specific vacant house (rural)" in told
    assert "Heating Inner facilities Fair" in told


def test_the_owner_is_on_the_form_only_when_asked_for_and_each_look_is_noted(manager: User, preliminary: Visit) -> None:
    Owner.objects.create(house=preliminary.house, name="김소유", phone="010-1111-2222")
    assert "김소유" not in form_of(manager, preliminary)
    assert "김소유 010-1111-2222" in form_of(manager, preliminary, query="?owner=1")
    looks = PersonalDataAccess.objects.filter(user=manager, action="sheet", record_id=preliminary.house_id)
    assert list(looks.order_by("pk").values_list("detail", flat=True)) == [
        f"visit {preliminary.pk}", f"visit {preliminary.pk}, owner",
    ]  # fmt: skip


def test_what_phones_say_of_an_owner_is_not_asked_on_a_filled_form(manager: User, surveyor: User) -> None:
    visit = make_visit(surveyor, form=load_table("form-field"), answers={"contact_known": "yes"})
    told = form_of(manager, visit)
    assert "Was the owner's contact found out? yes" in told
    assert "Owner's name" not in told


@pytest.mark.parametrize(
    "address", ["visits/{visit}/form.pdf", "houses/{house}/opinion.pdf", "houses/{house}/notice.pdf"]
)
def test_nobody_but_managers_of_the_area_prints_about_a_house(
    address: str, manager: User, surveyor: User, viewer: User, preliminary: Visit, territory: Territory
) -> None:
    path = "/survey/" + address.format(visit=preliminary.pk, house=preliminary.house_id)
    elsewhere = make_user("elsewhere", (Role.SURVEY_MANAGER, territory.jucheon))
    people = (manager, elsewhere, surveyor, viewer, None)
    assert [signed_in(user).get(path).status_code for user in people] == [200, 404, 403, 403, 302]
    assert signed_in(manager).post(path).status_code == 405
    assert not PersonalDataAccess.objects.exclude(user=manager).exists()


def test_a_form_without_answers_or_whose_edition_is_unknown_is_printed_too(manager: User, surveyor: User) -> None:
    shut = make_visit(
        surveyor, outcome="no_entry", reason="개가 짖음", answers={}, accuracy_m=None, form=load_table("form-field")
    )
    told = form_of(manager, shut)
    assert "Could not enter (개가 짖음)" in told
    assert "No answers." in told
    assert "Signs of vacancy" not in told
    assert "The phone had no position" in told
    assert "roof fair" in form_of(manager, make_visit(surveyor))


def long_form(questions: int) -> RuleTable:
    asked = [
        {
            "id": f"q{number}", "type": "text", "title": {"ko": f"질문 {number}", "en": f"Question {number:02d}"},
            "required": True,
        }
        for number in range(questions)
    ]  # fmt: skip
    body = {"sections": [{"title": {"ko": "긴 서식", "en": "Long form"}, "questions": asked}]}
    return RuleTable.objects.create(
        kind="form", key="field", title="긴 서식", effective_from=date(2024, 1, 1), source="시험", body=body
    )


def test_thirty_long_answers_run_over_pages_and_none_is_cut_off(manager: User, surveyor: User) -> None:
    answers = {
        f"q{number}": f"시작{number}. " + "마루가 꺼지고 벽이 갈라져 있습니다. " * 12 + f"끝{number}."
        for number in range(30)
    }
    visit = make_visit(surveyor, form=long_form(30), answers=answers)
    found = pages(signed_in(manager).get(f"/survey/visits/{visit.pk}/form.pdf"))
    told = " ".join(found)
    assert len(found) >= 3
    assert [n for n in range(30) if f"시작{n}." not in told or f"끝{n}." not in told] == []
    assert [page for page in found if f"/ {len(found)}" not in page] == []


def test_a_long_form_takes_no_more_queries_than_a_short_one(manager: User, surveyor: User) -> None:
    counted = []
    for size in (2, 30):
        visit = make_visit(surveyor, form=long_form(size), answers={f"q{number}": "예" for number in range(size)})
        for shade in range(size):
            make_photo(visit, 4 * size + shade)
        client = signed_in(manager)
        client.get("/survey/review/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/survey/visits/{visit.pk}/form.pdf")
        counted.append(len(captured))
    assert counted[1] <= counted[0] <= 25


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["6 How it looks Only if the answer to 5 is “yes”.", "Good Fair Poor Bad", "photo taken"]),
        ("ko", ["사전조사표", "5번의 답이 “예”인 경우에만 답합니다.", "양호 보통 불량 매우 불량", "찍었음"]),
    ],
)  # fmt: skip
def test_a_crew_prints_an_empty_form_that_says_in_words_what_to_skip(
    surveyor: User, language: str, expected: list[str]
) -> None:
    load_table("form-preliminary")
    told = " ".join(pages(signed_in(surveyor, language).get("/survey/forms/preliminary/blank.pdf?regime=rural")))
    assert [words for words in expected if words not in told] == []
    assert not PersonalDataAccess.objects.exists()


def test_every_kind_of_condition_is_told_in_words(manager: User) -> None:
    table = long_form(3)
    questions = table.body["sections"][0]["questions"]
    questions[1] |= {"relevant": {"outcome": ["no_entry", "gone"]}}
    questions[2] |= {
        "relevant": {"all": [{"not": {"question": "q0", "known": False}}, {"any": [{"question": "q1", "at_least": 3}]}]}
    }
    table.save()
    told = " ".join(pages(signed_in(manager).get(f"/survey/forms/field/blank.pdf?edition={table.pk}")))
    assert "Only if the outcome is “Could not enter” or “No house there any more”." in told
    assert "Only if not (1 is not answered), and 2 is 3 or more." in told


def test_an_empty_form_is_of_a_known_step_and_regime_and_editions_are_the_managers(
    manager: User, surveyor: User, viewer: User
) -> None:
    draft = load_table("form-field", is_active=False)
    asked = ["field/blank.pdf", "nothing/blank.pdf", "field/blank.pdf?regime=moon", "field/blank.pdf?edition=x"]
    assert [signed_in(manager).get(f"/survey/forms/{each}").status_code for each in asked] == [404] * 4
    edition = f"/survey/forms/field/blank.pdf?edition={draft.pk}"
    assert "not in use yet" in " ".join(pages(signed_in(manager).get(edition)))
    assert [signed_in(user).get(edition).status_code for user in (surveyor, viewer, None)] == [403, 403, 302]


def test_the_opinion_lists_what_was_found_with_room_for_what_is_seen(manager: User, surveyor: User) -> None:
    load_table()
    visit = make_visit(surveyor, answers={**FAIR, "roof": "bad"})
    make_photo(visit, 60)
    reviews.accept(visit, manager, visit.version)
    told = " ".join(pages(signed_in(manager).get(f"/survey/houses/{visit.house_id}/opinion.pdf")))
    assert "Roof Main structure Bad the same differs" in told
    assert "Another grade would be right: Ordinary vacant house (rural) Specific vacant house (rural)" in told
    ungraded = make_house()
    assert "Not graded yet" in " ".join(pages(signed_in(manager).get(f"/survey/houses/{ungraded.pk}/opinion.pdf")))


def test_the_notice_tells_when_the_report_came_and_never_the_owner(manager: User, territory: Territory) -> None:
    load_table("clocks-rural")
    house = make_house(place(500, 500))
    Owner.objects.create(house=house, name="김소유")
    address = f"/survey/houses/{house.pk}/notice.pdf"
    ClockEvent.objects.create(house=house, code="report_received", on=date(2026, 3, 3))
    told = " ".join(pages(signed_in(manager).get(address)))
    assert "Report received on 2026-03-03" in told
    assert "Site check due by 2026-04-02" in told
    ClockEvent.objects.create(house=house, code="site_checked", on=date(2026, 3, 20))
    told = " ".join(pages(signed_in(manager).get(address)))
    assert "Site checked on 2026-03-20" in told
    assert "due by" not in told
    assert "김소유" not in told


def test_a_houses_page_lists_its_visits_for_managers_alone(
    manager: User, surveyor: User, preliminary: Visit, territory: Territory
) -> None:
    path = f"/records/vacant-houses/{preliminary.house_id}/"
    page = signed_in(manager).get(path).content.decode()
    assert f'href="/survey/visits/{preliminary.pk}/form.pdf"' in page
    assert f'href="/survey/visits/{preliminary.pk}/review/"' in page
    for other in (surveyor, make_user("planner", (Role.FACILITY_PLANNER, None))):
        told = signed_in(other).get(path).content.decode()
        assert f"/survey/visits/{preliminary.pk}/" not in told
        assert "opinion.pdf" not in told


def test_who_made_a_visit_finds_its_form_but_no_review_of_their_own(territory: Territory) -> None:
    both = make_user("both", (Role.SURVEY_MANAGER, None))
    visit = make_visit(both)
    for path in (f"/records/vacant-houses/{visit.house_id}/", f"/records/visits/{visit.pk}/"):
        page = signed_in(both).get(path).content.decode()
        assert f"/survey/visits/{visit.pk}/form.pdf" in page
        assert f"/survey/visits/{visit.pk}/review/" not in page


def test_many_visits_to_a_house_take_no_more_queries(manager: User, surveyor: User, territory: Territory) -> None:
    house, client, counted = make_house(), signed_in(manager), []
    path = f"/records/vacant-houses/{house.pk}/"
    make_visit(surveyor, house)
    client.get(path)
    for more in (1, 12):
        for _n in range(more):
            make_visit(surveyor, house, campaign=make_campaign(territory.namwon))
        with CaptureQueriesContext(connection) as captured:
            told = text(client.get(path))
        counted.append(len(captured))
    assert counted[0] == counted[1]
    assert told.count("운봉 현장조사") == 13


def test_the_pages_of_rounds_rules_and_reviews_lead_to_the_forms(
    manager: User, preliminary: Visit, territory: Territory
) -> None:
    client = signed_in(manager)
    campaign = make_campaign(territory.namwon)
    led = [
        (f"/survey/visits/{preliminary.pk}/review/", f"/survey/visits/{preliminary.pk}/form.pdf"),
        (f"/rules/{preliminary.form_id}/", f"/survey/forms/preliminary/blank.pdf?edition={preliminary.form_id}"),
        (f"/survey/campaigns/{campaign.pk}/", "/survey/forms/field/blank.pdf?regime=rural"),
    ]
    assert [target for page, target in led if target not in client.get(page).content.decode()] == []
