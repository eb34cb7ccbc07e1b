"""What a reviewer is shown of a visit: its photos with where they were taken, and what to look at twice."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.models import OfflineFile
from gis_core.models.files import Attachment, AttachmentKind
from vacanthouses import grading as rules
from vacanthouses.flags import Flag, Neighbour, Photo, Seen, flags
from vacanthouses.models import RuleKind, Visit
from vacanthouses.querysets_reviews import REVIEWERS

from .rules import in_force

VISITS, HOUSES = "visits", "vacant-houses"


@dataclass(frozen=True)
class ShownPhoto:
    attachment: Attachment
    photo: Photo
    slot: str


def photos_of(visit: Visit, user: Any) -> list[ShownPhoto]:
    """The visit's photos in the order they were taken. The shutter's fix counts before what the file says."""
    attached = list(Attachment.objects.live().of(VISITS, visit.pk).filter(kind=AttachmentKind.PHOTO))
    sent = {file.attachment_id: file for file in OfflineFile.objects.filter(attachment__in=attached)}
    used = _used_elsewhere(visit, user, [each.sha256 for each in attached])
    ground = visit.house.parcel or visit.house.location
    found = []
    for each in attached:
        file = sent.get(each.pk)
        place = (file.taken_place if file else None) or each.taken_place
        photo = Photo(
            sha256=each.sha256,
            taken_at=(file.taken_at if file else None) or each.taken_at,
            place=(place.x, place.y) if place else None,
            distance_m=ground.distance(place) if place else None,
            elsewhere=tuple(used.get(each.sha256, ())),
        )
        found.append(ShownPhoto(each, photo, file.slot if file else each.caption))
    return sorted(found, key=lambda each: (each.photo.taken_at or visit.visited_at, str(each.attachment.pk)))


def _used_elsewhere(visit: Visit, user: Any, hashes: list[str]) -> dict[str, list[str]]:
    """Where else these files are: addresses in the reviewer's own areas, no more than the fact elsewhere."""
    others = Attachment.objects.live().filter(sha256__in=hashes, layer__in=[VISITS, HOUSES])
    rows = others.exclude(layer=VISITS, record_id=visit.pk).exclude(layer=HOUSES, record_id=visit.house_id)
    by_record = list(rows.values_list("sha256", "layer", "record_id")[:50])
    visits = Visit.objects.select_related("house").in_bulk([pk for _h, layer, pk in by_record if layer == VISITS])
    scope = permissions.area_scope(user, REVIEWERS)
    found: dict[str, list[str]] = {}
    for sha256, _layer, pk in by_record:
        other = visits.get(pk)
        known = other is not None and permissions.covers(scope, [other.area_id])
        found.setdefault(sha256, []).append(str(other) if known else _("another record"))
    return found


def limits_for(visit: Visit) -> rules.Limits | None:
    """From where on something is told: the grading table's part for reviewers."""
    table = in_force(RuleKind.GRADING, visit.house.regime, timezone.localdate(visit.visited_at))
    return rules.read(table.body).review if table else None


def flags_of(visit: Visit, photos: list[ShownPhoto]) -> list[Flag]:
    day = timedelta(hours=12)
    near = Visit.objects.filter(
        surveyor=visit.surveyor_id,
        retired_at__isnull=True,
        visited_at__gt=visit.visited_at - day,
        visited_at__lt=visit.visited_at + day,
    ).exclude(house=visit.house_id)
    same_day = [
        Neighbour(str(each.house), (each.location.x, each.location.y), each.visited_at, each.answers)
        for each in near.select_related("house").order_by("visited_at")[:200]
    ]
    seen = Seen(
        place=(visit.location.x, visit.location.y),
        visited_at=visit.visited_at,
        accuracy_m=visit.accuracy_m,
        answers=visit.answers,
        photos=[each.photo for each in photos],
        same_day=same_day,
    )
    return flags(seen, limits_for(visit))
