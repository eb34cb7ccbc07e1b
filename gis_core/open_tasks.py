"""What waits to be done in an area, for its sheet. A domain registers what it knows of when its app is ready."""

from collections.abc import Callable, Iterable
from typing import Any

from gis_core.layers.layer import Todo

# Of the areas with these ids, as far as the user may see it.
Source = Callable[[Any, frozenset[int]], Iterable[Todo]]
_sources: list[Source] = []


def register(*sources: Source) -> None:
    _sources.extend(sources)


def of(user: Any, area_ids: frozenset[int]) -> list[Todo]:
    """What waits in these areas; sources that find nothing are left out."""
    return [each for source in _sources for each in source(user, area_ids) if each.count]
