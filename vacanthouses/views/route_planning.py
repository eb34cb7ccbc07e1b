"""Planning a crew's day. The address holds the whole plan, so that every step can be taken back and nothing is written
before it is saved."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core import permissions
from gis_core.editing.errors import Conflict, Invalid, NotAllowed
from gis_core.layers.registry import layers
from vacanthouses.models import Campaign, DayRoute
from vacanthouses.route_forms import CLOSED, OPEN, RouteForm, stop_ids
from vacanthouses.services import assignments, route_facts
from vacanthouses.services import routes as services
from vacanthouses.services.starting_places import StartingPlace, called, places_for

from .access import find_campaign
from .routes import find_route

Stops = list[services.Stop]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def route_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """GET proposes or changes and writes nothing; POST saves."""
    campaign = find_campaign(request, pk)
    asked = request.POST if request.method == "POST" else request.GET
    crews = list(assignments.crews_for(campaign))
    crew = next((each for each in crews if str(each.pk) == asked.get("crew")), crews[0] if crews else None)
    places = places_for(campaign, crew) if crew else []
    form = RouteForm(
        asked if "crew" in asked else None, campaign=campaign, crews=crews, places=_offered(campaign, asked, places)
    )
    context: dict[str, Any] = {"campaign": campaign, "tab": "work-areas", "form": form, "crews": crews}
    status = 200
    if form.is_valid():
        try:
            draft = _draft(request, campaign, form, places)
        except ValueError:
            context["problems"] = [_("This address is not complete. Plan the day anew.")]
            return render(request, "vacanthouses/route_plan.html", context, status=422)
        version = _version(asked, draft, services.present(campaign, draft.crew, draft.day))
        if request.method == "POST":
            done = _save(request, campaign, draft, version, context)
            if done is not None:
                return redirect("route", done.pk)
            status, version = context.pop("status"), context.pop("version", version)
        context |= _planned(request, campaign, form, draft, places, version)
    elif request.method == "POST":
        status = 422
    return render(request, "vacanthouses/route_plan.html", context, status=status)


def _offered(campaign: Campaign, asked: QueryDict, places: list[StartingPlace]) -> list[StartingPlace]:
    """The places to choose from; one more where a saved route begins somewhere that has no name any more."""
    point = _kept(campaign, asked)
    return [*places, StartingPlace("kept", _("as it was saved"), point)] if point else places


def _kept(campaign: Campaign, asked: QueryDict) -> Any:
    known = asked.get("kept", "")
    if not known.isdecimal() or len(known) > 9:
        return None
    found = DayRoute.objects.filter(pk=int(known), campaign=campaign).first()
    return found.start if found else None


def _draft(request: HttpRequest, campaign: Campaign, form: RouteForm, places: list[StartingPlace]) -> services.Draft:
    """The plan that the address tells of. Raises ValueError where it cannot be read."""
    asked, facts = form.data, form.cleaned_data
    start = {place.key: place.point for place in places}.get(facts["start"], places[0].point)
    draft = services.Draft(facts["crew"], facts["day"], facts["way"] == CLOSED, start, facts["each"], ())
    if "stops" not in asked:
        return _with(draft, services.propose(campaign, draft, facts["minutes"], facts["most"]))
    ids = stop_ids(asked["stops"])
    return _with(draft, _changed(campaign, _with(draft, ids), asked) if request.method != "POST" else ids)


def _with(draft: services.Draft, stops: tuple[int, ...]) -> services.Draft:
    return services.Draft(draft.crew, draft.day, draft.is_closed, draft.start, draft.each, stops)


def _changed(campaign: Campaign, draft: services.Draft, asked: Mapping[str, Any]) -> tuple[int, ...]:
    """The stops after the step that was asked for: ``up:7``, ``down:7``, ``remove:7``, ``add``, ``reverse`` ..."""
    step, _colon, number = asked.get("do", "").partition(":")
    stops = services.stops_of(campaign, draft.crew, draft.stops)
    ids = [stop.assignment.pk for stop in stops]
    if step == "reverse":
        return tuple(reversed(ids))
    if step == "shortest":
        return services.reordered(draft, stops)
    if step == "tidy":
        return route_facts.still_to_visit(stops)
    chosen = asked.get("add", "") if step == "add" else number
    pk = int(chosen) if chosen.isdecimal() else 0
    if step == "add":
        new = services.work_of(campaign, draft.crew).filter(pk=pk).first()
        return services.added(draft, stops, new) if new else tuple(ids)
    if pk in ids and step in ("up", "down", "remove"):
        at = ids.index(pk)
        ids.pop(at)
        if step != "remove":
            ids.insert(max(0, at - 1) if step == "up" else at + 1, pk)
    return tuple(ids)


def _version(asked: QueryDict, draft: services.Draft, present: DayRoute | None) -> int:
    """The version of the day's route that this person has seen: told by the form while crew and day are the same."""
    crew, _dot, rest = asked.get("seen", "").partition(".")
    day, _dot, version = rest.partition(".")
    if (crew, day) == (str(draft.crew.pk), draft.day.isoformat()) and version.isdecimal():
        return int(version)
    return present.version if present else 0


