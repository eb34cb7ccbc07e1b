"""Who may ask about which areas, and what indicators say of them: values that were entered, and those that follow."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.models import (
    AdminArea,
    AreaLevel,
    EvaluationSheet,
    Indicator,
    IndicatorValue,
    LocalPolicy,
    OutreachVisit,
    Role,
)

from . import formula, periods
from .formula import Formula, Place


def view_scope(user: Any) -> frozenset[int] | None:
    """The areas whose figures this person may see; None means everywhere. Raises PermissionDenied without any role."""
    if not permissions.roles_of(user):
        raise PermissionDenied(_("Your account has no role yet."))
    return permissions.area_scope(user, permissions.ALL_ROLES)


def coordinator_scope(user: Any) -> frozenset[int] | None:
    """The areas whose figures this person may change; None means everywhere."""
    return permissions.area_scope(user, {Role.ZONE_COORDINATOR})


def is_coordinator(user: Any) -> bool:
    return bool(permissions.roles_of(user) & {Role.ZONE_COORDINATOR, Role.ADMINISTRATOR})


def may_define(user: Any) -> bool:
    """What is measured counts in every town: the coordinator of a single one does not define it."""
    scope = coordinator_scope(user)
    return is_coordinator(user) and (scope is None or len(scope) > 1)


def cities(scope: frozenset[int] | None) -> QuerySet[AdminArea]:
    """Cities and counties of which somebody with this scope may see something."""
    found = AdminArea.objects.current().filter(level=AreaLevel.SIGUNGU).order_by("mois_code")
    if scope is None:
        return found
    towns = AdminArea.objects.towns().filter(pk__in=sorted(scope))
    above = Q(pk__in=towns.order_by().values("parent")) | Q(pk__in=towns.order_by().values("parent__parent"))
    return found.filter(Q(pk__in=sorted(scope)) | above)


def towns_of(city: AdminArea, scope: frozenset[int] | None = None) -> QuerySet[AdminArea]:
    """The current towns of a city, also below its districts, in the order of their codes; None is the whole city."""
    found = AdminArea.objects.towns().filter(Q(parent=city) | Q(parent__parent=city)).order_by("mois_code")
    return found if scope is None else found.filter(pk__in=sorted(scope))


def places_of(city: AdminArea, scope: frozenset[int] | None = None) -> list[AdminArea]:
    """The city itself, where it is in the scope, and its towns."""
    whole = [city] if scope is None or city.pk in scope else []
    return [*whole, *towns_of(city, scope)]


def indicators() -> QuerySet[Indicator]:
    return Indicator.objects.live()


def formulas() -> dict[str, Formula]:
    """The formulas of all indicators that have one. One that can no longer be read is passed over: its values are
    unknown then."""
    found = {}
    for key, text in indicators().exclude(formula="").values_list("key", "formula"):
        try:
            found[key] = formula.parse(text)
        except formula.BadFormula:
            continue
    return found


@dataclass(frozen=True)
class Figures:
    """Values by indicator's key, then by area and period; ``evidence`` of those that were entered."""

    values: dict[str, dict[Place, Decimal]]
    evidence: dict[tuple[str, Place], str]

    def of(self, key: str, area_id: int, period: str) -> Decimal | None:
        return self.values.get(key, {}).get((area_id, period))

    def periods(self, key: str, area_ids: Collection[int] | None = None) -> list[str]:
        """Periods with a value, the first one first."""
        found = {period for area, period in self.values.get(key, {}) if area_ids is None or area in area_ids}
        return periods.ordered(found)

    def latest(self, key: str, area_id: int) -> tuple[str, Decimal] | None:
        """The last period with a value, and the value."""
        own = {period: value for (area, period), value in self.values.get(key, {}).items() if area == area_id}
        last = periods.ordered(set(own))[-1:]
        return (last[0], own[last[0]]) if last else None


def figures(area_ids: Iterable[int], keys: Iterable[str] | None = None) -> Figures:
    """What indicators (all, or these) say of these areas in all periods. Two statements."""
    known = formulas()
    wanted = None if keys is None else {need for key in keys for need in formula.needed_by(key, known)}
    rows = IndicatorValue.objects.live().filter(area_id__in=sorted(set(area_ids)), indicator__retired_at=None)
    if wanted is not None:
        rows = rows.filter(indicator__key__in=sorted(wanted))
        known = {key: each for key, each in known.items() if key in wanted}
    entered: dict[str, dict[Place, Decimal]] = {}
    evidence: dict[tuple[str, Place], str] = {}
    told = rows.values_list("indicator__key", "area_id", "period", "value", "evidence")
    for key, area_id, period, value, note in told:
        entered.setdefault(key, {})[area_id, period] = value
        if note:
            evidence[key, (area_id, period)] = note
    try:
        values = formula.compute(known, entered)
    except formula.Circle:
        # Refused when it is written; should one be there all the same, what was entered is still true.
        values = entered
    return Figures(values, evidence)


def evaluation_values(
    needs: Iterable[tuple[str, str]], area_ids: Iterable[int]
) -> dict[tuple[str, str], dict[int, Decimal]]:
    """What an evaluation measures: by indicator's key and period, then by area."""
    wanted = set(needs)
    found = figures(area_ids, {key for key, _period in wanted})
    measured: dict[tuple[str, str], dict[int, Decimal]] = {}
    for key, values in found.values.items():
        for (area_id, period), value in values.items():
            if (key, period) in wanted:
                measured.setdefault((key, period), {})[area_id] = value
    return measured


def sheets(scope: frozenset[int] | None) -> QuerySet[EvaluationSheet]:
    """Evaluation sheets of cities of which something may be seen."""
    found = EvaluationSheet.objects.live().select_related("area")
    return found if scope is None else found.filter(area__in=cities(scope))


def policies(city: AdminArea, scope: frozenset[int] | None) -> QuerySet[LocalPolicy]:
    return LocalPolicy.objects.live().filter(area__in=towns_of(city, scope))


def outreach(city: AdminArea, scope: frozenset[int] | None) -> QuerySet[OutreachVisit]:
    return OutreachVisit.objects.live().filter(area__in=towns_of(city, scope))
