"""Legal clocks of rounds, houses and plans: their events, what may not be done yet, and noting a step."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
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


def too_early(thing: Any, rows: Iterable[ClockEvent]) -> set[int]:
    """Which of these steps of a thing were taken although a clock did not allow them yet (``pk``)."""
    tables, events, subject = editions(regime_of(thing)), events_of(thing), subject_of(thing)
    return {row.pk for row in rows if refusals(tables, events, row.code, row.on, subject)}


def refusal_text(clock: Clock) -> str:
    facts = {"clock": clock.rule.title[_language()], "source": clock.rule.source}
    if clock.earliest is None:
        return _("Not yet: “%(clock)s” has not begun. (%(source)s)") % facts
    facts["day"] = f"{clock.earliest:%Y-%m-%d}"
    return _("Not yet: “%(clock)s”. It may be done from %(day)s on. (%(source)s)") % facts


def lines(scope: frozenset[int] | None, subjects: Iterable[Subject], today: date) -> list[Line]:
    """Every clock that runs for something in these areas, the most urgent first. As many statements as subjects x 2.

    What has no open clock, most of what ever happened, is left out by the database.
    """
    tables = {regime: editions(regime) for regime in Regime.values}
    found: list[Line] = []
    for subject in subjects:
        events: dict[tuple[int, str], list[Event]] = defaultdict(list)
        for pk, regime, code, on in _rows(subject, scope, _terms(tables, subject), today):
            events[pk, regime or Regime.URBAN.value].append(Event(code, on))
        # Most houses have one event, and many share its day: each history is read once.
        known: dict[tuple[str, tuple[Event, ...]], list[Clock]] = {}
        for (pk, regime), of_one in events.items():
            history = (regime, tuple(of_one))
            if history not in known:
                clocks = by_edition(tables[regime], of_one, today, subject)
                known[history] = [clock for clock in clocks if clock.state not in ("done", "not_started")]
            found += [Line(subject, pk, clock) for clock in known[history]]
    return sorted(found, key=_urgency)


def _urgency(line: Line) -> tuple[int, date, str, int]:
    clock = line.clock
    return URGENCY.index(clock.state), clock.latest or clock.earliest or date.max, line.subject, line.pk


def _terms(tables: dict[str, list[Edition]], subject: Subject) -> set[tuple[str, str]]:
    """The (first, second) events of every clock of such a thing, in any edition."""
    rules = (rule for editions in tables.values() for edition in editions for rule in edition.table.clocks)
    return {(rule.start, rule.end) for rule in rules if rule.subject == subject}


def _open(events: QuerySet[Any], subject: Subject, terms: set[tuple[str, str]]) -> QuerySet[Any]:
    """The things of which some clock has begun, and has not ended since it last began."""
    codes = sorted({code for pair in terms for code in pair})
    last = {f"last_{number}": Max("on", filter=Q(code=code)) for number, code in enumerate(codes)}
    names = {code: f"last_{number}" for number, code in enumerate(codes)}
    found = Q()
    for start, end in terms:
        begun = Q(**{f"{names[start]}__isnull": False})
        found |= begun & (Q(**{f"{names[end]}__isnull": True}) | Q(**{f"{names[end]}__lt": F(names[start])}))
    if not terms:
        return events.none().values(subject)
    things: QuerySet[Any] = events.order_by().values(subject).annotate(**last).filter(found).values(subject)
    return things


def _rows(
    subject: Subject, scope: frozenset[int] | None, terms: set[tuple[str, str]], today: date
) -> list[Any]:  # fmt: skip
    """(pk, regime, event code, day) of everything of this kind with an open clock; a house's also by its plans."""
    events = ClockEvent.objects.live().filter(**{f"{subject}__retired_at": None})
    within = {} if scope is None else {f"{subject}__area_id__in": sorted(scope)}
    own = events.filter(**{f"{subject}__isnull": False}, **within)
    by_plans = _by_plans(scope) if subject == "house" else []
    # What happened to a plan counts for its houses, too: of these all is looked at.
    looked_at = Q(**{f"{subject}__in": _open(own.filter(on__lte=today), subject, terms)})
    own = own.filter(looked_at | Q(house__in={row[0] for row in by_plans}) if by_plans else looked_at)
    if subject == "plan":
        first = Measure.objects.live().filter(plan=OuterRef("plan")).order_by("pk").values("house__regime")[:1]
        return list(own.annotate(regime=Subquery(first)).order_by().values_list("plan", "regime", "code", "on"))
    found = list(own.order_by().values_list(subject, f"{subject}__regime", "code", "on"))
    return found + by_plans


def _by_plans(scope: frozenset[int] | None) -> list[Any]:
    measures: QuerySet[Any] = Measure.objects.live().filter(house__retired_at=None, plan__retired_at=None)
    measures = measures.filter(plan__clock_events__retired_at=None, plan__clock_events__house=None)
    if scope is not None:
        measures = measures.filter(house__area_id__in=sorted(scope))
    wanted = ("house", "house__regime", "plan__clock_events__code", "plan__clock_events__on")
    return list(measures.exclude(plan__clock_events__code=None).order_by().values_list(*wanted).distinct())
