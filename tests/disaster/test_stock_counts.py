"""A keeper counts a depot, somebody else approves, and the ledger says what lies on the shelf."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from disaster.models import Balance, CountSession, CountState, Movement, MovementKind
from disaster.services import counts, ledger
from gis_core.editing import Invalid, NotAllowed
from gis_core.models import Role
from tests.disaster.counts_support import adds_up, held, make_item, stock
from tests.factories import make_depot, make_user, place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def depot(territory):
    return make_depot(place(100, 100))


@pytest.fixture
def keeper(territory):
    return make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))


@pytest.fixture
def sandbags():
    return make_item("마대")


def saw(user, count, balance, quantity, **values):
    line = count.lines.filter(lot=balance.lot, condition=balance.condition).first()
    seen = counts.Seen(balance.lot, quantity, line.version if line else 0, balance.condition, **values)
    return counts.write_line(user, count, seen)


def handed_in(user, count):
    count.refresh_from_db()
    return counts.submit(user, count, count.version)


def approved(user, count):
    count.refresh_from_db()
    return counts.approve(user, count, count.version)


def test_what_is_missing_is_adjusted_once_and_the_day_of_the_count_is_kept(depot, keeper, officer, sandbags):
    balance, other = stock(officer, depot, sandbags, 100), stock(officer, depot, make_item("삽"), 5)
    count = counts.begin(keeper, depot)
    saw(keeper, count, balance, 97)
    handed_in(keeper, count)
    assert held(depot, sandbags) == {"usable": 100}, "nothing is posted before it is approved"
    approved(officer, count)
    balance.refresh_from_db()
    other.refresh_from_db()
    assert (balance.quantity, balance.counted_on) == (97, timezone.localdate())
    assert (other.quantity, other.counted_on) == (5, None), "what was not looked for stays uncounted"
    movement = count.movements.get()
    assert (movement.kind, movement.recorded_by) == (MovementKind.ADJUST, officer)
    assert adds_up()


def test_what_moved_after_the_line_was_seen_stays_as_it_was_recorded(depot, keeper, officer, sandbags):
    balance = stock(officer, depot, sandbags, 100)
    count = counts.begin(keeper, depot)
    saw(keeper, count, balance, 98)
    stock(keeper, depot, sandbags, -10)
    handed_in(keeper, count)
    approved(officer, count)
    assert held(depot, sandbags) == {"usable": 88}


def test_what_was_recorded_later_of_an_earlier_day_is_not_taken_away_twice(depot, keeper, officer, sandbags):
    yesterday = timezone.localdate() - timedelta(days=1)
    balance = stock(officer, depot, sandbags, 100, day=yesterday)
    count = counts.begin(keeper, depot)
    saw(keeper, count, balance, 90)
    # Ten had gone yesterday; somebody writes it down only now.
    stock(keeper, depot, sandbags, -10, day=yesterday)
    handed_in(keeper, count)
    approved(officer, count)
    assert held(depot, sandbags) == {"usable": 90}
    assert count.movements.count() == 0


def test_what_lies_here_and_belongs_elsewhere_is_transferred(depot, keeper, officer, sandbags):
    other = make_depot(place(200, 200))
    here, there = stock(officer, depot, sandbags, 10), stock(officer, other, sandbags, 50)
    count = counts.begin(keeper, depot)
    saw(keeper, count, here, 14, moved_from=other)
    handed_in(keeper, count)
    approved(officer, count)
    there.refresh_from_db()
    assert (held(depot, sandbags), there.quantity) == ({"usable": 14}, 46)
    assert [each.kind for each in count.movements.all()] == [MovementKind.TRANSFER]
    assert there.counted_on is None, "the other depot was not counted"


def test_one_approval_posts_all_or_nothing(depot, keeper, officer, sandbags):
    other, shovels = make_depot(place(200, 200)), make_item("삽")
    here, rest = stock(officer, depot, sandbags, 10), stock(officer, depot, shovels, 5)
    stock(officer, other, sandbags, 2)
    count = counts.begin(keeper, depot)
    saw(keeper, count, here, 14, moved_from=other)
    saw(keeper, count, rest, 3)
    handed_in(keeper, count)
    with pytest.raises(Invalid, match="only 2"):
        approved(officer, count)
    count.refresh_from_db()
    rest.refresh_from_db()
    assert (count.state, rest.quantity, rest.counted_on) == (CountState.SUBMITTED, 5, None)
    assert not count.movements.exists()


def test_a_lot_nobody_knew_is_added_and_comes_into_the_ledger(depot, keeper, officer, sandbags):
    count = counts.begin(keeper, depot)
    line = counts.add(keeper, count, sandbags, {"code": "2026-1", "quantity": 7, "condition": "repair"})
    assert (line.expected, line.quantity) == (0, 7)
    handed_in(keeper, count)
    approved(officer, count)
    assert held(depot, sandbags) == {"2026-1repair": 7}


def test_none_found_of_what_was_never_recorded_is_known_to_be_none(depot, keeper, officer, sandbags):
    count = counts.begin(keeper, depot)
    counts.add(keeper, count, sandbags, {"quantity": 0})
    handed_in(keeper, count)
    approved(officer, count)
    balance = Balance.objects.get(depot=depot, lot__item=sandbags)
    assert (balance.quantity, balance.counted_on) == (0, timezone.localdate())


def test_nobody_approves_what_they_counted_not_even_an_administrator(depot, administrator, officer, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    count = counts.begin(officer, depot)
    saw(administrator, count, balance, 9)
    handed_in(officer, count)
    for person in (officer, administrator):
        assert not counts.may_approve(person, count)
        with pytest.raises(NotAllowed):
            approved(person, count)
    assert held(depot, sandbags) == {"usable": 10}


def test_a_keeper_of_another_town_neither_counts_nor_approves(depot, keeper, officer, sandbags, territory, viewer):
    other = make_user("other", (Role.DISASTER_OFFICER, territory.jucheon))
    balance = stock(officer, depot, sandbags, 10)
    for person in (other, viewer):
        with pytest.raises(NotAllowed):
            counts.begin(person, depot)
    count = counts.begin(keeper, depot)
    with pytest.raises(NotAllowed):
        saw(other, count, balance, 9)
    saw(keeper, count, balance, 9)
    handed_in(keeper, count)
    with pytest.raises(NotAllowed):
        approved(other, count)


def test_who_saves_second_sees_what_the_first_counted(depot, keeper, officer, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    count = counts.begin(keeper, depot)
    counts.write_line(keeper, count, counts.Seen(balance.lot, 9))
    with pytest.raises(counts.Clash) as clash:
        counts.write_line(officer, count, counts.Seen(balance.lot, 8))
    assert clash.value.line.quantity == 9
    assert counts.write_line(officer, count, counts.Seen(balance.lot, 8, version=1)).quantity == 8


def test_a_line_sent_twice_is_saved_once(depot, keeper, officer, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    count = counts.begin(keeper, depot)
    first = counts.write_line(keeper, count, counts.Seen(balance.lot, 9))
    again = counts.write_line(keeper, count, counts.Seen(balance.lot, 9))
    assert (again.pk, again.version) == (first.pk, 1)


def test_a_depot_is_counted_once_at_a_time(depot, keeper, officer):
    assert counts.begin(keeper, depot) == counts.begin(officer, depot)
    assert CountSession.objects.count() == 1


def test_a_returned_count_goes_on_and_a_cancelled_one_posts_nothing(depot, keeper, officer, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    count = counts.begin(keeper, depot)
    with pytest.raises(Invalid, match="Nothing was counted"):
        handed_in(keeper, count)
    saw(keeper, count, balance, 9)
    handed_in(keeper, count)
    with pytest.raises(Invalid):
        saw(keeper, count, balance, 8)
    with pytest.raises(Invalid, match="Say what"):
        counts.give_back(officer, count, CountSession.objects.get().version, " ")
    count.refresh_from_db()
    counts.give_back(officer, count, count.version, "마대를 다시 세어 주세요")
    saw(keeper, count, balance, 8)
    count.refresh_from_db()
    counts.cancel(keeper, count, count.version, "이전 중")
    assert (CountSession.objects.get().state, held(depot, sandbags)) == (CountState.CANCELLED, {"usable": 10})
    assert "마대를 다시" in CountSession.objects.get().note
    assert not Movement.objects.filter(count=count).exists()


def test_what_is_not_more_than_the_ledger_says_was_not_moved_here(depot, keeper, officer, sandbags):
    balance = stock(officer, depot, sandbags, 10)
    count = counts.begin(keeper, depot)
    with pytest.raises(Invalid):
        saw(keeper, count, balance, 10, moved_from=make_depot(place(200, 200)))
    with pytest.raises(Invalid):
        saw(keeper, count, balance, 12, moved_from=depot)


def test_after_a_count_nothing_is_recorded_for_a_day_before_it(depot, keeper, officer, sandbags):
    yesterday = timezone.localdate() - timedelta(days=1)
    balance = stock(officer, depot, sandbags, 10, day=yesterday)
    count = counts.begin(keeper, depot)
    saw(keeper, count, balance, 10)
    handed_in(keeper, count)
    approved(officer, count)
    leg = ledger.Leg(depot, balance.lot, -1)
    with pytest.raises(Invalid, match="was counted"):
        ledger.post(officer, ledger.Draft(MovementKind.ISSUE, yesterday, (leg,)))
