"""A filtered list as a file: everything that is filtered, nothing that may not be seen, safe to open."""

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gis_core.exports import formats
from gis_core.exports.cells import guarded
from gis_core.models import PersonalDataAccess, User
from tests.factories import Territory, make_centre, make_house, make_houses, make_organisation, make_zone, place
from tests.gis_core.pages_support import signed_in, text


def download(user: User | None, layer: str, name: str, query: str = "", language: str = "en") -> Any:
    return signed_in(user, language).get(f"/records/{layer}/export.{name}?{query}")


def take(user: User, layer: str, name: str, reason: str, query: str = "", language: str = "en") -> Any:
    """The same file with personal data, for a reason."""
    return signed_in(user, language).post(f"/records/{layer}/export.{name}?{query}", {"reason": reason})


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def read_csv(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"))))


def read_xlsx(response: Any) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(body(response))).active.iter_rows(values_only=True))


@pytest.mark.django_db
def test_a_file_holds_every_record_of_the_filter_over_all_its_pages(
    manager: User, territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "PAGE", 7)
    make_houses((place(10 * number, 10) for number in range(30)), grade="1")
    make_houses((place(10 * number, 50) for number in range(5)), grade="2")
    assert len(read_csv(download(manager, "vacant-houses", "csv", "grade=1&page=2&size=25"))) == 30
    features = json.loads(body(download(manager, "vacant-houses", "geojson", "grade=1")))["features"]
    assert len({feature["id"] for feature in features}) == 30
    assert len(read_xlsx(download(manager, "vacant-houses", "xlsx"))) == 36


