"""Editing a plan: operations in, changes out, in one transaction that holds the plan's row.

Every edit is kept (PlanEdit): it is what others are sent, what undo takes back, and what makes a repeated request
harmless. Two people may edit one plan at a time; an edit is refused only when it touches what the other has changed.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Plan, PlanEdit
from facilities.plan.document import Change, Document, Kind, Part, part_from_json, part_to_json
from facilities.plan.drawing import apply_all
from facilities.plan.drawing.rules import overlaps
from facilities.plan.findings import Finding
from gis_core.editing.errors import Invalid

from .documents import load, write
from .errors import ChangedSince, NothingToUndo, Overtaken
from .holding import hold

UNDO, REDO = "undo", "redo"
# How far back undo reaches.
_REMEMBERED = 500


@dataclass(frozen=True)
class Edited:
    """``changes`` is everything that happened since the version the editor knew, its own edit included."""

    version: int
    changes: list[dict[str, Any]]
    notes: list[Finding] = field(default_factory=list)


@transaction.atomic
def edit(plan: Plan, user: Any, operations: Sequence[Mapping[str, Any]], *, version: int, token: uuid.UUID) -> Edited:
    """Apply operations, all or none.

    Raises NotAllowed, Frozen, Overtaken, Invalid for a token of another plan, and ``drawing.Refused`` for what cannot
    be drawn.
    """
    plan = hold(plan, user)
    if _was_made(plan, token):
        return Edited(plan.version, changes_since(plan, version))
    outcome = apply_all(load(plan), operations, lambda: str(uuid.uuid4()))
    _refuse_if_overtaken(plan, version, outcome.changes)
    name = str(operations[0].get("op", ""))[:40] if operations else ""
    record(plan, user, outcome.changes, operation=name, token=token)
    return Edited(plan.version, changes_since(plan, version), list(outcome.notes))


@transaction.atomic
def undo(plan: Plan, user: Any, *, version: int, token: uuid.UUID, again: bool = False) -> Edited:
    """Take back the user's last edit that still stands, or with ``again`` the last undo.

    Raises NotAllowed, Frozen, NothingToUndo, ChangedSince, and Invalid for a token of another plan.
    """
    plan = hold(plan, user)
    if _was_made(plan, token):
        return Edited(plan.version, changes_since(plan, version))
    undoable, redoable = stacks(_own_edits(plan, user))
    stack = redoable if again else undoable
    if not stack:
        raise NothingToUndo
    target = PlanEdit.objects.get(pk=stack[-1])
    changes = [_reversed(change) for change in reversed(target.changes)]
    _refuse_if_changed(load(plan), changes, changes_since(plan, target.number))
    record(plan, user, changes, operation=REDO if again else UNDO, token=token, undoes=target)
    return Edited(plan.version, changes_since(plan, version))


def _was_made(plan: Plan, token: uuid.UUID) -> bool:
    """Whether this request has been answered before."""
    owner = PlanEdit.objects.filter(token=token).values_list("plan_id", flat=True).first()
    if owner not in {None, plan.pk}:
        raise Invalid({"token": [_("This request was made for another plan.")]})
    return owner is not None


def record(
    plan: Plan,
    user: Any,
    changes: Sequence[Change],
    *,
    operation: str,
    token: uuid.UUID | None = None,
    undoes: PlanEdit | None = None,
) -> None:
    """Write the changes and note them under the plan's next version. The plan's row must be held."""
    if changes:
        write(plan, changes, user)
        Plan.objects.filter(pk=plan.pk).update(updated_by=user, updated_at=timezone.now())
        plan.refresh_from_db(fields=["version", "updated_at"])
        PlanEdit.objects.create(
            plan=plan,
            number=plan.version,
            user=user,
            operation=operation,
            changes=[change_to_json(change) for change in changes],
            token=token or uuid.uuid4(),
            undoes=undoes,
        )


def changes_since(plan: Plan, version: int) -> list[dict[str, Any]]:
    """What happened after a version, in order: {kind, key, after}."""
    edits = PlanEdit.objects.filter(plan=plan, number__gt=version).order_by("number")
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for changes in edits.values_list("changes", flat=True):
        for change in changes:
            latest[change["kind"], change["key"]] = {name: change[name] for name in ("kind", "key", "after")}
    return list(latest.values())


def can_undo(plan: Plan, user: Any) -> tuple[bool, bool]:
    """Whether this user could undo, and redo."""
    undoable, redoable = stacks(_own_edits(plan, user))
    return bool(undoable), bool(redoable)


def stacks(edits: Iterable[tuple[int, str]]) -> tuple[list[int], list[int]]:
    """What can be undone and what can be redone, the next one last, from (id, operation) in order.

    An undo takes an edit off the first stack and lies on the second; a new edit clears the second.
    """
    undoable: list[int] = []
    redoable: list[int] = []
    for pk, operation in edits:
        if operation == UNDO:
            undoable = undoable[:-1]
            redoable.append(pk)
        elif operation == REDO:
            redoable = redoable[:-1]
            undoable.append(pk)
        else:
            undoable.append(pk)
            redoable = []
    return undoable, redoable


def _own_edits(plan: Plan, user: Any) -> list[tuple[int, str]]:
    found = PlanEdit.objects.filter(plan=plan, user=user).order_by("-number")
    return list(found.values_list("pk", "operation")[:_REMEMBERED])[::-1]


def _refuse_if_overtaken(plan: Plan, version: int, changes: Sequence[Change]) -> None:
    if version >= plan.version:
        return
    since = changes_since(plan, version)
    theirs = {(change["kind"], change["key"]) for change in since}
    if any((change.kind, change.key) in theirs for change in changes):
        raise Overtaken(plan.version, since)


def _refuse_if_changed(document: Document, changes: Sequence[Change], since: Iterable[Mapping[str, Any]]) -> None:
    """Refuse to take back what others built on: parts they changed, ground they drew on, a level or team that is gone.

    ``since`` is what happened after the edit that is to be taken back. Raises ChangedSince.
    """
    moved = [change.key for change in changes if document.index[change.kind].get(change.key) != change.before]
    lost = [change.key for change in changes if change.after and not _can_stand(document, change.after)]
    if moved or lost:
        raise ChangedSince([*moved, *lost])
    after = document.with_changes(changes)
    rooms = {change.key for change in changes if change.kind == "units" and change.after}
    others = {change["key"] for change in since} - rooms
    for level in {after.get("units", key).level for key in rooms}:
        for one, other, _common in overlaps(after.on_level("units", level), rooms):
            if {one.key, other.key} & others:
                raise ChangedSince([one.key, other.key])


def _can_stand(document: Document, part: Part) -> bool:
    return part.level in document.level_of and document.team_of.keys() >= set(getattr(part, "teams", ()))


def change_to_json(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "key": change.key,
        "before": part_to_json(change.before) if change.before else None,
        "after": part_to_json(change.after) if change.after else None,
    }


def _reversed(change: Mapping[str, Any]) -> Change:
    """The change that takes a kept one back."""
    kind: Kind = change["kind"]

    def part(value: Any) -> Any:
        return part_from_json(kind, value) if value else None

    return Change(kind, change["key"], before=part(change["after"]), after=part(change["before"]))
