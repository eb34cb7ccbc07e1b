"""The vacant houses in the order in which they endanger their neighbours."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.views.jobs import csv_lines
from vacanthouses.querysets_planning import towns, vacant
from vacanthouses.services import risk as services
from vacanthouses.words import planning as words

from .access import refuse_others_than_planners

PER_PAGE = 50


def _ranked(request: HttpRequest) -> list[services.Ranked]:
    refuse_others_than_planners(request.user)
    return services.rank(vacant(request.user, request.GET.get("town", "")))


@login_required
@never_cache
@require_safe
def risk_list(request: HttpRequest) -> HttpResponse:
    """A table with the reasons; of one town, where asked."""
    page = Paginator(_ranked(request), PER_PAGE).get_page(request.GET.get("page"))
    permissions.log_personal(
        request.user, layers.get("vacant-houses"), "risk list", count=len(page.object_list),
        detail=request.GET.urlencode(),
    )  # fmt: skip
    context = {
        "page": page,
        "rows": [(each, _reasons(each), words.unknown_danger(each.danger)) for each in page.object_list],
        "towns": towns(request.user),
        "town": request.GET.get("town", ""),
    }
    return render(request, "vacanthouses/risk_list.html", context)


def _reasons(ranked: services.Ranked) -> list[str]:
    """In words, without what rounds to nothing."""
    return [words.danger_text(part) for part in ranked.danger.reasons() if part.points >= 0.5]


@login_required
@never_cache
@require_safe
def risk_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The list as a file; who took the addresses away is noted."""
    found = _ranked(request)
    permissions.log_personal(
        request.user, layers.get("vacant-houses"), "risk export", count=len(found), detail=request.GET.urlencode()
    )
    response = StreamingHttpResponse(csv_lines(list(_lines(found))), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="neighbour-risk.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(found: list[services.Ranked]) -> Iterator[list[Any]]:
    yield [
        _("Rank"), _("Parcel number (PNU)"), _("Address"), _("Town"), _("Grade"), _("Danger"), _("Danger at most"),
        _("Why"), _("Not known"),
    ]  # fmt: skip
    for each in found:
        house = each.house
        yield [
            each.rank, house.pnu, house.address, house.area.full_name if house.area else "",
            house.get_grade_display(), round(each.danger.score, 1), round(each.danger.most, 1),
            "; ".join(_reasons(each)), words.unknown_danger(each.danger),
        ]  # fmt: skip
