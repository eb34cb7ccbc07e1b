"""Writing the rows of a table that hangs on a record: all of them or none, each against the version it was read at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid
from gis_core.models import LayerChange


@dataclass(frozen=True)
class Row:
    """One row as a person left it; ``title`` names it to people. ``row_id`` and ``version`` are None for a new one."""

    title: str
    values: dict[str, Any]
    row_id: int | None = None
    version: int | None = None
    removed: bool = False


def write_rows(model: Any, owner: dict[str, Any], user: Any, rows: Iterable[Row], once: tuple[str, ...]) -> int:
    """Write the rows of one owner; returns how many changed. Call it in a transaction that has locked the owner.

    ``once`` are the fields in which no two rows agree. Sent twice, rows are written once. Raises Invalid naming the
    row when somebody else changed it since it was read, or wrote the same one.
    """
    rows = list(rows)
    live = {row.pk: row for row in model.objects.live().filter(**owner)}
    changed = 0
    # What is taken out makes room first.
    for row in sorted((row for row in rows if row.row_id is not None), key=lambda row: not row.removed):
        changed += _change(live, user, row)
    held = {tuple(getattr(row, name) for name in once): row for row in live.values()}
    for row in rows:
        if row.row_id is None and not row.removed:
            same = held.get(tuple(row.values[name] for name in once))
            if same is not None and _says(same, row):
                continue
            if same is not None:
                raise Invalid({"__all__": [_("Somebody else wrote “%(row)s” meanwhile.") % {"row": row.title}]})
            values = {**owner, **row.values, "created_by": user, "updated_by": user}
            _apart(row, lambda values=values: model.objects.create(**values))  # type: ignore[misc]
            changed += 1
    return changed


def _change(live: dict[int, Any], user: Any, row: Row) -> int:
    existing = live.get(row.row_id or 0)
    if existing is None and row.removed:
        return 0
    if existing is not None and not row.removed and _says(existing, row):
        return 0
    if existing is None or existing.version != row.version:
        raise Invalid(
            {"__all__": [_("Somebody changed “%(row)s” meanwhile. What it says now is shown.") % {"row": row.title}]}
        )
    if row.removed:
        values: dict[str, Any] = {"retired_at": timezone.now(), "retired_reason": _("taken out of the table")}
        del live[existing.pk]
    else:
        values = row.values
        for name, value in values.items():
            setattr(existing, name, value)
    _apart(row, lambda: type(existing).objects.filter(pk=existing.pk).update(**values, updated_by=user))
    return 1


def _apart(row: Row, write: Callable[[], Any]) -> None:
    """Write a row. Raises Invalid naming it when another row holds what only one may."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        raise Invalid({"__all__": [_("There is another “%(row)s” already.") % {"row": row.title}]}) from error


def _says(existing: Any, row: Row) -> bool:
    """Whether a row says already what is to be written."""
    return all(getattr(existing, name) == value for name, value in row.values.items())


def note_change_of(model: Any) -> None:
    """A list that shows what its records' rows say is newer too."""
    LayerChange.objects.create(table_name=model._meta.db_table)
