"""Rooms and doors out of drawings: what an architect draws is what a planner gets, and what was guessed is told."""

import pytest
from shapely import Polygon

from facilities.exchange.report import ImportRefused
from facilities.plan.document import GAP
from facilities.plan.topology import OUTSIDE, sides
from tests.facilities.dxf_support import ROLES, Sheet, areas, codes, room, two_rooms


def joined(found):
    """The names of what each opening joins."""
    names = {unit.key: unit.name_ko or unit.name_en for unit in found.document.units}
    return [{names.get(str(key), key) for key in pair} for pair in sides(found.document).values()]


def test_closed_shapes_become_rooms_with_the_names_that_stand_in_them():
    sheet = (
        Sheet().box(0, 0, 4, 3).box(4.2, 0, 8.2, 3).text("민원실", (2, 1.5)).text("회의실\\PMeeting\\P102호", (6, 1.5))
    )
    found = sheet.read()
    assert areas(found) == [12.0, 12.0]
    meeting = room(found, "회의실")
    assert (meeting.name_en, meeting.number, meeting.category) == ("Meeting", "102", "conferenceroom")
    assert room(found, "민원실").category == "lobby"
    assert codes(found)["guessed_category"] == 1


@pytest.mark.parametrize("unit", ["mm", "cm", "m", "in", "ft"])
def test_the_persons_unit_counts_and_not_the_headers(unit):
    sheet = Sheet(unit).box(0, 0, 5, 4)
    sheet.drawing.header["$INSUNITS"] = 4
    assert areas(sheet.read()) == [pytest.approx(20.0, rel=1e-6)]


def test_single_wall_lines_enclose_rooms_that_share_the_wall():
    found = Sheet().line((0, 0), (8, 0), (8, 3), (0, 3), (0, 0)).line((4, -0.5), (4, 3.5)).read()
    assert areas(found) == [12.0, 12.0]
    assert codes(found)["dxf.loose"] == 1
    left, right = (unit.geometry for unit in found.document.units)
    assert left.touches(right)


def test_walls_of_two_lines_are_walls_and_no_rooms():
    found = two_rooms(Sheet()).read(doorway_m=1.3)
    assert areas(found) == [12.0, 12.0]
    (level,) = found.document.levels
    assert level.outline.area == pytest.approx(4.4 * 6.6)
    assert codes(found)["dxf.walls"] == 1


def test_an_opening_without_a_door_is_a_gap_as_wide_as_drawn_and_is_told():
    found = two_rooms(Sheet()).read()
    (opening,) = found.document.openings
    assert (opening.kind, opening.width_m) == (GAP, pytest.approx(0.9))
    assert codes(found)["dxf.gap"] == 1
    assert None not in sides(found.document)[opening.key]


def test_a_wider_opening_leaves_one_room_unless_the_person_says_so():
    sheet = two_rooms(Sheet(), gap=(1.0, 3.0))
    assert len(sheet.read().document.units) == 1
    assert areas(sheet.read(doorway_m=2.5)) == [12.0, 12.0]


def test_a_door_is_as_wide_as_its_swing_and_hangs_in_its_wall():
    sheet = two_rooms(Sheet()).door((2.0, 3.0), (2.9, 3.0), opens=-90).text("사무실", (1, 1)).text("창고", (1, 5))
    found = sheet.read()
    (door,) = found.document.openings
    assert (door.kind, door.width_m) == ("door", pytest.approx(0.9))
    assert joined(found) == [{"사무실", "창고"}]
    assert areas(found) == [12.0, 12.0]
    assert "dxf.unsure_door" not in codes(found)


def test_a_door_drawn_on_the_wall_layer_is_still_a_door():
    found = two_rooms(Sheet()).door((2.0, 3.0), (2.9, 3.0), opens=-90, layer="WALL").read()
    assert [opening.kind for opening in found.document.openings] == ["door"]
    assert areas(found) == [12.0, 12.0]


