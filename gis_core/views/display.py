"""Values of properties as people read them: in the language, with thousands separated, choices by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.gis.db.models import Model
from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gis_core.layers.layer import Category, Layer, Property

PREFIX = "p_"


@dataclass(frozen=True)
class Fact:
    """One line of a record's facts. ``text`` is empty when nothing is known; ``category`` carries the map's style."""

    name: str
    title: str
    text: str
    category: Category | None = None
    area_code: str = ""


def text_of(prop: Property, value: Any) -> str:
    """A value in the current language; an empty string for nothing."""
    if prop.choices and value is not None:
        return str(dict(prop.choices).get(value, value))
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if prop.type in {"integer", "number"} and not isinstance(value, str):
        return formats.number_format(value, use_l10n=True, force_grouping=True) if prop.grouped else str(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)


def readable(layer: Layer, properties: Iterable[Property]) -> list[Property]:
    """The properties that say something to people: not the numbers of other records, nor what a badge already says."""
    many = {field.name for field in layer.model._meta.many_to_many}
    return [
        prop
        for prop in properties
        if prop.name not in many
        and prop.name != "is_example"
        and not (isinstance(prop.source, str) and prop.source.endswith("_id"))
    ]


def category_of(layer: Layer, prop: Property, value: Any) -> Category | None:
    """How the map draws this value, when this is the property the map's style goes by."""
    if prop.name != layer.style.property:
        return None
    return next((category for category in layer.style.categories if category.value == value), None)


def rows(layer: Layer, queryset: QuerySet[Any], properties: Iterable[Property]) -> QuerySet[Any]:
    """A queryset of dicts: ``pk``, and each property's raw value under ``p_<name>``. One statement."""
    columns = {f"{PREFIX}{prop.name}": prop.expression for prop in properties}
    extra = ["is_example"] if _has_field(layer.model, "is_example") else []
    return queryset.values("pk", *extra, **columns)


def _has_field(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def facts(layer: Layer, row: dict[str, Any], properties: Sequence[Property]) -> list[Fact]:
    """A record's facts from one of ``rows``; the area is one fact that leads to the area's page."""
    found = []
    for prop in readable(layer, properties):
        if prop.name == "area_code":
            continue
        value = row[f"{PREFIX}{prop.name}"]
        code = (row.get(f"{PREFIX}area_code") or "") if prop.name == "area_name" else ""
        words = layer.words.get(prop.name)
        text = words(value) if words and value else text_of(prop, value)
        found.append(Fact(prop.name, capfirst(str(prop.title)), text, category_of(layer, prop, value), code))
    return found
