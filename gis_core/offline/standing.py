"""Where each phone stands: what it holds back, and whether both sides have the same."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gis_core import permissions
from gis_core.models import Device, OfflineRecord, OfflineState, Reconciliation, RoleGrant, User

SILENT_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Standing:
    """``compared`` is the latest comparison; ``worries`` are codes: silent, unsent, differs, rejected."""

    device: Device
    compared: Reconciliation | None
    records: int
    rejected: int
    worries: tuple[str, ...]


def devices(area_ids: frozenset[int] | None) -> QuerySet[Device]:
    """Devices of people who hold a role in one of these areas; None means everybody's."""
    return Device.objects.select_related("user").filter(user__in=people(area_ids)).order_by("-seen_at", "pk")


def people(area_ids: frozenset[int] | None) -> QuerySet[User]:
    """People who hold a role in one of these areas; None means everybody."""
    if area_ids is None:
        return User.objects.all()
    return User.objects.filter(pk__in=RoleGrant.objects.filter(area_id__in=sorted(area_ids)).values("user"))


def standings(found: QuerySet[Device]) -> list[Standing]:
    """Three statements, however many devices."""
    latest = Reconciliation.objects.filter(device=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
    rows = list(
        found.annotate(
            compared_pk=Subquery(latest),
            all_records=Count("records", distinct=True),
            refused=Count("records", filter=Q(records__state=OfflineState.REJECTED), distinct=True),
        )
    )
    compared = Reconciliation.objects.in_bulk([row.compared_pk for row in rows if row.compared_pk])
    return [
        Standing(
            row, compared.get(row.compared_pk), row.all_records, row.refused,
            _worries(row, compared.get(row.compared_pk), row.refused),
        )
        for row in rows
    ]  # fmt: skip


def _worries(device: Device, compared: Reconciliation | None, rejected: int) -> tuple[str, ...]:
    is_silent = device.unsent and timezone.now() - device.seen_at > SILENT_AFTER
    differs = compared is not None and not (compared.agrees and compared.differences.get("chain_agrees", True))
    found = {"silent": is_silent, "unsent": device.unsent, "differs": differs, "rejected": rejected}
    return tuple(code for code, holds in found.items() if holds)


def rejected(user: Any, roles: frozenset[str]) -> QuerySet[OfflineRecord]:
    """Records that were not accepted, of the people this person is responsible for; the newest first."""
    scope = permissions.area_scope(user, roles)
    records = OfflineRecord.objects.filter(state=OfflineState.REJECTED).select_related("user", "device")
    return records.filter(device__in=devices(scope).values("pk")).order_by("-updated_at", "-pk")
