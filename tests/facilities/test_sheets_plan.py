"""The plan sheet on paper: true to scale, complete, and only for those who may see the plan."""

import io
import math
import re
from typing import Any

import pypdfium2 as pdfium
import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.urls import reverse
from factories_plans import make_document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from shapely import box

from facilities.models import Level, Plan, Unit
from facilities.services.documents import load
from facilities.sheets.names import short_names
from facilities.sheets.paper import SCALES, DoesNotFit, choose
from facilities.sheets.plan_sheet import room_rows
from gis_core.models import User
from tests import factories

MM = 72 / 25.4


@pytest.fixture
def plan(territory: Any) -> Plan:
    centre = factories.make_centre(name="운봉읍 행정복지센터")
    building = factories.make_building(centre, levels=2, outline=box(0, 0, 10, 8), rotation=30)
    made: Plan = factories.make_plan(building, name="대안 B")
    add(made, 0, box(0.2, 0.2, 5.9, 7.8), name_ko="민원실", category="lobby", number="101")
    add(made, 0, box(6.1, 0.2, 9.8, 7.8), name_ko="사무실", name_en="Office", restriction="employeesonly")
    return made


def add(plan: Plan, ordinal: int, room: Any, **values: Any) -> None:
    level = plan.building.levels.get(ordinal=ordinal)
    place = factories.geos(plan.building.frame.to_world(room))
    from facilities.services.documents import to_local_geos

    Unit.objects.create(plan=plan, level=level, geometry=to_local_geos(room), place=place, **values)


def client_of(user: User, language: str = "ko") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(user)
    return client


def sheet(user: User, plan: Plan, kind: str = "pdf", language: str = "ko", **query: Any) -> Any:
    return client_of(user, language).get(reverse(f"plan-sheet-{kind}", args=[plan.pk]), query)


def pdf_of(response: Any) -> pdfium.PdfDocument:
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/pdf"
    return pdfium.PdfDocument(response.content)


def text_of(response: Any) -> str:
    reader = PdfReader(io.BytesIO(response.content))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def sizes_mm(page: Any) -> list[tuple[float, float]]:
    """Width and height of every vector shape on a page."""
    found = []
    for shape in page.get_objects():
        left, bottom, right, top = shape.get_bounds()
        found.append(((right - left) / MM, (top - bottom) / MM))
    return found


@pytest.mark.parametrize(("scale", "wide", "high"), [(50, 200.0, 160.0), (100, 100.0, 80.0), (200, 50.0, 40.0)])
def test_a_wall_of_ten_metres_measures_what_the_scale_says(
    planner: User, plan: Plan, scale: int, wide: float, high: float
) -> None:
    document = pdf_of(sheet(planner, plan, level=str(plan.building.levels.get(ordinal=0).key), scale=scale))
    walls = [
        size for size in sizes_mm(document[0]) if size == (pytest.approx(wide, abs=0.01), pytest.approx(high, abs=0.01))
    ]
    assert walls


