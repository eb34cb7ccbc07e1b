"""Files as they come: real drawings, damaged ones, hostile ones, and files that are no DXF at all."""

import math
import time
from random import Random

import ezdxf
import pytest

from facilities.exchange import apart, dxf_file, dxf_flatten, dxf_inspect, dxf_read, report
from facilities.exchange.dxf_options import DxfOptions
from facilities.exchange.report import ImportRefused
from facilities.plan.topology import joins, sides
from tests.facilities.dxf_support import ROLES, Sheet, areas, codes
from tests.gis_core.imports_support import shared

HOUSE = "xref-Bishop-Overland-08$0$A-"
HOUSE_ROLES = {f"{HOUSE}WALL": "walls", f"{HOUSE}FOOTPRINT": "walls", f"{HOUSE}OPENING": "doors", "A-NOTE": "texts"}
CECO_ROLES = {"wall high": "walls", "wall low": "walls", "doorswindows": "doors", "names": "texts"}


def refusal(data, **options):
    with pytest.raises(ImportRefused) as refused:
        dxf_read.read(data, DxfOptions(**{"unit": "mm", "roles": ROLES, **options}))
    return refused.value


def test_inches_under_a_millimetre_header_are_told_and_the_house_comes_in_room_by_room():
    path = shared("dxf/floorplan.dxf")
    summary = dxf_inspect.inspect(path)
    assert (summary.header_unit, summary.unit, summary.unit_is_doubtful) == ("mm", "in", True)
    in_mm = next(guess for guess in summary.units if guess.unit == "mm")
    assert max(in_mm.width_m, in_mm.height_m) < 1
    found = dxf_read.read(path, DxfOptions("in", HOUSE_ROLES))
    names = {unit.name_en: unit for unit in found.document.units if unit.name_en}
    # As the drawing's own texts say, in feet and inches.
    for name, width, depth in (
        ("MASTER BEDROOM", "13'8", "14'"), ("BEDROOM 3", "11'6", "13'"), ("2 CAR GARAGE", "21'2", "20'10"),
        ("MSTR. BATH", "7'", "5'7"), ("UTIL.", "5'3", "6'8"),
    ):  # fmt: skip
        assert names[name].geometry.area == pytest.approx(feet(width) * feet(depth), rel=0.03)
    assert len(found.document.units) == 19
    doors = [opening for opening in found.document.openings if opening.kind == "door"]
    assert (len(doors), codes(found)["dxf.doors"]) == (16, 11)
    found_sides = sides(found.document)
    assert all(joins(found_sides[opening.key]) for opening in found.document.openings)
    assert codes(found)["dxf.several_names"] >= 1


def feet(text):
    whole, inches = text.split("'")
    return (int(whole) + int(inches or 0) / 12) * 0.3048


def test_a_metric_house_without_closed_shapes_is_made_of_its_wall_lines():
    path = shared("dxf/Ceco.NET-Architecture-Tm-53.dxf")
    summary = dxf_inspect.inspect(path)
    assert summary.unit == "m"
    assert {layer.key: layer.guess for layer in summary.layers}["wall high"] == "walls"
    found = dxf_read.read(path, DxfOptions("m", CECO_ROLES, doorway_m=2.6))
    hall = next(unit for unit in found.document.units if unit.name_en == "HALL")
    assert 110 < hall.geometry.area < 125
    assert any(opening.entrance and opening.width_m > 1.6 for opening in found.document.openings)
    assert {"dxf.gap", "dxf.loose", "unnamed"} <= set(codes(found))


def test_a_georeferenced_outline_keeps_its_true_size_and_says_where_it_was():
    path = shared("dxf/houses_of_parliament_georeferenced.dxf")
    summary = dxf_inspect.inspect(path)
    assert summary.georeferenced
    found = dxf_read.read(path, DxfOptions("in", {"0": "rooms"}, turn="square"))
    (unit,) = found.document.units
    assert unit.geometry.bounds[:2] == pytest.approx((0, 0), abs=1e-3)
    assert math.hypot(*found.origin) > 400
    assert areas(dxf_read.read(path, DxfOptions("in", {"0": "rooms"}))) == pytest.approx(areas(found), rel=1e-5)


