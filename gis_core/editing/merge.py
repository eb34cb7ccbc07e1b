"""Three-way merge of a record's fields. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Merge:
    """``merged`` takes each side's own changes; ``clashes`` are fields both changed to different values."""

    merged: dict[str, Any]
    clashes: list[str]
    theirs: list[str]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Merge two changes of the same base; fields missing from ``mine`` were not touched.

    A clash keeps the current (their) value in ``merged``, so that nothing is overwritten unseen.
    """
    merged: dict[str, Any] = dict(theirs)
    clashes: list[str] = []
    only_theirs: list[str] = []
    for name, current in theirs.items():
        before = base.get(name)
        wanted = mine.get(name, before)
        they_changed, i_changed = current != before, wanted != before
        if i_changed and they_changed and wanted != current:
            clashes.append(name)
        elif i_changed:
            merged[name] = wanted
        elif they_changed:
            only_theirs.append(name)
    return Merge(merged, clashes, only_theirs)
