"""Demo data: every app's ``demo`` module makes its own from ``fixtures/``.

A demo module has ``load(options) -> dict[str, int]``, which makes what is not there yet and returns how many of each,
and may have ``add_arguments(parser)`` for options of its own.
"""

from typing import Any

from . import accounts, areas, organisations, zones


def load(options: dict[str, Any]) -> dict[str, int]:
    return {
        "areas": areas.load(),
        "organisations": organisations.load(),
        "cooperation zones": zones.load(),
        "accounts": accounts.load(),
    }
