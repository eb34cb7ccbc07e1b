"""Splitting a round's houses into work areas: a proposal to look at, accepting it, and giving areas to crews."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_core.editing.errors import Invalid, NotAllowed
from vacanthouses.models import Campaign, WorkArea
from vacanthouses.services import assignments
from vacanthouses.services import work_areas as services
from vacanthouses.split_map import split_map

from .access import find_campaign


class SplitForm(forms.Form):
    count = forms.IntegerField(label=gettext_lazy("Number of areas"), min_value=1, max_value=60, initial=4)
    minutes = forms.FloatField(label=gettext_lazy("Minutes for each house"), min_value=5, max_value=240, initial=30)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """GET proposes and writes nothing; POST accepts the proposal that was looked at."""
    campaign = find_campaign(request, pk)
    asked = request.POST if request.method == "POST" else request.GET
    form = SplitForm(asked if "count" in asked else None)
    proposal: services.Proposal | None = None
    problems: list[str] = []
    if form.is_valid():
        count, minutes = form.cleaned_data["count"], form.cleaned_data["minutes"]
        try:
            if request.method == "POST":
                made = services.accept(campaign, request.user, count, minutes, request.POST.get("token", ""))
                messages.success(request, _("%(number)s work areas were made.") % {"number": len(made)})
                return redirect("work-area-split", pk)
            proposal = services.propose(campaign, count, minutes)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as error:
            problems = [text for texts in error.errors.values() for text in texts]
    context = {
        "campaign": campaign, "tab": "work-areas", "form": form, "problems": problems, "proposal": proposal,
        "map": _map(proposal), "proposed": _proposed(proposal),
        "work_areas": _work_areas(campaign), "crews": list(assignments.crews_for(campaign)),
    }  # fmt: skip
    return render(request, "vacanthouses/split.html", context, status=422 if problems else 200)


def _proposed(proposal: services.Proposal | None) -> list[tuple[Any, str]]:
    """The areas, each with how far its work is from the equal share, in per cent."""
    return [(area, f"{100 * area.off:+.0f}") for area in proposal.areas] if proposal else []


def _map(proposal: services.Proposal | None) -> str:
    if proposal is None:
        return ""
    shapes = services.outlines_of(proposal)
    members = [area.houses for area in proposal.areas]
    # Made of numbers and an escaped title only.
    return mark_safe(split_map(proposal.points, shapes, members, _("The proposed work areas")))  # noqa: S308


def _work_areas(campaign: Campaign) -> Any:
    live = Q(assignments__retired_at=None)
    return (
        WorkArea.objects.live()
        .filter(campaign=campaign)
        .select_related("crew")
        .annotate(
            all=Count("assignments", filter=live),
            done=Count("assignments", filter=live & Q(assignments__done_at__isnull=False)),
        )
        .order_by("number")
    )  # fmt: skip


@login_required
@require_POST
def give(request: HttpRequest, pk: int, area_pk: int) -> HttpResponse:
    campaign = find_campaign(request, pk)
    area = get_object_or_404(WorkArea.objects.live().filter(campaign=campaign), pk=area_pk)
    crews = {str(crew.pk): crew for crew in assignments.crews_for(campaign)}
    version = request.POST.get("version", "")
    try:
        moved = services.give(
            area, request.user, crews.get(request.POST.get("crew", "")), int(version) if version.isdecimal() else 0
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as error:
        messages.error(request, " ".join(text for texts in error.errors.values() for text in texts))
    else:
        messages.success(request, _("%(area)s was given; %(number)s houses moved.") % {"area": area, "number": moved})
    return redirect("work-area-split", pk)
