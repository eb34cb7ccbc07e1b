"""What the comparison of a zone's members reads: its areas in a few statements, and each layer in one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.gis.db.models.functions import Area, Intersection
from django.db.models import Count, F, FloatField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from gis_core import permissions
from gis_core.layers.layer import Layer
from gis_core.models import AdminArea, AreaLevel, CooperationZone, IndicatorValue
from gis_core.permissions import ALL_ROLES

from .scorecard import Column, Counted, Figure, Kind, Known

TOTAL = "total"


def members_of(zone: CooperationZone) -> list[AdminArea]:
    """The zone's member areas; of a zone that was only drawn, the towns that lie in it by more than half."""
    found = zone.member_areas.defer("geometry").select_related("parent__parent").order_by("mois_code")
    members = list(found)
    if members or zone.geometry is None:
        return members
    towns = AdminArea.objects.towns().filter(geometry__intersects=zone.geometry)
    inside = towns.annotate(share=Area(Intersection("geometry", zone.geometry)), whole=Area("geometry"))
    found = inside.filter(share__gt=F("whole") / 2).select_related("parent__parent")
    return list(found.defer("geometry").order_by("mois_code"))


def columns_of(members: Sequence[AdminArea], zone_title: str) -> list[Column]:
    """Members, the zone, and the city or county of each member: one statement for all that lies below them."""
    cities = {city.pk: city for city in map(_city, members) if city is not None}
    below, towns = below_of([*(area.pk for area in members), *cities])

    def column(key: str, title: str, kind: Kind, area: AdminArea) -> Column:
        ids = below[area.pk]
        return Column(key, title, kind, ids, ids & towns, area.pk, area.mois_code)

    names = [area.name for area in members]
    found = [
        # Two towns of one name are told apart by the city's.
        column(f"m{area.pk}", area.name if names.count(area.name) == 1 else str(area), Kind.MEMBER, area)
        for area in members
    ]
    ids = frozenset().union(*(each.area_ids for each in found))
    # A zone of one area is that area; of several, no single one.
    own = members[0].pk if len(members) == 1 else None
    zone = Column("zone", zone_title, Kind.ZONE, ids, ids & towns, own)
    return [*found, zone, *(column(f"c{pk}", city.name, Kind.CITY, city) for pk, city in sorted(cities.items()))]


def _city(area: AdminArea | None) -> AdminArea | None:
    while area is not None and area.level != AreaLevel.SIGUNGU:
        area = area.parent
    return area


def below_of(area_ids: Iterable[int]) -> tuple[dict[int, frozenset[int]], frozenset[int]]:
    """Each of these areas with everything below it, and the current towns among all."""
    ids = set(area_ids)
    every = AdminArea.objects.filter(
        Q(pk__in=ids) | Q(parent__in=ids) | Q(parent__parent__in=ids) | Q(parent__parent__parent__in=ids)
    )
    rows = every.order_by().values_list("pk", "parent_id", "level", "valid_to", "retired_at")
    children, towns = defaultdict(list), set()
    for pk, parent, level, ended, retired in rows:
        children[parent].append(pk)
        if level == AreaLevel.EUPMYEONDONG and ended is None and retired is None:
            towns.add(pk)

    def collect(area: int) -> frozenset[int]:
        return frozenset({area}).union(*(collect(child) for child in children[area]))

    return {area: collect(area) for area in ids}, frozenset(towns)


def layer_scope(user: Any, layer: Layer) -> frozenset[int] | None:
    return None if layer.access.public else permissions.area_scope(user, layer.access.view)


def counts(user: Any, layer: Layer, columns: Sequence[Column]) -> dict[str, Counted]:
    """By column, the layer's records that this person may see, by category, and its sums: one statement.

    Each column is counted over its own areas, so that nothing is added up that could overlap.
    """
    records = layer.queryset(user).order_by()
    category = _category(user, layer)
    parts: list[QuerySet] = []
    for number, column in enumerate(columns):
        inside = layer.in_areas(records, column.area_ids).annotate(of_column=Value(number))
        parts.append(_totals(layer, inside))
        if category is not None:
            parts.append(_by_category(layer, inside, category))
    return _read(layer, columns, parts[0].union(*parts[1:], all=True))


def _category(user: Any, layer: Layer) -> Any:
    """What the layer's style goes by, as far as this person is told it."""
    told = {prop.name: prop for prop in layer.visible_properties(user)}
    prop = told.get(layer.style.property or "")
    return None if prop is None else Cast(prop.expression, TextField())


def _totals(layer: Layer, records: QuerySet) -> QuerySet:
    sums = {f"sum_{number}": each.expression for number, each in enumerate(layer.sums)}
    return records.values("of_column").annotate(
        of_category=Value(None, TextField()), number=Count("pk"), of_rows=Value(TOTAL), **sums
    )


def _by_category(layer: Layer, records: QuerySet, category: Any) -> QuerySet:
    sums: dict[str, Any] = {f"sum_{number}": Value(None, FloatField()) for number, _each in enumerate(layer.sums)}
    found = records.annotate(of_category=category).values("of_column", "of_category")
    return found.annotate(number=Count("pk"), of_rows=Value("category"), **sums)


def _read(layer: Layer, columns: Sequence[Column], rows: QuerySet) -> dict[str, Counted]:
    totals: dict[int, tuple[int, tuple[Any, ...]]] = {}
    categories: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row["of_rows"] == TOTAL:
            sums = tuple(row[f"sum_{number}"] for number, _each in enumerate(layer.sums))
            totals[row["of_column"]] = row["number"], sums
        else:
            categories[row["of_column"]][row["of_category"] or ""] = row["number"]
    return {columns[number].key: Counted(count, categories[number], sums) for number, (count, sums) in totals.items()}


def indicator_figures(user: Any, area_ids: frozenset[int]) -> list[Figure]:
    """The latest value of each indicator in each area, in the areas where this person has any role."""
    scope = permissions.area_scope(user, ALL_ROLES)
    seen = area_ids if scope is None else area_ids & scope
    values = IndicatorValue.objects.live().filter(area__in=sorted(seen), indicator__retired_at=None)
    latest = values.select_related("indicator").order_by("indicator__key", "area", "-period", "-pk")
    found: dict[Any, dict[int, Known]] = defaultdict(dict)
    for value in latest.distinct("indicator__key", "area"):
        number = float(value.value)
        found[value.indicator][value.area_id] = Known(number, number, value.period)
    return [
        Figure(
            indicator.name, indicator.unit, known, better=indicator.direction, decimals=indicator.decimals, scope=scope
        )
        for indicator, known in found.items()
    ]
