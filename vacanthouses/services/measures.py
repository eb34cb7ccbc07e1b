"""Measures of improvement plans: added, under way, done or dropped, and what becomes of their houses."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gis_core.editing import writing
from gis_core.editing.errors import Invalid
from gis_core.models import AdminArea
from vacanthouses import reuse as rules
from vacanthouses.models import (
    CostLine,
    HouseStatus,
    ImprovementPlan,
    Measure,
    MeasureKind,
    MeasureState,
    ReuseKind,
    VacantHouse,
)
from vacanthouses.querysets_planning import refuse_outside
from vacanthouses.words import planning as words

from . import reuse
from .grading import update_house

OPEN = (MeasureState.PLANNED, MeasureState.UNDER_WAY)
# What a house is once its measure is done, and what it may have been until then: a demolished house's ground can
# still become a garden or a car park.
BECOMES = {MeasureKind.DEMOLITION: HouseStatus.DEMOLISHED, MeasureKind.REUSE: HouseStatus.REUSED}
_STANDS = {HouseStatus.CONFIRMED, HouseStatus.DEMOLISHED}


@transaction.atomic
def add(
    plan: ImprovementPlan, user: Any, house: VacantHouse, kind: str, reuse_as: str = "", planned_on: date | None = None
) -> Measure:
    """A measure for a house; the same again gives the one that is there. Reuse needs every owner's consent now, and how
    the house was matched is kept. Raises NotAllowed, Invalid."""
    current = writing.locked(plan)
    held = _house(house.pk)
    refuse_outside(user, current.area_id, held.area_id)
    if held.area_id not in AdminArea.objects.descendant_ids([current.area_id]):
        raise Invalid({"house": [_("This house lies outside the plan's area.")]})
    if (there := Measure.objects.live().filter(plan=current, house=held, kind=kind).first()) is not None:
        return _the_same(there, reuse_as)
    if held.status != HouseStatus.CONFIRMED:
        told = _("Measures are for houses that were found to be vacant; this one is “%(status)s”.")
        raise Invalid({"house": [told % {"status": held.get_status_display()}]})
    matched = _matched(held, reuse_as) if kind == MeasureKind.REUSE else {}
    made: Measure = Measure.objects.create(
        plan=current, house=held, area_id=held.area_id, kind=kind, planned_on=planned_on, match=matched,
        reuse=reuse_as if matched else "", location=held.location, is_example=current.is_example,
        created_by=user, updated_by=user,
    )  # fmt: skip
    return made


def _the_same(there: Measure, reuse_as: str) -> Measure:
    if there.state == MeasureState.DROPPED:
        raise Invalid({"kind": [_("This measure was dropped from the plan. Take it up again there.")]})
    if there.kind == MeasureKind.REUSE and there.reuse != reuse_as:
        told = _("The plan already provides for this house: %(reuse)s.") % {"reuse": there.get_reuse_display()}
        raise Invalid({"reuse": [told]})
    return there


def _matched(house: VacantHouse, reuse_as: str) -> dict[str, Any]:
    """How the house, which is locked, is matched with this use. Raises Invalid unless all owners agreed and no gate
    fails."""
    if reuse_as not in ReuseKind.values:
        raise Invalid({"reuse": [_("Say what the house is to be used for.")]})
    found = reuse.match_house(house)
    match = found.of(reuse_as)
    if not match.consented or match.standing == "ruled_out":
        failed = [gate for gate in match.gates if gate.state == "fail" or gate.fact == rules.CONSENT]
        told = [words.gate_text(found.table.table, gate) for gate in failed if gate.state != "pass"]
        raise Invalid({"reuse": told})
    return reuse.kept(found, reuse_as)


@transaction.atomic
def change(measure: Measure, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change what the person changed of an open measure. Raises NotAllowed, Invalid."""
    current = _locked(measure, user)
    _refuse_closed(current)
    return writing.change(current, user, base, values)


