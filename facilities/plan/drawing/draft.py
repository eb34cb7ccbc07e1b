"""The working copy that operations draw on, and how they refuse."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..document import KINDS, Change, Document, Kind, Level, Part, Unit
from ..findings import Finding

Place: TypeAlias = tuple[float, float]


class Refused(ValueError):
    """An operation that cannot be done. ``facilities.words.drawing`` words it.

    ``keys`` are the parts it is about, ``params`` plain values, ``place`` where it fails (local metres).
    """

    def __init__(
        self,
        code: str,
        keys: Iterable[str] = (),
        params: Mapping[str, Any] | None = None,
        place: Place | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.keys = tuple(keys)
        self.params: Mapping[str, Any] = params or {}
        self.place = place


@dataclass(frozen=True)
class Outcome:
    """The document after the operations, what turned the old one into it, and what the user should be told."""

    document: Document
    changes: list[Change] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


class Draft:
    """A document being changed. Parts are replaced, never altered, so that a draft can be thrown away at any time."""

    def __init__(self, document: Document, new_key: Callable[[], str]) -> None:
        self.document = document
        self.notes: list[Finding] = []
        self._make_key = new_key
        self._parts: dict[Kind, dict[str, Any]] = {kind: dict(document.index[kind]) for kind in KINDS}

    def level(self, key: str) -> Level:
        if key not in self.document.level_of:
            raise Refused("unknown_level", params={"key": key[:60]})
        return self.document.level_of[key]

    def get(self, kind: Kind, key: str) -> Any:
        if key not in self._parts[kind]:
            raise Refused("unknown_part", params={"kind": kind, "key": key[:60]})
        return self._parts[kind][key]

    def unit(self, key: str) -> Unit:
        found: Unit = self.get("units", key)
        return found

    def units(self) -> dict[str, Unit]:
        """All rooms as they are now, by key; a copy that later changes leave alone."""
        return dict(self._parts["units"])

    def on_level(self, kind: Kind, level: str) -> list[Any]:
        return [part for part in self._parts[kind].values() if part.level == level]

    def put(self, kind: Kind, part: Part) -> None:
        self._parts[kind][part.key] = part

    def remove(self, kind: Kind, key: str) -> None:
        self._parts[kind].pop(key, None)

    def new_key(self) -> str:
        """A key that no part of the document has."""
        while True:
            key = self._make_key()
            if not any(key in self._parts[kind] or key in self.document.index[kind] for kind in KINDS):
                return key

    def note(self, code: str, level: str, keys: Iterable[str] = (), **params: Any) -> None:
        self.notes.append(Finding(code, "note", level, tuple(keys), params))

    def outcome(self) -> Outcome:
        changes = [change for kind in KINDS for change in self._changes(kind)]
        return Outcome(self.document.with_changes(changes), changes, self.notes)

    def _changes(self, kind: Kind) -> Iterable[Change]:
        before, after = self.document.index[kind], self._parts[kind]
        for key, part in before.items():
            if key not in after:
                yield Change(kind, key, part, None)
            elif after[key] is not part and after[key] != part:
                yield Change(kind, key, part, after[key])
        for key, part in after.items():
            if key not in before:
                yield Change(kind, key, None, part)
