"""What building a plan costs: doors, gaps and walls changed, by the unit costs of the day. Whole KRW."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .document import DOOR, GAP

# What has a unit cost: an opening of that kind made, moved or closed; a metre of wall built or taken away.
WALL_M = "wall_m"
ITEMS = (DOOR, GAP, WALL_M)


@dataclass(frozen=True)
class UnitCost:
    item: str
    krw: int
    source: str = ""
    effective_from: date | None = None


@dataclass(frozen=True)
class CostLine:
    """``krw`` is None where no unit cost is known."""

    item: str
    quantity: float
    unit_cost: UnitCost | None

    @property
    def krw(self) -> int | None:
        if self.unit_cost is None:
            return None
        # Quantities to the centimetre, as a bill of quantities has them.
        quantity = Decimal(repr(self.quantity)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return int((quantity * self.unit_cost.krw).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class Cost:
    lines: tuple[CostLine, ...]

    @property
    def total_krw(self) -> int | None:
        """None when a unit cost is missing for something that changes: half a sum is no sum."""
        known = [line.krw for line in self.lines if line.quantity > 0]
        return None if None in known else sum(krw or 0 for krw in known)

    @property
    def missing(self) -> tuple[str, ...]:
        """The items that change without a known unit cost."""
        return tuple(line.item for line in self.lines if line.quantity > 0 and line.unit_cost is None)


def cost(quantities: Mapping[str, float], unit_costs: Iterable[UnitCost], on: date | None = None) -> Cost:
    """The bill for these quantities by item, at the newest unit costs in force on the day (the newest, without one)."""
    newest: dict[str, UnitCost] = {}
    for unit_cost in sorted(unit_costs, key=_since):
        if on is None or _since(unit_cost) <= on:
            newest[unit_cost.item] = unit_cost
    return Cost(tuple(CostLine(item, quantities.get(item, 0.0), newest.get(item)) for item in ITEMS))


def _since(unit_cost: UnitCost) -> date:
    return unit_cost.effective_from or date.min
