"""What coverage finds, in the user's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from disaster.coverage import Measure, Reached, State, Tally

STATES = {
    State.REACHED: gettext_lazy("in reach"),
    State.OUT: gettext_lazy("out of reach"),
    State.UNKNOWN: pgettext_lazy("coverage", "not known"),
}
MEASURES = ((Measure.MINUTES.value, pgettext_lazy("duration", "minutes")), (Measure.KM.value, gettext_lazy("km")))
KINDS = {
    "depots": gettext_lazy("depots that do not hold it"),
    "offices": gettext_lazy("town offices"),
    "villages": gettext_lazy("villages"),
}
KIND_OF_ONE = {
    "depots": gettext_lazy("depot"),
    "offices": gettext_lazy("office"),
    "villages": gettext_lazy("village"),
}


def number(value: float) -> str:
    """With a thousands comma; a decimal only where it says something."""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.1f}"


def limit(value: float, measure: Measure) -> str:
    """ "30 minutes", "5 km"."""
    if measure == Measure.KM:
        return _("%(number)s km") % {"number": number(value)}
    return _("%(number)s minutes") % {"number": number(value)}


def people(found: Tally) -> str:
    """How many live there: "1,340 people", and of how many villages nobody knows."""
    if not found.villages:
        return "–"
    if found.uncounted == found.villages:
        return _("number of people not known")
    told = ngettext("%(number)s person", "%(number)s people", found.people) % {"number": number(found.people)}
    if not found.uncounted:
        return told
    more = ngettext(
        "%(people)s, and %(villages)s village whose people nobody has counted",
        "%(people)s, and %(villages)s villages whose people nobody has counted",
        found.uncounted,
    )
    return more % {"people": told, "villages": number(found.uncounted)}


def villages_and_people(found: Tally) -> str:
    told = ngettext("%(villages)s village, %(people)s", "%(villages)s villages, %(people)s", found.villages)
    return told % {"villages": number(found.villages), "people": people(found)} if found.villages else _("no village")


def way(reached: Reached, measure: Measure, *, by_roads: bool) -> str:
    """How far the nearest is: "12 minutes", marked where a straight line stands in for a road."""
    if reached.cost is None:
        return _("no way known") if reached.state == State.UNKNOWN else "–"
    told = limit(round(reached.cost, 1), measure)
    return _("%(cost)s (straight line)") % {"cost": told} if by_roads and reached.is_straight else told


def summary(answer: Any) -> str:
    """The one sentence above the map."""
    sums, question = answer.sums, answer.question
    told = _("Within %(limit)s of %(item)s that works: %(reached)s. Out of reach: %(out)s.") % {
        "limit": limit(question.limit, question.measure),
        "item": question.item,
        "reached": villages_and_people(sums[State.REACHED]),
        "out": villages_and_people(sums[State.OUT]),
    }
    if sums[State.UNKNOWN].villages:
        told += " " + _("Not known: %(unknown)s.") % {"unknown": villages_and_people(sums[State.UNKNOWN])}
    return told


def best(found: Any, question: Any, wish: Any) -> str:
    """What the chosen places would bring."""
    within = limit(question.limit, question.measure)
    if not found.placement.chosen:
        return _("No candidate brings another village within %(limit)s.") % {"limit": within}
    if wish.aim == "median":
        before = _("unknown") if found.mean_before is None else limit(round(found.mean_before, 1), question.measure)
        return _("A person's mean way to the nearest falls from %(before)s to %(after)s.") % {
            "before": before,
            "after": limit(round(found.mean_after, 1), question.measure),
        }
    known, gained = found.gained, {"villages": number(found.gained.villages), "limit": within}
    if known.uncounted == known.villages:
        told = ngettext(
            "%(villages)s more village comes within %(limit)s; how many people live there is not known.",
            "%(villages)s more villages come within %(limit)s; how many people live there is not known.",
            known.villages,
        )
        return told % gained
    told = ngettext(
        "%(villages)s more village with %(people)s people comes within %(limit)s.",
        "%(villages)s more villages with %(people)s people come within %(limit)s.",
        known.villages,
    )
    said = told % {**gained, "people": number(known.people)}
    if known.uncounted:
        said += " " + _("Of %(number)s of them nobody has counted the people.") % {"number": number(known.uncounted)}
    return said


def proof(found: Any, question: Any, wish: Any) -> str:
    """Whether anything better exists, and if that is not known, how much better it could be."""
    placement = found.placement
    if placement.is_proved:
        return _("Proved: no other choice of as many places does better.")
    if wish.aim == "median":
        return _("Not proved: time ran out. Another choice could save at most %(percent)s %% more.") % {
            "percent": number(round(placement.gap * 100, 1))
        }
    return _("Not proved: time ran out. This choice reaches %(gain)s people; none can reach more than %(bound)s.") % {
        "gain": number(round(placement.gain)),
        "bound": number(round(placement.bound)),
    }


def notes(found: Any, question: Any, wish: Any) -> list[str]:
    """What one must know to believe the figures."""
    told = [proof(found, question, wish)]
    if found.supposed is not None:
        told.append(
            _("Villages whose people nobody has counted weigh %(number)s each, the median of the others.")
            % {"number": number(found.supposed)}
        )
    if found.guessed:
        told.append(
            ngettext(
                "To %(number)s village no road is known from some places: there the straight line was taken.",
                "To %(number)s villages no road is known from some places: there the straight line was taken.",
                found.guessed,
            )
            % {"number": number(found.guessed)}
        )
    if found.placement.chosen and len(found.placement.chosen) < wish.number:
        few = len(found.placement.chosen)
        enough = ngettext(
            "%(few)s place does it: a further one would add nothing.",
            "%(few)s places do it: a further one would add nothing.",
            few,
        )
        told.append(enough % {"few": few})
    return told
