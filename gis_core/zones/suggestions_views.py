"""Suggested zones: what is asked, and the candidates with their reasons."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from shapely.geometry.base import BaseGeometry

from gis_core import permissions
from gis_core.editing.errors import Invalid
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Job

from . import suggestions_words as words
from .adjacency import pairs
from .borders_map import CHOSEN, OTHER, Ground, draw, frame_of
from .suggestions import Candidate
from .suggestions_forms import SuggestForm
from .suggestions_querysets import outlines
from .suggestions_services import KEY, candidates_of, start


def _refuse_strangers(user: Any) -> None:
    """Whoever sees zones may ask: only what that person sees is counted."""
    if not permissions.can_view(user, layers.get("zones")):
        raise PermissionDenied(_("Your roles do not let you see this list."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """What is asked; ``?area=`` and the other fields begin it. POST looks for candidates in the background."""
    _refuse_strangers(request.user)
    posted = request.method == "POST"
    form = SuggestForm(request.POST if posted else None, initial=request.GET.dict())
    if posted and form.is_valid():
        try:
            job = start(request.user, form.cleaned_data["area"], form.wish(), _token(request.POST))
        except Invalid as invalid:
            form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
        else:
            return redirect("job", job.pk)
    context = {
        "form": form, "layer": layers.get("zones"), "token": request.POST.get("token") or uuid.uuid4(),
        "before": _before(request.user),
    }  # fmt: skip
    return render(request, "gis_core/zones/suggest.html", context, status=422 if form.errors else 200)


def _token(posted: QueryDict) -> UUID:
    try:
        return UUID(posted.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def _before(user: Any) -> Any:
    """What this person asked lately."""
    return Job.objects.filter(created_by=user, report__has_key=KEY).defer("report")[:5]


@login_required
@never_cache
@require_safe
def suggestions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The candidates, for who asked for them and administrators: what they rest on is what that person sees."""
    job = Job.objects.filter(pk=uuid).first()
    is_own = job is not None and (job.created_by_id == request.user.pk or permissions.is_administrator(request.user))
    if job is None or not is_own or KEY not in job.report:
        raise Http404
    kept, found = job.report[KEY], candidates_of(job)
    members = {pk for each in found for pk in each.members}
    borders = pairs() if found else {}
    around = {other for pk in members for other in borders.get(pk, ())}
    areas = {area.pk: area for area in outlines(members | around)}
    context = {
        "job": job, "kept": kept, "layer": layers.get("zones"),
        "candidates": [_candidate(each, kept, areas, borders) for each in found if areas.keys() >= set(each.members)],
        "gone": sum(not areas.keys() >= set(each.members) for each in found),
        "again": _again(kept), "can_add": permissions.can_add(request.user, layers.get("zones")),
    }  # fmt: skip
    return render(request, "gis_core/zones/suggestions.html", context)


def _candidate(
    found: Candidate,
    kept: Mapping[str, Any],
    areas: Mapping[int, AdminArea],
    borders: Mapping[int, Mapping[int, float]],
) -> dict[str, Any]:
    names = {pk: areas[pk].name for pk in found.members}
    query = QueryDict(mutable=True)
    query.setlist("member_areas", [str(pk) for pk in found.members])
    return {
        "found": found,
        "members": [areas[pk] for pk in found.members],
        "points": round(100 * found.score),
        "parts": words.parts(found, kept["wish"]["weights"], names, kept["titles"]),
        "map": _map(found, areas, borders),
        "zone_url": f"{reverse('record-add', args=[layers.get('zones')])}?{query.urlencode()}",
    }


def _map(found: Candidate, areas: Mapping[int, AdminArea], borders: Mapping[int, Mapping[int, float]]) -> Any:
    around = {other for pk in found.members for other in borders.get(pk, ()) if other in areas}
    frame = frame_of([_shape(areas[pk]) for pk in found.members], 320.0, 240.0)
    grounds = [
        Ground(_shape(areas[pk]), areas[pk].name, CHOSEN if pk in found.members else OTHER)
        for pk in sorted(around | set(found.members))
    ]
    title = _("Map of %(names)s") % {"names": ", ".join(areas[pk].name for pk in found.members)}
    # Made of numbers and escaped names only.
    return mark_safe(draw(frame, grounds, title))  # noqa: S308


def _shape(area: AdminArea) -> BaseGeometry:
    return area.outline  # type: ignore[attr-defined]


def _again(kept: Mapping[str, Any]) -> str:
    """The form with the same wish and the next seed."""
    wish: Mapping[str, Any] = kept["wish"]
    fields: Iterable[tuple[str, Any]] = [
        ("area", kept["area"] or ""), ("least", wish["least"]), ("most", wish["most"]), ("number", wish["number"]),
        ("most_minutes", f"{wish['most_minutes']:.0f}"), ("seed", wish["seed"] + 1),
        *((f"weight_{part}", f"{value:.0f}") for part, value in wish["weights"].items()),
    ]  # fmt: skip
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in fields})
    if wish["across"]:
        query["across"] = "on"
    if wish["town"]:
        query["town"] = AdminArea.objects.filter(pk=wish["town"]).values_list("mois_code", flat=True).first() or ""
    return f"{reverse('zone-suggest')}?{query.urlencode()}"
