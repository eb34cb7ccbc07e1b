"""The test of a concentration zone in words."""

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vacanthouses.concentration import Proof

TITLES = {
    "size": gettext_lazy("Ground"),
    "vacant": gettext_lazy("Vacant houses"),
    "share": gettext_lazy("Share of vacancy"),
    "old": gettext_lazy("Share of old buildings"),
    "infrastructure": gettext_lazy("Infrastructure that is badly lacking"),
}
SHARE_OF = {
    "area": gettext_lazy("ground of vacant parcels, of the zone's ground"),
    "houses": gettext_lazy("vacant houses, of all houses"),
}


def _number(value: float, places: int = 0) -> str:
    # Formatting alone would cut digits off.
    return formats.number_format(round(value, places), places, force_grouping=True)


def _percent(value: float) -> str:
    return f"{_number(100 * value, 1)}\u00a0%"


def _value(code: str, value: float | None, statement: str) -> str:
    if code == "infrastructure":
        return statement or _("nobody stated it")
    if value is None:
        return _("not known")
    if code == "size":
        return f"{_number(value)}\u00a0m²"
    return _number(value) if code == "vacant" else _percent(value)


def _limit(code: str, limit: float) -> str:
    if code == "size":
        return _("under %(limit)s m²") % {"limit": _number(limit)}
    if code == "infrastructure":
        return _("a statement")
    shown = _number(limit) if code == "vacant" else _percent(limit)
    return _("at least %(limit)s") % {"limit": shown}


def lines(proof: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a kept proof: title, what was found, what is asked, whether it is met (None: not known), and what
    it was counted of."""
    found = []
    for part in proof.get("parts", []):
        code = part["code"]
        found.append(
            {
                "code": code,
                "title": TITLES[code],
                "of": _counted(code, proof),
                "value": _value(code, part["value"], proof.get("infrastructure", "")),
                "limit": _limit(code, part["limit"]),
                "passed": part["passed"],
            }
        )
    return found


def _counted(code: str, proof: dict[str, Any]) -> str:
    """The numbers behind a share, and what nobody knows."""
    if code == "share":
        text = str(SHARE_OF[proof["share_of"]])
        if proof["share_of"] == "houses":
            return f"{text}: {proof['vacant']} / {proof['houses']}"
        text = f"{text}: {_number(proof['vacant_area_m2'])} / {_number(proof['area_m2'])} m²"
        if proof["without_parcel"]:
            text += ". " + _("%(number)s houses have no drawn parcel and cover nothing") % {
                "number": proof["without_parcel"]
            }
        return text
    if code == "old":
        text = _("%(old)s of %(number)s buildings") % {"old": proof["old"], "number": proof["buildings"]}
        if proof["age_unknown"]:
            text += ". " + _("Of %(number)s nobody knows the age; they count as not old") % {
                "number": proof["age_unknown"]
            }
        return text
    return ""


def failing(proof: Proof) -> str:
    """The requirements that are not met, by name."""
    met = {part.code: part.passed is True for part in proof.parts}
    groups = (("size",), ("vacant", "share"), ("old", "infrastructure"))
    missing = [codes for codes in groups if not any(met[code] for code in codes)]
    return ", ".join(_(" or ").join(str(TITLES[code]) for code in codes) for codes in missing)
