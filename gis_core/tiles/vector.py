"""Vector tiles (MVT): one statement per tile, from the same scoped and filtered queryset as everything else."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, QuerySet, Value
from psycopg2 import sql

from gis_core.layers.counts import CELL_STEP, MAX_ZOOM, MIN_ZOOM, WORLD_HALF
from gis_core.layers.filters import LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.sql import compiled, first_row

from .grid import EXTENT, tile_area, tile_bounds

OUTLINE_FROM = 15
# Polygon edges are drawn beyond the tile so that its border shows no seam.
POLYGON_BUFFER = 64
MAX_POINT_BUFFER = 512

Statement = tuple[sql.Composable, list[Any]]


def render(query: LayerQuery, z: int, x: int, y: int, buffer: int = 0) -> bytes:
    """A tile's bytes; empty when it holds nothing. ``buffer`` (tile units) adds points just outside the tile."""
    return execute(statements(query, z, x, y, buffer))


def statements(query: LayerQuery, z: int, x: int, y: int, buffer: int = 0) -> list[Statement]:
    """The source-layers of a tile: features (or counts at low zooms), and outlines at high zooms.

    Raises OutsideGrid when there is no such tile.
    """
    tile_bounds(z, x, y)
    layer = query.layer
    if z < layer.from_zoom:
        return []
    if layer.cluster_below is not None and z < layer.cluster_below:
        # A count's circle reaches into the next tile: with a buffer, the cells just outside come too.
        return _count_statements(query, z, x, y, ring=1 if buffer else 0)
    margin = buffer if layer.takes_points else 0
    area = tile_area(z, x, y, min(margin, MAX_POINT_BUFFER))
    if area is None:
        return []
    found = [_features(query, layer.geometry, layer.id, z, x, y, area, margin)]
    inner = tile_area(z, x, y)
    if layer.outline and z >= OUTLINE_FROM and inner is not None:
        found.append(_features(query, layer.outline, f"{layer.id}-outline", z, x, y, inner, 0))
    return [statement for statement in found if statement]


def execute(parts: Sequence[Statement]) -> bytes:
    """One round trip: the source-layers are joined by the database."""
    if not parts:
        return b""
    statement = sql.SQL("SELECT ") + sql.SQL(" || ").join(sql.SQL("({})").format(part) for part, _params in parts)
    row = first_row(statement, [param for _part, params in parts for param in params])
    return bytes(row[0] or b"")


def _columns(query: LayerQuery) -> dict[str, Any]:
    """What a tile's feature carries: label, style property, area. A personal label only for those who see it."""
    layer = query.layer
    personal = {prop.name for prop in layer.properties if prop.personal}
    hidden = layer.label in personal and not query.personal
    columns: dict[str, Any] = {"p_label": Value("") if hidden else F(layer.label)}
    if layer.style.property:
        columns[f"p_{layer.style.property}"] = layer.property_named(layer.style.property).expression
    if layer.area_path == "area_id":
        columns["p_area"] = F("area_id")
    columns.update({f"p_{name}": F(name) for name in layer.tile_properties})
    return columns


def _features(
    query: LayerQuery, geometry: str, source_layer: str, z: int, x: int, y: int, area: Any, margin: int
) -> Statement | None:
    columns = _columns(query)
    selected: QuerySet = (
        query.records.filter(**{f"{geometry}__intersects": area})
        .order_by()
        .values(fid=F("pk"), geom=F(geometry), **columns)
    )
    try:
        inner, params = compiled(selected)
    except EmptyResultSet:
        return None
    is_point = geometry == query.layer.geometry and query.layer.geometry_type == "Point"
    names = sql.SQL(", ").join(
        sql.SQL("f.{} AS {}").format(sql.Identifier(name), sql.Identifier(name.removeprefix("p_"))) for name in columns
    )
    statement = sql.SQL(
        """
        SELECT ST_AsMVT(t, {source_layer}, {extent}, 'geom', 'fid') FROM (
            SELECT f.fid, {names},
                ST_AsMVTGeom(
                    ST_Transform(f.geom, 3857), ST_TileEnvelope({z}, {x}, {y}), {extent}, {buffer}, {clip}
                ) AS geom
            FROM ({inner}) AS f
        ) AS t WHERE geom IS NOT NULL
        """
    ).format(
        source_layer=sql.Literal(source_layer),
        extent=sql.Literal(EXTENT),
        names=names,
        z=sql.Literal(z),
        x=sql.Literal(x),
        y=sql.Literal(y),
        buffer=sql.Literal(margin or POLYGON_BUFFER),
        # Points were selected exactly; clipping would drop those that rounding puts on the border.
        clip=sql.Literal(not is_point),
        inner=inner,
    )
    return statement, list(params)


