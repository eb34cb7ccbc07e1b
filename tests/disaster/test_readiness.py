"""Readiness as a rule: monotone, unknown is not zero, and a forecast that says what falls."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.readiness import INSPECTION, PEOPLE, STOCK, Asked, Batch, Readiness, as_body, falls, freshness, measure

TODAY = date(2026, 5, 1)
days_around = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days))
days_past = st.integers(0, 400).map(lambda days: TODAY - timedelta(days=days))
batches = st.builds(
    Batch,
    quantity=st.integers(0, 12),
    expires_on=st.none() | days_around,
    inspected_on=st.none() | days_past,
)


def asked_items(item: int = 1) -> st.SearchStrategy[Asked]:
    return st.builds(
        Asked,
        item=st.just(item),
        needed=st.integers(1, 12),
        batches=st.none() | st.lists(batches, max_size=4).map(tuple),
        in_repair=st.integers(0, 5),
        fresh_days=st.none() | st.integers(0, 200),
        people_needed=st.integers(0, 3),
        trained_until=st.none() | st.lists(days_around, max_size=4).map(tuple),
    )


towns = st.lists(asked_items(), min_size=1, max_size=4).map(
    lambda found: [replace(each, item=number) for number, each in enumerate(found)]
)


def not_lower(before: Readiness, after: Readiness) -> None:
    assert after.low >= before.low - 1e-12
    if before.score is not None and after.score is not None:
        assert after.score >= before.score - 1e-12


def changed(found: list[Asked], index: int, **values: object) -> list[Asked]:
    index %= len(found)
    return [*found[:index], replace(found[index], **values), *found[index + 1 :]]  # type: ignore[arg-type]


def at(found: list[Asked], index: int) -> Asked:
    return found[index % len(found)]


@given(towns)
def test_a_share_lies_between_none_and_all_and_the_range_holds_the_score(found: list[Asked]) -> None:
    readiness = measure(found, TODAY)
    assert 0 <= readiness.low <= readiness.high <= 1
    for part in readiness.parts:
        assert 0 <= part.low <= part.high <= 1
        for _name, factor in part.factors:
            assert 0 <= factor.low <= factor.high <= 1
    if readiness.score is not None:
        assert readiness.low <= readiness.score <= readiness.high
        assert any(part.is_known for part in readiness.parts)


@given(towns, st.integers(0, 3), batches)
def test_more_stock_never_lowers_readiness_however_old_it_is(found: list[Asked], index: int, more: Batch) -> None:
    of = at(found, index)
    if of.batches is None:
        return
    not_lower(measure(found, TODAY), measure(changed(found, index, batches=(*of.batches, more)), TODAY))


@given(towns, st.integers(0, 3), st.integers(0, 3), st.integers(1, 9))
def test_more_of_a_lot_never_lowers_readiness(found: list[Asked], index: int, lot: int, more: int) -> None:
    of = at(found, index)
    if not of.batches:
        return
    lot %= len(of.batches)
    raised = replace(of.batches[lot], quantity=of.batches[lot].quantity + more)
    after = changed(found, index, batches=(*of.batches[:lot], raised, *of.batches[lot + 1 :]))
    not_lower(measure(found, TODAY), measure(after, TODAY))


@given(towns, st.integers(0, 3), st.integers(0, 3), st.integers(0, 300))
def test_a_fresher_inspection_never_lowers_readiness(found: list[Asked], index: int, lot: int, days: int) -> None:
    of = at(found, index)
    if not of.batches:
        return
    lot %= len(of.batches)
    old = of.batches[lot].inspected_on
    fresher = min(TODAY, old + timedelta(days=days)) if old else TODAY
    seen = replace(of.batches[lot], inspected_on=fresher)
    after = changed(found, index, batches=(*of.batches[:lot], seen, *of.batches[lot + 1 :]))
    not_lower(measure(found, TODAY), measure(after, TODAY))


@given(towns, st.integers(0, 3), days_around)
def test_one_more_trained_person_never_lowers_readiness(found: list[Asked], index: int, until: date) -> None:
    of = at(found, index)
    if of.trained_until is None:
        return
    not_lower(measure(found, TODAY), measure(changed(found, index, trained_until=(*of.trained_until, until)), TODAY))


@given(towns, st.integers(0, 3), st.integers(0, 9))
def test_asking_for_less_never_lowers_readiness(found: list[Asked], index: int, less: int) -> None:
    needed = max(1, at(found, index).needed - less)
    not_lower(measure(found, TODAY), measure(changed(found, index, needed=needed), TODAY))


@given(towns, st.integers(0, 3), st.lists(batches, max_size=3), st.lists(days_around, max_size=3))
def test_what_becomes_known_never_lowers_the_least_nor_raises_the_most(
    found: list[Asked], index: int, recorded: list[Batch], people: list[date]
) -> None:
    of = at(found, index)
    learned = {}
    if of.batches is None:
        learned["batches"] = tuple(recorded)
    if of.trained_until is None:
        learned["trained_until"] = tuple(people)
    before, after = measure(found, TODAY), measure(changed(found, index, **learned), TODAY)
    assert after.low >= before.low - 1e-12
    assert after.high <= before.high + 1e-12


@given(towns, st.integers(0, 400))
def test_time_alone_never_makes_a_town_readier(found: list[Asked], days: int) -> None:
    now, then = measure(found, TODAY), measure(found, TODAY + timedelta(days=days))
    assert then.low <= now.low + 1e-12
    assert then.high <= now.high + 1e-12


@given(towns, st.integers(0, 400))
def test_whatever_falls_is_told_with_its_first_day(found: list[Asked], days: int) -> None:
    until = TODAY + timedelta(days=days)
    told = falls(found, TODAY, until)
    assert [fall.day for fall in told] == sorted(fall.day for fall in told)
    now = {part.item: part.high for part in measure(found, TODAY).parts}
    # Inspections that had begun to age before today go on ageing: of these nothing begins.
    ageing = {
        each.item for each in found if each.fresh_days is not None for batch in each.batches or ()
        if batch.inspected_on and (TODAY - batch.inspected_on).days > each.fresh_days
    }  # fmt: skip
    for part in measure(found, until).parts:
        if part.high < now[part.item] and part.item not in ageing:
            assert part.item in {fall.item for fall in told}


def pump(**values: object) -> Asked:
    facts = {
        "item": 1, "needed": 6, "batches": (Batch(6, inspected_on=TODAY),), "fresh_days": 120, "people_needed": 2,
        "trained_until": (date(2027, 1, 1), date(2027, 1, 1)),
    }  # fmt: skip
    return Asked(**{**facts, **values})  # type: ignore[arg-type]


def test_three_of_six_pumps_inspected_too_long_ago_with_one_person_are_an_eighth() -> None:
    stale = Batch(3, inspected_on=TODAY - timedelta(days=180))
    found = measure([pump(batches=(stale,), trained_until=(date(2026, 5, 1), date(2026, 4, 30)))], TODAY)
    part = found.parts[0]
    assert (part.stock.low, part.inspection.low, part.people.low) == (0.5, 0.5, 0.5)
    assert found.score == found.mean == 0.125
    assert (part.usable, part.days, part.trained) == (3, 180, 1)


@pytest.mark.parametrize(
    ("days", "share"), [(0, 1.0), (120, 1.0), (121, 119 / 120), (180, 0.5), (240, 0.0), (999, 0.0)]
)
def test_an_inspection_counts_in_full_then_less_and_after_twice_its_days_nothing(days: int, share: float) -> None:
    assert freshness(days, 120) == pytest.approx(share)


def test_the_weakest_item_is_the_towns_readiness_and_the_mean_stands_beside_it() -> None:
    half = pump(item=2, batches=(Batch(3, inspected_on=TODAY),))
    found = measure([pump(), half], TODAY)
    assert (found.score, found.mean, found.limit and found.limit.item) == (0.5, 0.75, 2)
    assert found.limit is not None
    assert found.limit.weakest == STOCK


def test_old_units_do_not_spoil_the_fresh_ones_that_are_enough() -> None:
    found = measure([pump(batches=(Batch(6, inspected_on=TODAY), Batch(6, inspected_on=date(2020, 1, 1))))], TODAY)
    assert found.score == 1


@pytest.mark.parametrize(
    ("values", "unknown"),
    [
        ({"batches": None}, (STOCK, INSPECTION)),
        ({"batches": (Batch(6),)}, (INSPECTION,)),
        ({"trained_until": None}, (PEOPLE,)),
    ],
)
def test_what_nobody_recorded_is_unknown_and_not_zero(values: dict[str, object], unknown: tuple[str, ...]) -> None:
    found = measure([pump(**values)], TODAY)
    assert found.score is None
    assert (found.low, found.high, found.unknown_share) == (0.0, 1.0, 1.0)
    assert found.parts[0].unknown == unknown


def test_nobody_trained_is_zero_and_not_unknown() -> None:
    assert measure([pump(trained_until=())], TODAY).score == 0


def test_an_empty_shelf_is_zero_whatever_else_is_unknown() -> None:
    found = measure([pump(batches=(Batch(0),), trained_until=None)], TODAY)
    assert (found.score, found.parts[0].unknown) == (0, ())


def test_a_town_with_something_known_has_a_score_and_says_how_low_it_may_be() -> None:
    found = measure([pump(batches=(Batch(3, inspected_on=TODAY),)), pump(item=2, batches=None)], TODAY)
    assert (found.score, found.low, found.unknown_share) == (0.5, 0.0, 0.5)


def test_what_is_known_of_an_unknown_item_still_limits_the_score() -> None:
    found = measure([pump(), pump(item=2, batches=(Batch(1),))], TODAY)
    assert found.score == pytest.approx(1 / 6)


def test_a_class_that_needs_neither_inspection_nor_people_asks_only_for_stock() -> None:
    assert measure([pump(fresh_days=None, people_needed=0, trained_until=None)], TODAY).score == 1


def test_where_nothing_is_asked_for_there_is_no_score() -> None:
    found = measure([], TODAY)
    assert (found.score, found.is_asked, found.limit) == (None, False, None)


def test_a_lot_counts_on_its_last_day_and_not_after_it() -> None:
    batch = (Batch(6, expires_on=TODAY, inspected_on=TODAY),)
    assert measure([pump(batches=batch)], TODAY).score == 1
    after = measure([pump(batches=batch)], TODAY + timedelta(days=1))
    assert (after.score, after.parts[0].expired) == (0, 6)


def test_a_forecast_names_what_falls_first_and_why() -> None:
    found = [
        pump(batches=(Batch(4, date(2026, 5, 20), TODAY), Batch(2, None, TODAY))),
        pump(item=2, trained_until=(date(2026, 5, 9), date(2027, 1, 1))),
    ]
    told = falls(found, TODAY, date(2026, 6, 1))
    assert [(fall.day, fall.item, fall.cause) for fall in told] == [
        (date(2026, 5, 10), 2, PEOPLE),
        (date(2026, 5, 21), 1, STOCK),
    ]
    assert told[0].after == 0.5
    assert measure(found, date(2026, 6, 1)).score == pytest.approx(1 / 3)


def test_what_is_kept_of_a_day_names_every_factor_and_its_numbers() -> None:
    body = as_body(measure([pump(trained_until=None)], TODAY))
    assert body["items"] == [
        {
            "item": 1, "low": 0.0, "high": 1.0, "stock": [1.0, 1.0], "inspection": [1.0, 1.0], "people": [0.0, 1.0],
            "needed": 6, "usable": 6, "days": 0, "trained": None,
        }
    ]  # fmt: skip
    assert (body["low"], body["high"], body["mean"], body["unknown"]) == (0.0, 1.0, None, 1.0)
