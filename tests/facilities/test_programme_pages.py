"""The programme page: Seoul's reported figures, and 342 projects of this system in 25 districts."""

import csv
import io
from itertools import cycle
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.demo_programme import load_programme
from facilities.models import (
    Centre,
    Meeting,
    Programme,
    ProgrammeFigure,
    ProjectBudget,
    RedesignProject,
    Stage,
)
from gis_core.demo import fixtures
from gis_core.models import AreaLevel, Role, User
from tests.facilities.programme_support import fund, make_meeting, make_project
from tests.factories import Territory, geos, make_area, make_centre, make_user, place, square
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db

YEARS = {2015: 79, 2016: 204, 2017: 59}


@pytest.fixture
def seoul(db: None) -> Programme:
    (row,) = fixtures.parameters("programmes")
    return load_programme(row)


def programme_of_342() -> None:
    """79, 204 and 59 projects spread over 25 gu; the first two years are completed, with 4 meetings each in 2016."""
    province = make_area("서울특별시", "1100000000", square(0, 0, 25_000), level=AreaLevel.SIDO)
    towns = []
    for number in range(25):
        gu = make_area(
            f"{number:02d}구", f"11{number + 10:03d}00000", square(1000 * number, 0, 1000), province,
            level=AreaLevel.SIGUNGU,
        )  # fmt: skip
        towns.append(make_area("일동", f"11{number + 10:03d}51000", square(1000 * number, 0, 1000), gu))
    around = cycle(enumerate(towns))
    projects = []
    for year, count in YEARS.items():
        for number in range(count):
            index, town = next(around)
            at = geos(place(1000 * index + 500, 500))
            centre = Centre.objects.create(name=f"{year}-{number}", area=town, location=at)
            stage = Stage.SURVEY if year == 2017 else Stage.COMPLETION
            projects.append(
                RedesignProject(centre=centre, name=str(centre), year=year, stage=stage, area=town, location=at)
            )
    RedesignProject.objects.bulk_create(projects)
    for project in projects:
        money = {"budget_krw": 50_000_000, "executed_krw": 40_000_000}
        ProjectBudget.objects.bulk_create(
            [ProjectBudget(project=project, year=project.year + n, **money) for n in (0, 1)]
        )
        if project.year == 2016:
            meeting: dict[str, Any] = {"project": project, "area": project.area, "location": project.location}
            Meeting.objects.bulk_create([Meeting(**meeting, name="간담회", held_on="2016-03-02") for _n in range(4)])


def test_seouls_reported_figures_come_out_as_reported(viewer: User, seoul: Programme) -> None:
    told = text(signed_in(viewer).get("/programme/"))
    assert "These figures were reported and not counted from projects here." in told
    assert "Centres completed 283 Centres planned 59" in told
    assert "Budget (million KRW) 17,450 Executed (million KRW) 14,220 81.5 %" in told
    assert "Meetings 979 4.8 per centre" in told
    assert "2015 79 – 4,000 3,750 93.8 %" in told
    assert "204 17 districts whole, 1 pilot" in told
    assert "Expert consultations: 32 Satisfaction surveys: 1 Press reports: 771 White papers: 1" in told
    assert ProgrammeFigure.objects.get(year=2016).budget_krw == 10_250_000_000


def test_342_projects_in_25_districts_roll_up_without_a_query_for_each(viewer: User) -> None:
    make_area("첫 도", "9900000000", square(50_000, 0, 10), level=AreaLevel.SIDO)
    client = signed_in(viewer)
    client.get("/programme/")
    with CaptureQueriesContext(connection) as empty:
        client.get("/programme/")
    programme_of_342()
    with CaptureQueriesContext(connection) as full:
        page = client.get("/programme/")
    told = text(page)
    assert "Site survey 59" in told
    assert "Completion 283" in told
    assert "Budget (million KRW) 34,200 Executed (million KRW) 27,360 80.0 %" in told
    assert "Meetings 816 2.4 per centre" in told
    assert "Projects without a meeting 138" in told
    assert "All districts 2016 204 · · · · · 204 20,400 16,320 80.0 % 816 4.0" in told
    assert len(full.captured_queries) <= len(empty.captured_queries) + 2
    assert len(full.captured_queries) <= 20
    for path in ("/projects/board/", "/projects/timeline/"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        assert len(captured.captured_queries) <= 32, path


def test_the_roll_up_goes_out_as_csv_and_xlsx_under_the_same_filter(viewer: User) -> None:
    programme_of_342()
    client = signed_in(viewer)
    sent = client.get("/programme/export.csv?year=2016").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sent)))
    assert len(rows) == 26
    assert sum(int(row["Projects"]) for row in rows[:-1]) == int(rows[-1]["Projects"]) == 204
    assert rows[-1]["Budget (KRW)"] == "20400000000"
    assert rows[-1]["Meetings per centre"] == "4.0"
    sent_book: Any = client.get("/programme/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sent_book.streaming_content)))
    table = list(book.active.values)
    assert len(table) == 1 + 75 + 1
    assert table[-1][3] == 342
    assert client.get("/programme/export.pdf").status_code == 404


def test_several_budgets_and_meetings_of_one_project_do_not_multiply_one_another(
    viewer: User, territory: Territory
) -> None:
    project = make_project(make_centre(place(500, 500)))
    for year in (2025, 2026, 2027):
        fund(project, year, 10_000_000, 1_000_000)
    for _number in range(4):
        make_meeting(project)
    told = text(signed_in(viewer).get("/programme/"))
    assert "전북특별자치도 남원시 2026 1 1 · · · · · 30 3 10.0 % 4 4.0" in told


def test_a_viewer_of_one_city_sees_its_projects_only(territory: Territory) -> None:
    local = make_user("local", (Role.VIEWER, territory.namwon))
    make_project(make_centre(place(500, 500)))
    make_project(make_centre(place(4500, 500)))
    told = text(signed_in(local).get("/programme/"))
    assert "남원시" in told
    assert "순창군" not in told


def test_reported_figures_are_corrected_by_who_acts_everywhere_and_need_a_source(
    planner: User, seoul: Programme, territory: Territory
) -> None:
    url = f"/programme/{seoul.pk}/figures/"
    local = make_user("local", (Role.FACILITY_PLANNER, territory.namwon))
    assert signed_in(local).get(url).status_code == 403
    page = signed_in(planner).get(url)
    assert inputs(page)["form-0-budget_krw"] == ["250,000,000"]
    told = signed_in(planner).post(url, {**inputs(page), "form-5-year": "2018", "form-5-centres": "10"})
    assert told.status_code == 422
    assert "2018 · Source : Say where the figures come from." in text(told)
    sent = {**inputs(page), "form-5-year": "2018", "form-5-centres": "10", "form-5-source": "사업 보고서"}
    for _time in range(2):
        assert signed_in(planner).post(url, sent).status_code == 302
    assert ProgrammeFigure.objects.filter(year=2018).count() == 1
    assert "Centres completed 293" in text(signed_in(planner).get("/programme/"))


def test_a_programme_is_added_once_however_often_the_form_is_sent(planner: User) -> None:
    sent = {"name": "대전 시범사업", "area_name": "대전광역시", "source": "보고서", "note": ""}
    for _time in range(2):
        assert signed_in(planner).post("/programme/reports/add/", sent).status_code == 302
    assert Programme.objects.count() == 1
