"""The sheet of an area: everything a person may see of one town, city or province, composed once for page and paper."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, Sum

from gis_core import open_tasks, permissions
from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLevel, CooperationZone, ProjectBudget, ZoneProject
from gis_core.zones.scorecard_registry import all_figures
from gis_core.zones.scorecard_words import number

from .figures import LayerFigures, layer_figures
from .indicators import AreaIndicator, area_indicators


@dataclass(frozen=True)
class ZoneLine:
    zone: CooperationZone
    others: list[AdminArea]


@dataclass(frozen=True)
class ProjectLine:
    """``executed`` None: of no budget is it known what was spent."""

    project: ZoneProject
    planned: int | None
    executed: int | None


@dataclass(frozen=True)
class DomainFigure:
    """What a domain knows of a town, such as its readiness: ``low`` to ``high`` where part of it is unknown."""

    title: str
    low: float
    high: float
    unit: str
    decimals: int

    @property
    def text(self) -> str:
        ends = [number(each, self.decimals) for each in dict.fromkeys((self.low, self.high))]
        return f"{'–'.join(ends)}{'' if self.unit == '%' else ' '}{self.unit}"


@dataclass(frozen=True)
class AreaSheet:
    area: AdminArea
    day: date
    layers: list[LayerFigures]
    indicators: list[AreaIndicator] = field(default_factory=list)
    figures: list[DomainFigure] = field(default_factory=list)
    zones: list[ZoneLine] = field(default_factory=list)
    projects: list[ProjectLine] = field(default_factory=list)
    tasks: list[Todo] = field(default_factory=list)

    @property
    def held(self) -> list[LayerFigures]:
        """Layers of which there is something here, or was within the year."""
        return [each for each in self.layers if each.count or each.change]

    @property
    def bare(self) -> list[LayerFigures]:
        return [each for each in self.layers if not each.count and not each.change]


def area_sheet(user: Any, area: AdminArea, day: date) -> AreaSheet:
    """As far as this person may see it: layers by role and area, indicators, zones and projects for those with a role
    that sees zones."""
    figures = layer_figures(user, area, day)
    if not permissions.can_view(user, layers.get("zones")):
        return AreaSheet(area, day, figures)
    below = AdminArea.objects.descendant_ids([area.pk])
    zones = _zones(user, below)
    return AreaSheet(
        area=area,
        day=day,
        layers=figures,
        indicators=area_indicators(area),
        figures=_figures(user, area, day) if area.level == AreaLevel.EUPMYEONDONG else [],
        zones=[ZoneLine(zone, [each for each in members if each.pk not in below]) for zone, members in zones],
        projects=_projects(below, [zone.pk for zone, _members in zones]),
        tasks=open_tasks.of(user, below),
    )


def _figures(user: Any, area: AdminArea, day: date) -> list[DomainFigure]:
    """What the domains say of a town; of a city they could only say its weakest town."""
    return [
        DomainFigure(each.title, known.low, known.high, each.unit, each.decimals)
        for each in all_figures(user, frozenset([area.pk]), day)
        if (known := each.values.get(area.pk)) is not None
    ]


def _zones(user: Any, below: frozenset[int]) -> list[tuple[CooperationZone, list[AdminArea]]]:
    layer = layers.get("zones")
    members = Prefetch("member_areas", AdminArea.objects.defer("geometry").order_by("mois_code"))
    zones = layer.in_areas(layer.queryset(user), below).defer("geometry").prefetch_related(members)
    return [(zone, list(zone.member_areas.all())) for zone in zones.order_by("name", "pk")]


def _projects(below: frozenset[int], zones: list[int]) -> list[ProjectLine]:
    """Projects in the area and of its zones, the newest first."""
    found = ZoneProject.objects.live().filter(Q(area__in=sorted(below)) | Q(zone__in=zones))
    budgets = ProjectBudget.objects.live().filter(project__in=found.order_by().values("pk")).order_by()
    sums = {
        row["project"]: (row["planned"], row["executed"])
        for row in budgets.values("project").annotate(planned=Sum("planned_krw"), executed=Sum("executed_krw"))
    }
    rows = found.select_related("zone", "area").defer("geometry", "zone__geometry", "area__geometry")
    return [ProjectLine(each, *sums.get(each.pk, (None, None))) for each in rows.order_by("-starts_on", "-pk")]
