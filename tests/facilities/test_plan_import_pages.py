"""A planner brings a drawing into a building: said, looked at, taken; and everything that can go wrong on the way."""

import json
import re
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from shapely import box

from facilities import plan_import_tasks
from facilities.exchange import dxf_write
from facilities.models import Building, Level, Plan, PlanEdit, PlanStatus, Unit
from facilities.plan.document import difference
from facilities.services import documents, plan_imports, plans
from gis_core.models import Job, User
from tests import factories
from tests.facilities.dxf_support import Sheet, two_rooms
from tests.facilities.factories_plans import make_document
from tests.factories import Territory
from tests.gis_core.imports_support import shared


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def building(territory: Territory) -> Building:
    return factories.make_building(factories.make_centre(), levels=2)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def client(planner: User) -> Client:
    return client_of(planner)


def upload(client: Client, building: Building, data: bytes, name: str = "평면도.dxf", query: str = "") -> Any:
    url = reverse("plan-import", args=[building.pk]) + query
    return client.post(url, {"file": SimpleUploadedFile(name, data)})


def said(client: Client, url: str, **values: Any) -> dict[str, Any]:
    """The form as it stands on the page, with what the person changes."""
    shown = {field.html_name: field.value() for field in client.get(url).context["form"]}
    return {**{name: value for name, value in shown.items() if value is not None and value is not False}, **values}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def to_result(client: Client, building: Building, data: bytes, **values: Any) -> str:
    """Upload a DXF and say what it means; the address of the result."""
    options = upload(client, building, data)
    assert options.status_code == 302, text_of(options)
    answer = client.post(options.url, said(client, options.url, **values))
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url.endswith("/result/"), answer.url
    return str(answer.url)


def drawing() -> bytes:
    return two_rooms(Sheet()).door((2.0, 3.0), (2.9, 3.0), opens=-90).text("민원실", (1, 1)).text("창고", (1, 5)).data()


def test_a_planner_brings_a_drawing_into_a_new_plan(client: Client, building: Building) -> None:
    result = to_result(client, building, drawing(), ordinal="1")
    page = text_of(client.get(result))
    for words in ("Nothing has been written yet", "민원실", "Doors read from their swings", "Take it into a plan"):
        assert words in page
    assert not Plan.objects.exists()
    answer = client.post(result, said(client, result, name="현황"))
    plan = Plan.objects.get()
    assert answer.url == reverse("plan", args=[plan.pk])
    assert (plan.name, plan.status, plan.is_shown) == ("현황", PlanStatus.AS_IS, True)
    units = Unit.objects.filter(plan=plan)
    assert {unit.name_ko for unit in units} == {"민원실", "창고"}
    assert {unit.level.ordinal for unit in units} == {1}
    assert sum(unit.geometry.area for unit in units) == pytest.approx(24.0)
    assert Level.objects.get(building=building, ordinal=1).outline.area == pytest.approx(4.4 * 6.6)
    assert PlanEdit.objects.get(plan=plan).operation == "import"


def test_a_drawing_replaces_one_level_of_a_plan_and_leaves_the_others(
    client: Client, building: Building, planner: User
) -> None:
    plan = plans.create(building, planner, "대안")
    plan_imports.into_plan(plan, planner, make_document(1, 2, levels=2))
    before = documents.load(plan)
    result = to_result(client, building, drawing(), ordinal="0")
    client.post(result, {"target": str(plan.pk)})
    after = documents.load(plan)
    ground = next(level.key for level in after.levels if level.ordinal == 0)
    assert {unit.name_ko for unit in after.on_level("units", ground)} == {"민원실", "창고"}
    above = next(level.key for level in after.levels if level.ordinal == 1)
    assert after.on_level("units", above) == before.on_level("units", above)
    assert after.on_level("openings", above) == before.on_level("openings", above)


