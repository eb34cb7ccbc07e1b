"""Demo data: every app's ``demo`` module makes its own from ``fixtures/``.

A demo module has ``load(options) -> dict[str, int]``, which makes what is not there yet and returns how many of each,
and may have ``add_arguments(parser)`` for options of its own, and ``load_last(options)`` for what needs the others'.
"""

from typing import Any

from . import accounts, agreements, areas, indicators, links, organisations, participation, projects, zones


def load(options: dict[str, Any]) -> dict[str, int]:
    return {
        "areas": areas.load(),
        "organisations": organisations.load(),
        "cooperation zones": zones.load(),
        "agreements of zones": agreements.load(),
        "zone projects": projects.load(),
        "links between towns": links.load(),
        "accounts": accounts.load(),
        **indicators.load(),
    }


def load_last(options: dict[str, Any]) -> dict[str, int]:
    """What is about records that the domains make."""
    return {"proposal rounds": participation.load()}
