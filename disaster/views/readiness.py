"""How ready towns are: map and table of a city, a town's page, and the table as a file."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disaster import querysets_readiness as querysets
from disaster import readiness_chart as chart
from disaster import seasons
from disaster.models import Hazard
from disaster.readiness import Factor, Fall, Part
from disaster.services import readiness as services
from disaster.services.month_sheets import months
from disaster.words import readiness as words
from gis_core import permissions
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers
from gis_core.models import AdminArea
from gis_core.views.jobs import csv_lines

# Where each factor is looked after.
ROOMS = {"stock": "stock", "inspection": "inspection-due", "people": "training-list"}
TREND_DAYS = 400


def seen_towns(user: Any) -> Any:
    """Towns with depots that this person may see. Raises PermissionDenied for roles that see no depots."""
    layer = layers.get("depots")
    if not permissions.can_view(user, layer):
        raise PermissionDenied(_("Your role does not see the depots."))
    return querysets.towns_asked(permissions.area_scope(user, layer.access.view))


def find_town(request: HttpRequest, code: int) -> AdminArea:
    """A town with depots, by its code. Raises PermissionDenied, and Http404 elsewhere than in the person's areas."""
    town: AdminArea | None = seen_towns(request.user).filter(mois_code=str(code)).select_related("parent").first()
    if town is None:
        raise Http404
    return town


@dataclass(frozen=True)
class Row:
    """A town in the table."""

    area: AdminArea
    town: services.TownReadiness

    @property
    def order(self) -> tuple[Any, ...]:
        """The worst first; what is unknown, and then where nothing is asked for, after what is known."""
        found = self.town.readiness
        score, mean = found.score, found.mean
        return not found.is_asked, score is None, score or 0.0, mean or 0.0, found.high, self.area.mois_code


@dataclass(frozen=True)
class Asked:
    """What a page of readiness is asked for: cities to choose from, the one chosen, and the hazard."""

    cities: list[AdminArea]
    city: AdminArea | None
    hazard: str
    at_season: bool


def _asked(request: HttpRequest) -> Asked:
    towns = seen_towns(request.user)
    cities = list(AdminArea.objects.current().filter(pk__in=towns.order_by().values("parent")).order_by("mois_code"))
    chosen = request.GET.get("city", "")
    city = next((each for each in cities if each.mois_code == chosen), cities[0] if cities else None)
    hazard = request.GET.get("hazard", "")
    if hazard not in Hazard.values:
        hazard = nearest_hazard(timezone.localdate())
    return Asked(cities, city, hazard, request.GET.get("when") == "season")


def nearest_hazard(day: date) -> str:
    """The hazard whose season runs, or else comes next."""
    found = [
        (window.begin, hazard)
        for hazard, editions in querysets.seasons().items()
        if (window := seasons.season_at(editions, day)) is not None
    ]
    return min(found, default=(day, Hazard.FLOOD.value))[1]


def _rows(request: HttpRequest, asked: Asked) -> list[Row]:
    if asked.city is None:
        return []
    areas = list(seen_towns(request.user).filter(parent=asked.city))
    found = services.of_towns(areas, asked.hazard, timezone.localdate())
    return sorted((Row(area, found[area.pk]) for area in areas), key=lambda row: row.order)


@login_required
@never_cache
@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    """``?hazard= &city= &when=season``: the map of today, or of the season's begin if nothing more is done."""
    asked = _asked(request)
    rows = _rows(request, asked)
    window = rows[0].town.season if rows else None
    known = [row for row in rows if row.town.score is not None]
    context = {
        "asked": asked,
        "hazards": Hazard.choices,
        "hazard_name": Hazard(asked.hazard).label,
        "season": words.season(window, rows[0].town.readiness) if window else words.no_season(),
        "rows": [_told(row) for row in rows],
        "known": len(known),
        "unknown": sum(row.town.readiness.is_asked for row in rows) - len(known),
        "low": sum((row.town.score or 0.0) < 0.5 for row in known),
        "map": _map(rows, asked),
        "legend": legend(),
        "today": timezone.localdate(),
    }
    return render(request, "disaster/readiness.html", context)


def _told(row: Row) -> dict[str, Any]:
    found = row.town.readiness
    return {
        "area": row.area,
        "asked": found.is_asked,
        "score": words.percent(found.score) if found.is_asked else "–",
        "known": found.score is not None,
        "range": words.span(Factor(found.low, found.high)) if found.is_asked and 0 < found.high - found.low < 1 else "",
        "mean": words.percent(found.mean) if found.is_asked else "–",
        "sentence": row.town.sentence,
        "unknown": len(found.parts) - len(found.known),
        "items": len(found.parts),
        "then": words.percent(row.town.forecast.score) if row.town.forecast and found.is_asked else "–",
        "forecast": row.town.forecast_sentence if found.is_asked else "",
        "mark": safe(chart.legend_mark(found.score, found.is_asked)),
    }


def safe(svg: str) -> SafeString:
    """Our own pictures are made of numbers and escaped names only."""
    return mark_safe(svg)  # noqa: S308


def legend() -> list[tuple[SafeString, str]]:
    """Each look of a town with its words."""
    limits = [0.0, *(limit for limit, _fill, _ink in chart.CLASSES)]
    found = []
    for low, high in itertools.pairwise(limits):
        told = words.percent(1.0) if low == 1 else f"{words.percent(low)}–{words.percent(min(high, 1.0) - 0.01)}"
        found.append((safe(chart.legend_mark(low)), told))
    found.append((safe(chart.legend_mark(None)), _("unknown")))
    found.append((safe(chart.legend_mark(None, is_asked=False)), _("nothing asked for")))
    return found


