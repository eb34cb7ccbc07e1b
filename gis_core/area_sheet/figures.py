"""What the layers hold in an area: today, and at the end of each of the last months."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, DateField, DateTimeField, F, Q
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea

from .months import last_months, next_first, spark_points

MONTHS = 12
SPARK = (96.0, 20.0)


@dataclass(frozen=True)
class LayerFigures:
    """A layer in an area, as far as this person may see it. ``series``: month and how many there were at its end."""

    layer: Layer
    count: int
    url: str
    map_url: str
    series: list[tuple[date, int]]
    sums: list[dict[str, Any]] = field(default_factory=list)

    @property
    def values(self) -> list[int]:
        """The series and today."""
        return [*(number for _month, number in self.series), self.count]

    @property
    def spark(self) -> str:
        return spark_points(self.values, *SPARK)

    @property
    def change(self) -> int:
        """Since the oldest month shown."""
        return self.count - self.series[0][1]


def layer_figures(user: Any, area: AdminArea, today: date) -> list[LayerFigures]:
    """Figures of every layer the person sees, in the layers' order: one statement each, one more for its sums.

    A record was there at the end of a month if its own date (else the day it was entered) had come by then, and it had
    not been taken out of use.
    """
    below = AdminArea.objects.descendant_ids([area.pk])
    return [_figures(user, layer, area, below, today) for layer in layers.visible_to(user) if layer.id != "areas"]


def _figures(user: Any, layer: Layer, area: AdminArea, below: frozenset[int], today: date) -> LayerFigures:
    months = last_months(today, MONTHS)
    records = layer.in_areas(layer.queryset(user, with_retired=True), below).order_by()
    ends = {f"m{number}": Count("pk", filter=_there(next_first(month))) for number, month in enumerate(months)}
    found = records.annotate(began=_began(layer), ended=TruncDate("retired_at")).aggregate(
        count=Count("pk", filter=Q(retired_at__isnull=True)), **ends
    )
    return LayerFigures(
        layer=layer,
        count=found["count"],
        url=f"{reverse('record-list', args=[layer])}?area={area.mois_code}",
        map_url=f"{reverse('map')}?on={layer.id}&area={area.pk}",
        series=[(month, found[f"m{number}"]) for number, month in enumerate(months)],
        sums=_sums(layer, layer.in_areas(layer.queryset(user), below).order_by()) if layer.sums else [],
    )


def _began(layer: Layer) -> Any:
    entered = TruncDate("created_at")
    if layer.temporal is None:
        return entered
    kind = layer.model._meta.get_field(layer.temporal)
    own = TruncDate(layer.temporal) if isinstance(kind, DateTimeField) else F(layer.temporal)
    return Coalesce(own, entered, output_field=DateField())


def _there(end: date) -> Q:
    """Whether a record was there just before this day began."""
    return Q(began__lt=end) & (Q(ended__isnull=True) | Q(ended__gte=end))


def _sums(layer: Layer, records: Any) -> list[dict[str, Any]]:
    totals = records.aggregate(**{f"s{number}": figure.expression for number, figure in enumerate(layer.sums)})
    return [
        {"title": figure.title, "value": totals[f"s{number}"], "unit": figure.unit}
        for number, figure in enumerate(layer.sums)
    ]
