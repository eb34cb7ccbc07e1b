"""Why a house suits a use or does not, and why it is a danger, in plain sentences."""

from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vacanthouses import reuse, risk
from vacanthouses.models import Grade

from .answers import in_language

STANDING_LABELS = {
    "matched": gettext_lazy("suits"),
    "open": gettext_lazy("to be cleared up"),
    "ruled_out": gettext_lazy("does not suit"),
}
STATE_LABELS = {
    "pass": gettext_lazy("passed"),
    "fail": gettext_lazy("not passed"),
    "unknown": gettext_lazy("not known so far"),
}
HAZARDS = {
    "collapse": gettext_lazy("May collapse, or parts may fall"),
    "fire": gettext_lazy("Danger of fire"),
    "entry": gettext_lazy("Accidents and crime"),
    "hygiene": gettext_lazy("Harm to health"),
    "passage": gettext_lazy("In the way of those who pass"),
}
# What a survey looks at, where a part of the danger was not seen.
SEEN = {
    "outer_wall": gettext_lazy("outer walls"),
    "column": gettext_lazy("columns"),
    "roof": gettext_lazy("roof"),
    "safety": gettext_lazy("safety"),
    "hygiene": gettext_lazy("hygiene"),
    "passage": gettext_lazy("passage"),
    "leaning": gettext_lazy("leaning walls"),
    "falling": gettext_lazy("falling parts"),
    "fire": gettext_lazy("danger of fire"),
    "open": gettext_lazy("whether it is open to anybody"),
}


def _number(value: float, places: int = 0) -> str:
    return formats.number_format(value, places, force_grouping=True)


def fact_title(table: reuse.ReuseTable | None, fact: str) -> str:
    found = table.facts.get(fact) if table else None
    return in_language(found.title) if found else fact


def value_text(table: reuse.ReuseTable | None, fact: str, value: Any) -> str:
    """“320 m²”, “1987”, “fair”; empty for what is not known."""
    if value is None:
        return ""
    if fact == "grade":
        return str(Grade(value).label) if value in Grade.values else str(value)
    if isinstance(value, str):
        return in_language(table.answers.get(value)) or value if table else value
    unit = table.facts[fact].unit if table and fact in table.facts else ""
    number = str(int(value)) if fact == "built_year" else _number(value)
    return f"{number} {unit}".strip()


def gate_text(table: reuse.ReuseTable | None, gate: reuse.GateFound) -> str:
    """“Parcel: 85 m², at least 120 m² needed”."""
    if gate.fact == reuse.CONSENT:
        return consent_text(int(gate.value or 0), int(gate.at_least or 0))
    title = fact_title(table, gate.fact)
    value = value_text(table, gate.fact, gate.value)
    if gate.state == "unknown":
        value = _("not known so far")
    facts = {"fact": title, "value": value}
    limits = [
        text % {"limit": value_text(table, gate.fact, limit)}
        for text, limit in ((_("at least %(limit)s needed"), gate.at_least), (_("at most %(limit)s"), gate.at_most))
        if limit is not None
    ]
    return ", ".join([_("%(fact)s: %(value)s") % facts, *limits])


def consent_text(agreed: int, owners: int) -> str:
    if not owners:
        return _("No owner is known: nobody was asked")
    told = ngettext(
        "%(agreed)s of %(owners)s owner agreed to reuse", "%(agreed)s of %(owners)s owners agreed to reuse", owners
    )
    return told % {"agreed": agreed, "owners": owners}


def part_text(table: reuse.ReuseTable | None, part: reuse.PartFound) -> str:
    value = value_text(table, part.fact, part.value) if part.share is not None else _("not known so far")
    return _("%(fact)s: %(value)s") % {"fact": fact_title(table, part.fact), "value": value}


def why_not(table: reuse.ReuseTable | None, match: reuse.Match) -> list[str]:
    return [gate_text(table, gate) for gate in match.not_passed()]


def kept_match(kept: Mapping[str, Any], table: reuse.ReuseTable | None) -> dict[str, Any]:
    """How a house was matched when its measure was added."""
    match = reuse.restored(kept)
    return {
        "match": match,
        "standing": STANDING_LABELS[match.standing],
        "gates": [(gate, gate_text(table, gate), STATE_LABELS[gate.state]) for gate in match.gates],
        "parts": [(part, part_text(table, part)) for part in match.parts],
    }


def danger_text(part: risk.Part) -> str:
    """“May collapse, or parts may fall (+30)”."""
    return _("%(reason)s (+%(points)s)") % {"reason": _danger(part), "points": _number(part.points)}


def _danger(part: risk.Part) -> str:
    value = int(part.value or 0)
    if part.code == "lived_near":
        told = ngettext("%(n)s lived-in house within %(m)s m", "%(n)s lived-in houses within %(m)s m", value)
        return told % {"n": value, "m": risk.LIVED_M}
    if part.code == "vacant_near":
        told = ngettext("%(n)s other vacant house within %(m)s m", "%(n)s other vacant houses within %(m)s m", value)
        return told % {"n": value, "m": risk.VACANT_M}
    if part.code == "office":
        return _("%(m)s m from the town office, where people pass") % {"m": _number(value)}
    return str(HAZARDS[part.code])


def unknown_danger(danger: risk.Danger) -> str:
    """What nobody has seen, in one line."""
    names: list[str] = []
    for part in danger.unknown():
        if part.code in HAZARDS:
            names += [str(SEEN.get(item, item)) for item in part.unknown]
        elif part.code == "lived_near":
            names.append(_("houses around it (building register)"))
        elif part.code == "office":
            names.append(_("how far the town office is"))
    return ", ".join(dict.fromkeys(names))