def test_our_own_export_comes_back_as_the_same_plan(client: Client, building: Building, planner: User) -> None:
    plan = plans.create(building, planner, "현황")
    plan_imports.into_plan(plan, planner, make_document(2, 3, levels=2, wall=0.2))
    exported = client.get(reverse("plan-export", args=[plan.pk, "dxf"]))
    options = upload(client, building, exported.content)
    assert "taken exactly as they are" in text_of(client.get(options.url))
    result = client.post(options.url, said(client, options.url)).url
    client.post(result, said(client, result, name="다시 읽은 현황"))
    copy = Plan.objects.get(name="다시 읽은 현황")
    assert difference(documents.load(plan), documents.load(copy)) == []


@pytest.mark.parametrize("suffix", ["imdf.zip", "gml", "geojson"])
def test_each_exchange_format_goes_out_and_comes_back(
    client: Client, building: Building, planner: User, suffix: str
) -> None:
    plan = plans.create(building, planner, "현황")
    plan_imports.into_plan(plan, planner, make_document(1, 3, levels=2, wall=0.2))
    exported = client.get(reverse("plan-export", args=[plan.pk, suffix]))
    assert exported.status_code == 200
    assert suffix in exported["Content-Disposition"]
    answer = upload(client, building, exported.content, f"plan.{suffix}")
    assert answer.url.endswith("/result/")
    client.post(answer.url, said(client, answer.url, name="다시"))
    held, copy = documents.load(plan), documents.load(Plan.objects.get(name="다시"))
    assert {unit.key for unit in held.units} == {unit.key for unit in copy.units}
    assert sum(unit.geometry.area for unit in copy.units) == pytest.approx(
        sum(unit.geometry.area for unit in held.units), rel=1e-6
    )


def test_the_plain_export_is_the_document_itself(client: Client, building: Building, planner: User) -> None:
    plan = plans.create(building, planner, "현황")
    plan_imports.into_plan(plan, planner, make_document(1, 1))
    exported = client.get(reverse("plan-export", args=[plan.pk, "json"]))
    assert len(json.loads(exported.content)["units"]) == len(documents.load(plan).units)
    assert client.get(reverse("plan-export", args=[plan.pk, "dwg"])).status_code == 404


def test_an_empty_plan_has_no_graph_to_export_and_the_page_says_so(
    client: Client, building: Building, planner: User
) -> None:
    plan = plans.create(building, planner, "빈 안")
    answer = client.get(reverse("plan-export", args=[plan.pk, "gml"]), follow=True)
    assert "nothing to export" in " ".join(str(message) for message in answer.context["messages"])
    assert client.get(reverse("plan-export", args=[plan.pk, "dxf"])).status_code == 200


def test_the_unit_is_shown_with_what_would_follow_from_it(client: Client, building: Building) -> None:
    options = upload(client, building, shared("dxf/floorplan.dxf").read_bytes())
    page = text_of(client.get(options.url))
    assert "The file names another unit than its sizes point to" in page
    chosen = said(client, options.url)["unit"]
    assert chosen == "in"
    answer = client.post(options.url, said(client, options.url, unit="ft"))
    assert answer.url.endswith("/result/")
    assert re.search(r"In feet the plan is 2\d\d[.\d]* m wide", text_of(client.get(answer.url)))


def test_a_wrong_unit_is_refused_with_the_options_at_hand(client: Client, building: Building) -> None:
    options = upload(client, building, Sheet("mm").box(0, 0, 20, 10, layer="ROOM").data())
    answer = client.post(options.url, said(client, options.url, unit="m"), follow=True)
    page = text_of(answer)
    assert "20000 m by 10000 m, which no building is" in page
    assert answer.context["form"]["unit"].value() == "m"
    assert not Plan.objects.exists()
    again = client.post(answer.request["PATH_INFO"], said(client, answer.request["PATH_INFO"], unit="mm"))
    assert again.url.endswith("/result/")


