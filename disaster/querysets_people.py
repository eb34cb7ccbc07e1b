"""Responders, trainings and partners, as far as a person may see them, and what counts on a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Organisation, OrganisationKind

from . import training
from .access import officer_scope
from .models import (
    Agreement,
    Attendance,
    Availability,
    CallTest,
    Depot,
    Duty,
    ItemClass,
    Machine,
    Responder,
    Training,
    TrainingKind,
)
from .partners import confirmed_since
from .querysets_areas import Areas, within

PARTNER_KINDS = (
    OrganisationKind.VOLUNTEER_FIRE, OrganisationKind.DISASTER_CORPS, OrganisationKind.NIGHT_PATROL,
    OrganisationKind.VILLAGE_HEADS, OrganisationKind.RESIDENTS_COUNCIL, OrganisationKind.MACHINERY_OWNER,
    OrganisationKind.CIVIC, OrganisationKind.OTHER,
)  # fmt: skip


def view_scope(user: Any) -> frozenset[int] | None:
    return permissions.area_scope(user, layers.get("depots").access.view)


def known_responders(user: Any) -> "QuerySet[Responder]":
    """People whom this person may know by name, in the order in which they are called."""
    order = Case(*[When(duty=duty, then=at) for at, duty in enumerate(Duty.values)], output_field=IntegerField())
    found: QuerySet[Responder] = (
        Responder.objects.live()
        .filter(within("area", officer_scope(user)))
        .select_related("area", "organisation", "called_by", "updated_by")
        .annotate(duty_order=order)
        .order_by("area__full_name", "duty_order", "pk")
    )
    return found


def towns_of(scope: frozenset[int] | None) -> "QuerySet[AdminArea]":
    """Towns with depots or responders, as far as a scope reaches."""
    with_depots = Depot.objects.live().filter(area__isnull=False).order_by().values("area")
    with_people = Responder.objects.live().order_by().values("area")
    found: QuerySet[AdminArea] = AdminArea.objects.towns().filter(Q(pk__in=with_depots) | Q(pk__in=with_people))
    return found.filter(within("pk", scope)).order_by("full_name")


def responder_counts(scope: frozenset[int] | None) -> "QuerySet[Any]":
    """How many people of each duty can be called, by town."""
    numbers = {duty: Count("pk", filter=Q(duty=duty)) for duty in Duty.values}
    people = Responder.objects.live().filter(within("area", scope), is_available=True)
    found: QuerySet[Any] = (
        people.order_by("area__full_name").values("area__full_name", "area").annotate(total=Count("pk"), **numbers)
    )
    return found


def trained_classes() -> list[ItemClass]:
    """Classes of items that need use training."""
    return list(ItemClass.objects.live().filter(training_months__isnull=False).order_by("pk"))


def use_trainings(day: date, areas: Areas = None) -> "QuerySet[Attendance]":
    """Who was present at use training until a day, of people who can be called."""
    found: QuerySet[Attendance] = Attendance.objects.filter(
        within("responder__area_id", areas),
        was_present=True,
        responder__retired_at=None,
        responder__is_available=True,
        training__retired_at=None,
        training__kind=TrainingKind.USE,
        training__held_on__lte=day,
    )
    return found.order_by()


def trained_people(day: date, areas: Areas = None) -> dict[tuple[int, int], int]:
    """(town, class of items) → people who can be called and whose use training counts on the day. One statement for all
    towns; who is missing from it is nobody."""
    counts = Q(pk__in=[])
    for each in trained_classes():
        first = training.earliest(day, each.training_months or 0)
        counts |= Q(training__item_class=each, training__held_on__gte=first)
    rows = use_trainings(day, areas).filter(counts).values_list("responder__area_id", "training__item_class_id")
    return {(area, of_class): n for area, of_class, n in rows.annotate(n=Count("responder", distinct=True))}


def last_trainings(day: date, areas: Areas) -> dict[tuple[int, int], dict[int, date]]:
    """(town, class) → the day of each person's last use training."""
    rows = use_trainings(day, areas).filter(training__item_class__isnull=False)
    columns = ("responder__area_id", "training__item_class_id", "responder_id")
    found: dict[tuple[int, int], dict[int, date]] = defaultdict(dict)
    for area, of_class, person, last in rows.values_list(*columns).annotate(last=Max("training__held_on")):
        found[area, of_class][person] = last
    return found


def available_people(areas: Areas) -> dict[int, int]:
    """Town → people who can be called."""
    people = Responder.objects.live().filter(within("area_id", areas), is_available=True).order_by()
    return dict(people.values_list("area_id").annotate(number=Count("pk")))


