"""Who sees depots, and who looks after which."""

from typing import Any

from django.db.models import QuerySet

from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.models import Role

from .models import Depot

OFFICERS = frozenset({Role.DISASTER_OFFICER})


def is_officer(user: Any) -> bool:
    """Whether this person is a disaster officer somewhere, or an administrator."""
    return bool(permissions.roles_of(user) & {*OFFICERS, Role.ADMINISTRATOR})


def officer_scope(user: Any) -> frozenset[int] | None:
    """The areas in which this person is a disaster officer; None means everywhere."""
    return permissions.area_scope(user, OFFICERS)


def seen_depots(user: Any) -> "QuerySet[Depot]":
    """The live depots that this person may look at; none for roles that see no depots."""
    found: QuerySet[Depot] = layers.get("depots").queryset(user)
    return found.select_related("area")


def own_depots(user: Any) -> "QuerySet[Depot]":
    """The live depots that this person looks after: whose stock they move, count and inspect."""
    found: QuerySet[Depot] = Depot.objects.live().in_areas(officer_scope(user))
    return found.select_related("area").order_by("area__mois_code", "pk")
