"""Steps of transfer orders. What they do to stock goes through the ledger; who may do them and when is asked first.

Each step holds the order, then the balances, always in this order. A form sent twice does it once.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster import orders as rules
from disaster.models import Balance, Condition, Depot, Incident, IncidentState, Item, Lot, MovementKind, TransferOrder
from disaster.querysets_operations import (
    figures,
    lots_left,
    may_act_in,
    may_change_depot,
    place_of,
    refuse_others,
    today,
)
from disaster.querysets_working import working_lots, working_stock
from disaster.ways import way_m
from disaster.words import operations as words
from disaster.words import redistribution as plan_words
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.writing import locked, refuse_stale, write
from gis_core.models import Organisation, Submission

from . import ledger
from .redistribution_facts import standings


@dataclass(frozen=True)
class Act:
    """What a person decided about an order. ``depot``: where it is taken from (commit), or comes back to (return)."""

    version: int
    token: uuid.UUID = field(default_factory=uuid.uuid4)
    number: int = 0
    reason: str = ""
    depot: Depot | None = None
    condition: str = Condition.USABLE


@dataclass(frozen=True)
class Part:
    """Whom to ask for how many: a depot, a partner, or (neither) everybody."""

    number: int
    source: Depot | None = None
    partner: Organisation | None = None
    what: str = ""
    place: Any = None


def once(user: Any, token: uuid.UUID, what: str, record_id: int | None = None) -> int | None:
    """None when a form is sent for the first time; else the record it was about. Raises Invalid for another's token."""
    facts = {"user": user, "layer": what, "record_id": record_id}
    submission, first = Submission.objects.get_or_create(token=token, defaults=facts)
    if first:
        return None
    if submission.user_id != user.pk or submission.layer != what or submission.record_id is None:
        raise Invalid({"__all__": [_("This form was already sent. Open it again.")]})
    return submission.record_id


@transaction.atomic
def ask(
    user: Any, target: Incident | Depot, item: Item, parts: Sequence[Part], token: uuid.UUID,
    needed_by: datetime | None = None,
) -> list[TransferOrder]:  # fmt: skip
    """Orders for an incident or a depot, one for each that is asked. Raises NotAllowed, Invalid."""
    incident = target if isinstance(target, Incident) else None
    destination = target if isinstance(target, Depot) else None
    if not (may_change_depot(user, destination) if destination else may_act_in(user, target.area_id)):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    if target.area_id is None:
        raise Invalid({"__all__": [_("It lies in no town: put it on the map inside one first.")]})
    _refuse_parts(incident, destination, parts)
    known = once(user, token, "order-request")
    if known is not None:
        first = TransferOrder.objects.get(pk=known)
        return list(TransferOrder.objects.filter(created_by=user, created_at=first.created_at).order_by("pk"))
    now = timezone.now()
    made = [
        TransferOrder.objects.create(
            incident=incident, destination=destination, area_id=target.area_id, item=item, quantity=part.number,
            source=part.source, partner=part.partner, reason=part.what[:300], needed_by=needed_by, created_at=now,
            distance_m=_way(part, target), created_by=user, updated_by=user,
        )
        for part in parts
    ]  # fmt: skip
    Submission.objects.filter(token=token).update(record_id=made[0].pk)
    return made


def _refuse_parts(incident: Incident | None, destination: Depot | None, parts: Sequence[Part]) -> None:
    if not parts or any(part.number < 1 for part in parts):
        raise Invalid({"__all__": [_("Say how many to ask of whom.")]})
    if incident is not None and incident.state != IncidentState.OPEN:
        raise Invalid({"__all__": [_("The incident is over: nothing more is asked for.")]})
    if destination is not None and any(part.source == destination for part in parts):
        raise Invalid({"__all__": [_("A depot asks nothing of itself.")]})


def _way(part: Part, target: Any) -> float | None:
    place = part.place or (part.source and part.source.location)
    return way_m((place.x, place.y), place_of(target)) if place else None


@transaction.atomic
def take(user: Any, order: TransferOrder, step: rules.Step, act: Act) -> TransferOrder:
    """Do one step; the order as it is then. Raises NotAllowed, and Invalid where it cannot be done (now)."""
    current: TransferOrder = locked(order)
    if once(user, act.token, f"order-{step}", current.pk) is not None:
        return current
    refuse_others(user, current, step)
    refuse_stale(current, act.version)
    if step in rules.NEEDS_REASON and not act.reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    before = figures(current)
    try:
        then = rules.after(before, step, act.number)
    except rules.WrongStep as wrong:
        raise Invalid({"number" if wrong.most else "__all__": [words.wrong_step(current, wrong)]}) from wrong
    changed = _EFFECTS[step](user, current, act) if step in _EFFECTS else {}
    if step == rules.Step.COMMIT:
        _ask_rest(user, current, rules.rest(before, then))
    reason = {"reason": act.reason.strip()[:300]} if act.reason.strip() else {}
    write(
        current, user, **changed, **reason, state=then.state, quantity=then.quantity, committed=then.committed,
        sent=then.sent, received=then.received, returned=then.returned, decided_by=user, decided_at=timezone.now(),
    )  # fmt: skip
    return current


