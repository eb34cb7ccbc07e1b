"""A plan exported as DXF: CAD programs see rooms, doors and Korean names; we read it back as it was."""

import io
import json
import unicodedata
from dataclasses import replace

import ezdxf
import pytest
from ezdxf import recover
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from facilities.exchange import dxf_inspect, dxf_read, dxf_write
from facilities.exchange.dxf_options import DxfOptions
from facilities.exchange.dxf_own import APPLICATION
from facilities.exchange.meta import Meta
from facilities.plan.document import (
    AMENITY_CATEGORIES,
    FIXTURE_CATEGORIES,
    KINDS,
    Amenity,
    Document,
    Fixture,
    Level,
    Opening,
    Unit,
    difference,
)
from gis_core.crs import LocalFrame
from tests.facilities.dxf_support import areas, codes
from tests.facilities.factories_plans import key, make_document
from tests.facilities.strategies import plans


def again(document, **options):
    return dxf_read.read(dxf_write.write(document), DxfOptions(**{"unit": "mm", **options}))


def opened(data):
    drawing, auditor = recover.read(io.BytesIO(data))
    assert not auditor.errors
    return drawing


letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
# As plans hold texts: in one normal form, which may be longer than what was typed.
words = st.text(letters, max_size=30).map(lambda text: unicodedata.normalize("NFC", text).strip())


@st.composite
def furnished(draw):
    """A plan with everything that a plan can have."""
    document = draw(plans(levels=draw(st.integers(1, 3)), name="dxf"))
    units = tuple(
        replace(
            unit,
            number=draw(words)[:12].strip(),
            name_ko=draw(words),
            note=draw(words),
            shaft=draw(st.sampled_from(("", "E1"))),
            desks=draw(st.integers(0, 500)),
        )
        for unit in document.units
    )
    floor = document.levels[0].key
    fixtures = (
        Fixture(key("counter"), floor, box(1, 1, 3, 1.6), draw(st.sampled_from(FIXTURE_CATEGORIES)), draw(words)),
        Fixture(key("shutter"), floor, LineString([(2, 2), (5.5, 2), (5.5, 4)]), "shutter"),
    )
    spots = (Amenity(key("aed"), floor, Point(3.25, 4.5), draw(st.sampled_from(AMENITY_CATEGORIES)), draw(words)),)
    doors = tuple(
        Opening(
            key("door", number), floor, LineString([(number, 0), (number + 0.9, 0)]),
            draw(st.sampled_from(("door", "gap"))), draw(st.sampled_from(("", "employeesonly", "restricted"))),
            draw(st.sampled_from(("", "badgereader", "guard"))), draw(st.sampled_from(("", "open", "locked"))),
            draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), draw(words),
        )
        for number in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    return replace(document, units=units, fixtures=fixtures, amenities=spots, openings=doors, teams=())


@settings(max_examples=60, deadline=None)
@given(furnished())
def test_a_plan_comes_back_as_it_was(document):
    found = again(document)
    assert difference(document, found.document) == []
    assert found.document.levels == document.levels


def test_a_large_plan_with_walls_comes_back_as_it_was_in_a_moment():
    document = make_document(10, 16, levels=4, wall=0.15)
    found = again(document)
    assert difference(document, found.document) == []
    assert found.findings == ()


def test_rooms_with_holes_and_levels_of_several_parts_come_back():
    ring = Polygon([(0, 0), (10, 0), (10, 8), (0, 8)], [[(2, 2), (2, 4), (4, 4), (4, 2)], [(6, 2), (6, 3), (7, 3)]])
    outline = MultiPolygon([box(0, 0, 10, 8).difference(box(2, 2, 4, 4)), box(20, 0, 25, 8)])
    level = Level(key("level"), -1, "B1", "지하 1층", 3.2, outline)
    document = Document((level,), (Unit(key("ring"), level.key, ring, "parking", name_ko="주차장"),))
    found = again(document)
    assert difference(document, found.document) == []
    assert found.document.levels == (level,)


def test_an_empty_plan_comes_back_with_its_levels():
    document = Document((Level(key("a"), 0, "1F"), Level(key("b"), 1, "2F")))
    assert again(document).document.levels == document.levels


def test_the_drawing_is_in_millimetres_and_says_so():
    drawing = opened(dxf_write.write(make_document(1, 1)))
    assert (drawing.header["$INSUNITS"], drawing.header["$MEASUREMENT"], drawing.dxfversion) == (4, 1, "AC1032")
    office = next(iter(drawing.modelspace().query('LWPOLYLINE[layer=="A-ROOM-OFFICE"]')))
    (x0, y0), (x1, y1) = office.get_points("xy")[0], office.get_points("xy")[2]
    assert (abs(x1 - x0), abs(y1 - y0)) == pytest.approx((4000, 5000))


def test_levels_lie_side_by_side_and_never_over_one_another():
    drawing = opened(dxf_write.write(make_document(2, 3, levels=3)))
    spans = []
    for level in range(3):
        rooms = drawing.modelspace().query('MTEXT[layer=="A-ROOM-TEXT"]')
        own = [text.dxf.insert.x for text in rooms if f"사무실 {level + 1}" in text.text]
        spans.append((min(own), max(own)))
    assert spans[0][1] < spans[1][0] < spans[1][1] < spans[2][0]


def test_korean_names_are_written_in_a_style_that_shows_them():
    document = make_document(1, 1, name_ko="민원실 {100%}\\A1;")
    drawing = opened(dxf_write.write(document))
    texts = {text.plain_text(): text for text in drawing.modelspace().query('MTEXT[layer=="A-ROOM-TEXT"]')}
    label = next(text for words, text in texts.items() if words.startswith("민원실 {100%}\\A1;"))
    assert drawing.styles.get(label.dxf.style).dxf.font == "malgun.ttf"


