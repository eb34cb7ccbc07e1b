"""Redistribution against brute force, which tries every way to move every unit."""

from functools import cache
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from disaster.redistribution import Basis, Options, Stand, after, keeps, over, propose, short


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Stand], Options]:
    """Up to five depots on a small grid, each with a few units, some unknown, some without a standard."""
    number = draw(st.integers(2, 5))
    stands = [
        Stand(
            depot=key,
            place=(1000.0 * draw(st.integers(0, 3)), 1000.0 * draw(st.integers(0, 3))),
            works=draw(st.none() | st.integers(0, 4)),
            standard=draw(st.none() | st.integers(0, 4)),
            coming=draw(st.sampled_from([0, 0, 0, 1])),
            asked=draw(st.sampled_from([0, 0, 0, 1])),
        )
        for key in range(number)
    ]
    options = Options(
        floor=draw(st.sampled_from([0, 50, 100, 150])),
        below_standard=draw(st.booleans()),
        most_m=draw(st.none() | st.sampled_from([1300.0, 2600.0])),
    )
    return stands, options


def lacks(stand: Stand) -> int:
    """Written from the rule's words, as all of the brute force: nothing of the module is used."""
    if stand.works is None or stand.standard is None:
        return 0
    return max(stand.standard - stand.works - stand.coming, 0)


def spares(stand: Stand, options: Options) -> int:
    if stand.works is None or stand.standard is None or lacks(stand):
        return 0
    kept = -(-stand.standard * options.floor // 100)
    if not options.below_standard:
        kept = max(kept, stand.standard)
    return max(stand.works - stand.asked - kept, 0)


def metres(a: Stand, b: Stand) -> int:
    return round(((a.place[0] - b.place[0]) ** 2 + (a.place[1] - b.place[1]) ** 2) ** 0.5 * 1.3)


def brute_force(stands: list[Stand], options: Options) -> tuple[int, int]:
    """The most that can be filled, and the least quantity x way (whole metres) for that."""
    givers = [stand for stand in stands if spares(stand, options)]
    takers = [stand for stand in stands if lacks(stand)]

    @cache
    def best(giver: int, needs: tuple[int, ...]) -> tuple[int, int]:
        """(units not filled, cost), the less the better."""
        if giver == len(givers):
            return sum(needs), 0
        ways = [metres(givers[giver], taker) for taker in takers]
        # To a taker that is too far away goes nothing.
        limits = [
            need if options.most_m is None or way <= options.most_m else 0
            for need, way in zip(needs, ways, strict=True)
        ]
        found = []
        for parts in product(*(range(limit + 1) for limit in limits)):
            if sum(parts) <= spares(givers[giver], options):
                left, cost = best(giver + 1, tuple(need - part for need, part in zip(needs, parts, strict=True)))
                found.append((left, cost + sum(part * way for part, way in zip(parts, ways, strict=True))))
        return min(found)

    needs = tuple(lacks(taker) for taker in takers)
    left, cost = best(0, needs)
    return sum(needs) - left, cost


@given(cases())
@settings(max_examples=300)
def test_a_plan_fills_as_much_as_brute_force_and_costs_as_little(case: tuple[list[Stand], Options]) -> None:
    found = propose(*case)
    moved = sum(each.quantity for each in found)
    cost = sum(each.quantity * each.way_m for each in found)
    assert (moved, cost) == brute_force(*case)


@given(cases())
@settings(max_examples=300)
def test_no_giver_goes_below_what_it_keeps_and_no_taker_gets_more_than_it_lacks(
    case: tuple[list[Stand], Options],
) -> None:
    stands, options = case
    found = propose(stands, options)
    by_key = {stand.depot: stand for stand in stands}
    for key, stand in by_key.items():
        given_away = sum(each.quantity for each in found if each.giver == key)
        came = sum(each.quantity for each in found if each.taker == key)
        assert not (given_away and came)
        if given_away:
            assert stand.works is not None
            assert stand.standard is not None
            assert stand.works - stand.asked - given_away >= keeps(stand, options)
            if not options.below_standard:
                assert stand.works - given_away >= stand.standard
        if came:
            assert stand.works is not None
            assert stand.standard is not None
            assert stand.works + stand.coming + came <= stand.standard
    assert all(options.most_m is None or each.way_m <= options.most_m for each in found)
    assert all(each.quantity >= 1 for each in found)


def test_filling_more_comes_before_a_shorter_way() -> None:
    """The near giver alone would be cheaper for one taker, and would leave the other with nothing."""
    near, far = Stand(1, (0, 0), 6, 5), Stand(2, (9000, 0), 6, 5)
    takers = [Stand(3, (1000, 0), 4, 5), Stand(4, (2000, 0), 4, 5)]
    found = propose([near, far, *takers], Options())
    assert {(each.giver, each.taker, each.quantity) for each in found} == {(1, 3, 1), (2, 4, 1)}


def test_what_is_unknown_neither_gives_nor_takes() -> None:
    unknown, lacking = Stand(1, (0, 0), None, 5), Stand(2, (10, 0), 0, 5)
    assert (over(unknown, Options()), short(unknown)) == (0, 0)
    assert propose([unknown, lacking], Options()) == []


def test_what_is_coming_already_is_no_shortage_any_more() -> None:
    giver = Stand(1, (0, 0), 10, 5)
    assert propose([giver, Stand(2, (10, 0), 3, 5, coming=2)], Options()) == []


def test_a_giver_may_go_below_its_standard_only_when_told_and_then_to_the_floor() -> None:
    stands = [Stand(1, (0, 0), 10, 10), Stand(2, (10, 0), 0, 9)]
    assert propose(stands, Options(floor=50)) == []
    (only,) = propose(stands, Options(floor=50, below_standard=True))
    assert only.quantity == 5


def test_a_floor_above_the_standard_keeps_more() -> None:
    stands = [Stand(1, (0, 0), 10, 5), Stand(2, (10, 0), 0, 9)]
    assert [each.quantity for each in propose(stands, Options(floor=150))] == [2]


def test_after_a_plan_each_depot_holds_what_came_and_went() -> None:
    stands = [Stand(1, (0, 0), 10, 5), Stand(2, (10, 0), 1, 4)]
    assert after(stands, propose(stands, Options())) == {1: 7, 2: 4}


def test_what_a_draft_rests_on_is_read_back_and_other_text_is_not() -> None:
    assert Basis.read(Basis(8, 5, 20).text()) == Basis(8, 5, 20)
    assert Basis.read("a reason") is None
    assert Basis.read("[1, 2]") is None
    assert Basis.read("7") is None


def test_a_county_of_depots_is_solved_exactly_enough_to_fill_every_shortage_that_can_be() -> None:
    stands = [Stand(key, (1000.0 * (key * 37 % 101), 1000.0 * (key * 53 % 97)), 10 + key % 7, 13) for key in range(200)]
    found = propose(stands, Options())
    spare, lack = sum(over(each, Options()) for each in stands), sum(short(each) for each in stands)
    assert sum(each.quantity for each in found) == min(spare, lack)
