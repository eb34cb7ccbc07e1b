"""The life of plans: made, copied, shown, agreed, retired, and filled from a file."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import PART_MODELS, Building, Level, Plan, PlanEdit, PlanStatus
from facilities.plan.document import KINDS, Document, difference
from facilities.plan.drawing.nodes import with_shared_walls
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers

from .documents import load, to_local_geos
from .edits import record
from .holding import hold, hold_building, hold_plans

__all__ = ["create", "load"]


def _check_right(user: Any, building: Building) -> None:
    if not permissions.can_change(user, layers.get("buildings"), building):
        raise NotAllowed(_("This lies outside the area in which you may change records."))


@transaction.atomic
def create(
    building: Building, user: Any, name: str, *, status: str = PlanStatus.AS_IS, based_on: Plan | None = None
) -> Plan:
    """A new plan, empty or a copy of another with the same room keys. The building's first plan is shown on the map.

    Raises NotAllowed, and Invalid naming ``name`` when the building has a live plan so called.
    """
    _check_right(user, building)
    hold_building(building.pk)
    _refuse_taken_name(building, name)
    first = not Plan.objects.live().filter(building=building, is_shown=True).exists()
    plan = Plan.objects.create(
        building=building,
        name=name,
        status=status,
        based_on=based_on,
        is_shown=first,
        is_example=building.is_example,
        created_by=user,
        updated_by=user,
    )
    if based_on is not None:
        # Nobody draws on it meanwhile: the copy is of one moment.
        hold_plans(Plan.objects.filter(pk=based_on.pk))
        record(plan, user, difference(Document(), load(based_on)), operation="copy")
        _copy_underlays(based_on, plan, user)
    return plan


def _copy_underlays(source: Plan, target: Plan, user: Any) -> None:
    for underlay in source.underlays.live():
        underlay.pk = None
        underlay._state.adding = True
        underlay.plan, underlay.version, underlay.created_by, underlay.updated_by = target, 1, user, user
        underlay.save()


def _refuse_taken_name(building: Building, name: str, but: int | None = None) -> None:
    if Plan.objects.live().filter(building=building, name=name).exclude(pk=but or 0).exists():
        raise Invalid({"name": [_("This building has a plan called %(name)s already.") % {"name": name}]})


@transaction.atomic
def save_facts(plan: Plan, user: Any, *, name: str, status: str, note: str) -> Plan:
    """Change what is said of a plan. One that becomes agreed is frozen. Raises NotAllowed, Frozen, Invalid."""
    hold_building(plan.building_id)
    held = hold(plan, user)
    _refuse_taken_name(held.building, name, held.pk)
    held.name, held.status, held.note, held.updated_by = name, status, note, user
    if status == PlanStatus.AGREED:
        held.frozen_at = timezone.now()
    held.save(update_fields=["name", "status", "note", "frozen_at", "updated_by"])
    held.refresh_from_db()
    return held


@transaction.atomic
def reopen(plan: Plan, user: Any) -> None:
    """Let a frozen plan be edited again as an option. For administrators, when it was agreed by mistake."""
    if not permissions.is_administrator(user):
        raise NotAllowed(_("Only an administrator may open an agreed plan again."))
    Plan.objects.filter(pk=plan.pk, frozen_at__isnull=False).update(
        frozen_at=None, status=PlanStatus.OPTION, updated_by=user
    )


@transaction.atomic
def show(plan: Plan, user: Any) -> None:
    """Make this the plan that the world map shows of its building. Raises NotAllowed."""
    _check_right(user, plan.building)
    hold_building(plan.building_id)
    Plan.objects.filter(building=plan.building_id, is_shown=True).exclude(pk=plan.pk).update(is_shown=False)
    Plan.objects.live().filter(pk=plan.pk).update(is_shown=True, updated_by=user)


@transaction.atomic
def retire(plan: Plan, user: Any, reason: str) -> None:
    """Take a plan out of use. Agreed ones stay, and an as-is plan while others are told as changes of it.

    Raises NotAllowed, Frozen, and Invalid naming ``reason``.
    """
    held = hold(plan, user)
    if not reason.strip():
        raise Invalid({"reason": [_("Say why the plan is retired.")]})
    options = Plan.objects.live().filter(based_on=held)
    if held.status == PlanStatus.AS_IS and options.exists():
        raise Invalid({"reason": [_("%(names)s are compared with this plan. Retire them first.") % {
            "names": ", ".join(map(str, options)),
        }]})  # fmt: skip
    Plan.objects.filter(pk=held.pk).update(
        retired_at=timezone.now(), retired_reason=reason.strip()[:200], is_shown=False, updated_by=user
    )


@transaction.atomic
def bring_back(plan: Plan, user: Any) -> None:
    """Put a retired plan to use again, with the levels it stands on.

    Raises NotAllowed, and Invalid when another plan bears its name by now, or another level its level's ordinal.
    """
    _check_right(user, plan.building)
    hold_building(plan.building_id)
    _refuse_taken_name(plan.building, plan.name, plan.pk)
    _bring_back_levels(plan, user)
    Plan.objects.filter(pk=plan.pk).update(retired_at=None, retired_reason="", updated_by=user)


def _bring_back_levels(plan: Plan, user: Any) -> None:
    """The levels with parts of the plan that were removed from the building since."""
    drawn_on = [model.objects.filter(plan=plan).values("level") for model in PART_MODELS.values()]
    gone = Level.objects.exclude(retired_at=None).filter(pk__in=drawn_on[0].union(*drawn_on[1:]))
    live = Level.objects.live().filter(building=plan.building_id)
    taken = set(live.values_list("ordinal", flat=True))
    for level in gone:
        if level.ordinal in taken:
            text = _("The plan stands on the level %(level)s, which was removed from the building and made anew since.")
            raise Invalid({"__all__": [text % {"level": level}]})
        taken.add(level.ordinal)
        Level.objects.filter(pk=level.pk).update(retired_at=None, retired_reason="", updated_by=user)


@transaction.atomic
def replace_content(
    plan: Plan, user: Any, document: Document, *, operation: str = "import", keep_other_levels: bool = False
) -> Plan:
    """Make the plan hold this document. Its levels must be the building's own (same keys).

    With ``keep_other_levels``, levels on which the document has nothing stay as they are.
    Raises NotAllowed and Frozen.
    """
    held = hold(plan, user)
    current = load(held)
    # A file's coordinates are not on our grid: without this, rooms along a slanted wall would overlap by a hair.
    changes = difference(current, with_shared_walls(document))
    if keep_other_levels:
        given = {part.level for kind in KINDS for part in document.parts(kind)}
        changes = [change for change in changes if change.after is not None or change.before.level in given]  # type: ignore[union-attr]
    record(held, user, changes, operation=operation)
    return held


@transaction.atomic
def take_levels(building: Building, user: Any, document: Document) -> Document:
    """The document with its levels matched to the building's by ordinal; missing ones are made. Raises NotAllowed."""
    _check_right(user, building)
    hold_building(building.pk)
    held = {level.ordinal: level for level in Level.objects.live().filter(building=building)}
    keys: dict[str, str] = {}
    for level in document.ordered_levels():
        row = held.get(level.ordinal)
        if row is None:
            row = Level.objects.create(
                building=building, ordinal=level.ordinal, short_name=(level.short_name or str(level.ordinal))[:8],
                name=level.name[:60], height_m=level.height_m, created_by=user, updated_by=user,
                outline=to_local_geos(level.outline) if level.outline else None,
            )  # fmt: skip
        elif row.outline is None and level.outline is not None:
            Level.objects.filter(pk=row.pk).update(outline=to_local_geos(level.outline), updated_by=user)
        keys[level.key] = str(row.key)
    parts: dict[str, Any] = {
        kind: tuple(replace(part, level=keys[part.level]) for part in document.parts(kind)) for kind in KINDS
    }
    return replace(document, levels=tuple(replace(level, key=keys[level.key]) for level in document.levels), **parts)


@transaction.atomic
def set_outline(level: Level, user: Any, outline: Any) -> Level:
    """Draw a level's outline (shapely polygon in local metres).

    Raises NotAllowed, and Invalid when an agreed plan stands on the old one: its figures would change under it.
    """
    building = hold_building(level.building_id)
    _check_right(user, building)
    hold_plans(building.plans.all())
    if Plan.objects.live().filter(building=building, frozen_at__isnull=False, units__level=level).exists():
        raise Invalid({"outline": [_("An agreed plan stands on this outline, so it can no longer be changed.")]})
    Level.objects.filter(pk=level.pk).update(outline=to_local_geos(outline), updated_by=user)
    level.refresh_from_db()
    return level


def history(plan: Plan) -> Any:
    """The plan's edits, the newest first."""
    return PlanEdit.objects.filter(plan=plan).select_related("user").order_by("-number")
