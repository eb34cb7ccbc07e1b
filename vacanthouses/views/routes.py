"""Day routes: the list, one route to look at and to print."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_core import pdf, permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from vacanthouses.models import Assignment, DayRoute
from vacanthouses.services import route_facts
from vacanthouses.services import routes as services

from .access import MANAGERS, find_campaign
from .sheets import paper

PER_PAGE = 40
PAPER_HEIGHT = 400.0


@login_required
@never_cache
@require_safe
def route_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The round's routes, the latest day first; people who survey see those of their crews."""
    campaign = find_campaign(request, pk, surveyors=True)
    page = Paginator(services.routes_of(campaign, request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign, "tab": "work-areas", "page": page, "rows": _with_visited(list(page.object_list)),
        "can_change": _manages(request.user, campaign), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "vacanthouses/route_list.html", context)


def _manages(user: Any, campaign: Any) -> bool:
    return permissions.covers(permissions.area_scope(user, MANAGERS), [campaign.area_id])


def _with_visited(routes: list[DayRoute]) -> list[tuple[DayRoute, int]]:
    """Each with how many of its stops are visited, in one query for all."""
    ids = {pk for route in routes for pk in route.stops}
    done = set(Assignment.objects.filter(pk__in=ids, done_at__isnull=False).values_list("pk", flat=True))
    return [(route, sum(pk in done for pk in route.stops)) for route in routes]


def find_route(request: HttpRequest, pk: int) -> DayRoute:
    """A live route that this person may see. Raises PermissionDenied for other roles, Http404 elsewhere."""
    found = get_object_or_404(DayRoute.objects.live(), pk=pk)
    campaign = find_campaign(request, found.campaign_id, surveyors=True)
    route: DayRoute = get_object_or_404(services.routes_of(campaign, request.user).select_related("campaign"), pk=pk)
    return route


def _log(request: HttpRequest, action: str, sheet: route_facts.Sheet) -> None:
    permissions.log_personal(request.user, layers.get("vacant-houses"), action, count=sheet.shown)


@login_required
@never_cache
@require_safe
def route(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_route(request, pk)
    sheet, draft, _stops = route_facts.sheet_of(found, request.user)
    _log(request, "route", sheet)
    context = {
        "campaign": found.campaign, "tab": "work-areas", "route": found, "sheet": sheet,
        "map": route_facts.picture(sheet, draft), "can_change": _manages(request.user, found.campaign),
    }  # fmt: skip
    return render(request, "vacanthouses/route.html", context)


@never_cache
@login_required
@require_safe
def route_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The day on paper: its map, and a line to write on for every stop."""
    found = find_route(request, pk)
    sheet, draft, _stops = route_facts.sheet_of(found, request.user)
    context: dict[str, Any] = {
        "campaign": found.campaign, "route": found, "sheet": sheet, "members": list(found.crew.members.all()),
        "map": route_facts.picture(sheet, draft, height=PAPER_HEIGHT), "printed_by": request.user,
    }  # fmt: skip
    document = pdf.render("vacanthouses/sheets/day_route.html", context, request)
    _log(request, "print", sheet)
    return paper(document, _("Route of %(crew)s %(day)s") % {"crew": found.crew, "day": found.day.isoformat()})


@login_required
@require_POST
def route_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(DayRoute, pk=pk)
    find_campaign(request, found.campaign_id)
    version = request.POST.get("version", "")
    try:
        services.retire(found, request.user, int(version) if version.isdecimal() else 0)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as error:
        messages.error(request, " ".join(text for texts in error.errors.values() for text in texts))
        return redirect("route", pk)
    messages.success(request, _("The route was taken out of use."))
    return redirect("route-list", found.campaign_id)
