"""The life of a transfer order: which step may follow, and what it does to the figures. Pure.

    draft -> requested -> committed -> sent -> received (-> returned, from an incident)
                 \\-> refused    \\-> refused, cancelled

What was promised stays promised until it is sent or let go; what was sent is on its way until it is received or said
not to come; what an incident received is out until it comes back or is said to be used up.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    REQUESTED = "requested"
    COMMITTED = "committed"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Step(StrEnum):
    APPROVE = "approve"
    COMMIT = "commit"
    REFUSE = "refuse"
    CANCEL = "cancel"
    SEND = "send"
    RELEASE = "release"
    RECEIVE = "receive"
    MISSING = "missing"
    RETURN = "return"
    CLOSE = "close"


class Side(StrEnum):
    """Who does it: the town that asks, the one that gives, or whoever takes the things in."""

    ASKING = "asking"
    GIVING = "giving"
    TAKING_IN = "taking in"


SIDES = {
    Step.APPROVE: Side.ASKING,
    Step.COMMIT: Side.GIVING,
    Step.REFUSE: Side.GIVING,
    Step.CANCEL: Side.ASKING,
    Step.SEND: Side.GIVING,
    Step.RELEASE: Side.GIVING,
    Step.RECEIVE: Side.ASKING,
    Step.MISSING: Side.ASKING,
    Step.RETURN: Side.TAKING_IN,
    Step.CLOSE: Side.ASKING,
}
NUMBERED = frozenset({Step.COMMIT, Step.SEND, Step.RECEIVE, Step.RETURN})
# Somebody has to know later why it came so.
NEEDS_REASON = frozenset({Step.REFUSE, Step.CANCEL, Step.MISSING, Step.CLOSE})
UNFINISHED = frozenset({State.REQUESTED, State.COMMITTED, State.SENT, State.RECEIVED})


class WrongStep(Exception):
    """The step cannot be done now: ``most`` is how many it could be done for, None where it is not its turn."""

    def __init__(self, step: Step, most: int | None = None) -> None:
        super().__init__(step, most)
        self.step, self.most = step, most


@dataclass(frozen=True)
class Figures:
    """What an order says. ``stays``: it goes to a depot, whose it then is, and is not given back."""

    state: str
    quantity: int
    committed: int = 0
    sent: int = 0
    received: int = 0
    returned: int = 0
    stays: bool = False

    @property
    def promised(self) -> int:
        """Committed and still in the giver's depot."""
        return self.committed - self.sent if self.state in {State.COMMITTED, State.SENT} else 0

    @property
    def on_the_way(self) -> int:
        return self.sent - self.received if self.state == State.SENT else 0

    @property
    def out(self) -> int:
        """At an incident, and to come back or be accounted for."""
        waits = self.state in {State.SENT, State.RECEIVED} and not self.stays
        return self.received - self.returned if waits else 0

    @property
    def lost_on_the_way(self) -> int:
        return self.sent - self.received if self.state in {State.RECEIVED, State.RETURNED} else 0

    @property
    def used_up(self) -> int:
        return self.received - self.returned if self.state == State.RETURNED else 0


def possible(figures: Figures) -> tuple[Step, ...]:
    """The steps that can be done now, whoever may do them."""
    return tuple(step for step in Step if most(figures, step) > 0)


def most(figures: Figures, step: Step) -> int:
    """For how many units a step could be done now; 0 where it is not its turn."""
    return _MOST[step](figures)


_MOST: dict[Step, Callable[[Figures], int]] = {
    Step.APPROVE: lambda it: it.quantity if it.state == State.DRAFT else 0,
    Step.COMMIT: lambda it: it.quantity if it.state == State.REQUESTED else 0,
    Step.REFUSE: lambda it: it.quantity if it.state in {State.REQUESTED, State.COMMITTED} else 0,
    Step.CANCEL: lambda it: it.quantity if it.state in {State.DRAFT, State.REQUESTED, State.COMMITTED} else 0,
    Step.SEND: lambda it: it.promised,
    Step.RELEASE: lambda it: it.promised if it.state == State.SENT else 0,
    Step.RECEIVE: lambda it: it.on_the_way,
    Step.MISSING: lambda it: it.on_the_way,
    Step.RETURN: lambda it: it.out,
    Step.CLOSE: lambda it: it.out if it.state == State.RECEIVED else 0,
}


def after(figures: Figures, step: Step, number: int = 0) -> Figures:
    """The order after a step, for ``number`` units where the step is one of NUMBERED. Raises WrongStep."""
    limit = most(figures, step)
    if limit == 0:
        raise WrongStep(step)
    if step in NUMBERED and not 1 <= number <= limit:
        raise WrongStep(step, limit)
    return _settled(_AFTER[step](figures, number))


_AFTER: dict[Step, Callable[[Figures, int], Figures]] = {
    Step.APPROVE: lambda it, _n: replace(it, state=State.REQUESTED),
    # The rest of what was asked for becomes an order of its own: see ``rest``.
    Step.COMMIT: lambda it, n: replace(it, state=State.COMMITTED, quantity=n, committed=n),
    Step.REFUSE: lambda it, _n: replace(it, state=State.REFUSED, committed=0),
    Step.CANCEL: lambda it, _n: replace(it, state=State.CANCELLED, committed=0),
    Step.SEND: lambda it, n: replace(it, state=State.SENT, sent=it.sent + n),
    Step.RELEASE: lambda it, _n: replace(it, committed=it.sent),
    Step.RECEIVE: lambda it, n: replace(it, received=it.received + n),
    Step.MISSING: lambda it, _n: replace(it, state=State.RECEIVED, committed=it.sent),
    Step.RETURN: lambda it, n: replace(it, returned=it.returned + n),
    Step.CLOSE: lambda it, _n: replace(it, state=State.RETURNED),
}


def _settled(it: Figures) -> Figures:
    """A step that leaves nothing to wait for carries the order on."""
    if it.state == State.SENT and it.received == it.committed:
        it = replace(it, state=State.RECEIVED)
    if it.state == State.RECEIVED and not it.stays and it.returned == it.received:
        it = replace(it, state=State.RETURNED)
    return it


def rest(before: Figures, committed: Figures) -> int:
    """What a commitment leaves to be asked of others."""
    return before.quantity - committed.quantity


def share_out(number: int, lots: Iterable[tuple[int, int]]) -> list[tuple[int, int]] | None:
    """``number`` units taken from lots (lot, available) in their order; None where they do not suffice."""
    taken: list[tuple[int, int]] = []
    for lot, available in lots:
        part = min(number, available)
        if part > 0:
            taken.append((lot, part))
            number -= part
    return taken if number == 0 else None


def nearest_first(wanted: int, offers: Iterable[tuple[int, int]]) -> dict[int, int]:
    """How many to ask of whom (key, available), the offers being in the order of nearness, until it is enough."""
    asked: dict[int, int] = {}
    for key, available in offers:
        part = min(wanted, available)
        if part > 0:
            asked[key] = part
            wanted -= part
    return asked
