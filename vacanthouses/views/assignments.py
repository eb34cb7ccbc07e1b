"""Who visits which house: crews, and the list by which a round's houses are given to them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import AdminArea
from vacanthouses.assignment_forms import AssignForm, CrewForm
from vacanthouses.models import Campaign, Crew
from vacanthouses.services import assignments as services
from vacanthouses.services import giving

from .access import find_campaign

PER_PAGE = 100
SHOWN = ("open", "kept", "assigned", "all")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = find_campaign(request, pk)
    town, shown = request.GET.get("town", ""), request.GET.get("show", "open")
    houses = _filtered(campaign, town, shown if shown in SHOWN else "open")
    page = Paginator(houses, PER_PAGE).get_page(request.GET.get("page"))
    crews = list(services.crews_for(campaign))
    problems: list[str] = []
    if request.method == "POST":
        form = AssignForm(request.POST, houses=[house.pk for house in page], crews=crews)
        problems = _assigned(request, campaign, form)
        if not problems:
            return redirect(f"{reverse('work-areas', args=[pk])}?{request.GET.urlencode()}")
    if page.object_list:
        permissions.log_personal(request.user, layers.get("vacant-houses"), "assign", count=len(page.object_list))
    context = {
        "campaign": campaign, "tab": "work-areas", "page": page, "crews": _with_loads(campaign, crews),
        "towns": _towns(campaign), "town": town, "show": shown, "problems": problems,
        "ticked": request.POST.getlist("houses"),
    }  # fmt: skip
    return render(request, "vacanthouses/assignments.html", context, status=422 if problems else 200)


def _filtered(campaign: Campaign, town: str, shown: str) -> Any:
    own = services.current(campaign).filter(house=OuterRef("pk"))
    houses: Any = services.houses_of(campaign).select_related("area").annotate(
        crew_name=Subquery(own.values("crew__name")[:1]), done=Subquery(own.values("done_at")[:1]),
        crew_pk=Subquery(own.values("crew")[:1]),
    )  # fmt: skip
    if town.isdecimal():
        houses = houses.filter(area__mois_code=town)
    if shown == "kept":
        houses = houses.filter(is_kept=True, crew_pk=None)
    elif shown == "open":
        houses = houses.filter(crew_pk=None, done=None)
    elif shown == "assigned":
        houses = houses.exclude(crew_pk=None)
    return houses.order_by(F("is_kept").desc(), "area__mois_code", "address", "pk")


def _towns(campaign: Campaign) -> Any:
    below = AdminArea.objects.descendant_ids([campaign.area_id])
    return AdminArea.objects.towns().filter(pk__in=sorted(below)).order_by("mois_code").only("name", "mois_code")


def _with_loads(campaign: Campaign, crews: list[Crew]) -> list[tuple[Crew, int]]:
    rows = services.current(campaign).filter(done_at=None).order_by().values("crew").annotate(number=Count("pk"))
    loads = {row["crew"]: row["number"] for row in rows}
    return [(crew, loads.get(crew.pk, 0)) for crew in crews]


def _assigned(request: HttpRequest, campaign: Campaign, form: AssignForm) -> list[str]:
    """What is wrong; empty when it was done."""
    if not form.is_valid():
        return [str(text) for texts in form.errors.values() for text in texts]
    try:
        given = giving.assign(campaign, request.user, form.cleaned_data["houses"], form.cleaned_data["crew"])
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as error:
        return [text for texts in error.errors.values() for text in texts]
    tell_given(request, given)
    return []


def tell_given(request: HttpRequest, given: giving.Given) -> None:
    """What became of the houses, in words: what moved, what stayed, and which areas lost some."""
    told = ngettext("%(number)s house changed hands.", "%(number)s houses changed hands.", given.changed)
    messages.success(request, told % {"number": given.changed})
    if given.visited:
        told = ngettext(
            "%(number)s house stayed where it was: it has been visited.",
            "%(number)s houses stayed where they were: they have been visited.",
            given.visited,
        )
        messages.info(request, told % {"number": given.visited})
    if given.left:
        told = _("Houses left these work areas: %(areas)s.")
        messages.info(request, told % {"areas": ", ".join(given.left)})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def crew_edit(request: HttpRequest, pk: int, crew_pk: int | None = None) -> HttpResponse:
    campaign = find_campaign(request, pk)
    crew = get_object_or_404(services.crews_for(campaign), pk=crew_pk) if crew_pk else None
    form = CrewForm(request.POST or None, instance=crew, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        saved = form.save(commit=False)
        saved.created_by = saved.created_by or request.user
        saved.updated_by = request.user
        saved.save()
        form.save_m2m()
        messages.success(request, _("The crew was saved."))
        return redirect("work-areas", pk)
    context = {"campaign": campaign, "tab": "work-areas", "form": form, "crew": crew}
    return render(request, "vacanthouses/crew_form.html", context, status=422 if request.method == "POST" else 200)
