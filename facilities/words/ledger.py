"""The ledger of a plan in words: what happened to each room, with what it was and what it is."""

from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from facilities.plan import ledger
from facilities.plan.costs import WALL_M
from facilities.plan.document import DOOR, GAP, Document, Unit
from facilities.plan.ledger import Entry

from .document import RESTRICTION_LABELS, UNIT_CATEGORY_LABELS, Labels
from .names import level_name, room_name

STATUS_LABELS: Labels = {
    ledger.KEPT: pgettext_lazy("room", "Kept"),
    ledger.MOVED: pgettext_lazy("room", "Moved"),
    ledger.SPLIT: pgettext_lazy("room", "Divided"),
    ledger.MERGED: pgettext_lazy("room", "Joined"),
    ledger.NEW: pgettext_lazy("room", "New"),
    ledger.REMOVED: pgettext_lazy("room", "Removed"),
    "changed": pgettext_lazy("room", "Changed"),
}
# One letter for each, so that nobody has to tell colours apart; the same ones stand in the drawings.
STATUS_LETTERS: Labels = {
    ledger.KEPT: pgettext_lazy("letter for a room that is kept", "K"),
    ledger.MOVED: pgettext_lazy("letter for a room that is moved", "M"),
    ledger.SPLIT: pgettext_lazy("letter for a room that is divided", "D"),
    ledger.MERGED: pgettext_lazy("letter for a room that is joined", "J"),
    ledger.NEW: pgettext_lazy("letter for a room that is new", "N"),
    ledger.REMOVED: pgettext_lazy("letter for a room that is removed", "R"),
    "changed": pgettext_lazy("letter for a room that is changed", "C"),
}
COST_LABELS: Labels = {
    DOOR: gettext_lazy("Doors made, moved or closed"),
    GAP: gettext_lazy("Openings without a door made, moved or closed"),
    WALL_M: gettext_lazy("Walls built or taken away (m)"),
}


def status_of(entry: Entry) -> str:
    """The entry's status, with rooms that stay but differ told apart as "changed"."""
    return "changed" if entry.status == ledger.KEPT and entry.changes else entry.status


class Teller:
    """Tells entries of one ledger; names come from the two plans it was made of."""

    def __init__(self, before: Document, after: Document) -> None:
        self._units = {**before.index["units"], **after.index["units"]}
        self._levels = {**before.level_of, **after.level_of}
        self._teams = {**before.team_of, **after.team_of}

    def texts(self, entry: Entry) -> list[str]:
        """What happened to the room, one text for each thing."""
        # Of a room that is divided, joined or elsewhere, another outline goes without saying.
        told = [code for code in entry.changes if code in _CHANGES and (code != "place" or entry.status == ledger.KEPT)]
        return [*self._origin(entry), *(_CHANGES[code](self, entry) for code in told)]

    def level(self, unit: Unit) -> str:
        level = self._levels.get(unit.level)
        return level_name(level) if level else ""

    def teams(self, unit: Unit) -> str:
        names = [self._teams[key].name for key in unit.teams if key in self._teams]
        return ", ".join(names) or _("nobody")

    def _names(self, keys: Iterable[str]) -> str:
        return ", ".join(room_name(self._units[key]) for key in keys)

    def _origin(self, entry: Entry) -> list[str]:
        came, went = self._names(entry.origins), self._names(entry.successors)
        if entry.status == ledger.REMOVED and went:
            return [_("In its place: %(rooms)s") % {"rooms": went}]
        if entry.status == ledger.NEW and came:
            return [_("In the place of: %(rooms)s") % {"rooms": came}]
        found = []
        if went:
            words = _("Became part of: %(rooms)s") if entry.after is None else _("Gave room to: %(rooms)s")
            found.append(words % {"rooms": went})
        if came:
            words = _("Made out of: %(rooms)s") if entry.before is None else _("Took in: %(rooms)s")
            found.append(words % {"rooms": came})
        return found


def _from_to(title: str | Promise, tell: Callable[[Teller, Unit], str]) -> Callable[[Teller, Entry], str]:
    def told(teller: Teller, entry: Entry) -> str:
        assert entry.before is not None
        assert entry.after is not None
        values = {"what": str(title), "before": tell(teller, entry.before), "after": tell(teller, entry.after)}
        return _("%(what)s: %(before)s → %(after)s") % values

    return told


def _desks(teller: Teller, unit: Unit) -> str:
    return ngettext("%(number)d desk", "%(number)d desks", unit.desks) % {"number": unit.desks}


def _if(flag: bool, yes: str | Promise, no: str | Promise) -> str:
    return str(yes if flag else no)


# Area has columns of its own.
_CHANGES: dict[str, Callable[[Teller, Entry], str]] = {
    "level": _from_to(pgettext_lazy("of a room", "Level"), Teller.level),
    "place": lambda _teller, _entry: _("Another outline"),
    "use": _from_to(pgettext_lazy("of a room", "Use"), lambda _teller, unit: str(UNIT_CATEGORY_LABELS[unit.category])),
    "restriction": _from_to(
        pgettext_lazy("of a room", "Access"), lambda _teller, unit: str(RESTRICTION_LABELS[unit.restriction])
    ),
    "team": _from_to(pgettext_lazy("of a room", "Team"), Teller.teams),
    "name": _from_to(pgettext_lazy("of a room", "Name"), lambda _teller, unit: room_name(unit)),
    "desks": _from_to(pgettext_lazy("of a room", "Desks"), _desks),
    "after_hours": _from_to(
        pgettext_lazy("of a room", "After hours"),
        lambda _teller, unit: _if(
            unit.after_hours, pgettext_lazy("room", "in use"), pgettext_lazy("room", "not in use")
        ),
    ),
    "idle": _from_to(
        pgettext_lazy("of a room", "State"),
        lambda _teller, unit: _if(unit.idle, pgettext_lazy("room", "idle"), pgettext_lazy("room", "in use")),
    ),
}
