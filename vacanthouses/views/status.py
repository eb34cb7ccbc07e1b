"""The status report: for those who manage surveys, and the part of it that is public."""

from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vacanthouses.clocks import SUBJECTS
from vacanthouses.models import HouseStatus
from vacanthouses.services import clocks, status_report
from vacanthouses.words.clocks import STATE_LABELS

from .access import managed_areas

FORMATS: dict[str, tuple[Any, str]] = {
    "csv": (status_report.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (status_report.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _asked(request: HttpRequest) -> tuple[status_report.Table, dict[str, Any]]:
    """The table that was asked for, and its choices. Raises PermissionDenied."""
    scope = managed_areas(request.user)
    if request.GET.get("variant") == "published":
        return status_report.published(scope), {"variant": "published", "year": "", "status": "", "scope": scope}
    year, status = request.GET.get("year", ""), request.GET.get("status", "")
    status = status if status in HouseStatus.values else ""
    found = status_report.table(scope, year=int(year[:4]) if year.isdecimal() else None, status=status)
    return found, {"variant": "", "year": year, "status": status, "scope": scope}


@login_required
@never_cache
@require_safe
def house_status(request: HttpRequest) -> HttpResponse:
    """Towns by grade, and the clocks that run."""
    found, chosen = _asked(request)
    running = Counter(line.clock.state for line in clocks.lines(chosen["scope"], SUBJECTS, timezone.localdate()))
    context = {
        "table": found,
        "chosen": chosen,
        "statuses": HouseStatus.choices,
        "clocks": [(state, STATE_LABELS[state], number) for state, number in sorted(running.items())],
    }
    return render(request, "vacanthouses/house_status.html", context)


@login_required
@never_cache
@require_safe
def house_status_export(request: HttpRequest, name: str) -> HttpResponse:
    if name not in FORMATS:
        raise Http404
    found, _chosen = _asked(request)
    write, kind = FORMATS[name]
    return _file(write(found), f"vacant-houses-status.{name}", kind)


def _file(content: bytes, filename: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


@require_safe
def public_status(request: HttpRequest) -> HttpResponse:
    """For everybody, without sign-in: confirmed houses by town and grade, nothing that is less than 3."""
    response = render(request, "vacanthouses/public_status.html", {"table": status_report.published()})
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


@require_safe
def public_status_csv(request: HttpRequest) -> HttpResponse:
    return _file(status_report.as_csv(status_report.published()), "vacant-houses.csv", "text/csv; charset=utf-8")