@transaction.atomic
def finish(
    measure: Measure, user: Any, version: int, done_on: date, outcome: str, living_population: int | None = None
) -> Measure:
    """Say that it is done, and what came of it; sent twice, it is done once. A demolition makes the house demolished,
    a reuse makes it used again. Raises NotAllowed, Invalid."""
    current = _locked(measure, user)
    facts = {"done_on": done_on, "outcome": outcome.strip(), "living_population": living_population}
    if current.state == MeasureState.DONE and all(getattr(current, name) == value for name, value in facts.items()):
        return current
    _refuse_closed(current)
    writing.refuse_stale(current, version)
    house = _house(current.house_id)
    if (status := BECOMES.get(MeasureKind(current.kind))) is not None:
        if house.status not in {*_STANDS, status} or (status == HouseStatus.DEMOLISHED and house.status not in _STANDS):
            told = _("The house is “%(status)s” now: this cannot be done to it.")
            raise Invalid({"__all__": [told % {"status": house.get_status_display()}]})
        update_house(house, user, status=status)
    writing.write(current, user, state=MeasureState.DONE, **facts)
    return current


@transaction.atomic
def drop(measure: Measure, user: Any, version: int, reason: str) -> Measure:
    """Give it up; the reason stays where an outcome would stand. Raises NotAllowed, Invalid."""
    current = _locked(measure, user)
    if current.state == MeasureState.DROPPED and current.outcome == reason.strip():
        return current
    _refuse_closed(current)
    writing.refuse_stale(current, version)
    if not reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    writing.write(current, user, state=MeasureState.DROPPED, outcome=reason.strip())
    return current


@transaction.atomic
def reopen(measure: Measure, user: Any, version: int) -> Measure:
    """Take up what was dropped, or take back that it was done: its house then is vacant again, unless something else
    has become of it meanwhile. Raises NotAllowed, Invalid."""
    current = _locked(measure, user)
    if current.state in OPEN:
        return current
    writing.refuse_stale(current, version)
    became = BECOMES.get(MeasureKind(current.kind)) if current.state == MeasureState.DONE else None
    if became is not None:
        house = _house(current.house_id)
        if house.status == became:
            update_house(house, user, status=_without(current, house))
    values = {"state": MeasureState.PLANNED, "done_on": None, "outcome": "", "living_population": None}
    writing.write(current, user, **values)
    return current


def _without(measure: Measure, house: VacantHouse) -> HouseStatus:
    """What the house is without this measure: demolished, where another measure did that."""
    others = Measure.objects.live().filter(house=house, state=MeasureState.DONE, kind=MeasureKind.DEMOLITION)
    return HouseStatus.DEMOLISHED if others.exclude(pk=measure.pk).exists() else HouseStatus.CONFIRMED


def _locked(measure: Measure, user: Any) -> Any:
    current = writing.locked(measure)
    refuse_outside(user, current.area_id, current.plan.area_id)
    return current


def _house(pk: int) -> VacantHouse:
    found: VacantHouse | None = VacantHouse.objects.live().select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Invalid({"house": [_("This house is no longer on record.")]})
    return found


def _refuse_closed(measure: Measure) -> None:
    if measure.state not in OPEN:
        told = _("This measure is “%(state)s”: take it up again to change it.")
        raise Invalid({"__all__": [told % {"state": measure.get_state_display()}]})


@transaction.atomic
def add_cost(measure: Measure, user: Any, values: Mapping[str, Any], token: uuid.UUID | None = None) -> CostLine:
    """A further line of cost; the same form sent twice adds one. Raises NotAllowed, Invalid."""
    current = _locked(measure, user)
    made: CostLine = writing.make(CostLine, user, {**values, "measure": current}, token)
    return made


@transaction.atomic
def change_cost(line: CostLine, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change what the person changed of a line. Raises NotAllowed, Invalid."""
    _locked(line.measure, user)
    return writing.change(writing.locked(line), user, base, values)


@transaction.atomic
def remove_cost(line: CostLine, user: Any, version: int) -> None:
    """Take a line out; its history stays. Raises NotAllowed, Invalid."""
    _locked(line.measure, user)
    writing.retire(writing.locked(line), user, _("taken out"), version)
