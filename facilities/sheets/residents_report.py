"""What residents asked of a redesign, what was answered, and where it is on the plan: a report to print.

It names groups, never people. The planner's copy also says what is still missing: answers, and requests behind changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from facilities.models import Answer, Meeting, Plan, RedesignProject, Request, SatisfactionSurvey, SurveyScore
from facilities.plan.comparison import Row
from facilities.plan.document import Document, Level
from facilities.plan.ledger import Entry
from facilities.services import participation
from facilities.services.comparison import Examined, examine, sources_of
from facilities.services.participation import Asked
from facilities.words.changes import change_text
from facilities.words.comparison import FIGURE_LABELS, VERDICT_LABELS, VERDICT_SIGNS, difference_text, value_text
from facilities.words.names import level_name, room_name
from gis_core import pdf

from .drawing_svg import Options, level_svg, scale_for, view_of

# In the order of the report: what was done comes first.
_ANSWERS = (Answer.ADOPTED, Answer.REJECTED, Answer.OPEN)
ANSWER_SIGNS = {Answer.ADOPTED: "○", Answer.REJECTED: "×", Answer.OPEN: "△"}
# The figures that residents care for.
_FIGURES = (
    "waiting_m2", "shared_m2", "after_hours_m2", "idle_activated_m2", "open_share", "m2_per_staff", "walk_mean_m",
    "counters_unreached", "circulation_errors",
)  # fmt: skip
# The drawings' width (mm): the page's, less its margins.
_WIDTH_MM = 174.0


@dataclass(frozen=True)
class Numbered:
    """A request with the number that stands for it on the drawings."""

    number: int
    asked: Asked
    # Whether one of its rooms is on the drawings below.
    is_drawn: bool = False

    @property
    def sign(self) -> str:
        return ANSWER_SIGNS[Answer(self.asked.request.answer)]


@dataclass(frozen=True)
class Pair:
    """A level before and after; ``before`` is None where there is no plan to hold the new one against."""

    level: str
    after: SafeString
    before: SafeString | None = None


@dataclass(frozen=True)
class Changed:
    """A room that changes, and the numbers of the requests behind it."""

    room: str
    text: str
    numbers: str


@dataclass(frozen=True)
class Report:
    project: RedesignProject
    requests: Sequence[Numbered]
    meetings: Sequence[Meeting]
    plan: Plan | None = None
    base: Plan | None = None
    pairs: Sequence[Pair] = ()
    changes: Sequence[Changed] = ()
    figures: Sequence[dict[str, str]] = ()
    comparisons: Sequence[participation.Comparison] = ()
    overall: participation.Comparison | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def flagged(self) -> list[Numbered]:
        return [one for one in self.requests if one.asked.flags]

    @property
    def unsourced(self) -> list[Changed]:
        return [one for one in self.changes if not one.numbers] if self.base else []

    @property
    def attended(self) -> int:
        return sum(meeting.attended or 0 for meeting in self.meetings)


def to_pdf(report: Report, request: HttpRequest | None, *, for_planner: bool) -> bytes:
    context = {"report": report, "project": report.project, "for_planner": for_planner}
    return pdf.render("facilities/sheets/residents_report.html", context, request)


def report_of(project: RedesignProject) -> Report:
    """Everything the report tells of a project, in a number of queries that does not grow with it."""
    requests = _requests(project)
    meetings = list(Meeting.objects.live().filter(project=project).order_by("held_on", "pk"))
    plan = participation.plan_of(project)
    base = participation.base_of(plan) if plan else None
    examined = _examined(plan, base, requests) if plan else []
    known = {key for one in examined for key in one.document.index["units"]}
    numbered = _numbered(participation.asked_of(requests), known)
    surveys = Prefetch("scores", SurveyScore.objects.live().order_by("pk"))
    found = SatisfactionSurvey.objects.live().filter(project=project).prefetch_related(surveys)
    compared = participation.comparisons(found)
    return Report(
        project=project,
        requests=numbered,
        meetings=meetings,
        plan=plan,
        base=base,
        pairs=_pairs(examined, numbered),
        changes=_changes(examined[-1], numbered) if base else [],
        figures=_figures(examined[0], examined[-1]) if base else [],
        comparisons=compared,
        overall=participation.overall(compared),
        counts={answer: sum(one.answer == answer for one in requests) for answer in _ANSWERS},
    )


def _requests(project: RedesignProject) -> list[Request]:
    """In the order of their answers."""
    found = Request.objects.live().filter(project=project).select_related("meeting").order_by("pk")
    return sorted(found, key=lambda request: _ANSWERS.index(Answer(request.answer)))


def _examined(plan: Plan, base: Plan | None, requests: Iterable[Request]) -> list[Examined]:
    """The plan, after the one it goes back to."""
    return examine([base, plan] if base else [plan], sources_of(requests))


def _numbered(asked: Iterable[Asked], known: set[str]) -> list[Numbered]:
    return [Numbered(number, one, any(room.key in known for room in one.rooms)) for number, one in enumerate(asked, 1)]


def _marks(numbered: Iterable[Numbered]) -> dict[str, str]:
    """The numbers that stand in each room, by the room's key."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in numbered:
        for room in one.asked.rooms:
            found[room.key].append(str(one.number))
    return {key: "·".join(numbers) for key, numbers in found.items()}


