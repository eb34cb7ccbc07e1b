"""python -m benchmarks.sync [--visits N] [--clients N]: phones send visits with photos at the same time.

The server is a gunicorn as ``script/server`` starts it, with a database and a folder for files of its own. Clients do
not hear some answers and send again. In the end every visit, file, receipt and chain is counted.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
import uuid as uuids
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from .database import drop_own_database, fill, use_own_database

PHOTOS = 3
SLOTS = ("photo_front", "photo_roof", "photo_damage")
ANSWERS = {
    "mail_pile": "yes", "garden": "overgrown", "power_meter": "stopped", "water_meter": "removed", "looks": "bad",
    "danger": ["leaning", "falling"], "danger_note": "담이 길 쪽으로 기울어 있음", "access": "car",
    "contact_known": "no",
}  # fmt: skip
# Against the same rows and files written straight, with the same copies of the photos made; promised.
LIMIT = 4.0
SEED = 11
# The plain writing is timed with so many visits, and told for as many as the phones send.
PLAIN = 100


def _picture() -> bytes:
    """A JPEG of the size a phone sends: 1600 x 1200, some 350 kB."""
    from PIL import Image, ImageFilter

    random = Random(SEED)
    coarse = Image.frombytes("RGB", (400, 300), random.randbytes(400 * 300 * 3))
    out = BytesIO()
    coarse.resize((1600, 1200)).filter(ImageFilter.GaussianBlur(2)).save(out, "JPEG", quality=82)
    return out.getvalue()


def _photo(picture: bytes, number: int) -> bytes:
    """The picture as a file of its own: a comment after the first marker."""
    told = f"benchmark {number}".encode()
    return picture[:2] + b"\xff\xfe" + (len(told) + 2).to_bytes(2) + told + picture[2:]


def _people(clients: int) -> list[dict[str, str]]:
    """Headers of so many surveyors who are signed in."""
    from gis_core.models import Role, RoleGrant, User

    from .bench import session_headers

    found = []
    for number in range(clients):
        user = User.objects.create_user(f"bench-{number}")
        RoleGrant.objects.create(user=user, role=Role.SURVEYOR, area=None)
        token = f"{number:032d}"
        headers = session_headers(user)
        found.append({"Cookie": f"{headers['Cookie']}; csrftoken={token}", "X-CSRFToken": token})
    return found


def _visits(number: int, picture: bytes) -> list[Any]:
    from gis_core.crs import LONLAT_SRID
    from vacanthouses.models import RuleKind, VacantHouse
    from vacanthouses.services.rules import in_force

    from .sync_clients import Visit

    form = in_force(RuleKind.FORM, "rural", key="field")
    assert form is not None
    houses = list(VacantHouse.objects.live().order_by("pk")[:number])
    made = []
    for index, house in enumerate(houses):
        photos = [_photo(picture, PHOTOS * index + slot) for slot in range(PHOTOS)]
        place = house.location.transform(LONLAT_SRID, clone=True)
        now = datetime.now(UTC).isoformat()
        fix = {"lon": place.x, "lat": place.y, "accuracy_m": 6.0, "at": now}
        body = {
            "schema": 1, "house": house.pk, "new_house": None, "assignment": None, "campaign": None, "step": "field",
            "outcome": "surveyed", "reason": "", "form": form.pk, "answers": ANSWERS, "note": "", "visited_at": now,
            "fix": fix,
            "photos": [
                {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "slot": slot, "taken_at": now,
                 "fix": fix}
                for slot, data in zip(SLOTS, photos, strict=True)
            ],
        }  # fmt: skip
        made.append(Visit(uuids.uuid4(), json.dumps(body, ensure_ascii=False), photos))
    return made


def _straight(visits: list[Any], folder: Path, *, copies: bool) -> float:
    """Seconds for visits, photos' rows and files, one after the other and asking nobody; then they are taken back."""
    from django.db import transaction

    from gis_core.files import images, store
    from gis_core.models import User
    from gis_core.models.files import Attachment, AttachmentKind
    from vacanthouses.models import VacantHouse, Visit

    surveyor = User.objects.get(username="bench-0")
    houses = VacantHouse.objects.in_bulk([json.loads(visit.text)["house"] for visit in visits])
    started = perf_counter()
    for visit in visits:
        body = json.loads(visit.text)
        house = houses[body["house"]]
        with transaction.atomic():
            row = Visit.objects.create(
                house=house, area_id=house.area_id, surveyor=surveyor, step="field", outcome="surveyed",
                answers=body["answers"], visited_at=body["visited_at"], device_time=body["visited_at"],
                location=house.location, is_example=True,
            )  # fmt: skip
            for data in visit.photos:
                sha256 = hashlib.sha256(data).hexdigest()
                found = images.examine(BytesIO(data), "image/jpeg")[1] if copies else None
                made = {store.SHOWN: found.shown, store.THUMBNAIL: found.thumbnail} if found else {}
                store.keep(sha256, BytesIO(data), made)
                Attachment.objects.create(
                    layer="visits", record_id=row.pk, kind=AttachmentKind.PHOTO, name="photo.jpg",
                    media_type="image/jpeg", size=len(data), sha256=sha256, uploaded_by=surveyor,
                )  # fmt: skip
    took = perf_counter() - started
    _forget(folder)
    return took


