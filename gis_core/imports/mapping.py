"""Which column of a file fills which field of a layer, guessed from headings, corrected by people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.layers.layer import Layer

from .values import choice_pairs

X, Y, NUMBER = "x", "y", "record_number"
# Headings of coordinate columns, simplified as ``_simple`` does.
_COORDINATES = {
    X: ("x", "lon", "lng", "long", "longitude", "경도", "x좌표", "좌표x", "longitude°e", "경도°e"),
    Y: ("y", "lat", "latitude", "위도", "y좌표", "좌표y", "latitude°n", "위도°n"),
}


@dataclass(frozen=True)
class Target:
    """A field that a column can fill; ``hint`` says what its cells look like."""

    name: str
    title: str
    required: bool = False
    hint: str = ""


def form_fields(layer: Layer, user: Any) -> dict[str, forms.Field]:
    """The fields of the layer's form that this person may set: personal ones only for those who may see them."""
    sees = permissions.sees_personal(user, layer)
    hidden = set() if sees else {prop.name for prop in layer.properties if prop.personal}
    return {name: field for name, field in layer.form.base_fields.items() if name not in hidden}


def targets(layer: Layer, user: Any) -> list[Target]:
    """The layer's fields in the order of its form, then the coordinates of its place."""
    found = [
        Target(name, capfirst(str(field.label or name)), field.required, hint_of(field))
        for name, field in form_fields(layer, user).items()
    ]
    if layer.takes_points and layer.has_own_place:
        found.append(Target(X, _("Longitude or X")))
        found.append(Target(Y, _("Latitude or Y")))
    # As exports write it: it finds a record whose name or place is being changed.
    return [*found, Target(NUMBER, capfirst(_("record number")))]


def hint_of(field: forms.Field) -> str:
    """What a cell of this field may hold, in few words."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return _("names or codes, with ; between them")
    if isinstance(field, forms.ModelChoiceField):
        return _("name or code")
    if isinstance(field, forms.ChoiceField):
        return ", ".join(str(label) for _value, label in choice_pairs(field))
    if isinstance(field, forms.DateField):
        return _("day, such as 2024-05-01")
    return ""


def _simple(text: str) -> str:
    """A heading without what people vary: case, spaces, brackets and marks of required columns."""
    return re.sub(r"[\s()\[\]*_.\-]", "", text).casefold()


def _forms_of(title: str) -> list[str]:
    """A title whole, without what stands in brackets, and that alone: 필지고유번호(PNU) is also PNU."""
    outside, inside = re.sub(r"\(.*?\)", "", title), re.findall(r"\((.*?)\)", title)
    return [_simple(each) for each in (title, outside, *inside)]


def guess(layer: Layer, user: Any, headings: Iterable[str]) -> dict[str, str]:
    """Targets to headings, where one is recognised by the field's name or its title in any of our languages."""
    by_simple: dict[str, str] = {}
    for heading in headings:
        by_simple.setdefault(_simple(heading), heading)
    found: dict[str, str] = {}
    for name, known in _names(layer, user).items():
        match = next((by_simple[each] for each in known if each in by_simple), None)
        if match is not None and match not in found.values():
            found[name] = match
    return found


def _names(layer: Layer, user: Any) -> dict[str, list[str]]:
    names = {name: [_simple(name)] for name in form_fields(layer, user)} | {NUMBER: []}
    names |= {axis: list(known) for axis, known in _COORDINATES.items()}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            for name, field in form_fields(layer, user).items():
                names[name] += _forms_of(str(field.label or name))
            names[NUMBER].append(_simple(_("record number")))
            for axis, title in ((X, _("Longitude or X")), (Y, _("Latitude or Y"))):
                names[axis].append(_simple(title))
    return names if layer.takes_points else {k: v for k, v in names.items() if k not in (X, Y)}
