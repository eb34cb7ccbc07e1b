"""The area schedule as a spreadsheet that an official opens and adds up."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from openpyxl import load_workbook

from facilities.plan.document import Document
from facilities.plan.schedule import Standard, schedule
from facilities.sheets.workbook import Heading, schedule_workbook
from tests.facilities.factories_plans import key, make_document
from tests.facilities.strategies import with_unit
from tests.facilities.test_schedule import CIVIL

HEADING = Heading("당진1동 행정복지센터", "현황", date(2026, 7, 1))
DOCUMENT = replace(make_document(2, 3, levels=2, wall=0.2, teams=(CIVIL.key,)), teams=(CIVIL,))


def opened(document=DOCUMENT, standards=(), language="en", heading=HEADING):
    with translation.override(language):
        return load_workbook(io.BytesIO(schedule_workbook(document, schedule(document, standards), heading)))


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def row_of(sheet, first, after=""):
    found = rows(sheet)
    start = next((number for number, row in enumerate(found) if row[0] == after), 0)
    return next(row for row in found[start:] if row[0] == first)


def test_the_levels_add_up_to_the_outline():
    sheet = opened().worksheets[0]
    head = row_of(sheet, "Level")
    assert head[1:8] == [
        "Rooms (m²)", "Voids (m²)", "Drawn structure (m²)", "Walls (m²)", "Not assigned (m²)", "Outline (m²)",
        "Does not add up (m²)",
    ]  # fmt: skip
    for name in ("1F", "2F", "In all"):
        parts = row_of(sheet, name, after="Level")
        assert sum(parts[1:6]) == pytest.approx(parts[6])
        assert parts[7] == 0
    assert sheet["B8"].number_format == "#,##0.00"


def test_uses_and_rooms_add_up_to_the_same():
    book = opened()
    whole = schedule(DOCUMENT).total.space.rooms_m2
    assert row_of(book.worksheets[1], "In all")[3] == pytest.approx(whole)
    assert row_of(book.worksheets[2], "In all")[6] == pytest.approx(whole)
    rooms = rows(book.worksheets[3])
    assert len(rooms) == 1 + len(DOCUMENT.units)
    assert sum(row[9] for row in rooms[1:]) == pytest.approx(whole)
    assert sum(row[10] for row in rooms[1:]) == pytest.approx(whole * 121 / 400)


def test_names_that_a_spreadsheet_would_run_are_defused():
    evil = with_unit(DOCUMENT, key(0, "room", 0, 0), name_ko='=HYPERLINK("http://x","y")', number="+1")
    evil = replace(evil, teams=(replace(CIVIL, name="@SUM(A1)"),))
    book = opened(evil, [Standard("-x", 1, "m2", source="=1+1")], heading=replace(HEADING, building="=cmd|x"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.startswith(("=", "+", "@", "-"))]
    assert "'=1+1" in texts


def test_standards_say_what_is_asked_and_what_is_missing_is_listed():
    standard = Standard("office", 50.0, "m2_per_head", "office", "내부 기준", date(2024, 1, 1), "1인당 사무공간")
    sheet = opened(with_unit(DOCUMENT, key(0, "room", 0, 0), teams=()), [standard]).worksheets[0]
    found = row_of(sheet, "1인당 사무공간")
    assert found[1:3] == ["Office", 50]
    assert found[3] == pytest.approx(300)
    assert found[6:8] == ["내부 기준", "2024-01-01"]
    texts = [row[0] for row in rows(sheet)]
    assert any(text and "No team sits in" in text for text in texts)


def test_a_level_without_outline_leaves_the_walls_open():
    bare = replace(DOCUMENT, levels=(DOCUMENT.levels[0], replace(DOCUMENT.levels[1], outline=None)))
    found = row_of(opened(bare).worksheets[0], "2F", after="Level")
    assert found[4:8] == [None, None, None, None]


def test_an_empty_plan_gives_a_workbook_too():
    assert len(opened(Document()).worksheets) == 4


def test_sheets_are_named_in_the_users_language():
    assert opened().sheetnames == ["Area schedule", "By use", "By team", "Rooms"]
