"""Repair tasks: opened by hand, given to somebody, done or not needed; what they hold back counts again then."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.models import Depot, RepairTask
from disaster.querysets_working import working_stock
from disaster.services import repairs as services
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Role, User
from tests.disaster.inspection_support import make_pump_class, make_pump_depot
from tests.factories import Territory, make_user


@pytest.fixture
def keeper(territory: Territory) -> User:
    return make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong), name="김관리")


@pytest.fixture
def depot(territory: Territory) -> Depot:
    return make_pump_depot(pumps=4)


def make_task(depot: Depot, **values: Any) -> RepairTask:
    facts = {"title": "펌프 수리", "item_class": make_pump_class(), "blocks": True, "quantity": 1, **values}
    made: RepairTask = RepairTask.objects.create(depot=depot, **facts)
    made.refresh_from_db()
    return made


def posted(task: RepairTask, **values: Any) -> dict[str, Any]:
    """The form as it was shown, with what the person changed of it."""
    seen = {
        "title": task.title, "state": task.state, "assignee": task.assignee_id or "",
        "due_on": task.due_on.isoformat() if task.due_on else "", "quantity": task.quantity or "",
        "cost_krw": "" if task.cost_krw is None else task.cost_krw, "resolution": task.resolution,
    }  # fmt: skip
    shown = {f"initial-{name}": value for name, value in seen.items()}
    box = {"blocks": "on", "initial-blocks": "True"} if task.blocks else {"initial-blocks": "False"}
    return {**seen, **shown, **box, **values}


def works(depot: Depot) -> int:
    (row,) = working_stock(timezone.localdate(), depots=[depot.pk])
    return row.working


@pytest.mark.django_db
def test_units_held_back_count_again_when_the_task_is_done_and_not_before(
    client: Client, keeper: User, depot: Depot
) -> None:
    task = make_task(depot, quantity=3)
    assert works(depot) == 1
    client.force_login(keeper)
    client.post(f"/disaster/repairs/{task.pk}/", posted(task, state="in_work", assignee=keeper.pk))
    task.refresh_from_db()
    assert (task.state, task.assignee, works(depot)) == ("in_work", keeper, 1)
    answer = client.post(
        f"/disaster/repairs/{task.pk}/done/",
        {"version": task.version, "resolution": "점화 플러그 교체", "cost_krw": "35000"},
    )
    assert answer.status_code == 302
    task.refresh_from_db()
    assert (task.state, task.resolution, task.cost_krw, task.closed_by) == ("done", "점화 플러그 교체", 35000, keeper)
    assert works(depot) == 4
    assert "점화 플러그 교체" in client.get(f"/disaster/repairs/{task.pk}/").content.decode()


@pytest.mark.django_db
def test_closing_asks_what_was_done_or_why_it_is_not_needed(client: Client, keeper: User, depot: Depot) -> None:
    task = make_task(depot)
    client.force_login(keeper)
    for ending in ("done", "cancel"):
        answer = client.post(f"/disaster/repairs/{task.pk}/{ending}/", {"version": task.version, "resolution": " "})
        assert answer.status_code == 422
        assert answer.context["form"].errors["resolution"]
    task.refresh_from_db()
    assert task.state == "open"


@pytest.mark.django_db
def test_who_saw_an_older_version_does_not_close_it(keeper: User, depot: Depot) -> None:
    task = make_task(depot)
    services.change(task, keeper, {"due_on": None}, {"due_on": timezone.localdate()})
    with pytest.raises(Invalid):
        services.finish(task, keeper, task.version, "고침", None)
    task.refresh_from_db()
    assert services.finish(task, keeper, task.version, "고침", None).state == "done"
    assert services.finish(task, keeper, 1, "다시", None).resolution == "고침"


@pytest.mark.django_db
def test_a_cost_that_nobody_knows_stays_unknown(keeper: User, depot: Depot) -> None:
    task = make_task(depot)
    assert services.finish(task, keeper, task.version, "고침", None).cost_krw is None


@pytest.mark.django_db
def test_two_who_change_different_fields_both_succeed_and_the_same_field_is_told(
    client: Client, keeper: User, depot: Depot
) -> None:
    task = make_task(depot)
    client.force_login(keeper)
    first, second = posted(task, resolution="부품 주문"), posted(task, due_on=timezone.localdate().isoformat())
    clash = posted(task, resolution="부품 도착")
    address = f"/disaster/repairs/{task.pk}/"
    assert client.post(address, first).status_code == 302
    assert client.post(address, second).status_code == 302
    answer = client.post(address, clash)
    assert answer.status_code == 409
    assert "부품 주문" in answer.content.decode()
    task.refresh_from_db()
    assert (task.resolution, task.due_on) == ("부품 주문", timezone.localdate())


@pytest.mark.django_db
def test_a_task_by_hand_is_made_once_however_often_the_form_is_sent(client: Client, keeper: User, depot: Depot) -> None:
    client.force_login(keeper)
    form = {"depot": depot.pk, "title": "문 고장", "quantity": "", "token": str(uuid.uuid4())}
    assert client.get("/disaster/repairs/add/").status_code == 200
    for _attempt in range(2):
        assert client.post("/disaster/repairs/add/", form).status_code == 302
    made = RepairTask.objects.get()
    assert (made.title, made.blocks, made.inspection, made.created_by) == ("문 고장", False, None, keeper)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "2"}, "quantity"),
        ({"depot": "999999"}, "depot"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused_at_its_field(
    client: Client, keeper: User, depot: Depot, change: dict[str, str], field: str
) -> None:
    client.force_login(keeper)
    answer = client.post("/disaster/repairs/add/", {"depot": depot.pk, "title": "문 고장", "quantity": "", **change})
    assert answer.status_code in {409, 422}
    assert field in answer.context["form"].errors
    assert not RepairTask.objects.exists()


@pytest.mark.django_db
def test_other_towns_and_other_roles_change_nothing(
    client: Client, territory: Territory, keeper: User, viewer: User, depot: Depot
) -> None:
    elsewhere = make_task(make_pump_depot("주천 창고", east=2500))
    with pytest.raises(NotAllowed):
        services.cancel(elsewhere, keeper, elsewhere.version, "필요 없음")
    own = make_task(depot)
    client.force_login(viewer)
    assert client.get("/disaster/repairs/").status_code == 200
    assert client.get(f"/disaster/repairs/{own.pk}/").status_code == 200
    assert client.post(f"/disaster/repairs/{own.pk}/", posted(own, title="x")).status_code == 403
    assert client.get(f"/disaster/repairs/{own.pk}/done/").status_code == 403
    assert client.get("/disaster/repairs/add/").status_code == 403
    client.force_login(make_user("stranger"))
    assert client.get("/disaster/repairs/").status_code == 403
    own.refresh_from_db()
    assert own.title == "펌프 수리"


@pytest.mark.django_db
def test_a_task_is_given_only_to_people_who_look_after_the_town(
    territory: Territory, keeper: User, officer: User, depot: Depot
) -> None:
    other = make_user("other", (Role.DISASTER_OFFICER, territory.jucheon), name="다른면")
    assert set(services.assignees(depot)) == {keeper, officer}
    task = make_task(depot)
    with pytest.raises(Invalid):
        services.change(task, keeper, {"assignee": None}, {"assignee": other})


@pytest.mark.django_db
def test_a_closed_task_is_taken_up_again(client: Client, keeper: User, depot: Depot) -> None:
    task = services.cancel(make_task(depot), keeper, 1, "잘못 봄")
    client.force_login(keeper)
    client.post(f"/disaster/repairs/{task.pk}/reopen/", {"version": task.version})
    task.refresh_from_db()
    assert (task.state, task.closed_at, works(depot)) == ("open", None, 3)


@pytest.mark.django_db
def test_the_list_shows_open_tasks_by_urgency_and_counts_them(client: Client, keeper: User, depot: Depot) -> None:
    today = timezone.localdate()
    make_task(depot, title="나중", due_on=today + timedelta(days=5))
    make_task(depot, title="늦음", due_on=today - timedelta(days=5))
    make_task(depot, title="언젠가", blocks=False, quantity=None)
    services.cancel(make_task(depot, title="닫힘"), keeper, 1, "필요 없음")
    client.force_login(keeper)
    answer = client.get("/disaster/repairs/")
    assert [task.title for task, _age, _late in answer.context["rows"]] == ["늦음", "나중", "언젠가"]
    assert answer.context["counts"] == {"open": 3, "late": 1, "blocking": 2, "closed": 1}
    every = client.get("/disaster/repairs/?state=all").context["rows"]
    assert [task.title for task, _age, _late in every][-1] == "닫힘"


@pytest.mark.django_db
def test_the_list_asks_as_often_for_many_tasks_as_for_one(client: Client, keeper: User, depot: Depot) -> None:
    make_task(depot)
    client.force_login(keeper)
    client.get("/disaster/repairs/")
    with CaptureQueriesContext(connection) as one:
        client.get("/disaster/repairs/")
    for number in range(12):
        make_task(depot, title=f"과제 {number}", assignee=keeper)
    with CaptureQueriesContext(connection) as many:
        client.get("/disaster/repairs/")
    assert len(many) == len(one)


@pytest.mark.django_db
def test_a_task_that_names_nothing_keeps_a_whole_depot_from_use_only_where_the_keeper_says_so(
    client: Client, keeper: User, depot: Depot
) -> None:
    client.force_login(keeper)
    told = {"depot": depot.pk, "title": "지붕 누수", "blocks": "on", "token": str(uuid.uuid4())}
    answer = client.post("/disaster/repairs/add/", told)
    assert answer.status_code == 422
    assert "무엇을 쓸 수 없습니까?" in answer.content.decode()
    assert not RepairTask.objects.exists()
    assert client.post("/disaster/repairs/add/", {**told, "whole_depot": "on"}).status_code == 302
    assert works(depot) == 0


@pytest.mark.django_db
def test_a_leaking_roof_leaves_what_is_in_the_depot_usable(client: Client, keeper: User, depot: Depot) -> None:
    client.force_login(keeper)
    told = {"depot": depot.pk, "title": "지붕 누수", "token": str(uuid.uuid4())}
    assert client.post("/disaster/repairs/add/", told).status_code == 302
    assert works(depot) == 4