@pytest.mark.django_db
def test_excel_opens_the_csv_as_utf_8_and_choices_are_words(manager: User, territory: Territory) -> None:
    make_house(place(500, 500), address="서천리 5, 뒷집", grade="2")
    response = take(manager, "vacant-houses", "csv", "letters to owners")
    raw = body(response)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert ".csv" in response["Content-Disposition"]
    row = next(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert row["Address"] == "서천리 5, 뒷집"
    assert row["Grade"] == "Grade 2: to be managed"
    assert float(row["Longitude"]) == pytest.approx(126.9, abs=1.5)
    assert row["Area"] == territory.unbong.full_name


@pytest.mark.django_db
def test_a_name_that_begins_like_a_formula_is_disarmed_in_csv_and_xlsx(planner: User, territory: Territory) -> None:
    make_centre(name="=HYPERLINK(A1)", note="-1+1", staff=3)
    row = read_csv(download(planner, "centres", "csv"))[0]
    assert (row["Name"], row["Note"], row["Staff"]) == ("'=HYPERLINK(A1)", "'-1+1", "3")
    head, cells = read_xlsx(download(planner, "centres", "xlsx"))
    record = dict(zip(head, cells, strict=True))
    assert (record["Name"], record["Staff"]) == ("'=HYPERLINK(A1)", 3)


@pytest.mark.django_db
def test_geojson_keeps_codes_holes_and_both_shapes(manager: User, territory: Territory) -> None:
    from tests.factories import geos, square

    holed = square(480, 480, 60).difference(square(500, 500, 5))
    make_house(place(485, 485), grade="3", parcel=geos(holed))
    feature = json.loads(body(take(manager, "vacant-houses", "geojson", "letters to owners")))["features"][0]
    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"]["grade"] == "3"
    assert len(feature["properties"]["parcel"]["coordinates"]) == 2


@pytest.mark.django_db
def test_contact_persons_are_in_the_officers_file_and_in_no_viewers(
    officer: User, viewer: User, territory: Territory
) -> None:
    make_organisation(contact_name="홍담당", contact_phone="063-111-2222")
    for name in ("csv", "geojson", "xlsx"):
        given_out = body(take(officer, "organisations", name, "telephone tree"))
        kept = body(download(viewer, "organisations", name))
        if name == "xlsx":
            given_out, kept = (
                repr(list(load_workbook(io.BytesIO(raw)).active.values)).encode() for raw in (given_out, kept)
            )
        assert b"063-111-2222" in given_out, name
        assert b"063-111-2222" not in kept, name
        assert b"ontact" not in kept, name


@pytest.mark.django_db
def test_a_file_with_personal_data_is_noted_with_its_size_and_filter(manager: User, territory: Territory) -> None:
    make_houses((place(10 * number, 10) for number in range(3)), grade="1")
    body(take(manager, "vacant-houses", "csv", "letters to owners", "grade=1"))
    noted = PersonalDataAccess.objects.get()
    assert (noted.user, noted.layer, noted.action, noted.count) == (manager, "vacant-houses", "export csv", 3)
    assert noted.detail == "letters to owners | grade=1"


@pytest.mark.django_db
def test_a_file_without_personal_data_is_not_noted(viewer: User, territory: Territory) -> None:
    make_organisation()
    body(download(viewer, "organisations", "csv"))
    assert not PersonalDataAccess.objects.exists()


@pytest.mark.django_db
def test_a_surveyors_file_holds_their_town_only_and_a_viewer_gets_none(
    surveyor: User, viewer: User, territory: Territory
) -> None:
    make_house(place(500, 500))
    make_house(place(2500, 500))
    assert len(read_csv(download(surveyor, "vacant-houses", "csv"))) == 1
    assert download(viewer, "vacant-houses", "csv").status_code == 403
    assert download(None, "vacant-houses", "csv").status_code == 302


@pytest.mark.django_db
def test_a_stranger_may_take_the_public_areas(territory: Territory) -> None:
    rows = read_csv(download(None, "areas", "csv", "q=운봉"))
    assert [row["Name"] for row in rows] == ["운봉읍"]


@pytest.mark.django_db
def test_members_of_a_zone_are_listed_by_name_in_a_table_and_by_number_in_geojson(
    viewer: User, territory: Territory
) -> None:
    make_zone(territory.unbong, territory.jucheon)
    assert read_csv(download(viewer, "zones", "csv"))[0]["Member areas"] == "운봉읍, 주천면"
    feature = json.loads(body(download(viewer, "zones", "geojson")))["features"][0]
    assert feature["properties"]["member_areas"] == [territory.unbong.pk, territory.jucheon.pk]


@pytest.mark.django_db
def test_nothing_filtered_is_a_file_with_a_head_and_no_rows(manager: User) -> None:
    assert read_csv(download(manager, "vacant-houses", "csv")) == []
    assert json.loads(body(download(manager, "vacant-houses", "geojson")))["features"] == []
    assert len(read_xlsx(download(manager, "vacant-houses", "xlsx"))) == 1


@pytest.mark.django_db
def test_too_many_rows_for_excel_are_refused_with_the_way_out(
    manager: User, territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "XLSX_LIMIT", 2)
    make_houses(place(10 * number, 10) for number in range(3))
    refused = download(manager, "vacant-houses", "xlsx")
    assert refused.status_code == 413
    assert "take CSV" in text(refused)
    assert not PersonalDataAccess.objects.exists()
    assert download(manager, "vacant-houses", "csv").status_code == 200


@pytest.mark.django_db
def test_a_filter_that_makes_no_sense_gives_no_file(manager: User) -> None:
    refused = download(manager, "vacant-houses", "csv", "found_on=never")
    assert refused.status_code == 400
    assert download(manager, "vacant-houses", "docx").status_code == 404


@pytest.mark.django_db
def test_dates_and_numbers_stay_dates_and_numbers_in_excel(planner: User, territory: Territory) -> None:
    make_centre(opened_on="1998-03-02", gross_floor_area_m2="1234.5")
    head, cells = read_xlsx(download(planner, "centres", "xlsx"))
    record = dict(zip(head, cells, strict=True))
    assert record["Opened on"] == datetime(1998, 3, 2)
    assert record["Gross floor area (m²)"] == 1234.5


@given(st.text())
def test_no_text_reaches_a_spreadsheet_as_a_formula(value: str) -> None:
    cell = str(guarded(value))
    assert not cell.lstrip(" \u00a0\u3000").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert not ILLEGAL_CHARACTERS_RE.search(cell)


@given(st.one_of(st.integers(), st.floats(allow_nan=False), st.none(), st.booleans()))
def test_numbers_are_never_disarmed(value: Any) -> None:
    assert guarded(value) is value