def test_doors_are_drawn_with_their_leaves_and_swings():
    drawing = opened(dxf_write.write(make_document(1, 2)))
    swings = drawing.modelspace().query('ARC[layer=="A-DOOR"]')
    assert sorted(round(arc.dxf.radius) for arc in swings) == [900] * 6
    assert drawing.modelspace().query('LWPOLYLINE[layer=="A-DOOR-GAP"]')


def test_the_export_says_whose_it_is():
    frame = LocalFrame(200_000, 550_000, 12.5)
    meta = Meta(frame, key("venue"), "가동 주민센터", key("building"), "본관", plan_name="대안 1")
    drawing = opened(dxf_write.write(make_document(1, 1), meta))
    told = dict(drawing.header.custom_vars.properties)
    assert (told["Building"], told["Plan"]) == ("본관", "대안 1")
    assert told["Anchor"].startswith("EPSG:5179 200000.0000 550000.0000 12.5")


def test_other_programs_find_the_same_rooms_without_our_marks():
    document = make_document(2, 3, wall=0.2)
    data = dxf_write.write(document)
    summary = dxf_inspect.inspect(data)
    assert (summary.own, summary.own_levels, summary.unit) == (True, ("1F",), "mm")
    roles = {layer.key: layer.guess for layer in summary.layers}
    found = dxf_read.read(data, DxfOptions("mm", roles, own=False))
    assert areas(found) == areas(document)
    assert {unit.name_ko or unit.name_en for unit in found.document.units} >= {"spine", "사무실 101"}
    assert codes(found)["dxf.doors"] == len([opening for opening in document.openings if opening.kind == "door"])


def edited(document, change):
    """The export after somebody worked on it in a CAD program."""
    drawing = ezdxf.read(io.StringIO(dxf_write.write(document).decode()))
    change(drawing, drawing.modelspace())
    stream = io.StringIO()
    drawing.write(stream)
    return dxf_read.read(stream.getvalue().encode(), DxfOptions("mm"))


def of_room(space, unit):
    return next(line for line in space.query("LWPOLYLINE") if unit.key in mark_of(line) and "units" in mark_of(line))


def mark_of(entity):
    return "".join(str(tag.value) for tag in entity.get_xdata(APPLICATION)) if entity.has_xdata(APPLICATION) else ""


def test_a_wall_moved_in_a_cad_program_keeps_the_rooms_identity():
    document = make_document(1, 1)
    office = next(unit for unit in document.units if unit.category == "office")

    def widen(_drawing, space):
        line = of_room(space, office)
        line.set_points([(x + 500 if x > 5000 else x, y) for x, y in line.get_points("xy")], format="xy")

    found = edited(document, widen)
    changed = {change.key: change for change in difference(document, found.document)}
    assert list(changed) == [office.key]
    assert changed[office.key].after.geometry.area == pytest.approx(4.5 * 5)


def test_a_room_copied_or_drawn_in_a_cad_program_is_a_new_room():
    document = make_document(1, 1, levels=2)
    office = next(unit for unit in document.units if unit.category == "office")

    def draw(_drawing, space):
        copy = of_room(space, office).copy()
        space.add_entity(copy)
        copy.translate(0, 20_000, 0)
        space.add_lwpolyline([(0, -9000), (3000, -9000), (3000, -6000), (0, -6000)], close=True,
                             dxfattribs={"layer": "A-ROOM-STORAGE"})  # fmt: skip
        space.add_line((0, 0), (1, 1))

    found = edited(document, draw)
    assert len(found.document.units) == len(document.units) + 2
    assert len({unit.key for unit in found.document.units}) == len(found.document.units)
    assert {"duplicate_key": 1, "dxf.added": 1, "dxf.not_ours": 1}.items() <= codes(found).items()
    stored = next(unit for unit in found.document.units if unit.category == "storage")
    assert (stored.level, stored.geometry.area) == (document.levels[0].key, 9.0)


def test_rooms_erased_in_a_cad_program_are_gone():
    document = make_document(1, 2)
    office = next(unit for unit in document.units if unit.category == "office")
    found = edited(document, lambda _drawing, space: space.delete_entity(of_room(space, office)))
    assert [change.key for change in difference(document, found.document)] == [office.key]


@pytest.mark.parametrize(
    "mark", ["{", "[1]", '{"kind": "units"}', '{"kind": "units", "key": 7, "level": [], "desks": -1}']
)
def test_marks_that_were_damaged_harm_nothing_else(mark):
    document = make_document(1, 1)
    office = next(unit for unit in document.units if unit.category == "office")
    found = edited(document, lambda _drawing, space: of_room(space, office).set_xdata(APPLICATION, [(1000, mark)]))
    kept = {part.key for kind in KINDS for part in found.document.parts(kind)}
    assert kept >= {part.key for kind in KINDS for part in document.parts(kind)} - {office.key}


def test_a_plan_drawn_in_millimetres_and_saved_in_metres_still_fits():
    document = make_document(1, 1, levels=2)

    def shrink(drawing, space):
        for entity in list(space):
            entity.transform(ezdxf.math.Matrix44.scale(0.001))
        drawing.header["$INSUNITS"] = 6

    drawing = ezdxf.read(io.StringIO(dxf_write.write(document).decode()))
    shrink(drawing, drawing.modelspace())
    stream = io.StringIO()
    drawing.write(stream)
    found = dxf_read.read(stream.getvalue().encode(), DxfOptions("m"))
    assert areas(found) == areas(document)
    assert json.dumps([unit.key for unit in found.document.units]) == json.dumps([unit.key for unit in document.units])
