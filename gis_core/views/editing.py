"""Adding, changing, retiring: one view for the full page and for the map's side panel (htmx)."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core import permissions
from gis_core.editing import UNCHANGED, Conflict, Invalid, NotAllowed, Saved, VersionRequired, retire, save
from gis_core.editing.shapes import to_geojson
from gis_core.forms import RetireForm
from gis_core.layers.layer import Layer

from .conflicts import ASKED, conflict_context, is_resolved, left_to_the_other
from .records import find, note_look, record_context
from .submitted import hidden_fields, number_or_none, posted_shapes, posted_values


def _form(request: HttpRequest, layer: Layer, record: Any, data: Any = None) -> ModelForm:
    """The layer's form without the fields this person may not see; those stay as they are.

    A new one begins with what the address says: a page links to the form of what is to hang on its record.
    """
    form = layer.form(data, instance=record, initial={} if record else _asked(request, layer))
    for name in hidden_fields(layer, request.user, record):
        form.fields.pop(name, None)
    return form


def _asked(request: HttpRequest, layer: Layer) -> dict[str, Any]:
    """What the address says of a new record, every value of a field that takes many."""
    many = {name for name, field in layer.form.base_fields.items() if isinstance(field, ModelMultipleChoiceField)}
    return {name: request.GET.getlist(name) if name in many else value for name, value in request.GET.items()}


def _form_page(
    request: HttpRequest,
    layer: Layer,
    record: Any,
    *,
    form: ModelForm,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = dict(errors or {})
    shape_errors = [text for name in layer.geometry_fields for text in shown.pop(name, [])]
    posted = request.POST
    location = to_geojson(getattr(record, layer.geometry)) if record else None
    lon, lat = location["coordinates"] if location and location["type"] == "Point" else ("", "")
    context = {
        "layer": layer,
        "record": record,
        "form": form,
        "action": reverse("record-edit", args=[layer, record.pk]) if record else reverse("record-add", args=[layer]),
        "cancel_url": reverse("record-detail", args=[layer, record.pk])
        if record
        else reverse("record-list", args=[layer]),
        "panel_url": reverse("record-panel", args=[layer, record.pk]) if record else "",
        "map_url": f"{reverse('map')}?"
        + (f"sel={layer.id}/{record.pk}&edit=shape" if record else f"add={layer.id}&{request.GET.urlencode()}"),
        "shape_errors": shape_errors,
        "general_errors": shown.get("__all__", []),
        "geometry": posted.get("geometry", ""),
        "outline": posted.get("outline", ""),
        "lon": posted.get("lon", lon),
        "lat": posted.get("lat", lat),
        "is_point": layer.takes_points,
        "is_any_shape": layer.geometry_type == "Geometry",
        "version": posted.get("version") or (record.version if record else ""),
        "token": posted.get("token") or uuid.uuid4(),
        "repairing": posted.get("repair") == "on",
    }
    template = "gis_core/_form.html" if request.htmx else "gis_core/record_form.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _conflict_page(request: HttpRequest, layer: Layer, conflict: Conflict, data: dict[str, Any]) -> HttpResponse:
    context = conflict_context(layer, request.user, conflict, data, request.POST)
    template = "gis_core/_conflict.html" if request.htmx else "gis_core/record_conflict.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=409)


def _announce(request: HttpRequest, saved: Saved) -> None:
    """Say what was saved, and never leave a repair or a merge unsaid."""
    if saved.created:
        messages.success(request, _("Added."))
    elif saved.changed:
        messages.success(request, _("Saved."))
    else:
        messages.info(request, _("Nothing had changed."))
    for text in saved.repairs:
        messages.warning(request, text)
    if saved.merged:
        messages.info(request, _("Somebody else had changed other fields meanwhile; both changes are kept."))


def panel_or_page(request: HttpRequest, layer: Layer, record: Any) -> HttpResponse:
    """What follows a change: in the map's panel the record, announced to the map; else the record's page."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("record-detail", layer, record.pk)
    response = render(request, "gis_core/_panel.html", record_context(request, layer, record, "panel"))
    response["HX-Trigger"] = json.dumps({"record-saved": {"layer": layer.id, "id": record.pk}})
    return response


