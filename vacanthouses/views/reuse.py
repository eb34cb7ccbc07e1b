"""What the vacant houses could be used for again: the list, and one house with every gate explained."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.layers.registry import layers
from vacanthouses import reuse as rules
from vacanthouses.models import HouseStatus, ReuseKind
from vacanthouses.querysets_planning import houses, plans, towns, vacant
from vacanthouses.services import reuse as services
from vacanthouses.words import planning as words

from .access import refuse_others_than_planners

PER_PAGE = 50


@login_required
@never_cache
@require_safe
def reuse_list(request: HttpRequest) -> HttpResponse:
    """The vacant houses of the person's areas, each with its best use or the one that was asked for."""
    refuse_others_than_planners(request.user)
    chosen = {name: request.GET.get(name, "") for name in ("town", "kind", "standing")}
    kind = chosen["kind"] if chosen["kind"] in rules.KINDS else ""
    matched = services.match_all(vacant(request.user, chosen["town"]))
    found = [(each, each.of(kind) if kind else each.best) for each in matched]
    if chosen["standing"] in rules.STANDINGS:
        found = [pair for pair in found if pair[1].standing == chosen["standing"]]
    found.sort(key=lambda pair: (rules.rank(pair[1]), pair[0].house.pk))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    permissions.log_personal(
        request.user, layers.get("vacant-houses"), "reuse list", count=len(page.object_list),
        detail=request.GET.urlencode(),
    )  # fmt: skip
    context = {
        "page": page,
        "rows": [_row(each, match) for each, match in page.object_list],
        "towns": towns(request.user),
        "kinds": ReuseKind.choices,
        "standings": [(name, words.STANDING_LABELS[name]) for name in rules.STANDINGS],
        "chosen": chosen,
        "table": next((row for row in {each.row for each in services.editions().values()} if row), None),
    }
    return render(request, "vacanthouses/reuse_list.html", context)


def _row(matched: services.Matched, match: rules.Match) -> dict[str, Any]:
    return {
        "house": matched.house,
        "match": match,
        "kind": ReuseKind(match.kind).label,
        "standing": words.STANDING_LABELS[match.standing],
        "why_not": words.why_not(matched.table.table, match),
    }


@login_required
@never_cache
@require_safe
def house_reuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Every use of one house: its gates, the parts of its score, and the way into a plan."""
    refuse_others_than_planners(request.user)
    layer = layers.get("vacant-houses")
    house = get_object_or_404(houses(request.user), pk=pk)
    permissions.log_personal(request.user, layer, "reuse", record_id=pk)
    matched = services.match_house(house)
    ordered = sorted(matched.matches, key=rules.rank)
    context = {
        "layer": layer,
        "record": house,
        "is_vacant": house.status == HouseStatus.CONFIRMED,
        "table": matched.table.row,
        "matches": [_explained(matched, match) for match in ordered],
        "has_plans": plans(request.user).exists(),
    }
    return render(request, "vacanthouses/house_reuse.html", context)


def _explained(matched: services.Matched, match: rules.Match) -> dict[str, Any]:
    table = matched.table.table
    return {
        **_row(matched, match),
        "gates": [
            (gate, words.gate_text(table, gate), words.STATE_LABELS[gate.state]) for gate in match.gates
        ],
        "parts": [(part, words.part_text(table, part)) for part in match.parts],
        "may_add": match.consented and match.standing != "ruled_out",
    }  # fmt: skip
