"""CSV and XLSX: rows of text under one heading row."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from . import archives
from .errors import Notice, problem
from .source import Row, Source
from .text import decode

# A heading may stand under a title and a note, but not further down than this.
_HEADING_WITHIN = 30
# A spreadsheet keeps 15 digits of a number; a longer code typed as a number has already lost its end.
_EXACT = 10**15
MAX_COLUMNS = 1000


def read_csv(data: bytes, name: str, encoding: str = "") -> Source:
    """Rows of delimited text; the encoding and the delimiter are found out."""
    text, used = decode(data, encoding)
    if "\x00" in text:
        raise problem(_("This is not a text file."))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise problem(_("The CSV cannot be read: %(reason)s"), reason=str(error)) from error
    source = _table(name, "CSV", lines)
    source.encoding, source.encoding_note = used, "given" if encoding else "detected"
    return source


def _delimiter(text: str) -> str:
    head = [line for line in text.splitlines()[:_HEADING_WITHIN] if line.strip()]
    return max(",\t;|", key=lambda mark: sum(line.count(mark) for line in head))


def read_xlsx(path: Path, name: str, layer: str = "") -> Source:
    """Rows of one sheet: the named one, or the only one that holds anything."""
    archives.check(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError, TypeError) as error:
        raise problem(_("The spreadsheet is damaged, or is not an XLSX file.")) from error
    try:
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        if layer and layer not in sheets:
            raise problem(_("There is no sheet “%(name)s”; there are: %(names)s"), name=layer, names=", ".join(sheets))
        rows = {title: _cells(sheets[title]) for title in ([layer] if layer else sheets)}
    except (KeyError, ValueError, SyntaxError, TypeError, OSError) as error:
        raise problem(_("The spreadsheet is damaged, or is not an XLSX file.")) from error
    finally:
        book.close()
    filled = [title for title, lines in rows.items() if any(any(line) for line in lines)]
    if len(filled) > 1:
        raise problem(_("Several sheets hold rows; choose one: %(names)s"), names=", ".join(filled))
    if not filled:
        raise problem(_("The file holds no rows."))
    source = _table(name, "XLSX", rows[filled[0]])
    source.layer, source.layers = filled[0], list(sheets)
    return source


def _cells(sheet: Any) -> list[list[Any]]:
    # The sheet's stated extent may be a lie of a million rows; the cells themselves are not.
    sheet.reset_dimensions()
    return [list(line) for line in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)]


def _table(name: str, kind: str, lines: list[list[Any]]) -> Source:
    heading = _heading(lines)
    fields = [" ".join(plain(cell).split()) for cell in lines[heading]]
    while fields and not fields[-1]:
        fields.pop()
    fields = [text or get_column_letter(index + 1) for index, text in enumerate(fields)]
    twice = [text for text, count in Counter(fields).items() if count > 1]
    if twice:
        raise problem(_("Two columns have the same heading."), row=heading + 1, field=twice[0])
    source = Source(name, kind, fields, [])
    source.rows = list(_rows(source, lines, heading))
    source.count()
    if not source.rows:
        raise problem(_("The file holds no rows."))
    return source


def _heading(lines: list[list[Any]]) -> int:
    """The heading's index: the first line about as wide as the widest near it, so that titles above are passed over."""
    widths = [sum(1 for cell in line if plain(cell)) for line in lines[:_HEADING_WITHIN]]
    if not any(widths):
        raise problem(_("The file holds no rows."))
    return next(index for index, width in enumerate(widths) if width and width * 2 > max(widths))


def _rows(source: Source, lines: list[list[Any]], heading: int) -> Iterator[Row]:
    for number, line in enumerate(lines[heading + 1 :], start=heading + 2):
        texts = [plain(cell) for cell in line]
        if any(texts[len(source.fields) :]):
            source.problems.append(
                Notice(
                    _("The row has more cells than the heading (%(cells)s, not %(fields)s)."),
                    number,
                    params={"cells": len(texts), "fields": len(source.fields)},
                )
            )
        source.problems += _cell_problems(source.fields, line, number)
        texts += [""] * (len(source.fields) - len(texts))
        yield Row(number, dict(zip(source.fields, texts, strict=False)))


def _cell_problems(fields: list[str], line: Iterable[Any], number: int) -> Iterator[Notice]:
    for field, cell in zip(fields, line, strict=False):
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT:
            yield Notice(
                _("A number of more than 15 digits has lost its end in the spreadsheet; format the cell as text."),
                number,
                field,
            )
        elif isinstance(cell, str) and cell.startswith("#") and cell.rstrip("!?") in _CELL_ERRORS:
            yield Notice(_("The cell holds an error (%(error)s)."), number, field, {"error": cell})


_CELL_ERRORS = {"#REF", "#N/A", "#VALUE", "#DIV/0", "#NAME", "#NUM", "#NULL"}


def plain(value: Any) -> str:
    """A cell as a person would type it: whole numbers without a point, days without a time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()
