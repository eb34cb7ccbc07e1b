"""Sums of improvement plans: money by source and kind, and by year and town what was planned, done and came of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from vacanthouses.models import CostLine, ImprovementPlan, Measure, MeasureKind, MeasureState


@dataclass
class Figures:
    """``measures`` without those dropped; money in whole KRW; ``living`` is null where nobody counted."""

    measures: int = 0
    done: int = 0
    cost: int = 0
    subsidy: int = 0
    living: int | None = None

    @property
    def subsidy_percent(self) -> int | None:
        return round(100 * self.subsidy / self.cost) if self.cost else None

    def add(self, other: "Figures") -> None:
        self.measures += other.measures
        self.done += other.done
        self.cost += other.cost
        self.subsidy += other.subsidy
        if other.living is not None:
            self.living = (self.living or 0) + other.living


@dataclass(frozen=True)
class Sums:
    """Of one plan: by kind, in the order of the kinds; by source, the largest first: (source, subsidy, KRW)."""

    by_kind: list[tuple[MeasureKind, Figures]]
    by_source: list[tuple[str, bool, int]]
    total: Figures


@dataclass
class Row:
    year: int
    town: str
    figures: Figures = field(default_factory=Figures)


def counting() -> "QuerySet[Measure]":
    found: QuerySet[Measure] = Measure.objects.live().filter(plan__retired_at=None).exclude(state=MeasureState.DROPPED)
    return found.order_by()


def _costs() -> "QuerySet[CostLine]":
    """Lines that count: not taken out, of measures that are not dropped."""
    lines: QuerySet[CostLine] = CostLine.objects.live().filter(measure__retired_at=None, measure__plan__retired_at=None)
    return lines.exclude(measure__state=MeasureState.DROPPED).order_by()


def of_plan(plan: ImprovementPlan) -> Sums:
    """Three statements."""
    by_kind: dict[str, Figures] = defaultdict(Figures)
    _count(by_kind, counting().filter(plan=plan).values("kind"), "kind")
    lines = _costs().filter(measure__plan=plan)
    _money(by_kind, lines.values("measure__kind"), "measure__kind")
    total = _total(by_kind.values())
    sources = lines.values("source", "is_subsidy").annotate(amount=Sum("amount_krw")).order_by("-amount", "source")
    return Sums(
        [(kind, by_kind[kind]) for kind in MeasureKind if kind in by_kind],
        [(row["source"], row["is_subsidy"], row["amount"]) for row in sources],
        total,
    )


def of_plans(plans: Iterable[ImprovementPlan]) -> dict[int, Figures]:
    """By plan. Two statements."""
    pks = [plan.pk for plan in plans]
    found: dict[int, Figures] = defaultdict(Figures)
    _count(found, counting().filter(plan__in=pks).values("plan"), "plan")
    _money(found, _costs().filter(measure__plan__in=pks).values("measure__plan"), "measure__plan")
    return found


def of_measures(plan: ImprovementPlan) -> dict[int, Figures]:
    """Money by measure, those dropped too. One statement."""
    found: dict[int, Figures] = defaultdict(Figures)
    lines: QuerySet[CostLine] = CostLine.objects.live().filter(measure__plan=plan).order_by()
    _money(found, lines.values("measure"), "measure")
    return found


def by_year_and_town(plans: "QuerySet[ImprovementPlan]") -> tuple[list[Row], Figures]:
    """Of these plans, by the plan's year (latest first) and the house's town; and the sum of all. Two statements."""
    pks = plans.order_by().values("pk")
    found: dict[Any, Figures] = defaultdict(Figures)
    names: dict[Any, tuple[str, str]] = {}
    asked = ("plan__year", "area", "area__mois_code", "area__full_name")
    for row in _counted(counting().filter(plan__in=pks).values(*asked)):
        key = row["plan__year"], row["area"]
        names[key] = row["area__mois_code"] or "", row["area__full_name"] or ""
        found[key].add(_figures(row))
    money = _costs().filter(measure__plan__in=pks).values("measure__plan__year", "measure__area")
    for row in _summed(money):
        found[row["measure__plan__year"], row["measure__area"]].add(_figures(row))
    ordered = sorted(found, key=lambda key: (-key[0], names[key]))
    return [Row(key[0], names[key][1], found[key]) for key in ordered], _total(found.values())


def _count(found: dict[Any, Figures], rows: Any, key: str) -> None:
    for row in _counted(rows):
        found[row[key]].add(_figures(row))


def _money(found: dict[Any, Figures], rows: Any, key: str) -> None:
    for row in _summed(rows):
        found[row[key]].add(_figures(row))


def _counted(rows: Any) -> Any:
    done = Q(state=MeasureState.DONE)
    return rows.annotate(
        measures=Count("pk"), done=Count("pk", filter=done), living=Sum("living_population", filter=done)
    )


def _summed(rows: Any) -> Any:
    return rows.annotate(cost=Sum("amount_krw"), subsidy=Sum("amount_krw", filter=Q(is_subsidy=True)))


def _figures(row: dict[str, Any]) -> Figures:
    numbers = {name: row.get(name) or 0 for name in ("measures", "done", "cost", "subsidy")}
    return Figures(**numbers, living=row.get("living"))


def _total(found: Iterable[Figures]) -> Figures:
    total = Figures()
    for each in found:
        total.add(each)
    return total
