"""What the reader returns: rows with their place in the file, and everything worth telling about the file."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from .coordinates import SourceCrs
from .errors import ImportProblem, Notice
from .text import is_garbled, is_storable


@dataclass(frozen=True)
class Row:
    """One row or feature: values as a person would type them ("" for none), geometry in the source's CRS."""

    number: int
    values: dict[str, str]
    geometry: BaseGeometry | None = None


@dataclass
class Source:
    """A file read into memory.

    ``problems`` are errors of single rows, so that all of them can be reported at once: rows that have one must
    not be used. ``crs`` is None for a table and for a vector file that does not say (see ``require_crs``).
    """

    name: str
    format: str
    fields: list[str]
    rows: list[Row]
    layer: str = ""
    layers: list[str] = field(default_factory=list)
    spatial: bool = False
    crs: SourceCrs | None = None
    encoding: str = ""
    encoding_note: str = ""
    blank_rows: list[int] = field(default_factory=list)
    duplicate_rows: dict[int, int] = field(default_factory=dict)
    null_geometries: list[int] = field(default_factory=list)
    problems: list[Notice] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)

    def require_clean(self) -> None:
        """Raise ImportProblem with every problem of the rows, if there is one."""
        if self.problems:
            raise ImportProblem(*self.problems, file=self.name)

    def count(self) -> None:
        """Drop blank rows, and find rows that say exactly what an earlier one said."""
        filled: list[Row] = []
        seen: dict[tuple[object, ...], int] = {}
        for row in self.rows:
            if row.geometry is None and not any(row.values.values()):
                self.blank_rows.append(row.number)
                continue
            filled.append(row)
            self._check_text(row)
            if self.spatial and row.geometry is None:
                self.null_geometries.append(row.number)
            key = (tuple(row.values.values()), row.geometry.wkb if row.geometry is not None else None)
            first = seen.setdefault(key, row.number)
            if first != row.number:
                self.duplicate_rows[row.number] = first
        self.rows = filled

    def _check_text(self, row: Row) -> None:
        for name, text in row.values.items():
            if not is_storable(text):
                self.problems.append(Notice(_("The text holds characters that cannot be stored."), row.number, name))
            elif is_garbled(text):
                self.warnings.append(
                    Notice(_("The text was already garbled when the file was saved."), row.number, name)
                )

    def facts(self, crs: SourceCrs | None) -> dict[str, Any]:
        """What was found out about the file, for a report; ``crs`` is the one that was used."""
        return {
            "format": self.format,
            "layer": self.layer,
            "crs": str(crs) if crs else "",
            "crs_from": crs.how if crs else "",
            "encoding": self.encoding,
            "encoding_from": self.encoding_note,
            "blank_rows": len(self.blank_rows),
            "duplicate_rows": len(self.duplicate_rows),
        }

    def geometries(self) -> list[BaseGeometry]:
        return [row.geometry for row in self.rows if row.geometry is not None]
