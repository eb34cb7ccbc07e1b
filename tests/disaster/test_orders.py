"""Two towns: one asks, the other gives, and the ledger says the same as the orders."""

import random
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from disaster.models import Balance, Incident, Lot, Movement, RepairTask, TransferOrder
from disaster.orders import Step, possible
from disaster.querysets_operations import figures, nearest, orders, place_of, today
from disaster.querysets_working import working_stock
from disaster.services import orders as services
from disaster.services.orders import Act, Part
from disaster.waiting import waiting_for
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Role, User
from tests.disaster.operations_support import Towns, held, in_all, pumps_in, take
from tests.factories import Territory, make_depot, make_organisation, make_user, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns(territory: Territory) -> Towns:
    return Towns(territory)


def working(towns: Towns) -> int:
    (row,) = working_stock(today(), depots=[towns.depot.pk], items=[towns.pump.pk])
    return row.working


def test_pumps_go_to_an_incident_and_come_back(towns: Towns) -> None:
    order = towns.ask(3)
    take(towns.giver, order, "commit", 3)
    assert (working(towns), held(towns.depot, towns.pump)) == (2, 5)
    take(towns.giver, order, "send", 3)
    assert (working(towns), held(towns.depot, towns.pump)) == (2, 2)
    take(towns.asker, order, "receive", 2)
    now = take(towns.asker, order, "receive", 1)
    assert (now.state, figures(now).out) == ("received", 3)
    now = take(towns.giver, order, "return", 3)
    assert (now.state, held(towns.depot, towns.pump)) == ("returned", 5)
    kinds = list(Movement.objects.filter(order=order).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["send", "return"]


def test_what_is_not_given_back_is_said_to_be_used_up(towns: Towns) -> None:
    order = towns.ask(5)
    for who, step, number in ((towns.giver, "commit", 5), (towns.giver, "send", 5), (towns.asker, "receive", 5)):
        take(who, order, step, number)
    take(towns.giver, order, "return", 4)
    with pytest.raises(Invalid):
        take(towns.asker, order, "close")
    now = take(towns.asker, order, "close", reason="한 대는 떠내려갔습니다")
    assert (now.state, figures(now).used_up, now.reason) == ("returned", 1, "한 대는 떠내려갔습니다")


def test_another_depot_may_take_them_back_broken(towns: Towns) -> None:
    order = towns.ask(2)
    for who, step in ((towns.giver, "commit"), (towns.giver, "send"), (towns.asker, "receive")):
        take(who, order, step, 2)
    nearer = make_depot(place(2600, 600))
    take(towns.asker, order, "return", 2, depot=nearer, condition="repair")
    assert Balance.objects.get(depot=nearer).condition == "repair"
    assert in_all(towns.pump) == 5


def test_a_transfer_to_a_depot_arrives_there_with_its_lots_and_stays(towns: Towns) -> None:
    other = make_depot(place(2600, 600), name="주천 창고")
    late = Lot.objects.create(item=towns.pump, code="B", expires_on=today() + timedelta(days=400))
    Balance.objects.create(depot=towns.depot, lot=late, quantity=2)
    order = services.ask(towns.asker, other, towns.pump, [Part(4, source=towns.depot)], uuid.uuid4())[0]
    take(towns.giver, order, "commit", 4)
    take(towns.giver, order, "send", 4)
    now = take(towns.asker, order, "receive", 4)
    assert now.state == "received"
    # What expires goes first.
    assert dict(Balance.objects.filter(depot=other).values_list("lot__code", "quantity")) == {"B": 2, "": 2}
    with pytest.raises(Invalid):
        take(towns.giver, order, "return", 1)


def test_part_of_what_was_asked_is_promised_and_the_rest_is_asked_of_everybody(towns: Towns) -> None:
    order = towns.ask(5)
    now = take(towns.giver, order, "commit", 2)
    rest = TransferOrder.objects.exclude(pk=order.pk).get()
    assert (now.quantity, rest.quantity, rest.source, rest.state) == (2, 3, None, "requested")
    assert rest.incident == towns.incident


def test_any_town_answers_a_call_to_everybody_from_a_depot_of_its_own(towns: Towns, territory: Territory) -> None:
    order = towns.ask(4, source=None)
    assert [row.step for row in waiting_for(towns.giver)] == [Step.COMMIT]
    with pytest.raises(Invalid) as told:
        take(towns.giver, order, "commit", 4)
    assert "depot" in told.value.errors
    elsewhere = make_depot(place(500, 2500))
    pumps_in(elsewhere, 9)
    with pytest.raises(NotAllowed):
        take(towns.giver, order, "commit", 4, depot=elsewhere)
    now = take(towns.giver, order, "commit", 4, depot=towns.depot)
    assert now.source == towns.depot
    assert now.distance_m == pytest.approx(2000 * 1.3)


def test_each_town_does_its_own_part_only(towns: Towns, viewer: User) -> None:
    order = towns.ask(2)
    for who in (towns.asker, viewer):
        with pytest.raises(NotAllowed):
            take(who, order, "commit", 2)
    with pytest.raises(NotAllowed):
        take(towns.giver, order, "cancel", reason="nein")
    take(towns.giver, order, "commit", 2)
    take(towns.giver, order, "send", 2)
    with pytest.raises(NotAllowed):
        take(towns.giver, order, "receive", 2)
    with pytest.raises(NotAllowed):
        services.ask(towns.giver, towns.incident, towns.pump, [Part(1)], uuid.uuid4())


def test_a_town_that_has_no_part_in_an_order_does_not_see_it(towns: Towns, territory: Territory) -> None:
    other = make_user("other", (Role.DISASTER_OFFICER, territory.suji))
    order = towns.ask(2)
    call = towns.ask(1, source=None)
    assert set(orders(other)) == {call}
    assert set(orders(towns.giver)) == {order, call}


def test_a_step_sent_twice_is_done_once(towns: Towns) -> None:
    order = towns.ask(2)
    take(towns.giver, order, "commit", 2)
    seen = TransferOrder.objects.get(pk=order.pk)
    act = Act(seen.version, number=1)
    first = services.take(towns.giver, seen, Step.SEND, act)
    again = services.take(towns.giver, seen, Step.SEND, act)
    assert (first.sent, again.sent, held(towns.depot, towns.pump)) == (1, 1, 4)
    with pytest.raises(Invalid):
        services.take(towns.asker, again, Step.RECEIVE, Act(again.version, number=1, token=act.token))


def test_a_request_sent_twice_makes_its_orders_once(towns: Towns) -> None:
    token = uuid.uuid4()
    parts = [Part(2, source=towns.depot), Part(1)]
    first = services.ask(towns.asker, towns.incident, towns.pump, parts, token)
    again = services.ask(towns.asker, towns.incident, towns.pump, parts, token)
    assert [order.pk for order in first] == [order.pk for order in again]
    assert TransferOrder.objects.count() == 2


def test_a_step_on_what_somebody_else_changed_meanwhile_is_refused(towns: Towns) -> None:
    order = towns.ask(2)
    seen = TransferOrder.objects.get(pk=order.pk)
    take(towns.giver, order, "commit", 2)
    with pytest.raises(Invalid):
        services.take(towns.giver, seen, Step.REFUSE, Act(seen.version, reason="late"))


def test_no_more_is_promised_than_works(towns: Towns) -> None:
    RepairTask.objects.create(depot=towns.depot, item=towns.pump, title="엔진 고장", quantity=2)
    order = towns.ask(5)
    with pytest.raises(Invalid) as told:
        take(towns.giver, order, "commit", 4)
    assert "3" in told.value.errors["number"][0]
    take(towns.giver, order, "commit", 3)
    other = towns.ask(1)
    with pytest.raises(Invalid):
        take(towns.giver, other, "commit", 1)


def test_what_is_called_off_is_free_again(towns: Towns) -> None:
    order = towns.ask(5)
    take(towns.giver, order, "commit", 5)
    assert working(towns) == 0
    now = take(towns.asker, order, "cancel", reason="필요 없어졌습니다")
    assert (now.state, working(towns)) == ("cancelled", 5)


def test_what_is_promised_and_used_up_otherwise_meanwhile_cannot_be_sent_and_is_told(towns: Towns) -> None:
    order = towns.ask(5)
    take(towns.giver, order, "commit", 5)
    Balance.objects.filter(depot=towns.depot).update(quantity=1)
    with pytest.raises(Invalid) as told:
        take(towns.giver, order, "send", 5)
    assert "number" in told.value.errors
    assert Movement.objects.filter(order=order).count() == 0
    assert TransferOrder.objects.get(pk=order.pk).state == "committed"


def test_a_partner_is_asked_and_its_own_things_stay_out_of_our_ledger(towns: Towns) -> None:
    partner = make_organisation("건설기계 협회")
    order = towns.ask(1, source=None, partner=partner, what="굴착기")
    with pytest.raises(NotAllowed):
        take(towns.giver, order, "commit", 1)
    for step in ("commit", "send", "receive", "return"):
        now = take(towns.asker, order, step, 1)
    assert (now.state, Movement.objects.count()) == ("returned", 0)


def test_depots_are_told_from_the_nearest_with_what_works(towns: Towns, territory: Territory) -> None:
    far, near, broken = make_depot(place(4500, 500)), make_depot(place(2700, 500)), make_depot(place(2500, 600))
    for depot in (far, near, broken):
        pumps_in(depot, 3)
    RepairTask.objects.create(depot=broken, item=towns.pump, title="고장")
    found = nearest(towns.pump, place_of(towns.incident), today())
    assert [(offer.depot, offer.works) for offer in found] == [(near, 3), (towns.depot, 5), (far, 3)]
    assert found[0].way_m == pytest.approx(200 * 1.3)


def test_nothing_is_asked_for_an_incident_that_is_over(towns: Towns) -> None:
    Incident.objects.filter(pk=towns.incident.pk).update(state="closed", ended_at=timezone.now())
    towns.incident.refresh_from_db()
    with pytest.raises(Invalid):
        towns.ask(1)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_every_pump_is_somewhere(towns: Towns, officer: User, seed: int) -> None:
    """A walk through every step, allowed or not: ledgers, ways, incidents, losses always add up to the five there were,
    and a balance is the sum of its entries."""
    dice = random.Random(seed)
    other = make_depot(place(2600, 600))
    targets = [towns.incident, other]
    for _turn in range(60):
        if dice.random() < 0.25 or not TransferOrder.objects.exists():
            source = dice.choice([towns.depot, None])
            services.ask(
                officer, dice.choice(targets), towns.pump, [Part(dice.randint(1, 3), source=source)], uuid.uuid4()
            )
        else:
            order = dice.choice(list(TransferOrder.objects.all()))
            likely = [step for step in possible(figures(order)) if step not in (Step.REFUSE, Step.CANCEL)]
            step = dice.choice(likely if likely and dice.random() < 0.9 else list(Step))
            values = {"reason": "시험", "depot": dice.choice([None, towns.depot, other])}
            with suppress(Invalid):
                take(officer, order, step, dice.randint(0, 3), **values)
        assert in_all(towns.pump) == 5
    assert Movement.objects.filter(kind="send").exists()
    for balance in Balance.objects.filter(entries__isnull=False).distinct():
        opened = 5 if balance.depot == towns.depot and balance.lot.code == "" and balance.condition == "usable" else 0
        assert opened + sum(balance.entries.values_list("change", flat=True)) == balance.quantity


def test_what_works_is_told_per_lot_item_class_and_depot(towns: Towns) -> None:
    """Usable 5 + 4; blocked: all of lot A (4), one more of the item."""
    lot = Lot.objects.create(item=towns.pump, code="A")
    Balance.objects.create(depot=towns.depot, lot=lot, quantity=4)
    expired = Lot.objects.create(item=towns.pump, code="old", expires_on=today() - timedelta(days=1))
    Balance.objects.create(depot=towns.depot, lot=expired, quantity=7)
    Balance.objects.create(depot=towns.depot, lot=lot, quantity=2, condition="repair")
    RepairTask.objects.create(depot=towns.depot, lot=lot, title="A 고장")
    RepairTask.objects.create(depot=towns.depot, lot=lot, title="A 다시 고장")
    RepairTask.objects.create(depot=towns.depot, item=towns.pump, title="한 대", quantity=1)
    RepairTask.objects.create(depot=towns.depot, item=towns.pump, title="끝났다", state="done")
    RepairTask.objects.create(depot=towns.depot, item=towns.pump, title="쓸 수는 있다", blocks=False)
    assert working_stock(today()) == [(towns.depot.pk, towns.pump.pk, 9, 5, 4)]
    RepairTask.objects.create(depot=towns.depot, title="문이 열리지 않는다")
    assert working_stock(today()) == [(towns.depot.pk, towns.pump.pk, 9, 9, 0)]


def test_where_nothing_was_ever_said_nothing_is_told(towns: Towns) -> None:
    empty = make_depot(place(700, 700))
    assert working_stock(today(), depots=[empty.pk]) == []
