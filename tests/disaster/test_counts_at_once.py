"""Two people at one count, with real threads."""

import threading

import pytest
from django.db import connection

from disaster.models import Balance, CountSession, Movement, MovementKind
from disaster.services import counts, ledger
from gis_core.editing.errors import EditError
from gis_core.models import Role
from tests.disaster.counts_support import adds_up, make_item, stock
from tests.factories import make_depot, make_territory, make_user, place

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run these at the same moment; what each refused, or None."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        try:
            start.wait()
            act()
        except EditError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture
def people():
    make_territory()
    return [make_user(f"officer {number}", (Role.DISASTER_OFFICER, None)) for number in range(3)]


def handed_in(counter, seen=90):
    depot = make_depot(place(100, 100))
    balance = stock(counter, depot, make_item("마대"), 100)
    count = counts.begin(counter, depot)
    counts.write_line(counter, count, counts.Seen(balance.lot, seen))
    return counts.submit(counter, count, count.version), balance


def test_two_approvals_at_once_post_once(people):
    count, balance = handed_in(people[0])
    refused = at_once(*(lambda person=person: counts.approve(person, count, count.version) for person in people[1:]))
    assert sum(each is None for each in refused) == 1
    balance.refresh_from_db()
    assert balance.quantity == 90
    assert Movement.objects.filter(count=count).count() == 1
    assert adds_up()


def test_approving_while_stock_moves_loses_neither(people):
    count, balance = handed_in(people[0])

    def issue():
        leg = ledger.Leg(balance.depot, balance.lot, -5)
        ledger.post(people[2], ledger.Draft(MovementKind.ISSUE, count.counted_on, (leg,)))

    refused = at_once(lambda: counts.approve(people[1], count, count.version), *[issue] * 6)
    assert refused == [None] * 7
    balance.refresh_from_db()
    assert balance.quantity == 100 - 10 - 30
    assert adds_up()


def test_counting_while_stock_moves_keeps_figure_and_moment_together(people):
    """Whether the issue came before or after the look, the shelf's figure is what the ledger comes to."""
    for number in range(4):
        depot = make_depot(place(100, 100))
        balance = stock(people[0], depot, make_item("마대"), 100)
        count = counts.begin(people[0], depot)

        def look(count=count, balance=balance):
            counts.write_line(people[0], count, counts.Seen(balance.lot, 100))

        def issue(balance=balance, depot=depot, count=count):
            leg = ledger.Leg(depot, balance.lot, -5)
            ledger.post(people[2], ledger.Draft(MovementKind.ISSUE, count.counted_on, (leg,)))

        assert at_once(look, issue) == [None, None], number
        line = count.lines.get()
        count.refresh_from_db()
        counts.submit(people[0], count, count.version)
        count.refresh_from_db()
        counts.approve(people[1], count, count.version)
        balance.refresh_from_db()
        assert balance.quantity == 95 + (100 - line.expected)
        assert adds_up()


def test_two_people_begin_one_count(people):
    depot = make_depot(place(100, 100))
    assert at_once(*(lambda person=person: counts.begin(person, depot) for person in people)) == [None] * 3
    assert CountSession.objects.filter(depot=depot).count() == 1


def test_two_people_at_one_line_clash_and_at_two_lines_do_not(people):
    depot = make_depot(place(100, 100))
    one, two = stock(people[0], depot, make_item("마대"), 10), stock(people[0], depot, make_item("삽"), 10)
    count = counts.begin(people[0], depot)

    def saw(person, balance, quantity):
        return lambda: counts.write_line(person, count, counts.Seen(balance.lot, quantity))

    assert at_once(saw(people[0], one, 9), saw(people[1], two, 9)) == [None, None]
    Balance.objects.get(pk=one.pk)
    three = stock(people[0], depot, make_item("로프"), 10)
    refused = at_once(saw(people[0], three, 8), saw(people[1], three, 7))
    assert sum(isinstance(each, counts.Clash) for each in refused) == 1
