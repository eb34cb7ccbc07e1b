"""Writing what is measured, and the values: one by one from a grid, or a table at once."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import EvaluationSheet, Indicator, IndicatorValue, Submission

from . import evaluation_reading, formula
from .querysets import coordinator_scope, formulas, may_define
from .words import formula_fault

PURPOSE = "indicator-import"
# One upload is one import, however often it is confirmed.
_IMPORTS = uuid.UUID("5c1b9f7e-3a42-4c6d-8f59-0b7f0a8e6d21")


def refuse_elsewhere(user: Any, area_id: int) -> None:
    """Raises NotAllowed."""
    if not permissions.covers(coordinator_scope(user), [area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))


def _refuse_undefining(user: Any) -> None:
    if not may_define(user):
        raise NotAllowed(_("Only coordinators of more than one town may define indicators."))


@transaction.atomic
def add(user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> Indicator:
    """A further indicator; the same form sent twice makes one. Raises NotAllowed, Invalid."""
    _refuse_undefining(user)
    _hold_definitions()
    sent = token is not None and Submission.objects.filter(token=token).exists()
    if not sent and Indicator.objects.live().filter(key=values["key"]).exists():
        raise Invalid({"key": [_("There is an indicator with this key already.")]})
    _check_formula(values["key"], values["formula"])
    made: Indicator = writing.make(Indicator, user, values, token)
    return made


@transaction.atomic
def change(found: Indicator, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change what the person changed; the fields that others changed meanwhile. Raises NotAllowed, Invalid."""
    _refuse_undefining(user)
    _hold_definitions()
    current = writing.locked(found)
    if values["formula"] and current.values.filter(retired_at=None).exists():
        raise Invalid({"formula": [_("It has values that were entered; a formula would hide them.")]})
    _check_formula(current.key, values["formula"])
    return writing.change(current, user, base, values)


@transaction.atomic
def retire(found: Indicator, user: Any, reason: str, version: int) -> None:
    """Raises NotAllowed, Invalid: also where a formula or an open evaluation sheet needs it."""
    _refuse_undefining(user)
    _hold_definitions()
    current = writing.locked(found)
    needing = sorted(key for key, each in formulas().items() if current.key in each.names)
    needing += [
        str(sheet) for sheet in EvaluationSheet.objects.live().filter(closed_on=None) if _needs(sheet, current.key)
    ]
    if needing:
        raise Invalid({"__all__": [_("It is still needed by: %(names)s.") % {"names": ", ".join(needing)}]})
    writing.retire(current, user, reason, version)


def _needs(sheet: EvaluationSheet, key: str) -> bool:
    try:
        return any(indicator == key for indicator, _period in evaluation_reading.read(sheet.body).needs)
    except evaluation_reading.BadSheet:
        return False


