"""Survey rounds: the list, one round, and its form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_core.editing.errors import Invalid, NotAllowed
from vacanthouses.campaign_forms import CampaignForm, MoveForm
from vacanthouses.models import Campaign, CampaignStage, Crew, Regime
from vacanthouses.services import campaigns as services

from .access import find_campaign, is_manager, managed_areas, seen_campaigns

PER_PAGE = 30


@login_required
@never_cache
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Survey rounds: a manager's of their areas, a surveyor's of their crews."""
    campaigns = seen_campaigns(request.user, surveyors=True)
    chosen = {name: request.GET.get(name, "") for name in ("stage", "regime")}
    for name, value in chosen.items():
        if value:
            campaigns = campaigns.filter(**{name: value})
    page = Paginator(campaigns, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _with_counts(page.object_list),
        "stages": CampaignStage.choices,
        "regimes": Regime.choices,
        "chosen": chosen,
        "can_add": is_manager(request.user),
    }
    return render(request, "vacanthouses/campaign_list.html", context)


def _with_counts(campaigns: Any) -> list[tuple[Campaign, int, int]]:
    """Each with its assignments and how many of them are done, in one further query."""
    shown = list(campaigns)
    live = Q(assignments__retired_at=None, assignments__is_blind=False)
    counts = {
        row["pk"]: (row["all"], row["done"])
        for row in Campaign.objects.filter(pk__in=[each.pk for each in shown])
        .order_by()
        .values("pk")
        .annotate(
            all=Count("assignments", filter=live),
            done=Count("assignments", filter=live & Q(assignments__done_at__isnull=False)),
        )
    }
    return [(each, *counts[each.pk]) for each in shown]


@login_required
@never_cache
@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its facts, its numbers, and its crews."""
    found = find_campaign(request, pk, surveyors=True)
    [(_same, total, done)] = _with_counts([found])
    crews = (
        Crew.objects.live()
        .filter(Q(assignments__campaign=found) | Q(work_areas__campaign=found))
        .select_related("area")
        .order_by("area", "name")
        .distinct()
    )
    context = {
        "campaign": found,
        "tab": "overview",
        "total": total,
        "done": done,
        "crews": crews,
        "follows": [CampaignStage(stage) for stage in services.FOLLOWS[CampaignStage(found.stage)]],
        "can_change": is_manager(request.user),
    }
    return render(request, "vacanthouses/campaign.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a round, or change one."""
    scope = managed_areas(request.user)
    found = find_campaign(request, pk) if pk else None
    form = CampaignForm(request.POST or None, instance=found, scope=scope)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = _save(request, form, pk)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                if pk:
                    form.rebase(find_campaign(request, pk))
                for name, texts in invalid.errors.items():
                    form.add_error(name, texts)
                status = 409
            else:
                return redirect("campaign", saved.pk)
    context = {"form": form, "campaign": find_campaign(request, pk) if pk else None}
    return render(request, "vacanthouses/campaign_form.html", context, status=status)


def _save(request: HttpRequest, form: CampaignForm, pk: int | None) -> Campaign:
    if pk is None:
        made = services.create(request.user, form.values())
        messages.success(request, _("Saved."))
        return made
    saved, theirs = services.change(Campaign(pk=pk), request.user, form.base(), form.values())
    messages.success(request, _("Saved."))
    if theirs:
        names = ", ".join(str(form[name].label) for name in theirs)
        messages.info(request, _("Somebody else changed meanwhile, and it was kept: %(fields)s.") % {"fields": names})
    return saved


@login_required
@require_POST
def campaign_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Open, close or reopen a round."""
    found = find_campaign(request, pk)
    form = MoveForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid({"__all__": [_("This form was not complete. Try again.")]})
        moved = services.move(found, request.user, form.cleaned_data["stage"], form.cleaned_data["version"])
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        for texts in invalid.errors.values():
            messages.error(request, " ".join(texts))
    else:
        messages.success(request, _("Now in “%(stage)s”.") % {"stage": moved.get_stage_display()})
    return redirect("campaign", found.pk)
