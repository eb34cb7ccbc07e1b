"""Reading a layer as SQL: from the scoped queryset to GeoJSON text in one statement, no Python per feature.

The ORM compiles the queryset; what wraps it is composed with psycopg2.sql from our own names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import GeoFunc, Transform
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, JSONField, QuerySet, TextField
from psycopg2 import sql

from gis_core.crs import LONLAT_SRID

from .layer import Layer, Property
from .versions import data_version, etag


class FlipCoordinates(GeoFunc):
    """ST_FlipCoordinates: y first, as some CRS prescribe."""

    function = "ST_FlipCoordinates"
    geom_param_pos = (0,)

    @property
    def output_field(self) -> Any:
        return self.source_expressions[0].output_field


class GeoJson(Func):
    """ST_AsGeoJSON as text: 7 decimals of a degree, or millimetres."""

    function = "ST_AsGeoJSON"
    output_field = TextField()

    def __init__(self, expression: Any, precision: int) -> None:
        super().__init__(expression, precision, 0)


class AsJson(Func):
    template = "(%(expressions)s)::json"
    output_field = JSONField()


@dataclass(frozen=True)
class FeaturePage:
    """A page of features: their JSON joined by commas, how many, and the last one's id."""

    features: str
    count: int
    last_id: int | None


def compiled(queryset: QuerySet) -> tuple[sql.SQL, Sequence[Any]]:
    """A queryset as a piece of SQL with its parameters. Raises EmptyResultSet when it can hold nothing."""
    text, params = queryset.query.sql_with_params()
    return sql.SQL(text), params


def first_row(statement: sql.Composable, params: Sequence[Any]) -> tuple[Any, ...]:
    """The first row a composed statement gives."""
    with connection.cursor() as cursor:
        # Django's cursor wrappers expect text.
        cursor.execute(statement.as_string(cursor.cursor), params)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def complete(text: str, params: Sequence[Any]) -> str:
    """A statement with its parameters in place. Geometries among them have no text of their own to tell them apart."""
    with connection.cursor() as cursor:
        statement: bytes = cursor.cursor.mogrify(text, params)
        return statement.decode()


def geometry_json(field: str, srid: int, north_first: bool) -> GeoJson:
    moved: Any = Transform(field, srid)
    if north_first:
        moved = FlipCoordinates(moved)
    return GeoJson(moved, 7 if srid == LONLAT_SRID else 3)


def _selected(
    layer: Layer, queryset: QuerySet, properties: Sequence[Property], srid: int, north_first: bool
) -> QuerySet:
    columns: dict[str, Any] = {f"p_{prop.name}": prop.expression for prop in properties}
    if layer.outline:
        columns[f"p_{layer.outline}"] = AsJson(geometry_json(layer.outline, srid, north_first))
    columns["fid"] = F(layer.model._meta.pk.name)
    columns["geom"] = geometry_json(layer.geometry, srid, north_first)
    return queryset.values(**columns)


def _feature(layer: Layer, properties: Sequence[Property]) -> sql.Composable:
    names = [prop.name for prop in properties] + ([layer.outline] if layer.outline else [])
    pairs = sql.SQL(", ").join(
        sql.SQL("{}, f.{}").format(sql.Literal(name), sql.Identifier(f"p_{name}")) for name in names
    )
    return sql.SQL(
        """'{{"type":"Feature","id":' || f.fid || ',"geometry":' || coalesce(f.geom, 'null')"""
        """ || ',"properties":' || json_build_object({})::text || '}}'"""
    ).format(pairs)


def page_statement(
    layer: Layer, queryset: QuerySet, properties: Sequence[Property], srid: int, north_first: bool = False
) -> tuple[sql.Composable, Sequence[Any]]:
    """The statement that gives a page (an ordered, sliced queryset) as one row: features, count, last id."""
    inner, params = compiled(_selected(layer, queryset, properties, srid, north_first))
    statement = sql.SQL("SELECT coalesce(string_agg({}, ','), ''), count(*), max(f.fid) FROM ({}) AS f").format(
        _feature(layer, properties), inner
    )
    return statement, params


def feature_page(
    layer: Layer,
    queryset: QuerySet,
    properties: Sequence[Property],
    srid: int = LONLAT_SRID,
    *,
    north_first: bool = False,
) -> FeaturePage:
    """Read an ordered, sliced queryset as GeoJSON features in the given CRS and order of axes."""
    try:
        statement, params = page_statement(layer, queryset, properties, srid, north_first)
    except EmptyResultSet:
        return FeaturePage("", 0, None)
    return FeaturePage(*first_row(statement, params))


def matched(layer: Layer, queryset: QuerySet, version: str | None = None) -> int:
    """How many records a queryset holds. Counting millions takes its time, so the answer is kept per data version.

    ``version`` is the layer's data version where the caller has read it already.
    """
    try:
        question = complete(*queryset.order_by().query.sql_with_params())
    except EmptyResultSet:
        return 0
    key = "matched." + etag(version or data_version(layer), question).strip('"')
    found = cache.get(key)
    if found is None:
        found = queryset.order_by().count()
        cache.set(key, found, 600)
    return int(found)
