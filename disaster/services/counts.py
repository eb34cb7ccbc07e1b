"""Counts at the shelf: begun, written line by line, handed in, and posted once when somebody else approves.

What is posted of a line is what was counted less what the ledger had *when the line was seen*. What moved since then
stays as it was recorded; what was recorded since then of days before had happened already when somebody counted, and
is taken into account (``querysets_counts.moved_since``).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster.models import Balance, Condition, CountLine, CountSession, CountState, Depot, Item, Lot, MovementKind
from disaster.querysets_counts import may_count, moved_since, seen_day
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.writing import locked, make, refuse_stale, write

from . import ledger

# Names a count's movements, so that one count can be posted once.
_POSTED = uuid.UUID("6f0f7f0a-5a52-4c55-9f0e-0d8f6f2c9a11")


@dataclass(frozen=True)
class Seen:
    """What somebody saw of a lot. ``quantity`` is None for "not looked for"; ``version`` is the line's that they knew,
    0 where there was none; ``moved_from``: the depot that has it by the ledger."""

    lot: Lot
    quantity: int | None
    version: int = 0
    condition: str = Condition.USABLE
    moved_from: Depot | None = None
    was_scanned: bool = False
    note: str = ""

    @property
    def facts(self) -> tuple[Any, ...]:
        return self.quantity, self.moved_from and self.moved_from.pk, self.note


class Clash(Invalid):
    """Somebody else wrote this line meanwhile; ``line`` is it now."""

    def __init__(self, line: CountLine) -> None:
        told = _("Somebody else counted this meanwhile: %(number)s. Save again to replace that by yours.")
        number = _("not looked for") if line.quantity is None else f"{line.quantity:,} {line.lot.item.unit}"
        super().__init__({"quantity": [told % {"number": number}]})
        self.line = line


@transaction.atomic
def begin(user: Any, depot: Depot, token: uuid.UUID | None = None) -> CountSession:
    """A count of a depot; the one under way, where there is one. Raises NotAllowed."""
    _refuse_others(user, depot)
    running = under_way(depot)
    if running is not None:
        return running
    facts = {"depot": depot, "counted_on": timezone.localdate(), "counted_by": user}
    try:
        with transaction.atomic():
            made: CountSession = make(CountSession, user, facts, token)
    except IntegrityError:
        # Somebody else began just now: two counts at once would each post the same difference.
        running = under_way(depot)
        if running is None:
            raise
        return running
    return made


def under_way(depot: Depot) -> CountSession | None:
    running = CountSession.objects.live().filter(depot=depot, state__in=[CountState.OPEN, CountState.SUBMITTED])
    return running.first()


@transaction.atomic
def write_line(user: Any, session: CountSession, seen: Seen) -> CountLine:
    """Keep what somebody saw of a lot. Raises NotAllowed, Clash, and Invalid when the count is no longer open."""
    current = _held(user, session, CountState.OPEN)
    line = CountLine.objects.filter(session=current, lot=seen.lot, condition=seen.condition).first()
    if line is not None and line.version != seen.version:
        if (line.quantity, line.moved_from_id, line.note) == seen.facts:
            return line
        raise Clash(line)
    # Held, so that what the ledger says and the moment of looking belong together.
    balance = (
        Balance.objects.select_for_update()
        .filter(depot=current.depot_id, lot=seen.lot, condition=seen.condition)
        .first()
    )
    expected = balance.quantity if balance else 0
    _refuse_wrong(current, seen, expected)
    line = line or CountLine(session=current, lot=seen.lot, condition=seen.condition, version=0)
    line.expected, line.quantity, line.seen_at = expected, seen.quantity, timezone.now()
    line.moved_from, line.note = seen.moved_from, seen.note.strip()[:200]
    line.was_scanned, line.version = line.was_scanned or seen.was_scanned, line.version + 1
    line.save()
    _takes_part(user, current)
    return line


def _refuse_wrong(session: CountSession, seen: Seen, expected: int) -> None:
    if seen.moved_from is None:
        return
    if seen.moved_from.pk == session.depot_id:
        raise Invalid({"moved_from": [_("Nothing can be moved to where it is.")]})
    if (seen.quantity or 0) <= expected:
        told = _("The ledger has as many here: nothing was moved from elsewhere.")
        raise Invalid({"moved_from": [told]})


def add(user: Any, session: CountSession, item: Item, seen: dict[str, Any]) -> CountLine:
    """Something found that is not on the list; its lot is made where nobody knew it. ``seen``: code, expires_on,
    condition, quantity, moved_from, note. Raises as ``write_line``; Invalid where it is on the list already."""
    with transaction.atomic():
        _refuse_others(user, session.depot)
        lot = ledger.lot_of(item, seen.get("code", ""), expires_on=seen.get("expires_on"))
        found = Seen(
            lot, seen["quantity"], condition=seen.get("condition") or Condition.USABLE,
            moved_from=seen.get("moved_from"), note=seen.get("note", ""),
        )  # fmt: skip
        return write_line(user, session, found)


@transaction.atomic
def submit(user: Any, session: CountSession, version: int, note: str = "") -> CountSession:
    """Hand a count in. What was not looked for stays uncounted. Raises Invalid when nothing was counted."""
    current = _held(user, session, CountState.OPEN, version)
    days = [seen_day(line) for line in current.lines.filter(quantity__isnull=False)]
    if not days:
        raise Invalid({"__all__": [_("Nothing was counted yet.")]})
    _takes_part(user, current)
    write(
        current, user, state=CountState.SUBMITTED, submitted_at=timezone.now(), counted_on=max(days),
        note=_with(current.note, note),
    )  # fmt: skip
    return current


@transaction.atomic
def give_back(user: Any, session: CountSession, version: int, comment: str) -> CountSession:
    """Return a count to the counter, with what is to be looked at again. Raises Invalid without a comment."""
    if not comment.strip():
        raise Invalid({"comment": [_("Say what is to be counted again.")]})
    current = _held(user, session, CountState.SUBMITTED, version)
    write(current, user, state=CountState.OPEN, submitted_at=None, note=_with(current.note, comment))
    return current


@transaction.atomic
def cancel(user: Any, session: CountSession, version: int, comment: str) -> CountSession:
    """Give a count up; nothing of it is posted. Raises Invalid without a reason."""
    if not comment.strip():
        raise Invalid({"comment": [_("Say why.")]})
    current = _held(user, session, None, version)
    write(
        current, user, state=CountState.CANCELLED, decided_at=timezone.now(), decided_by=user,
        note=_with(current.note, comment),
    )  # fmt: skip
    return current


def _with(before: str, more: str) -> str:
    """Comments one under the other, the last one last."""
    return "\n".join(filter(None, [before.strip(), more.strip()]))


def may_approve(user: Any, session: CountSession) -> bool:
    """Whether this person had no part in the count: an administrator may not approve their own either."""
    if user.pk in (session.counted_by_id, session.created_by_id) or not may_count(user, session.depot):
        return False
    return not session.counters.filter(pk=user.pk).exists()


@transaction.atomic
def approve(user: Any, session: CountSession, version: int) -> CountSession:
    """Post the differences of a count: one adjustment, one transfer of what was found to have moved, and the day of
    the count for every balance that was counted. All of it or nothing.

    Raises NotAllowed for who took part in the count; Invalid, as the ledger, when a difference cannot be posted.
    """
    if not may_approve(user, session):
        raise NotAllowed(_("Somebody who did not count approves a count."))
    current = _held(user, session, CountState.SUBMITTED, version)
    lines = list(current.lines.filter(quantity__isnull=False).select_related("lot__item", "moved_from").order_by("pk"))
    # All balances at once and in the ledger's order: those of both movements.
    elsewhere = [ledger.Leg(line.moved_from, line.lot, 0, line.condition) for line in lines if line.moved_from]
    held = ledger.lock([*(_leg(current, line) for line in lines), *elsewhere])
    here = {(lot, condition): balance for (depot, lot, condition), balance in held.items() if depot == current.depot_id}
    changes = {line.pk: change for line, change in differences(lines, here)}
    adjusted = [_leg(current, line, changes[line.pk]) for line in lines if changes[line.pk] and not line.moved_from]
    moved = [
        leg
        for line in lines
        if line.moved_from and changes[line.pk]
        for leg in (_leg(current, line, changes[line.pk]),
                    ledger.Leg(line.moved_from, line.lot, -changes[line.pk], line.condition))
    ]  # fmt: skip
    _post(user, current, MovementKind.TRANSFER, moved)
    _post(user, current, MovementKind.ADJUST, adjusted)
    _set_counted(lines, here)
    write(current, user, state=CountState.APPROVED, decided_at=timezone.now(), decided_by=user)
    return current


def differences(lines: Iterable[CountLine], balances: dict[tuple[int, str], Balance]) -> list[tuple[CountLine, int]]:
    """What each counted line changes: counted less the ledger's figure of when it was seen, put right by what was
    recorded later of earlier days. A line that was found to have been moved only ever brings something here."""
    lines = [line for line in lines if line.quantity is not None]
    late = moved_since(lines, balances)
    found = []
    for line in lines:
        change = (line.quantity or 0) - line.expected - late.get(line.pk, 0)
        found.append((line, max(0, change) if line.moved_from_id else change))
    return found


def _leg(session: CountSession, line: CountLine, change: int = 0) -> ledger.Leg:
    return ledger.Leg(session.depot, line.lot, change, line.condition)


def _post(user: Any, session: CountSession, kind: str, legs: list[ledger.Leg]) -> None:
    if legs:
        reason = _("Count of %(day)s") % {"day": session.counted_on.isoformat()}
        key = uuid.uuid5(_POSTED, f"{session.pk} {kind}")
        ledger.post(user, ledger.Draft(kind, session.counted_on, tuple(legs), key=key, reason=reason, count=session))


def _set_counted(lines: Iterable[CountLine], balances: dict[tuple[int, str], Balance]) -> None:
    days: dict[date, list[int]] = {}
    for line in lines:
        balance = balances[line.lot_id, line.condition]
        if balance.counted_on is None or balance.counted_on < seen_day(line):
            days.setdefault(seen_day(line), []).append(balance.pk)
    for day, balances_of_day in days.items():
        Balance.objects.filter(pk__in=balances_of_day).update(counted_on=day)


def _held(user: Any, session: CountSession, state: str | None, version: int | None = None) -> CountSession:
    """The count as it is now, held until the end. ``state`` None: any state that is not final."""
    _refuse_others(user, session.depot)
    current: CountSession = locked(session)
    if version is not None:
        refuse_stale(current, version)
    wanted = [CountState.OPEN, CountState.SUBMITTED] if state is None else [state]
    if current.state not in wanted:
        now = current.get_state_display()
        raise Invalid({"__all__": [_("This count is now: %(state)s. Look at it again.") % {"state": now}]})
    return current


def _refuse_others(user: Any, depot: Depot) -> None:
    if not may_count(user, depot):
        raise NotAllowed(_("%(depot)s lies outside the area in which you may change records.") % {"depot": depot})


def _takes_part(user: Any, session: CountSession) -> None:
    """Note who counted: they do not approve."""
    session.counters.add(user)
