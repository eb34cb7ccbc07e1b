"""Why a house is a candidate, in plain sentences from the reason codes of its screening table."""

from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vacanthouses.screening import Table

# What became of meters and places, in the order in which screening leaves them out.
COUNTS = {
    "meters": gettext_lazy("Meters read"),
    "meters_without_place": gettext_lazy("Meters without parcel number and place, left out"),
    "places": gettext_lazy("Houses they belong to"),
    "below_threshold": gettext_lazy("Too few points"),
    "excluded": gettext_lazy("Excluded: %(name)s"),
    "doubled": gettext_lazy("The same house as another nearby"),
    "without_location": gettext_lazy("Not known where"),
    "recently_not_vacant": gettext_lazy("A visit lately found it lived in"),
    "demolished": gettext_lazy("Demolished"),
    "other_regime": gettext_lazy("Under the other regime"),
    "candidates": gettext_lazy("Candidates"),
    "new_houses": gettext_lazy("Of these, not on record before"),
}
KEPT = ("meters", "places", "candidates")


def title(titles: Mapping[str, str]) -> str:
    return titles["en" if (get_language() or "ko").startswith("en") else "ko"]


def reason_text(table: Table, found: Mapping[str, Any]) -> str:
    """“Very little power in a year: 24 kWh, where 120 kWh is the most (30 points)”."""
    reason = next((each for each in table.reasons if each.code == found["code"]), None)
    name = title(reason.title) if reason else found["code"]
    points = formats.number_format(found["points"], 0)
    if found["value"] is None or found["limit"] is None:
        return _("%(reason)s (%(points)s points)") % {"reason": name, "points": points}
    unit = "kWh" if reason and reason.kind == "power" else "m³"
    return _("%(reason)s: %(value)s %(unit)s, where %(limit)s %(unit)s is the most (%(points)s points)") % {
        "reason": name, "points": points, "unit": unit,
        "value": formats.number_format(found["value"], 1), "limit": formats.number_format(found["limit"], 1),
    }  # fmt: skip


def unknown_text(table: Table, codes: list[str]) -> str:
    names = {reason.code: title(reason.title) for reason in table.reasons}
    return ", ".join(names.get(code, code) for code in codes)


def funnel(table: Table, counts: Mapping[str, int]) -> list[tuple[str, int, bool]]:
    """(words, number, whether it is what was left rather than what was left out), from meters to candidates."""
    rows: list[tuple[str, int, bool]] = []
    for name, words in COUNTS.items():
        if name == "excluded":
            for key, number in sorted(counts.items()):
                code = key.removeprefix("excluded:")
                if code != key and number:
                    titles = table.exclusions.get(code)
                    rows.append((str(words) % {"name": title(titles) if titles else code}, number, False))
        elif counts.get(name) or name in KEPT:
            rows.append((str(words), counts.get(name, 0), name in KEPT))
    return rows
