"""What the circulation check found and suggests, in the user's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.plan.circulation import terrain as codes
from facilities.plan.circulation.interfaces import Interface
from facilities.plan.document import Document
from facilities.plan.findings import Finding, Suggestion
from facilities.plan.topology import OUTSIDE

from .document import ACCESS_CONTROL_LABELS, FIXTURE_LABELS
from .names import level_name, room_name

Sentences = Mapping[str, str | Promise]

SENTENCES: Sentences = {
    "no_public_entrance": gettext_lazy("The plan has no public entrance."),
    "open_unreached": gettext_lazy("The public cannot reach %(rooms)s. %(reason)s"),
    "closed_unreached": gettext_lazy("Staff cannot reach %(rooms)s. %(reason)s"),
    "staff_cross_waiting": gettext_lazy("Staff can reach %(rooms)s only across %(waiting)s, where the public waits."),
    "interface_uncontrolled": gettext_lazy("Anybody can walk into %(closed)s: %(opening)s has no restriction."),
    "interface_open_after_hours": gettext_lazy("%(closed)s can be entered after hours: %(reason)s"),
    "after_hours_no_entrance": gettext_lazy("After hours %(rooms)s cannot be reached from an entrance. %(reason)s"),
    "after_hours_no_toilet": gettext_lazy("After hours no toilet can be reached from %(rooms)s. %(reason)s"),
    "after_hours_not_step_free": gettext_lazy("After hours %(rooms)s cannot be reached step-free. %(reason)s"),
    "not_step_free": gettext_lazy("%(rooms)s cannot be reached step-free. %(reason)s"),
    "no_door": gettext_lazy("%(rooms)s has no door."),
    "entrance_not_outside": gettext_lazy("The entrance %(opening)s does not lie in an outer wall."),
    "opening_leads_nowhere": gettext_lazy("%(opening)s leads nowhere, so nobody walks through it."),
    "opening_to_void": gettext_lazy("%(opening)s leads into a void."),
    "shaft_alone": gettext_lazy("%(rooms)s leads to no other level."),
    "dead_end": gettext_lazy("%(rooms)s is a dead end of %(metres)s m."),
    "single_way_out": gettext_lazy("%(desks)s desks in %(rooms)s have one way out only: %(opening)s."),
    "counter_unreached": gettext_lazy("The public cannot reach the counter %(fixture)s."),
}

REASONS: Sentences = {
    "cut_off": gettext_lazy("No way leads there."),
    "gap": gettext_lazy("%(opening)s has no door that could be locked, and no shutter."),
    "stays_open": gettext_lazy("%(opening)s stays open."),
    "no_toilet": gettext_lazy("The plan has no public toilet."),
    codes.RESTRICTED_DOOR: gettext_lazy("The way ends at %(opening)s, which is for staff only."),
    codes.NOT_ENTRANCE: gettext_lazy("The way ends at %(opening)s, which is not marked as an entrance."),
    codes.LOCKED_DOOR: gettext_lazy("The way ends at %(opening)s, which is locked."),
    codes.SHUTTERED: gettext_lazy("The way ends at %(opening)s, behind the shutter."),
    codes.NARROW: gettext_lazy("The way ends at %(opening)s, which is too narrow."),
    codes.STEP: gettext_lazy("The way ends at a step: %(place)s."),
    codes.STAIRS: gettext_lazy("Only stairs join %(levels)s."),
    codes.CLOSED_ROOM: gettext_lazy("The only way leads through %(into)s, which is closed to the public."),
    # The room is itself the one that is closed.
    "closed_itself": gettext_lazy("The room itself is closed to the public."),
}

SUGGESTIONS: Sentences = {
    "unrestrict": gettext_lazy("Open %(opening)s to the public."),
    "restrict": gettext_lazy("Restrict %(opening)s to staff."),
    "unlock": gettext_lazy("Leave %(opening)s unlocked after hours."),
    "lock": gettext_lazy("Lock %(opening)s after hours."),
    "make_entrance": gettext_lazy("Use %(opening)s as an entrance."),
    "widen": gettext_lazy("Widen %(opening)s to %(width)s m."),
    "level_threshold": gettext_lazy("Remove the step at %(opening)s."),
    "replace_steps": gettext_lazy("Replace the steps %(rooms)s by a ramp."),
    "add_lift": gettext_lazy("Add a lift or ramp between %(levels)s."),
    "move_shutter": gettext_lazy("Move the shutter away from %(opening)s."),
    "add_shutter": gettext_lazy("Add a shutter or a door at %(opening)s."),
    "open_room": gettext_lazy("Open %(rooms)s to the public."),
    "add_door": gettext_lazy("Add a door between %(between)s."),
    "add_entrance": gettext_lazy("Add an entrance to %(rooms)s from outside."),
    "same_shaft": gettext_lazy("Give %(rooms)s the same shaft name."),
}


def text(finding: Finding, document: Document) -> str:
    """A finding of ``facilities.plan.circulation``. Raises KeyError for a code that is none of its."""
    values = _Values(finding.params, document)
    reason = _reason(finding)
    if reason:
        values["reason"] = str(REASONS[reason]) % values
    return (str(SENTENCES[finding.code]) % values).strip()


def suggestion_text(suggestion: Suggestion, document: Document) -> str:
    """Raises KeyError for a code that is none of the circulation check's."""
    if suggestion.code == "together":
        changes = suggestion.params["changes"]
        return " ".join(
            str(SUGGESTIONS[change["code"]]) % _Values(change["params"], document) for change in changes
        ) + _share(suggestion)
    return str(SUGGESTIONS[suggestion.code]) % _Values(suggestion.params, document) + _share(suggestion)


