"""What a plan changes, room by room, beside another plan of the same building.

Rooms are followed by their key. Of keys that disappear or appear, the ground decides: a room that appears *came from*
an old room of its level when at least half of it lies there, and a room that disappears *went into* a new room when
at least half of it lies there. An old room from which two or more came, itself included if it stayed, is split; a new
room into which two or more went, itself included if it was there, is merged. Anything else is new, or removed; one
room in the place of one other is told as both, each naming the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Any

import shapely

from .document import DOOR, GAP, Document, Opening, Unit
from .walls import WallChange, changed_walls

KEPT, MOVED, SPLIT, MERGED, NEW, REMOVED = "kept", "moved", "split", "merged", "new", "removed"
STATUSES = (MOVED, SPLIT, MERGED, NEW, REMOVED, KEPT)
# What may change of a room that stays, by the document's attributes; "area" and "place" come from its shape.
ATTRIBUTES = {
    "use": ("category",),
    "restriction": ("restriction",),
    "team": ("teams",),
    "name": ("name_ko", "name_en", "number"),
    "desks": ("desks",),
    "after_hours": ("after_hours",),
    "idle": ("idle",),
}
CHANGES = ("level", "place", "area", *ATTRIBUTES)
# Areas that differ by less are the same, and so are places nearer than this.
_SAME_M2, _SAME_M = 0.005, 0.01


@dataclass(frozen=True)
class Entry:
    """One key. ``origins`` and ``successors`` are the other rooms it came from or went into.

    ``changes`` are codes of ``CHANGES``, and only rooms of both plans have any.
    """

    key: str
    status: str
    before: Unit | None
    after: Unit | None
    changes: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    requests: tuple[Any, ...] = ()

    @property
    def unit(self) -> Unit:
        """The room as it is now, or was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def m2_before(self) -> float:
        return float(self.before.geometry.area) if self.before else 0.0

    @property
    def m2_after(self) -> float:
        return float(self.after.geometry.area) if self.after else 0.0

    @property
    def m2_change(self) -> float:
        return self.m2_after - self.m2_before

    @property
    def is_change(self) -> bool:
        return self.status != KEPT or bool(self.changes)

    @property
    def is_unsourced(self) -> bool:
        """A change that no request asked for."""
        return self.is_change and not self.requests


@dataclass(frozen=True)
class OpeningEntry:
    """``status`` is NEW, REMOVED, MOVED (place, width or kind: work for a builder) or KEPT; ``changes`` are the
    attributes that differ."""

    key: str
    status: str
    before: Opening | None
    after: Opening | None
    changes: tuple[str, ...] = ()

    @property
    def opening(self) -> Opening:
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def is_change(self) -> bool:
        return self.status != KEPT or bool(self.changes)


@dataclass(frozen=True)
class Ledger:
    """``entries`` hold every room of either plan once; ``walls`` the metres of wall changed, by level."""

    entries: tuple[Entry, ...]
    openings: tuple[OpeningEntry, ...]
    walls: Mapping[str, WallChange] = field(default_factory=dict)

    @property
    def changed(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.is_change)

    @property
    def unsourced(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.is_unsourced)

    @property
    def m2_change(self) -> float:
        """What the area of all rooms grew by: the difference of the two schedules."""
        return fsum(entry.m2_after for entry in self.entries) - fsum(entry.m2_before for entry in self.entries)

    def m2_by(self, attribute: str) -> dict[str, float]:
        """The change of area by a room's attribute ("category", "restriction"): again the schedules' difference."""
        terms: dict[str, list[float]] = {}
        for entry in self.entries:
            for unit, sign in ((entry.before, -1), (entry.after, 1)):
                if unit is not None:
                    terms.setdefault(getattr(unit, attribute), []).append(sign * unit.geometry.area)
        return {key: fsum(values) for key, values in terms.items()}

    @property
    def quantities(self) -> dict[str, float]:
        """What is built, for ``costs.cost``: openings made, moved or closed by kind, walls built or removed."""
        work = [entry.opening.kind for entry in self.openings if entry.status != KEPT]
        walls = fsum(metres for change in self.walls.values() for metres in change)
        return {DOOR: float(work.count(DOOR)), GAP: float(work.count(GAP)), "wall_m": walls}


def ledger(before: Document, after: Document, requests: Mapping[str, Sequence[Any]] | None = None) -> Ledger:
    """What turns one plan into the other. ``requests`` name, by room key, what was asked for it."""
    origins, successors = _came_from(before, after)
    entries = []
    for key in [*before.index["units"], *(key for key in after.index["units"] if key not in before.index["units"])]:
        old, new = before.index["units"].get(key), after.index["units"].get(key)
        entries.append(_entry(key, old, new, origins, successors, requests or {}))
    levels = {level.key: level.ordinal for level in (*before.levels, *after.levels)}
    entries.sort(key=lambda entry: levels.get(entry.unit.level, 0))
    return Ledger(
        entries=tuple(entries),
        openings=tuple(_openings(before, after)),
        walls={level: changed_walls(before, after, level) for level in levels},
    )


