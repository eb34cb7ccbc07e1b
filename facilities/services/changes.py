"""What a plan changes, each change beside the requests behind it."""

from collections.abc import Iterable
from dataclasses import dataclass

from facilities.models import Plan, Request
from facilities.plan.ledger import Entry, ledger
from facilities.words.ledger import STATUS_LABELS, Teller, status_of
from facilities.words.names import room_name

from .comparison import sources_of
from .documents import load
from .participation import base_of


@dataclass(frozen=True)
class Change:
    """A room that changes: how, in a word and in ``texts``. ``is_gone`` when the plan shows it no more; ``requests``
    are those that asked for it."""

    key: str
    room: str
    label: str
    texts: list[str]
    is_gone: bool
    requests: tuple[Request, ...]


@dataclass(frozen=True)
class Traced:
    """A plan against the plan it goes back to."""

    base: Plan
    plan: Plan
    changes: tuple[Change, ...]

    @property
    def unsourced(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if not change.requests)


def traced(plan: Plan, requests: Iterable[Request]) -> Traced | None:
    """The plan's changes with their sources; None when there is no as-is plan to hold it against."""
    base = base_of(plan)
    if base is None:
        return None
    by_id = {request.pk: request for request in requests}
    before, after = load(base), load(plan)
    found, teller = ledger(before, after, sources_of(by_id.values())), Teller(before, after)
    return Traced(base, plan, tuple(_change(entry, teller, by_id) for entry in found.changed))


def _change(entry: Entry, teller: Teller, by_id: dict[int, Request]) -> Change:
    room = f"{teller.level(entry.unit)} {room_name(entry.unit)}".strip()
    texts = teller.texts(entry)
    if abs(entry.m2_change) >= 0.05:
        texts.append(f"{entry.m2_before:.1f} → {entry.m2_after:.1f} m²")
    asked = tuple(by_id[pk] for pk in entry.requests)
    return Change(entry.key, room, str(STATUS_LABELS[status_of(entry)]), texts, entry.after is None, asked)
