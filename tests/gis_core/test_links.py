"""Tables from town to town: what a coordinator loads, and how a wrong row is named."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from gis_core.models import AreaLink, Job, Role, User
from gis_core.models.jobs import JobStatus
from tests.factories import Territory, make_user
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def load(user: User, body: str | bytes, name: str = "이동.csv", **changed: Any) -> Any:
    data = body if isinstance(body, bytes) else body.encode()
    values = {"kind": "movements", "source": "시험", "period": "2024", **changed}
    return signed_in(user).post(reverse("zone-links"), {**values, "file": SimpleUploadedFile(name, data)})


def links() -> set[tuple[str, str, float, str]]:
    rows = AreaLink.objects.values_list("from_area__name", "to_area__name", "value", "period")
    return set(rows)


def test_a_csv_is_loaded_by_codes_present_and_former(coordinator: User, territory: Territory) -> None:
    load(coordinator, '출발,도착,인원\n5219025000,4519031000,"1,200"\n5219031000,5219025000,900\n')
    assert Job.objects.get().status == JobStatus.DONE
    assert links() == {("운봉읍", "주천면", 1200.0, "2024"), ("주천면", "운봉읍", 900.0, "2024")}
    told = text(signed_in(coordinator).get(reverse("zone-links")))
    assert "Movements (people) 2024 시험 2 2" in told


def test_a_spreadsheet_with_its_own_periods_is_loaded_and_a_second_time_renews(
    coordinator: User, territory: Territory
) -> None:
    for value in (12, 15):
        book, out = Workbook(), BytesIO()
        for line in (["from code", "to code", "value", "period"], [5219025000, 5219031000, value, "2024-07"]):
            book.active.append(line)
        book.save(out)
        load(coordinator, out.getvalue(), "minutes.xlsx", kind="minutes")
    assert links() == {("운봉읍", "주천면", 15.0, "2024-07")}


def test_every_wrong_row_is_named_and_nothing_is_written(coordinator: User, territory: Territory) -> None:
    load(
        coordinator,
        "from,to,value\n5219025000,5219031000,5\n9999999999,5219031000,5\n5219025000,5219032000,-1\n"
        "5219025000,5219032000,many\n5219025000,5219031000,6\n5219025000,5219025000,7\n",
    )
    job = Job.objects.get()
    assert job.status == JobStatus.FAILED
    assert [(row[0], row[1]) for row in job.report["rows"]] == [
        ("3", "from"),
        ("4", "value"),
        ("5", "value"),
        ("6", ""),
    ]
    assert "9999999999" in job.report["rows"][0][2]
    assert not AreaLink.objects.exists()


def test_a_file_without_a_needed_column_says_what_it_may_be_called(coordinator: User, territory: Territory) -> None:
    load(coordinator, "출발,값\n5219025000,5\n")
    job = Job.objects.get()
    assert job.status == JobStatus.FAILED
    assert "도착지" in job.error


def test_a_coordinator_of_one_town_loads_only_ways_from_or_to_it(territory: Territory) -> None:
    local = make_user("local", (Role.ZONE_COORDINATOR, territory.unbong))
    load(local, "from,to,value\n5219025000,5219031000,5\n5219031000,5219032000,5\n")
    assert [row[0] for row in Job.objects.get().report["rows"]] == ["3"]
    load(local, "from,to,value\n5219025000,5219031000,5\n")
    assert AreaLink.objects.count() == 1


def test_taking_a_table_away_leaves_what_lies_outside_ones_own_area(
    coordinator: User, viewer: User, territory: Territory
) -> None:
    load(coordinator, "from,to,value\n5219025000,5219031000,5\n5219031000,5219032000,5\n")
    table = {"kind": "movements", "period": "2024", "source": "시험"}
    assert signed_in(viewer).post(reverse("zone-links-remove"), table).status_code == 403
    local = make_user("local", (Role.ZONE_COORDINATOR, territory.unbong))
    signed_in(local).post(reverse("zone-links-remove"), table)
    assert links() == {("주천면", "수지면", 5.0, "2024")}


def test_a_viewer_reads_what_is_loaded_and_loads_nothing(viewer: User, territory: Territory) -> None:
    page = signed_in(viewer).get(reverse("zone-links"))
    assert page.status_code == 200
    assert "Load a table" not in text(page)
    assert load(viewer, "from,to,value\n5219025000,5219031000,5\n").status_code == 403
    assert not AreaLink.objects.exists()
