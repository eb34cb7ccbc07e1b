"""The month of inspections: a grid on a desk, a list on a phone, and one day's schedules below."""

from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disaster.access import is_officer
from disaster.querysets_schedules import seen_schedules, towns, working_days
from disaster.services import inspection_calendar as services
from disaster.working_days import WorkingDays

from .asking import number_of, refuse_strangers

YEARS = range(2000, 2200)


@login_required
@never_cache
@require_safe
def inspection_calendar(request: HttpRequest) -> HttpResponse:
    """``?month=2026-11 &town= &day=2026-11-13``."""
    refuse_strangers(request.user)
    today = timezone.localdate()
    day = _day(request.GET.get("day", ""))
    first = _day(f"{request.GET.get('month', '')}-01") or (day or today).replace(day=1)
    last = first + relativedelta(day=31)
    found = seen_schedules(request.user).filter(is_paused=False)
    town = number_of(request.GET.get("town", ""))
    if town is not None:
        found = found.filter(depot__area=town)
    calendar = working_days()
    month = services.month(found, first, last, calendar)
    chosen = day if day and first <= day <= last else None
    context = {
        "first": first, "weeks": _weeks(first, last, month.days, calendar, today), "is_partial": month.is_partial,
        "before": first - relativedelta(months=1), "after": first + relativedelta(months=1), "today": today,
        "town": town, "towns": sorted(towns(request.user, today, today), key=lambda each: each.area.mois_code),
        "day": chosen, "listed": list(services.due_on(found, chosen, calendar)) if chosen else [],
        "entries": month.days.get(chosen, []) if chosen else [], "most": services.MOST_LISTED,
        "may": is_officer(request.user),
    }  # fmt: skip
    return render(request, "disaster/inspection_calendar.html", context)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _weeks(
    first: date, last: date, days: dict[date, list[services.Entry]], calendar: WorkingDays, today: date
) -> list[list[dict[str, Any]]]:
    """Weeks from Sunday, as calendars in Korea have them; days of other months are empty."""
    language = "en" if get_language() == "en" else "ko"
    begin = first - timedelta(days=first.isoweekday() % 7)
    number = ((last - begin).days // 7 + 1) * 7
    cells = []
    for offset in range(number):
        day = begin + timedelta(days=offset)
        entries = days.get(day, [])
        cells.append(
            {
                "day": day, "inside": first <= day <= last, "is_today": day == today, "entries": entries,
                "name": calendar.name(day, language), "free": not calendar.is_working(day),
                "late": sum(each.waited for each in entries) if day < today else 0,
                "number": sum(each.number for each in entries),
            }
        )  # fmt: skip
    return [cells[at : at + 7] for at in range(0, number, 7)]


__all__ = ["inspection_calendar"]
