"""A visit as a phone sends it, read and checked: every fault names its field."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.errors import Invalid
from gis_core.offline.arrivals import fix_of, moment
from gis_core.offline.kinds import Sending
from vacanthouses import pnu
from vacanthouses.forms import PROBLEMS
from vacanthouses.models import RuleKind, RuleTable, SurveyStep, VisitOutcome
from vacanthouses.rule_reading import BadRule
from vacanthouses.survey import forms
from vacanthouses.words.survey import problem_text

SCHEMA = 1
# A phone's clock is put right only where it is plainly wrong: small differences are the network's.
TOLERATED_SKEW = timedelta(minutes=2)
OWNER = "owner_"
_NEEDS_REASON = {VisitOutcome.NOT_VACANT, VisitOutcome.NO_ENTRY, VisitOutcome.GONE}
_TEXT_LIMITS = {"reason": 300, "note": 5000}
_WRONG = gettext_lazy("“%(value)s” is not one of the choices.")


@dataclass(frozen=True)
class NewHouse:
    """``place`` is in EPSG:5179."""

    place: Any
    address: str
    pnu: str


@dataclass(frozen=True)
class Reading:
    """``answers`` without those about the owner, which are kept elsewhere."""

    house_id: int | None
    new_house: NewHouse | None
    assignment_id: int | None
    campaign_id: int | None
    step: str
    outcome: str
    reason: str
    note: str
    form: RuleTable | None
    answers: dict[str, Any]
    owner: dict[str, Any]
    visited_at: datetime
    device_time: datetime
    place: Any
    accuracy_m: float | None


def read(sending: Sending, body: dict[str, Any]) -> Reading:
    """Raises Invalid with everything that is wrong."""
    errors: dict[str, list[str]] = {}
    if body.get("schema") != SCHEMA:
        raise Invalid(
            {"schema": [_("This phone's version of the survey is not known here. Update it and send again.")]}
        )
    step = _choice(body, "step", SurveyStep.values, errors)
    outcome = _choice(body, "outcome", VisitOutcome.values, errors)
    texts = {name: _text(body, name, limit, errors) for name, limit in _TEXT_LIMITS.items()}
    if outcome in _NEEDS_REASON and not texts["reason"] and "reason" not in errors:
        errors["reason"] = [_("Say why.")]
    said = moment(body.get("visited_at"))
    if said is None:
        errors["visited_at"] = [_("This is no time with its offset.")]
    new_house = _new_house(body, errors)
    form, answers, owner = _answers(body, step, outcome, errors)
    place, accuracy = fix_of(body.get("fix"))
    numbers = {name: _number(body, name, errors) for name in ("house", "assignment", "campaign")}
    if not errors and (numbers["house"] is None) == (new_house is None):
        errors["house"] = [_("A visit is of one house: a known one or a new one.")]
    if errors:
        raise Invalid(errors)
    assert said is not None
    skew = timedelta(seconds=sending.skew_s)
    visited_at = said - skew if abs(skew) > TOLERATED_SKEW else said
    return Reading(
        numbers["house"], new_house, numbers["assignment"], numbers["campaign"], step, outcome, texts["reason"],
        texts["note"], form, answers, owner, min(visited_at, sending.received_at), said, place, accuracy,
    )  # fmt: skip


def _choice(body: dict[str, Any], name: str, values: list[Any], errors: dict[str, list[str]]) -> str:
    value = body.get(name)
    if value not in values:
        errors[name] = [str(_WRONG) % {"value": str(value)[:40]}]
        return ""
    return str(value)


def _text(body: dict[str, Any], name: str, limit: int, errors: dict[str, list[str]]) -> str:
    value = body.get(name) or ""
    if not isinstance(value, str) or len(value) > limit:
        errors[name] = [_("This is no text of at most %(limit)s characters.") % {"limit": limit}]
        return ""
    return value.strip()


def _number(body: dict[str, Any], name: str, errors: dict[str, list[str]]) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        errors[name] = [_("This is no number of a record.")]
        return None
    return value


def _new_house(body: dict[str, Any], errors: dict[str, list[str]]) -> NewHouse | None:
    said = body.get("new_house")
    if said is None:
        return None
    place, _accuracy = fix_of(said)
    if not isinstance(said, dict) or place is None:
        errors["new_house"] = [_("The new house has no place in Korea.")]
        return None
    address, number = said.get("address") or "", said.get("pnu") or ""
    if not isinstance(address, str) or not isinstance(number, str) or len(address) > 200:
        errors["new_house"] = [_("The address is no text of at most %(limit)s characters.") % {"limit": 200}]
        return None
    number = number.replace(" ", "").replace("-", "")
    found = pnu.problems(number) if number else []
    if found:
        errors["new_house.pnu"] = [
            str(PROBLEMS[each.fault]) % {"position": each.position, "found": each.found} for each in found
        ]
    return NewHouse(place, address.strip(), number)


def _answers(
    body: dict[str, Any], step: str, outcome: str, errors: dict[str, list[str]]
) -> tuple[RuleTable | None, dict[str, Any], dict[str, Any]]:
    """The form, its answers, and what they say of the owner."""
    answers = dict(body.get("answers") or {})
    form_id = body.get("form")
    form = None
    if isinstance(form_id, int) and not isinstance(form_id, bool):
        form = RuleTable.objects.filter(pk=form_id, kind=RuleKind.FORM).first()
    if form is None:
        if form_id is not None:
            errors["form"] = [_("This form is not known here.")]
    elif not errors:
        try:
            read_form = forms.read(form.body)
        except BadRule:
            errors["form"] = [_("This form is not known here.")]
            return None, {}, {}
        slots = {str(photo.get("slot") or "") for photo in body.get("photos") or [] if isinstance(photo, dict)}
        for problem in forms.problems(read_form, answers, slots, outcome):
            errors.setdefault(f"answers.{problem.question}", []).append(problem_text(read_form, problem))
        answers = forms.kept(read_form, answers, outcome)
    owner = {name: value for name, value in answers.items() if name.startswith(OWNER)}
    return form, {name: value for name, value in answers.items() if name not in owner}, owner
