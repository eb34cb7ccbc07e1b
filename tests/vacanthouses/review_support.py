"""Visits, rounds and tables to review with."""

import hashlib
from copy import deepcopy
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import yaml
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone
from PIL import Image

from gis_core.files import store
from gis_core.models import AdminArea, User
from gis_core.models.files import Attachment, AttachmentKind
from tests.factories import make_house, place
from vacanthouses.models import Campaign, RuleTable, VacantHouse, Visit
from vacanthouses.services.rules import SAMPLES

FAIR = dict.fromkeys(
    "outer_wall column roof heating water power safety passage hygiene landscape".split(), "fair"
)  # fmt: skip


@cache
def _sample(key: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SAMPLES / f"{key}.yaml").read_text(encoding="utf-8"))
    return found


def load_table(key: str = "grading-rural", **values: Any) -> RuleTable:
    facts = {name: value for name, value in deepcopy(_sample(key)).items() if value is not None}
    return RuleTable.objects.create(**{**facts, **values})


def make_round(area: AdminArea, **values: Any) -> Campaign:
    values = {
        "name": "2026년 실태조사",
        "regime": "rural",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        **values,
    }
    return Campaign.objects.create(area=area, **values)


def make_visit(surveyor: User, house: VacantHouse | None = None, **values: Any) -> Visit:
    """A submitted visit of two days ago, at its house."""
    house = house or make_house(place(1000, 1000))
    at = values.pop("visited_at", timezone.now() - timedelta(days=2))
    facts: dict[str, Any] = {
        "area": house.area, "step": "field", "state": "submitted", "outcome": "surveyed", "answers": dict(FAIR),
        "visited_at": at, "device_time": at, "received_at": at, "location": house.location, "accuracy_m": 8,
    }  # fmt: skip
    return Visit.objects.create(house=house, surveyor=surveyor, **{**facts, **values})


def make_photo(
    visit: Visit, shade: int, taken_place: GEOSGeometry | None = None, taken_at: datetime | None = None
) -> Attachment:
    """A grey photo on a visit; the same shade is the same file."""
    buffer = BytesIO()
    Image.new("RGB", (320, 240), (shade, shade, shade)).save(buffer, "JPEG")
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    store.keep(sha256, BytesIO(data), {store.SHOWN: data, store.THUMBNAIL: data})
    return Attachment.objects.create(
        layer="visits", record_id=visit.pk, kind=AttachmentKind.PHOTO, name=f"{shade}.jpg", media_type="image/jpeg",
        size=len(data), sha256=sha256, width=320, height=240, uploaded_by=visit.surveyor,
        taken_at=taken_at or visit.visited_at, taken_place=taken_place or visit.location,
    )  # fmt: skip
