"""A level as a drawing: what is on it, where, and that it can stand in a page."""

import math
import re
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from factories_plans import make_document
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from facilities.plan.document import Amenity, Document, Fixture, Level, Opening, Unit
from facilities.plan.findings import Finding
from facilities.sheets.drawing_svg import MARGIN_MM, Options, area_texts, level_svg, scale_for, view_of
from facilities.sheets.labels import Text, place, wrapped
from facilities.sheets.openings import Rooms, symbol
from facilities.sheets.svg import Pen, text_width

SVG = "{http://www.w3.org/2000/svg}"
L = "level"


def unit(key: str, x0: float, y0: float, x1: float, y1: float, **values: Any) -> Unit:
    return Unit(key, L, box(x0, y0, x1, y1), **{"name_ko": key, **values})


def door(x0: float, y0: float, x1: float, y1: float, **values: Any) -> Opening:
    return Opening(values.pop("key", "door"), L, LineString([(x0, y0), (x1, y1)]), **values)


def level(outline: Any = None) -> Level:
    return Level(L, 0, "1F", "1층", 3.6, outline)


def two_rooms(*openings: Opening, **values: Any) -> Document:
    """A hall and an office side by side in a building of 10 m by 5 m with walls of 20 cm."""
    units = (
        unit("민원실", 0.2, 0.2, 5.9, 4.8, category="lobby"),
        unit("사무실", 6.1, 0.2, 9.8, 4.8, category="office", restriction="employeesonly"),
    )
    return Document((level(box(0, 0, 10, 5)),), units, openings, **values)


def drawn(document: Document, **options: Any) -> Element:
    return fromstring(level_svg(document, L, Options(**{"language": "ko", **options})))


