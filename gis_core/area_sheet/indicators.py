"""An area's latest indicators, and its place among its neighbours in the same city."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format

from gis_core.indicators.querysets import Figures, figures
from gis_core.models import AdminArea, Direction, Indicator, IndicatorValue

from .figures import SPARK
from .months import spark_points


def figure(value: Decimal, indicator: Indicator) -> str:
    """A value with the indicator's decimals and the language's separators."""
    return number_format(value, indicator.decimals, force_grouping=True)


@dataclass(frozen=True)
class AreaIndicator:
    """``rank`` of ``among`` areas of the same city that have a value of that period; None where nothing is better."""

    indicator: Indicator
    period: str
    value: Decimal
    series: list[tuple[str, Decimal]]
    rank: int | None
    among: int
    is_example: bool

    @property
    def text(self) -> str:
        return figure(self.value, self.indicator)

    @property
    def spark(self) -> str:
        return spark_points([float(value) for _period, value in self.series], *SPARK)


def area_indicators(area: AdminArea) -> list[AreaIndicator]:
    """The latest value of each indicator that has one for this area, entered or by formula. Five statements."""
    beside = AdminArea.objects.current().filter(level=area.level, parent=area.parent_id).order_by()
    found = figures(beside.values_list("pk", flat=True))
    invented = IndicatorValue.objects.live().filter(area=area, is_example=True)
    examples = set(invented.values_list("indicator__key", "period"))
    told = []
    for indicator in Indicator.objects.live():
        last = found.latest(indicator.key, area.pk)
        if last is not None:
            told.append(_told(indicator, area, last, found, (indicator.key, last[0]) in examples))
    return told


def _told(
    indicator: Indicator, area: AdminArea, last: tuple[str, Decimal], found: Figures, is_example: bool
) -> AreaIndicator:
    period, value = last
    values = found.values[indicator.key]
    same = [each for (_area, of), each in values.items() if of == period]
    # Years beside months would make a chart of nothing.
    alike = [each for each in found.periods(indicator.key, {area.pk}) if len(each) == len(period)]
    return AreaIndicator(
        indicator=indicator,
        period=period,
        value=value,
        series=[(each, values[area.pk, each]) for each in alike],
        rank=_rank(value, same, indicator.direction),
        among=len(same),
        is_example=is_example,
    )


def _rank(value: Decimal, among: list[Decimal], direction: str) -> int | None:
    if direction == Direction.NEITHER or len(among) < 2:
        return None
    return 1 + sum(each > value if direction == Direction.HIGHER else each < value for each in among)
