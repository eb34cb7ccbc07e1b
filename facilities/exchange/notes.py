"""Gathering what is to be told of an import: a hundred cases of one thing become one finding with a count."""

from collections.abc import Iterable
from typing import Any

from shapely import GeometryCollection
from shapely.geometry.base import BaseGeometry

from facilities.plan.findings import Finding, Severity, by_severity

# Keys named in one finding; a list nobody reads helps nobody.
KEYS_NAMED = 200
PLACES_NAMED = 500


class Notes:
    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], _Note] = {}

    def add(
        self,
        code: str,
        severity: Severity = "warning",
        *,
        key: str = "",
        level: str = "",
        place: BaseGeometry | None = None,
        **params: Any,
    ) -> None:
        """Note one case. Cases of the same code, level and params are counted together; ``key`` is the part."""
        group = (code, severity, level, *sorted(params.items()))
        note = self._found.setdefault(group, _Note(code, severity, level, params))
        note.count += 1
        if key and len(note.keys) < KEYS_NAMED:
            note.keys.append(key)
        if place is not None and len(note.places) < PLACES_NAMED:
            note.places.append(place)

    def __bool__(self) -> bool:
        return bool(self._found)

    def findings(self, more: Iterable[Finding] = ()) -> tuple[Finding, ...]:
        """Errors first; each with ``count`` among its params."""
        return tuple(by_severity([*(note.finding() for note in self._found.values()), *more]))


class _Note:
    def __init__(self, code: str, severity: Severity, level: str, params: dict[str, Any]) -> None:
        self.code, self.severity, self.level, self.params = code, severity, level, params
        self.count = 0
        self.keys: list[str] = []
        self.places: list[BaseGeometry] = []

    def finding(self) -> Finding:
        """One place stands as it is, several as a collection."""
        params = {**self.params, "count": self.count}
        places = self.places
        place = places[0] if len(places) == 1 else GeometryCollection(places) if places else None
        return Finding(self.code, self.severity, self.level, tuple(dict.fromkeys(self.keys)), params, place)
