"""The demo data of this app: depots, what is in them and came and went, who looks after it."""

from typing import Any

from . import catalogue, counts, depots, inspections, ledger, operations, people, places, readiness, schedules


def load(options: dict[str, Any]) -> dict[str, int]:
    made = catalogue.load()
    made |= depots.load()
    made |= places.load()
    made |= ledger.load()
    # Inspections answer the schedules' days.
    made |= schedules.load()
    made |= inspections.load()
    made |= operations.load()
    made |= counts.load()
    made |= people.load()
    made |= readiness.load()
    return made
