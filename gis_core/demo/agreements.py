"""What the demo zones' members have agreed to."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from gis_core.models import CooperationZone, Organisation, ZoneAgreement

from . import fixtures

COLUMNS = ("title", "signed_on", "valid_from", "document_number", "terms")


def load() -> int:
    if ZoneAgreement.objects.filter(is_example=True).exists():
        return 0
    rows = fixtures.parameters("zone_agreements")
    for row in rows:
        _make(row)
    return len(rows)


def _make(row: dict[str, Any]) -> None:
    until = row.get("valid_until")
    if "until_in_days" in row:
        until = timezone.localdate() + timedelta(days=row["until_in_days"])
    made = ZoneAgreement.objects.create(
        **{name: row[name] for name in COLUMNS},
        zone=CooperationZone.objects.get(is_example=True, name=row["zone"]),
        valid_until=until,
        is_example=True,
    )
    made.parties.set(Organisation.objects.filter(is_example=True, name__in=row["parties"]))
