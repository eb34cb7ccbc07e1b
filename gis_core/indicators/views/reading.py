"""Indicators as they are read: the list with latest values, and one of them as map, ranking and series."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.editing.shapes import to_shapely
from gis_core.indicators import chart, periods, words
from gis_core.indicators.classes import EQUAL_COUNTS, FEWEST, METHODS, MOST, ValueClass, class_of, classes, places
from gis_core.indicators.querysets import (
    Figures,
    coordinator_scope,
    figures,
    indicators,
    is_coordinator,
    may_define,
    towns_of,
)
from gis_core.models import AdminArea, Direction, Indicator, IndicatorValue

from .asking import Asked, asked, find, number_of


def safe(svg: str) -> SafeString:
    """Our own pictures are made of numbers and escaped names only."""
    return mark_safe(svg)  # noqa: S308


@login_required
@never_cache
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator with the latest value of a city itself, and how many of its towns have one."""
    found = asked(request)
    rows: list[dict[str, Any]] = []
    if found.city is not None:
        known = _figures(found)
        rows = [_listed(each, found, known) for each in indicators()]
        # What says nothing of this city stands at the end.
        rows.sort(key=lambda row: (not (row["value"] or row["towns"]), row["indicator"].name))
    context = {"asked": found, "rows": rows, "may_define": may_define(request.user)}
    return render(request, "gis_core/indicators/list.html", context)


def _figures(found: Asked) -> Figures:
    """Of the towns that the person sees and of the city, whose own figures everybody in it may know."""
    city = found.city
    assert city is not None
    return figures([city.pk, *towns_of(city, found.scope).values_list("pk", flat=True)])


def _listed(indicator: Indicator, found: Asked, known: Figures) -> dict[str, Any]:
    city = found.city
    assert city is not None
    whole = known.latest(indicator.key, city.pk)
    values = known.values.get(indicator.key, {})
    in_towns = {period for area, period in values if area != city.pk}
    last = periods.ordered(in_towns)[-1] if in_towns else ""
    return {
        "indicator": indicator,
        "value": words.value_text(whole[1], indicator) if whole else "",
        "period": words.period_label(whole[0]) if whole else "",
        "towns": sum(period == last and area != city.pk for area, period in values),
        "towns_period": words.period_label(last) if last else "",
    }


@dataclass(frozen=True)
class Shown:
    """What the page of one indicator shows: the period, the towns' values in it, and how they are classed."""

    indicator: Indicator
    city: AdminArea
    known: Figures
    towns: list[AdminArea]
    period: str
    number: int
    method: str

    @property
    def values(self) -> dict[int, Decimal]:
        found = ((town.pk, self.known.of(self.indicator.key, town.pk, self.period)) for town in self.towns)
        return {pk: value for pk, value in found if value is not None}


@login_required
@never_cache
@require_safe
def indicator_page(request: HttpRequest, key: str) -> HttpResponse:
    """``?city= &period= &classes= &method= &area=``: map, ranking and series of an indicator."""
    indicator = find(key)
    found = asked(request, _cities_with(indicator))
    context: dict[str, Any] = {
        "asked": found, "indicator": indicator, "may_define": may_define(request.user),
        "numbers": range(FEWEST, MOST + 1),
        "example": IndicatorValue.objects.live().filter(indicator=indicator, is_example=True).exists(),
    }  # fmt: skip
    if found.city is not None:
        shown = _shown(request, indicator, found)
        context |= _pictures(shown) | _series(request, shown)
        context["may_enter"] = (
            not indicator.formula
            and is_coordinator(request.user)
            and permissions.covers(coordinator_scope(request.user), [found.city.pk, *(town.pk for town in shown.towns)])
        )
    return render(request, "gis_core/indicators/indicator.html", context)


def _cities_with(indicator: Indicator) -> set[int]:
    """Cities that have, or whose towns have, values of an indicator that is entered."""
    rows = IndicatorValue.objects.live().filter(indicator=indicator).order_by().distinct()
    return {pk for pair in rows.values_list("area", "area__parent") for pk in pair if pk}


def _shown(request: HttpRequest, indicator: Indicator, found: Asked) -> Shown:
    city = found.city
    assert city is not None
    towns = list(towns_of(city, found.scope))
    known = figures([city.pk, *(town.pk for town in towns)], [indicator.key])
    own = known.periods(indicator.key, {town.pk for town in towns}) or known.periods(indicator.key)
    every = known.periods(indicator.key)
    chosen = request.GET.get("period", "")
    period = chosen if chosen in every else own[-1] if own else ""
    method = request.GET.get("method", "")
    number = number_of(request.GET.get("classes", ""), 5, FEWEST, MOST)
    return Shown(indicator, city, known, towns, period, number, method if method in METHODS else EQUAL_COUNTS)


