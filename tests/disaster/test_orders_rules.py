"""The life of an order, whatever is done to it in whatever order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.orders import (
    NUMBERED,
    SIDES,
    UNFINISHED,
    Figures,
    State,
    Step,
    WrongStep,
    after,
    most,
    nearest_first,
    possible,
    rest,
    share_out,
)

TRIES = st.lists(st.tuples(st.sampled_from(list(Step)), st.integers(-1, 9)), max_size=25)


def lived(quantity: int, stays: bool, tries: list[tuple[Step, int]]) -> list[tuple[Step | None, int, Figures]]:
    """An order after each of the tries that could be done."""
    current = Figures(State.DRAFT, quantity, stays=stays)
    story: list[tuple[Step | None, int, Figures]] = [(None, 0, current)]
    for step, number in tries:
        try:
            current = after(current, step, number)
        except WrongStep:
            continue
        story.append((step, number, current))
    return story


@given(st.integers(1, 9), st.booleans(), TRIES)
def test_every_unit_is_somewhere_at_every_moment(quantity: int, stays: bool, tries: list[tuple[Step, int]]) -> None:
    """A giver begins with 9. What left its shelf is on the way, at the incident or in the other depot, came back, or
    is said to be lost or used up: nothing else."""
    shelf, elsewhere = 9, 0
    for step, number, it in lived(quantity, stays, tries):
        shelf -= number if step == Step.SEND else 0
        shelf += number if step == Step.RETURN else 0
        elsewhere += number if step == Step.RECEIVE and stays else 0
        assert shelf + elsewhere + it.on_the_way + it.out + it.lost_on_the_way + it.used_up == 9


@given(st.integers(1, 9), st.booleans(), TRIES)
def test_figures_never_contradict_one_another(quantity: int, stays: bool, tries: list[tuple[Step, int]]) -> None:
    for _step, _number, it in lived(quantity, stays, tries):
        assert 0 <= it.returned <= it.received <= it.sent <= quantity
        assert it.promised >= 0
        assert not (it.stays and it.returned)
        if it.state not in UNFINISHED:
            assert (it.promised, it.on_the_way, it.out) == (0, 0, 0)


@given(st.integers(1, 9), st.booleans(), TRIES)
def test_an_order_that_is_not_settled_can_always_be_carried_on(
    quantity: int, stays: bool, tries: list[tuple[Step, int]]
) -> None:
    for _step, _number, it in lived(quantity, stays, tries):
        settled = it.state in {State.REFUSED, State.CANCELLED, State.RETURNED} or (
            it.state == State.RECEIVED and it.stays
        )
        assert bool(possible(it)) != settled


@given(st.integers(1, 9), st.booleans(), TRIES, st.sampled_from(list(Step)), st.integers(-2, 12))
def test_a_step_is_refused_exactly_where_it_is_not_possible(
    quantity: int, stays: bool, tries: list[tuple[Step, int]], step: Step, number: int
) -> None:
    it = lived(quantity, stays, tries)[-1][2]
    limit = most(it, step)
    allowed = limit > 0 and (step not in NUMBERED or 1 <= number <= limit)
    if allowed:
        after(it, step, number)
    else:
        with pytest.raises(WrongStep):
            after(it, step, number)


def test_what_one_depot_does_not_promise_is_left_to_be_asked_of_others() -> None:
    asked = Figures(State.REQUESTED, 10)
    promised = after(asked, Step.COMMIT, 4)
    assert (promised.quantity, promised.committed, rest(asked, promised)) == (4, 4, 6)


def test_an_order_sent_in_two_parts_is_received_when_both_have_come() -> None:
    it = after(after(Figures(State.REQUESTED, 5), Step.COMMIT, 5), Step.SEND, 3)
    assert (it.promised, it.on_the_way) == (2, 3)
    it = after(it, Step.RECEIVE, 3)
    assert it.state == State.SENT
    it = after(after(it, Step.SEND, 2), Step.RECEIVE, 2)
    assert (it.state, it.out) == (State.RECEIVED, 5)


def test_what_does_not_arrive_is_lost_on_the_way_and_the_rest_comes_back() -> None:
    it = after(after(Figures(State.REQUESTED, 5), Step.COMMIT, 5), Step.SEND, 5)
    it = after(after(it, Step.RECEIVE, 3), Step.MISSING)
    assert (it.state, it.lost_on_the_way, it.out) == (State.RECEIVED, 2, 3)
    it = after(it, Step.RETURN, 3)
    assert (it.state, it.out, it.used_up) == (State.RETURNED, 0, 0)


def test_every_step_belongs_to_somebody() -> None:
    assert set(SIDES) == set(Step)


@given(st.integers(0, 20), st.lists(st.integers(0, 6), max_size=6))
def test_lots_are_used_up_in_their_order_or_not_at_all(number: int, held: list[int]) -> None:
    taken = share_out(number, enumerate(held))
    if sum(held) < number:
        assert taken is None
    else:
        assert taken is not None
        assert sum(part for _lot, part in taken) == number
        assert all(part == held[lot] for lot, part in taken[:-1])


def test_the_nearest_are_asked_first_until_it_is_enough() -> None:
    assert nearest_first(7, [(1, 3), (2, 0), (3, 9), (4, 9)]) == {1: 3, 3: 4}