@pytest.mark.parametrize(("name", "layer"), [("recover01", "0"), ("duplicate_handles", "CK_LEVEL_1")])
def test_a_broken_drawing_is_mended_and_what_was_mended_is_told(name, layer):
    path = shared(f"dxf/{name}.dxf")
    assert len(dxf_inspect.inspect(path).mended) > 40
    found = dxf_read.read(path, DxfOptions("cm", {layer: "walls"}))
    assert codes(found)["dxf.mended"] > 40
    assert found.document.units


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"AC1032\x00\x00\x00\x00" + bytes(200), "dxf.dwg"),
        (b"%PDF-1.7 ...", "not_this_format"),
        (bytes(range(256)) * 40, "not_this_format"),
        (b"PK\x03\x04" + bytes(100), "not_this_format"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(range(200)), "broken"),
    ],
)
def test_what_is_no_dxf_is_refused_by_name(data, code):
    assert refusal(data).code == code


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_half_a_file_is_either_read_with_a_report_or_refused(share):
    data = Sheet().box(0, 0, 4, 3).box(5, 0, 9, 3).data()
    try:
        found = dxf_read.read(data[: int(len(data) * share)], DxfOptions("mm", ROLES))
    except ImportRefused as refused:
        assert refused.code in ("broken", "nothing_found", "not_this_format")
    else:
        assert set(areas(found)) == {12.0}


def test_layers_with_nothing_on_them_are_refused():
    assert refusal(Sheet().box(0, 0, 4, 3).data(), roles={"OTHER": "rooms"}).code == "nothing_found"


def test_a_drawing_in_a_wrong_unit_is_refused_when_no_building_is_so_large():
    refused = refusal(Sheet("mm").box(0, 0, 20, 10).data(), unit="m")
    assert (refused.code, refused.params["width_m"]) == ("dxf.too_wide", 20_000)


def test_options_that_cannot_be_are_refused():
    for options in ({"unit": "parsec"}, {"encoding": "ebcdic"}, {"doorway_m": 50.0}, {"roles": {"ROOM": "throne"}}):
        assert refusal(Sheet().box(0, 0, 4, 3).data(), **options).code == "bad_options"


def test_a_bomb_of_nested_blocks_is_refused_at_once():
    sheet = Sheet()
    inner = sheet.drawing.blocks.new("B0")
    for number in range(10):
        inner.add_line((number, 0), (number, 1))
    for depth in range(1, 7):
        block = sheet.drawing.blocks.new(f"B{depth}")
        for number in range(10):
            block.add_blockref(f"B{depth - 1}", (number, depth))
    sheet.space.add_blockref("B6", (0, 0), dxfattribs={"layer": "WALL"})
    begun = time.process_time()
    assert refusal(sheet.data()).code == "too_many"
    assert time.process_time() - begun < 20


def test_a_block_that_holds_itself_ends_at_a_depth_and_is_told():
    sheet = Sheet().box(0, 0, 4, 3)
    block = sheet.drawing.blocks.new("OUROBOROS")
    block.add_line((0, 0), (1, 1), dxfattribs={"layer": "WALL"})
    block.add_blockref("OUROBOROS", (1, 1))
    sheet.space.add_blockref("OUROBOROS", sheet.at((10, 10)), dxfattribs={"layer": "WALL"})
    found = sheet.read()
    assert areas(found) == [12.0]


def test_a_million_insertions_in_one_are_refused():
    sheet = Sheet()
    sheet.drawing.blocks.new("DOT").add_line((0, 0), (1, 0))
    attributes = {"layer": "WALL", "row_count": 30_000, "column_count": 30_000, "row_spacing": 1, "column_spacing": 1}
    sheet.space.add_blockref("DOT", (0, 0), dxfattribs=attributes)
    assert refusal(sheet.data()).code == "too_many"


def test_an_entity_of_an_unknown_type_is_left_out_and_told():
    sheet = Sheet("m").box(0, 0, 4, 3).line((7, 7), (8, 8))
    found = dxf_read.read(sheet.data().replace(b"\nLINE\n", b"\nACME_DUCT\n"), DxfOptions("m", ROLES))
    assert areas(found) == [12.0]
    assert [finding.params["what"] for finding in found.findings if finding.code == "dropped"] == ["ACME_DUCT"]