def _pictures(shown: Shown) -> dict[str, Any]:
    values = shown.values
    among = classes(values.values(), shown.number, shown.method)
    title = f"{shown.indicator.name}, {words.period_label(shown.period)}"
    pictured = [
        chart.Town(
            town.name, shape, class_of(values[town.pk], among) if town.pk in values else None,
            words.number_text(values[town.pk], shown.indicator.decimals) if town.pk in values else _("unknown"),
            reverse("area-page", args=[town.mois_code]),
        )
        for town in shown.towns
        if (shape := to_shapely(town.geometry)) is not None
    ]  # fmt: skip
    whole = shown.known.of(shown.indicator.key, shown.city.pk, shown.period)
    return {
        "shown": shown,
        "period_name": words.period_label(shown.period),
        "periods": [(each, words.period_label(each)) for each in reversed(shown.known.periods(shown.indicator.key))],
        "map": safe(chart.choropleth(pictured, title)) if values else "",
        "legend": _legend(among, shown, len(shown.towns) - len(values)),
        "ranking": _ranking(shown, values),
        "whole": words.value_text(whole, shown.indicator) if whole is not None else "",
        "whole_evidence": shown.known.evidence.get((shown.indicator.key, (shown.city.pk, shown.period)), ""),
        "total": len(shown.towns),
        "known_towns": len(values),
    }


def _legend(among: list[ValueClass], shown: Shown, unknown: int) -> list[tuple[SafeString, str, int]]:
    decimals = shown.indicator.decimals
    found = []
    for each in among:
        low, high = words.number_text(each.low, decimals), words.number_text(each.high, decimals)
        found.append((safe(chart.legend_mark(each)), low if low == high else f"{low} – {high}", each.count))
    if unknown:
        found.append((safe(chart.legend_mark(None)), _("unknown"), unknown))
    return found


def _ranking(shown: Shown, values: dict[int, Decimal]) -> list[dict[str, Any]]:
    """The best first; without a direction the highest first, and no places; unknown ones last."""
    lowest_first = shown.indicator.direction == Direction.LOWER
    by_place = places(values, lowest_first=lowest_first)
    has_places = shown.indicator.direction != Direction.NEITHER
    key = shown.indicator.key
    rows = [
        {
            "area": town,
            "place": by_place[town.pk] if has_places and town.pk in values else None,
            "value": words.value_text(values.get(town.pk), shown.indicator),
            "known": town.pk in values,
            "evidence": shown.known.evidence.get((key, (town.pk, shown.period)), ""),
            "order": (town.pk not in values, by_place.get(town.pk, 0), town.mois_code),
        }
        for town in shown.towns
    ]
    return sorted(rows, key=lambda row: row["order"])


def _series(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    """The series of one area (``?area=``): of the city where it has values, else the first town that has."""
    key = shown.indicator.key
    every = [shown.city, *shown.towns]
    own = {area.pk: shown.known.periods(key, {area.pk}) for area in every}
    code = request.GET.get("area", "")
    with_values = [area for area in every if own[area.pk]]
    area = next((each for each in with_values if each.mois_code == code), with_values[0] if with_values else None)
    if area is None or len(shown.known.periods(key)) < 2:
        return {"series_areas": []}
    kind = periods.parse(shown.period).kind if shown.period else periods.YEAR
    parsed = [periods.parse(text) for text in shown.known.periods(key)]
    kinds = {periods.parse(text).kind for text in own[area.pk]}
    kind = kind if kind in kinds else sorted(kinds)[0]
    points = [_point(shown, area, period) for period in parsed if period.kind == kind]
    known = [at for at, point in enumerate(points) if point.value is not None]
    points = points[known[0] : known[-1] + 1]
    return {
        "series_areas": with_values,
        "series_area": area,
        "series": safe(chart.series(points, f"{shown.indicator.name}, {area.name}")) if len(points) > 1 else "",
        "series_rows": [
            (words.period_label(text), words.value_text(shown.known.of(key, area.pk, text), shown.indicator),
             shown.known.evidence.get((key, (area.pk, text)), ""))
            for text in reversed(own[area.pk])
        ],
    }  # fmt: skip


def _point(shown: Shown, area: AdminArea, period: periods.Period) -> chart.Point:
    value = shown.known.of(shown.indicator.key, area.pk, str(period))
    told = words.number_text(value, shown.indicator.decimals)
    return chart.Point(words.period_label(str(period)), period.year * 12 + period.begins_in - 1, value, told)