def _entry(
    key: str,
    old: Unit | None,
    new: Unit | None,
    origins: Mapping[str, list[str]],
    successors: Mapping[str, list[str]],
    requests: Mapping[str, Sequence[Any]],
) -> Entry:
    came = tuple(other for other in origins.get(key, ()) if other != key) if new else ()
    went = tuple(other for other in successors.get(key, ()) if other != key) if old else ()
    asked = [request for name in (key, *came, *went) for request in requests.get(name, ())]
    return Entry(
        key=key,
        status=_status(key, old, new, origins, successors),
        before=old,
        after=new,
        changes=_changes(old, new) if old and new else (),
        origins=came,
        successors=went,
        requests=tuple(dict.fromkeys(asked)),
    )


def _status(
    key: str,
    old: Unit | None,
    new: Unit | None,
    origins: Mapping[str, list[str]],
    successors: Mapping[str, list[str]],
) -> str:
    """``origins`` of a new room and ``successors`` of an old one hold the room itself too, where it stayed."""
    if old and new and not _stayed(old, new):
        return MOVED
    # It is a piece of a split, or the whole that was; then the same of a merger.
    if old and len(successors.get(key, ())) > 1:
        return SPLIT
    if new and not old and any(len(successors.get(origin, ())) > 1 for origin in origins.get(key, ())):
        return SPLIT
    if new and len(origins.get(key, ())) > 1:
        return MERGED
    if old and not new and any(len(origins.get(successor, ())) > 1 for successor in successors.get(key, ())):
        return MERGED
    if old and new:
        return KEPT
    return NEW if new else REMOVED


def _stayed(old: Unit, new: Unit) -> bool:
    """Whether a room is where it was: on its level, with at least half of the smaller of its two shapes in common."""
    if old.level != new.level:
        return False
    smaller = min(old.geometry.area, new.geometry.area)
    return bool(old.geometry.equals(new.geometry) or old.geometry.intersection(new.geometry).area >= smaller / 2)


def _came_from(before: Document, after: Document) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Old keys by new key, and new keys by old key: what went where, rooms that stayed included."""
    old, new = before.index["units"], after.index["units"]
    origins: dict[str, list[str]] = {}
    successors: dict[str, list[str]] = {}
    for one, other, shared in _shared_ground(before, after):
        gone, come = one.key not in new, other.key not in old
        if one.key == other.key:
            related = _stayed(one, other)
        else:
            related = (come and shared >= other.geometry.area / 2) or (gone and shared >= one.geometry.area / 2)
        if related:
            origins.setdefault(other.key, []).append(one.key)
            successors.setdefault(one.key, []).append(other.key)
    return origins, successors


def _shared_ground(before: Document, after: Document) -> Iterable[tuple[Unit, Unit, float]]:
    """Pairs of an old and a new room on the same ground, with the square metres they share."""
    for level in dict.fromkeys(unit.level for unit in before.units):
        old, new = before.on_level("units", level), after.on_level("units", level)
        if not new:
            continue
        shapes = [unit.geometry for unit in new]
        first, second = shapely.STRtree(shapes).query([unit.geometry for unit in old], predicate="intersects")
        for one, other in sorted(zip(first.tolist(), second.tolist(), strict=True)):
            shared = float(old[one].geometry.intersection(shapes[other]).area)
            if shared > 0:
                yield old[one], new[other], shared


def _changes(old: Unit, new: Unit) -> tuple[str, ...]:
    found = {
        code
        for code, names in ATTRIBUTES.items()
        if any(_comparable(old, name) != _comparable(new, name) for name in names)
    }
    if old.level != new.level:
        found.add("level")
    elif not old.geometry.equals_exact(new.geometry, _SAME_M, normalize=True) and not _same_shape(old, new):
        found.add("place")
    if abs(old.geometry.area - new.geometry.area) >= _SAME_M2:
        found.add("area")
    return tuple(code for code in CHANGES if code in found)


def _comparable(unit: Unit, name: str) -> Any:
    value = getattr(unit, name)
    return frozenset(value) if name == "teams" else value


def _same_shape(old: Unit, new: Unit) -> bool:
    return bool(old.geometry.symmetric_difference(new.geometry).area < _SAME_M2)


def _openings(before: Document, after: Document) -> Iterable[OpeningEntry]:
    old, new = before.index["openings"], after.index["openings"]
    names = ("kind", "restriction", "access_control", "after_hours", "entrance", "step_free", "automatic", "name")
    for key in [*old, *(key for key in new if key not in old)]:
        one, other = old.get(key), new.get(key)
        if one is None or other is None:
            yield OpeningEntry(key, NEW if one is None else REMOVED, one, other)
            continue
        changes = tuple(name for name in names if getattr(one, name) != getattr(other, name))
        same = one.level == other.level and one.geometry.hausdorff_distance(other.geometry) <= _SAME_M
        rebuilt = not same or one.kind != other.kind
        yield OpeningEntry(key, MOVED if rebuilt else KEPT, one, other, changes if same else (*changes, "place"))
