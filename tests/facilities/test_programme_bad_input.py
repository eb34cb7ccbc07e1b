"""Slips and tricks at the pages of the programme get an answer, not a fault."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from facilities.models import ProjectBudget
from facilities.services.rows import Row, write_rows
from gis_core.editing.errors import Invalid
from gis_core.models import User
from tests.facilities.programme_support import fund, make_project

pytestmark = pytest.mark.django_db
LONG = "9" * 5000


@pytest.fixture
def client(planner: User) -> Client:
    client = Client()
    client.force_login(planner)
    return client


@pytest.mark.parametrize("name", ["project-board", "project-timeline", "programme"])
def test_an_area_that_is_no_code_is_not_found(client: Client, name: str) -> None:
    assert client.get(reverse(name), {"area": "\x00"}).status_code == 404
    assert client.get(reverse(name), {"area": "٣"}).status_code == 404


def test_numbers_of_any_length_are_read_or_passed_over(client: Client, territory: object) -> None:
    project = make_project()
    assert client.get(reverse("project-requests", args=[project.pk]), {"plan": LONG}).status_code in {200, 404}
    assert client.get(reverse("standard-add", args=["area"]), {"like": LONG}).status_code in {200, 404}


def test_a_stage_in_the_year_9999_is_refused_and_the_timeline_goes_on(client: Client, territory: object) -> None:
    project = make_project()
    response = client.post(
        reverse("project-move", args=[project.pk]), {"stage": "agreement", "reached_on": date.max, "version": 1}
    )
    assert response.status_code == 422
    assert client.get(reverse("project-timeline")).status_code == 200


def test_a_year_that_another_row_has_is_refused_by_name_and_nothing_is_written(
    territory: object, planner: User
) -> None:
    project = make_project()
    first, second = fund(project, 2025, 100), fund(project, 2026, 200)
    rows = [
        Row("2026", {"year": 2026, "budget_krw": 100, "executed_krw": None}, first.pk, first.version),
        Row("2025", {"year": 2025, "budget_krw": 200, "executed_krw": None}, second.pk, second.version),
    ]
    with pytest.raises(Invalid, match="2026"):
        write_rows(ProjectBudget, {"project": project}, planner, rows, ("year",))
    assert list(ProjectBudget.objects.order_by("pk").values_list("year", flat=True)) == [2025, 2026]