def _hold_definitions() -> None:
    """Two who make two formulas need one another at the same time wait for one another here."""
    list(Indicator.objects.live().select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _check_formula(key: str, text: str) -> None:
    """Raises Invalid where a formula cannot be read, names what is not there, or runs in a circle."""
    if not text:
        return
    try:
        found = formula.parse(text)
        known = set(Indicator.objects.live().values_list("key", flat=True)) | {key}
        if missing := sorted(found.names - known):
            raise Invalid({"formula": [_("There is no indicator %(names)s.") % {"names": ", ".join(missing)}]})
        formula.in_order({**formulas(), key: found})
    except formula.BadFormula as fault:
        raise Invalid({"formula": [formula_fault(fault)]}) from fault


@dataclass(frozen=True)
class Entry:
    """What a person entered for an area, and what stood there when they did. None is no value."""

    area_id: int
    value: Decimal | None
    evidence: str
    seen: Decimal | None
    seen_evidence: str


@transaction.atomic
def enter(user: Any, indicator: Indicator, period: str, entries: Iterable[Entry]) -> tuple[int, dict[int, str]]:
    """Write what was changed; how many areas, and what was refused by area. What others entered meanwhile stays.

    Raises NotAllowed, Invalid.
    """
    current = _enterable(indicator)
    given = list(entries)
    held = {each.area_id: each for each in _values(current, period, [entry.area_id for entry in given])}
    written, refused = 0, {}
    for entry in given:
        if (entry.value, entry.evidence) == (entry.seen, entry.seen_evidence):
            continue
        refuse_elsewhere(user, entry.area_id)
        try:
            _enter(user, current, period, entry, held.get(entry.area_id))
        except Invalid as invalid:
            refused[entry.area_id] = " ".join(text for texts in invalid.errors.values() for text in texts)
        else:
            written += 1
    return written, refused


def _enterable(indicator: Indicator) -> Indicator:
    """The indicator, held, so that two who enter its values wait for one another. Raises Invalid."""
    current: Indicator = writing.locked(indicator)
    if current.formula:
        raise Invalid({"__all__": [_("Its values follow from a formula; none are entered.")]})
    return current


def _values(indicator: Indicator, period: str, area_ids: list[int]) -> Any:
    found = IndicatorValue.objects.live().filter(indicator=indicator, period=period, area__in=area_ids)
    return found.select_for_update(of=("self",)).order_by("pk")


def _enter(user: Any, indicator: Indicator, period: str, entry: Entry, held: IndicatorValue | None) -> None:
    if held is None:
        if entry.seen is not None:
            raise Invalid({"value": [_("Somebody removed this value meanwhile. Look at it again.")]})
        if entry.value is None:
            raise Invalid({"value": [_("Evidence without a value is not kept.")]})
        facts = {"indicator": indicator, "area_id": entry.area_id, "period": period}
        writing.make(IndicatorValue, user, {**facts, "value": entry.value, "evidence": entry.evidence}, None)
        return
    if entry.value is None:
        if held.value != entry.seen:
            raise Invalid({"value": [_("Somebody changed this value meanwhile. Look at it again.")]})
        writing.retire(held, user, _("cleared in the table of values"), held.version)
        return
    base = {"value": entry.seen, "evidence": entry.seen_evidence}
    writing.change(held, user, base, {"value": entry.value, "evidence": entry.evidence})
    if held.is_example:
        # What a person entered is no example any more.
        writing.write(held, user, is_example=False)


@dataclass(frozen=True)
class Line:
    """A figure of a file as it would be written; ``before`` is what is known now."""

    row: int
    area_id: int
    period: str
    value: Decimal
    evidence: str
    before: Decimal | None = None
    before_evidence: str = ""

    @property
    def state(self) -> str:
        if self.before is None:
            return "new"
        same = self.before == self.value and self.evidence in ("", self.before_evidence)
        return "same" if same else "changed"


def digest(lines: Iterable[Line]) -> str:
    """What a person saw: whatever would be written differently has another."""
    told = "\n".join(
        f"{each.area_id} {each.period} {each.value} {each.before} {each.evidence!r} {each.before_evidence!r}"
        for each in lines
    )
    return hashlib.sha256(told.encode()).hexdigest()


def against_known(indicator: Indicator, lines: Iterable[Line]) -> list[Line]:
    """The figures beside what is known now."""
    given = list(lines)
    rows = IndicatorValue.objects.live().filter(indicator=indicator, area__in={each.area_id for each in given})
    known = {(row.area_id, row.period): row for row in rows}
    found = []
    for each in given:
        row = known.get((each.area_id, each.period))
        before, note = (row.value, row.evidence) if row else (None, "")
        found.append(Line(each.row, each.area_id, each.period, each.value, each.evidence, before, note))
    return found


def token(upload: str) -> uuid.UUID:
    return uuid.uuid5(_IMPORTS, upload)


def is_written(upload: str) -> bool:
    return Submission.objects.filter(token=token(upload)).exists()


@transaction.atomic
def write(user: Any, indicator: Indicator, upload: str, seen: str, build: Callable[[], list[Line]]) -> dict[str, int]:
    """Write the whole table that the person saw (``seen`` is its digest), or nothing; how many are new, changed and the
    same. Written once per upload: {} the second time. Raises NotAllowed, Invalid.
    """
    _submission, first = Submission.objects.get_or_create(
        token=token(upload), defaults={"user": user, "layer": PURPOSE}
    )
    if not first:
        return {}
    current = _enterable(indicator)
    lines = build()
    if digest(lines) != seen:
        raise Invalid({"__all__": [_("Values changed since you looked. Look again, then write.")]})
    for area_id in {each.area_id for each in lines}:
        refuse_elsewhere(user, area_id)
    counts = {"new": 0, "changed": 0, "same": 0}
    for each in lines:
        counts[each.state] += 1
        _write(user, current, each)
    return counts


def _write(user: Any, indicator: Indicator, line: Line) -> None:
    if line.state == "same":
        return
    evidence = line.evidence or line.before_evidence
    facts = {"indicator": indicator, "area_id": line.area_id, "period": line.period}
    if line.state == "new":
        writing.make(IndicatorValue, user, {**facts, "value": line.value, "evidence": evidence}, None)
    else:
        held = IndicatorValue.objects.live().select_for_update(of=("self",)).get(**facts)
        writing.write(held, user, value=line.value, evidence=evidence, is_example=False)