def test_two_leaves_whose_tips_meet_are_one_door_and_the_way_out_is_an_entrance():
    sheet = Sheet().line((0, 0), (2, 0)).line((3.6, 0), (8, 0), (8, 3), (0, 3), (0, 0))
    sheet.door((2.0, 0), (2.8, 0)).door((3.6, 0), (2.8, 0), opens=-90).text("로비", (4, 1.5))
    found = sheet.read()
    (door,) = found.document.openings
    assert (door.width_m, door.entrance) == (pytest.approx(1.6), True)
    assert joined(found) == [{"로비", OUTSIDE}]
    assert codes(found)["dxf.entrance"] == 1


def test_a_door_block_is_taken_apart_whatever_layers_its_lines_are_on():
    sheet = two_rooms(Sheet("mm"))
    block = sheet.drawing.blocks.new("D-1")
    block.add_line((0, 0), (0, -900), dxfattribs={"layer": "HATCHING"})
    block.add_arc((0, 0), 900, 270, 360, dxfattribs={"layer": "HATCHING"})
    sheet.space.add_blockref("D-1", sheet.at((2.0, 3.0)), dxfattribs={"layer": "DOOR"})
    (door,) = sheet.read().document.openings
    assert (door.kind, door.width_m) == ("door", pytest.approx(0.9))


def test_lines_in_an_outer_opening_are_a_window_and_in_an_inner_one_a_sliding_door():
    sheet = Sheet().line((0, 0), (3, 0)).line((4.5, 0), (8, 0), (8, 3), (0, 3), (0, 0))
    sheet.line((5, 0), (5, 1)).line((5, 2), (5, 3))
    sheet.line((3, 0), (4.5, 0), layer="DOOR").line((5, 1), (5, 2), layer="DOOR")
    found = sheet.read()
    assert areas(found) == [9.0, 15.0]
    assert (codes(found)["dxf.sliding_door"], codes(found)["dxf.window"], len(found.document.openings)) == (1, 1, 1)


def test_an_opening_in_a_wall_of_one_line_separates_two_rooms():
    found = Sheet().line((0, 0), (8, 0), (8, 3), (0, 3), (0, 0)).line((5, 0), (5, 1)).line((5, 2), (5, 3)).read()
    assert areas(found) == [9.0, 15.0]
    assert [opening.kind for opening in found.document.openings] == [GAP]


def test_ends_that_nearly_meet_are_joined_and_told():
    gaps = Sheet().line((0, 0), (5, 0)).line((5.01, 0.005), (5, 4)).line((5, 4.06), (0, 4)).line((0, 4), (0, 0.0))
    found = gaps.read()
    assert areas(found) == [pytest.approx(20.0, abs=0.2)]
    assert codes(found)["dxf.joined"] >= 1
    with pytest.raises(ImportRefused, match=r"dxf\.no_face"):
        Sheet().line((0, 0), (5, 0), (5, 4)).line((5, 4.5), (0, 4), (0, 0)).read(doorway_m=0)


def test_rooms_drawn_in_and_over_others_do_not_overlap_afterwards():
    found = Sheet().box(0, 0, 10, 5).box(1, 1, 3, 3).box(9, 0, 12, 5).read()
    assert codes(found)["dxf.nested"] == 1
    assert codes(found)["dxf.overlap"] == 1
    assert sum(areas(found)) == pytest.approx(10 * 5 + 3 * 5 - 1 * 5)


def test_a_shape_around_all_rooms_is_the_outline_and_not_a_room():
    sheet = Sheet().box(-0.2, -0.2, 8.4, 3.2).box(0, 0, 4, 3).box(4.2, 0, 8.2, 3)
    found = sheet.read()
    assert areas(found) == [12.0, 12.0]
    assert found.document.levels[0].outline.area == pytest.approx(8.6 * 3.4)


def test_the_same_shape_as_hatch_and_polyline_is_one_room():
    sheet = Sheet("m").box(0, 0, 4, 3)
    hatch = sheet.space.add_hatch(dxfattribs={"layer": "ROOM"})
    hatch.paths.add_polyline_path([(0, 0), (4, 0), (4, 3), (0, 3)], is_closed=True)
    found = sheet.read()
    assert (areas(found), codes(found)["duplicates"]) == ([12.0], 1)


def test_a_hatch_with_an_island_is_a_room_with_a_hole():
    sheet = Sheet("m")
    hatch = sheet.space.add_hatch(dxfattribs={"layer": "ROOM"})
    for ring in ([(0, 0), (6, 0), (6, 6), (0, 6)], [(2, 2), (3, 2), (3, 3), (2, 3)]):
        hatch.paths.add_polyline_path(ring, is_closed=True)
    assert areas(sheet.read()) == [35.0]


