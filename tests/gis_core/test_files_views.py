import io
import json
import threading
from datetime import timedelta
from pathlib import Path

import files_support as make
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from gis_core.files import services, store
from gis_core.files.errors import FileRefused
from gis_core.files.messages import REFUSALS, refusal
from gis_core.layers.registry import layers
from gis_core.models import Attachment, PersonalDataAccess, Role
from tests import factories

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def house(territory):
    return factories.make_house(factories.place(500, 500))


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    if user is not None:
        client.force_login(user)
    return client


def sent(content: io.BytesIO, name: str = "집.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.getvalue())


def upload(user, record, *files, layer="vacant-houses", **values):
    address = reverse("attachment-upload", args=[layer, record.pk])
    headers = values.pop("headers", HTMX)
    return client_of(user).post(address, {"files": list(files), **values}, headers=headers)


def attached(user, record, name="집.jpg", content=None) -> Attachment:
    made, _new = services.attach(layers.get("vacant-houses"), user, record, sent(content or make.photo(6), name))
    return made


def stored(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_surveyor_adds_a_photo_and_sees_it_in_the_list(surveyor, house):
    response = upload(surveyor, house, sent(make.photo(6)), caption="대문 앞")
    page = response.content.decode()
    photo = Attachment.objects.get()
    assert reverse("attachment-thumbnail", args=[photo.pk]) in page
    assert "대문 앞" in page
    assert (photo.kind, photo.width, photo.height) == ("photo", 60, 40)
    assert photo.uploaded_by == surveyor


def test_without_javascript_the_upload_comes_back_to_the_records_page(surveyor, house):
    response = upload(surveyor, house, sent(make.photo()), headers={})
    assert response.status_code == 302
    assert response.url == reverse("record-detail", args=["vacant-houses", house.pk])


def test_several_files_at_once_keep_the_good_ones_and_name_the_bad_ones(surveyor, house):
    liar = SimpleUploadedFile("사진.jpg", make.encoded(make.picture(), "PNG").getvalue())
    page = upload(surveyor, house, sent(make.photo()), liar).content.decode()
    assert [one.name for one in Attachment.objects.all()] == ["집.jpg"]
    assert "사진.jpg: The name ends in .jpg, but the content is PNG." in page
    assert "1 file was added." in page


def test_what_others_see_is_upright_and_says_nothing_of_the_place(surveyor, viewer, house):
    photo = attached(surveyor, house)
    response = client_of(surveyor).get(reverse("attachment", args=[photo.pk]))
    shown = body(response)
    assert make.corners(Image.open(io.BytesIO(shown))) == make.UPRIGHT
    assert not dict(Image.open(io.BytesIO(shown)).getexif())
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("inline")


def test_the_original_keeps_its_place_for_those_who_change_the_record(surveyor, house):
    photo = attached(surveyor, house)
    response = client_of(surveyor).get(reverse("attachment-original", args=[photo.pk]))
    assert body(response) == make.photo(6).getvalue()
    assert response["Content-Disposition"].startswith("attachment")
    assert photo.place_text == "35.41000, 127.38000"
    assert photo.metadata["Make"] == "Samsung"


def test_those_who_only_look_at_a_record_get_the_copy_and_never_the_original(territory, planner, officer):
    layer = layers.get("centres")
    centre = factories.make_centre()
    made, _new = services.attach(layer, planner, centre, sent(make.photo(1)))
    assert not services.sees_original(officer, layer, centre)
    client = client_of(officer)
    assert client.get(reverse("attachment", args=[made.pk])).status_code == 200
    assert client.get(reverse("attachment-thumbnail", args=[made.pk])).status_code == 200
    assert client.get(reverse("attachment-original", args=[made.pk])).status_code == 404
    page = client.get(reverse("record-detail", args=[layer, centre.pk])).content.decode()
    assert reverse("attachment-thumbnail", args=[made.pk]) in page
    assert reverse("attachment-original", args=[made.pk]) not in page
    assert "35.41" not in page


@pytest.mark.parametrize("name", ["attachment", "attachment-thumbnail", "attachment-original"])
def test_who_may_not_see_the_record_does_not_learn_that_the_file_exists(name, surveyor, house, territory):
    photo = attached(surveyor, house)
    elsewhere = factories.make_user("elsewhere", (Role.SURVEYOR, territory.suji))
    for user in (elsewhere, None):
        assert client_of(user).get(reverse(name, args=[photo.pk])).status_code == 404


def test_every_download_of_an_original_with_personal_data_is_noted(surveyor, house):
    photo = attached(surveyor, house)
    client_of(surveyor).get(reverse("attachment-original", args=[photo.pk]))
    looks = PersonalDataAccess.objects.filter(action="original file", record_id=house.pk)
    assert looks.count() == (1 if layers.get("vacant-houses").has_personal else 0)


def test_who_may_not_change_the_record_may_not_add_to_it(surveyor, territory):
    other = factories.make_house(factories.place(500, 2500))
    assert upload(surveyor, other, sent(make.photo())).status_code == 404
    centre = factories.make_centre()
    viewer = factories.make_user("looks", (Role.VIEWER, None))
    assert upload(viewer, centre, sent(make.photo()), layer="centres").status_code == 403
    assert not Attachment.objects.exists()


def test_a_browsers_copy_is_good_only_as_long_as_the_permission(surveyor, house):
    photo = attached(surveyor, house)
    client, address = client_of(surveyor), reverse("attachment", args=[photo.pk])
    first = client.get(address)
    assert "no-cache" in first["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    surveyor.role_grants.all().delete()
    assert client_of(surveyor).get(address, headers={"If-None-Match": first["ETag"]}).status_code == 404


def test_the_same_file_twice_on_a_record_is_one_attachment_and_one_file(surveyor, house, media):
    first = attached(surveyor, house)
    again = attached(surveyor, house, name="다른 이름.jpg")
    assert first.pk == again.pk
    assert len(stored(media)) == 3
    assert "This file was here already." in upload(surveyor, house, sent(make.photo(6))).content.decode()
    assert Attachment.objects.count() == 1


def test_the_same_file_on_two_records_is_stored_once(surveyor, house, media):
    other = factories.make_house(factories.place(600, 600))
    attached(surveyor, house)
    attached(surveyor, other)
    assert Attachment.objects.count() == 2
    assert len(stored(media)) == 3


def test_a_document_is_downloaded_under_its_own_name(surveyor, house):
    made = attached(surveyor, house, "협약서 (최종).pdf", io.BytesIO(make.PDF))
    response = client_of(surveyor).get(reverse("attachment", args=[made.pk]))
    assert body(response) == make.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%ED%98%91")
    assert client_of(surveyor).get(reverse("attachment-thumbnail", args=[made.pk])).status_code == 404


def test_a_retired_file_is_gone_for_all_but_administrators_and_says_why(surveyor, administrator, house, media):
    photo = attached(surveyor, house)
    client = client_of(surveyor)
    refused = client.post(reverse("attachment-retire", args=[photo.pk]), {"reason": " "}, headers=HTMX)
    assert 'role="alert"' in refused.content.decode()
    page = client.post(
        reverse("attachment-retire", args=[photo.pk]), {"reason": "다른 집"}, headers=HTMX
    ).content.decode()
    photo.refresh_from_db()
    assert (photo.retired_by, photo.retired_reason) == (surveyor, "다른 집")
    assert reverse("attachment-thumbnail", args=[photo.pk]) not in page
    assert client.get(reverse("attachment", args=[photo.pk])).status_code == 404
    assert client_of(administrator).get(reverse("attachment", args=[photo.pk])).status_code == 200
    assert attached(surveyor, house).pk != photo.pk


def test_who_may_not_change_the_record_may_not_retire_its_files(planner, territory):
    centre = factories.make_centre()
    made, _new = services.attach(layers.get("centres"), planner, centre, sent(make.photo()))
    viewer = factories.make_user("looks", (Role.VIEWER, None))
    assert client_of(viewer).post(reverse("attachment-retire", args=[made.pk]), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\사진\\집.jpg", "집.jpg"),
        ("집\u202egpj.exe.jpg", "집gpj.exe.jpg"),
        ("\u110c\u1175\u11b8.jpg", "집.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ("", "file.jpg"),
        ("집", "집.jpg"),
        ("가" * 300 + ".jpg", "가" * 196 + ".jpg"),
    ],
)
def test_file_names_are_made_safe_and_stay_readable(name, kept):
    prepared = SimpleUploadedFile("x", make.photo().getvalue())
    prepared._name = name
    assert services.prepare(prepared).name == kept


def test_a_file_over_the_limit_is_refused_with_the_limit(surveyor, house, settings):
    settings.UPLOAD_LIMIT_MB = 0.0005
    page = upload(surveyor, house, sent(make.photo())).content.decode()
    assert "0.0005 MB" in page
    assert not Attachment.objects.exists()


def test_when_the_row_cannot_be_written_no_file_is_left(surveyor, house, media, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(Attachment.objects, "create", fail)
    with pytest.raises(RuntimeError):
        attached(surveyor, house)
    assert stored(media) == []


def test_when_the_file_cannot_be_written_no_row_is_left(surveyor, house, media, monkeypatch):
    def full(path, chunks):
        path.write_bytes(b"a part")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    with pytest.raises(OSError, match="space"):
        attached(surveyor, house)
    assert stored(media) == []
    assert not Attachment.objects.exists()


def test_a_failed_upload_does_not_take_the_same_file_from_another_record(surveyor, house, media, monkeypatch):
    other = factories.make_house(factories.place(600, 600))
    attached(surveyor, other)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Attachment.objects, "create", fail)
    with pytest.raises(RuntimeError):
        attached(surveyor, house)
    assert len(stored(media)) == 3


@pytest.mark.django_db(transaction=True)
def test_two_phones_sending_the_same_photo_at_once_make_one_attachment(media):
    territory = factories.make_territory()
    surveyor = factories.make_user("surveyor", (Role.SURVEYOR, territory.unbong))
    house = factories.make_house(factories.place(500, 500))
    start, made, errors = threading.Barrier(4), [], []

    def send() -> None:
        try:
            start.wait()
            made.append(attached(surveyor, house))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len({one.pk for one in made}) == 1
    assert Attachment.objects.count() == 1
    assert len(stored(media)) == 3


def test_an_upload_undone_by_its_caller_can_be_made_again(surveyor, house, media):
    with transaction.atomic():
        attached(surveyor, house)
        transaction.set_rollback(True)
    assert not Attachment.objects.exists()
    again = attached(surveyor, house)
    assert store.path(again.sha256, store.SHOWN).exists()


def test_sweeping_removes_what_nothing_refers_to_and_nothing_else(surveyor, house, media):
    kept = attached(surveyor, house)
    with transaction.atomic():
        attached(surveyor, house, "다른 사진.jpg", make.photo(3))
        transaction.set_rollback(True)
    (media / "files" / "incoming" / "half").mkdir(parents=True)
    assert services.sweep(timedelta(days=1)) == 0
    assert services.sweep(timedelta(seconds=-1)) == 2
    assert store.path(kept.sha256, store.ORIGINAL).exists()
    assert len(stored(media)) == 3


def test_hostile_metadata_is_kept_as_plain_json(surveyor, house):
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>\x00\x00"
    photo = attached(surveyor, house, content=make.encoded(make.picture(), "JPEG", exif=exif))
    photo.refresh_from_db()
    assert "\\u0000" not in json.dumps(photo.metadata)


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_has_words(code):
    details = {"found": "PNG", "extension": "jpg", "limit": 64}
    assert "%" not in refusal(FileRefused(code, **details))


def test_the_list_of_a_records_files_takes_one_query_however_many_they_are(surveyor, house, django_assert_num_queries):
    for shade in range(8):
        attached(surveyor, house, f"{shade}.png", make.encoded(Image.new("RGB", (9, 9), (shade, 0, 0)), "PNG"))
    found = services.attachments_of(layers.get("vacant-houses"), house)
    with django_assert_num_queries(1):
        assert len([str(one.uploaded_by) for one in found]) == 8
    page = client_of(surveyor).get(reverse("record-detail", args=["vacant-houses", house.pk])).content.decode()
    assert page.count("/thumbnail/") == 8
