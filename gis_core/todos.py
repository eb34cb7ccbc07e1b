"""What waits for somebody in gis_core's own layers. A layer names its function in its declaration."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers
from gis_core.models import Role, User, ZoneAgreement
from gis_core.models.areas import AreaLevel, Boundary
from gis_core.zones import agreement_querysets as agreements
from gis_core.zones.standing import ENDING_SOON_DAYS, State

ENDING_SOON = timedelta(days=60)


def area_todos(user: Any) -> list[Todo]:
    """For administrators: boundaries still schematic, and accounts that can do nothing for want of a role."""
    if not permissions.is_administrator(user):
        return []
    towns = layers.get("areas").records().filter(level=AreaLevel.EUPMYEONDONG, boundary=Boundary.SCHEMATIC)
    idle = User.objects.filter(is_active=True, is_superuser=False, role_grants=None)
    return [
        Todo(
            _("Towns with a schematic boundary"),
            towns.count(),
            reverse("import-areas"),
            _("Import the official boundaries; records stay attached."),
        ),
        Todo(
            _("Accounts without a role"),
            idle.count(),
            f"{reverse('admin:gis_core_user_changelist')}?role_grants__isnull=True",
            _("They can sign in but see only the areas."),
        ),
    ]


def zone_todos(user: Any) -> list[Todo]:
    """For zone coordinators: periods and agreements that end soon, zones that work together without one, and those that
    were not agreed themselves."""
    if Role.ZONE_COORDINATOR not in permissions.roles_of(user):
        return []
    layer = layers.get("zones")
    zones = layer.in_areas(layer.records(), permissions.area_scope(user, layer.access.edit))
    today = timezone.localdate()
    ending = zones.filter(period_end__gte=today, period_end__lte=today + ENDING_SOON)
    listed = reverse("record-list", args=[layer])
    names = ", ".join(ending.order_by("period_end").values_list("name", flat=True)[:3])
    return [
        Todo(
            _("Zones whose period ends within %(days)d days") % {"days": ENDING_SOON.days},
            ending.count(),
            f"{listed}?period_end_from={today}&period_end_to={today + ENDING_SOON}",
            names,
        ),
        *_agreement_todos(zones, today),
        Todo(_("Zones without an agreement date"), zones.filter(agreed_on=None).count(), f"{listed}?sort=agreed_on"),
    ]


def _agreement_todos(zones: Any, today: date) -> list[Todo]:
    listed = reverse("zone-agreements")
    found = ZoneAgreement.objects.live().filter(zone__in=zones.order_by().values("pk"))
    soon = agreements.in_state(found, State.ENDING, today).order_by("valid_until")
    ending = list(soon.values_list("title", flat=True))
    without = list(agreements.without_agreement(zones, today).values_list("name", flat=True))
    return [
        Todo(
            _("Agreements of zones that end within %(days)d days") % {"days": ENDING_SOON_DAYS},
            len(ending),
            f"{listed}?state={State.ENDING}",
            ", ".join(ending[:3]),
        ),
        Todo(
            _("Zones with running projects but no agreement in force"),
            len(without),
            f"{listed}#without",
            ", ".join(without[:3]),
        ),
    ]
