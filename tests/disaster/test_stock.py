"""The ledger's rules: what can have happened is written once, and what cannot is refused and leaves nothing."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disaster.models import Balance, Entry, Loan, Lot, Movement, MovementKind
from disaster.services import ledger, loans
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Role, User
from tests.database import at_once, undone
from tests.disaster.ledger_support import REPAIR, USABLE, World, faults, held, make_world
from tests.factories import make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world(territory: Any) -> World:
    return make_world(2, 2)


def post(user: User, world: World, kind: str, *changes: int, day: date | None = None, key: uuid.UUID | None = None,
         lot: Lot | None = None, reason: str = "", conditions: tuple[str, ...] = ()) -> Movement:  # fmt: skip
    """A movement whose changes are those of the first depot, the second, and so on."""
    conditions = conditions or (USABLE,) * len(changes)
    depots = [world.depots[0]] * len(changes) if kind == MovementKind.RECONDITION else world.depots
    legs = tuple(
        ledger.Leg(depot, lot or world.lots[0], change, condition)
        for depot, change, condition in zip(depots, changes, conditions, strict=False)
    )
    return ledger.post(user, ledger.Draft(kind, day or TODAY(), legs, key=key or uuid.uuid4(), reason=reason))


def test_what_comes_and_goes_is_added_up_and_numbered(officer: User, world: World) -> None:
    post(officer, world, "receive", 10)
    post(officer, world, "issue", -4)
    post(officer, world, "transfer", -3, 3)
    post(officer, world, "recondition", -1, 1, conditions=(USABLE, REPAIR))
    here, there = world.depots
    assert (held(here, world.lots[0]), held(there, world.lots[0]), held(here, world.lots[0], REPAIR)) == (2, 3, 1)
    balance = Balance.objects.get(depot=here, condition=USABLE)
    assert [(each.sequence, each.change, each.quantity_after) for each in balance.entries.all()] == [
        (1, 10, 10), (2, -4, 6), (3, -3, 3), (4, -1, 2),
    ]  # fmt: skip
    assert faults() == []


def test_nobody_takes_more_than_there_is_and_is_told_how_much_that_is(officer: User, world: World) -> None:
    post(officer, world, "receive", 10)
    with pytest.raises(Invalid, match="10 개 of 물품 0"):
        post(officer, world, "issue", -11)
    assert Movement.objects.count() == 1


def test_a_transfer_to_where_it_is_and_one_that_loses_something_are_refused(officer: User, world: World) -> None:
    post(officer, world, "receive", 10)
    here, lot = world.depots[0], world.lots[0]
    for legs in (
        (ledger.Leg(here, lot, -1), ledger.Leg(here, lot, 1)),
        (ledger.Leg(here, lot, -2), ledger.Leg(world.depots[1], lot, 1)),
        (ledger.Leg(here, lot, -1), ledger.Leg(world.depots[1], world.lots[1], 1)),
    ):
        with pytest.raises(Invalid):
            ledger.post(officer, ledger.Draft("transfer", TODAY(), legs))
    assert held(here, lot) == 10


@pytest.mark.parametrize(("kind", "change"), [("receive", -1), ("issue", 1), ("receive", 0)])
def test_a_quantity_of_the_wrong_sign_is_refused(officer: User, world: World, kind: str, change: int) -> None:
    with pytest.raises(Invalid):
        post(officer, world, kind, change)
    assert not Movement.objects.exists()


def test_tomorrow_cannot_be_recorded(officer: User, world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        post(officer, world, "receive", 1, day=TODAY() + timedelta(days=1))
    assert "occurred_on" in refusal.value.errors


def test_what_was_written_late_stands_on_its_day_and_never_leaves_less_than_nothing_since(
    officer: User, world: World
) -> None:
    monday = TODAY() - timedelta(days=5)
    post(officer, world, "receive", 10, day=monday)
    post(officer, world, "issue", -8, day=monday + timedelta(days=2))
    post(officer, world, "receive", 20, day=monday + timedelta(days=4))
    # 22 are there today, but on the third day only 2 were.
    with pytest.raises(Invalid, match="only 2"):
        post(officer, world, "issue", -3, day=monday + timedelta(days=1))
    post(officer, world, "issue", -2, day=monday + timedelta(days=1))
    with pytest.raises(Invalid):
        post(officer, world, "issue", -1, day=monday - timedelta(days=1))
    assert held(world.depots[0], world.lots[0]) == 20


def test_nothing_is_written_behind_a_count(officer: User, world: World) -> None:
    post(officer, world, "receive", 10, day=TODAY() - timedelta(days=9))
    Balance.objects.update(counted_on=TODAY() - timedelta(days=3))
    with pytest.raises(Invalid, match="was counted on"):
        post(officer, world, "receive", 1, day=TODAY() - timedelta(days=4))
    post(officer, world, "receive", 1, day=TODAY() - timedelta(days=3))


def test_an_expired_lot_is_written_off_and_not_issued(officer: User, world: World) -> None:
    expires = TODAY() - timedelta(days=2)
    lot = ledger.lot_of(world.lots[0].item, "", None, expires)
    with pytest.raises(Invalid, match="expired before it was received"):
        post(officer, world, "receive", 5, lot=lot)
    post(officer, world, "receive", 5, lot=lot, day=expires)
    with pytest.raises(Invalid, match="write it off"):
        post(officer, world, "issue", -1, lot=lot)
    post(officer, world, "expire", -5, lot=lot)
    assert held(world.depots[0], lot) == 0


def test_a_lot_has_one_date_of_expiry(world: World) -> None:
    item = world.lots[0].item
    lot = ledger.lot_of(item, "A-1", None, date(2030, 1, 1))
    assert ledger.lot_of(item, "A-1", None, date(2030, 1, 1)) == lot
    with pytest.raises(Invalid, match="2030-01-01"):
        ledger.lot_of(item, "A-1", None, date(2031, 1, 1))


def test_the_same_request_again_is_the_same_movement_and_other_figures_under_its_key_are_refused(
    officer: User, world: World
) -> None:
    key = uuid.uuid4()
    first = post(officer, world, "receive", 10, key=key)
    assert post(officer, world, "receive", 10, key=key) == first
    with pytest.raises(Invalid, match="other figures"):
        post(officer, world, "receive", 11, key=key)
    assert held(world.depots[0], world.lots[0]) == 10


def test_nobody_moves_the_stock_of_another_town_and_no_viewer_any(
    territory: Any, world: World, viewer: User, planner: User
) -> None:
    elsewhere = make_user("elsewhere", (Role.DISASTER_OFFICER, territory.suji))
    for user in (viewer, planner, elsewhere):
        with pytest.raises(NotAllowed):
            post(user, world, "receive", 1)
    assert not Movement.objects.exists()


def test_the_ledger_itself_refuses_to_be_rewritten(officer: User, world: World) -> None:
    post(officer, world, "receive", 10)
    for statement in (
        "UPDATE disaster_entry SET change = 9", "DELETE FROM disaster_entry",
        "UPDATE disaster_movement SET reason = 'x'", "UPDATE disaster_balance SET quantity = -1",
    ):  # fmt: skip
        refused = pytest.raises(Exception, match=r"Cannot|balance_never_negative")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# Corrections


def test_a_mistake_is_taken_back_by_a_counter_entry_with_a_reason_once(officer: User, world: World) -> None:
    wrong = post(officer, world, "receive", 100)
    with pytest.raises(Invalid):
        ledger.correct(officer, wrong, " ", uuid.uuid4())
    key = uuid.uuid4()
    back = ledger.correct(officer, wrong, "0을 하나 더 적음", key)
    assert ledger.correct(officer, wrong, "0을 하나 더 적음", key) == back
    with pytest.raises(Invalid, match="taken back already"):
        ledger.correct(officer, wrong, "again", uuid.uuid4())
    with pytest.raises(Invalid, match="not corrected"):
        ledger.correct(officer, back, "back again", uuid.uuid4())
    assert (back.occurred_on, back.corrects) == (wrong.occurred_on, wrong)
    assert held(world.depots[0], world.lots[0]) == 0


def test_what_was_used_since_cannot_be_taken_back(officer: User, world: World) -> None:
    came = post(officer, world, "receive", 10)
    post(officer, world, "issue", -1)
    with pytest.raises(Invalid, match="only 9"):
        ledger.correct(officer, came, "by mistake", uuid.uuid4())
    assert Movement.objects.count() == 2


# Loans


def lend(user: User, world: World, quantity: int, key: uuid.UUID | None = None, **values: Any) -> Loan:
    facts: dict[str, Any] = {"lent_on": TODAY(), "due_on": TODAY(), "borrower_name": "마을회", **values}
    return loans.lend(user, loans.Lending(world.depots[0], world.lots[0], quantity, key=key or uuid.uuid4(), **facts))


def test_a_loan_comes_back_in_parts_and_in_the_condition_it_is_in(officer: User, world: World) -> None:
    post(officer, world, "receive", 5)
    key = uuid.uuid4()
    loan = lend(officer, world, 3, key)
    assert lend(officer, world, 3, key) == loan
    back = uuid.uuid4()
    for _twice in range(2):
        loans.give_back(officer, loan, 2, TODAY(), back)
    loan.refresh_from_db()
    assert (loan.returned, held(world.depots[0], world.lots[0])) == (2, 4)
    with pytest.raises(Invalid, match="Only 1"):
        loans.give_back(officer, loan, 2, TODAY(), uuid.uuid4())
    loans.give_back(officer, loan, 1, TODAY(), uuid.uuid4(), REPAIR)
    assert (held(world.depots[0], world.lots[0]), held(world.depots[0], world.lots[0], REPAIR)) == (4, 1)
    assert faults() == []


def test_a_loan_follows_when_its_movements_are_taken_back(officer: User, world: World) -> None:
    post(officer, world, "receive", 5)
    loan = lend(officer, world, 3)
    back = loans.give_back(officer, loan, 2, TODAY(), uuid.uuid4())
    with pytest.raises(Invalid, match="take that back first"):
        ledger.correct(officer, loan.movements.get(kind="loan"), "wrong", uuid.uuid4())
    ledger.correct(officer, back, "wrong", uuid.uuid4())
    loan.refresh_from_db()
    assert loan.returned == 0
    ledger.correct(officer, loan.movements.get(kind="loan"), "wrong", uuid.uuid4())
    assert not Loan.objects.live().exists()
    assert held(world.depots[0], world.lots[0]) == 5
    assert faults() == []


def test_a_loan_without_a_borrower_or_due_before_it_began_is_refused_and_leaves_nothing(
    officer: User, world: World
) -> None:
    post(officer, world, "receive", 5)
    for values in ({"borrower_name": " "}, {"due_on": TODAY() - timedelta(days=1)}):
        with pytest.raises(Invalid):
            lend(officer, world, 1, **values)
    with pytest.raises(Invalid):
        lend(officer, world, 6)
    assert not Loan.objects.exists()


# Invariants

_moves = st.lists(
    st.tuples(
        st.sampled_from(["receive", "issue", "transfer", "recondition", "correct"]),
        st.integers(1, 5),
        st.integers(0, 6),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_moves)
def test_whatever_is_recorded_for_whatever_day_no_day_ever_ends_below_zero(
    officer: User, world: World, moves: list[tuple[str, int, int, bool]]
) -> None:
    with undone():
        for kind, quantity, days, twice in moves:
            day, key = TODAY() - timedelta(days=days), uuid.uuid4()
            before, latest = _state(), _latest()
            try:
                for _time in range(2 if twice else 1):
                    _record(officer, world, kind, quantity, day, key, latest)
            except Invalid:
                assert _state() == before
        assert faults() == []
        total = Entry.objects.exclude(movement__kind__in=["transfer", "recondition"]).aggregate(n=Sum("change"))["n"]
        assert sum(Balance.objects.values_list("quantity", flat=True)) == (total or 0) + _within()


def _within() -> int:
    """What corrections of movements within our depots add up to: nothing."""
    inside = Entry.objects.filter(movement__kind__in=["transfer", "recondition"])
    return int(inside.aggregate(n=Sum("change"))["n"] or 0)


def _state() -> tuple[Any, ...]:
    return (
        Movement.objects.count(), Entry.objects.count(),
        tuple(Balance.objects.filter(sequence__gt=0).order_by("pk").values_list("pk", "quantity", "sequence")),
    )  # fmt: skip


def _latest() -> Movement | None:
    return Movement.objects.exclude(kind="correct").filter(corrected_by=None).order_by("-pk").first()


def _record(
    user: User, world: World, kind: str, quantity: int, day: date, key: uuid.UUID, latest: Movement | None
) -> None:
    if kind == "correct":
        if latest is not None:
            ledger.correct(user, latest, "시험", key)
        return
    changes = {"receive": (quantity,), "issue": (-quantity,), "transfer": (-quantity, quantity)}
    if kind == "recondition":
        post(user, world, kind, -quantity, quantity, day=day, key=key, conditions=(USABLE, REPAIR))
    else:
        post(user, world, kind, *changes[kind], day=day, key=key)


# At once


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_last_five_at_once_do_not_both_get_them(officer: User, world: World) -> None:
    post(officer, world, "receive", 5)
    results = at_once(*[lambda: post(officer, world, "issue", -5)] * 3)
    assert sum(isinstance(each, Invalid) for each in results) == 2, results
    assert held(world.depots[0], world.lots[0]) == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_once_is_recorded_once_and_both_are_told_so(officer: User, world: World) -> None:
    key = uuid.uuid4()
    results = at_once(*[lambda: post(officer, world, "receive", 5, key=key)] * 4)
    assert {getattr(each, "pk", each) for each in results} == {Movement.objects.get().pk}
    assert held(world.depots[0], world.lots[0]) == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_movement_back_at_once_one_is_told_it_was_done(officer: User, world: World) -> None:
    movement = post(officer, world, "receive", 5)
    results = at_once(*[lambda: ledger.correct(officer, movement, "잘못 적음", uuid.uuid4())] * 3)
    assert sum(isinstance(each, Invalid) for each in results) == 2, results
    assert held(world.depots[0], world.lots[0]) == 0


# Checking


def test_the_check_says_which_balance_is_not_the_sum_of_its_entries(officer: User, world: World) -> None:
    post(officer, world, "receive", 5)
    call_command("check_ledger", stdout=StringIO())
    Balance.objects.update(quantity=6)
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("check_ledger", stdout=StringIO(), stderr=told)
    assert "holds 6, entries add up to 5" in told.getvalue()


def test_a_balance_below_zero_is_impossible_even_for_plain_sql(officer: User, world: World) -> None:
    post(officer, world, "receive", 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.update(quantity=-1)