def interface_text(interface: Interface, document: Document) -> str:
    """How a door between open and closed is controlled."""
    control = str(ACCESS_CONTROL_LABELS[interface.access_control]) if interface.access_control else ""
    restricted = _("staff only") if interface.restriction else ""
    told = ", ".join(part for part in (restricted, control) if part)
    return told or _("not controlled")


def _share(suggestion: Suggestion) -> str:
    cured, of = suggestion.params.get("cured", 0), suggestion.params.get("of", 0)
    return " " + _("(cures %(cured)s of %(of)s rooms)") % {"cured": cured, "of": of} if cured < of else ""


def _reason(finding: Finding) -> str:
    reason = str(finding.params.get("reason", ""))
    rooms = finding.params.get("rooms", ())
    if reason == codes.CLOSED_ROOM and list(rooms) == [finding.params["between"][-1]]:
        return "closed_itself"
    return reason


class _Values(dict[str, Any]):
    """What sentences name, made of the keys in the parameters when a sentence asks for it."""

    def __init__(self, params: Mapping[str, Any], document: Document) -> None:
        super().__init__(params)
        self._params, self._document = params, document
        made = {
            "rooms": self._names(params.get("rooms", ())),
            "opening": self._opening(),
            "waiting": self._names([params.get("waiting", "")]),
            "closed": self._names(params.get("rooms", ())[1:]),
            "fixture": self._fixture(),
            "between": self._pair(_("%(a)s and %(b)s")),
            "into": self._names(self._between()[-1:]),
            "levels": self._levels(),
        }
        self.update(made)
        self["place"] = made["opening"] if params.get("opening") else made["into"]

    def _between(self) -> Sequence[str]:
        found: Sequence[str] = self._params.get("between") or self._params.get("rooms", ())
        return found

    def _name(self, key: str) -> str:
        if key == OUTSIDE:
            return _("outside")
        unit = self._document.index["units"].get(key)
        return room_name(unit) if unit else ""

    def _names(self, keys: Sequence[str]) -> str:
        return ", ".join(self._name(key) for key in keys if key and key != OUTSIDE)

    def _opening(self) -> str:
        opening = self._document.index["openings"].get(self._params.get("opening", ""))
        if opening is None:
            return ""
        if opening.name:
            return str(opening.name)
        return self._pair(_("the door %(a)s – %(b)s")) or _("a door")

    def _pair(self, sentence: str) -> str:
        rooms = [self._name(key) for key in self._between()]
        if len(rooms) == 1:
            return _("the door of %(room)s") % {"room": rooms[0]}
        return sentence % {"a": rooms[0], "b": rooms[-1]} if rooms else ""

    def _fixture(self) -> str:
        fixture = self._document.index["fixtures"].get(self._params.get("fixture", ""))
        return str(fixture.name or FIXTURE_LABELS[fixture.category]) if fixture else ""

    def _levels(self) -> str:
        units = self._document.index["units"]
        levels = [units[key].level for key in self._between() if key in units]
        known = self._document.level_of
        return ", ".join(level_name(known[level]) for level in dict.fromkeys(levels) if level in known)
