"""Evaluation sheets in the browser: results, reasons, editions, closing, and who may do it."""

import uuid
from typing import Any

import pytest

from gis_core.indicators.body_text import as_text
from gis_core.models import EvaluationSheet, Indicator, Role, User
from tests.factories import Territory, make_user
from tests.gis_core.indicator_support import body, item, make_indicator, make_sheet, make_value
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db

TARGET = {"kind": "target", "target": 10}
CONTENT = body((60, [item("visits", 60, TARGET)]), (40, [item("policies", 40, {"kind": "rank", "best": "highest"})]))


@pytest.fixture
def of_namwon(territory: Territory) -> User:
    return make_user("namwon", (Role.ZONE_COORDINATOR, territory.namwon))


@pytest.fixture
def sheet(territory: Territory) -> EvaluationSheet:
    """운봉읍 5 visits and 9 policies, 주천면 10 and 7, 수지면 10 and unknown, 송동면 0 and 7."""
    visits, policies = make_indicator("visits", unit="가구"), make_indicator("policies")
    for town, number in ((territory.unbong, 5), (territory.jucheon, 10), (territory.suji, 10), (territory.songdong, 0)):
        make_value(visits, town, number)
    for town, number in ((territory.unbong, 9), (territory.jucheon, 7), (territory.songdong, 7)):
        make_value(policies, town, number)
    return make_sheet(territory.namwon, CONTENT)


def test_towns_stand_by_place_with_total_and_tasks(sheet: EvaluationSheet, viewer: User) -> None:
    """운봉읍 30 + 40 = 70. 주천면 60 + half of 40 = 80. 수지면 60 and up to 40 more. 송동면 0 + 20."""
    said = text(signed_in(viewer).get(f"/evaluation/{sheet.pk}/"))
    assert "1 town has values that nobody entered" in said
    assert "1–2 주천면 80.00 60.00 20.00" in said
    assert "2–3 운봉읍 70.00 30.00 40.00" in said
    assert "1–3 수지면 60.00–100.00 60.00 0.00–40.00" in said
    assert "4 송동면 20.00 0.00 20.00" in said


def test_every_score_of_a_town_is_explained(sheet: EvaluationSheet, viewer: User) -> None:
    said = text(signed_in(viewer).get(f"/evaluation/{sheet.pk}/towns/5219031000/"))
    assert "80 / 100" in said
    assert "60 / 60 10가구 meets the target of 10." in said
    assert "20 / 40 7건 is place 2 among 3 towns with a value: 50% of the points." in said
    unknown = text(signed_in(viewer).get(f"/evaluation/{sheet.pk}/towns/5219032000/"))
    assert "0–40 / 40 No value was entered: between no points and all." in unknown


def test_somebody_of_one_town_sees_its_place_among_all_and_no_other_towns_scores(
    sheet: EvaluationSheet, territory: Territory
) -> None:
    client = signed_in(make_user("head", (Role.VIEWER, territory.unbong)))
    said = text(client.get(f"/evaluation/{sheet.pk}/"))
    assert "2–3 운봉읍 70.00" in said
    assert "주천면" not in said
    assert client.get(f"/evaluation/{sheet.pk}/towns/5219031000/").status_code == 404
    elsewhere = signed_in(make_user("sunchang", (Role.VIEWER, territory.sunchang)))
    assert elsewhere.get(f"/evaluation/{sheet.pk}/").status_code == 404


def test_a_closed_sheet_keeps_its_scores_whatever_is_entered_later(
    sheet: EvaluationSheet, of_namwon: User, territory: Territory
) -> None:
    client = signed_in(of_namwon)
    close = f"/evaluation/{sheet.pk}/close/"
    given = {name: values[0] for name, values in inputs(client.get(close)).items()}
    assert client.post(close, given).status_code == 302
    make_value(Indicator.objects.get(key="policies"), territory.suji, 30)
    said = text(client.get(f"/evaluation/{sheet.pk}/"))
    assert "1–3 수지면 60.00–100.00" in said
    assert "closed on" in said
    assert client.post(close, given).status_code == 409
    assert client.get(f"/evaluation/{sheet.pk}/edit/").status_code == 302


def form(**values: Any) -> dict[str, Any]:
    told = {"title": "평가", "year": 2020, "source": "시험", "text": as_text(CONTENT), "token": str(uuid.uuid4())}
    return {**told, **values}


def test_the_next_edition_begins_with_the_last_one_a_year_later(sheet: EvaluationSheet, of_namwon: User) -> None:
    client = signed_in(of_namwon)
    path = f"/evaluation/{sheet.pk}/edition/"
    offered = client.get(path).context["form"].initial
    assert offered["year"] == 2020
    assert "2020" in offered["text"]
    assert "2019" not in offered["text"]
    told = form(area=sheet.area_id, text=offered["text"])
    assert client.post(path, told).status_code == 302
    assert client.post(path, told).status_code == 302
    assert EvaluationSheet.objects.filter(year=2020).count() == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (body((90, [item("visits", 90, TARGET)])), "tasks: the weights add up to 90, not to 100"),
        (body((100, [item("nothing", 100, TARGET)])), "tasks.0.items.0.indicator: there is no indicator “nothing”"),
    ],
)
def test_a_fault_of_the_body_is_told_with_its_place(
    sheet: EvaluationSheet, of_namwon: User, content: Any, told: str
) -> None:
    client = signed_in(of_namwon)
    path = f"/evaluation/{sheet.pk}/edit/"
    response = client.post(path, form(text=as_text(content), version=sheet.version))
    assert response.status_code == 422
    assert told in text(response)
    sheet.refresh_from_db()
    assert sheet.body == CONTENT


def test_two_who_change_a_sheet_are_told_of_one_another(sheet: EvaluationSheet, of_namwon: User) -> None:
    client = signed_in(of_namwon)
    path = f"/evaluation/{sheet.pk}/edit/"
    assert client.post(path, form(title="먼저", version=sheet.version)).status_code == 302
    late = client.post(path, form(title="나중", version=sheet.version))
    assert late.status_code == 409
    assert "changed this meanwhile" in text(late)
    # Who was told may insist.
    assert client.post(path, form(title="나중", version=inputs(late)["version"][0])).status_code == 302
    sheet.refresh_from_db()
    assert sheet.title == "나중"


def test_only_a_coordinator_of_the_city_changes_its_sheet(
    sheet: EvaluationSheet, territory: Territory, manager: User
) -> None:
    others = (
        manager,
        make_user("unbong", (Role.ZONE_COORDINATOR, territory.unbong)),
        make_user("sunchang", (Role.ZONE_COORDINATOR, territory.sunchang)),
    )
    for user in others:
        client = signed_in(user)
        for name in ("edit", "close", "retire"):
            assert client.get(f"/evaluation/{sheet.pk}/{name}/").status_code in (403, 404)
            told = form(version=sheet.version, reason="아무튼")
            assert client.post(f"/evaluation/{sheet.pk}/{name}/", told).status_code in (403, 404)
    elsewhere = signed_in(others[2]).post("/evaluation/add/", form(area=territory.namwon.pk))
    assert elsewhere.status_code == 422
    assert EvaluationSheet.objects.live().count() == 1
    sheet.refresh_from_db()
    assert sheet.version == 1


def test_the_result_is_a_pdf(sheet: EvaluationSheet, viewer: User) -> None:
    response = signed_in(viewer, "ko").get(f"/evaluation/{sheet.pk}/result.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
