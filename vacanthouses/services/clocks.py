"""Legal clocks of rounds, houses and plans: their events, what may not be done yet, and noting a step."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Role
from vacanthouses.clocks import URGENCY, Clock, Edition, Event, Subject, by_edition, read, refusals
from vacanthouses.models import Campaign, ClockEvent, ImprovementPlan, Measure, Regime, RuleKind, RuleTable, VacantHouse

MODELS: dict[Subject, Any] = {"campaign": Campaign, "house": VacantHouse, "plan": ImprovementPlan}


@dataclass(frozen=True)
class Line:
    """One clock of one thing, for a list over many."""

    subject: Subject
    pk: int
    clock: Clock


def editions(regime: str) -> list[Edition]:
    """Every edition of the regime's clocks, and of those for both where the regime has none."""
    tables = RuleTable.objects.live().filter(kind=RuleKind.CLOCKS, is_active=True)
    own = list(tables.filter(regime=regime)) or list(tables.filter(regime=""))
    return [Edition(read(row.body), row.effective_from, row.effective_to) for row in own]


def subject_of(thing: Any) -> Subject:
    return next(name for name, model in MODELS.items() if isinstance(thing, model))


def regime_of(thing: Any) -> str:
    """A plan is under the regime of its first house."""
    if isinstance(thing, ImprovementPlan):
        house = Measure.objects.live().filter(plan=thing).order_by("pk").values_list("house__regime", flat=True).first()
        return house or Regime.URBAN.value
    regime: str = thing.regime
    return regime


def events_of(thing: Any) -> list[Event]:
    """What happened to it; to a house also what happened to the plans that provide for it."""
    events = ClockEvent.objects.live()
    rows = events.filter(**{subject_of(thing): thing})
    if isinstance(thing, VacantHouse):
        plans = Measure.objects.live().filter(house=thing).values("plan")
        rows = rows | events.filter(plan__in=plans, house=None)
    return [Event(code, on) for code, on in rows.order_by("on", "pk").values_list("code", "on")]


def clocks_of(thing: Any, today: date | None = None) -> list[Clock]:
    return by_edition(editions(regime_of(thing)), events_of(thing), today or timezone.localdate(), subject_of(thing))


def choices(thing: Any) -> list[tuple[str, str]]:
    """The steps that can be noted for it, in the user's language."""
    subject, language = subject_of(thing), _language()
    kinds = {code: kind for edition in editions(regime_of(thing)) for code, kind in edition.table.events.items()}
    return [(code, kind.title[language]) for code, kind in kinds.items() if subject in kind.subjects]


def _language() -> str:
    return "ko" if (get_language() or "ko").startswith("ko") else "en"


@transaction.atomic
def note(thing: Any, user: Any, code: str, on: date, *, words: str = "", override: str = "") -> ClockEvent:
    """Note that a step was taken; the same sent twice is noted once. ``override`` is why it was taken too early.

    Raises NotAllowed; Invalid (field ``on``) with the clocks that do not allow it yet.
    """
    subject = subject_of(thing)
    # Steps of one thing are noted one after the other: each is judged by those before it.
    thing = MODELS[subject].objects.live().select_for_update(of=("self",)).get(pk=thing.pk)
    if not permissions.covers(permissions.area_scope(user, {Role.SURVEY_MANAGER}), [thing.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    if on > timezone.localdate():
        raise Invalid({"on": [_("A step is noted when it has been taken: this day is still to come.")]})
    if code not in dict(choices(thing)):
        raise Invalid({"code": [_("The table of clocks knows no such step.")]})
    if (same := ClockEvent.objects.live().filter(**{subject: thing}, code=code, on=on).first()) is not None:
        return same
    refused = refusals(editions(regime_of(thing)), events_of(thing), code, on, subject)
    if refused and not override.strip():
        raise Invalid({"on": [refusal_text(clock) for clock in refused]})
    kept = " · ".join(part for part in (words.strip(), override.strip() if refused else "") if part)
    made: ClockEvent = ClockEvent.objects.create(
        code=code, on=on, note=kept[:300], created_by=user, updated_by=user, **{subject: thing}
    )
    return made


def refusal_text(clock: Clock) -> str:
    facts = {"clock": clock.rule.title[_language()], "source": clock.rule.source}
    if clock.earliest is None:
        return _("Not yet: “%(clock)s” has not begun. (%(source)s)") % facts
    facts["day"] = f"{clock.earliest:%Y-%m-%d}"
    return _("Not yet: “%(clock)s”. It may be done from %(day)s on. (%(source)s)") % facts


def lines(scope: frozenset[int] | None, subjects: Iterable[Subject], today: date) -> list[Line]:
    """Every clock that runs for something in these areas, the most urgent first. As many statements as subjects x 2."""
    tables = {regime: editions(regime) for regime in Regime.values}
    found: list[Line] = []
    for subject in subjects:
        events: dict[tuple[int, str], list[Event]] = defaultdict(list)
        for pk, regime, code, on in _rows(subject, scope):
            events[pk, regime or Regime.URBAN.value].append(Event(code, on))
        for (pk, regime), of_one in events.items():
            found += [
                Line(subject, pk, clock)
                for clock in by_edition(tables[regime], of_one, today, subject)
                if clock.state not in ("done", "not_started")
            ]
    return sorted(found, key=_urgency)


def _urgency(line: Line) -> tuple[int, date, str, int]:
    clock = line.clock
    return URGENCY.index(clock.state), clock.latest or clock.earliest or date.max, line.subject, line.pk


def _rows(subject: Subject, scope: frozenset[int] | None) -> list[Any]:
    """(pk, regime, event code, day) of everything of this kind to which something happened."""
    events = ClockEvent.objects.live().filter(**{f"{subject}__retired_at": None})
    within = {} if scope is None else {f"{subject}__area_id__in": sorted(scope)}
    own = events.filter(**{f"{subject}__isnull": False}, **within)
    if subject == "plan":
        first = Measure.objects.live().filter(plan=OuterRef("plan")).order_by("pk").values("house__regime")[:1]
        return list(own.annotate(regime=Subquery(first)).order_by().values_list("plan", "regime", "code", "on"))
    found = list(own.order_by().values_list(subject, f"{subject}__regime", "code", "on"))
    return found + (_by_plans(scope) if subject == "house" else [])


def _by_plans(scope: frozenset[int] | None) -> list[Any]:
    measures: QuerySet[Any] = Measure.objects.live().filter(house__retired_at=None, plan__retired_at=None)
    measures = measures.filter(plan__clock_events__retired_at=None, plan__clock_events__house=None)
    if scope is not None:
        measures = measures.filter(house__area_id__in=sorted(scope))
    wanted = ("house", "house__regime", "plan__clock_events__code", "plan__clock_events__on")
    return list(measures.exclude(plan__clock_events__code=None).order_by().values_list(*wanted).distinct())