def _count_statements(query: LayerQuery, z: int, x: int, y: int, ring: int) -> list[Statement]:
    """Counts per cell with their mean place: kept counts where the filters allow, else counted now."""
    layer = query.layer
    category = layer.style.property
    kept = query.given <= {"area", category}
    try:
        cells = _kept_cells(query, z, x, y, ring) if kept else _counted_cells(query, z, x, y, ring)
    except EmptyResultSet:
        return []
    if cells is None:
        return []
    inner, params = cells
    per_category = sql.SQL(", ").join(
        sql.SQL("sum(count) FILTER (WHERE category = {})::int AS {}").format(
            sql.Literal(item.value), sql.Identifier(f"n_{item.value}")
        )
        for item in layer.style.categories
    )
    statement = sql.SQL(
        """
        SELECT ST_AsMVT(t, {source_layer}, {extent}, 'geom') FROM (
            SELECT sum(count)::int AS count, {per_category},
                ST_AsMVTGeom(
                    ST_SetSRID(ST_MakePoint(sum(sum_x) / sum(count), sum(sum_y) / sum(count)), 3857),
                    ST_TileEnvelope({z}, {x}, {y}), {extent}, 0, false
                ) AS geom
            FROM ({inner}) AS c GROUP BY c.x, c.y HAVING sum(count) > 0
        ) AS t WHERE geom IS NOT NULL
        """
    ).format(
        source_layer=sql.Literal(f"{layer.id}-count"),
        extent=sql.Literal(EXTENT),
        per_category=per_category,
        z=sql.Literal(z),
        x=sql.Literal(x),
        y=sql.Literal(y),
        inner=inner,
    )
    return [(statement, params)]


def cell_zoom(z: int) -> int:
    return min(max(z + CELL_STEP, MIN_ZOOM), MAX_ZOOM)


def _cells_of(z: int, index: int, ring: int) -> tuple[int, int]:
    """The first and the last cell of a tile along one axis, ``ring`` cells beyond it included."""
    shift = cell_zoom(z) - z
    return (index << shift) - ring, ((index + 1) << shift) - 1 + ring


def _kept_cells(query: LayerQuery, z: int, x: int, y: int, ring: int) -> Statement | None:
    conditions = [sql.SQL("layer = %s AND zoom = %s AND x BETWEEN %s AND %s AND y BETWEEN %s AND %s")]
    params: list[Any] = [query.layer.id, cell_zoom(z), *_cells_of(z, x, ring), *_cells_of(z, y, ring)]
    areas = query.area_ids()
    if areas is not None:
        conditions.append(sql.SQL("area_id = ANY(%s)"))
        params.append(sorted(areas))
    categories = query.categories()
    if categories is not None:
        conditions.append(sql.SQL("category = ANY(%s)"))
        params.append(categories)
    text = sql.SQL("SELECT x, y, category, count, sum_x, sum_y FROM gis_core_cellcount WHERE {}").format(
        sql.SQL(" AND ").join(conditions)
    )
    return text, params


def _counted_cells(query: LayerQuery, z: int, x: int, y: int, ring: int) -> Statement | None:
    layer = query.layer
    # Chosen generously, then exactly by cell: a house near a border is counted in one tile, never in none or two.
    area = tile_area(z, x, y, POLYGON_BUFFER + ring * (EXTENT >> (cell_zoom(z) - z)))
    if area is None:
        return None
    selected = (
        query.records.filter(**{f"{layer.geometry}__intersects": area})
        .order_by()
        .values(geom=F(layer.geometry), kind=F(layer.style.property) if layer.style.property else Value(""))
    )
    inner, params = compiled(selected)
    text = sql.SQL(
        """
        SELECT * FROM (
            SELECT floor((sum_x + {half}) / {cell})::int AS x, floor(({half} - sum_y) / {cell})::int AS y,
                category, count, sum_x, sum_y
            FROM (
                SELECT kind AS category, 1 AS count, ST_X(web) AS sum_x, ST_Y(web) AS sum_y
                FROM (SELECT f.kind, ST_Transform(f.geom, 3857) AS web FROM ({inner}) AS f) AS moved
            ) AS placed
        ) AS celled WHERE x BETWEEN %s AND %s AND y BETWEEN %s AND %s
        """
    ).format(half=sql.Literal(WORLD_HALF), cell=sql.Literal(2 * WORLD_HALF / 2 ** cell_zoom(z)), inner=inner)
    return text, [*params, *_cells_of(z, x, ring), *_cells_of(z, y, ring)]


def layer_names(layer: Layer) -> list[str]:
    """The source-layers a layer's tiles may hold."""
    names = [layer.id]
    if layer.outline:
        names.append(f"{layer.id}-outline")
    if layer.cluster_below is not None:
        names.append(f"{layer.id}-count")
    return names
