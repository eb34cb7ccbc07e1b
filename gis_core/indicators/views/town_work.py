"""Sums of what towns do: local policies by town and year, outreach visits by town."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.indicators.querysets import outreach, policies, towns_of
from gis_core.layers.registry import layers
from gis_core.models import OutreachVisit

from .asking import asked, number_of


@dataclass(frozen=True)
class Outreach:
    """Sums of villages. A village's households count once, however often it was visited; ``of_known`` are the visited
    among the households of villages whose number is known, and ``uncounted`` the villages where it is not."""

    villages: int
    visited: int
    households: int
    of_known: int
    needed: int
    done: int
    first: date
    last: date
    uncounted: int

    @property
    def share(self) -> float | None:
        """Percent; None where no village's households are known."""
        return 100 * self.of_known / self.households if self.households else None

    @property
    def open(self) -> int:
        return self.needed - self.done


def add_up(parts: Iterable[Outreach]) -> Outreach:
    """The sum of one or more."""
    found = list(parts)
    names = ("villages", "visited", "households", "of_known", "needed", "done", "uncounted")
    sums = {name: sum(getattr(each, name) for each in found) for name in names}
    return Outreach(**sums, first=min(each.first for each in found), last=max(each.last for each in found))


# Namwon asks for at least ten a town.
TARGET = 10
_EARLIEST, _LATEST = 1990, 2100


def _year(request: HttpRequest, last: int | None) -> int:
    return number_of(request.GET.get("year", ""), last or timezone.localdate().year, _EARLIEST, _LATEST)


@login_required
@never_cache
@require_safe
def policy_counter(request: HttpRequest) -> HttpResponse:
    """``?city= &year= &target=``: how many local policies each town has, and how many are still wanted."""
    layer = layers.get("local-policies")
    held = layer.queryset(request.user).order_by().values_list("area__parent", flat=True).distinct()
    found = asked(request, {pk for pk in held if pk})
    target = number_of(request.GET.get("target", ""), TARGET, 1, 1000)
    context: dict[str, Any] = {"asked": found, "target": target, "layer": layer}
    if found.city is not None:
        known = policies(found.city, found.scope)
        years = sorted(set(known.order_by().values_list("year", flat=True)), reverse=True)
        year = _year(request, years[0] if years else None)
        counts = dict(known.filter(year=year).order_by().values_list("area").annotate(number=Count("pk")))
        rows = [_counted(town, counts.get(town.pk, 0), target) for town in towns_of(found.city, found.scope)]
        context |= {
            "year": year, "years": years, "rows": rows, "total": sum(counts.values()),
            "wanted": target * len(rows), "reached": sum(row["missing"] == 0 for row in rows),
            "may_add": permissions.can_add(request.user, layer),
        }  # fmt: skip
    return render(request, "gis_core/town_work/policies.html", context)


def _counted(town: Any, number: int, target: int) -> dict[str, Any]:
    return {"area": town, "number": number, "missing": max(target - number, 0), "shown": min(number, target)}


@login_required
@never_cache
@require_safe
def outreach_sums(request: HttpRequest) -> HttpResponse:
    """``?city= &year=``: households visited and follow-ups by town; a visit counts in the year in which it ended."""
    layer = layers.get("outreach-visits")
    held = layer.queryset(request.user).order_by().values_list("area__parent", flat=True).distinct()
    found = asked(request, {pk for pk in held if pk})
    context: dict[str, Any] = {"asked": found, "layer": layer}
    if found.city is not None:
        known = outreach(found.city, found.scope)
        years = [each.year for each in known.order_by().dates("until_on", "year", order="DESC")]
        year = _year(request, years[0] if years else None)
        sums = _by_town(known.filter(until_on__year=year))
        towns = list(towns_of(found.city, found.scope))
        context |= {
            "year": year, "years": years, "may_add": permissions.can_add(request.user, layer),
            "rows": [{"area": town, "sum": sums[town.pk]} for town in towns if town.pk in sums],
            "without": [town.name for town in towns if town.pk not in sums],
            "total": add_up(sums.values()) if sums else None,
        }  # fmt: skip
    return render(request, "gis_core/town_work/outreach.html", context)


def _by_town(visits: QuerySet[OutreachVisit]) -> dict[int, Outreach]:
    villages = visits.order_by().values("area", "village").annotate(
        times=Count("pk"),
        most=Max("households"),
        met=Sum("visited"),
        needed=Sum("follow_ups"),
        done=Sum("follow_ups_done"),
        first=Min("from_on"),
        last=Max("until_on"),
    )  # fmt: skip
    found: dict[int, list[Outreach]] = {}
    for row in villages:
        of_village = Outreach(
            1, row["met"], row["most"] or 0, min(row["met"], row["most"] or 0), row["needed"], row["done"],
            row["first"], row["last"], 0 if row["most"] else 1,
        )  # fmt: skip
        found.setdefault(row["area"], []).append(of_village)
    return {area: add_up(each) for area, each in found.items()}