def test_a_size_that_is_not_the_buildings_is_told(client: Client, territory: Territory) -> None:
    building = factories.make_building(factories.make_centre(), outline=box(0, 0, 30, 20))
    result = to_result(client, building, drawing())
    assert "In the file this level is 4.4 m by 6.6 m, in the building 30" in text_of(client.get(result))


def test_layers_that_hold_no_rooms_are_refused(client: Client, building: Building) -> None:
    options = upload(client, building, drawing())
    values = said(client, options.url)
    nothing = {name: "ignore" for name in values if name.startswith("layer_")}
    answer = client.post(options.url, {**values, **nothing})
    assert answer.status_code == 422
    assert "at least one layer with rooms or walls" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.dxf", b"", "empty"),
        ("a.dwg", b"AC1027\x00\x00\x00" + bytes(90), "DWG"),
        ("a.dxf", b"0\r\nSECTION\r\n2\r\nENTITIES\r\nrubbish", "damaged"),
        ("a.exe", b"MZ" + bytes(100), "none that can be read"),
        ("a.pdf", b"%PDF-1.7", "none that can be read"),
        ("a.zip", b"PK\x03\x04" + bytes(50), "damaged"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "No room"),
        ("a.gml", b"<a><b/></a>", "IndoorGML"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_on_the_page_of_the_file(
    client: Client, building: Building, name: str, data: bytes, words: str
) -> None:
    answer = upload(client, building, data, name)
    assert answer.status_code == 422, text_of(answer)
    assert words in text_of(answer)
    assert not Plan.objects.exists()


def test_a_broken_drawing_is_mended_and_the_report_says_so(client: Client, building: Building) -> None:
    options = upload(client, building, shared("dxf/recover01.dxf").read_bytes())
    assert "68 faults were repaired" in text_of(client.get(options.url))
    answer = client.post(options.url, said(client, options.url, layer_0="walls", unit="cm"))
    assert "Repaired: 68" in text_of(client.get(answer.url))


def test_a_file_beyond_the_sites_limit_is_refused(client: Client, building: Building, settings: Any) -> None:
    settings.UPLOAD_LIMIT_MB = 0
    assert upload(client, building, drawing()).status_code == 422


def test_only_who_may_change_the_building_imports(building: Building, viewer: User, surveyor: User) -> None:
    for user in (viewer, surveyor):
        client = client_of(user)
        assert client.get(reverse("plan-import", args=[building.pk])).status_code in (403, 404)
        assert upload(client, building, drawing()).status_code in (403, 404)
    assert Client().get(reverse("plan-import", args=[building.pk])).status_code == 302
    assert not Job.objects.exists()


def test_a_reading_is_its_readers_and_its_buildings_own(
    client: Client, building: Building, administrator: User
) -> None:
    result = to_result(client, building, drawing())
    other = factories.make_building(building.centre)
    assert client.get(result.replace(f"/{building.pk}/", f"/{other.pk}/", 1)).status_code == 404
    assert client_of(administrator).get(result).status_code == 404
    assert client.get(reverse("plan-import-result", args=[building.pk, uuid.uuid4()])).status_code == 404


def test_who_lost_the_right_meanwhile_writes_nothing(client: Client, building: Building, planner: User) -> None:
    result = to_result(client, building, drawing())
    planner.role_grants.all().delete()
    assert client.post(result, {"target": "new", "name": "x", "status": "as_is"}).status_code in (403, 404)
    assert not Plan.objects.exists()


def test_a_plan_agreed_meanwhile_stays_as_it_was(client: Client, building: Building, planner: User) -> None:
    plan = plans.create(building, planner, "대안")
    result = to_result(client, building, drawing())
    plans.save_facts(plan, planner, name="대안", status=PlanStatus.AGREED, note="")
    answer = client.post(result, {"target": str(plan.pk)})
    assert answer.status_code == 422
    assert not documents.load(plan).units


def test_a_name_that_is_taken_is_told_and_nothing_is_written(client: Client, building: Building, planner: User) -> None:
    plans.create(building, planner, "현황")
    result = to_result(client, building, drawing())
    answer = client.post(result, {"target": "new", "name": "현황", "status": "option"})
    assert answer.status_code == 422
    assert "already" in text_of(answer)
    assert (Plan.objects.count(), Unit.objects.count()) == (1, 0)


def test_a_drawing_can_be_read_again_in_another_way(client: Client, building: Building) -> None:
    result = to_result(client, building, two_rooms(Sheet(), gap=(1.0, 3.0)).data())
    options = result.removesuffix("result/")
    values = said(client, options)
    assert values["doorway_m"] == 1.3
    again = client.post(options, {**values, "doorway_m": "2.5"}).url
    assert "2 rooms" in text_of(client.get(again))
    assert said(client, again.removesuffix("result/"))["doorway_m"] == 2.5


def test_a_plan_that_one_came_from_is_chosen_already(client: Client, building: Building, planner: User) -> None:
    plan = plans.create(building, planner, "대안")
    options = upload(client, building, drawing(), query=f"?plan={plan.pk}")
    result = client.post(options.url, said(client, options.url)).url
    assert said(client, result)["target"] == str(plan.pk)


def test_teams_of_another_centre_are_left_out_and_told(client: Client, building: Building) -> None:
    own = factories.make_team(building.centre)
    document = make_document(1, 2)
    teams = (str(own.key), str(uuid.uuid4()))
    seated = replace(document, units=tuple(replace(unit, teams=teams) for unit in document.units))
    options = upload(client, building, dxf_write.write(seated))
    result = client.post(options.url, said(client, options.url)).url
    assert "Teams that this centre does not have" in text_of(client.get(result))
    client.post(result, said(client, result, name="현황"))
    assert all(unit.teams == [own.key] for unit in Unit.objects.all())


def test_a_large_drawing_is_read_by_the_worker(client: Client, building: Building, monkeypatch: Any) -> None:
    monkeypatch.setattr(plan_import_tasks, "AT_ONCE_BYTES", 10)
    options = upload(client, building, drawing())
    # The tests' queue works at once, so the page goes straight on.
    assert options.status_code == 302
    assert Job.objects.get().kind == "facilities.plan_import_tasks.look_job"


def test_a_plan_of_two_thousand_rooms_comes_in(client: Client, building: Building) -> None:
    document = make_document(40, 48, wall=0.2)
    assert len(document.units) > 1950
    begun = time.monotonic()
    result = to_result(client, building, dxf_write.write(document))
    client.post(result, said(client, result, name="큰 평면"))
    assert Unit.objects.count() == len(document.units)
    assert time.monotonic() - begun < 60


def test_an_upload_that_was_swept_is_told(client: Client, building: Building, settings: Any, tmp_path: Path) -> None:
    options = upload(client, building, drawing())
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    answer = client.post(options.url, said(client, options.url))
    assert answer.status_code == 422
    assert "no longer kept" in text_of(answer)


def test_a_georeferenced_file_without_a_reference_system_asks_for_it(client: Client, building: Building) -> None:
    ring = [[200000, 500000], [200010, 500000], [200010, 500008], [200000, 500008], [200000, 500000]]
    feature = {
        "type": "Feature",
        "properties": {"name": "회의실"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    options = upload(client, building, data, "rooms.geojson").url
    assert "does not say in which reference system it is" in text_of(client.get(options))
    answer = client.post(options, {"srid": "0", "ordinal": "0"})
    assert "1 room" in text_of(client.get(answer.url))


def test_the_pages_speak_korean(planner: User, building: Building) -> None:
    client = Client()
    client.force_login(planner)
    client.cookies["django_language"] = "ko"
    result = to_result(client, building, drawing())
    assert client.get(result).status_code == 200