def _forget(folder: Path) -> None:
    """Take back what the plain writing left, so that the phones find nothing there."""
    import shutil

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE vacanthouses_visit, gis_core_attachment CASCADE")
    shutil.rmtree(folder / "files", ignore_errors=True)


def _losses(phones: list[Any], visits: list[Any]) -> dict[str, int]:
    """What is missing, doubled or different; all zero when nothing is."""
    from gis_core.files import store
    from gis_core.models import Attachment, OfflineEntry, OfflineRecord
    from vacanthouses.models import Visit

    uuids_here = Counter(Visit.objects.values_list("uuid", flat=True))
    hashes = Counter(Attachment.objects.live().filter(layer="visits").values_list("sha256", flat=True))
    sent = {hashlib.sha256(data).hexdigest() for visit in visits for data in visit.photos}
    entries = Counter(OfflineEntry.objects.values_list("device_id", "sequence"))
    numbers = {(phone.device, number) for phone in phones for number in range(1, phone.sequence + 1)}
    files = [store.path(sha256, store.ORIGINAL) for sha256 in sent]
    return {
        "visits missing": len({visit.uuid for visit in visits} - set(uuids_here)),
        "visits too many": sum(uuids_here.values()) - len(visits),
        "visits not to be reviewed": Visit.objects.exclude(state="submitted").count(),
        "photos missing": len(sent - set(hashes)),
        "photos too many": sum(hashes.values()) - len(sent),
        "files missing or other than sent": sum(
            not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != path.parent.name for path in files
        ),
        "records not complete": OfflineRecord.objects.exclude(state="accepted").count(),
        "receipts missing": len(numbers - set(entries)),
        "receipts too many": sum(entries.values()) - len(numbers),
        "receipts that phones do not get": sum(len(phone.receipts) != phone.sequence for phone in phones),
        "devices that disagree": sum(not phone.compared["agrees"] for phone in phones),
        "chains that differ": sum(
            not phone.compared["chain_agrees"] or phone.receipts[-1]["chain"] != phone.chain for phone in phones
        ),
        "gaps": sum(len(phone.compared["gaps"]) for phone in phones),
    }


def _tell(phones: list[Any], visits: list[Any], took: float, straight: dict[str, float]) -> None:
    size = sum(len(data) for visit in visits for data in visit.photos) / 1e6
    number = len(visits)
    print(
        f"\n{number:,} visits with {PHOTOS * number:,} photos ({size:,.0f} MB) from {len(phones)} phones: {took:.0f} s;"
        f" {number / took:.1f} records/s, {PHOTOS * number / took:.1f} photos/s, {size / took:.1f} MB/s"
    )
    faults: Counter[str] = sum((phone.faults for phone in phones), Counter())
    print("Faults: " + ", ".join(f"{count:,} {name}" for name, count in sorted(faults.items())))
    print(f"{'milliseconds':<24}{'requests':>9}{'p50':>9}{'p95':>9}{'most':>9}")
    for kind in phones[0].seconds:
        times = sorted(1000 * each for phone in phones for each in phone.seconds[kind])
        p50, p95 = times[len(times) // 2], times[int(0.95 * len(times))]
        print(f"{kind:<24}{len(times):>9,}{p50:>9.0f}{p95:>9.0f}{times[-1]:>9.0f}")
    for name, seconds in straight.items():
        print(f"{name:<60}{seconds:8.1f} s{took / seconds:8.2f}")


def measure(number: int, clients: int, folder: Path) -> int:
    """Prints the figures; returns 1 when anything is lost or the promised ratio is exceeded."""
    from django.db import connection

    from .askers import served
    from .sync_clients import Phone

    picture = _picture()
    people = _people(clients)
    visits = _visits(number, picture)
    plain, with_copies = "the same rows and files written straight", "the same, and the photos' copies made"
    straight = {
        name: _straight(visits[:PLAIN], folder, copies=copies) * max(1, number / PLAIN)
        for name, copies in ((plain, False), (with_copies, True))
    }
    connection.close()
    with served(workers=os.cpu_count() or 1, threads=4) as port:
        phones = [Phone(port, headers, visits[index::clients], Random(index)) for index, headers in enumerate(people)]
        with ThreadPoolExecutor(clients) as pool:
            for warm in [pool.submit(phone.warm_up) for phone in phones]:
                warm.result()
            started = perf_counter()
            for done in [pool.submit(phone.run) for phone in phones]:
                done.result()
        took = perf_counter() - started
    _tell(phones, visits, took, straight)
    losses = _losses(phones, visits)
    print("Lost, doubled or different: " + (", ".join(f"{n} {name}" for name, n in losses.items() if n) or "nothing"))
    return int(any(losses.values()) or took > LIMIT * straight[with_copies])


def run(number: int, clients: int) -> int:
    """With a database and a folder that are gone afterwards; Django must not be set up yet."""
    use_own_database(fresh=True, name="sync")
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["MEDIA_ROOT"] = folder
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
            import django

            django.setup()
            fill(number)
            _forget(Path(folder))
            return measure(number, clients, Path(folder))
    finally:
        drop_own_database()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync", description=__doc__)
    parser.add_argument("--visits", type=int, default=1_000)
    parser.add_argument("--clients", type=int, default=20)
    arguments = parser.parse_args()
    sys.exit(run(arguments.visits, arguments.clients))