def _map(rows: list[Row], asked: Asked) -> SafeString:
    pictured = []
    for row in rows:
        shape = to_shapely(row.area.geometry)
        if shape is None:
            continue
        shown = row.town.forecast if asked.at_season and row.town.forecast else row.town.readiness
        told = words.percent(shown.score) if shown.is_asked else "–"
        url = reverse("readiness-town", args=[row.area.mois_code])
        pictured.append(chart.Town(row.area.name, shape, shown.score, told, url, shown.is_asked))
    return safe(chart.choropleth(pictured, _("Readiness of towns")))


@login_required
@never_cache
@require_safe
def readiness_town(request: HttpRequest, code: int) -> HttpResponse:
    """A town for all hazards: each item's three factors, what to do next, and how it was over the last year."""
    area = find_town(request, code)
    today = timezone.localdate()
    towns = services.of_all_hazards(area, today)
    history = _history(area)
    context = {
        "area": area,
        "today": today,
        "hazards": [_hazard(town, history.get(town.hazard, [])) for town in towns],
        "months": months(today),
        "sections": [(town.hazard, Hazard(town.hazard).label) for town in towns],
    }
    return render(request, "disaster/readiness_town.html", context)


def _history(area: AdminArea) -> dict[str, list[chart.Kept]]:
    found: dict[str, list[chart.Kept]] = {}
    since = timezone.localdate().toordinal() - TREND_DAYS
    for each in querysets.kept([area.pk]).filter(day__gte=date.fromordinal(since)):
        kept = chart.Kept(each.day, each.score, each.parts.get("low", 0.0), each.parts.get("high", 1.0))
        found.setdefault(each.hazard, []).append(kept)
    return found


def _hazard(town: services.TownReadiness, history: list[chart.Kept]) -> dict[str, Any]:
    found = town.readiness
    title = _("Readiness for %(hazard)s over the last year") % {"hazard": Hazard(town.hazard).label}
    return {
        "name": town.hazard,
        "title": Hazard(town.hazard).label,
        "score": words.percent(found.score),
        "mean": words.percent(found.mean),
        "mark": safe(chart.legend_mark(found.score)),
        "sentence": town.sentence,
        "forecast": town.forecast_sentence,
        "season": words.season(town.season, found) if town.season else words.no_season(),
        "falls": [words.fall_text(fall, town.items) for fall in _first_falls(town)],
        "parts": [_part(part, town) for part in found.parts],
        "trend": safe(chart.trend(history, title)) if len(history) > 1 else "",
        "history": [(each.day, words.percent(each.score)) for each in reversed(history)],
        "next": _next(town),
    }


def _first_falls(town: services.TownReadiness) -> list[Fall]:
    """Each item and cause once, with its first day: two depots' inspections grow old one after the other."""
    first: dict[tuple[int, str], Fall] = {}
    for fall in town.falls:
        first.setdefault((fall.item, fall.cause), fall)
    return list(first.values())[:6]


def _part(part: Part, town: services.TownReadiness) -> dict[str, Any]:
    item = town.items[part.item]
    return {
        "item": item,
        "score": words.span(Factor(part.low, part.high)),
        "sentence": words.part_sentence(part, item),
        "factors": [
            {
                "name": words.FACTORS[name],
                "share": words.span(factor),
                "text": words.factor_text(part, name, item),
                "limits": not part.is_known or part.high < 1,
            }
            for name, factor in part.factors
        ],
    }


def _next(town: services.TownReadiness) -> list[dict[str, str]]:
    """What would raise readiness first: of the weakest items, with the page where it is done."""
    found: list[dict[str, str]] = []
    for part in town.parts:
        if part.low < 1 and len(found) < 5:
            for room, told in words.to_do(part, town.items[part.item]):
                line = {"text": told, "page": ROOMS[room]}
                if line not in found:
                    found.append(line)
    return found[:6]


@login_required
@never_cache
@require_safe
def readiness_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The table of a city and hazard as a file."""
    asked = _asked(request)
    lines = list(_lines(_rows(request, asked), asked.hazard))
    response = StreamingHttpResponse(csv_lines(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="readiness-{asked.hazard}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(rows: list[Row], hazard: str) -> Iterator[list[Any]]:
    yield [
        _("Code"), _("Town"), _("Hazard"), _("Day"), _("Readiness (%)"), _("At least (%)"), _("At most (%)"),
        _("Mean of items (%)"), _("Items"), _("Items not known"), _("Why"), _("Forecast for"), _("Forecast (%)"),
        _("Forecast in words"),
    ]  # fmt: skip
    for row in rows:
        found, then = row.town.readiness, row.town.forecast
        yield [
            row.area.mois_code, row.area.full_name, Hazard(hazard).label, found.day, _number(found.score),
            _number(found.low if found.is_asked else None), _number(found.high if found.is_asked else None),
            _number(found.mean), len(found.parts), len(found.parts) - len(found.known), row.town.sentence,
            row.town.forecast_day, _number(then.score if then else None),
            row.town.forecast_sentence if found.is_asked else "",
        ]  # fmt: skip


def _number(share: float | None) -> float | str:
    """Unknown is an empty cell, not zero."""
    return "" if share is None else round(100 * share, 1)