@pytest.mark.parametrize("value", ["nan", "inf", "1e308"])
def test_places_that_are_no_numbers_are_left_out_and_told(value):
    sheet = Sheet("m").box(0, 0, 4, 3).line((123.25, 7), (8, 9))
    data = sheet.data().replace(b"\n123.25\n", f"\n{value}\n".encode())
    found = dxf_read.read(data, DxfOptions("m", ROLES))
    assert (areas(found), codes(found)["invalid_shape"]) == ([12.0], 1)


def test_a_file_beyond_the_limit_is_refused_unread(monkeypatch):
    monkeypatch.setattr(dxf_file, "MAX_BYTES", 1000)
    assert refusal(Sheet().box(0, 0, 4, 3).data()).code == "too_large"


def test_a_drawing_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(dxf_flatten, "MAX_SECONDS", -1.0)
    assert refusal(Sheet().box(0, 0, 4, 3).data()).code == "too_slow"


def korean(version="R2000", header=b"ANSI_1252", encoding="cp949"):
    """A drawing of an old release whose texts are Korean and whose header does not say so."""
    sheet = Sheet("mm", version).box(0, 0, 6, 4).text("ROOMNAME", (3, 2))
    data = sheet.data().replace(b"ANSI_1252", header)
    return data.replace(b"ROOMNAME", "민원상담실".encode(encoding))


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
@pytest.mark.parametrize("header", [b"ANSI_1252", b"ANSI_949", b"ANSI_932"])
def test_korean_texts_are_read_in_the_encoding_that_makes_sense_whatever_the_header_says(encoding, header):
    data = korean(header=header, encoding=encoding)
    summary = dxf_inspect.inspect(data)
    assert summary.encoding == encoding
    assert summary.samples[encoding] == ("민원상담실",)
    found = dxf_read.read(data, DxfOptions("mm", ROLES, encoding=encoding))
    assert found.document.units[0].name_ko == "민원상담실"


def test_a_wrong_choice_of_encoding_gives_signs_and_no_fault():
    found = dxf_read.read(korean(), DxfOptions("mm", ROLES, encoding="utf-8"))
    (unit,) = found.document.units
    (unit.name_en + unit.name_ko).encode("utf-8")


def test_korean_layer_names_in_an_old_encoding_can_be_chosen():
    data = (
        Sheet("mm", "R2000").box(0, 0, 6, 4, layer="LAYERNAME").data().replace(b"LAYERNAME", "실구획".encode("cp949"))
    )
    summary = dxf_inspect.inspect(data)
    (layer,) = [each for each in summary.layers if each.closed]
    assert layer.name == "실구획"
    assert areas(dxf_read.read(data, DxfOptions("mm", {layer.key: "rooms"}, encoding="cp949"))) == [24.0]


def test_korean_written_as_unicode_escapes_is_read_under_any_choice():
    data = Sheet("mm", "R2000").box(0, 0, 6, 4).text("\\U+D68C\\U+C758\\U+C2E4", (3, 2)).data()
    assert dxf_read.read(data, DxfOptions("mm", ROLES, encoding="cp949")).document.units[0].name_ko == "회의실"


def test_a_text_file_that_only_begins_like_a_dxf_is_refused():
    assert refusal(b"  0\nSECTION\n  2\nHEADER\nnothing\nmore of it\n").code in ("broken", "nothing_found")


def test_a_small_file_that_takes_forever_is_stopped_and_said(tmp_path, monkeypatch):
    """Lines that all cross one another make millions of pieces out of a few hundred kilobytes."""
    drawing, chance = ezdxf.new(), Random(1)
    for _number in range(1500):
        ends = [(chance.uniform(0, 20_000), chance.uniform(0, 15_000)) for _end in range(2)]
        drawing.modelspace().add_line(*ends, {"layer": "WALL"})
    path = tmp_path / "crossing.dxf"
    drawing.saveas(path)
    monkeypatch.setattr(apart, "SECONDS", 4)
    options = {"unit": "mm", "encoding": "utf-8", "roles": {"wall": "walls"}}
    with pytest.raises(ImportRefused) as refused:
        apart.read(path, options, None)
    assert refused.value.code == report.TOO_SLOW
