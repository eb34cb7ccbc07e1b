"""Two areas side by side: the same figures, their difference, and what they come to per head and per km2."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gis_core.models import AdminArea

from .indicators import AreaIndicator, figure
from .sheet import AreaSheet

PEOPLE = 1000


@dataclass(frozen=True)
class Rate:
    """A count per 1,000 people, or per km2; None where that is not known."""

    left: float | None
    right: float | None


@dataclass(frozen=True)
class LayerPair:
    title: Any
    left: int
    right: int
    per_people: Rate
    per_km2: Rate
    url_left: str
    url_right: str

    @property
    def difference(self) -> int:
        return self.right - self.left


@dataclass(frozen=True)
class IndicatorPair:
    """The same indicator in both areas. Values of different periods are shown but not subtracted."""

    left: AreaIndicator | None
    right: AreaIndicator | None

    @property
    def indicator(self) -> Any:
        found = self.left or self.right
        assert found is not None
        return found.indicator

    @property
    def difference(self) -> Decimal | None:
        if self.left is None or self.right is None or self.left.period != self.right.period:
            return None
        return self.right.value - self.left.value

    @property
    def difference_text(self) -> str:
        found = self.difference
        return "" if found is None else ("+" if found > 0 else "") + figure(found, self.indicator)


def people(sheet: AreaSheet) -> int | None:
    """Residents by the indicator ``population``; None where nobody entered them."""
    found = next((each for each in sheet.indicators if each.indicator.key == "population"), None)
    return int(found.value) if found and found.value else None


def layer_pairs(left: AreaSheet, right: AreaSheet) -> list[LayerPair]:
    """Of the layers of which at least one of them holds something."""
    heads, ground = (people(left), people(right)), (float(left.area.km2), float(right.area.km2))
    pairs = []
    for one, other in zip(left.layers, right.layers, strict=True):
        counts = (one.count, other.count)
        if not any(counts):
            continue
        pairs.append(
            LayerPair(
                one.layer.title,
                *counts,
                _rates(counts, heads, lambda count, of: count * PEOPLE / of),
                _rates(counts, ground, lambda count, of: count / of),
                one.url,
                other.url,
            )
        )
    return pairs


def _rates(counts: tuple[int, int], of: tuple[Any, Any], rate: Callable[[int, float], float]) -> Rate:
    return Rate(*(rate(count, base) if base else None for count, base in zip(counts, of, strict=True)))


def indicator_pairs(left: AreaSheet, right: AreaSheet) -> list[IndicatorPair]:
    """Of every indicator that at least one of them has, in the order of their keys."""
    sides = [{each.indicator.pk: each for each in sheet.indicators} for sheet in (left, right)]
    known = {pk: each.indicator.key for side in sides for pk, each in side.items()}
    return [IndicatorPair(sides[0].get(pk), sides[1].get(pk)) for pk in sorted(known, key=lambda pk: known[pk])]


def find(text: str, beside: AdminArea) -> list[AdminArea]:
    """Areas of the same level that a person may mean by a code or a name, those of the same city first."""
    text = text.strip()
    if not text:
        return []
    areas = AdminArea.objects.current().filter(level=beside.level).exclude(pk=beside.pk).defer("geometry")
    coded = AdminArea.objects.by_code(text) if text.isdigit() else None
    if coded is not None:
        return list(areas.filter(pk=coded.pk))
    exact = list(areas.filter(name=text)) or list(areas.filter(full_name__icontains=text).order_by("mois_code")[:20])
    return sorted(exact, key=lambda each: (each.parent_id != beside.parent_id, each.mois_code))