def last_exercises(towns: Iterable[AdminArea], day: date) -> dict[int, date]:
    """Town → the last joint exercise held there, in its city, or attended by its people."""
    every = list(towns)
    held = Training.objects.live().filter(kind=TrainingKind.EXERCISE, held_on__lte=day).order_by()
    places = {pk for town in every for pk in (town.pk, town.parent_id) if pk}
    by_place = dict(held.filter(area__in=places).values_list("area_id").annotate(last=Max("held_on")))
    there = held.filter(attendances__was_present=True, attendances__responder__area__in=[town.pk for town in every])
    by_people = dict(there.values_list("attendances__responder__area_id").annotate(last=Max("held_on")))
    found = {}
    for town in every:
        days = [by_place.get(town.pk), by_place.get(town.parent_id), by_people.get(town.pk)]
        if known := [each for each in days if each is not None]:
            found[town.pk] = max(known)
    return found


def exercise_since(day: date) -> date:
    return day - relativedelta(months=training.YEAR)


def seen_trainings(user: Any) -> "QuerySet[Training]":
    """Trainings in the areas that this person sees, with ``present``; a city's are seen by its towns too."""
    scope = view_scope(user)
    areas = None if scope is None else scope | above(scope)
    found: QuerySet[Training] = (
        Training.objects.live()
        .filter(within("area_id", areas))
        .select_related("area", "item_class", "updated_by")
        .annotate(present=Count("attendances", filter=Q(attendances__was_present=True)))
        .order_by("-held_on", "-pk")
    )
    return found


def above(scope: Iterable[int]) -> frozenset[int]:
    """The areas directly above these."""
    parents = AdminArea.objects.filter(pk__in=list(scope), parent__isnull=False)
    return frozenset(parents.values_list("parent_id", flat=True))


def _latest(found: "QuerySet[Any]", by: str, value: Any) -> Subquery:
    return Subquery(found.order_by().values(by).annotate(value=value).values("value"))


def partners(user: Any, day: date) -> "QuerySet[Any]":
    """Partners in the areas that this person sees, with ``agreed`` (an agreement is in force), ``lapses_on`` (null:
    open-ended), ``reached_at``, ``people``, ``machines`` and ``counts``, which says what ``partners.standing`` says."""
    mine = OuterRef("pk")
    force = Agreement.objects.in_force(day).filter(organisation=mine)
    reached = CallTest.objects.filter(organisation=mine, was_reached=True, called_at__date__lte=day)
    people = Responder.objects.live().filter(organisation=mine, is_available=True)
    machines = Machine.objects.live().filter(organisation=mine).exclude(availability=Availability.UNAVAILABLE)
    is_counted = Exists(force) & Exists(reached.filter(called_at__date__gte=confirmed_since(day)))
    found: QuerySet[Organisation] = (
        Organisation.objects.live()
        .filter(Q(kind__in=PARTNER_KINDS) | Exists(Agreement.objects.live().filter(organisation=mine)))
        .filter(within("area_id", view_scope(user)))
        .select_related("area")
        .prefetch_related("agreements")
        .annotate(
            agreed=Exists(force),
            open_ended=Exists(force.filter(valid_until__isnull=True)),
            lapses_on=_latest(force, "organisation", Max("valid_until")),
            reached_at=_latest(reached, "organisation", Max("called_at")),
            people=Coalesce(_latest(people, "organisation", Count("pk")), 0),
            machine_number=Coalesce(_latest(machines, "organisation", Sum("number")), 0),
            counts=Case(When(is_counted, then=Value(True)), default=Value(False)),
        )
        .order_by("area__full_name", "kind", "pk")
    )
    return found


def machines_that_count(day: date) -> "QuerySet[Machine]":
    """Machines that can be asked for: not unavailable, of a partner that counts on the day."""
    force = Agreement.objects.in_force(day).filter(organisation=OuterRef("organisation"))
    reached = CallTest.objects.filter(
        organisation=OuterRef("organisation"), was_reached=True, called_at__date__lte=day,
        called_at__date__gte=confirmed_since(day),
    )  # fmt: skip
    found: QuerySet[Machine] = (
        Machine.objects.live()
        .filter(Exists(force), Exists(reached), organisation__retired_at=None)
        .exclude(availability=Availability.UNAVAILABLE)
        .select_related("organisation", "area")
    )
    return found


def lapsing(day: date, until: date, areas: Areas) -> "QuerySet[Agreement]":
    """Agreements in force that end by a day and that no later one of the same partner follows."""
    later = Agreement.objects.live().filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")), organisation=OuterRef("organisation")
    )
    found: QuerySet[Agreement] = (
        Agreement.objects.in_force(day)
        .filter(~Exists(later), within("area_id", areas), valid_until__lte=until)
        .select_related("organisation", "area")
        .order_by("valid_until", "pk")
    )
    return found


__all__ = [
    "above", "available_people", "exercise_since", "known_responders", "lapsing", "last_exercises",
    "last_trainings", "machines_that_count", "partners", "responder_counts", "seen_trainings",
    "towns_of", "trained_classes", "trained_people", "use_trainings", "view_scope",
]  # fmt: skip
