"""Phones as their manager sees them; a phone's encrypted file; keys that are changed."""

import json
import uuid as uuids
from base64 import b64encode
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from gis_core.encryption import Unreadable
from gis_core.models import Attachment, Device, OfflineRecord, User
from gis_core.offline import export_key
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.sync_support import Phone, photo, visit_body
from vacanthouses.models import Owner, Visit


@pytest.fixture
def phone(surveyor: User, settings: Any, tmp_path: Path) -> Phone:
    settings.MEDIA_ROOT, settings.OFFLINE_KEY_FILE = tmp_path / "media", tmp_path / "keys" / "offline.pem"
    return Phone(surveyor)


def number(value: str) -> int:
    from base64 import urlsafe_b64decode

    return int.from_bytes(urlsafe_b64decode(value + "=="), "big")


def locked(content: dict[str, Any]) -> bytes:
    """A file as a phone makes it with the office's public key (js/offline/exporter.js)."""
    told = export_key.public()
    jwk = told["public_jwk"]
    key = rsa.RSAPublicNumbers(number(jwk["e"]), number(jwk["n"])).public_key()
    secret, iv = AESGCM.generate_key(256), b"0" * 12
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    parts = {
        "wrapped_key": key.encrypt(secret, oaep),
        "iv": iv,
        "content": AESGCM(secret).encrypt(iv, json.dumps(content).encode(), None),
    }
    outer = {"format": "dongne-unsent", "version": 1, "key": told["id"]}
    return json.dumps({**outer, **{name: b64encode(data).decode() for name, data in parts.items()}}).encode()


def handed_over(phone: Phone, sendings: list[dict[str, Any]], *files: bytes) -> bytes:
    records = [
        {"kind": each["kind"], "uuid": str(each["uuid"]), "sequence": each["sequence"], "previous": each["previous"],
         "time": each["time"], "if_match": None, "body": each["text"]}
        for each in sendings
    ]  # fmt: skip
    photos = [
        {"sha256": __import__("hashlib").sha256(each).hexdigest(), "base64": b64encode(each).decode()} for each in files
    ]
    user = {"id": phone.user.pk, "name": str(phone.user)}
    return locked({"user": user, "device": str(phone.device), "label": "갤럭시", "records": records, "files": photos})


def load(manager: User, data: bytes) -> Any:
    return signed_in(manager, "en").post("/survey/devices/", {"file": SimpleUploadedFile("unsent.json", data)})


@pytest.mark.django_db
def test_a_manager_loads_what_a_phone_could_not_send_and_nothing_is_doubled(
    phone: Phone, manager: User, territory: Territory
) -> None:
    house = make_house(place(500, 500))
    sent = phone.sending(uuids.uuid4(), visit_body(house))
    phone.deliver(sent)
    unsent = phone.sending(uuids.uuid4(), visit_body(house, photo(4)))
    wrong = phone.sending(uuids.uuid4(), visit_body(house, outcome="dancing"))
    data = handed_over(phone, [sent, unsent, wrong], photo(4))
    answer = load(manager, data)
    assert answer.status_code == 200
    assert Visit.objects.count() == 2
    visit = Visit.objects.get(uuid=unsent["uuid"])
    assert (visit.surveyor, visit.state) == (phone.user, "submitted")
    assert Attachment.objects.live().of("visits", visit.pk).count() == 1
    assert "not taken" in text(answer)
    load(manager, data)
    assert Visit.objects.count() == 2
    assert phone.deliver(unsent).status_code == 200, "the phone itself may send it later all the same"


