"""The figures that plans are compared by, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from facilities.plan import comparison
from facilities.plan.comparison import KINDS

from .document import Labels

FIGURE_LABELS: Labels = {
    "open_m2": gettext_lazy("Open rooms"),
    "closed_m2": gettext_lazy("Closed rooms"),
    "open_share": gettext_lazy("Share of open rooms"),
    "waiting_m2": gettext_lazy("Waiting area"),
    "shared_m2": gettext_lazy("Space shared with residents"),
    "after_hours_m2": gettext_lazy("Open after hours"),
    "idle_m2": gettext_lazy("Idle space"),
    "idle_activated_m2": gettext_lazy("Idle space put to use"),
    "m2_per_staff": gettext_lazy("Space per member of staff"),
    "staff_seated": gettext_lazy("Staff with a room"),
    "staff_unseated": gettext_lazy("Staff without a room"),
    "standards_short": gettext_lazy("Area standards not met"),
    "walk_mean_m": gettext_lazy("Walk from the entrance to a counter, on average"),
    "walk_mean_steps": gettext_lazy("Steps from the entrance to a counter, on average"),
    "walk_longest_m": gettext_lazy("Longest walk to a counter"),
    "counters_unreached": gettext_lazy("Counters the public cannot reach"),
    "circulation_errors": gettext_lazy("Circulation faults"),
    "circulation_warnings": gettext_lazy("Circulation warnings"),
    "rooms_changed": gettext_lazy("Rooms changed"),
    "changes_unsourced": gettext_lazy("Changes that nobody asked for"),
    "cost_krw": gettext_lazy("Cost of doors and walls"),
}
FIGURE_NOTES: Labels = {
    "open_share": gettext_lazy("Of all rooms; voids and structure left out."),
    "shared_m2": gettext_lazy(
        "Open rooms made for residents (shared space, activity room, book café, meeting room and the like), and open "
        "halls and waiting areas used after hours; not corridors, toilets or idle rooms."
    ),
    "idle_activated_m2": gettext_lazy("Ground idle before on which rooms in use stand now."),
    "m2_per_staff": gettext_lazy("The teams' rooms by their planned staff."),
    "walk_mean_m": gettext_lazy("From the nearest public entrance, through open rooms."),
    "cost_krw": gettext_lazy("Doors and walls changed, by the unit costs in force; nothing else."),
    "changes_unsourced": gettext_lazy("Rooms changed to which no request is linked."),
}
VERDICT_LABELS: Labels = {
    comparison.BETTER: pgettext_lazy("figure", "better"),
    comparison.WORSE: pgettext_lazy("figure", "worse"),
    comparison.SAME: pgettext_lazy("figure", "same"),
    comparison.UNKNOWN: pgettext_lazy("figure", "not known"),
    comparison.NEITHER: "",
}
# Signs beside the colours.
VERDICT_SIGNS = {
    comparison.BETTER: "▲",
    comparison.WORSE: "▼",
    comparison.SAME: "=",
    comparison.UNKNOWN: "",
    comparison.NEITHER: "",
}


def value_text(code: str, value: float | None) -> str:
    """A figure with its unit; a dash for one that is not known."""
    return "—" if value is None else _with_unit(KINDS[code].unit, _number(KINDS[code].unit, value), round(value))


def difference_text(code: str, value: float | None) -> str:
    """A difference with its sign. Shares differ by percentage points."""
    if value is None:
        return "—"
    unit = KINDS[code].unit
    number = _number(unit, abs(value))
    sign = "±" if not any(digit in number for digit in "123456789") else "+" if value > 0 else "−"
    if unit == comparison.SHARE:
        return _("%(number)s points") % {"number": f"{sign}{number}"}
    return _with_unit(unit, f"{sign}{number}", abs(round(value)))


def _number(unit: str, value: float) -> str:
    if unit == comparison.SHARE:
        return f"{value * 100:.1f}"
    if unit in {comparison.M2, comparison.METRES}:
        return f"{value:,.{2 if unit == comparison.M2 else 1}f}"
    return f"{round(value):,}"


def _with_unit(unit: str, number: str, count: int) -> str:
    words = {
        comparison.SHARE: "%(number)s%%",
        comparison.M2: "%(number)s m²",
        comparison.METRES: "%(number)s m",
        comparison.STEPS: ngettext("%(number)s step", "%(number)s steps", count),
        comparison.COUNT: "%(number)s",
        comparison.PEOPLE: ngettext("%(number)s person", "%(number)s people", count),
        comparison.KRW: _("KRW %(number)s"),
    }
    return words[unit] % {"number": number}
