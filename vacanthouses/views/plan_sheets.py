"""An improvement plan on paper: for the office, or to be laid open with only the addresses that may be told."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import pdf, permissions
from gis_core.layers.registry import layers
from vacanthouses.models import ImprovementPlan, MeasureState, Owner
from vacanthouses.querysets_planning import measures
from vacanthouses.services import clocks, plan_figures
from vacanthouses.words.clocks import STATE_LABELS

from .plans import find_plan
from .sheets import paper


@never_cache
@login_required
@require_safe
def plan_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan with its measures and sums. ``?open``: the copy that is laid open, in which a house is told by its town
    alone unless every owner agreed to publication (빈집 특례법 §28)."""
    plan = find_plan(request, pk)
    is_open = "open" in request.GET
    rows = _rows(plan, is_open)
    detail = f"plan {pk}{' open' if is_open else ''}"
    permissions.log_personal(request.user, layers.get("vacant-houses"), "plan sheet", count=len(rows), detail=detail)
    context: dict[str, Any] = {
        "plan": plan,
        "is_open": is_open,
        "rows": rows,
        "sums": plan_figures.of_plan(plan),
        "clocks": [(clock, STATE_LABELS[clock.state]) for clock in clocks.clocks_of(plan) if clock.started_on],
        "today": timezone.localdate(),
        "printed_by": request.user,
    }
    document = pdf.render("vacanthouses/sheets/plan.html", context, request)
    name = _("%(plan)s, to be laid open") if is_open else "%(plan)s"
    return paper(document, name % {"plan": plan})


def _rows(plan: ImprovementPlan, is_open: bool) -> list[tuple[Any, str, plan_figures.Figures]]:
    """Each measure that was not dropped, with the place that may be told, and its money."""
    owners = Owner.objects.live().filter(house=OuterRef("house"))
    found = measures(plan).exclude(state=MeasureState.DROPPED).annotate(
        has_owner=Exists(owners), has_silent=Exists(owners.filter(publication_consent_on=None))
    ).order_by("area__mois_code", "house__address", "pk")  # fmt: skip
    costs = plan_figures.of_measures(plan)
    rows = []
    for measure in found:
        told = not is_open or (measure.has_owner and not measure.has_silent)
        town = measure.area.full_name if measure.area else ""
        rows.append((measure, measure.house.address if told else town, costs[measure.pk]))
    return rows
