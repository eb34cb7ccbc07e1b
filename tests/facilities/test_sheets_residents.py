"""The residents' report: every request with its answer and place, no names of people, and a copy for the planner."""

import io
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import programme_support as make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories_plans import key
from pypdf import PdfReader
from shapely import LineString, box

from facilities.models import Plan, RedesignProject, Request
from facilities.plan.document import Document, Opening, Unit
from facilities.services import plans
from facilities.services.documents import load
from facilities.sheets.residents_report import report_of
from gis_core.models import Role, User
from tests import factories

HALL, OFFICE, CAFE, ROOM = (key("report", name) for name in ("hall", "office", "cafe", "room"))


@dataclass
class Story:
    """A centre whose office gives way to a book café, with two answered requests and one without an answer."""

    project: RedesignProject
    before: Plan
    after: Plan
    cafe: Request
    desk: Request
    toilet: Request


def rooms(level: str, **changed: Any) -> tuple[Unit, ...]:
    found = {
        HALL: Unit(HALL, level, box(0.2, 0.2, 9.8, 9.8), "lobby", name_ko="민원실", name_en="Civil service hall"),
        OFFICE: Unit(
            OFFICE, level, box(10.2, 0.2, 19.8, 4.8), "office", "employeesonly", "행정팀", "Administration team"
        ),
        ROOM: Unit(ROOM, level, box(10.2, 5.2, 19.8, 9.8), "storage", "employeesonly", "창고", "Storage", idle=True),
    }
    return tuple({**found, **changed}.values())


@pytest.fixture
def story(territory: Any, planner: User) -> Story:
    centre = factories.make_centre(name="운봉읍 행정복지센터", address="비밀로 1")
    before = make.make_plan(centre)
    level = load(before).levels[0].key
    entrance = Opening(key("in"), level, LineString([(4, 0.1), (5.8, 0.1)]), entrance=True, name="주출입구")
    inner = Opening(key("inner"), level, LineString([(10, 6), (10, 6.9)]))
    document = Document(load(before).levels, rooms(level), (entrance, inner))
    plans.replace_content(before, planner, document)
    after = plans.create(before.building, planner, "대안 B", status="option", based_on=before)
    store = rooms(level)[2]
    cafe = Unit(ROOM, level, store.geometry, "library", "", "북카페", "Book café", after_hours=True)
    plans.replace_content(
        after, planner, Document(load(after).levels, rooms(level, **{ROOM: cafe}), load(after).openings)
    )
    project = make.make_project(
        centre, name="운봉읍 공간개선", stage="design_report", master_planner="김아무개", architect="박건축"
    )
    meeting = make.make_meeting(project, place="2층 회의실", residents=31, staff=4, minutes="홍길동 주민의 말")
    return Story(
        project,
        before,
        after,
        make.make_request(
            project, asked="북카페를 만들어 주세요.", answer="adopted", reason="창고를 북카페로 바꿉니다.",
            unit_keys=[UUID(ROOM)], meeting=meeting,
        ),
        make.make_request(
            project, asked="수영장을 지어 주세요.", answer="rejected", reason="대지가 좁습니다.", group="others"
        ),
        make.make_request(project, asked="대기공간을 넓혀 주세요.", unit_keys=[UUID(HALL)]),
    )  # fmt: skip


def client_of(user: User, language: str = "ko") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(user)
    return client


def report(user: User, story: Story, language: str = "ko", **query: str) -> PdfReader:
    response = client_of(user, language).get(reverse("residents-report", args=[story.project.pk]), query)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_every_request_is_there_with_its_answer_its_reason_and_its_place(planner: User, story: Story) -> None:
    text = text_of(report(planner, story))
    for request in (story.cafe, story.desk, story.toilet):
        assert request.asked in text
        assert request.reason in text
    assert "1F 북카페" in text or "1F 창고" in text
    assert "주민 간담회, 2026-03-02" in text


def test_numbers_follow_the_answers_and_stand_on_the_drawings(story: Story) -> None:
    told = report_of(story.project)
    assert [(one.number, one.asked.request) for one in told.requests] == [
        (1, story.cafe),
        (2, story.desk),
        (3, story.toilet),
    ]
    assert [one.is_drawn for one in told.requests] == [True, False, True]
    assert [one.sign for one in told.requests] == ["○", "×", "△"]
    (pair,) = told.pairs
    for drawing in (pair.before, pair.after):
        assert drawing is not None
        marks = re.search(r'<g class="highlights">(.*?)</g>', drawing)
        assert marks is not None
        assert sorted(re.findall(r">(\d+)</text>", marks[1])) == ["1", "3"]
    assert "창고" in str(pair.before)
    assert "북카페" in str(pair.after)


def test_changes_name_the_requests_behind_them(story: Story) -> None:
    told = report_of(story.project)
    (change,) = told.changes
    assert change.numbers == "1"
    assert "북카페" in change.room
    assert told.unsourced == []


