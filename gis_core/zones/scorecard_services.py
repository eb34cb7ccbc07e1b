"""The comparison of a zone's members, put together for one person: everything is counted within what they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, CooperationZone

from . import scorecard_querysets as querysets
from . import scorecard_registry as registry
from .scorecard import CategoryTitle, Column, Kind, Lack, Row, Section, Spread, figure_row, lacks, section, spreads

# The areas themselves are what is compared.
NOT_COMPARED = frozenset({"areas"})


@dataclass(frozen=True)
class Comparison:
    """``empty``: titles of layers of which nobody here has any, as far as this person sees."""

    members: list[AdminArea]
    columns: list[Column]
    sections: list[Section]
    empty: list[str]
    figures: list[Row]
    lacks: list[Lack]
    spreads: list[Spread]
    gains: list[registry.Gain]


def compare(user: Any, zone: CooperationZone, day: date, minutes: int) -> Comparison:
    """One statement for each layer, a few for the areas, and what the domains' figures take; however many members."""
    members = querysets.members_of(zone)
    if not members:
        return Comparison([], [], [], [], [], [], [], [])
    columns = querysets.columns_of(members, str(zone))
    every = sections(user, columns)
    area_ids = frozenset().union(*(column.area_ids for column in columns))
    found = [*registry.all_figures(user, area_ids, day), *querysets.indicator_figures(user, area_ids)]
    figures = [figure_row(figure, columns) for figure in found]
    question = registry.Question(
        {column.title: column.towns for column in columns if column.kind is Kind.MEMBER}, day, minutes
    )
    return Comparison(
        members,
        columns,
        [each for each in every if not each.rows[0].is_empty],
        [each.title for each in every if each.rows[0].is_empty],
        figures,
        lacks(every, columns),
        spreads(figures, columns),
        registry.all_gains(user, question) if len(question.members) > 1 else [],
    )


def sections(user: Any, columns: Sequence[Column]) -> list[Section]:
    """Every layer that this person sees, in the order of the menu."""
    return [_section(user, layer, columns) for layer in layers.visible_to(user) if layer.id not in NOT_COMPARED]


def _section(user: Any, layer: Layer, columns: Sequence[Column]) -> Section:
    categories = [CategoryTitle(str(each.value), str(each.label), each.color, each.shape) for each in styled(layer)]
    return section(
        layer.id,
        str(layer.title),
        columns,
        querysets.layer_scope(user, layer),
        querysets.counts(user, layer, columns),
        categories=categories,
        sums=[(str(each.title), str(each.unit)) for each in layer.sums],
        asset=registry.asset_of(layer.id),
    )


def styled(layer: Layer) -> tuple[Any, ...]:
    """The layer's categories; of one that looks the same everywhere, none."""
    return layer.style.categories if layer.style.property else ()