@pytest.mark.django_db
@pytest.mark.parametrize("spoil", [lambda data: data[:-40], lambda data: b"{}", lambda data: b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_refused_in_words(
    phone: Phone, manager: User, territory: Territory, spoil: Any
) -> None:
    answer = load(manager, spoil(handed_over(phone, [])))
    assert answer.status_code == 422
    assert "file" in text(answer)
    assert not OfflineRecord.objects.exists()


@pytest.mark.django_db
def test_nobody_loads_records_of_people_who_are_not_theirs(phone: Phone, territory: Territory) -> None:
    data = handed_over(phone, [phone.sending(uuids.uuid4(), visit_body(make_house(place(500, 500))))])
    refused = load(make_user("elsewhere", ("survey_manager", territory.sunchang)), data)
    assert refused.status_code == 422
    assert "nobody in your areas" in text(refused)
    assert not Visit.objects.exists()


@pytest.mark.django_db
def test_a_damaged_content_is_told_from_another_servers_key(phone: Phone, manager: User, settings: Any) -> None:
    outer = json.loads(handed_over(phone, []))
    bent = json.dumps({**outer, "content": b64encode(b"x" * 60).decode()}).encode()
    assert "damaged" in text(load(manager, bent))
    assert "another server" in text(load(manager, json.dumps({**outer, "key": "other"}).encode()))


@pytest.mark.django_db
def test_the_private_key_is_made_once_and_for_its_owner_alone(phone: Phone, settings: Any) -> None:
    first = export_key.public()
    assert settings.OFFLINE_KEY_FILE.stat().st_mode & 0o777 == 0o600
    assert export_key.public() == first
    assert phone.client.get("/api/survey/key").json() == first


@pytest.mark.django_db
def test_managers_see_the_phones_of_their_own_people(phone: Phone, manager: User, territory: Territory) -> None:
    phone.put(visit_body(make_house(place(500, 500)), outcome="dancing"))
    phone.reconcile({}, unsent=3)
    page = signed_in(manager, "en").get("/survey/devices/")
    assert "has records that were not accepted" in text(page)
    elsewhere = make_user("elsewhere", ("survey_manager", territory.sunchang))
    assert "No phone has sent anything yet." in text(signed_in(elsewhere, "en").get("/survey/devices/"))
    assert signed_in(phone.user).get("/survey/devices/").status_code == 403
    assert signed_in(None).get("/survey/devices/").status_code == 302


@pytest.mark.django_db
def test_the_nightly_look_fails_when_a_phone_has_what_the_server_lacks(phone: Phone, territory: Territory) -> None:
    house = make_house(place(500, 500))
    sending = phone.sending(uuids.uuid4(), visit_body(house))
    phone.deliver(sending)
    phone.reconcile({sending["uuid"]: sending["sha256"]})
    out = StringIO()
    call_command("reconcile_devices", stdout=out)
    assert "device 1, server 1" in out.getvalue()
    phone.reconcile({sending["uuid"]: sending["sha256"], uuids.uuid4(): "0" * 64})
    with pytest.raises(SystemExit):
        call_command("reconcile_devices", stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db
def test_keys_can_be_changed_without_losing_a_word(phone: Phone, territory: Territory, settings: Any) -> None:
    house = make_house(place(500, 500))
    phone.put(visit_body(house, answers={"owner_name": "김주인"}))
    before = Owner.objects.get()
    settings.FIELD_KEYS = ["n" * 40, *settings.FIELD_KEYS]
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_KEYS = ["n" * 40]
    after = Owner.objects.get()
    assert (after.name, after.version) == ("김주인", before.version)
    assert "김주인" in OfflineRecord.objects.get().body
    assert [event.name for event in after.events.all()] == ["김주인"]
    settings.FIELD_KEYS = ["x" * 40]
    with pytest.raises(Unreadable):
        Owner.objects.get()


@pytest.mark.django_db
def test_an_owner_is_unreadable_in_the_database(territory: Territory) -> None:
    Owner.objects.create(house=make_house(), name="김주인", phone="010-0000-0000")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name || phone FROM vacanthouses_owner UNION SELECT name || phone FROM vacanthouses_ownerevent"
        )
        assert all("김주인" not in row and "010" not in row[:3] for (row,) in cursor.fetchall())
    assert Device.objects.count() == 0
