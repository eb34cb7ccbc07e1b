"""What anybody may read of rounds. These pages know no person: no session, no name, no cookie but the language."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe
from shapely import box

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.csp import allows_base_maps
from gis_core.editing.shapes import to_geojson
from gis_core.models import ProposalRound
from gis_core.participation import rules, words
from gis_core.participation.querysets import (
    days_of,
    public_rounds,
    published,
    refusals,
    results,
    voters,
    with_last_day,
)
from gis_core.views.accounts import remember_language

PER_PAGE = 50
FRESH_SECONDS = 60
View = Callable[..., HttpResponse]


def in_own_language(view: View) -> View:
    """``?lang=`` is remembered, and leads to the same page without it."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        if request.method == "GET" and chosen in dict(settings.LANGUAGES):
            response: HttpResponse = redirect(request.path)
            remember_language(response, chosen)
            patch_cache_control(response, no_store=True)
            return response
        return view(request, *args, **kwargs)

    return page


def readable_by_all(view: View) -> View:
    """A page that is the same for everybody who reads its language, and may be kept for a minute."""

    @wraps(view)
    def page(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
        patch_vary_headers(response, ["Cookie"])
        return response

    return in_own_language(require_safe(page))


def public_round(slug: str) -> ProposalRound:
    """Raises Http404 for what is not, or no longer, public."""
    return get_object_or_404(public_rounds(), slug=slug)


def about(found: ProposalRound) -> dict[str, Any]:
    """What every page of a round says of it."""
    days, today = days_of(found), timezone.localdate()
    return {
        "round": found, "title": words.title(found), "question": words.question(found), "state": words.state(found),
        "may_propose": rules.may_propose(days, today), "may_vote": rules.may_vote(days, today),
        "is_over": today > days.last,
    }  # fmt: skip


def box_of(found: ProposalRound) -> str:
    """West, south, east, north of the round's area in degrees, for the map."""
    around = reproject(box(*found.area.geometry.extent), STORAGE_SRID, LONLAT_SRID)
    return ",".join(f"{each:.5f}" for each in around.bounds)


@readable_by_all
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds that are open or to come, then those that are over."""
    today = timezone.localdate()
    found = with_last_day(public_rounds())
    current = found.filter(last_day__gte=today).order_by("last_day", "pk")
    over = Paginator(found.filter(last_day__lt=today).order_by("-last_day", "-pk"), PER_PAGE)
    page = over.get_page(request.GET.get("page"))
    context = {"current": [about(each) for each in current], "over": [about(each) for each in page], "page": page}
    return render(request, "gis_core/participation/public/rounds.html", context)


@readable_by_all
@allows_base_maps
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked, what was proposed, the office's answers, the meetings; when the vote is over, its results."""
    found = public_round(slug)
    context = about(found)
    proposals = published(found)
    context |= {
        "page": Paginator(proposals, PER_PAGE).get_page(request.GET.get("page")),
        "has_places": proposals.filter(location__isnull=False).exists(),
        "refusals": refusals(found), "meetings": found.meetings.live(), "box": box_of(found),
    }  # fmt: skip
    if found.vote_opens_on and context["is_over"]:
        voted, on_site = voters(found)
        context |= {
            "results": results(found, proposals), "voted": voted, "on_site": on_site,
            "turnout": rules.turnout(voted, found.eligible),
        }  # fmt: skip
    return render(request, "gis_core/participation/public/round.html", context)


@readable_by_all
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """The published proposals that have a place, as GeoJSON (longitude and latitude)."""
    proposals = published(public_round(slug)).filter(location__isnull=False)
    features = [
        {"type": "Feature", "id": each.pk, "geometry": to_geojson(each.location), "properties": {"title": each.title}}
        for each in proposals
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})
