"""From a cell as people write it to the value that a form's field takes."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from gis_core.exports.cells import guarded
from gis_core.models import AdminArea

_DAY = re.compile(r"^(\d{4})[.\-/년\s]+(\d{1,2})[.\-/월\s]+(\d{1,2})[.일\s]*$")
_TRUE = {"true", "yes", "y", "o", "1", "예", "네", "있음"}
_FALSE = {"false", "no", "n", "x", "0", "아니오", "아니요", "없음", ""}


class BadCell(ValueError):
    """The cell cannot be understood; the text says why."""


def cell_value(field: forms.Field, text: str) -> Any:
    """The value to put into the form. Raises BadCell only for what the form itself could not explain."""
    if text.startswith("'") and guarded(text[1:]) == text:
        # Our own exports put this before what a spreadsheet would run.
        text = text[1:]
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [_find(field.queryset, part).pk for part in re.split(r"[;,]", text) if part.strip()]
    if isinstance(field, forms.ModelChoiceField):
        return _find(field.queryset, text).pk if text else ""
    if isinstance(field, forms.ChoiceField):
        return _choice(_choices(field), _plain(text)) or text
    if isinstance(field, forms.DateField):
        return _day(text)
    if isinstance(field, forms.BooleanField):
        return _boolean(text)
    if isinstance(field, forms.IntegerField | forms.DecimalField | forms.FloatField):
        return text.replace(",", "").replace(" ", "")
    return text


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def choice_pairs(field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    """A field's values with their labels."""
    choices: Any = field.choices
    return [(value, label) for value, label in choices if value not in (None, "")]


def _choice(known: dict[str, Any], text: str) -> Any:
    """The value called so, or whose label alone begins so: 1등급 for 1등급 활용대상."""
    if text in known:
        return known[text]
    begun = {value for label, value in known.items() if len(text) > 1 and label.startswith(text)}
    return begun.pop() if len(begun) == 1 else None


def _choices(field: forms.ChoiceField) -> dict[str, Any]:
    """Values by value, and by label in every language."""
    found: dict[str, Any] = {}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found |= {_plain(str(label)): value for value, label in choice_pairs(field)}
    return found | {_plain(str(value)): value for value, _label in choice_pairs(field)}


def _day(text: str) -> str:
    digits = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    parts = digits or _DAY.match(text)
    return f"{parts[1]}-{int(parts[2]):02d}-{int(parts[3]):02d}" if parts else text


def _boolean(text: str) -> bool:
    word = text.casefold()
    if word not in _TRUE | _FALSE:
        raise BadCell(_("“%(text)s” is neither yes nor no.") % {"text": text})
    return word in _TRUE


def _find(queryset: QuerySet | None, text: str) -> Model:
    """The one record that is meant: an area by code or full name, anything else by its name or number."""
    assert queryset is not None
    text = text.strip()
    if queryset.model is AdminArea:
        area = AdminArea.objects.by_code(text)
        found = [area] if area else list(queryset.filter(full_name=text)[:2])
    else:
        found = list(queryset.filter(name=text)[:2])
        if not found and text.isdecimal():
            found = list(queryset.filter(pk=int(text)))
    if not found:
        raise BadCell(_("There is no “%(text)s”.") % {"text": text})
    if len(found) > 1:
        raise BadCell(_("There are several “%(text)s”.") % {"text": text})
    return found[0]