def test_the_ten_metre_wall_is_as_long_on_the_printed_picture(planner: User, plan: Plan) -> None:
    document = pdf_of(sheet(planner, plan, scale=100))
    dpi = 254
    image = document[0].render(scale=dpi / 72).to_pil().convert("L")
    drawing = image.crop((90, 90, image.width * 70 // 100, image.height - 280))
    dark = drawing.point(lambda value: 255 if value < 90 else 0)
    rows = [sum(dark.crop((0, y, dark.width, y + 1)).histogram()[255:]) for y in range(dark.height)]
    longest = max(rows)
    assert longest / dpi * 25.4 == pytest.approx(100, abs=0.3)


@pytest.mark.parametrize(("paper", "size"), [("A4", (297, 210)), ("A3", (420, 297)), ("a3", (420, 297))])
def test_the_page_is_the_paper_asked_for(planner: User, plan: Plan, paper: str, size: tuple[int, int]) -> None:
    width, height = pdf_of(sheet(planner, plan, paper=paper, scale=200))[0].get_size()
    assert (width / MM, height / MM) == (pytest.approx(size[0], abs=0.1), pytest.approx(size[1], abs=0.1))


def test_the_sheet_says_what_it_is(planner: User, plan: Plan) -> None:
    text = text_of(sheet(planner, plan, language="en", scale=100))
    for words in (
        "운봉읍 행정복지센터",
        "대안 B",
        "1F",
        "1:100",
        "101",
        "민원실",
        "43.32",
        "28.12",
        "Rooms in all",
        "71.44",
    ):
        assert words in text
    assert "Office" in text
    assert "80.00" in text


def test_its_fonts_are_embedded(planner: User, plan: Plan) -> None:
    reader = PdfReader(io.BytesIO(sheet(planner, plan).content))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    children = [child.get_object() for font in fonts for child in font.get_object()["/DescendantFonts"]]
    assert children
    assert all("/FontFile2" in child["/FontDescriptor"].get_object() for child in children)
    assert any("Pretendard" in str(child["/BaseFont"]) for child in children)


def test_every_level_with_rooms_has_a_sheet_unless_one_is_asked_for(planner: User, plan: Plan) -> None:
    assert len(pdf_of(sheet(planner, plan))) == 1
    add(plan, 1, box(0.2, 0.2, 9.8, 7.8), name_ko="강당", category="auditorium")
    assert len(pdf_of(sheet(planner, plan))) == 2
    upper = str(plan.building.levels.get(ordinal=1).key)
    text = text_of(sheet(planner, plan, level=upper))
    assert "강당" in text
    assert "민원실" not in text


def test_a_long_room_table_goes_on_on_further_pages_and_loses_nothing(planner: User, plan: Plan) -> None:
    Unit.objects.filter(plan=plan).delete()
    for number in range(120):
        x, y = number % 20 * 0.5, number // 20 * 1.3
        add(plan, 0, box(x, y, x + 0.5, y + 1.3), number=f"{number + 1}", name_ko=f"방{number + 1:03}")
    response = sheet(planner, plan, scale=100)
    assert len(pdf_of(response)) > 1
    text = text_of(response)
    assert all(f"방{number + 1:03}" in text for number in range(120))


def test_the_svg_is_the_same_sheet(planner: User, plan: Plan) -> None:
    response = sheet(planner, plan, "svg", scale=100, paper="A3")
    assert response["Content-Type"].startswith("image/svg+xml")
    assert "sandbox" in response["Content-Security-Policy"]
    svg = fromstring(response.content)
    assert svg.get("viewBox") == "0 0 420 297"
    assert svg.get("width") == "420mm"
    walls = next(g for g in svg.iter("{http://www.w3.org/2000/svg}g") if g.get("class") == "walls")
    xs = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", walls[0].get("d"))]
    assert max(xs) - min(xs) == pytest.approx(100, abs=1e-3)
    north = next(g for g in svg.iter("{http://www.w3.org/2000/svg}g") if g.get("class") == "north")
    assert "rotate(30)" in north.get("transform")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"scale": "50", "paper": "A4"}, "larger than A4. At 1:100 it fits."),
        ({"scale": "75"}, "Scales are"),
        ({"scale": "1e9"}, "Scales are"),
        ({"paper": "A0"}, "Papers are"),
        ({"level": "none"}, "no such level"),
        ({"level": "00000000-0000-0000-0000-000000000000"}, "no such level"),
    ],
)
def test_what_gives_no_sheet_is_said_in_words(planner: User, plan: Plan, query: dict[str, str], said: str) -> None:
    for kind in ("pdf", "svg"):
        response = sheet(planner, plan, kind, "en", **query)
        assert response.status_code == 422
        assert said in response.content.decode()


def test_a_page_that_the_table_does_not_need_is_refused(planner: User, plan: Plan) -> None:
    assert sheet(planner, plan, "svg", page="1").status_code == 200
    assert sheet(planner, plan, "svg", page="2").status_code == 422


def test_who_may_not_see_the_plan_gets_no_sheet(plan: Plan) -> None:
    for kind in ("pdf", "svg"):
        assert Client().get(reverse(f"plan-sheet-{kind}", args=[plan.pk])).status_code == 302
        nobody = factories.make_user(f"nobody-{kind}")
        assert sheet(nobody, plan, kind).status_code == 404


def test_an_empty_plan_is_an_empty_sheet(planner: User, plan: Plan) -> None:
    Unit.objects.filter(plan=plan).delete()
    Level.objects.filter(building=plan.building).update(outline=None)
    assert len(pdf_of(sheet(planner, plan))) == 2


def test_the_table_adds_up_to_the_outline(plan: Plan) -> None:
    document = load(plan)
    rows = room_rows(document, document.ordered_levels()[0])
    sums = {row.name: row.m2 for row in rows if row.is_sum}
    outline = sums.popitem()[1]
    assert math.fsum(sums.values()) == pytest.approx(outline)
    assert math.fsum(row.m2 for row in rows if not row.is_sum) == pytest.approx(next(iter(sums.values())))


def test_rooms_without_a_number_of_their_own_get_one() -> None:
    units = make_document(1, 3).units
    own = [unit.number for unit in units if unit.number]
    names = short_names(units)
    assert len(set(names.values())) == len(units)
    assert all(names[unit.key] == unit.number for unit in units if unit.number)
    assert own


@settings(max_examples=80)
@given(st.floats(1, 150), st.floats(1, 150), st.sampled_from([None, *SCALES]), st.sampled_from([None, "A4", "A3"]))
def test_a_sheet_is_never_chosen_that_cuts_the_building(
    width: float, height: float, scale: int | None, paper: str | None
) -> None:
    try:
        layout = choose(width, height, scale, paper)
    except DoesNotFit as refused:
        fits = refused.params["fits"]
        if fits:
            assert choose(width, height, fits, refused.params["paper"])
        return
    assert width * 1000 / layout.scale < layout.drawing.width
    assert height * 1000 / layout.scale < layout.drawing.height
    assert scale in {None, layout.scale}
    assert paper in {None, layout.paper}
    boxes = (layout.drawing, layout.panel, layout.strip)
    shapes = [box(one.left, one.top, one.right, one.bottom) for one in boxes]
    page = box(0, 0, *layout.size)
    assert all(page.contains(shape) for shape in shapes)
    assert all(a.intersection(b).area < 1e-6 for n, a in enumerate(shapes) for b in shapes[n + 1 :])
