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

from gis_core.exports.cells import guarded


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

# What the facts of an import are called on pages; facts that are not here are for programs.
_FACTS = {
    "areas": gettext_lazy("Areas in the file"),
    "records": gettext_lazy("Rows in the file"),
    "km2": gettext_lazy("Area (km²)"),
    "crs": gettext_lazy("Coordinate reference system"),
    "encoding": gettext_lazy("Text encoding"),
    "invalid": gettext_lazy("Invalid boundaries"),
    "repaired": gettext_lazy("Repaired"),
    "created": gettext_lazy("Created"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "skipped": gettext_lazy("Skipped"),
    "refused": gettext_lazy("Refused"),
    "parents_created": gettext_lazy("Areas above, created"),
    "editions_closed": gettext_lazy("Editions closed"),
    "areas_closed": gettext_lazy("Areas closed"),
    "records_reassigned": gettext_lazy("Records moved to another area"),
    "zones_redrawn": gettext_lazy("Cooperation zones joined anew"),
    "blank_rows": gettext_lazy("Blank rows"),
    "duplicate_rows": gettext_lazy("Duplicate rows"),
}
# Of the other facts, none is nothing to tell.
_TOLD_WHEN_NONE = {"areas", "records", "invalid", "created", "changed", "unchanged"}
# How a CRS or an encoding was decided.
_DECIDED = {
    "given": gettext_lazy("as chosen"),
    "file": gettext_lazy("as the file says"),
    "format": gettext_lazy("as the format has it"),
    "detected": gettext_lazy("detected"),
}


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
    """``facts`` are counts and figures by name, ``notes`` what concerns the whole file, ``preview`` GeoJSON."""

    title: str
    rows: list[RowReport] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    preview: dict[str, Any] | None = None

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

    def for_job(self) -> dict[str, Any]:
        """The report as a job keeps it for its page and its CSV."""
        return {
            "facts": self._titled_facts(),
            "notes": self.notes,
            "columns": self.columns(),
            "rows": self.table(),
            "outcomes": {outcome.value: outcome.label for outcome in Outcome},
            "preview": self.preview,
        }

    def _titled_facts(self) -> list[list[str]]:
        found = []
        for name, title in _FACTS.items():
            value = self.facts.get(name)
            if value in (None, "") or (value == 0 and name not in _TOLD_WHEN_NONE):
                continue
            how = _DECIDED.get(self.facts.get(f"{name}_from", ""))
            found.append(
                [str(title), f"{value} ({how})" if how else f"{value:,}" if isinstance(value, int) else str(value)]
            )
        return found

    def to_csv(self) -> str:
        """CSV with a byte-order mark, which Excel needs to read Korean; cells that would be formulas are quoted."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.columns())
        writer.writerows([[guarded(cell) for cell in line] for line in self.table()])
        return "\ufeff" + out.getvalue()
