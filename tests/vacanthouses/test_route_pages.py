"""A day's route on pages and on paper: planned step by step, saved once, seen by the crew and by nobody else."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from pypdf import PdfReader

from gis_core.models import PersonalDataAccess, User
from tests.factories import Territory, geos, make_house, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import Campaign, Crew, DayRoute
from vacanthouses.services import routes

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def round_(territory: Territory, surveyor: User) -> tuple[Campaign, Crew, list[Any]]:
    campaign = make_campaign(territory.namwon)
    crew = make_crew(territory.unbong, surveyor, start=geos(place(100, 500)))
    houses = [
        make_house(place(250 * n + 300, 500 + 80 * n * n), address=f"남원시 운봉읍 서천리 {n + 1}") for n in range(5)
    ]
    return campaign, crew, assign(campaign, houses, crew)


def plan(campaign: Campaign) -> str:
    return f"/survey/campaigns/{campaign.pk}/routes/plan/"


def asked(crew: Crew, **changed: Any) -> dict[str, Any]:
    return {
        "crew": crew.pk, "day": TODAY.isoformat(), "way": "closed", "start": "crew", "minutes": 420, "each": 30,
        "most": 3, **changed,
    }  # fmt: skip


def keep(campaign: Campaign, user: User, crew: Crew, rows: list[Any], **changed: Any) -> DayRoute:
    facts = {"day": TODAY, "is_closed": True, "start": crew.start, "each": 30.0, **changed}
    return routes.save(campaign, user, routes.Draft(crew, stops=tuple(row.pk for row in rows), **facts), 0)


def saving(page: Any) -> dict[str, str]:
    """The hidden fields of the form that saves, as the browser sends them."""
    return {name: values[-1] for name, values in inputs(page).items()}


def test_a_manager_plans_a_day_step_by_step_and_saves_it_once(manager: User, round_: Any) -> None:
    campaign, crew, rows = round_
    client = signed_in(manager, "en")
    page = client.get(plan(campaign), asked(crew))
    assert [row.stop.assignment.pk for row in page.context["sheet"].rows] == [row.pk for row in rows[:3]]
    assert "<svg" in page.content.decode()
    assert not DayRoute.objects.exists(), "looking writes nothing"

    def step(do: str, **more: Any) -> list[int]:
        nonlocal page
        page = client.get(plan(campaign), {**saving(page), "do": do, **more})
        return [rows.index(row.stop.assignment) for row in page.context["sheet"].rows]

    assert step(f"down:{rows[0].pk}") == [1, 0, 2]
    assert step(f"up:{rows[2].pk}") == [1, 2, 0]
    assert step("reverse") == [0, 2, 1]
    assert step(f"remove:{rows[2].pk}") == [0, 1]
    assert step("add", add=rows[4].pk) == [0, 1, 4]
    assert step("add", add=rows[4].pk) == [0, 1, 4], "a house is in the day once"
    assert step(f"up:{rows[0].pk}") == [0, 1, 4], "the first stays the first"
    assert step(f"up:{rows[4].pk}") == [0, 4, 1]
    assert step("shortest") == [0, 1, 4]
    sent = saving(page)
    saved = client.post(plan(campaign), sent)
    assert saved.status_code == 302
    assert client.post(plan(campaign), sent).status_code == 302, "sent twice it is saved once"
    route = DayRoute.objects.get()
    assert sorted(route.stops) == sorted(rows[n].pk for n in (0, 1, 4))
    assert route.minutes > 90
    assert "about 09:" in text(client.get(saved["Location"]))


def test_two_managers_at_once_are_told_and_the_second_keeps_the_plan(
    manager: User, territory: Territory, round_: Any
) -> None:
    campaign, crew, rows = round_
    other = make_user("other", ("survey_manager", territory.namwon), name="이관리")
    mine, theirs = signed_in(manager, "en"), signed_in(other, "en")
    sent = saving(mine.get(plan(campaign), asked(crew)))
    theirs.post(plan(campaign), saving(theirs.get(plan(campaign), asked(crew, stops=f"{rows[4].pk}"))))
    refused = mine.post(plan(campaign), sent)
    assert refused.status_code == 409
    assert "이관리 saved a route for this crew and day" in text(refused)
    assert DayRoute.objects.get().stops == [rows[4].pk]
    again = saving(refused)
    assert again["stops"] == sent["stops"], "nothing of the plan is lost"
    assert mine.post(plan(campaign), again).status_code == 302
    assert DayRoute.objects.get().stops == [row.pk for row in rows[:3]]


def test_what_became_of_stops_is_shown_and_only_the_rest_is_copied(
    manager: User, territory: Territory, round_: Any
) -> None:
    campaign, crew, rows = round_
    route = keep(campaign, manager, crew, rows[:4])
    rows[0].done_at = timezone.now()
    rows[0].save()
    rows[1].crew = make_crew(territory.unbong, name="2반")
    rows[1].save()
    rows[2].retired_at = timezone.now()
    rows[2].save()
    DayRoute.objects.update(stops=[*route.stops, 999_999_999])
    client = signed_in(manager, "en")
    told = text(client.get(f"/survey/routes/{route.pk}/"))
    assert all(word in told for word in ("visited", "now with 2반", "taken back"))
    copied = client.get(f"/survey/routes/{route.pk}/change/?copy")
    query = parse_qs(urlsplit(copied["Location"]).query)
    assert query["stops"] == [str(rows[3].pk)]
    assert query["day"] == [(TODAY + timedelta(days=1)).isoformat()]
    page = client.get(client.get(f"/survey/routes/{route.pk}/change/")["Location"])
    refused = client.post(plan(campaign), saving(page))
    assert refused.status_code == 422
    assert rows[1].house.address in text(refused)
    tidied = client.get(plan(campaign), {**saving(page), "do": "tidy"})
    assert saving(tidied)["stops"] == str(rows[3].pk)
    assert client.post(plan(campaign), saving(tidied)).status_code == 302


def test_the_crew_sees_its_own_route_and_can_change_nothing(
    manager: User, surveyor: User, territory: Territory, round_: Any
) -> None:
    campaign, crew, rows = round_
    route = keep(campaign, manager, crew, rows[:3])
    foreign = make_crew(territory.unbong, name="2반", start=crew.start)
    others = keep(campaign, manager, foreign, assign(campaign, [make_house(place(900, 900))], foreign))
    client = signed_in(surveyor, "en")
    page = client.get(f"/survey/routes/{route.pk}/")
    assert rows[0].house.address in text(page)
    assert "Retire" not in text(page)
    listed = text(client.get(f"/survey/campaigns/{campaign.pk}/routes/"))
    assert crew.name in listed
    assert "2반" not in listed
    assert client.get(f"/survey/routes/{route.pk}/route.pdf").status_code == 200
    refused = [
        client.get(f"/survey/routes/{others.pk}/"), client.get(f"/survey/routes/{others.pk}/route.pdf"),
        client.get(plan(campaign)), client.get(f"/survey/routes/{route.pk}/change/"),
        client.post(f"/survey/routes/{route.pk}/retire/", {"version": route.version}),
    ]  # fmt: skip
    assert [each.status_code for each in refused] == [404, 404, 403, 403, 403]
    assert DayRoute.objects.live().count() == 2


def test_nobody_else_sees_routes(manager: User, viewer: User, planner: User, territory: Territory, round_: Any) -> None:
    campaign, crew, rows = round_
    route = keep(campaign, manager, crew, rows[:3])
    elsewhere = make_user("elsewhere", ("survey_manager", territory.sunchang))
    colleague = make_user("colleague", ("surveyor", territory.unbong))
    for user, status in ((viewer, 403), (planner, 403), (elsewhere, 404), (colleague, 404)):
        assert signed_in(user).get(f"/survey/routes/{route.pk}/").status_code == status
        assert signed_in(user).get(f"/survey/routes/{route.pk}/route.pdf").status_code == status
    assert signed_in(None).get(f"/survey/routes/{route.pk}/route.pdf").status_code == 302
    assert not PersonalDataAccess.objects.exists()


def test_a_house_outside_a_surveyors_area_keeps_its_address_and_place(
    manager: User, surveyor: User, round_: Any
) -> None:
    campaign, crew, rows = round_
    far = make_house(place(2500, 500), address="남원시 주천면 은송리 77")
    route = keep(campaign, manager, crew, [rows[0], *assign(campaign, [far], crew)])
    page = signed_in(surveyor, "en").get(f"/survey/routes/{route.pk}/")
    assert "은송리" not in page.content.decode()
    assert "outside your area" in text(page)
    assert len(re.findall(r"<text[^>]*>[0-9]+</text>", page.content.decode())) == 1


def test_the_day_is_printed_on_one_sheet_and_the_look_is_noted(manager: User, round_: Any) -> None:
    campaign, crew, rows = round_
    rows[0].house.note = "대문이 잠김"
    rows[0].house.save()
    route = keep(campaign, manager, crew, rows)
    answer = signed_in(manager, "ko").get(f"/survey/routes/{route.pk}/route.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pdf = PdfReader(BytesIO(answer.content))
    told = " ".join(page.extract_text() for page in pdf.pages)
    assert len(pdf.pages) == 1
    for word in ("서천리 1", "서천리 5", "대문이 잠김", crew.name, "하루 동선"):
        assert word in told, told
    (look,) = PersonalDataAccess.objects.all()
    assert (look.user, look.layer, look.action, look.count) == (manager, "vacant-houses", "print", 5)


def test_a_route_is_retired_once_and_an_old_version_changes_nothing(manager: User, round_: Any) -> None:
    campaign, crew, rows = round_
    route = keep(campaign, manager, crew, rows[:2])
    client = signed_in(manager, "en")
    retire = f"/survey/routes/{route.pk}/retire/"
    client.post(retire, {"version": route.version + 5})
    assert DayRoute.objects.live().exists()
    assert client.post(retire, {"version": route.version}).status_code == 302
    assert client.post(retire, {"version": route.version}).status_code == 302
    assert not DayRoute.objects.live().exists()
    assert client.get(f"/survey/routes/{route.pk}/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"stops": "1;2"}, {"stops": "x"}, {"stops": ",".join(map(str, range(1, 100)))}, {"stops": "99999999999999"},
        {"day": "2026-02-30"}, {"minutes": "0"}, {"each": "-5"}, {"crew": "999999"}, {"way": "round"},
        {"start": "centre-999"}, {"most": "1e9"},
    ],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_told_and_nothing_is_written(
    manager: User, round_: Any, wrong: dict[str, str]
) -> None:
    campaign, crew, rows = round_
    client = signed_in(manager, "en")
    sent = {**asked(crew), "stops": str(rows[0].pk), "seen": "x.y", **wrong}
    page = client.get(plan(campaign), sent)
    assert page.status_code in (200, 422)
    assert "errorlist" in page.content.decode()
    assert client.post(plan(campaign), sent).status_code == 422
    assert not DayRoute.objects.exists()


def test_a_round_without_crews_says_what_to_do_first(manager: User, territory: Territory) -> None:
    page = signed_in(manager, "en").get(plan(make_campaign(territory.namwon)))
    assert "begin with one" in text(page)


def test_many_routes_cost_no_more_statements(manager: User, round_: Any, django_assert_max_num_queries: Any) -> None:
    campaign, crew, rows = round_
    for days in range(30):
        keep(campaign, manager, crew, rows[:3], day=TODAY + timedelta(days=days))
    client = signed_in(manager)
    with django_assert_max_num_queries(16):
        client.get(f"/survey/campaigns/{campaign.pk}/routes/")
    with django_assert_max_num_queries(28):
        client.get(f"/survey/routes/{DayRoute.objects.order_by('pk')[0].pk}/")
