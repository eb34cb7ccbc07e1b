"""The status report: for officials, and as it is published."""

import io

import pytest
from openpyxl import load_workbook

from gis_core.models import AdminArea, Role, User
from tests.factories import Territory, make_houses, make_user, place
from tests.gis_core.pages_support import signed_in, text
from vacanthouses.services import status_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(territory: Territory) -> None:
    make_houses([place(500, 500)] * 2, status="confirmed", grade="1")
    make_houses([place(500, 500)] * 12, status="confirmed", grade="2")
    make_houses([place(2500, 500)] * 11, status="confirmed", grade="1")
    make_houses([place(2500, 500)] * 14, status="confirmed", grade="2")
    make_houses([place(4500, 500)] * 7, status="candidate", grade="none")


@pytest.mark.usefixtures("houses")
def test_officials_see_every_count_of_their_areas(territory: Territory) -> None:
    local = make_user("local", (Role.SURVEY_MANAGER, territory.namwon))
    found = status_report.table(AdminArea.objects.descendant_ids([territory.namwon.pk]))
    assert [values for _name, values in found.rows] == [[2, 12, 14], [11, 14, 25]]
    assert found.totals == [13, 26, 39]
    told = text(signed_in(local).get("/vacant-houses/status/?year=2024&status=confirmed"))
    assert "운봉읍 2 12 14" in told
    assert "순창읍" not in told


@pytest.mark.usefixtures("houses")
def test_everybody_sees_the_published_table_without_sign_in_and_no_small_count() -> None:
    page = signed_in(None).get("/public/vacant-houses/")
    told = text(page)
    assert page.status_code == 200
    assert "운봉읍 × × 14" in told
    assert "서천리" not in told
    assert "순창읍" not in told
    assert "not published" in signed_in(None).get("/public/vacant-houses/table.csv").content.decode()


@pytest.mark.usefixtures("houses")
def test_the_official_report_and_its_files_are_for_managers(surveyor: User) -> None:
    for path in ("/vacant-houses/status/", "/vacant-houses/status/export.csv"):
        assert signed_in(None).get(path).status_code == 302
        assert signed_in(surveyor).get(path).status_code == 403


@pytest.mark.usefixtures("houses")
def test_a_town_whose_name_looks_like_a_formula_is_exported_as_text(manager: User, territory: Territory) -> None:
    AdminArea.objects.filter(pk=territory.province.pk).update(name="=HYPERLINK(1)")
    client = signed_in(manager)
    assert "'=HYPERLINK(1)" in client.get("/vacant-houses/status/export.csv").content.decode()
    book = load_workbook(io.BytesIO(client.get("/vacant-houses/status/export.xlsx").content))
    assert book.worksheets[0]["A2"].data_type == "s"
    assert client.get("/vacant-houses/status/export.exe").status_code == 404
