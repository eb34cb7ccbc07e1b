"""Bringing together what a record announces and what has arrived."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from shapely import Point

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.editing.errors import Invalid
from gis_core.editing.shapes import to_geos
from gis_core.files import services as files
from gis_core.files.errors import FileRefused
from gis_core.files.messages import refusal
from gis_core.geometry import outside_korea
from gis_core.layers.registry import layers
from gis_core.models import OfflineFile, OfflineRecord, OfflineState

from . import kinds, uploads


def announced(body: dict[str, Any]) -> list[OfflineFile]:
    """The files a body names, not saved. Raises Invalid naming the photo by its number."""
    photos = body.get("photos") or []
    if not isinstance(photos, list):
        raise Invalid({"photos": [_("This is no list of photos.")]})
    found: dict[tuple[str, str], OfflineFile] = {}
    for number, photo in enumerate(photos, 1):
        file = _file(photo) if isinstance(photo, dict) else None
        if file is None:
            raise Invalid({"photos": [_("Photo %(number)s is not described as it must be.") % {"number": number}]})
        found.setdefault((file.sha256, file.slot), file)
    return list(found.values())


def _file(photo: dict[str, Any]) -> OfflineFile | None:
    sha256, size, slot = photo.get("sha256"), photo.get("size"), photo.get("slot") or ""
    if not isinstance(sha256, str) or len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        return None
    if isinstance(size, bool) or not isinstance(size, int) or size < 0 or not isinstance(slot, str):
        return None
    place, accuracy = fix_of(photo.get("fix"))
    return OfflineFile(
        sha256=sha256, size=size, slot=slot[:60], taken_at=moment(photo.get("taken_at")),
        taken_place=place, accuracy_m=accuracy,
    )  # fmt: skip


def moment(text: Any) -> datetime | None:
    """A point in time with its offset; None for anything else."""
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def fix_of(fix: Any) -> tuple[Any, float | None]:
    """A phone's fix as a point in EPSG:5179 and its accuracy in metres; (None, None) where it is none in Korea."""
    if not isinstance(fix, dict):
        return None, None
    numbers = [fix.get(name) for name in ("lon", "lat", "accuracy_m")]
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers[:2]):
        return None, None
    point = Point(numbers[0], numbers[1])
    if outside_korea(point):
        return None, None
    accuracy = numbers[2] if isinstance(numbers[2], int | float) and numbers[2] >= 0 else None
    return to_geos(reproject(point, LONLAT_SRID, STORAGE_SRID)), accuracy


def announce(record: OfflineRecord, wanted: Iterable[OfflineFile]) -> None:
    """Let the record's files be these; what it no longer names goes out of sight with its attachment."""
    there = {(file.sha256, file.slot): file for file in record.files.all()}
    for file in wanted:
        known = there.pop((file.sha256, file.slot), None)
        if known is None:
            file.record = record
            file.save()
    for file in there.values():
        if file.attachment is not None:
            files.retire(file.attachment, record.user, _("no longer part of the record"))
        file.delete()


@transaction.atomic
def gather(record: OfflineRecord) -> None:
    """Attach what has arrived, and tell the domain whether all of it has."""
    kind = kinds.get(record.kind)
    if kind is None or record.target_id is None or record.state == OfflineState.REJECTED:
        return
    layer = layers.get(kind.layer_id)
    # Always in this order, after the record's own row: two records of the same photos never wait in a circle.
    for file in record.files.filter(attachment=None, problem="").order_by("sha256", "slot"):
        files.lock(file.sha256)
        path = uploads.whole(record.user_id, file.sha256)
        if path is None:
            continue
        try:
            with path.open("rb") as source:
                target = layer.model._default_manager.get(pk=record.target_id)
                file.attachment = _attach(layer, record.user, target, file, File(source, name=file.slot or "photo"))
        except FileRefused as error:
            file.problem = refusal(error)[:300]
        file.save()
        if file.attachment is not None:
            transaction.on_commit(lambda sha256=file.sha256: uploads.drop(record.user_id, sha256))  # type: ignore[misc]
    is_complete = not record.files.filter(attachment=None).exists()
    record.state = OfflineState.ACCEPTED if is_complete else OfflineState.WAITING
    record.save(update_fields=["state"])
    kind.settle(record.target_id, is_complete)


def _attach(layer: Any, user: Any, target: Any, file: OfflineFile, source: File) -> Any:
    """Raises FileRefused."""
    prepared = files.prepare(source)  # type: ignore[arg-type]
    if not prepared.type.photo:
        raise FileRefused("unknown")
    attachment, _new = files.keep(layer, user, target, prepared, file.slot)
    attachment.taken_at = file.taken_at or attachment.taken_at
    attachment.taken_place = file.taken_place or attachment.taken_place
    attachment.save(update_fields=["taken_at", "taken_place"])
    return attachment


def arrived(user: Any, sha256: str) -> None:
    """A file is whole: every record of this person that waits for it may go on.

    Who is just announcing it holds its lock until that is committed, and is then seen here.
    """
    with transaction.atomic():
        files.lock(sha256)
        waiting = OfflineFile.objects.filter(sha256=sha256, attachment=None, problem="", record__user=user)
        records = sorted(set(waiting.values_list("record", flat=True)))
    for pk in records:
        with transaction.atomic():
            gather(_locked(OfflineRecord.objects.filter(pk=pk)))


@transaction.atomic
def looked_at(user: Any, kind: str, uuid: UUID) -> OfflineRecord | None:
    """This person's record, with what has arrived for it; None where there is none."""
    records = OfflineRecord.objects.filter(kind=kind, uuid=uuid, user=user)
    record = records.first()
    if record is not None and record.state == OfflineState.WAITING:
        record = _locked(records)
        gather(record)
    return record


def _locked(records: QuerySet[OfflineRecord]) -> OfflineRecord:
    return records.select_for_update(of=("self",)).select_related("user").get()
