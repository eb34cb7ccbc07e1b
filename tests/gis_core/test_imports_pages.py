"""The pages on which files come in."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gis_core.imports import uploads
from gis_core.models import AdminArea, Job
from tests.factories import make_user, pnu
from tests.gis_core.imports_support import zipped_folder
from tests.gis_core.test_import_areas import BOWTIE, EAST, MOVED, WEST, towns_file
from tests.gis_core.test_imports_records import degrees
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def as_admin(client, administrator):
    client.force_login(administrator)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    client.cookies["django_language"] = "en"
    return client


def towns_zip(tmp_path, shapes=(WEST, EAST)):
    return zipped_folder(tmp_path / "towns.zip", towns_file(tmp_path, shapes).parent)


def upload(client, url, path, **data):
    content = path if isinstance(path, SimpleUploadedFile) else SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(url, {"file": content, **data})


def checked(response):
    """The result page of the job that a page has started."""
    assert response.status_code == 302, response.content.decode()
    job = Job.objects.get(pk=re.search(r"/jobs/([0-9a-f-]+)/", response.url)[1])
    return job, reverse("import-result", args=[job.pk])


def test_an_administrator_checks_a_file_sees_where_it_lands_and_imports_it(as_admin, tmp_path):
    job, result = checked(upload(as_admin, reverse("import-areas"), towns_zip(tmp_path)))
    assert (job.status, job.report["link"]) == ("done", result)
    assert not AdminArea.objects.exists()
    page = as_admin.get(result).content.decode()
    for said in ("Nothing has been written yet", "EPSG:5186", "cp949 (as the file says)", "Import now", "가읍"):
        assert said in page
    landed = as_admin.get(reverse("import-preview", args=[job.pk])).json()
    assert [feature["properties"]["name"] for feature in landed["features"]] == ["가읍", "나면"]
    report = as_admin.get(reverse("job-report", args=[job.pk])).getvalue().decode()
    assert report.startswith("\ufeffRow,")
    job, _result = checked(as_admin.post(result, {"apply": "1"}))
    assert (job.status, AdminArea.objects.filter(level="eupmyeondong").count()) == ("done", 2)
    # The upload is gone, and the check cannot be used again.
    again = as_admin.post(result, {"apply": "1"})
    assert "no longer kept" in again.content.decode()


def test_invalid_boundaries_can_be_repaired_from_the_result(as_admin, tmp_path):
    _job, result = checked(upload(as_admin, reverse("import-areas"), towns_zip(tmp_path, (WEST, BOWTIE))))
    page = as_admin.get(result).content.decode()
    assert "crosses itself" in page
    assert "Import now" not in page
    _job, repaired = checked(as_admin.post(result, {"repair": "1"}))
    page = as_admin.get(repaired).content.decode()
    assert "km² before" in page
    checked(as_admin.post(repaired, {"apply": "1"}))
    assert AdminArea.objects.filter(level="eupmyeondong").count() == 2


def test_a_file_that_changed_nothing_offers_nothing_to_import(as_admin, tmp_path):
    path = towns_zip(tmp_path)
    _job, result = checked(upload(as_admin, reverse("import-areas"), path))
    as_admin.post(result, {"apply": "1"})
    _job, result = checked(upload(as_admin, reverse("import-areas"), path, valid_from="2024-07-01", crs="5186"))
    page = as_admin.get(result).content.decode()
    assert "nothing to import" in page
    assert "Import now" not in page


def test_a_file_that_cannot_be_read_ends_the_job_with_a_sentence(as_admin):
    job, result = checked(upload(as_admin, reverse("import-areas"), SimpleUploadedFile("가.zip", b"no zip")))
    assert job.status == "failed"
    assert "damaged" in job.error
    assert as_admin.get(result).status_code == 404


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"x"), ("a.csv", b"")])
def test_a_file_that_is_nothing_for_the_reader_is_refused_at_once(as_admin, name, content):
    response = upload(as_admin, reverse("import-areas"), SimpleUploadedFile(name, content))
    assert response.status_code == 422
    assert not Job.objects.exists()


def test_a_file_beyond_the_limit_is_refused(as_admin, settings):
    settings.UPLOAD_LIMIT_MB = 0
    assert upload(as_admin, reverse("import-areas"), SimpleUploadedFile("a.csv", b"xx")).status_code == 422


def test_only_administrators_import_boundaries(as_manager, tmp_path):
    assert as_manager.get(reverse("import-areas")).status_code == 403
    assert upload(as_manager, reverse("import-areas"), towns_zip(tmp_path)).status_code == 403
    assert not Job.objects.exists()


def test_nobody_else_sees_a_check(as_admin, tmp_path, client, viewer):
    job, result = checked(upload(as_admin, reverse("import-areas"), towns_zip(tmp_path)))
    client.force_login(viewer)
    assert client.get(result).status_code == 404
    assert client.get(reverse("import-preview", args=[job.pk])).status_code == 404
    assert client.post(result, {"apply": "1"}).status_code == 404
    client.logout()
    assert client.get(result).status_code == 302


def house_rows(*numbers):
    lines = ["PNU,Address,법,등급,발견일,경도,위도,메모장"]
    for number in numbers:
        lon, lat = degrees(500 + number, 500)
        lines.append(f"{pnu(number)},운봉읍 {number},rural,2,2024.5.1,{lon},{lat},x")
    return SimpleUploadedFile("빈집 목록.csv", "\n".join(lines).encode("cp949"))


def test_a_manager_corrects_the_columns_and_imports_houses(as_manager, territory):
    response = upload(as_manager, reverse("import-records", args=["vacant-houses"]), house_rows(1, 2))
    page = as_manager.get(response.url)
    text = page.content.decode()
    assert "cp949" in text
    assert "2 rows" in text
    form = page.context["form"]
    data = {field.html_name: field.initial or "" for field in form}
    assert data["column_address"] == "Address"
    assert (data["column_x"], data["column_y"]) == ("경도", "위도")
    data |= {"column_pnu": "PNU", "column_regime": "법", "existing": "update", "crs": "4326"}
    job, result = checked(as_manager.post(response.url, data))
    assert job.title == "Check of 빈집_목록.csv"
    page = as_manager.get(result).content.decode()
    assert "status" in page.lower()
    assert not VacantHouse.objects.exists()


def test_houses_come_in_when_every_required_column_is_there(as_manager, territory):
    lon, lat = degrees(500, 500)
    row = f"PNU,주소,regime,status,grade,found_on,lon,lat\n{pnu(1)},a,rural,candidate,2,2024-05-01,{lon},{lat}\n"
    response = upload(
        as_manager, reverse("import-records", args=["vacant-houses"]), SimpleUploadedFile("a.csv", row.encode())
    )
    data = {field.html_name: field.initial or "" for field in as_manager.get(response.url).context["form"]}
    data |= {"column_pnu": "PNU", "column_address": "주소", "existing": "update", "crs": "4326"}
    _job, result = checked(as_manager.post(response.url, data))
    job, _result = checked(as_manager.post(result, {"apply": "1"}))
    assert job.status == "done", job.error
    assert VacantHouse.objects.get().area == territory.unbong


def test_a_spreadsheet_that_cannot_be_read_is_told_on_the_form(as_manager):
    response = upload(as_manager, reverse("import-records", args=["vacant-houses"]), SimpleUploadedFile("a.xlsx", b"x"))
    assert response.status_code == 422
    assert "archive is damaged" in response.content.decode()


def test_a_form_without_any_column_is_refused(as_manager):
    response = upload(as_manager, reverse("import-records", args=["vacant-houses"]), house_rows(1))
    assert as_manager.post(response.url, {"existing": "update", "crs": "4326"}).status_code == 422


def test_the_upload_of_another_person_is_not_there(as_manager, client, territory):
    response = upload(as_manager, reverse("import-records", args=["vacant-houses"]), house_rows(1))
    client.force_login(make_user("other", ("survey_manager", None)))
    assert client.get(response.url).status_code == 404
    for wrong in ("1-x", "..", "1-" + "0" * 32):
        assert client.get(f"/imports/vacant-houses/{wrong}/").status_code == 404


def test_people_who_may_not_add_may_not_import(client, viewer):
    client.force_login(viewer)
    for name in ("import-records", "import-template"):
        assert client.get(reverse(name, args=["vacant-houses"])).status_code == 403
    client.logout()
    assert client.get(reverse("import-records", args=["vacant-houses"])).status_code == 302


def test_areas_have_no_import_row_by_row(as_admin):
    assert as_admin.get("/imports/areas/template.xlsx").status_code == 403


def test_the_template_is_a_spreadsheet_with_korean_headings(as_manager):
    import io

    from openpyxl import load_workbook

    response = as_manager.get(reverse("import-template", args=["vacant-houses"]))
    assert "vacant-houses-template.xlsx" in response["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.max_row == 1


def test_uploads_nobody_came_back_for_are_swept(manager, monkeypatch):
    old = uploads.keep(house_rows(1), manager)
    assert uploads.path_of(old).exists()
    later = time.time() + uploads.KEPT_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    uploads.sweep()
    with pytest.raises(Exception, match=r"."):
        uploads.path_of(old)


def test_an_import_that_is_refused_at_the_last_moment_writes_nothing_and_says_so(as_admin, tmp_path):
    """Somebody changed the territory between the check and the import."""
    _job, result = checked(upload(as_admin, reverse("import-areas"), towns_zip(tmp_path, MOVED)))
    from tests.gis_core.test_import_areas import demo_area

    demo_area("sigungu", "다른 시", "5219025000", WEST)
    job, _result = checked(as_admin.post(result, {"apply": "1"}))
    assert job.status == "failed"
    assert "nothing was written" in job.error
    assert job.report["rows"]
    assert not AdminArea.objects.filter(level="eupmyeondong").exists()
