"""Concentration zones: the list, looking for candidates, one zone with its proof, deciding, and the proof sheet."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import pdf, permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.views.history import LABELS
from vacanthouses.models import ConcentrationZone, VacantHouse, ZoneState
from vacanthouses.querysets_planning import planned_areas
from vacanthouses.services import past
from vacanthouses.services import zones as services
from vacanthouses.words import zones as words
from vacanthouses.zone_forms import DecisionForm, LookForm
from vacanthouses.zone_map import legend_mark, zone_map

from .access import refuse_others_than_planners
from .refusals import carried_out, refused
from .sheets import paper

PER_PAGE = 30
FACTS = {
    "name": gettext_lazy("name"),
    "state": gettext_lazy("state"),
    "decided_on": gettext_lazy("decided on"),
    "infrastructure": gettext_lazy("infrastructure that is badly lacking"),
    "note": gettext_lazy("note"),
}
# What a zone in a state may become.
WAYS = {
    ZoneState.CANDIDATE: (ZoneState.DESIGNATED, ZoneState.REJECTED),
    ZoneState.DESIGNATED: (ZoneState.CANDIDATE,),
    ZoneState.REJECTED: (ZoneState.CANDIDATE,),
}
TITLES = {
    ZoneState.DESIGNATED: gettext_lazy("Designate the zone"),
    ZoneState.REJECTED: gettext_lazy("Set the zone aside"),
    ZoneState.CANDIDATE: gettext_lazy("Take the decision back"),
}
LEGEND = (
    ("vacant", gettext_lazy("vacant house")),
    ("old", gettext_lazy("old building")),
    ("young", gettext_lazy("building that is not old")),
    ("unknown", gettext_lazy("age not known")),
)


def seen_zones(user: Any) -> "QuerySet[ConcentrationZone]":
    """Live zones of the areas in which the person plans. Raises PermissionDenied for other roles."""
    refuse_others_than_planners(user)
    found: QuerySet[ConcentrationZone] = ConcentrationZone.objects.live().in_areas(planned_areas(user))
    return found.select_related("area", "table")


@login_required
@never_cache
@require_safe
def zone_list(request: HttpRequest) -> HttpResponse:
    """Every zone with what the test finds in it today."""
    page = Paginator(seen_zones(request.user).order_by("area__mois_code", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = list(page.object_list)
    try:
        proofs = services.proofs_now(shown)
    except Invalid as invalid:
        proofs = {}
        _tell(request, invalid)
    rows = [(zone, proofs[zone.pk][0] if zone.pk in proofs else None) for zone in shown]
    context = {"page": page, "rows": rows, "form": LookForm(scope=planned_areas(request.user))}
    return render(request, "vacanthouses/zone_list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def zone_look(request: HttpRequest) -> HttpResponse:
    """GET shows the candidates of an area and writes nothing; POST keeps those that were chosen."""
    refuse_others_than_planners(request.user)
    asked = request.POST if request.method == "POST" else request.GET
    form = LookForm(asked if "area" in asked else None, scope=planned_areas(request.user))
    proposals: list[services.Proposal] | None = None
    status = 200 if request.method != "POST" and not form.is_bound else 422
    if form.is_valid():
        area = form.cleaned_data["area"]
        try:
            if request.method == "POST":
                keys = request.POST.getlist("keep")
                if not keys:
                    raise Invalid({"__all__": [_("Choose at least one zone.")]})
                made = services.keep(area, request.user, keys)
                messages.success(request, _("%(number)s zones were kept.") % {"number": len(made)})
                return redirect("zone-list")
            proposals, status = services.propose(area), 200
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            refused(form, invalid)
            proposals, status = _again(area) if request.method == "POST" else None, 422
    context = {"form": form, "proposals": _shown(proposals), "legend": _legend()}
    return render(request, "vacanthouses/zone_look.html", context, status=status)


def _again(area: Any) -> list[services.Proposal] | None:
    """The candidates of now, beside what was refused."""
    try:
        return services.propose(area)
    except Invalid:
        return None


def _shown(proposals: list[services.Proposal] | None) -> list[dict[str, Any]] | None:
    if proposals is None:
        return None
    return [
        {
            "key": each.key, "name": each.name, "area": each.area, "proof": each.candidate.proof,
            "lines": words.lines(each.candidate.proof.kept()), "map": _map(each.surroundings, each.name),
        }
        for each in proposals
    ]  # fmt: skip


def _map(found: services.Surroundings, name: str, height: float = 360) -> str:
    title = _("Map of %(name)s") % {"name": name}
    # Made of numbers and an escaped title only.
    return mark_safe(zone_map(found.zone, found.village.houses, found.village.buildings, title, height))  # noqa: S308


def _legend() -> list[tuple[str, Any]]:
    return [(mark_safe(legend_mark(kind)), label) for kind, label in LEGEND]  # noqa: S308


def _found(request: HttpRequest, pk: int) -> tuple[ConcentrationZone, dict[str, Any]]:
    """The zone and what its page and its sheet share: the proof of today, the kept one, the houses."""
    found = get_object_or_404(seen_zones(request.user), pk=pk)
    today, row = services.proof_now(found)
    kept = today.kept()
    houses = VacantHouse.objects.filter(pk__in=today.house_ids).order_by("address", "pk")
    return found, {
        "zone": found, "table": row, "proof": kept, "lines": words.lines(kept), "houses": list(houses),
        "failing": words.failing(today),
        "kept": found.proof or None, "kept_lines": words.lines(found.proof) if found.proof else [],
        "map": _map(services.surroundings(found, row), found.name), "legend": _legend(),
        "today": timezone.localdate(),
    }  # fmt: skip


@login_required
@never_cache
@require_safe
def zone(request: HttpRequest, pk: int) -> HttpResponse:
    """One zone: the test of today, that of the day of the decision, the houses counted, history."""
    try:
        found, context = _found(request, pk)
    except Invalid as invalid:
        return _without_table(request, invalid)
    _log(request, found, context)
    context["ways"] = [(state, TITLES[state]) for state in WAYS[ZoneState(found.state)]]
    context["entries"] = [(entry, LABELS[entry.kind]) for entry in past.entries([found], FACTS)]
    return render(request, "vacanthouses/zone.html", context)


@login_required
@never_cache
@require_safe
def zone_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof sheet: of the day of the decision where there was one, else of today."""
    try:
        found, context = _found(request, pk)
    except Invalid as invalid:
        return _without_table(request, invalid)
    _log(request, found, context)
    decided = found.state != ZoneState.CANDIDATE and found.proof
    if decided:
        context |= {"proof": found.proof, "lines": context["kept_lines"], "table": found.table}
        ids = found.proof["house_ids"]
        context["houses"] = list(VacantHouse.objects.filter(pk__in=ids).order_by("address", "pk"))
    context |= {"decided": decided, "printed_by": request.user}
    document = pdf.render("vacanthouses/sheets/zone.html", context, request)
    return paper(document, _("Proof of %(zone)s") % {"zone": found})


