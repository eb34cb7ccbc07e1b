"""Bringing readings: the file, its columns, the good rows loaded, the bad ones kept aside."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from gis_core.models import Job, Role, User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.campaign_support import make_campaign
from vacanthouses.models import Campaign, Evidence, Exclusion, Meter, ReadingBatch
from vacanthouses.services import rules

pytestmark = pytest.mark.django_db
PNU = "5219025021100120003"


@pytest.fixture
def campaign(territory: Territory) -> Campaign:
    rules.load_samples()
    make_house(place(500, 500), pnu=PNU, area=territory.unbong)
    return make_campaign(territory.unbong)


@pytest.fixture(autouse=True)
def at_once(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def send(
    client: Client, campaign: Campaign, content: bytes | str, what: str = "meter:power", name: str = "a.csv"
) -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    sent = {
        "what": what, "source": "한국전력", "delivered_on": "2026-03-01", "encoding": "", "layer": "",
        "file": SimpleUploadedFile(name, data),
    }  # fmt: skip
    return client.post(f"/survey/campaigns/{campaign.pk}/readings/", sent)


def load(client: Client, campaign: Campaign, content: bytes | str, what: str = "meter:power", **columns: str) -> Any:
    """The whole way with the columns as guessed, but for ``columns``; the page after."""
    name = "a.xlsx" if content[:2] == b"PK" else "a.csv"
    uploaded = send(client, campaign, content, what, name)
    page = client.get(uploaded["Location"])
    guessed = {field.name: field.initial or "" for field in page.context["form"]}
    return client.post(uploaded["Location"], {**guessed, **columns})


def test_a_wide_cp949_file_is_loaded_and_its_bad_rows_are_kept_aside(manager: User, campaign: Campaign) -> None:
    content = (
        "고객번호,PNU,주소,2025년 1월,2025년 2월\n"
        f"M1,{PNU},운봉읍 1,0,\n"
        f",,,,\n"
        f"M2,{PNU[:-1]},운봉읍 2,1,2\n"
        f"M1,{PNU},운봉읍 3,1,2\n"
        f"M3,{PNU},운봉읍 4,-1,2\n"
    ).encode("cp949")
    client = signed_in(manager)
    load(client, campaign, content)
    meter = Meter.objects.get()
    assert (meter.first_month, meter.usage, meter.area_id) == (date(2025, 1, 1), [0.0, None], campaign.area_id)
    assert meter.location is not None
    batch = ReadingBatch.objects.get()
    assert [row[0] for row in batch.report["rows"]] == [4, 5, 6]
    assert "19 digits" in batch.report["rows"][0][1]
    assert any("3" in note for note in batch.report["notes"])
    assert Job.objects.get().report["rows"] == batch.report["rows"]
    assert "Rows set aside 3" in text(client.get(f"/survey/campaigns/{campaign.pk}/screening/"))
    aside = b"".join(client.get(f"/survey/campaigns/{campaign.pk}/readings/{batch.pk}/aside.csv")).decode()  # type: ignore[arg-type]
    assert "운봉읍 3" in aside


def test_a_long_file_adds_months_to_meters_that_are_known(manager: User, campaign: Campaign) -> None:
    client = signed_in(manager)
    load(client, campaign, f"number,pnu,2024-12\nM1,{PNU},7\n", "meter:water")
    load(
        client,
        campaign,
        f"number,pnu,month,use\nM1,{PNU},2025-01,3\nM1,{PNU},2025-13,1\nM1,{PNU},2025-03,\n",
        "meter:water",
    )
    meter = Meter.objects.get()
    assert (meter.first_month, meter.usage) == (date(2024, 12, 1), [7.0, 3.0, None, None])
    assert "2025-13" in ReadingBatch.objects.latest("pk").report["rows"][0][1]


def test_a_spreadsheet_that_lost_digits_is_told_by_row(manager: User, campaign: Campaign) -> None:
    book = Workbook()
    for line in (["number", "pnu", "2025-01"], ["M1", int(PNU), 1], ["M2", PNU, 1]):
        book.active.append(line)  # type: ignore[union-attr]
    file = BytesIO()
    book.save(file)
    load(signed_in(manager), campaign, file.getvalue())
    assert Meter.objects.get().number == "M2"
    assert "lost its end" in ReadingBatch.objects.get().report["rows"][0][1]


def test_coordinates_without_a_reference_system_are_asked_about(manager: User, campaign: Campaign) -> None:
    client, content = signed_in(manager), "number,x,y,2025-01\nM1,127.5,35.4,1\n"
    refused = load(client, campaign, content)
    assert refused.status_code == 422
    assert "EPSG:4326" in text(refused)
    assert not ReadingBatch.objects.exists()


def test_a_land_flag_of_0_is_changed_and_said(manager: User, campaign: Campaign) -> None:
    flagged = f"{PNU[:10]}0{PNU[11:]}"
    load(signed_in(manager), campaign, f"number,pnu,2025-01\nM1,{flagged},1\n")
    assert Meter.objects.get().pnu == PNU
    assert any("0/1" in note for note in ReadingBatch.objects.get().report["notes"])


def test_signs_and_exclusions_come_as_lists_of_parcels(manager: User, campaign: Campaign) -> None:
    client = signed_in(manager)
    load(client, campaign, f"pnu,observed_on,present\n{PNU},2026-01-05,없음\n", "sign:mail_pile")
    sign = Evidence.objects.get()
    assert (sign.code, sign.present, sign.observed_on) == ("mail_pile", False, date(2026, 1, 5))
    load(client, campaign, f"pnu,valid_to\n{PNU},2027-01-01\n", "exclusion:second_home")
    assert Exclusion.objects.get().code == "second_home"


def test_a_manager_of_another_town_cannot_bring_rows_of_this_one(territory: Territory, campaign: Campaign) -> None:
    other = make_user("other", (Role.SURVEY_MANAGER, territory.jucheon))
    theirs = make_campaign(territory.jucheon)
    load(signed_in(other), theirs, f"number,pnu,2025-01\nM1,{PNU},1\n")
    assert not Meter.objects.exists()
    assert "outside the area" in ReadingBatch.objects.get().report["rows"][0][1]


def test_a_file_that_cannot_be_read_is_told_at_once_and_what_was_typed_stays(manager: User, campaign: Campaign) -> None:
    page = send(signed_in(manager), campaign, b"PK\x03\x04broken", name="a.xlsx")
    assert page.status_code == 422
    assert 'value="한국전력"' in page.content.decode()
