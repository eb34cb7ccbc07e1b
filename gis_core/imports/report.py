"""What an import did or would do, row by row: for the page, the command line and a file to take away."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Outcome(Enum):
    """What became of a row; the value is the name in JSON and CSV headings."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REPAIRED = "repaired"
    SKIPPED = "skipped"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Outcome.CREATED: gettext_lazy("Created"),
    Outcome.CHANGED: gettext_lazy("Changed"),
    Outcome.UNCHANGED: gettext_lazy("Unchanged"),
    Outcome.REPAIRED: gettext_lazy("Repaired"),
    Outcome.SKIPPED: gettext_lazy("Skipped"),
    Outcome.REFUSED: gettext_lazy("Refused"),
}

# Spreadsheets run a cell that begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class RowReport:
    """One row: its number in the file, the key that identifies it, its name, and what there is to say."""

    number: int | None
    key: str
    name: str
    outcome: Outcome
    messages: list[str] = field(default_factory=list)


@dataclass
class Report:
    """``facts`` are counts and figures by name, ``notes`` what concerns the whole file."""

    title: str
    rows: list[RowReport] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, number: int | None, key: str, name: str, outcome: Outcome, messages: Iterable[Any] = ()) -> RowReport:
        row = RowReport(number, key, name, outcome, [str(message) for message in messages])
        self.rows.append(row)
        return row

    def count(self, outcome: Outcome) -> int:
        return self.counts()[outcome.value]

    def counts(self) -> Counter[str]:
        return Counter(row.outcome.value for row in self.rows)

    @property
    def refused(self) -> bool:
        return any(row.outcome is Outcome.REFUSED for row in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """JSON: the facts, then ``notes`` and ``rows``."""
        return {
            "file": self.title,
            **self.facts,
            "notes": self.notes,
            "rows": [
                {
                    "row": row.number,
                    "key": row.key,
                    "name": row.name,
                    "outcome": row.outcome.value,
                    "messages": row.messages,
                }
                for row in self.rows
            ],
        }

    @staticmethod
    def columns() -> list[str]:
        return [_("Row"), _("Code or key"), _("Name"), _("Outcome"), _("Remarks")]

    def table(self) -> list[list[str]]:
        """The rows as cells, in the order of ``columns``."""
        return [
            [
                "" if row.number is None else str(row.number),
                row.key,
                row.name,
                row.outcome.label,
                "\n".join(row.messages),
            ]
            for row in self.rows
        ]

    def to_csv(self) -> str:
        """CSV with a byte-order mark, which Excel needs to read Korean; cells that would be formulas are quoted."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.columns())
        writer.writerows([[guarded(cell) for cell in line] for line in self.table()])
        return "\ufeff" + out.getvalue()


def guarded(cell: str) -> str:
    """The cell, made text where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