def _tell(request: HttpRequest, invalid: Invalid) -> None:
    messages.error(request, " ".join(text for texts in invalid.errors.values() for text in texts))


def _without_table(request: HttpRequest, invalid: Invalid) -> HttpResponse:
    """Back to the list, which says what is missing."""
    _tell(request, invalid)
    return redirect("zone-list")


def _log(request: HttpRequest, found: ConcentrationZone, context: dict[str, Any]) -> None:
    number, about = len(context["houses"]), f"concentration zone {found.pk}"
    permissions.log_personal(request.user, layers.get("vacant-houses"), "zone", count=number, detail=about)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def zone_decide(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    """Designate a zone, set it aside, or take a decision back."""
    found = get_object_or_404(seen_zones(request.user), pk=pk)
    if state not in ZoneState.values:
        raise Http404
    initial = {"on": timezone.localdate().isoformat(), "version": found.version}
    form = DecisionForm(request.POST or None, initial=initial)

    def decide(data: dict[str, Any]) -> None:
        services.decide(found, request.user, state, data["on"], data["note"], data["version"])

    status = carried_out(form, decide) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("zone", pk)
    context = {"zone": found, "state": state, "title": TITLES[ZoneState(state)], "form": form}
    return render(request, "vacanthouses/zone_decide.html", context, status=status)