def _save(
    request: HttpRequest, campaign: Campaign, draft: services.Draft, version: int, context: dict[str, Any]
) -> DayRoute | None:
    """The saved route; None with problems, ``status`` and the ``version`` there is now in the context."""
    try:
        saved = services.save(campaign, request.user, draft, version)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as error:
        context |= {"problems": [text for texts in error.errors.values() for text in texts], "status": 422}
        return None
    except Conflict as conflict:
        context |= {"theirs": conflict.current, "status": 409, "version": conflict.current.version}
        return None
    messages.success(request, _("The route was saved."))
    return saved


def _planned(
    request: HttpRequest, campaign: Campaign, form: RouteForm, draft: services.Draft, places: list[StartingPlace],
    version: int,
) -> dict[str, Any]:  # fmt: skip
    stops = services.stops_of(campaign, draft.crew, draft.stops)
    sheet = route_facts.sheet(draft, stops, request.user, called(places, draft.start).name)
    layer = layers.get("vacant-houses")
    left = [
        each
        for each in services.work_of(campaign, draft.crew)
        if each.pk not in draft.stops and permissions.sees_personal(request.user, layer, each.house)
    ]
    others = [(each.house.location.x, each.house.location.y) for each in left if each.house.location]
    if sheet.shown or left:
        permissions.log_personal(request.user, layer, "route", count=sheet.shown + len(left))
    return {
        "draft": draft, "sheet": sheet, "map": route_facts.picture(sheet, draft, others),
        "left": sorted((each for each in left if each.house.location), key=lambda each: each.house.address),
        "unplaced": len(left) - len(others),
        "fields": _fields(form, draft, stops, version),
        "has_stale": any(stop.state != services.TODO for stop in stops),
        "present": services.present(campaign, draft.crew, draft.day),
    }  # fmt: skip


def _fields(form: RouteForm, draft: services.Draft, stops: Stops, version: int) -> list[tuple[str, str]]:
    """The plan as the hidden fields of its forms."""
    return [
        *((name, str(form.data.get(name, ""))) for name in ("crew", "day", "way", "start", "minutes", "each", "most")),
        *((("kept", form.data["kept"]),) if "kept" in form.data else ()),
        ("stops", ",".join(str(stop.assignment.pk) for stop in stops)),
        ("seen", f"{draft.crew.pk}.{draft.day.isoformat()}.{version}"),
    ]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def route_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A saved route as a plan to change; with ``?copy`` as one for the next day, of what is still to be visited."""
    found = find_route(request, pk)
    campaign = find_campaign(request, found.campaign_id)
    draft = route_facts.draft_of(found)
    start = called(places_for(campaign, found.crew), found.start)
    stops, day = draft.stops, found.day
    is_copy = "copy" in request.GET
    if is_copy:
        stops = route_facts.still_to_visit(services.stops_of(campaign, found.crew, stops))
        day = max(found.day, timezone.localdate()) + timedelta(days=1)
    facts = {
        "crew": found.crew_id, "day": day.isoformat(), "way": CLOSED if found.is_closed else OPEN,
        "start": start.key, "minutes": 420, "each": f"{draft.each:g}", "most": 15,
        "stops": ",".join(map(str, stops)),
        **({} if is_copy else {"seen": f"{found.crew_id}.{day.isoformat()}.{found.version}"}),
        **({"kept": found.pk} if start.key == "kept" else {}),
    }  # fmt: skip
    return redirect(f"{reverse('route-plan', args=[campaign.pk])}?{urlencode(facts)}")
