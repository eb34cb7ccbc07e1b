"""What holds of a plan whatever is drawn on it."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import combinations
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box
from shapely.geometry import mapping

from facilities.plan.coverage import check
from facilities.plan.document import (
    KINDS,
    Change,
    Document,
    Fixture,
    Level,
    Opening,
    Team,
    Unit,
    difference,
    from_json,
    snapped,
    to_json,
)
from facilities.plan.drawing import OPERATIONS, Refused, apply, apply_all
from facilities.plan.topology import sides
from tests.facilities.factories_plans import key, key_source, make_document, turned

TEAM = Team(key("team"), "복지팀", 8, 9, 40)
LEVEL, UPPER = key("level", 0), key("level", 1)
# Rounding moves a wall by half a cell at most; on all the walls of a plan that makes less than this.
ROUNDING_M2 = 0.01


def _plan(wall: float, degrees: float) -> Document:
    document = make_document(2, 3, levels=2, wall=wall, desks=4)
    shutter = Fixture(key("shutter"), LEVEL, document.openings[-1].geometry, "shutter")
    document = Document(document.levels, document.units, document.openings, (shutter,), (), (TEAM,))
    return turned(document, degrees) if degrees else document


PLANS = [_plan(wall, degrees) for wall in (0.0, 0.2) for degrees in (0.0, 17.3)]
coordinates = st.one_of(st.integers(-1, 32).map(lambda half: half / 2), st.floats(-1, 17))
places = st.tuples(coordinates, coordinates).map(list)
sizes = st.floats(0.1, 9) | st.sampled_from([0.3, 1.0, 4.0, 4.2])


def _boxes(x: float, y: float, width: float, height: float) -> Any:
    return mapping(box(x, y, x + width, y + height))


polygons = st.builds(_boxes, st.floats(0, 12), st.floats(0, 10), sizes, sizes) | st.lists(
    places, min_size=3, max_size=4
).map(lambda ring: {"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
far = st.sampled_from([[-9.0, 4.0], [4.2, -9.0], [10.3, 40.0], [40.0, 3.0], [6.0, 40.0], [40.0, 12.5]])
walls = st.builds(lambda start, end: [start, end], far, places | far) | st.lists(places, min_size=2, max_size=3)


def operations(document: Document, only: Sequence[str] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Operations that mean something on this plan, many of which cannot be done; all kinds of them or ``only`` some."""
    units, openings = ([part.key for part in document.on_level(kind, LEVEL)] for kind in ("units", "openings"))
    corners = [
        list(xy) for xy in shapely.get_coordinates([unit.geometry for unit in document.on_level("units", LEVEL)])
    ]
    unit, opening, corner = st.sampled_from(units), st.sampled_from(openings or [key("none")]), st.sampled_from(corners)
    moves = st.lists(st.builds(_move, corner, st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=3)
    fields: dict[str, dict[str, Any]] = {
        "draw": {"level": st.just(LEVEL), "geometry": polygons, "over": st.sampled_from(["free", "cut"])},
        "split": {"unit": unit, "line": walls},
        "merge": {"units": st.lists(unit, min_size=min(2, len(units)), max_size=4, unique=True)},
        "move_corners": {"level": st.just(LEVEL), "moves": moves},
        "place_opening": {"level": st.just(LEVEL), "at": places, "width": st.floats(0.3, 5)},
        "move_opening": {"key": opening, "at": places},
        "remove": {"kind": st.just("units"), "keys": st.lists(unit, min_size=1, max_size=2, unique=True)},
        "assign_team": {"team": st.just(TEAM.key), "from": st.none(), "to": unit},
        "copy_level": {"from": st.just(LEVEL), "to": st.just(UPPER), "replace": st.booleans()},
    }
    found = {op: st.fixed_dictionaries({"op": st.just(op), **values}) for op, values in fields.items()}
    found["merge"] = found["merge"].map(lambda operation: {**operation, "into": operation["units"][0]})
    reshaped = st.builds(_pulled, unit.map(lambda key: document.get("units", key)), st.integers(0, 7), places)
    found["reshape"] = reshaped | st.fixed_dictionaries({"op": st.just("reshape"), "unit": unit, "geometry": polygons})
    return st.one_of([strategy for op, strategy in found.items() if not only or op in only])


def _pulled(unit: Unit, corner: int, to: list[float]) -> dict[str, Any]:
    """One corner of a room taken a tenth of the way towards a place."""
    ring = [list(place) for place in unit.geometry.exterior.coords[:-1]]
    at = ring[corner % len(ring)]
    ring[corner % len(ring)] = [at[0] + (to[0] - at[0]) / 10, at[1] + (to[1] - at[1]) / 10]
    return {"op": "reshape", "unit": unit.key, "geometry": mapping(Polygon(ring))}


def _move(corner: list[float], dx: float, dy: float) -> dict[str, Any]:
    return {"from": corner, "to": [corner[0] + dx, corner[1] + dy]}


def _refuse_or(document: Document, operation: Any, name: str) -> Any:
    try:
        return apply(document, operation, key_source(name))
    except Refused:
        return None


def assert_sound(document: Document) -> None:
    keys = [part.key for kind in KINDS for part in document.parts(kind)]
    assert len(set(keys)) == len(keys)
    for level in document.levels:
        rooms = [unit.geometry for unit in document.on_level("units", level.key)]
        for room in rooms:
            assert room.is_valid
            assert room.area >= 0.05
            assert room == snapped(room)
            assert room.difference(level.outline).area < ROUNDING_M2
        assert all(one.intersection(other).area <= 1e-4 for one, other in combinations(rooms, 2))
    assert from_json(to_json(document)) == document


def undone(document: Document, changes: list[Change]) -> Document:
    return document.with_changes(Change(one.kind, one.key, one.after, one.before) for one in reversed(changes))


@settings(max_examples=80)
@given(data=st.data(), plan=st.sampled_from(PLANS))
def test_rooms_never_overlap_whatever_is_drawn_and_undo_gives_the_plan_back(data, plan):
    document = plan
    for step in range(4):
        outcome = _refuse_or(document, data.draw(operations(document)), f"step {step}")
        if outcome is not None:
            assert_sound(outcome.document)
            assert difference(document, outcome.document) == outcome.changes
            assert difference(document, undone(outcome.document, outcome.changes)) == []
            document = outcome.document


@settings(max_examples=60)
@given(data=st.data(), plan=st.sampled_from(PLANS))
def test_openings_keep_their_width_when_walls_move(data, plan):
    operation = data.draw(operations(plan, only=["move_corners", "reshape", "split", "move_opening"]))
    outcome = _refuse_or(plan, operation, "new")
    for change in outcome.changes if outcome else ():
        if change.kind == "openings":
            assert change.after.width_m == pytest.approx(change.before.width_m, abs=0.0002)


@settings(max_examples=80)
@given(data=st.data(), plan=st.sampled_from(PLANS[:2]))
def test_moving_corners_of_shared_walls_opens_no_gap_and_every_door_joins_what_it_did(data, plan):
    outcome = _refuse_or(plan, data.draw(operations(plan, only=["move_corners"])), "new")
    if outcome is not None:
        before, after = sides(plan), sides(outcome.document)
        assert {opening: set(pair) for opening, pair in before.items()} == {
            opening: set(pair) for opening, pair in after.items()
        }
        covered = _union(outcome.document)
        assert sum(Polygon(ring).area for ring in covered.interiors) < ROUNDING_M2


@settings(max_examples=60)
@given(plan=st.sampled_from(PLANS), drawn=polygons)
def test_cutting_a_room_out_of_others_conserves_the_area(plan, drawn):
    outcome = _refuse_or(plan, {"op": "draw", "level": LEVEL, "geometry": drawn, "over": "cut"}, "new")
    if outcome is not None:
        assert _area(outcome.document) == pytest.approx(
            _area(plan) + shapely.difference(_polygon(drawn), _union(plan)).area, abs=ROUNDING_M2
        )


@settings(max_examples=60)
@given(plan=st.sampled_from(PLANS), drawn=polygons)
def test_a_room_drawn_on_free_space_takes_nothing_from_others(plan, drawn):
    smaller = apply(plan, {"op": "remove", "kind": "units", "keys": [key(0, "room", 0, 0), key(0, "room", 1, 1)]}, str)
    document = smaller.document
    outcome = _refuse_or(document, {"op": "draw", "level": LEVEL, "geometry": drawn, "over": "free"}, "new")
    if outcome is not None:
        made = [change for change in outcome.changes if change.before is None]
        assert len(made) == 1
        assert _area(outcome.document) == pytest.approx(_area(document) + made[0].after.geometry.area, abs=ROUNDING_M2)


@settings(max_examples=60)
@given(plan=st.sampled_from(PLANS), line=walls, room=st.sampled_from(["spine", "room", "corridor"]))
def test_split_then_merge_gives_the_same_area_and_no_new_fault(plan, line, room):
    unit = key(0, room, *((0, 1) if room == "room" else (0,) if room == "corridor" else ()))
    outcome = _refuse_or(plan, {"op": "split", "unit": unit, "line": line}, "new")
    if outcome is None:
        return
    parts = [unit, *(change.key for change in outcome.changes if change.kind == "units" and change.before is None)]
    assert sum(outcome.document.get("units", part).geometry.area for part in parts) == pytest.approx(
        plan.get("units", unit).geometry.area, abs=ROUNDING_M2
    )
    faults = {finding.code for finding in check(outcome.document, LEVEL)}
    assert faults <= {"unnamed_room", "opening_within_room"}
    merged = apply(outcome.document, {"op": "merge", "units": parts, "into": unit}, key_source()).document
    assert merged.get("units", unit).geometry.area == pytest.approx(
        plan.get("units", unit).geometry.area, abs=ROUNDING_M2
    )


@settings(max_examples=50)
@given(data=st.data(), plan=st.sampled_from(PLANS))
def test_several_operations_are_done_all_or_none(data, plan):
    first, second = data.draw(operations(plan)), data.draw(operations(plan))
    one = _refuse_or(plan, first, "both")
    both = None
    with suppress(Refused):
        both = apply_all(plan, [first, second], key_source("both"))
    if one is None:
        assert both is None
    elif both is not None:
        assert difference(plan, both.document) == both.changes
        assert difference(plan, undone(both.document, both.changes)) == []


def _polygon(value: Any) -> Polygon:
    return Polygon(value["coordinates"][0])


def _union(document: Document) -> Any:
    return shapely.union_all([unit.geometry for unit in document.on_level("units", LEVEL)])


def _area(document: Document) -> float:
    return sum(unit.geometry.area for unit in document.on_level("units", LEVEL))


raw_rings = st.lists(st.tuples(st.integers(0, 16), st.integers(0, 16)), min_size=3, max_size=6)
raw_polygons = raw_rings.map(lambda ring: Polygon([(x / 2, y / 2) for x, y in ring]))
raw_lines = st.tuples(places, places).map(lambda ends: snapped(LineString(ends)))


@settings(max_examples=60)
@given(data=st.data(), rooms=st.lists(raw_polygons, min_size=1, max_size=5), lines=st.lists(raw_lines, max_size=4))
def test_a_plan_full_of_an_imports_faults_can_be_checked_and_edited(data, rooms, lines):
    outline = data.draw(st.none() | raw_polygons | st.just(box(0, 0, 8, 8)))
    document = Document(
        (Level(LEVEL, 0, outline=outline), Level(UPPER, 1)),
        tuple(Unit(key("room", index), LEVEL, shape) for index, shape in enumerate(rooms)),
        tuple(Opening(key("door", index), LEVEL, line) for index, line in enumerate(lines)),
        tuple(Fixture(key("bench", index), LEVEL, line) for index, line in enumerate(lines)),
        teams=(TEAM,),
    )
    check(document)
    outcome = _refuse_or(document, data.draw(operations(document)), "new")
    if outcome is not None:
        check(outcome.document)
        assert difference(document, undone(outcome.document, outcome.changes)) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
# Values that are right somewhere make the nonsense go deeper.
near_values = json_values | st.sampled_from(
    [
        *(LEVEL, UPPER, TEAM.key, key(0, "spine"), key(0, "room", 0, 0), "units", "openings", "free", "cut"),
        *([0, 0], [1e308, 1], [[0, 0], [1, 1]], {"type": "LineString", "coordinates": [[1, 1], [1, 1]]}),
        *({"type": "Polygon", "coordinates": rings} for rings in ([], [[[0, 0], [1, 1], [0, 0]]], [[[0, 0]] * 5])),
        {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9]], [[20, 20], [21, 20], [21, 21]]]},
        *({"name_ko": "\ud800"}, {"name_ko": "가\x00"}, {"desks": True}, {"desks": 10**400}),
        *({"teams": [TEAM.key] * 2}, {"key": "x"}, [{"from": [0, 0], "to": None}], [key(0, "spine")] * 2),
    ]
)
NAMES = "level geometry attributes over unit line units into moves at width key kind keys team from to replace".split()


@settings(max_examples=300)
@given(
    op=st.sampled_from(sorted(OPERATIONS)) | json_values, fields=st.dictionaries(st.sampled_from(NAMES), near_values)
)
def test_nonsense_is_refused_and_never_fails(op, fields):
    outcome = _refuse_or(PLANS[0], {**fields, "op": op}, "new")
    if outcome is not None:
        assert_sound(outcome.document)


@given(operation=json_values)
def test_what_is_no_operation_is_refused(operation):
    with pytest.raises(Refused):
        apply(PLANS[0], operation, key_source())
