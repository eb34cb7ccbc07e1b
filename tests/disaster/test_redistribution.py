"""From a plan to approved requests: drafts, what has changed since, and who may approve."""

import uuid
from typing import Any

import pytest

from disaster.models import Balance, Depot, Item, TransferOrder
from disaster.services import redistribution as services
from disaster.services.redistribution import Wish, ground
from gis_core.models import Job, Role, User
from tests.disaster.operations_support import client, in_all, take
from tests.factories import Territory, make_depot, make_stock, make_user, make_zone, place

pytestmark = pytest.mark.django_db


class Case:
    """운봉 has 20 of its 12, 주천 5 of its 10, 수지 is unknown, 송동 has no standard."""

    def __init__(self, territory: Territory) -> None:
        self.territory = territory
        self.giver = make_depot(place(500, 500), name="운봉 창고")
        self.taker = make_depot(place(2500, 500), name="주천 창고")
        self.unknown = make_depot(place(500, 2500), name="수지 창고")
        self.loose = make_depot(place(2500, 2500), name="송동 창고")
        balance = make_stock(self.giver, "모래", 20, standard=12)
        self.item: Item = balance.lot.item
        make_stock(self.taker, "모래", 5, standard=10)
        make_stock(self.unknown, "모래", 0, standard=7)
        Balance.objects.filter(depot=self.unknown).delete()
        make_stock(self.loose, "모래", 99)

    def plan(self, user: User, **values: Any) -> uuid.UUID:
        token = uuid.uuid4()
        services.start(user, Wish(**{"area": self.territory.namwon.pk, **values}), token)
        return token

    def draft(self, plan: uuid.UUID) -> TransferOrder:
        (found,) = services.drafts(plan)
        return found


@pytest.fixture
def case(territory: Territory) -> Case:
    return Case(territory)


def stock(depot: Depot) -> int:
    return Balance.objects.get(depot=depot).quantity


def test_a_plan_is_drafts_that_nobody_is_asked_for_yet(case: Case, officer: User) -> None:
    draft = case.draft(case.plan(officer))
    assert (draft.state, draft.source, draft.destination, draft.quantity) == ("draft", case.giver, case.taker, 5)
    assert draft.area == case.territory.jucheon
    assert draft.distance_m == 2600
    # Another plan is computed as if there were no draft.
    assert case.draft(case.plan(officer)).quantity == 5


def test_what_is_unknown_or_has_no_standard_is_told_and_moves_nothing(case: Case, officer: User) -> None:
    found = ground(Wish(area=case.territory.namwon.pk))
    assert found.unknown == [(case.unknown, case.item)]
    assert found.without_standard == 1
    plan = case.plan(officer)
    page = client(officer).get(f"/disaster/operations/redistribution/{plan}/").content.decode()
    assert "수지 창고" in page
    assert "The giver has 8 매 more than the 12 매 it keeps; the taker lacks 5 매." in page
    assert page.count("<svg") >= 2


def test_the_longest_way_the_floor_the_zone_and_the_item_bound_a_plan(case: Case, officer: User) -> None:
    assert services.drafts(case.plan(officer, most_km=2)) == []
    assert case.draft(case.plan(officer, floor=150)).quantity == 2
    zone = make_zone(case.territory.unbong, case.territory.suji)
    assert services.drafts(case.plan(officer, area=None, zone=zone.pk)) == []
    other = Item.objects.create(name="삽", unit="자루")
    assert services.drafts(case.plan(officer, item=other.pk)) == []
    assert services.drafts(case.plan(officer, hazard="snow")) == []
    assert case.draft(case.plan(officer, hazard="flood")).quantity == 5


def test_the_same_form_sent_twice_is_one_plan(case: Case, officer: User) -> None:
    token, wish = uuid.uuid4(), Wish(area=case.territory.namwon.pk)
    assert services.start(officer, wish, token) == services.start(officer, wish, token)
    assert TransferOrder.objects.count() == 1


def test_an_approved_draft_is_a_request_that_the_other_town_promises_and_sends(case: Case, officer: User) -> None:
    plan = case.plan(officer)
    draft = case.draft(plan)
    address = f"/disaster/operations/redistribution/{plan}/approve/"
    values = {"token": str(uuid.uuid4()), "all": "1", f"version-{draft.pk}": draft.version}
    for _press in range(2):
        assert client(officer).post(address, values).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "requested"
    assert "The giver has 8 매 more" in draft.reason
    giver = make_user("giver", (Role.DISASTER_OFFICER, case.territory.unbong))
    taker = make_user("taker", (Role.DISASTER_OFFICER, case.territory.jucheon))
    take(giver, draft, "commit", 5)
    take(giver, draft, "send", 5)
    now = take(taker, draft, "receive", 5)
    assert (now.state, stock(case.giver), stock(case.taker)) == ("received", 15, 10)
    assert in_all(case.item) == 20 + 5 + 99
    # The shortage is filled: the next plan has nothing to move.
    assert services.drafts(case.plan(officer)) == []