def test_a_request_that_stands_for_two_rooms_and_a_room_with_two_requests(story: Story) -> None:
    make.make_request(
        story.project, asked="야간에도 열어 주세요.", answer="adopted", unit_keys=[UUID(HALL), UUID(ROOM)]
    )
    (pair,) = report_of(story.project).pairs
    marks = re.search(r'<g class="highlights">(.*?)</g>', pair.after)
    assert marks is not None
    assert sorted(re.findall(r">([\d·]+)</text>", marks[1])) == ["1·2", "2·4"]


def test_figures_before_and_after_are_told_in_words(planner: User, story: Story) -> None:
    told = {row["label"]: row for row in report_of(story.project).figures}
    assert any("44.16" in row["difference"] for row in told.values())
    text = text_of(report(planner, story, "en"))
    assert "Space shared with residents" in text
    assert "+44.16 m²" in text
    assert "better" in text


def test_the_report_names_nobody(story: Story) -> None:
    printing = factories.make_user("jangbogo", (Role.FACILITY_PLANNER, None), first_name="보고", last_name="장")
    for copy in ("", "planner"):
        text = text_of(report(printing, story, copy=copy))
        for secret in ("김아무개", "박건축", "홍길동", "비밀로", "jangbogo", "장보고"):
            assert secret not in text


def test_the_planners_copy_flags_what_is_missing(planner: User, story: Story) -> None:
    Request.objects.filter(pk=story.cafe.pk).update(unit_keys=[])
    residents = text_of(report(planner, story, "en"))
    assert "Before this goes out" not in residents
    assert "no answer yet" not in residents
    assert "The answer will follow." in residents
    planners = text_of(report(planner, story, "en", copy="planner"))
    assert "Before this goes out" in planners
    assert "Request 3" in planners
    assert "no answer yet" in planners
    assert "no room linked" in planners
    assert "nobody asked for it" in planners


def test_a_planners_copy_without_faults_says_so(planner: User, story: Story) -> None:
    Request.objects.filter(pk=story.toilet.pk).update(answer="rejected", reason="벽이 내력벽입니다.")
    assert "Every request is answered" in text_of(report(planner, story, "en", copy="planner"))


def test_meetings_and_satisfaction_are_told(planner: User, story: Story) -> None:
    make.make_survey(story.project, "before", {"대기공간": "2.10", "친절": "4.00"})
    make.make_survey(story.project, "after", {"대기공간": "4.35"}, held_on=date(2026, 9, 1))
    text = text_of(report(planner, story, "en"))
    for words in ("2층 회의실", "35", "Residents 31", "2.10", "4.35", "+2.25"):
        assert words in text


def test_a_project_without_plan_meetings_or_requests_is_a_short_report(planner: User, territory: Any) -> None:
    bare = make.make_project(factories.make_centre())
    response = client_of(planner, "en").get(reverse("residents-report", args=[bare.pk]))
    text = text_of(PdfReader(io.BytesIO(response.content)))
    assert "No request is recorded yet." in text
    assert "No meeting is recorded yet." in text
    assert "on the plan" in text
    assert "Before and after in figures" not in text


def test_rooms_that_no_plan_knows_any_more_do_no_harm(planner: User, story: Story) -> None:
    make.make_request(story.project, asked="사라진 방", answer="adopted", unit_keys=[uuid4()])
    told = next(one for one in report_of(story.project).requests if one.asked.request.asked == "사라진 방")
    assert not told.is_drawn
    assert "사라진 방" in text_of(report(planner, story))


def test_what_people_write_cannot_break_the_report(planner: User, story: Story) -> None:
    Request.objects.filter(pk=story.cafe.pk).update(asked="<script>x</script> & 'file:///etc/passwd'")
    assert "<script>x</script> &" in text_of(report(planner, story))


def test_it_is_tagged_and_its_fonts_are_embedded(planner: User, story: Story) -> None:
    reader = report(planner, story)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "ko"
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for child in font.get_object()["/DescendantFonts"]:
                assert {"/FontFile2", "/FontFile3"} & set(child.get_object()["/FontDescriptor"].get_object())


def test_who_may_not_see_or_change_the_project_gets_no_report(viewer: User, story: Story, territory: Any) -> None:
    address = reverse("residents-report", args=[story.project.pk])
    assert Client().get(address).status_code == 302
    assert client_of(viewer).get(address).status_code == 200
    assert client_of(viewer).get(address, {"copy": "planner"}).status_code == 403
    crew = factories.make_user("crew", (Role.SURVEYOR, territory.unbong))
    assert client_of(crew).get(address).status_code == 403


def test_the_report_asks_the_database_no_more_for_more_requests(
    story: Story, django_assert_max_num_queries: Any
) -> None:

    with CaptureQueriesContext(connection) as few:
        report_of(story.project)
    for number in range(20):
        make.make_request(story.project, asked=f"요청 {number}", unit_keys=[UUID(HALL)])
        make.make_meeting(story.project)
    with django_assert_max_num_queries(len(few)):
        report_of(story.project)
