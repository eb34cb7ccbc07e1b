"""Entering values: a grid of a city's towns for one period. Rows that are good are saved, the others say why not."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.indicators import periods, rows, services, words
from gis_core.indicators.evaluation import plain
from gis_core.indicators.querysets import cities, places_of
from gis_core.models import AdminArea, Indicator, IndicatorValue

from .asking import changed_scope, find

_NAMES = ("value", "evidence", "seen", "noted")


@dataclass
class Row:
    """An area's line of the grid: what stands there, what was typed, and what is wrong with it."""

    area: AdminArea
    value: str = ""
    evidence: str = ""
    seen: str = ""
    seen_evidence: str = ""
    error: str = ""

    @property
    def key(self) -> str:
        """As text: a number of four digits would be written with a comma."""
        return str(self.area.pk)

    @property
    def is_changed(self) -> bool:
        return (self.value, self.evidence) != (self.seen, self.seen_evidence)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_values(request: HttpRequest, key: str) -> HttpResponse:
    """``?city= &period=``: one form for all areas of a city that the person may change."""
    scope = changed_scope(request)
    indicator = find(key)
    found = list(cities(scope))
    city = next((each for each in found if each.mois_code == request.GET.get("city", "")), found[0] if found else None)
    typed = request.GET.get("period", "")
    try:
        period, period_error = str(periods.parse(typed or str(timezone.localdate().year))), ""
    except periods.BadPeriod:
        period, period_error = "", _("“%s” is no period.") % typed
    grid: list[Row] = []
    status = 200
    if city and period:
        grid = _rows(indicator, places_of(city, scope), period)
        if request.method == "POST":
            if _save(request, indicator, period, grid):
                query = urlencode({"city": city.mois_code, "period": period})
                return redirect(f"{reverse('indicator-values', args=[key])}?{query}")
            status = 422
    context = {
        "indicator": indicator, "cities": found, "city": city, "period": period, "typed": typed or period,
        "period_error": period_error, "period_name": words.period_label(period), "rows": grid,
        "refused": [row for row in grid if row.error],
    }  # fmt: skip
    return render(request, "gis_core/indicators/values.html", context, status=status)


def _rows(indicator: Indicator, areas: list[AdminArea], period: str) -> list[Row]:
    known = {
        each.area_id: each
        for each in IndicatorValue.objects.live().filter(indicator=indicator, period=period, area__in=areas)
    }
    grid = []
    for area in areas:
        row = Row(area)
        if area.pk in known:
            row.value = row.seen = plain(known[area.pk].value)
            row.evidence = row.seen_evidence = "\n".join(known[area.pk].evidence.strip().splitlines())
        grid.append(row)
    return grid


def _save(request: HttpRequest, indicator: Indicator, period: str, grid: list[Row]) -> bool:
    """Whether everything that was changed is saved now. Raises PermissionDenied."""
    entries = []
    for row in grid:
        _fill(row, request.POST)
        if row.is_changed:
            try:
                entries.append(_entry(row, indicator.unit))
            except ValueError:
                row.error = _("“%s” is no number (at most four decimals).") % row.value
    try:
        written, refused = services.enter(request.user, indicator, period, entries)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        messages.error(request, " ".join(text for texts in invalid.errors.values() for text in texts))
        return False
    _renew(grid, indicator, period, refused)
    saved = ngettext("%(count)s value saved.", "%(count)s values saved.", written) % {"count": written}
    wrong = sum(bool(row.error) for row in grid)
    if not wrong:
        messages.success(request, saved if written else _("Nothing was changed."))
        return True
    told = ngettext("%(count)s could not be saved; see below.", "%(count)s could not be saved; see below.", wrong)
    messages.warning(request, f"{saved} {told % {'count': wrong}}")
    return False


def _fill(row: Row, data: QueryDict) -> None:
    pk = row.area.pk
    # Browsers end lines in their own way.
    told = {name: "\n".join(data.get(f"{name}-{pk}", "").strip().splitlines()) for name in _NAMES}
    row.value, row.evidence, row.seen, row.seen_evidence = (told[name] for name in _NAMES)


def _entry(row: Row, unit: str) -> services.Entry:
    """Raises ValueError."""
    value = rows.number(row.value, unit) if row.value else None
    seen = rows.number(row.seen) if row.seen else None
    return services.Entry(row.area.pk, value, row.evidence, seen, row.seen_evidence)


def _renew(grid: list[Row], indicator: Indicator, period: str, refused: dict[int, str]) -> None:
    """What stands there now is what the person has seen: rows that were refused keep what was typed, and may insist."""
    now: dict[int, Any] = {row.area.pk: row for row in _rows(indicator, [row.area for row in grid], period)}
    for row in grid:
        current = now[row.area.pk]
        row.error = row.error or refused.get(row.area.pk, "")
        row.seen, row.seen_evidence = current.seen, current.seen_evidence
        if not row.error:
            row.value, row.evidence = current.value, current.evidence