def test_a_room_with_a_round_end_keeps_it():
    sheet = Sheet("m")
    sheet.space.add_lwpolyline(
        [(0, 0, 0), (4, 0, 1), (4, 2, 0), (0, 2, 0)], format="xyb", close=True, dxfattribs={"layer": "ROOM"}
    )
    assert areas(sheet.read()) == [pytest.approx(8 + 3.14159 / 2, abs=0.01)]


def test_a_polyline_that_was_meant_to_be_closed_is_closed_and_told():
    found = Sheet().ring((0, 0), (4, 0), (4, 3), (0, 3), (0, 0.05), closed=False).read()
    assert len(found.document.units) == 1
    assert codes(found)["dxf.closed_ring"] == 1


def test_a_figure_of_eight_is_mended_and_told():
    found = Sheet().ring((0, 0), (4, 4), (4, 0), (0, 4)).read()
    assert codes(found)["repaired_shape"] == 1
    assert sum(areas(found)) == pytest.approx(8.0)


def test_a_survey_far_away_and_askew_becomes_a_plan_at_the_origin_square_to_its_walls():
    sheet = two_rooms(Sheet("m", turn=27.0, move=(205_000.0, 553_000.0)))
    found = sheet.read(turn="square")
    assert areas(found) == [pytest.approx(12.0, rel=1e-4)] * 2
    (level,) = found.document.levels
    assert level.outline.bounds[:2] == pytest.approx((0, 0), abs=1e-3)
    assert level.outline.area == pytest.approx(level.outline.envelope.area, rel=1e-3)
    assert found.rotation == pytest.approx(27.0, abs=1e-4)
    x, y = sheet.at((-0.2, -0.2))
    assert found.origin == pytest.approx((x, y), abs=1e-3)


def test_the_drawings_own_origin_can_stay():
    found = Sheet().box(10, 20, 14, 23).read(keep_place=True)
    assert found.document.units[0].geometry.bounds == pytest.approx((10, 20, 14, 23))


def test_measures_and_marks_are_no_names():
    sheet = Sheet().box(0, 0, 6, 6)
    for number, words in enumerate(["사무실 36.0㎡", "CH: 2,700", "6,000 x 6,000", "A-A", "{\\fArial;강조}"]):
        sheet.text(words, (3, 5 - number), height=0.3 if number == 0 else 0.15)
    unit = sheet.read().document.units[0]
    assert (unit.name_ko, unit.category) == ("사무실", "office")


def test_more_than_one_name_in_a_room_asks_for_the_missing_wall():
    found = Sheet().box(0, 0, 8, 4).text("사무실", (2, 2)).text("회의실", (6, 2)).read()
    assert codes(found)["dxf.several_names"] == 1


def test_an_opening_along_three_rooms_is_told():
    sheet = Sheet().box(0, 0, 4, 3).box(0, 3.1, 1.9, 6).box(2, 3.1, 4, 6).line((1.2, 3.05), (2.8, 3.05), layer="DOOR")
    found = sheet.read()
    assert codes(found)["dxf.three_rooms"] == 1


def test_a_doorway_outside_every_wall_is_told():
    found = Sheet().box(0, 0, 4, 3).door((10, 10), (10.9, 10)).read()
    assert codes(found)["opening_joins_nothing"] == 1


def test_what_lies_on_layers_that_are_off_is_left_out_and_told():
    sheet = Sheet().box(0, 0, 4, 3)
    sheet.drawing.layers.add("ROOM").off()
    sheet.box(5, 0, 9, 3, layer="ROOM2")
    found = sheet.read(roles={**ROLES, "ROOM2": "rooms"})
    assert (areas(found), codes(found)["dxf.hidden"]) == ([12.0], 1)


def test_the_same_drawing_gives_the_same_keys_again():
    first, second = two_rooms(Sheet()).read(), two_rooms(Sheet()).read()
    assert [unit.key for unit in first.document.units] == [unit.key for unit in second.document.units]
    assert all(isinstance(unit.geometry, Polygon) for unit in first.document.units)
