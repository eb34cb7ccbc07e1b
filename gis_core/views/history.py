"""A record's history: who changed what and when, and putting it back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gis_core import permissions
from gis_core.editing import Conflict, Invalid, NotAllowed, VersionRequired, restore
from gis_core.editing import state as states
from gis_core.editing.history import Change, changes
from gis_core.layers.layer import Layer

from .editing import panel_or_page
from .records import find, note_look, refuse_unless_visible
from .states import StateText, field_title
from .submitted import hidden_fields, number_or_none

LABELS = {
    "insert": gettext_lazy("added"),
    "update": gettext_lazy("changed"),
    "retire": gettext_lazy("retired"),
    "reinstate": gettext_lazy("put back into use"),
    "delete": gettext_lazy("deleted"),
}
LONGEST = 200


@dataclass(frozen=True)
class FieldText:
    """A field of an entry. ``restorable`` when its value then differs from the record's value now."""

    name: str
    title: str
    before: str
    after: str
    is_shape: bool
    restorable: bool


@dataclass(frozen=True)
class ChangeText:
    """One entry of the history as the page shows it. ``restorable`` is false for the state the record is in."""

    change: Change
    label: str
    fields: list[FieldText]
    restorable: bool


def change_texts(layer: Layer, user: Any, record: Any, found: list[Change]) -> list[ChangeText]:
    hidden = hidden_fields(layer, user, record)
    now = states.of_record(layer, record)
    pairs = [
        (field.name, value) for change in found for field in change.fields for value in (field.before, field.after)
    ]
    texts = StateText(layer, pairs)
    return [
        ChangeText(
            change=change,
            label=str(LABELS.get(change.label, change.label)),
            fields=[
                FieldText(
                    name=field.name,
                    title=field_title(layer, field.name),
                    before=texts.of(field.name, field.before),
                    after=texts.of(field.name, field.after),
                    is_shape=field.is_shape,
                    restorable=states.with_same_shapes({field.name: field.after}, now)[field.name] != now[field.name],
                )
                for field in change.fields
                if field.name not in hidden
            ],
            restorable=position > 0 and change.label != "retire",
        )
        for position, change in enumerate(found)
    ]


@require_safe
def record_history(request: HttpRequest, layer: Layer, pk: int) -> HttpResponse:
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    record = find(request, layer, pk)
    entries = change_texts(layer, request.user, record, changes(layer, record, LONGEST))
    note_look(request.user, layer, record, "history")
    context = {
        "layer": layer,
        "record": record,
        "entries": entries,
        "truncated": len(entries) == LONGEST,
        "can_change": permissions.can_change(request.user, layer, record),
    }
    template = "gis_core/_history.html" if request.htmx else "gis_core/record_history.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@login_required
@require_POST
def restore_version(request: HttpRequest, layer: Layer, pk: int, event: int) -> HttpResponse:
    """Put back a version (or, with ``field``, one field of it) as a new version."""
    record = find(request, layer, pk)
    only = [name for name in request.POST.getlist("field") if name not in hidden_fields(layer, request.user, record)]
    version = number_or_none(request.POST.get("version"))
    try:
        restore(layer, request.user, record, event, expected_version=version, fields=only or None)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except (Conflict, VersionRequired):
        messages.error(request, _("Somebody changed this meanwhile. Look at its history again before putting it back."))
        return redirect("record-history", layer, pk)
    except Invalid as invalid:
        for texts in invalid.errors.values():
            for text in texts:
                messages.error(request, text)
        return redirect("record-history", layer, pk)
    messages.success(request, _("Put back. The history shows it as a new version."))
    record.refresh_from_db()
    return panel_or_page(request, layer, record)
