"""Improvement plans (빈집정비계획): making and changing them, and their legal steps."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing import writing
from gis_core.editing.errors import Invalid
from gis_core.models import AdminArea
from vacanthouses.models import ClockEvent, ImprovementPlan
from vacanthouses.querysets_planning import measures, refuse_outside

from . import clocks


@dataclass(frozen=True)
class Step:
    """A legal step of a plan: its event in the tables of clocks, the plan's column, and the event it follows."""

    code: str
    title: Any
    column: str
    after: str


STEPS = {
    "published": Step("draft_noticed", gettext_lazy("Lay the draft open"), "published_on", ""),
    "decided": Step("plan_fixed", gettext_lazy("Decide the plan"), "", "draft_noticed"),
    "noticed": Step("plan_noticed", gettext_lazy("Give notice of the plan"), "noticed_on", "plan_fixed"),
}


@transaction.atomic
def create(user: Any, values: Mapping[str, Any], token: uuid.UUID | None = None) -> ImprovementPlan:
    """A new plan; the same form sent twice makes one. Raises NotAllowed, Invalid."""
    refuse_outside(user, values["area"].pk)
    made: ImprovementPlan = writing.make(ImprovementPlan, user, values, token)
    return made


@transaction.atomic
def change(plan: ImprovementPlan, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change what the person changed; the fields that others changed meanwhile. Raises NotAllowed, Invalid."""
    current = writing.locked(plan)
    refuse_outside(user, current.area_id, values["area"].pk)
    theirs = writing.change(current, user, base, values)
    if measures(current).exclude(area__in=sorted(AdminArea.objects.descendant_ids([current.area_id]))).exists():
        raise Invalid({"area": [_("The plan has measures outside this area.")]})
    return theirs


@transaction.atomic
def retire(plan: ImprovementPlan, user: Any, reason: str, version: int) -> None:
    """Take a plan out of use, with the measures that are not done. Raises NotAllowed, Invalid."""
    current = writing.locked(plan)
    refuse_outside(user, current.area_id)
    writing.retire(current, user, reason, version)
    for measure in measures(current).filter(done_on=None).select_for_update(of=("self",)):
        writing.retire(measure, user, reason, measure.version)


@transaction.atomic
def take(plan: ImprovementPlan, user: Any, step: str, on: date, override: str = "") -> None:
    """Take a legal step on a day: it is noted with the plan's clocks, and kept with the plan.

    Raises NotAllowed; Invalid where the step before it is missing, or a term is not over and no reason is given.
    """
    taken = STEPS[step]
    current = writing.locked(plan)
    if not measures(current).exists():
        raise Invalid({"on": [_("A plan without measures cannot be laid open.")]})
    before = ClockEvent.objects.live().filter(plan=current, code=taken.after).order_by("-on").first()
    if taken.after and before is None:
        raise Invalid({"on": [_("The step before this one is not noted yet.")]})
    if before is not None and on < before.on:
        told = _("This lies before the step that comes first (%(day)s).") % {"day": f"{before.on:%Y-%m-%d}"}
        raise Invalid({"on": [told]})
    clocks.note(current, user, taken.code, on, override=override)
    if taken.column:
        writing.write(current, user, **{taken.column: on})


def steps_of(plan: ImprovementPlan) -> list[tuple[str, Step, date | None]]:
    """Each step with the day on which it was last taken."""
    days: dict[str, date] = dict(
        ClockEvent.objects.live().filter(plan=plan, house=None).order_by("on", "pk").values_list("code", "on")
    )
    return [(name, step, days.get(step.code)) for name, step in STEPS.items()]
