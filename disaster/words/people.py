"""Why a partner does not count, in the user's language."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disaster.partners import Standing, Term, Why, standing

WHY = {
    Why.NO_AGREEMENT: gettext_lazy("no agreement"),
    Why.NOT_BEGUN: gettext_lazy("agreement not in force yet"),
    Why.EXPIRED: gettext_lazy("agreement expired"),
    Why.NEVER_REACHED: gettext_lazy("never reached by phone"),
    Why.NOT_CONFIRMED: gettext_lazy("not confirmed for a year"),
}


def reasons(found: Standing) -> list[str]:
    return [str(WHY[each]) for each in found.reasons]


def standing_of(agreements: Iterable[object], reached_on: date | None, day: date) -> list[str]:
    """Why a partner with these agreements does not count; empty where it does."""
    return reasons(standing([term_of(each) for each in agreements], reached_on, day))


def term_of(agreement: object) -> Term:
    return Term(agreement.signed_on, agreement.valid_from, agreement.valid_until)  # type: ignore[attr-defined]


def state_of(agreement: object, day: date) -> str:
    """An agreement on a day, in a word or two."""
    term = term_of(agreement)
    if term.in_force(day):
        return _("about to lapse") if term.lapses_soon(day) else _("in force")
    return _("expired") if term.until is not None and term.until < day else _("not in force yet")
