"""An order as a line of a table."""

from typing import Any

from . import orders as rules
from .models import TransferOrder
from .querysets_operations import figures
from .words import operations as words


def row(order: TransferOrder) -> dict[str, Any]:
    """What a table shows of an order. Nothing is asked of the database that ``orders`` has not loaded."""
    found = figures(order)
    return {
        "order": order,
        "badge": words.STATE_BADGES.get(rules.State(order.state), ""),
        "from": order.source or order.partner,
        "to": order.incident or order.destination,
        "on_the_way": words.unit(found.on_the_way, order.item) if found.on_the_way else "",
        "out": words.unit(found.out, order.item) if found.out else "",
    }