def test_what_was_asked_for_already_is_not_proposed_again(case: Case, officer: User) -> None:
    draft = case.draft(case.plan(officer))
    take(officer, draft, "approve")
    assert services.drafts(case.plan(officer)) == []


def test_a_draft_whose_stock_has_changed_is_told_and_where_it_no_longer_fits_not_approved(
    case: Case, officer: User
) -> None:
    plan = case.plan(officer)
    draft = case.draft(plan)
    browser, address = client(officer), f"/disaster/operations/redistribution/{plan}/"
    Balance.objects.filter(depot=case.giver).update(quantity=18)
    assert "Stock has changed" in browser.get(address).content.decode()
    Balance.objects.filter(depot=case.giver).update(quantity=14)
    assert "has only 2 over now" in browser.get(address).content.decode()
    values = {"token": str(uuid.uuid4()), "order": draft.pk, f"version-{draft.pk}": draft.version}
    refused = browser.post(f"{address}approve/", values)
    assert refused.status_code == 409
    assert "has only 2 over now" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    # Computed anew, it is what can be given today, and the old draft is withdrawn.
    again = browser.post(f"{address}again/", {"token": str(uuid.uuid4())})
    assert again.status_code == 302
    draft.refresh_from_db()
    assert draft.state == "cancelled"
    assert TransferOrder.objects.get(state="draft").quantity == 2


def test_approving_one_draft_does_not_make_its_siblings_stale(case: Case, officer: User) -> None:
    other = make_depot(place(2700, 700))
    make_stock(other, "모래", 8, standard=10)
    plan = case.plan(officer)
    first, second = services.drafts(plan)
    take(officer, first, "approve")
    take(officer, first, "commit", first.quantity)
    take(officer, first, "send", first.quantity)
    take(officer, first, "receive", first.quantity)
    page = client(officer).get(f"/disaster/operations/redistribution/{plan}/").content.decode()
    assert "Stock has changed" not in page
    assert take(officer, second, "approve").state == "requested"


def test_withdrawn_drafts_are_gone(case: Case, officer: User) -> None:
    plan = case.plan(officer)
    values = {"token": str(uuid.uuid4())}
    address = f"/disaster/operations/redistribution/{plan}/withdraw/"
    assert client(officer).post(address, values).status_code == 302
    assert case.draft(plan).state == "cancelled"


def test_only_officers_plan_and_only_the_town_that_gets_it_approves(case: Case, officer: User, viewer: User) -> None:
    assert client(viewer).get("/disaster/operations/redistribution/").status_code == 403
    plan = case.plan(officer)
    draft = case.draft(plan)
    giver = make_user("giver", (Role.DISASTER_OFFICER, case.territory.unbong))
    stranger = make_user("stranger", (Role.DISASTER_OFFICER, case.territory.songdong))
    values = {"token": str(uuid.uuid4()), "all": "1", f"version-{draft.pk}": draft.version}
    address = f"/disaster/operations/redistribution/{plan}/"
    assert client(giver).post(f"{address}approve/", values).status_code == 409
    assert client(stranger).get(address).status_code == 404
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_wrong_form_says_which_field(case: Case, officer: User) -> None:
    values = {"token": str(uuid.uuid4()), "floor": 100}
    refused = client(officer).post("/disaster/operations/redistribution/", values)
    assert refused.status_code == 422
    assert "Choose an area or a cooperation zone." in refused.content.decode()
    values |= {"area": case.territory.namwon.pk, "floor": 900}
    assert client(officer).post("/disaster/operations/redistribution/", values).status_code == 422
    good = client(officer).post("/disaster/operations/redistribution/", {**values, "floor": 100})
    assert good.status_code == 302
    assert TransferOrder.objects.get().quantity == 5


def test_a_large_case_is_worked_on_in_the_background(
    case: Case, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 0)
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        type(services.plan_in_background), "enqueue", lambda _task, job_id, **values: asked.append({job_id: values})
    )
    values = {"token": str(uuid.uuid4()), "floor": 100, "area": case.territory.namwon.pk}
    answer = client(officer).post("/disaster/operations/redistribution/", values)
    (job,) = Job.objects.all()
    assert answer.url == f"/jobs/{job.pk}/"
    assert [str(job.pk)] == list(asked[0])
    services.plan_in_background.func(str(job.pk), **asked[0][str(job.pk)])
    job.refresh_from_db()
    assert (job.status, job.report["link"]) == ("done", f"/disaster/operations/redistribution/{job.pk}/")
    assert case.draft(job.pk).quantity == 5
