"""Very many houses at once, in SQL: for load trials. Their making leaves no history."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from gis_core.layers import counts
from gis_core.layers.registry import layers
from vacanthouses.models import VacantHouse

# From so many on, making the indexes anew takes less time than keeping them up row by row.
REBUILD_INDEXES_FROM = 50_000

# Each town has 40 hamlets of 100 to 500 m around a random spot, and its whole ground as one more for houses that
# stand alone. A hamlet's houses are random points within it and within its town, so that their area is known.
_INSERT = """
INSERT INTO vacanthouses_vacanthouse (
    version, created_at, updated_at, retired_reason, is_example, pnu, address, area_id, regime, status, grade,
    found_on, note, location, parcel
)
WITH towns AS (
    SELECT id, full_name, geometry, substr(mois_code, 6, 3) < '510' AS is_rural,
        CASE WHEN substr(mois_code, 6, 3) < '510' THEN left(mois_code, 8)
            ELSE left(mois_code, 5) || '19' || substr(mois_code, 7, 1) END AS legal_prefix
    FROM gis_core_adminarea
    WHERE level = 'eupmyeondong' AND valid_to IS NULL AND retired_at IS NULL
), hamlets AS (
    SELECT towns.id AS town, spot.path[1] AS number, 0.2 + random() AS weight,
        ST_Intersection(ST_Buffer(spot.geom, 100 + 400 * random()), geometry) AS ground
    FROM towns, ST_Dump(ST_GeneratePoints(geometry, 40, %(seed)s)) AS spot
    UNION ALL SELECT id, 0, 2.5, geometry FROM towns
), shares AS (
    SELECT *, round(%(count)s * sum(weight) OVER upto / sum(weight) OVER ())::bigint AS until
    FROM hamlets WINDOW upto AS (ORDER BY town, number)
), sized AS (
    SELECT *, until - lag(until, 1, 0::bigint) OVER (ORDER BY town, number) AS houses FROM shares
), placed AS (
    SELECT town, number, random() AS luck, 1 + floor(900 * random())::int AS main, floor(5 * random())::int AS sub,
        (ST_Dump(ST_GeneratePoints(ground, houses::int, 1 + %(seed)s + number))).geom AS location
    FROM sized WHERE houses > 0 ORDER BY town, number
)
SELECT 1, now(), now(), '', true,
    legal_prefix || CASE WHEN is_rural THEN (%(first_ri)s + number %% 8)::text ELSE '00' END
        || '1' || lpad(main::text, 4, '0') || lpad(sub::text, 4, '0'),
    full_name || ' '
        || CASE WHEN is_rural THEN (%(villages)s)[1 + number %% cardinality(%(villages)s)] || '리 ' ELSE '' END
        || main || CASE WHEN sub > 0 THEN '-' || sub ELSE '' END,
    towns.id, CASE WHEN is_rural THEN 'rural' ELSE 'urban' END,
    CASE WHEN luck < 0.7 THEN 'confirmed' ELSE 'candidate' END,
    CASE WHEN luck < 0.2 THEN '1' WHEN luck < 0.5 THEN '2' WHEN luck < 0.66 THEN '3' ELSE 'none' END,
    current_date - floor(%(days)s * random())::int, '', location,
    CASE WHEN random() * %(parcel_every)s < 1 THEN ST_Expand(location, 9) END
FROM placed JOIN towns ON towns.id = placed.town
"""


@transaction.atomic
def multiply(count: int, parameters: dict[str, Any]) -> int:
    """Make ``count`` more example houses over all current towns; returns how many were made.

    Locks the table. What its triggers would keep (map counts, the layer's version) is brought up to date at the end.
    """
    layer = layers.get("vacant-houses")
    assert layer.style.property is not None
    values = {
        "count": count,
        "seed": parameters["seed"],
        "first_ri": parameters["first_ri"],
        "villages": parameters["village_names"],
        "days": parameters["found_within_days"],
        "parcel_every": parameters["parcel_every"],
    }
    with connection.cursor() as cursor, _without_triggers(cursor), _without_indexes(cursor, count):
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(_INSERT, values)
        made: int = cursor.rowcount
    counts.rebuild(layer.id, VacantHouse._meta.db_table, layer.geometry, layer.style.property)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO gis_core_layerchange (table_name) VALUES (%s)", [VacantHouse._meta.db_table])
        cursor.execute("ANALYZE vacanthouses_vacanthouse")
    transaction.on_commit(_vacuum)
    return made


@contextmanager
def _without_triggers(cursor: CursorWrapper) -> Iterator[None]:
    # A table with checks still waiting for the commit cannot be altered.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("ALTER TABLE vacanthouses_vacanthouse DISABLE TRIGGER USER")
    yield
    cursor.execute("ALTER TABLE vacanthouses_vacanthouse ENABLE TRIGGER USER")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def _without_indexes(cursor: CursorWrapper, count: int) -> Iterator[None]:
    """Take the indexes away, and make them anew, where that is worth it. Unique ones stay."""
    cursor.execute(
        """
        SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = 'vacanthouses_vacanthouse'::regclass AND NOT indisunique
        """
    )
    indexes = cursor.fetchall() if count >= REBUILD_INDEXES_FROM else []
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for name, _definition in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)).as_string(cursor.cursor))
    yield
    for _name, definition in indexes:
        cursor.execute(definition)


def _vacuum() -> None:
    """Mark the new rows as seen by all, as autovacuum will in time; else the first readers do it, slowly."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) vacanthouses_vacanthouse")
