"""An inspection as a phone sends it, read and checked: every fault names its field."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from disaster import checklists
from disaster.models import Checklist, Depot, ItemClass, Lot, Schedule
from disaster.words.inspections import in_language, problem_text
from gis_core.editing.errors import Invalid
from gis_core.offline.arrivals import fix_of, moment

SCHEMA = 1
# A phone's clock is put right only where it is plainly wrong: small differences are the network's.
TOLERATED_SKEW = timedelta(minutes=2)
NOTE_LIMIT = 5000
NAME_LIMIT = 60
MOST_STROKES, MOST_POINTS = 200, 5000
MOST_UNITS = 1_000_000


@dataclass(frozen=True)
class Reading:
    """``units``: how many units a failed question concerns, by key; None is all of them."""

    depot: Depot
    item_class: ItemClass | None
    lot: Lot | None
    schedule: Schedule | None
    due_on: date | None
    checklist: Checklist
    rules: checklists.Checklist
    answers: dict[str, Any]
    units: dict[str, int | None]
    judgement: checklists.Judgement
    note: str
    signature: Any
    inspected_at: datetime
    device_time: datetime
    place: Any


Errors = dict[str, list[str]]


def read(body: dict[str, Any], received_at: datetime, skew_s: float = 0.0, *, photos: bool = True) -> Reading:
    """``photos``: whether the checklist's photos are asked for. Raises Invalid with everything that is wrong."""
    if body.get("schema") != SCHEMA:
        raise Invalid({"schema": [_("This phone's version of the app is not known here. Update it and send again.")]})
    errors: Errors = {}
    depot = _row(body, "depot", Depot.objects.live(), errors, _("This depot is not known here."))
    item_class = _row(body, "item_class", ItemClass.objects.live(), errors, _("This class of items is not known here."))
    lot = _row(body, "lot", Lot.objects.select_related("item"), errors, _("This lot is not known here."))
    schedule = _row(body, "schedule", Schedule.objects.all(), errors, _("This schedule is not known here."))
    edition = _row(body, "checklist", Checklist.objects.all(), errors, _("This checklist is not known here."))
    if depot is None and "depot" not in errors:
        errors["depot"] = [_("An inspection is of one depot.")]
    if edition is None and "checklist" not in errors:
        errors["checklist"] = [_("An inspection follows a checklist.")]
    said = moment(body.get("inspected_at"))
    if said is None:
        errors["inspected_at"] = [_("This is no time with its offset.")]
    note, signature = _note(body, errors), _signature(body.get("signature"), errors)
    units, due_on = _units(body.get("units"), errors), _day(body.get("due_on"), errors)
    if errors:
        raise Invalid(errors)
    assert depot is not None and edition is not None and said is not None  # noqa: PT018
    _refuse_mixed(depot, item_class, lot, schedule, edition)
    rules, answers = _answered(edition, body, photos)
    place, _accuracy = fix_of(body.get("fix"))
    skew = timedelta(seconds=skew_s)
    at = said - skew if abs(skew) > TOLERATED_SKEW else said
    return Reading(
        depot, item_class, lot, schedule, due_on, edition, rules, answers, units, checklists.judge(rules, answers),
        note, signature, min(at, received_at), said, place,
    )  # fmt: skip


def _row(body: dict[str, Any], name: str, rows: Any, errors: Errors, unknown: str) -> Any:
    value = body.get(name)
    if value is None:
        return None
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
    found = rows.filter(pk=value).first() if is_number else None
    if found is None:
        errors[name] = [unknown]
    return found


def _refuse_mixed(
    depot: Depot, item_class: ItemClass | None, lot: Lot | None, schedule: Schedule | None, edition: Checklist
) -> None:
    """Raises Invalid where the parts are not of the same thing."""
    class_id = item_class.pk if item_class else None
    if edition.item_class_id != class_id:
        raise Invalid({"checklist": [_("This checklist is for something else.")]})
    if lot is not None and lot.item.item_class_id != class_id:
        raise Invalid({"lot": [_("This lot belongs to another class of items.")]})
    if schedule is not None and (schedule.depot_id, schedule.item_class_id) != (depot.pk, class_id):
        raise Invalid({"schedule": [_("This schedule is for something else.")]})


def _answered(edition: Checklist, body: dict[str, Any], photos: bool) -> tuple[checklists.Checklist, dict[str, Any]]:
    """The checklist and the answers that count. Raises Invalid naming each question."""
    try:
        rules = checklists.read(edition.body)
    except checklists.BadChecklist as fault:
        raise Invalid({"checklist": [_("This checklist cannot be read.")]}) from fault
    answers = body.get("answers") or {}
    if not isinstance(answers, dict):
        raise Invalid({"answers": [_("This is no list of answers.")]})
    taken = {str(each.get("slot") or "") for each in body.get("photos") or [] if isinstance(each, dict)}
    errors: Errors = {}
    for problem in checklists.problems(rules, answers, taken if photos else None):
        errors.setdefault(f"answers.{problem.key}", []).append(problem_text(rules, problem))
    if errors:
        raise Invalid(errors)
    return rules, checklists.kept(rules, answers)


def _note(body: dict[str, Any], errors: Errors) -> str:
    value = body.get("note") or ""
    if not isinstance(value, str) or len(value) > NOTE_LIMIT:
        errors["note"] = [_("This is no text of at most %(limit)s characters.") % {"limit": NOTE_LIMIT}]
        return ""
    return value.strip()


def _day(value: Any, errors: Errors) -> date | None:
    try:
        return date.fromisoformat(value) if value is not None else None
    except (TypeError, ValueError):
        errors["due_on"] = [_("This is no date.")]
        return None


def _units(said: Any, errors: Errors) -> dict[str, int | None]:
    found = said or {}
    right: Callable[[Any], bool] = lambda value: (  # noqa: E731
        value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_UNITS)
    )
    if not isinstance(found, dict) or not all(right(value) for value in found.values()):
        errors["units"] = [_("The units concerned must be whole numbers from 1.")]
        return {}
    return {str(key): value for key, value in found.items()}


def _signature(said: Any, errors: Errors) -> Any:
    """Strokes of [x, y] in thousandths of the field, or {"name": typed}; [] where nobody signed."""
    if isinstance(said, dict) and isinstance(said.get("name"), str) and len(said["name"]) <= NAME_LIMIT:
        name = said["name"].strip()
        return {"name": name} if name else []
    strokes = said or []
    if not isinstance(strokes, list) or not _drawn(strokes):
        errors["signature"] = [_("The signature cannot be read.")]
        return []
    return strokes


def _drawn(strokes: list[Any]) -> bool:
    if len(strokes) > MOST_STROKES or not all(isinstance(stroke, list) and stroke for stroke in strokes):
        return False
    points = [point for stroke in strokes for point in stroke]
    return len(points) <= MOST_POINTS and all(
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(at, int) and not isinstance(at, bool) and 0 <= at <= 1000 for at in point)
        for point in points
    )


def repair_title(question: checklists.Question) -> str:
    return in_language(question.repair)[:200]
