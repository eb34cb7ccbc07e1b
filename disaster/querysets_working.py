"""What works: usable, not expired, not held up by an open repair task, and not yet promised to anybody."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

# An expired, broken or blocked unit helps nobody. A task names a lot, an item or a class; one that names none of them
# holds up the whole depot. Which items of a class its units are is not known: each of them is taken as concerned.
_LOTS = """
WITH lots AS (
    SELECT balance.depot_id, lot.item_id, balance.lot_id, lot.expires_on,
        coalesce(sum(balance.quantity) FILTER (
            WHERE balance.condition = 'usable' AND (lot.expires_on IS NULL OR lot.expires_on >= %(day)s)
        ), 0) AS usable
    FROM disaster_balance AS balance
    JOIN disaster_lot AS lot ON lot.id = balance.lot_id
    JOIN disaster_depot AS depot ON depot.id = balance.depot_id AND depot.retired_at IS NULL
    WHERE (%(depots)s::bigint[] IS NULL OR balance.depot_id = ANY(%(depots)s::bigint[]))
        AND (%(items)s::bigint[] IS NULL OR lot.item_id = ANY(%(items)s::bigint[]))
    GROUP BY balance.depot_id, lot.item_id, balance.lot_id, lot.expires_on
), tasks AS (
    SELECT depot_id, lot_id, item_id, item_class_id, quantity
    FROM disaster_repairtask
    WHERE retired_at IS NULL AND blocks AND state IN ('open', 'in_work')
), lots_blocked AS (
    SELECT lots.depot_id, lots.item_id, lots.lot_id,
        least(lots.usable, sum(coalesce(tasks.quantity, lots.usable))) AS blocked
    FROM lots JOIN tasks ON tasks.depot_id = lots.depot_id AND tasks.lot_id = lots.lot_id
    GROUP BY lots.depot_id, lots.item_id, lots.lot_id, lots.usable
)
"""

_WORKING = """
, held AS (
    SELECT lots.depot_id, lots.item_id, sum(lots.usable) AS usable, coalesce(sum(lots_blocked.blocked), 0) AS in_lots
    FROM lots LEFT JOIN lots_blocked USING (depot_id, item_id, lot_id)
    GROUP BY lots.depot_id, lots.item_id
), items_blocked AS (
    SELECT held.depot_id, held.item_id, sum(coalesce(tasks.quantity, held.usable)) AS blocked
    FROM held
    JOIN disaster_item AS item ON item.id = held.item_id
    JOIN tasks ON tasks.depot_id = held.depot_id AND tasks.lot_id IS NULL AND (
        tasks.item_id = held.item_id
        OR tasks.item_id IS NULL AND coalesce(tasks.item_class_id = item.item_class_id, tasks.item_class_id IS NULL)
    )
    GROUP BY held.depot_id, held.item_id
), promised AS (
    SELECT source_id AS depot_id, item_id, sum(greatest(committed - sent, 0)) AS promised
    FROM disaster_transferorder
    WHERE retired_at IS NULL AND source_id IS NOT NULL AND state IN ('committed', 'sent')
    GROUP BY source_id, item_id
), told AS (
    SELECT held.depot_id, held.item_id, held.usable,
        least(held.usable, held.in_lots + coalesce(items_blocked.blocked, 0)) AS blocked,
        coalesce(promised.promised, 0) AS promised
    FROM held
    LEFT JOIN items_blocked USING (depot_id, item_id)
    LEFT JOIN promised USING (depot_id, item_id)
)
SELECT depot_id, item_id, usable::int, blocked::int, greatest(usable - blocked - promised, 0)::int
FROM told ORDER BY depot_id, item_id
"""

_LOTS_THAT_WORK = """
SELECT lots.lot_id, (lots.usable - coalesce(lots_blocked.blocked, 0))::int
FROM lots LEFT JOIN lots_blocked USING (depot_id, item_id, lot_id)
WHERE lots.usable > coalesce(lots_blocked.blocked, 0)
ORDER BY lots.expires_on NULLS LAST, lots.lot_id
"""


class Working(NamedTuple):
    """What a depot in use holds of an item: ``working`` is usable less what is blocked and what is promised."""

    depot_id: int
    item_id: int
    usable: int
    blocked: int
    working: int


def working_stock(
    day: date, *, depots: Iterable[int] | None = None, items: Iterable[int] | None = None
) -> list[Working]:
    """For each depot in use and item about which anything is known, how much works on a day.

    ``depots`` and ``items`` are primary keys; None means all. Where there is no row nothing is known: that is no zero.
    One statement, whatever the number of depots.
    """
    return [Working(*row) for row in _rows(_WORKING, day, depots, items)]


def working_lots(day: date, depot: int, item: int) -> list[tuple[int, int]]:
    """The lots of an item in a depot of which something could be sent, with how much: what expires first comes first.
    What is promised is not taken off: promises are about items, not lots."""
    return [(lot, number) for lot, number in _rows(_LOTS_THAT_WORK, day, [depot], [item])]


def _rows(part: str, day: date, depots: Iterable[int] | None, items: Iterable[int] | None) -> list[Any]:
    keys = {"depots": depots, "items": items}
    values = {name: None if found is None else list(found) for name, found in keys.items()}
    statement = "".join([_LOTS, part])
    with connection.cursor() as cursor:
        cursor.execute(statement, {"day": day, **values})
        return cursor.fetchall()