def _pairs(examined: Sequence[Examined], numbered: Sequence[Numbered]) -> list[Pair]:
    if not examined:
        return []
    marks, documents = _marks(numbered), [one.document for one in examined]
    pairs = []
    for level in _levels_shown(examined[-1], documents, marks):
        view = view_of(documents, level.key)
        scale = scale_for(view, _WIDTH_MM)
        drawn = [
            _drawing(document, level, Options(scale=scale, view=view, labels="name", highlighted=marks))
            for document in documents
        ]
        pairs.append(Pair(level_name(level), drawn[-1], drawn[0] if len(drawn) > 1 else None))
    return pairs


def _drawing(document: Document, level: Level, options: Options) -> SafeString:
    # Made by our own writer of SVG, which escapes every name.
    return mark_safe(level_svg(document, level.key, options))  # noqa: S308


def _levels_shown(plan: Examined, documents: Sequence[Document], marks: Mapping[str, str]) -> list[Level]:
    """The levels on which something was asked for or changes, from the lowest; all drawn ones when there are none."""
    units = [unit for document in documents for unit in document.units]
    wanted = {unit.level for unit in units if unit.key in marks}
    wanted |= {entry.unit.level for entry in plan.ledger.changed}
    wanted = wanted or {unit.level for unit in units}
    return [level for level in plan.document.ordered_levels() if level.key in wanted]


def _changes(plan: Examined, numbered: Iterable[Numbered]) -> list[Changed]:
    numbers = {one.asked.request.pk: one.number for one in numbered}
    floors = {level.key: level_name(level) for level in plan.document.levels}

    def told(entry: Entry) -> Changed:
        room = f"{floors.get(entry.unit.level, '')} {room_name(entry.unit)}".strip()
        return Changed(room, change_text(entry), ", ".join(str(numbers[pk]) for pk in entry.requests))

    order = {level.key: level.ordinal for level in plan.document.levels}
    return [told(entry) for entry in sorted(plan.ledger.changed, key=lambda entry: order.get(entry.unit.level, 0))]


def _figures(before: Examined, after: Examined) -> list[dict[str, str]]:
    rows = [Row(code, before.figures[code], after.figures[code]) for code in _FIGURES]
    return [
        {
            "label": str(FIGURE_LABELS[row.code]),
            "before": value_text(row.code, row.before),
            "after": value_text(row.code, row.after),
            "difference": difference_text(row.code, row.difference),
            "verdict": f"{VERDICT_SIGNS[row.verdict]} {VERDICT_LABELS[row.verdict]}".strip(),
        }
        for row in rows
        if row.before is not None or row.after is not None
    ]


def file_name(project: RedesignProject) -> str:
    return _("%(project)s residents' report.pdf") % {"project": project}
