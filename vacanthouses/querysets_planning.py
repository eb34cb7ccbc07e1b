"""Who plans what becomes of vacant houses, and the houses, plans and measures of their areas."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import NotAllowed
from gis_core.models import AdminArea, Role

from .models import HouseStatus, ImprovementPlan, Measure, Owner, VacantHouse

# Of those who see exact addresses, the ones who deal with owners: crews do not (빈집 특례법 §24, §26).
PLANNERS = frozenset({Role.SURVEY_MANAGER, Role.FACILITY_PLANNER})


def planned_areas(user: Any) -> frozenset[int] | None:
    """The areas in which this person plans; None means everywhere."""
    return permissions.area_scope(user, PLANNERS)


def is_planner(user: Any) -> bool:
    return bool(permissions.roles_of(user) & {*PLANNERS, Role.ADMINISTRATOR})


def may_plan(user: Any, area_id: int | None) -> bool:
    return is_planner(user) and permissions.covers(planned_areas(user), [area_id])


def refuse_outside(user: Any, *area_ids: int | None) -> None:
    """Raises NotAllowed unless the person plans in each of the areas."""
    if not all(may_plan(user, area_id) for area_id in area_ids):
        raise NotAllowed(_("This lies outside the area in which you may change records."))


def houses(user: Any) -> "QuerySet[VacantHouse]":
    found: QuerySet[VacantHouse] = VacantHouse.objects.live().in_areas(planned_areas(user)).select_related("area")
    return found


def vacant(user: Any, town: str = "") -> "QuerySet[VacantHouse]":
    """The houses that were found to be vacant; of one town (code), where given."""
    found = houses(user).filter(status=HouseStatus.CONFIRMED)
    return found.filter(area__mois_code=town) if town else found


def towns(user: Any) -> "QuerySet[AdminArea]":
    """Towns in which this person finds a vacant house."""
    ids = vacant(user).order_by().values("area")
    return AdminArea.objects.filter(pk__in=ids).order_by("mois_code").only("name", "full_name", "mois_code")


def plans(user: Any) -> "QuerySet[ImprovementPlan]":
    found: QuerySet[ImprovementPlan] = ImprovementPlan.objects.live().in_areas(planned_areas(user))
    return found.select_related("area")


def plans_for(user: Any, house: VacantHouse) -> "QuerySet[ImprovementPlan]":
    """The plans whose area holds the house, the latest first."""
    above: list[int] = []
    area = house.area
    while area is not None:
        above.append(area.pk)
        area = area.parent
    return plans(user).filter(area__in=above)


def measures(plan: ImprovementPlan) -> "QuerySet[Measure]":
    found: QuerySet[Measure] = Measure.objects.live().filter(plan=plan)
    return found.select_related("house", "house__area", "area").order_by("pk")


def owners(house: VacantHouse) -> "QuerySet[Owner]":
    found: QuerySet[Owner] = Owner.objects.live().filter(house=house)
    return found.order_by("pk")


def consents(house: VacantHouse) -> tuple[bool, ...]:
    """Whether each current owner agreed to reuse. Nothing personal is read."""
    return tuple(day is not None for day in owners(house).values_list("reuse_consent_on", flat=True))
