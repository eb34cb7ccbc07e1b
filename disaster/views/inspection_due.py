"""What is due: each town's month in figures, then the list, the longest overdue first."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disaster.access import is_officer, officer_scope
from disaster.models import ItemClass
from disaster.querysets_schedules import assignees, towns, waiting
from gis_core import permissions

from .asking import number_of, refuse_strangers

PER_PAGE = 50
MOST_TOWNS = 60
STATES = ("overdue", "week", "all")


@login_required
@never_cache
@require_safe
def inspection_due(request: HttpRequest) -> HttpResponse:
    """``?town= &class= &person= &state=``, and ``after=`` the last row seen: a deep page costs what the first does."""
    refuse_strangers(request.user)
    today = timezone.localdate()
    last = today + relativedelta(day=31)
    found = towns(request.user, today, last)
    asked = {name: request.GET.get(name, "") for name in ("town", "class", "person", "state")}
    if asked["state"] not in STATES:
        asked["state"] = "all"
    rows = list(_asked(request, asked, today)[: PER_PAGE + 1])
    context = {
        "towns": found[:MOST_TOWNS],
        "more_towns": len(found) - MOST_TOWNS,
        "all_towns": sorted(found, key=lambda town: town.area.mois_code),
        "total": {name: sum(getattr(town, name) for town in found) for name in ("overdue", "due", "done")},
        "classes": ItemClass.objects.live(), "people": assignees(), "asked": asked, "today": today, "last": last,
        "rows": [_row(request.user, each, today) for each in rows[:PER_PAGE]],
        "next": _next(asked, rows) if len(rows) > PER_PAGE else "",
        "is_first": "after" not in request.GET,
        "may": is_officer(request.user),
    }  # fmt: skip
    return render(request, "disaster/inspection_due.html", context)


def _asked(request: HttpRequest, asked: dict[str, str], today: date) -> Any:
    found = waiting(request.user)
    if asked["state"] == "overdue":
        found = found.filter(next_due__lt=today)
    elif asked["state"] == "week":
        found = found.filter(next_due__lte=today + timedelta(days=7))
    if (town := number_of(asked["town"])) is not None:
        found = found.filter(depot__area=town)
    if asked["class"] == "depot":
        found = found.filter(item_class=None)
    elif (item_class := number_of(asked["class"])) is not None:
        found = found.filter(item_class=item_class)
    if asked["person"] == "me":
        found = found.filter(assignee=request.user.pk)
    elif asked["person"] == "nobody":
        found = found.filter(assignee=None)
    elif (person := number_of(asked["person"])) is not None:
        found = found.filter(assignee=person)
    return _after(found, request.GET.get("after", ""))


def _after(found: Any, text: str) -> Any:
    """The rows that follow one, named by its day and number."""
    day, _sep, pk = text.partition(".")
    number = number_of(pk)
    try:
        seen = date.fromisoformat(day)
    except ValueError:
        return found
    if number is None:
        return found
    # Beside the pair, so that the index by day is used.
    return found.filter(Q(next_due__gt=seen) | Q(next_due=seen, pk__gt=number), next_due__gte=seen)


def _next(asked: dict[str, str], rows: list[Any]) -> str:
    seen = rows[PER_PAGE - 1]
    return urlencode({**{name: value for name, value in asked.items() if value}, "after": f"{seen.next_due}.{seen.pk}"})


def _row(user: Any, schedule: Any, today: date) -> dict[str, Any]:
    return {
        "schedule": schedule,
        "late": max(0, (today - schedule.next_due).days),
        "soon": (schedule.next_due - today).days,
        "may": is_officer(user) and permissions.covers(officer_scope(user), [schedule.depot.area_id]),
    }
