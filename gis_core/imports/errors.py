"""What an import tells people: notices about a file, a row or a field, and the refusal made of them."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _

# A file can be wrong in every row; nobody reads more than this in one message.
SHOWN = 20


@dataclasses.dataclass(frozen=True)
class Notice:
    """One translatable sentence with its place in the file.

    ``message`` is a lazy translation with ``%(name)s`` places for ``params``; ``row`` counts as the file's own
    application shows it (a sheet's row number, a feature's position from 1); ``field`` is a column or a JSON path.
    """

    message: Any
    row: int | None = None
    field: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence without its place."""
        return str(self.message) % self.params if self.params else str(self.message)

    def __str__(self) -> str:
        place = [_("row %(row)s") % {"row": self.row}] if self.row is not None else []
        if self.field:
            place.append(self.field)
        return f"{', '.join(place)}: {self.text}" if place else self.text


class ImportProblem(Exception):
    """The file cannot be taken as it is; ``notices`` say why and where."""

    def __init__(self, *notices: Notice, file: str = "") -> None:
        self.notices = notices
        self.file = file
        super().__init__(file, notices)

    def __str__(self) -> str:
        lines = [str(notice) for notice in self.notices[:SHOWN]]
        if len(self.notices) > SHOWN:
            lines.append(_("and %(count)s more") % {"count": len(self.notices) - SHOWN})
        text = "\n".join(lines)
        return f"{self.file}: {text}" if self.file else text


def problem(message: Any, *, row: int | None = None, field: str = "", **params: Any) -> ImportProblem:
    """An ImportProblem of one notice."""
    return ImportProblem(Notice(message, row, field, params))
