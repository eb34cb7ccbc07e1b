"""Counts per map cell, so that a low zoom costs the same over a village and over the country.

Triggers write signed entries (``CellCount``); reading sums them. A layer opts in with ``cell_count_triggers`` on
its model and ``cluster_below`` on its declaration.
"""

import pgtrigger
from django.db import connection, transaction
from psycopg2 import sql

# Cells are kept from MIN_ZOOM to MAX_ZOOM; a tile shows cells CELL_STEP zooms finer than itself: 8 by 8 of them.
MIN_ZOOM, MAX_ZOOM, CELL_STEP = 5, 14, 3
WORLD_HALF = 20037508.342789244

# Each step is materialised: inlined, ST_Transform would be computed again for every mention and every zoom.
_ENTRIES = """
WITH placed AS MATERIALIZED (
    SELECT sign, area_id, {category} AS category, ST_Transform({geometry}, 3857) AS point
    FROM ({rows}) AS changed WHERE retired_at IS NULL AND {geometry} IS NOT NULL
),
finest AS MATERIALIZED (
    SELECT area_id, category,
        floor((ST_X(point) + {half}) / {cell})::int AS x, floor(({half} - ST_Y(point)) / {cell})::int AS y,
        sum(sign) AS count, sum(sign * ST_X(point)) AS sum_x, sum(sign * ST_Y(point)) AS sum_y
    FROM placed GROUP BY 1, 2, 3, 4
)
INSERT INTO gis_core_cellcount (layer, zoom, x, y, area_id, category, count, sum_x, sum_y)
SELECT {layer}, z, x >> ({max_zoom} - z), y >> ({max_zoom} - z), area_id, category, sum(count), sum(sum_x), sum(sum_y)
FROM finest, generate_series({min_zoom}, {max_zoom}) AS z
GROUP BY 1, 2, 3, 4, 5, 6
HAVING sum(count) <> 0 OR abs(sum(sum_x)) > 0.01 OR abs(sum(sum_y)) > 0.01
"""

_SOURCES = {
    "insert": "SELECT 1 AS sign, {columns} FROM new_rows",
    "delete": "SELECT -1 AS sign, {columns} FROM old_rows",
    "update": "SELECT 1 AS sign, {columns} FROM new_rows UNION ALL SELECT -1, {columns} FROM old_rows",
}


def _entries(layer: str, geometry: str, category: str, rows: str) -> str:
    """The statement that turns changed rows into entries; all arguments are names from our own code."""
    return _ENTRIES.format(
        layer=f"'{layer}'",
        geometry=geometry,
        category=category,
        rows=rows.format(columns=f"area_id, retired_at, {category}, {geometry}"),
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
        half=WORLD_HALF,
        cell=2 * WORLD_HALF / 2**MAX_ZOOM,
    )


def cell_count_triggers(layer: str, geometry: str, category: str) -> list[pgtrigger.Trigger]:
    """Statement-level triggers that keep a point layer's counts.

    ``layer`` is the layer's id, ``geometry`` its point column (EPSG:5179), ``category`` its style column.
    """
    referencing = {
        "insert": pgtrigger.Referencing(new="new_rows"),
        "delete": pgtrigger.Referencing(old="old_rows"),
        "update": pgtrigger.Referencing(old="old_rows", new="new_rows"),
    }
    operations = {"insert": pgtrigger.Insert, "delete": pgtrigger.Delete, "update": pgtrigger.Update}
    return [
        pgtrigger.Trigger(
            name=f"count_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operations[name],
            referencing=referencing[name],
            func=f"{_entries(layer, geometry, category, rows)}; RETURN NULL;",
        )
        for name, rows in _SOURCES.items()
    ]


@transaction.atomic
def rebuild(layer: str, table: str, geometry: str, category: str) -> None:
    """Count a layer anew from its table (after a bulk load with triggers off). Writers wait meanwhile."""
    with connection.cursor() as cursor:
        lock = sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.Identifier(table))
        cursor.execute(lock.as_string(cursor.cursor))
        rows = _SOURCES["insert"].replace("new_rows", sql.Identifier(table).as_string(cursor.cursor))
        cursor.execute("DELETE FROM gis_core_cellcount WHERE layer = %s", [layer])
        cursor.execute(_entries(layer, geometry, category, rows))


def compact() -> int:
    """Add up the entries of every cell; returns how many rows fewer there are. Safe beside writers."""
    statement = """
        WITH taken AS (DELETE FROM gis_core_cellcount RETURNING *),
        summed AS (
            INSERT INTO gis_core_cellcount (layer, zoom, x, y, area_id, category, count, sum_x, sum_y)
            SELECT layer, zoom, x, y, area_id, category, sum(count), sum(sum_x), sum(sum_y)
            FROM taken GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(count) <> 0 RETURNING 1
        )
        SELECT (SELECT count(*) FROM taken) - (SELECT count(*) FROM summed)
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # Two compactions at once would both take the same rows and count them twice.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gis_core.compact_counts'))")
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