def texts(svg: Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def part(svg: Element, name: str) -> Element:
    return next(element for element in svg.iter(f"{SVG}g") if element.get("class") == name)


def points(data: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", data)]


def paths(element: Element) -> list[str]:
    return [path.get("d", "") for path in element.iter(f"{SVG}path")]


def test_ten_metres_are_a_hundred_millimetres_at_one_to_a_hundred() -> None:
    svg = drawn(two_rooms())
    xs = [x for x, _y in points(paths(part(svg, "walls"))[0])]
    assert max(xs) - min(xs) == pytest.approx(100)
    assert svg.get("viewBox") == f"0 0 {100 + 2 * MARGIN_MM:g} {50 + 2 * MARGIN_MM:g}"
    assert svg.get("width") == f"{100 + 2 * MARGIN_MM:g}mm"
    halved = [x for x, _y in points(paths(part(drawn(two_rooms(), scale=200), "walls"))[0])]
    assert max(halved) - min(halved) == pytest.approx(50)


def test_it_is_a_picture_with_a_title_and_needs_no_styles_or_scripts() -> None:
    document = two_rooms(door(6, 1, 6, 1.9))
    text = level_svg(document, L, Options(title="도면 <1>"))
    svg = fromstring(text)
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "도면 <1>"
    assert svg[0].tag == f"{SVG}title"
    assert svg[0].text == "도면 <1>"
    assert not re.search(r"style=|<style|<script|href|url\(|\bon\w+=", text)
    assert "id=" not in text


def test_names_cannot_break_out_of_the_drawing() -> None:
    nasty = '</text><script>alert(1)</script>"&\x00\x0b\u202e끝'
    document = two_rooms()
    document = replace(document, units=(replace(document.units[0], name_ko=nasty), document.units[1]))
    svg = drawn(document)
    assert not list(svg.iter(f"{SVG}script"))
    assert any('</text><script>alert(1)</script>"&끝' in title.text for title in svg.iter(f"{SVG}title") if title.text)


@pytest.mark.parametrize(("language", "name"), [("ko", "민원실"), ("en", "Civil service")])
def test_rooms_are_named_in_the_readers_language_with_their_area(language: str, name: str) -> None:
    document = two_rooms()
    document = replace(document, units=(replace(document.units[0], name_en="Civil service"), document.units[1]))
    said = texts(drawn(document, language=language))
    assert name in said
    assert any(text.startswith("26.2 m²") and "7.9" in text for text in said)


def test_closed_rooms_are_hatched_and_open_ones_are_not() -> None:
    svg = drawn(two_rooms())
    hatching = [path for path in part(svg, "rooms").iter(f"{SVG}path") if path.get("fill") == "none"]
    assert len(hatching) == 1
    reach = [x for x, _y in points(hatching[0].get("d", ""))]
    assert min(reach) >= MARGIN_MM + 61 - 0.01
    assert max(reach) <= MARGIN_MM + 98 + 0.01


def test_restricted_rooms_are_hatched_both_ways() -> None:
    document = two_rooms()
    document = replace(document, units=(replace(document.units[0], restriction="restricted"),))
    hatching = [path for path in part(drawn(document), "rooms").iter(f"{SVG}path") if path.get("fill") == "none"]
    assert len(hatching) == 2


def test_walls_are_what_the_rooms_leave_and_wide_ground_is_not_a_wall() -> None:
    document = replace(two_rooms(), units=two_rooms().units[:1])
    svg = drawn(document)
    assert part(svg, "unassigned").findall(f"{SVG}path")
    xs = [x for x, _y in points(paths(part(svg, "unassigned"))[0])]
    assert min(xs) >= MARGIN_MM + 58.9


def symbol_of(document: Document, number: int = 0) -> Any:
    walls = box(0, 0, 10, 5).difference(box(0.2, 0.2, 5.9, 4.8)).difference(box(6.1, 0.2, 9.8, 4.8))
    return symbol(document.openings[number], Rooms(document.units), walls)


def test_a_door_cuts_the_wall_and_swings_into_the_smaller_room() -> None:
    made = symbol_of(two_rooms(door(6, 1, 6, 1.9)))
    assert made.cut.bounds == pytest.approx((5.9, 1, 6.1, 1.9))
    leaf = made.leaves[0]
    assert math.dist(leaf.hinge, leaf.tip) == pytest.approx(0.9)
    assert math.dist(leaf.hinge, leaf.shut) == pytest.approx(0.9)
    assert leaf.hinge == pytest.approx((6.1, 1))
    assert leaf.tip == pytest.approx((7.0, 1))


def test_a_door_to_the_corridor_swings_into_the_room() -> None:
    document = two_rooms(door(6, 1, 6, 1.9))
    room, corridor = replace(document.units[0], category="office"), replace(document.units[1], category="walkway")
    made = symbol_of(replace(document, units=(room, corridor)))
    assert made.leaves[0].tip[0] < 5.9


def test_wide_doors_have_two_leaves_automatic_ones_slide_and_gaps_have_none() -> None:
    assert len(symbol_of(two_rooms(door(6, 1, 6, 2.8))).leaves) == 2
    sliding = symbol_of(two_rooms(door(6, 1, 6, 1.9, automatic=True)))
    assert (len(sliding.leaves), len(sliding.panels)) == (0, 2)
    gap = symbol_of(two_rooms(door(6, 1, 6, 1.9, kind="gap")))
    assert (gap.leaves, gap.panels) == ((), ())


@pytest.mark.parametrize(
    ("ends", "inward"),
    [((2, 0.1, 3, 0.1), (0, 1)), ((3, 0.1, 2, 0.1), (0, 1)), ((9.9, 2, 9.9, 3), (-1, 0)), ((2, 4.9, 3, 4.9), (0, -1))],
)
def test_an_entrances_arrow_points_into_the_building(ends: Any, inward: Any) -> None:
    made = symbol_of(two_rooms(door(*ends, entrance=True)))
    assert made.inward == pytest.approx(inward)
    assert not box(0.05, 0.05, 9.95, 4.95).contains(Point(made.outside))


def test_a_door_far_from_any_wall_is_drawn_all_the_same() -> None:
    assert drawn(two_rooms(door(50, 50, 50.9, 50)))
    assert drawn(two_rooms(door(3, 3, 3, 3.0001)))


def test_what_was_found_is_drawn_on_its_level_only() -> None:
    route = Finding("a", "error", L, (), {}, LineString([(1, 1), (4, 1), (4, 4)]))
    spot = Finding("b", "warning", L, (), {}, Point(2, 2))
    elsewhere = Finding("c", "error", "attic", (), {}, Point(2, 2))
    nowhere = Finding("d", "error", L)
    found = part(drawn(two_rooms(), findings=[route, spot, elsewhere, nowhere]), "findings")
    assert len(found.findall(f"{SVG}circle")) == 1
    assert points(paths(found)[0])[0] == pytest.approx((MARGIN_MM + 10, MARGIN_MM + 40))


def test_highlighted_rooms_have_a_numbered_outline() -> None:
    svg = drawn(two_rooms(), highlighted={"민원실": "7", "사무실": "", "gone": "9"})
    marks = part(svg, "highlights")
    assert len(paths(marks)) == 2
    assert texts(marks) == ["7"]


def test_dimensions_are_in_millimetres_and_add_up() -> None:
    said = texts(part(drawn(two_rooms(), show_dims=True), "dims"))
    assert sorted(said) == sorted(["6,000", "4,000", "10,000", "5,000"])


def test_the_legend_explains_what_is_there_and_nothing_else() -> None:
    entrance = door(2, 0.1, 3, 0.1, entrance=True)
    amenities = (Amenity("a", L, Point(1, 1), "aed"), Amenity("b", L, Point(2, 1), "aed"))
    document = two_rooms(entrance, amenities=amenities)
    legend = part(drawn(document, legend=True, language="en"), "legend")
    said = texts(legend)
    assert {"Defibrillator", "Entrance", "Closed (staff only)"} <= set(said)
    assert said.count("Defibrillator") == 1
    assert "Staff entrance" not in said
    assert "Shutter" not in said


def test_furniture_stairs_lifts_and_voids_have_their_signs() -> None:
    units = (
        unit("계단", 0, 0, 3, 6, category="stairs"),
        unit("승강기", 3, 0, 5, 2, category="elevator"),
        unit("보이드", 3, 2, 5, 6, category="opentobelow"),
    )
    shutter = Fixture("f", L, LineString([(0, 6), (5, 6)]), "shutter")
    counter = Fixture("g", L, box(1, 1, 2, 1.5), "counter")
    svg = drawn(Document((level(),), units, fixtures=(shutter, counter)))
    assert len(paths(part(svg, "rooms"))) == len(units) + 4
    assert len(paths(part(svg, "fixtures"))) == 2


def test_a_level_without_anything_is_an_empty_drawing() -> None:
    assert texts(drawn(Document((level(),)), show_dims=True)) == ["10,000", "8,000"]
    with pytest.raises(KeyError):
        level_svg(Document((level(),)), "attic")


def test_before_and_after_can_be_drawn_on_the_same_ground() -> None:
    before = two_rooms()
    after = replace(before, units=(*before.units, unit("증축", 10, 0, 14, 5)))
    view = view_of([before, after], L)
    assert view == (0, 0, 14, 5)
    sizes = {drawn(document, view=view).get("viewBox") for document in (before, after)}
    assert len(sizes) == 1


def test_a_picture_of_any_width_can_be_asked_for() -> None:
    view = (0.0, 0.0, 33.0, 12.0)
    svg = drawn(two_rooms(), view=view, scale=scale_for(view, 160))
    assert float(svg.get("viewBox", "").split()[2]) == pytest.approx(160, abs=0.01)


def test_a_level_of_hundreds_of_rooms_is_drawn_whole() -> None:
    document = make_document(8, 20, wall=0.2)
    key = document.levels[0].key
    svg = fromstring(level_svg(document, key, Options(scale=200)))
    drawn_keys = {path.get("data-key") for path in part(svg, "rooms").iter(f"{SVG}path")} - {None}
    assert drawn_keys == {unit.key for unit in document.units}


sizes = st.floats(1.2, 15)


@settings(max_examples=60)
@given(sizes, sizes, st.text("가나다라마바사 abc", min_size=1, max_size=24), st.sampled_from([50, 100, 200]))
def test_labels_stay_inside_their_rooms(width: float, height: float, name: str, scale: int) -> None:
    room, per_mm = box(0, 0, width, height), scale / 1000
    texts = [Text((name,), ("12.3 m²",)), Text(wrapped(name)), Text(("1",))]
    label = place(room, [texts[:1], texts[1:]], None, per_mm)
    if label is None:
        assert text_width("1", 1.9) > width / per_mm - 3 or height / per_mm < 6 or width / per_mm < 6
        return
    across, up = label.text.extent(label.size)
    if label.turned:
        across, up = up, across
    half_x, half_y = across * per_mm / 2, up * per_mm / 2
    drawn = box(label.x - half_x, label.y - half_y, label.x + half_x, label.y + half_y)
    assert room.contains(drawn)


def test_labels_keep_clear_of_furniture_where_they_can() -> None:
    room, desk = box(0, 0, 6, 5), box(2, 1, 4, 4)
    label = place(room, [[Text(("사무실",))]], desk, 0.1)
    assert label is not None
    across, up = label.text.extent(label.size)
    if label.turned:
        across, up = up, across
    spot = box(label.x - across / 20, label.y - up / 20, label.x + across / 20, label.y + up / 20)
    assert not spot.intersects(desk)


def test_areas_are_told_in_square_metres_and_pyeong() -> None:
    m2, in_pyeong = area_texts(400 / 121 * 10)
    assert m2 == "33.1 m²"
    assert in_pyeong.startswith("10.0")


@settings(max_examples=30)
@given(st.floats(-500, 500), st.floats(-500, 500), st.sampled_from([50, 100, 200, 500]))
def test_the_pen_measures_the_same_everywhere(x: float, y: float, scale: int) -> None:
    pen = Pen(3, 4, scale, 10, 20)
    assert math.dist(pen.at(x, y), pen.at(x + 10, y)) == pytest.approx(10_000 / scale)
    assert pen.at(3, 4) == (10, 20)
