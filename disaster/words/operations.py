"""Orders and incidents in the user's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disaster import orders as rules

STEP_TITLES = {
    rules.Step.APPROVE: gettext_lazy("Approve"),
    rules.Step.COMMIT: gettext_lazy("Promise"),
    rules.Step.REFUSE: gettext_lazy("Refuse"),
    rules.Step.CANCEL: gettext_lazy("Call off"),
    rules.Step.SEND: gettext_lazy("Send"),
    rules.Step.RELEASE: gettext_lazy("Send no more"),
    rules.Step.RECEIVE: gettext_lazy("Receive"),
    rules.Step.MISSING: gettext_lazy("The rest will not come"),
    rules.Step.RETURN: gettext_lazy("Take back"),
    rules.Step.CLOSE: gettext_lazy("Nothing more comes back"),
}
STEP_HELP = {
    rules.Step.APPROVE: gettext_lazy("The draft becomes a request to the depot that gives."),
    rules.Step.COMMIT: gettext_lazy(
        "It is kept for this order. Less than asked for can be promised: the rest is asked of others."
    ),
    rules.Step.REFUSE: gettext_lazy("Nothing is sent. The town that asks is told why."),
    rules.Step.CANCEL: gettext_lazy("It is not needed any more. What was promised is free again."),
    rules.Step.SEND: gettext_lazy("It leaves the depot and the ledger, what expires first first."),
    rules.Step.RELEASE: gettext_lazy("What was promised and not sent is free again."),
    rules.Step.RECEIVE: gettext_lazy(
        "As many as arrived. What is missing stays on its way until it comes or you say why not."
    ),
    rules.Step.MISSING: gettext_lazy("What is still on its way is lost: say why."),
    rules.Step.RETURN: gettext_lazy("It comes back into a depot and the ledger."),
    rules.Step.CLOSE: gettext_lazy("What is still out was used up or lost: say why."),
}  # fmt: skip
# What the town that has to do something is told, by the step it can do.
WAITING = {
    rules.Step.COMMIT: gettext_lazy("waits for a promise"),
    rules.Step.SEND: gettext_lazy("waits to be sent"),
    rules.Step.RECEIVE: gettext_lazy("on its way"),
    rules.Step.RETURN: gettext_lazy("is to come back"),
    rules.Step.APPROVE: gettext_lazy("waits for approval"),
}
STATE_BADGES = {
    rules.State.REQUESTED: "information",
    rules.State.COMMITTED: "information",
    rules.State.SENT: "example",
    rules.State.RECEIVED: "success",
    rules.State.REFUSED: "danger",
}


def unit(number: int, item: Any) -> str:
    return f"{number:,} {item.unit}"


def wrong_step(order: Any, wrong: rules.WrongStep) -> str:
    if wrong.most is None:
        return _("The order is “%(state)s” now: this cannot be done any more.") % {"state": order.get_state_display()}
    return _("It can be from 1 to %(most)s.") % {"most": unit(wrong.most, order.item)}


def not_enough(depot: Any, item: Any, free: int) -> str:
    if free == 0:
        return _("%(depot)s has no %(item)s any more that works and is promised to nobody else.") % {
            "depot": depot, "item": item,
        }  # fmt: skip
    return _("%(depot)s has only %(number)s of %(item)s that work and are promised to nobody else.") % {
        "depot": depot, "item": item, "number": unit(free, item),
    }  # fmt: skip


def because_of(order: Any) -> str:
    """The reason a movement is given where nobody wrote one."""
    target = order.incident or order.destination
    return _("Order %(number)s: %(target)s") % {"number": order.pk, "target": target}


def rest_of(order: Any) -> str:
    return _("the rest of order %(number)s") % {"number": order.pk}


def incident_over() -> str:
    return _("The incident is over.")


def figures(found: rules.Figures, item: Any) -> list[tuple[str, str]]:
    """What there is to say of an order's quantities, in the order in which it happened; zeros are left out."""
    told = [
        (_("asked for"), found.quantity),
        (_("promised"), found.committed),
        (_("sent"), found.sent),
        (_("on its way"), found.on_the_way),
        (_("received"), found.received),
        (_("lost on the way"), found.lost_on_the_way),
        (_("came back"), found.returned),
        (_("still out"), found.out),
        (_("used up or lost"), found.used_up),
    ]
    return [(title, unit(number, item)) for title, number in told if number]


def way(metres: float | None, minutes: int | None) -> str:
    if metres is None or minutes is None:
        return ""
    return _("%(km)s km, about %(minutes)d min") % {"km": f"{metres / 1000:.1f}", "minutes": minutes}
