"""What holds for the circulation of every plan, however it is drawn."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from facilities.plan.circulation import Circulation, Rules, check
from facilities.plan.document import Document, Fixture, Level, Opening, Unit
from tests.facilities.circulation_support import applied

ROOM_M = 4.0
CATEGORIES = ("office", "waitingroom", "walkway", "restroom", "lobby", "steps", "opentobelow")
SHAFTS = ("stairs", "elevator")


def _line(column: int, row: int, upright: bool, width: float) -> LineString:
    """An opening in the right-hand (upright) or upper wall of a room of the grid."""
    x, y = column * ROOM_M, row * ROOM_M
    middle = (x + ROOM_M, y + ROOM_M / 2) if upright else (x + ROOM_M / 2, y + ROOM_M)
    dx, dy = (0.0, width / 2) if upright else (width / 2, 0.0)
    return LineString([(middle[0] - dx, middle[1] - dy), (middle[0] + dx, middle[1] + dy)])


@st.composite
def openings(draw: Any, columns: int, rows: int, levels: int, **fixed: Any) -> Opening:
    about = {
        "restriction": draw(st.sampled_from(["", "", "employeesonly"])),
        "after_hours": draw(st.sampled_from(["", "", "open", "locked"])),
        "entrance": draw(st.booleans()),
        "step_free": draw(st.integers(0, 4)) > 0,
        **fixed,
    }
    line = _line(
        draw(st.integers(-1, columns - 1)), draw(st.integers(-1, rows - 1)), draw(st.booleans()),
        draw(st.sampled_from([0.8, 0.9, 1.2])),
    )  # fmt: skip
    return Opening("", f"L{draw(st.integers(0, levels - 1))}", line, **about)


@st.composite
def plans(draw: Any, columns: int = 3, rows: int = 2, levels: int = 2) -> Document:
    units = []
    for level in range(levels):
        for column in range(columns):
            for row in range(rows):
                corner = column * ROOM_M, row * ROOM_M
                shaft = (column, row) == (0, 0)
                units.append(
                    Unit(
                        f"{level}{column}{row}", f"L{level}", box(*corner, corner[0] + ROOM_M, corner[1] + ROOM_M),
                        draw(st.sampled_from(SHAFTS if shaft else CATEGORIES)),
                        draw(st.sampled_from(["", "", "employeesonly", "restricted"])),
                        after_hours=draw(st.booleans()), shaft="S" if shaft else "",
                    )
                )  # fmt: skip
    drawn = draw(st.lists(openings(columns, rows, levels), min_size=4, max_size=16))
    shutters = draw(st.lists(st.tuples(st.integers(0, columns), st.integers(0, levels - 1)), max_size=1))
    return Document(
        tuple(Level(f"L{level}", level, outline=box(0, 0, columns * ROOM_M, rows * ROOM_M)) for level in range(levels)),
        tuple(units),
        tuple(replace(opening, key=f"door {number}") for number, opening in enumerate(drawn)),
        tuple(
            Fixture(f"shutter {x} {level}", f"L{level}", LineString([(x * ROOM_M, 0), (x * ROOM_M, ROOM_M)]), "shutter")
            for x, level in shutters
        ),
    )


def reached(circulation: Circulation) -> dict[str, frozenset[str]]:
    return vars(circulation.reached)


@settings(max_examples=80)
@given(plans(), openings(3, 2, 2, restriction="", after_hours="open", step_free=True))
def test_adding_an_open_door_never_makes_a_room_unreachable(plan: Document, door: Opening) -> None:
    more = replace(plan, openings=(*plan.openings, replace(door, key="new")))
    before, after = reached(check(plan)), reached(check(more))
    assert all(before[who] <= after[who] for who in before)


@settings(max_examples=80)
@given(
    plans(), st.sets(st.integers(0, 15)), st.sampled_from([{"after_hours": "locked"}, {"restriction": "restricted"}])
)
def test_locking_or_restricting_doors_never_adds_reach(plan: Document, which: set[int], change: dict[str, str]) -> None:
    locked = tuple(
        replace(opening, **change) if number in which else opening for number, opening in enumerate(plan.openings)
    )
    before, after = reached(check(plan)), reached(check(replace(plan, openings=locked)))
    assert all(after[who] <= before[who] for who in before)


@settings(max_examples=60)
@given(plans())
def test_shutters_and_closed_rooms_never_add_reach(plan: Document) -> None:
    bare = reached(check(replace(plan, fixtures=())))
    assert all(rooms <= bare[who] for who, rooms in reached(check(plan)).items())
    opened = tuple(replace(unit, restriction="") for unit in plan.units)
    wider = check(replace(plan, units=opened)).reached
    assert check(plan).reached.public <= wider.public
    assert check(plan).reached.after_hours <= wider.after_hours


@settings(max_examples=60)
@given(plans())
def test_whoever_is_more_restricted_reaches_no_more(plan: Document) -> None:
    found = check(plan).reached
    assert found.public | found.staff_apart <= found.staff
    assert found.step_free | found.after_hours <= found.public
    assert found.after_hours_step_free <= found.after_hours & found.step_free
    open_rooms = {unit.key for unit in plan.units if unit.is_open and unit.is_walkable}
    assert found.public <= open_rooms


@settings(max_examples=60)
@given(plans())
def test_every_open_room_is_reached_or_told_and_so_is_every_closed_one(plan: Document) -> None:
    circulation = check(plan)
    told = {
        key
        for finding in circulation.findings
        if finding.code in {"open_unreached", "closed_unreached", "no_door"}
        for key in finding.params["rooms"]
    }
    codes = {finding.code for finding in circulation.findings}
    for unit in plan.units:
        if not unit.is_walkable or unit.key in told:
            continue
        reach = circulation.reached.public if unit.is_open else circulation.reached.staff
        assert unit.key in reach or "no_public_entrance" in codes


@settings(max_examples=80)
@given(plans())
def test_every_suggestion_that_can_be_applied_lets_more_rooms_be_reached(plan: Document) -> None:
    who = {
        "open_unreached": "public",
        "closed_unreached": "staff",
        "staff_cross_waiting": "staff_apart",
        "not_step_free": "step_free",
        "after_hours_no_entrance": "after_hours",
        "after_hours_not_step_free": "after_hours_step_free",
    }
    for finding in check(plan).findings:
        suggestion = finding.suggestion
        if finding.code not in who or suggestion is None or "operations" not in suggestion.params:
            continue
        cured = reached(check(applied(plan, finding)))[who[finding.code]]
        assert len(cured & set(finding.params["rooms"])) >= suggestion.params["cured"]


@settings(max_examples=40)
@given(plans(), st.randoms())
def test_the_order_in_which_things_were_drawn_does_not_matter(plan: Document, random: Any) -> None:
    def shuffled(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(parts, len(parts)))

    other = replace(plan, units=shuffled(plan.units), openings=shuffled(plan.openings))
    first, second = check(plan), check(other)
    assert first.reached == second.reached
    assert sorted(finding.code for finding in first.findings) == sorted(finding.code for finding in second.findings)


def test_rules_have_defaults_that_a_site_can_change() -> None:
    assert Rules().min_clear_width_m == 0.9