def _save(request: HttpRequest, layer: Layer, record: Any) -> HttpResponse:
    posted = request.POST
    data = posted_values(layer, request.user, record, posted)
    version = number_or_none(posted.get("version"))
    if ASKED in posted:
        if is_resolved(posted):
            data = {name: value for name, value in data.items() if not left_to_the_other(posted, name)}
        else:
            # Something was left undecided: the same conflict is shown again.
            version = number_or_none(posted.get("base_version"))
    try:
        shapes = posted_shapes(layer, record, posted)
        if is_resolved(posted):
            shapes = {name: UNCHANGED if left_to_the_other(posted, name) else shape for name, shape in shapes.items()}
        saved = save(
            layer,
            request.user,
            data,
            record=record,
            expected_version=version if record else None,
            repair=posted.get("repair") == "on",
            partial=record is not None,
            merging=True,
            token=None if record else _token(request),
            **shapes,
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Conflict as conflict:
        return _conflict_page(request, layer, conflict, data)
    except VersionRequired:
        errors = {"__all__": [_("This form did not say which version it was made from. Open it again.")]}
        return _form_page(request, layer, record, form=_bound(request, layer, record), errors=errors, status=422)
    except Invalid as invalid:
        form = _bound(request, layer, record)
        return _form_page(request, layer, record, form=form, errors=invalid.errors, status=422)
    _announce(request, saved)
    return panel_or_page(request, layer, saved.record)


def _bound(request: HttpRequest, layer: Layer, record: Any) -> ModelForm:
    """The form as it was sent, with its own errors. It gets an instance of its own: checking a form writes on it."""
    fresh = layer.model._default_manager.get(pk=record.pk) if record else None
    form = _form(request, layer, fresh, request.POST)
    form.is_valid()
    return form


def _token(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, layer: Layer) -> HttpResponse:
    if not permissions.can_add(request.user, layer):
        raise PermissionDenied(_("Your roles do not let you add this."))
    if request.method == "POST":
        return _save(request, layer, None)
    return _form_page(request, layer, None, form=_form(request, layer, None))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, layer: Layer, pk: int) -> HttpResponse:
    record = find(request, layer, pk)
    if not permissions.can_change(request.user, layer, record):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    if request.method == "POST":
        return _save(request, layer, record)
    if record.retired_at:
        messages.info(request, _("This is retired. Put it back from its history before changing it."))
        return panel_or_page(request, layer, record)
    note_look(request.user, layer, record, "form")
    return _form_page(request, layer, record, form=_form(request, layer, record))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def retire_record(request: HttpRequest, layer: Layer, pk: int) -> HttpResponse:
    record = find(request, layer, pk)
    if not permissions.can_change(request.user, layer, record):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    form = RetireForm(request.POST or None, initial={"version": record.version})
    status, moved_on = 200, False
    if request.method == "POST" and form.is_valid():
        try:
            retire(layer, request.user, record, **_retirement(form))
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Conflict as conflict:
            status, moved_on, record = 409, True, conflict.current
            form = RetireForm(initial={"version": record.version, "reason": form.cleaned_data["reason"]})
        except Invalid as invalid:
            form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
        else:
            messages.success(request, _("Retired. Its history stays, and it can be put back from there."))
            record.refresh_from_db()
            return panel_or_page(request, layer, record)
    if form.errors:
        status = 422
    context = {"layer": layer, "record": record, "form": form, "moved_on": moved_on}
    template = "gis_core/_retire.html" if request.htmx else "gis_core/record_retire.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _retirement(form: RetireForm) -> dict[str, Any]:
    return {"reason": form.cleaned_data["reason"], "expected_version": form.cleaned_data["version"]}
