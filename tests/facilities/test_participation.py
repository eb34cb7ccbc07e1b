"""Meetings, requests with their answers and rooms, and satisfaction before and after."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import Meeting, RedesignProject, Request, SurveyScore
from facilities.services.participation import base_of, comparisons, overall
from facilities.views.participation import surveys_of
from gis_core.models import Role, User
from tests.conftest import Api
from tests.facilities.programme_support import (
    make_meeting,
    make_plan,
    make_project,
    make_request,
    make_room,
    make_survey,
)
from tests.factories import Territory, make_centre, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(territory: Territory) -> RedesignProject:
    return make_project(make_centre(place(500, 500), name="운봉읍 주민센터"))


def asked(**changed: Any) -> dict[str, Any]:
    """What the form of a new request sends."""
    empty = dict.fromkeys(("meeting", "reason", "answered_on", "plan", "geometry", "token"), "")
    return {**empty, "asked": "수유실을 만들어 주세요.", "group": "residents", "answer": "open", **changed}


def test_a_meeting_is_entered_from_the_projects_page_with_numbers_by_group(
    planner: User, project: RedesignProject
) -> None:
    url = f"/records/meetings/add/?project={project.pk}"
    page = signed_in(planner).get(url)
    assert f'<option value="{project.pk}" selected>' in page.content.decode()
    sent = {**inputs(page), "project": project.pk, "name": "1차 간담회", "kind": "residents", "held_on": "2026-03-02"}
    saved = signed_in(planner).post(url, {**sent, "residents": "23", "staff": "5"})
    meeting = Meeting.objects.get()
    assert saved["Location"] == f"/records/meetings/{meeting.pk}/"
    assert meeting.location == project.location
    told = text(signed_in(planner).get(f"/records/redesign-projects/{project.pk}/"))
    assert "1차 간담회 2026-03-02 Residents' meeting 28 (Residents 23, Dong staff 5)" in told


def test_attendance_nobody_counted_is_not_zero(project: RedesignProject) -> None:
    assert make_meeting(project).attended is None
    assert make_meeting(project, residents=0).attended == 0


def test_photos_of_a_meeting_hang_on_it_as_on_any_record(viewer: User, planner: User, project: RedesignProject) -> None:
    meeting = make_meeting(project)
    assert "Add photos or documents" in text(signed_in(planner).get(f"/records/meetings/{meeting.pk}/"))
    assert "Add photos or documents" not in text(signed_in(viewer).get(f"/records/meetings/{meeting.pk}/"))


def test_a_request_is_linked_to_rooms_chosen_from_the_centres_plans(planner: User, project: RedesignProject) -> None:
    plan = make_plan(project.centre)
    room = make_room(plan, "민원대기공간", (0, 0, 5, 4))
    make_room(make_plan(make_centre(place(2500, 500))), "남의 방", (0, 0, 5, 4))
    url = f"/records/requests/add/?project={project.pk}"
    page = signed_in(planner).get(url)
    assert "1F 민원대기공간" in text(page)
    assert "남의 방" not in text(page)
    signed_in(planner).post(url, asked(project=project.pk, unit_keys=[str(room.key)]))
    request = Request.objects.get()
    assert request.unit_keys == [room.key]
    shown = signed_in(planner).get(f"/records/requests/{request.pk}/")
    assert "1F 민원대기공간" in text(shown)
    assert f'href="/plans/{plan.pk}/?room={room.key}"' in shown.content.decode()


def test_a_room_of_another_centre_cannot_be_linked(planner: User, project: RedesignProject) -> None:
    room = make_room(make_plan(make_centre(place(2500, 500))), "남의 방", (0, 0, 5, 4))
    facts = asked(project=project.pk, unit_keys=[str(room.key)])
    for name in ("geometry", "token"):
        facts.pop(name)
    body = {"type": "Feature", "properties": facts}
    refused = Api(planner).post("collections/requests/items", body)
    assert refused.status_code == 422
    assert "unit_keys" in refused.json()["errors"]


def test_a_rejection_needs_a_reason_and_an_open_request_has_no_day_of_answer(
    planner: User, project: RedesignProject
) -> None:
    url = "/records/requests/add/"
    told = signed_in(planner).post(url, asked(project=project.pk, answer="rejected"))
    assert told.status_code == 422
    assert "Say why it was rejected." in text(told)
    told = signed_in(planner).post(url, asked(project=project.pk, answered_on="2026-03-01"))
    assert "An open request has no day of answer yet." in text(told)
    assert not Request.objects.exists()
    saved = signed_in(planner).post(url, asked(project=project.pk, answer="rejected", reason="부지가 없습니다."))
    assert saved.status_code == 302


def test_a_meeting_and_a_plan_of_something_else_are_refused(planner: User, project: RedesignProject) -> None:
    other = make_project(make_centre(place(2500, 500)))
    meeting, plan = make_meeting(other), make_plan(other.centre)
    told = signed_in(planner).post(
        "/records/requests/add/", asked(project=project.pk, meeting=meeting.pk, plan=plan.pk)
    )
    assert told.status_code == 422
    assert not Request.objects.exists()


def test_two_planners_answering_one_request_the_second_chooses(planner: User, project: RedesignProject) -> None:
    other = make_user("second", (Role.FACILITY_PLANNER, None))
    request = make_request(project)
    url = f"/records/requests/{request.pk}/edit/"
    sent = asked(project=project.pk, asked=request.asked, version=request.version)
    signed_in(other).post(url, {**sent, "answer": "adopted", "reason": "넓혔습니다."})
    told = signed_in(planner).post(url, {**sent, "answer": "rejected", "reason": "좁습니다."})
    assert told.status_code == 409
    assert "Adopted" in text(told)
    assert Request.objects.get().answer == "adopted"


def test_history_names_the_rooms_and_not_their_keys(planner: User, project: RedesignProject) -> None:
    room = make_room(make_plan(project.centre), "상담실", (0, 0, 3, 3))
    request = make_request(project)
    url = f"/records/requests/{request.pk}/edit/"
    sent = asked(project=project.pk, asked=request.asked, version=request.version, unit_keys=[str(room.key)])
    saved = signed_in(planner).post(url, sent)
    assert saved.status_code == 302, text(saved)
    told = text(signed_in(planner).get(f"/records/requests/{request.pk}/history/"))
    assert "1F 상담실" in told
    assert str(room.key) not in told


def test_requests_stand_beside_the_plan_and_changes_beside_their_requests(
    viewer: User, project: RedesignProject
) -> None:
    as_is = make_plan(project.centre)
    option = make_plan(project.centre, "1안", "option", building=as_is.building, based_on=as_is)
    waiting = make_room(as_is, "민원대기실", (0, 0, 5, 4))
    make_room(option, "민원대기실", (0, 0, 8, 4), key=waiting.key)
    store = make_room(as_is, "창고", (0, 5, 5, 9))
    make_room(option, "창고", (0, 5, 4, 9), key=store.key)
    make_request(project, answer="adopted", unit_keys=[waiting.key], reason="넓혔습니다.")
    make_request(project, asked="창고를 줄이지 마세요.", answer="rejected", reason="좁습니다.", unit_keys=[store.key])
    make_request(project, asked="옥상 텃밭")
    page = signed_in(viewer).get(f"/projects/{project.pk}/requests/")
    told = text(page)
    assert f'href="/plans/{option.pk}/?room={waiting.key}"' in page.content.decode()
    assert "3 requests · 1 needs attention" in told
    assert "From “현황” to “1안”. 1 change without a request behind it" in told
    assert "1F 민원대기실 Changed Another outline 20.0 → 32.0 m² 대기공간을 넓혀 주세요." in told
    assert told.count("without a request") == 2  # in the head, and at the store: a rejected wish is no source


def test_an_adopted_request_without_a_room_and_a_room_that_is_gone_are_flagged(
    viewer: User, project: RedesignProject
) -> None:
    plan = make_plan(project.centre)
    gone = make_room(plan, "옛 창고", (0, 0, 2, 2))
    make_request(project, answer="adopted")
    make_request(project, answer="adopted", unit_keys=[gone.key])
    gone.delete()
    told = text(signed_in(viewer).get(f"/projects/{project.pk}/requests/"))
    assert "no room linked" in told
    assert "a linked room is in no plan any more" in told


def test_a_plan_goes_back_to_the_as_is_plan_it_was_drawn_from(territory: Territory) -> None:
    as_is = make_plan(make_centre())
    option = make_plan(None, "1안", "option", building=as_is.building, based_on=as_is)
    agreed = make_plan(None, "확정", "agreed", building=as_is.building, based_on=option)
    drawn_alone = make_plan(None, "2안", "option", building=as_is.building)
    assert base_of(agreed) == base_of(option) == base_of(drawn_alone) == as_is
    assert base_of(as_is) is None


def test_satisfaction_is_compared_by_the_wording_of_questions(project: RedesignProject) -> None:
    make_survey(project, "before", {"편안하다": "2.40", "찾기 쉽다": "3.00"})
    make_survey(project, "after", {"편안하다": "3.00"}, held_on=date(2026, 6, 1))
    make_survey(project, "after", {"편안하다": "4.15", "공간이 있다": "4.00"}, held_on=date(2026, 7, 1))
    found = {each.question: each for each in comparisons(surveys_of(project))}
    assert found["편안하다"].difference == Decimal("1.75")
    assert found["찾기 쉽다"].difference is None
    assert found["공간이 있다"].before is None
    both = overall(found.values())
    assert both is not None
    assert (both.before, both.after) == (Decimal("2.40"), Decimal("4.15"))


def test_scores_are_entered_with_the_questions_asked_before(planner: User, project: RedesignProject) -> None:
    make_survey(project, "before", {"편안하다": "2.40", "찾기 쉽다": "3.00"})
    after = make_survey(project, "after", {}, respondents=80)
    url = f"/surveys/{after.pk}/scores/"
    page = signed_in(planner).get(url)
    assert inputs(page)["form-0-question"] == ["편안하다"]
    told = signed_in(planner).post(url, {**inputs(page), "form-0-mean": "5.5"})
    assert told.status_code == 422
    assert "편안하다 · Mean score (1–5)" in text(told)
    assert not SurveyScore.objects.filter(survey=after).exists()
    for _time in range(2):
        assert signed_in(planner).post(url, {**inputs(page), "form-0-mean": "4.1"}).status_code == 302
    score = SurveyScore.objects.get(survey=after)
    assert (score.question, score.mean, score.respondents) == ("편안하다", Decimal("4.10"), 80)
    shown = text(signed_in(planner).get(f"/records/redesign-projects/{project.pk}/"))
    assert "편안하다 2.40 4.10 +1.70" in shown


def test_the_home_page_counts_requests_without_an_answer_for_planners_only(
    planner: User, viewer: User, project: RedesignProject
) -> None:
    make_request(project)
    make_request(project, answer="adopted")
    assert "1 Requests without an answer" in text(signed_in(planner).get("/"))
    assert "Requests without an answer" not in text(signed_in(viewer).get("/"))


def test_the_page_of_a_project_takes_no_query_for_each_request_meeting_or_survey(
    viewer: User, project: RedesignProject
) -> None:
    rooms = [make_room(make_plan(project.centre), "민원대기실", (0, 0, 5, 4))]

    def more(number: int) -> None:
        for _each in range(number):
            meeting = make_meeting(project)
            make_request(project, meeting=meeting, answer="adopted", unit_keys=[room.key for room in rooms])
            make_survey(project, "before", {"편안하다": "2.40"})

    client = signed_in(viewer)
    counts = []
    for number in (2, 6):
        more(number)
        for path in (f"/records/redesign-projects/{project.pk}/", f"/projects/{project.pk}/requests/"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            counts.append(len(captured.captured_queries))
    assert counts[:2] >= counts[2:]
    assert max(counts) <= 40
