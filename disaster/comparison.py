"""The national system's list beside our ledger: what agrees, and every row that does not. No Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

# (item, place): both by number; a place is a depot, a town or the whole city, as the list tells it.
Key = tuple[int, str]


class Kind(StrEnum):
    """In what a row does not agree."""

    DIFFERS = "differs"
    ONLY_THEIRS = "only_theirs"
    ONLY_OURS = "only_ours"
    UNKNOWN_ITEM = "unknown_item"
    NO_TOWN = "no_town"
    NO_FIGURE = "no_figure"


@dataclass(frozen=True)
class Told:
    """A row of the list as it was understood; ``fault`` says why it could not be compared."""

    row: int
    item_text: str
    place_text: str
    quantity: int | None = None
    key: Key | None = None
    fault: Kind | None = None


@dataclass(frozen=True)
class Difference:
    """``theirs`` and ``ours`` are null where the side says nothing. ``rows``: the rows of the list added up."""

    kind: Kind
    rows: tuple[int, ...]
    key: Key | None
    item_text: str
    place_text: str
    theirs: int | None
    ours: int | None


def compare(told: Iterable[Told], ours: Mapping[Key, int], places: Iterable[str]) -> tuple[int, list[Difference]]:
    """How many figures are equal, and every difference: those of the list by row, then what only we have.

    Rows of one item in one place are added up, as the list tells lots one by one. ``ours`` holds what is known, zero
    included; ``places`` where the list speaks at all: of other places it is silent, which is no difference.
    """
    sums: dict[Key, list[Told]] = {}
    wrong = []
    for row in told:
        if row.fault is not None or row.key is None:
            wrong.append(Difference(row.fault or Kind.UNKNOWN_ITEM, (row.row,), None, row.item_text, row.place_text,
                                    row.quantity, None))  # fmt: skip
        else:
            sums.setdefault(row.key, []).append(row)
    equal, found = 0, wrong
    for key, rows in sums.items():
        theirs, held = sum(row.quantity or 0 for row in rows), ours.get(key)
        if theirs == held:
            equal += 1
            continue
        kind = Kind.ONLY_THEIRS if held is None else Kind.DIFFERS
        numbers = tuple(row.row for row in rows)
        found.append(Difference(kind, numbers, key, rows[0].item_text, rows[0].place_text, theirs, held))
    spoken = set(places)
    for key, held in ours.items():
        if key not in sums and held and key[1] in spoken:
            found.append(Difference(Kind.ONLY_OURS, (), key, "", "", None, held))
    return equal, sorted(found, key=lambda each: (not each.rows, each.rows, each.key or (0, "")))