def _approve(user: Any, order: TransferOrder, act: Act) -> dict[str, Any]:
    """A draft becomes a request, as long as today's stock still carries it; why it was proposed is kept in words."""
    if order.plan is None or order.source is None:
        return {}
    now = standings([order])[order.pk]
    if not now.fits:
        raise Invalid({"__all__": [plan_words.stale(now)]})
    return {"reason": plan_words.because(order, now)[:300]}


def _commit(user: Any, order: TransferOrder, act: Act) -> dict[str, Any]:
    """Promise what the depot has and has promised to nobody else."""
    if order.partner is not None:
        return {}
    source = order.source or act.depot
    if source is None:
        raise Invalid({"depot": [_("Say from which depot it comes.")]})
    if not may_change_depot(user, source):
        raise NotAllowed(_("%(depot)s lies outside the area in which you may change records.") % {"depot": source})
    if source.pk == order.destination_id:
        raise Invalid({"depot": [_("A depot asks nothing of itself.")]})
    _hold(source, order.item)
    row = next(iter(working_stock(today(), depots=[source.pk], items=[order.item_id])), None)
    free = row.working if row else 0
    if free < act.number:
        raise Invalid({"number": [words.not_enough(source, order.item, free)]})
    target = order.destination or order.incident
    return {"source": source, "distance_m": way_m(place_of(source), place_of(target))}


def _hold(depot: Depot, item: Item) -> None:
    """Hold the depot's balances of an item, in the ledger's order: who promises next waits and then reads anew."""
    rows = Balance.objects.select_for_update(of=("self",)).filter(depot=depot, lot__item=item)
    list(rows.order_by("depot_id", "lot_id", "condition"))


def _ask_rest(user: Any, order: TransferOrder, number: int) -> None:
    """What one depot does not give goes on as a call to everybody."""
    if number:
        TransferOrder.objects.create(
            incident=order.incident, destination=order.destination, area=order.area, item=order.item, quantity=number,
            needed_by=order.needed_by, plan=order.plan, created_by=user, updated_by=user,
            reason=words.rest_of(order),
        )  # fmt: skip


def _send(user: Any, order: TransferOrder, act: Act) -> dict[str, Any]:
    """Out of the giver's depot, what expires first first. What is blocked by a repair is not sent."""
    if order.source is None:
        return {}
    giver = order.source
    _hold(giver, order.item)
    row = next(iter(working_stock(today(), depots=[giver.pk], items=[order.item_id])), None)
    fit = row.usable - row.blocked if row else 0
    lots = working_lots(today(), giver.pk, order.item_id)
    if order.lot_id is not None:
        lots = [(lot, number) for lot, number in lots if lot == order.lot_id]
    shares = rules.share_out(act.number, lots) if fit >= act.number else None
    if shares is None:
        raise Invalid({"number": [words.not_enough(giver, order.item, fit)]})
    found = Lot.objects.select_related("item").in_bulk([lot for lot, _number in shares])
    _post(user, order, act, MovementKind.SEND, giver, [(found[lot], -number) for lot, number in shares])
    return {}


def _receive(user: Any, order: TransferOrder, act: Act) -> dict[str, Any]:
    """Into the depot it was sent to. At an incident nothing enters a depot: that it came is noted on the order."""
    if order.destination is not None:
        lots = lots_left(order, MovementKind.ARRIVE) if order.source else [(ledger.lot_of(order.item), act.number)]
        _post(user, order, act, MovementKind.ARRIVE, order.destination, _shared(act.number, lots))
    return {}


def _return(user: Any, order: TransferOrder, act: Act) -> dict[str, Any]:
    """Back into the giver's depot or another; a partner takes its own back without our ledger."""
    if order.source is None:
        return {}
    into = act.depot or order.source
    lots = _shared(act.number, lots_left(order, MovementKind.RETURN))
    _post(user, order, act, MovementKind.RETURN, into, lots)
    return {}


def _shared(number: int, lots: Sequence[tuple[Lot, int]]) -> list[tuple[Lot, int]]:
    by_key = {lot.pk: lot for lot, _number in lots}
    shares = rules.share_out(number, [(lot.pk, available) for lot, available in lots])
    if shares is None:
        raise Invalid({"__all__": [_("The ledger says that less was sent. Look at the movements of this order.")]})
    return [(by_key[key], part) for key, part in shares]


def _post(
    user: Any, order: TransferOrder, act: Act, kind: MovementKind, depot: Depot, lots: Sequence[tuple[Lot, int]]
) -> None:
    legs = tuple(ledger.Leg(depot, lot, change, act.condition) for lot, change in lots)
    reason = act.reason.strip() or words.because_of(order)
    draft = ledger.Draft(kind, today(), legs, act.token, reason[:300], counterpart=order.partner, order=order)
    ledger.post(user, draft)


_EFFECTS: dict[rules.Step, Callable[[Any, TransferOrder, Act], dict[str, Any]]] = {
    rules.Step.APPROVE: _approve,
    rules.Step.COMMIT: _commit,
    rules.Step.SEND: _send,
    rules.Step.RECEIVE: _receive,
    rules.Step.RETURN: _return,
}
