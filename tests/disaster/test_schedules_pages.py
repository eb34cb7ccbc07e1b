"""Pages of schedules: what is due, the form with its preview, many at once, days off."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.models import LocalHoliday, Schedule
from disaster.todos_inspections import inspection_todos
from gis_core.models import Role, User
from tests.disaster.inspection_support import make_pump_class, make_schedule
from tests.factories import Territory, make_depot, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db
DUE, LIST = "/disaster/inspections/", "/disaster/schedules/"


def today() -> Any:
    return timezone.localdate()


def sent(**changed: Any) -> dict[str, Any]:
    facts = {
        "title": "정기점검", "interval": "1", "frequency": "MONTHLY", "by_month_day": "13", "starts_on": "2026-01-01",
        "ends_on": "", "basis": "scheduled", "shift": "after", "nth": "", "item_class": "", "assignee": "",
    }  # fmt: skip
    return {**facts, **changed}


def test_the_longest_overdue_comes_first_and_towns_are_counted(officer: User, territory: Territory) -> None:
    near, far = make_depot(place(500, 500), name="운봉 창고"), make_depot(place(2500, 500), name="주천 창고")
    make_schedule(near, None, today() + timedelta(days=3), title="다음 것")
    make_schedule(near, None, today() - timedelta(days=5), title="닷새 지난 것")
    make_schedule(far, None, today() - timedelta(days=40), title="오래 지난 것")
    make_schedule(far, None, today() - timedelta(days=90), title="쉬는 것", is_paused=True)
    told = text(signed_in(officer).get(DUE))
    assert told.index("오래 지난 것") < told.index("닷새 지난 것") < told.index("다음 것")
    assert "40 days late" in told
    assert "2 overdue" in told
    assert "쉬는 것" not in told
    assert "다음 것" not in text(signed_in(officer).get(DUE, {"state": "overdue"}))


def test_the_list_is_narrowed_by_town_class_and_person(officer: User, territory: Territory) -> None:
    near, far = make_depot(place(500, 500)), make_depot(place(2500, 500))
    make_schedule(near, make_pump_class(), today(), title="펌프 것", assignee=officer)
    make_schedule(far, None, today(), title="창고 것")
    client = signed_in(officer)
    for asked, seen, hidden in [
        ({"town": territory.unbong.pk}, "펌프 것", "창고 것"), ({"class": "depot"}, "창고 것", "펌프 것"),
        ({"class": make_pump_class().pk}, "펌프 것", "창고 것"), ({"person": "me"}, "펌프 것", "창고 것"),
        ({"person": "nobody"}, "창고 것", "펌프 것"),
    ]:  # fmt: skip
        told = text(client.get(DUE, asked))
        assert (seen in told, hidden in told) == (True, False), asked


def test_pages_of_the_list_join_without_gap_or_repeat(officer: User, territory: Territory) -> None:
    depot = make_depot(place(500, 500))
    for number in range(120):
        make_schedule(depot, None, today() + timedelta(days=number // 40), title=f"점검 {number:03}")
    client, address, seen = signed_in(officer), DUE, []
    for _page in range(3):
        page = client.get(address)
        seen += [row["schedule"].title for row in page.context["rows"]]
        address = f"{DUE}?{page.context['next']}"
    assert seen == [f"점검 {number:03}" for number in range(120)]
    assert not page.context["next"]
    assert client.get(DUE, {"after": "garbage"}).status_code == 200


def test_the_list_asks_as_often_for_many_as_for_few(officer: User, territory: Territory) -> None:
    def queries() -> int:
        client = signed_in(officer)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(DUE).status_code == client.get(LIST).status_code == 200
        return len(found)

    make_schedule(make_depot(place(500, 500)), make_pump_class(), today())
    few = queries()
    for number in range(15):
        make_schedule(make_depot(place(500 + 200 * number, 500)), make_pump_class(), today(), assignee=officer)
    assert queries() == few


def test_a_keeper_sees_their_town_and_a_viewer_changes_nothing(viewer: User, territory: Territory) -> None:
    mine, other = make_depot(place(500, 500)), make_depot(place(2500, 500))
    own = make_schedule(mine, None, today(), title="우리 것")
    theirs = make_schedule(other, None, today(), title="남의 것")
    keeper = signed_in(make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong)))
    told = text(keeper.get(DUE))
    assert "우리 것" in told
    assert "남의 것" not in told
    assert keeper.get(f"{LIST}{theirs.pk}/").status_code == 404
    assert keeper.post(f"{LIST}{theirs.pk}/edit/", sent()).status_code == 404
    looking = signed_in(viewer)
    assert looking.get(f"{LIST}{own.pk}/").status_code == 200
    for address in (f"{LIST}add/", f"{LIST}add/many/", f"{LIST}{own.pk}/edit/", f"{LIST}{own.pk}/retire/"):
        assert looking.get(address).status_code == 403, address
    assert looking.post(f"{LIST}{own.pk}/pause/", {"version": own.version}).status_code == 403
    assert signed_in(make_user("nobody")).get(DUE).status_code == 403


def test_an_officer_adds_a_schedule_once_even_when_the_form_is_sent_twice(officer: User, territory: Territory) -> None:
    depot = make_depot(place(500, 500))
    client = signed_in(officer)
    page = client.get(f"{LIST}add/", {"depot": depot.pk})
    form = sent(depot=depot.pk, token=inputs(page)["token"][0], by_day=["MO"], nth="2", by_month_day="")
    first, second = (client.post(f"{LIST}add/", form) for _time in range(2))
    made = Schedule.objects.get()
    assert first["Location"] == second["Location"] == f"{LIST}{made.pk}/"
    assert made.by_day == "2MO"
    assert "every month on the 2nd Monday; on weekends and holidays the working day after" in text(
        client.get(first["Location"])
    )


@pytest.mark.parametrize(("field", "value", "words"), [
    ("by_month_day", "32", "is no day of a month"), ("by_month_day", "30", "No day is ever named"),
    ("interval", "0", "whole number from 1"), ("starts_on", "2026-02-30", "Enter a valid date"),
    ("ends_on", "2025-01-01", "ends before it begins"), ("title", "", "required"),
])  # fmt: skip
def test_a_schedule_with_a_fault_is_refused_at_its_field(
    officer: User, territory: Territory, field: str, value: str, words: str
) -> None:
    depot = make_depot(place(500, 500))
    form = sent(depot=depot.pk, token=str(uuid.uuid4()), **({"by_month": ["2"]} if value == "30" else {}))
    page = signed_in(officer).post(f"{LIST}add/", {**form, field: value})
    assert page.status_code in {409, 422}
    assert words in text(page)
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(("language", "sentence", "why"), [
    ("en", "Every month on the 13th; on weekends and holidays the working day after", "planned for 2026-06-13 (Sat)"),
    ("ko", "매월 13일, 주말·공휴일이면 다음 근무일", "원래 2026-06-13 (토)"),
])  # fmt: skip
def test_the_form_tells_the_days_it_names_and_why_one_is_moved(
    officer: User, territory: Territory, language: str, sentence: str, why: str
) -> None:
    page = signed_in(officer, language).get(f"{LIST}preview/", sent(starts_on="2026-05-01"))
    told = text(page)
    assert sentence.lower() in told.lower()
    assert why in told
    assert "2026-06-15" in told
    assert told.count("2026-") >= 6
    wrong = signed_in(officer).get(f"{LIST}preview/", sent(by_month_day="32"))
    assert "is no day of a month" in text(wrong)


def test_what_somebody_else_changed_meanwhile_is_told_and_the_person_may_insist(
    officer: User, territory: Territory
) -> None:
    schedule = make_schedule(make_depot(place(500, 500)), None, today())
    client, address = signed_in(officer), f"{LIST}{schedule.pk}/edit/"
    page = client.get(address)
    Schedule.objects.update(title="남이 바꿈")
    form = sent(title="내가 바꿈", version=inputs(page)["version"][0])
    refused = client.post(address, form)
    assert refused.status_code == 409
    assert "changed this meanwhile" in text(refused)
    assert client.post(address, {**form, "version": inputs(refused)["version"][0]}).status_code == 302
    assert Schedule.objects.get().title == "내가 바꿈"


def test_every_depot_of_chosen_towns_and_kinds_gets_a_schedule(officer: User, territory: Territory) -> None:
    make_depot(place(500, 500), kind="flood")
    make_depot(place(600, 500), kind="snow")
    make_depot(place(2500, 500), kind="flood")
    client = signed_in(officer)
    form = sent(towns=[territory.unbong.pk], kinds=["flood"], by_month=["3", "4", "5"])
    assert client.post(f"{LIST}add/many/", form).status_code == 302
    made = Schedule.objects.get()
    assert (made.depot.area, made.by_month) == (territory.unbong, "3,4,5")
    empty = client.post(f"{LIST}add/many/", sent(kinds=["relief"]))
    assert empty.status_code == 409
    assert "No depot" in text(empty)


def test_a_paused_schedule_is_resumed_and_a_retired_one_leaves_the_lists(officer: User, territory: Territory) -> None:
    schedule = make_schedule(make_depot(place(500, 500)), None, today(), title="없어질 것")
    client, address = signed_in(officer), f"{LIST}{schedule.pk}/"
    assert client.post(f"{address}pause/", {"version": schedule.version}).status_code == 302
    assert "paused" in text(client.get(address))
    version = Schedule.objects.get().version
    assert client.post(f"{address}pause/", {"version": version, "do": "resume"}).status_code == 302
    version = Schedule.objects.get().version
    assert client.post(f"{address}retire/", {"version": version, "reason": ""}).status_code == 422
    assert client.post(f"{address}retire/", {"version": version, "reason": "철거"}).status_code == 302
    assert "없어질 것" not in text(client.get(LIST)) + text(client.get(DUE))


def test_an_officer_notes_a_day_off_and_what_is_due_moves(officer: User, viewer: User, territory: Territory) -> None:
    # A Monday two years ahead or more that no holiday is.
    day = next(d for d in (today() + timedelta(days=n) for n in range(400, 430)) if d.weekday() == 1)
    schedule = make_schedule(make_depot(place(500, 500)), None, day)
    client = signed_in(officer)
    page = client.post("/disaster/holidays/", {"day": day.isoformat(), "name": "시민의 날"}, follow=True)
    assert "1 schedule moved" in text(page)
    assert "시민의 날" in text(page)
    schedule.refresh_from_db()
    assert schedule.next_due > day
    again = client.post("/disaster/holidays/", {"day": day.isoformat(), "name": "다른 날"})
    assert again.status_code == 409
    assert "noted already" in text(again)
    pk = LocalHoliday.objects.get().pk
    assert signed_in(viewer).post(f"/disaster/holidays/{pk}/remove/").status_code == 403
    assert client.post(f"/disaster/holidays/{pk}/remove/").status_code == 302
    schedule.refresh_from_db()
    assert schedule.next_due == day


def test_the_home_page_counts_what_is_overdue_of_mine_or_nobodys(territory: Territory, officer: User) -> None:
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    depot = make_depot(place(500, 500))
    make_schedule(depot, None, today() - timedelta(days=1))
    make_schedule(depot, None, today() - timedelta(days=1), assignee=keeper)
    make_schedule(depot, None, today() - timedelta(days=1), assignee=officer)
    make_schedule(depot, None, today() + timedelta(days=7))
    make_schedule(make_depot(place(2500, 500)), None, today() - timedelta(days=1))
    assert [todo.count for todo in inspection_todos(keeper)] == [2, 1]
