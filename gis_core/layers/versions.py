"""The version of a layer's data, for ETags: it changes with every committed statement on the layer's tables."""

from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from .layer import Layer


def data_version(layer: Layer) -> str:
    """Number and highest id of the change rows of all tables that an answer about the layer may speak of.

    Two writers may commit in the other order than they began: the highest id alone would then miss one of them,
    the count alone would miss a compaction. Together they name one state.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(max(id), 0) FROM gis_core_layerchange WHERE table_name = ANY(%s)",
            [sorted(layer.tables)],
        )
        count, highest = cursor.fetchone()
    return f"{count}.{highest}"


def etag(version: str, *parts: Any) -> str:
    """A quoted ETag from the data's version and whatever else decides the answer."""
    text = "\x1f".join([version, *map(str, parts)])
    return f'"{sha256(text.encode()).hexdigest()[:24]}"'


def compact() -> None:
    """Replace each table's change rows by one newer row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gis_core.compact_changes'))")
        cursor.execute(
            """
            WITH gone AS (DELETE FROM gis_core_layerchange RETURNING table_name)
            INSERT INTO gis_core_layerchange (table_name) SELECT DISTINCT table_name FROM gone
            """
        )
