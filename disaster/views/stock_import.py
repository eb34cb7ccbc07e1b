"""Wide stock tables: upload, say which column is which item and which row which depot, look, write."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disaster import wide_table as rules
from disaster.models import DepotKind, Item
from disaster.querysets_counts import depots_of
from disaster.services import column_mappings
from disaster.services import stock_import as services
from disaster.services.comparisons import catalogue
from disaster.services.stock_import import PURPOSE
from disaster.services.stock_places import Places
from disaster.services.stock_reading import DEPOT, NEW, OUT, PLACE, Choices, Preview, read
from gis_core.editing.errors import Invalid, NotAllowed

from .stock_tables import Table, find_table, upload_page


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stock_import(request: HttpRequest) -> HttpResponse:
    return upload_page(request, "disaster/stock_import_upload.html", "stock-import-table")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stock_import_table(request: HttpRequest, upload: str) -> HttpResponse:
    """Columns, rows and what would be written on one page; "write" writes exactly that, or says why not."""
    table = find_table(request, upload)
    if services.is_written(upload):
        messages.info(request, _("This table was written already. To write it again, upload it again."))
        return redirect("stock-import")
    places = Places(table.city, depots_of(request.user, table.city))
    items = {each.pk: each for each in Item.objects.live().order_by("pk")}
    posted = request.method == "POST"
    choices = chosen(request.POST, table) if posted else guessed(table, places)
    refusals: list[str] = []
    if posted and "write" in request.POST:
        try:
            written = services.write(
                request.user, upload, table.day, request.POST.get("digest", ""),
                lambda: read(table.source, choices, places, items, table.day), table.source.name,
            )  # fmt: skip
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            refusals = [text for texts in invalid.errors.values() for text in texts]
        else:
            _remember(request.user, table, choices)
            messages.success(request, _told(written))
            return redirect("stock-import")
    preview = read(table.source, choices, places, items, table.day)
    context = {
        "table": table, "preview": preview, "refusals": refusals, "columns": _columns(table, choices),
        "items": list(items.values()), "left_out": [name for name, role in choices.columns.items() if not role],
        "rows": _rows(preview), "kinds": DepotKind.choices,
        "kind": choices.kind, "has_several": any(len(row.choices) > 1 and row.town for row in preview.rows),
        "PLACE": PLACE, "DEPOT": DEPOT, "NEW": NEW,
    }  # fmt: skip
    return render(request, "disaster/stock_import.html", context, status=409 if refusals else 200)


def _told(written: services.Written) -> str:
    if written.again:
        return _("This table was written already; nothing was written twice.")
    told = _("Written: %(opened)s opened, %(adjusted)s adjusted, %(zeros)s known to be none, %(same)s as they were.")
    return told % {
        "opened": written.opened, "adjusted": written.adjusted, "zeros": written.zeros, "same": written.same,
    }  # fmt: skip


def guessed(table: Table, places: Places) -> Choices:
    """What was told of a table with these headings before; else what headings and cells say themselves."""
    source = table.source
    before = column_mappings.recall(PURPOSE, source.fields)
    known = before.get("columns") or {}
    if not known:
        towns = {name: sum(places.town(row.values[name]) is not None for row in source.rows) for name in source.fields}
        guess = rules.guess_columns(source.fields, catalogue(), towns)
        known = {name: f"item-{key}" for name, key in guess.items.items()}
        known |= {name: role for name, role in ((guess.place, PLACE), (guess.depot, DEPOT)) if name}
    labels = before.get("rows") or {}
    place = next((name for name, role in known.items() if role == PLACE), "")
    rows = {row.number: labels[label] for row in source.rows if (label := row.values.get(place, "")) in labels}
    return Choices({name: known.get(name, OUT) for name in source.fields}, rows=rows)


def chosen(data: QueryDict, table: Table) -> Choices:
    """What the person chose on the page; columns and rows are numbered as in the file."""
    fields = table.source.fields
    columns = {name: _role(data.get(f"col-{index}", OUT)) for index, name in enumerate(fields)}
    new = {
        name: _new_item(name, data.get(f"name-{at}", ""), data.get(f"unit-{at}", "")) for at, name in enumerate(fields)
    }
    rows = {
        row.number: int(text)
        for row in table.source.rows
        if (text := data.get(f"row-{row.number}", "")).isascii() and text.isdecimal() and len(text) < 18
    }
    return Choices(columns, new, rows, frozenset(data.getlist("out")), data.get("kind", ""))


def _new_item(heading: str, name: str, unit: str) -> tuple[str, str]:
    """As typed; what was not typed is taken from the heading."""
    told = rules.read_heading(heading)
    return (name.strip() or told.name)[:60], (unit.strip() or told.unit)[:10]


def _number(role: str) -> str:
    return role.removeprefix("item-") if role.startswith("item-") else "0"


def _role(text: str) -> str:
    number = text.removeprefix("item-")
    is_item = number != text and number.isascii() and number.isdecimal() and len(number) < 18
    return text if text in (PLACE, DEPOT, NEW) or is_item else OUT


def _remember(user: Any, table: Table, choices: Choices) -> None:
    """A column whose item was made is known by its name next time; rows by what they are called."""
    columns = {name: role for name, role in choices.columns.items() if role not in (OUT, NEW)}
    made = {each.name: each.pk for each in Item.objects.filter(name__in=[name for name, _unit in choices.new.values()])}
    columns |= {
        name: f"item-{made[choices.new[name][0].strip()]}"
        for name, role in choices.columns.items()
        if role == NEW and choices.new[name][0].strip() in made
    }
    place = next((name for name, role in columns.items() if role == PLACE), "")
    rows = {
        row.values[place]: choices.rows[row.number]
        for row in table.source.rows
        if place and row.values[place] and row.number in choices.rows
    }
    column_mappings.remember(user, PURPOSE, table.source.fields, {"columns": columns, "rows": rows})


def _columns(table: Table, choices: Choices) -> list[dict[str, Any]]:
    return [
        {
            "index": index, "heading": name, "role": choices.columns.get(name, OUT),
            "item": int(_number(choices.columns.get(name, OUT))),
            "name": _new_item(name, *choices.new.get(name, ("", "")))[0],
            "unit": _new_item(name, *choices.new.get(name, ("", "")))[1],
            "sample": ", ".join([row.values[name] for row in table.source.rows if row.values[name]][:3]),
        }
        for index, name in enumerate(table.source.fields)
    ]  # fmt: skip


def _rows(preview: Preview) -> list[dict[str, Any]]:
    """Each row with its cells in the order of the columns: what changes, what is refused, or nothing."""
    cells: dict[tuple[int, int], Any] = {(each.row, each.column.index): {"change": each} for each in preview.changes}
    for refused in preview.refused:
        number, column = refused.key.split(":")
        cells[int(number), int(column)] = {"refused": refused}
    return [
        {"view": view, "cells": [cells.get((view.number, column.index), {}) for column in preview.columns]}
        for view in preview.rows
    ]
