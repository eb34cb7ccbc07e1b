"""The screening of a survey round: run it, see who is a candidate and why, and decide about them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.views.jobs import csv_lines
from vacanthouses import screening as rules
from vacanthouses.models import Campaign, Candidate, CandidateState, ReadingBatch, RuleKind, RuleTable, ScreeningRun
from vacanthouses.querysets_screening import chosen, current_run, towns
from vacanthouses.services import candidates as services
from vacanthouses.services import screening as running
from vacanthouses.services import screening_yield
from vacanthouses.words import screening as words

from .access import find_campaign

PER_PAGE = 20
FILTERS = ("town", "reason", "state")
BATCHES = 10


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def screening(request: HttpRequest, pk: int) -> HttpResponse:
    """The screening in force with its candidates. POST decides about those that were chosen."""
    campaign = find_campaign(request, pk)
    if request.method != "POST":
        return _page(request, campaign)
    try:
        number = services.decide(campaign, request.user, *_decision(request))
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        status = 409 if "candidates" in invalid.errors and _picked(request) else 422
        return _page(request, campaign, status, [text for texts in invalid.errors.values() for text in texts])
    messages.success(request, _("Decided about: %(number)s") % {"number": number})
    return redirect(f"{reverse('screening', args=[pk])}?{request.GET.urlencode()}")


def _decision(request: HttpRequest) -> tuple[dict[int, int], str, str]:
    """Candidates with the versions seen, the new state, and the reason. One row's own button leaves out the rest."""
    state = request.POST.get("decision", "").partition(":")[0]
    pairs = [each.partition(".")[::2] for each in _picked(request)]
    versions = {int(pk): int(version) for pk, version in pairs if _is_number(pk) and _is_number(version)}
    return versions, state, request.POST.get("reason", "")


def _picked(request: HttpRequest) -> list[str]:
    _state, _colon, one = request.POST.get("decision", "").partition(":")
    return [one] if one else request.POST.getlist("candidate")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


def _page(request: HttpRequest, campaign: Campaign, status: int = 200, errors: list[str] | None = None) -> HttpResponse:
    run = current_run(campaign)
    tables = RuleTable.objects.in_force(RuleKind.SCREENING, campaign.regime, timezone.localdate())
    context: dict[str, Any] = {
        "campaign": campaign, "tab": "screening", "run": run, "tables": list(tables.defer("body")),
        "batches": ReadingBatch.objects.select_related("created_by")[:BATCHES], "errors": errors or [],
        "reason": request.POST.get("reason", ""), "picked": {each.split(".")[0] for each in _picked(request)},
    }  # fmt: skip
    if run is not None:
        context |= _shown(request, run)
    return render(request, "vacanthouses/screening.html", context, status=status)


def _shown(request: HttpRequest, run: ScreeningRun) -> dict[str, Any]:
    table = rules.read(run.table.body)
    filters = {name: request.GET.get(name, "") for name in FILTERS}
    page = Paginator(chosen(run, filters), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    permissions.log_personal(request.user, layers.get("vacant-houses"), "screening list", count=len(rows))
    overall, by_code = screening_yield.of_table(run.table)
    return {
        "page": page,
        "rows": [(row, _reasons(table, row), words.unknown_text(table, row.unknown)) for row in rows],
        "funnel": words.funnel(table, run.counts),
        "filters": filters,
        "query": urlencode({name: value for name, value in filters.items() if value}),
        "towns": towns(run),
        "reasons": [(reason.code, words.title(reason.title)) for reason in table.reasons],
        "states": CandidateState.choices,
        "overall": overall,
        "yields": [
            (words.title(reason.title), reason.points, by_code.get(reason.code, screening_yield.NO_VISITS))
            for reason in table.reasons
        ],
        "known": table.known,
        "known_title": words.title(table.known.title) if table.known else "",
    }


def _reasons(table: rules.Table, row: Candidate) -> list[str]:
    return [words.reason_text(table, found) for found in row.reasons]


@login_required
@require_POST
def screening_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Screen in the background; its page shows how far it is."""
    campaign = find_campaign(request, pk)
    asked = request.POST.get("table", "")
    tables = RuleTable.objects.in_force(RuleKind.SCREENING, campaign.regime, timezone.localdate())
    table = tables.filter(pk=int(asked)).first() if _is_number(asked) else None
    if table is None:
        return _page(request, campaign, 422, [_("Choose a table that is in force.")])
    try:
        return redirect("job", running.start(campaign, table, request.user).pk)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error


@login_required
@never_cache
@require_safe
def screening_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The candidates as the filters have them, each with its reasons in words; who took them away is noted."""
    campaign = find_campaign(request, pk)
    run = current_run(campaign)
    if run is None:
        raise Http404
    found = chosen(run, {name: request.GET.get(name, "") for name in FILTERS})
    permissions.log_personal(request.user, layers.get("vacant-houses"), "screening export", count=found.count())
    response = StreamingHttpResponse(
        csv_lines(list(_lines(rules.read(run.table.body), found))), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="candidates-{campaign.pk}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(table: rules.Table, found: Any) -> Iterator[list[Any]]:
    yield [
        _("Rank"), _("Parcel number (PNU)"), _("Address"), _("Town"), _("Score"), _("State"), _("Reason"),
        _("Why"), _("Nothing known about"),
    ]  # fmt: skip
    for row in found.iterator(chunk_size=2000):
        house = row.house
        yield [
            row.rank, house.pnu, house.address, house.area.full_name if house.area else "", row.score,
            row.get_state_display(), row.state_reason, "; ".join(_reasons(table, row)),
            words.unknown_text(table, row.unknown),
        ]  # fmt: skip


@login_required
@require_POST
def screening_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """A new edition of the table, not in use, with the points that the yields suggest."""
    campaign = find_campaign(request, pk)
    run = current_run(campaign)
    table = get_object_or_404(RuleTable.objects.live(), pk=run.table_id if run else 0)
    try:
        made = screening_yield.propose(table, request.user)
    except Invalid as invalid:
        return _page(request, campaign, 422, [text for texts in invalid.errors.values() for text in texts])
    messages.success(request, _("Proposed. The edition counts only when somebody puts it in use."))
    return redirect("rule-table", made.pk)
