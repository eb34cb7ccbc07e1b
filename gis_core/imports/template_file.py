"""An empty spreadsheet of a layer: Korean headings, choices to pick from, codes kept as text."""

import io
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gis_core.layers.layer import Layer

from .mapping import NUMBER, form_fields, targets
from .values import choice_pairs

# As far down as the template's text format and its lists reach.
_ROWS = 2000
# Excel takes no longer list within a cell's own rule.
_LONGEST_LIST = 255


def template_file(layer: Layer, user: Any) -> bytes:
    """An XLSX file whose first row holds the headings that the import recognises."""
    book = Workbook()
    sheet = book.active
    with translation.override("ko"):
        sheet.title = str(layer.title)[:31]
        fields = form_fields(layer, user)
        shown = [target for target in targets(layer, user) if target.name != NUMBER]
        for index, target in enumerate(shown, start=1):
            letter = get_column_letter(index)
            heading = sheet.cell(1, index, target.title)
            heading.font = Font(bold=True)
            said = [_("required")] if target.required else []
            said += [target.hint] if target.hint else []
            if said:
                heading.comment = Comment("\n".join(said), "Dongne")
            sheet.column_dimensions[letter].width = max(14, 2.2 * len(target.title))
            # A number of 19 digits would lose its end in a cell of the general format.
            sheet.column_dimensions[letter].number_format = "@"
            _offer(sheet, letter, fields.get(target.name))
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _offer(sheet: Any, letter: str, field: forms.Field | None) -> None:
    """A list to pick from, for a field of few choices."""
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        return
    text = ",".join(str(label).replace(",", " ") for _value, label in choice_pairs(field))
    if len(text) <= _LONGEST_LIST:
        rule = DataValidation("list", formula1=f'"{text}"', allow_blank=True)
        rule.add(f"{letter}2:{letter}{_ROWS}")
        sheet.add_data_validation(rule)
