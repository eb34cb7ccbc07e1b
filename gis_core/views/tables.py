"""The table of a layer: columns from its listed properties, rows as dicts, one statement per page."""

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from gis_core.layers.layer import Layer, Property

from .display import PREFIX, category_of, rows, text_of

PAGE_SIZES = (25, 50, 100)


class PropertyColumn(tables.Column):
    """A property as text; the pk breaks ties, so that pages neither repeat nor skip a row."""

    def __init__(self, layer: Layer, prop: Property, *, first: bool) -> None:
        self.layer, self.prop = layer, prop
        accessor = f"{PREFIX}{prop.name}"
        number = prop.type in {"integer", "number"} and not prop.choices
        css = " ".join(name for name, wanted in (("first", first), ("number", number)) if wanted)
        cell = {"class": css} if css else {}
        title = capfirst(str(prop.title))
        super().__init__(
            verbose_name=title,
            accessor=accessor,
            order_by=(accessor, "pk"),
            empty_values=(),
            attrs={
                "td": {"data-label": title, **cell},
                "th": {"scope": "col", **({"class": "number"} if number else {})},
            },
        )

    def render(self, value: Any) -> str:
        return text_of(self.prop, value)


class RecordTable(tables.Table):
    class Meta:
        template_name = "gis_core/_table.html"
        attrs = {"class": "table cards"}
        order_by_field = "sort"
        page_field = "page"
        per_page_field = "size"

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """Rows of this page for the template: where each leads, its cells, and whether it is invented data."""
        return [
            {
                "url": reverse("record-detail", args=[self.layer, row.record["pk"]]),
                "example": row.record.get("is_example", False),
                "cells": [self._cell(column, cell, row.record) for column, cell in row.items()],
            }
            for row in self.paginated_rows
        ]

    def _cell(self, bound: Any, text: str, record: dict[str, Any]) -> dict[str, Any]:
        prop = bound.column.prop
        return {
            "text": text,
            "attrs": bound.attrs["td"],
            "category": category_of(self.layer, prop, record[f"{PREFIX}{prop.name}"]),
        }

    def __init__(self, layer: Layer, properties: Sequence[Property], data: QuerySet[Any], **options: Any) -> None:
        self.layer = layer
        columns = [
            (prop.name, PropertyColumn(layer, prop, first=number == 0)) for number, prop in enumerate(properties)
        ]
        super().__init__(data, extra_columns=columns, **options)


class CountedPaginator(Paginator):
    """A paginator that is told the count instead of asking the database on every page."""

    known: int

    @property
    def count(self) -> int:
        return self.known


def page_size(request: HttpRequest) -> int:
    asked = request.GET.get("size", "")
    return int(asked) if asked.isdecimal() and int(asked) in PAGE_SIZES else PAGE_SIZES[0]


def record_table(
    request: HttpRequest, layer: Layer, properties: Sequence[Property], queryset: QuerySet[Any], total: int
) -> RecordTable:
    names = {prop.name for prop in properties}
    asked = request.GET.get("sort", "")
    order = asked if asked.lstrip("-") in names else None
    table = RecordTable(layer, properties, rows(layer, queryset.order_by("pk"), properties), order_by=order)
    paginator = type("LayerPaginator", (CountedPaginator,), {"known": total})
    number = request.GET.get("page", "1")
    table.paginate(page=1, per_page=page_size(request), paginator_class=paginator)
    # A page beyond the end shows the last one: the list may have become shorter since the link was made.
    table.page = table.paginator.get_page(number)
    return table
