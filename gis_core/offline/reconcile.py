"""“This phone says 143, the server says 143.”"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gis_core.models import Device, OfflineEntry, OfflineRecord, Reconciliation

from .arrivals import moment

# Compared in one go; a crew makes some hundreds in a year.
MOST = 20_000


@transaction.atomic
def compare(user: Any, said: dict[str, Any]) -> Reconciliation | None:
    """Compare what a device says it has sent with what is here, and keep the result. None: not this person's device.

    Raises ValueError, KeyError or TypeError for what no device says.
    """
    count, unsent = (_count(said.get(name) or 0) for name in ("count", "unsent"))
    if len(said["records"]) > MOST:
        raise ValueError("more records than a device has")
    device = Device.objects.filter(uuid=said["device"], user=user).first()
    if device is None:
        return None
    told = {(str(each["kind"]), UUID(str(each["uuid"]))): str(each["body_sha256"]) for each in said["records"]}
    here = _hashes(user, told)
    own = set(device.entries.values_list("record__kind", "record__uuid").distinct())
    missing = [str(uuid) for kind, uuid in told if (kind, uuid) not in here]
    different = [str(key[1]) for key, sha256 in told.items() if key in here and sha256 not in here[key]]
    sequence = min(int(said.get("sequence") or 0), 2**31 - 1)
    chain = device.entries.filter(sequence=sequence).values_list("chain", flat=True).first() or ""
    found = Reconciliation.objects.create(
        device=device,
        device_count=count,
        server_count=len(own),
        agrees=not missing and not different and count == len(own),
        differences={
            "missing": missing,
            "different": different,
            "unknown_to_device": [str(uuid) for kind, uuid in own if (kind, uuid) not in told],
            "chain_agrees": chain == str(said.get("chain") or ""),
            "gaps": gaps(device),
        },
    )
    device.unsent = unsent
    device.oldest_unsent_at = _time(said.get("oldest_unsent_at"))
    device.seen_at = timezone.now()
    device.save(update_fields=["unsent", "oldest_unsent_at", "seen_at"])
    return found


def _count(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= MOST:
        raise ValueError("no number of records")
    return number


def _hashes(user: Any, told: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], set[str]]:
    """Every text that was ever answered, by record."""
    uuids = [uuid for _kind, uuid in told]
    found: dict[tuple[str, UUID], set[str]] = {}
    rows = OfflineEntry.objects.filter(record__uuid__in=uuids, record__user=user)
    for kind, uuid, sha256 in rows.values_list("record__kind", "record__uuid", "body_sha256"):
        found.setdefault((kind, uuid), set()).add(sha256)
    for kind, uuid in OfflineRecord.objects.filter(uuid__in=uuids, user=user).values_list("kind", "uuid"):
        found.setdefault((kind, uuid), set())
    return found


def gaps(device: Device) -> list[int]:
    """Numbers up to the device's last that never arrived; the first hundred."""
    found: list[int] = []
    expected = 1
    for number in device.entries.order_by("sequence").values_list("sequence", flat=True):
        found += range(expected, min(number, expected + 100 - len(found)))
        expected = number + 1
    return found


def _time(value: Any) -> datetime | None:
    """A phone tells it as ISO 8601 or in milliseconds since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000, tz=timezone.get_current_timezone())
        except (OverflowError, ValueError, OSError):
            return None
    return moment(value)
