"""Indicators in the browser: reading them, defining them, entering values, tables, and who may do what."""

import io
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from gis_core.models import Indicator, IndicatorValue, Role, User
from tests.factories import Territory, make_area, make_user, square
from tests.gis_core.indicator_support import body, item, make_indicator, make_sheet, make_value
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db

NAMWON = "5219000000"


@pytest.fixture
def of_namwon(territory: Territory) -> User:
    return make_user("namwon", (Role.ZONE_COORDINATOR, territory.namwon))


@pytest.fixture
def of_unbong(territory: Territory) -> User:
    return make_user("unbong", (Role.ZONE_COORDINATOR, territory.unbong))


def definition(**values: Any) -> dict[str, Any]:
    told = {
        "key": "visits", "name": "방문", "unit": "가구", "direction": "higher", "decimals": "0", "source": "대장",
        "description": "", "formula": "", "token": str(uuid.uuid4()),
    }  # fmt: skip
    return {**told, **values}


def live(indicator: Indicator) -> dict[int, Decimal]:
    return dict(IndicatorValue.objects.live().filter(indicator=indicator).values_list("area", "value"))


def test_a_town_with_the_lowest_value_is_first_where_less_is_better(territory: Territory, viewer: User) -> None:
    minutes = make_indicator("minutes", unit="분", direction="lower")
    for town, value in ((territory.unbong, 30), (territory.jucheon, 12), (territory.suji, 30)):
        make_value(minutes, town, value)
    make_value(minutes, territory.namwon, 25, evidence="시 전체 평균")
    page = signed_in(viewer).get(f"/indicators/minutes/?city={NAMWON}")
    said = text(page)
    assert "3 of 4 towns have a value for 2019." in said
    assert "1 주천면 12분" in said
    assert "2 운봉읍 30분" in said
    assert "2 수지면 30분" in said
    assert "– 송동면 unknown" in said
    assert "25분 시 전체 평균" in said
    assert page.content.decode().count("indicator-unknown)") == 1


def test_a_formula_follows_its_values_and_stays_unknown_without_them(territory: Territory, viewer: User) -> None:
    visited, households = make_indicator("visited"), make_indicator("households")
    make_indicator("share", unit="%", decimals=1, formula="visited / households * 100")
    make_value(visited, territory.unbong, 30)
    make_value(households, territory.unbong, 80)
    make_value(visited, territory.jucheon, 7)
    make_value(households, territory.jucheon, 0)
    said = text(signed_in(viewer).get(f"/indicators/share/?city={NAMWON}"))
    assert "1 운봉읍 37.5%" in said
    assert "– 주천면 unknown" in said


def test_somebody_of_one_town_sees_its_value_and_the_citys_but_not_the_others(territory: Territory) -> None:
    indicator = make_indicator("visits")
    make_value(indicator, territory.unbong, 41)
    make_value(indicator, territory.jucheon, 52)
    make_value(indicator, territory.namwon, 93)
    client = signed_in(make_user("head", (Role.VIEWER, territory.unbong)))
    for path in ("/indicators/visits/", "/indicators/visits/export.csv"):
        response = client.get(path)
        said = b"".join(response.streaming_content).decode() if response.streaming else text(response)
        assert "41" in said
        assert "93" in said
        assert "주천면" not in said


def test_without_a_role_nothing_is_told(territory: Territory) -> None:
    make_indicator("visits")
    client = signed_in(make_user("nobody"))
    assert {client.get(path).status_code for path in ("/indicators/", "/indicators/visits/", "/evaluation/")} == {403}
    assert Client().get("/indicators/").status_code == 302


def test_a_coordinator_defines_an_indicator_once_however_often_the_form_is_sent(of_namwon: User) -> None:
    client = signed_in(of_namwon)
    told = definition()
    assert client.post("/indicators/add/", told).status_code == 302
    assert client.post("/indicators/add/", told).status_code == 302
    assert Indicator.objects.filter(key="visits").count() == 1
    again = client.post("/indicators/add/", definition())
    assert again.status_code == 409
    assert "There is an indicator with this key already." in text(again)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"key": "Visits-2"}, "A key begins with a small letter"),
        ({"formula": "visits +"}, "The formula cannot be read"),
        ({"formula": "nothing * 2"}, "There is no indicator nothing."),
        ({"formula": "visits * 2"}, "These would need one another in a circle: visits → visits"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_with_its_reason(
    of_namwon: User, values: dict[str, Any], told: str
) -> None:
    response = signed_in(of_namwon).post("/indicators/add/", definition(**values))
    assert response.status_code in (409, 422)
    assert told in text(response)
    assert not Indicator.objects.exists()


def test_two_formulas_are_not_made_to_need_one_another(of_namwon: User) -> None:
    make_indicator("a")
    make_indicator("b", formula="a * 2")
    client = signed_in(of_namwon)
    page = client.get("/indicators/a/edit/")
    given = {name: values[0] for name, values in inputs(page).items()}
    told = {**definition(), **given, "direction": "higher", "initial-direction": "higher", "formula": "b / 2"}
    response = client.post("/indicators/a/edit/", told)
    assert response.status_code == 409
    assert "a → b → a" in text(response)


def test_what_a_formula_or_an_open_sheet_needs_is_not_taken_out_of_use(territory: Territory, of_namwon: User) -> None:
    needed = make_indicator("a")
    make_indicator("b", formula="a * 2")
    make_sheet(territory.namwon, body((100, [item("a", 100, {"kind": "target", "target": 1})])))
    response = signed_in(of_namwon).post("/indicators/a/retire/", {"reason": "다시 정함", "version": needed.version})
    assert response.status_code == 409
    assert "It is still needed by: b, 읍면동 평가 (2019)." in text(response)


def test_who_coordinates_a_single_town_defines_nothing_and_others_change_nothing(
    territory: Territory, of_unbong: User, manager: User
) -> None:
    make_indicator("visits")
    for user, paths in (
        (of_unbong, ("/indicators/add/", "/indicators/visits/edit/", "/indicators/visits/retire/")),
        (manager, ("/indicators/add/", "/indicators/visits/values/", "/indicators/visits/import/", "/evaluation/add/")),
    ):
        client = signed_in(user)
        assert {client.get(path).status_code for path in paths} == {403}


GRID = f"/indicators/visits/values/?city={NAMWON}&period=2019"


def grid(client: Client, **typed: str) -> Any:
    """Send the grid as a browser would, with some fields typed in."""
    page = client.get(GRID)
    given = {name: values[0] for name, values in inputs(page).items()}
    return client.post(GRID, {**given, **typed})


def test_good_rows_are_saved_and_a_faulty_one_is_named(territory: Territory, of_namwon: User) -> None:
    indicator = make_indicator("visits", unit="가구")
    first, second = territory.unbong.pk, territory.jucheon.pk
    typed = {f"value-{first}": "1,234가구", f"evidence-{first}": "방문 대장", f"value-{second}": "많음"}
    response = grid(signed_in(of_namwon), **typed)
    assert response.status_code == 422
    said = text(response)
    assert "1 value saved." in said
    assert "주천면 : “많음” is no number" in said
    assert live(indicator) == {first: Decimal(1234)}
    assert f'name="value-{second}" value="많음"' in response.content.decode()


def test_a_town_whose_number_is_long_is_saved_too(territory: Territory, of_namwon: User) -> None:
    indicator = make_indicator("visits")
    town = make_area("새면", "5219099000", square(0, 4000), territory.namwon, pk=1_234_567)
    assert grid(signed_in(of_namwon), **{f"value-{town.pk}": "3"}).status_code == 302
    page = signed_in(of_namwon).get(GRID).content.decode()
    assert f'name="value-{town.pk}" value="3"' in page
    assert live(indicator) == {town.pk: Decimal(3)}


def test_emptying_a_value_removes_it_and_zero_stays_zero(territory: Territory, of_namwon: User) -> None:
    indicator = make_indicator("visits")
    make_value(indicator, territory.unbong, 5)
    typed = {f"value-{territory.unbong.pk}": "", f"value-{territory.jucheon.pk}": "0"}
    assert grid(signed_in(of_namwon), **typed).status_code == 302
    assert live(indicator) == {territory.jucheon.pk: Decimal(0)}


def test_what_somebody_else_entered_meanwhile_is_not_overwritten(
    territory: Territory, of_namwon: User, administrator: User
) -> None:
    indicator = make_indicator("visits")
    kept = make_value(indicator, territory.unbong, 5)
    client, town = signed_in(of_namwon), territory.unbong.pk
    given = {name: values[0] for name, values in inputs(client.get(GRID)).items()}
    IndicatorValue.objects.filter(pk=kept.pk).update(value=7, updated_by=administrator)
    assert client.post(GRID, given).status_code == 302
    assert live(indicator) == {town: Decimal(7)}
    clash = client.post(GRID, {**given, f"value-{town}": "9"})
    assert clash.status_code == 422
    assert "changed this meanwhile" in text(clash)
    assert live(indicator) == {town: Decimal(7)}


def test_a_coordinator_of_one_town_is_offered_that_town_and_writes_no_other(
    territory: Territory, of_unbong: User
) -> None:
    indicator = make_indicator("visits")
    client = signed_in(of_unbong)
    assert "주천면" not in text(client.get(GRID))
    other = territory.jucheon.pk
    client.post(GRID, {f"value-{other}": "9", f"evidence-{other}": ""})
    assert live(indicator) == {}


def test_values_of_a_formula_are_not_entered(territory: Territory, of_namwon: User) -> None:
    make_indicator("a")
    make_indicator("visits", formula="a * 2")
    response = signed_in(of_namwon).post(GRID, {f"value-{territory.unbong.pk}": "3"})
    assert not IndicatorValue.objects.exists()
    assert "Its values follow from a formula" in text(response)


def upload(client: Client, content: bytes, name: str = "표.csv", **values: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/indicators/visits/import/", {"city": NAMWON, "file": file, **values})


def test_a_table_is_looked_at_and_then_written_whole_and_once(territory: Territory, of_namwon: User) -> None:
    indicator = make_indicator("visits")
    make_value(indicator, territory.jucheon, 4)
    make_value(indicator, territory.suji, 6)
    table = "읍면동,코드,기간,값,근거\n운봉읍,,2019,12,대장\n주천면,,2019,5,\n,4519032000,2019,6,\n"
    client = signed_in(of_namwon)
    seen = client.get(upload(client, table.encode("cp949"))["Location"])
    assert "1 new, 1 changed, 1 as they are." in text(seen)
    assert live(indicator)[territory.jucheon.pk] == 4
    path, digest = seen.request["PATH_INFO"] + "?" + seen.request["QUERY_STRING"], inputs(seen)["digest"][0]
    assert client.post(path, {"digest": digest}).status_code == 302
    assert live(indicator) == {territory.unbong.pk: 12, territory.jucheon.pk: 5, territory.suji.pk: 6}
    again = client.post(path, {"digest": digest})
    assert again.status_code == 302
    assert "import" in again["Location"]


def test_one_faulty_row_is_named_and_nothing_of_the_table_is_written(territory: Territory, of_namwon: User) -> None:
    indicator = make_indicator("visits")
    client = signed_in(of_namwon)
    table = "읍면동,2018,2019\n운봉읍,1,2\n없는면,3,4\n주천면,5,여섯\n"
    seen = client.get(upload(client, table.encode())["Location"])
    said = text(seen)
    assert "3 읍면동 There is no such town in this city: “없는면”." in said
    assert "4 2019 “여섯” is no number" in said
    refused = client.post(
        seen.request["PATH_INFO"] + "?" + seen.request["QUERY_STRING"], {"digest": inputs(seen)["digest"][0]}
    )
    assert refused.status_code == 422
    assert live(indicator) == {}


def test_a_table_is_not_written_when_values_changed_since_it_was_looked_at(
    territory: Territory, of_namwon: User
) -> None:
    indicator = make_indicator("visits")
    client = signed_in(of_namwon)
    seen = client.get(upload(client, "읍면동,값\n운봉읍,1\n".encode(), period="2019년")["Location"])
    make_value(indicator, territory.unbong, 8)
    path = seen.request["PATH_INFO"] + "?" + seen.request["QUERY_STRING"]
    assert client.post(path, {"digest": inputs(seen)["digest"][0]}).status_code == 409
    assert live(indicator) == {territory.unbong.pk: Decimal(8)}


def test_a_town_elsewhere_than_in_the_persons_area_is_refused_by_row(territory: Territory, of_unbong: User) -> None:
    make_indicator("visits")
    client = signed_in(of_unbong)
    seen = client.get(upload(client, "읍면동,값\n주천면,1\n".encode(), period="2019")["Location"])
    assert "This lies outside the area in which you may change records." in text(seen)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("값,기간\n1,2019\n", "The table has no column “town” or “code”."),
        ("읍면동,값\n운봉읍,1\n", "choose the period for all rows"),
        ("", "The submitted file is empty."),
    ],
)
def test_a_table_that_cannot_be_used_is_told_where_it_is_uploaded(
    territory: Territory, of_namwon: User, content: str, told: str
) -> None:
    make_indicator("visits")
    response = upload(signed_in(of_namwon), content.encode())
    assert response.status_code == 422
    assert told in text(response)


def test_somebody_elses_upload_cannot_be_opened(territory: Territory, of_namwon: User, administrator: User) -> None:
    make_indicator("visits")
    path = upload(signed_in(of_namwon), "읍면동,2019\n운봉읍,1\n".encode())["Location"]
    assert signed_in(administrator).get(path).status_code == 404


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_exported_is_read_again_as_it_is(territory: Territory, of_namwon: User, language: str) -> None:
    indicator = make_indicator("visits", decimals=2)
    make_value(indicator, territory.unbong, "12.25", evidence="=SUM(A1)")
    make_value(indicator, territory.namwon, 40, "2018-Q3")
    client = signed_in(of_namwon, language)
    book = load_workbook(
        io.BytesIO(b"".join(client.get(f"/indicators/visits/export.xlsx?city={NAMWON}").streaming_content))
    )
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert [row[3] for row in rows[1:]] == [40, 12.25]
    assert rows[2][5] == "'=SUM(A1)"
    csv = b"".join(client.get(f"/indicators/visits/export.csv?city={NAMWON}").streaming_content)
    again = client.get(upload(client, csv)["Location"])
    assert again.context["counts"] == {"new": 0, "changed": 1, "same": 1}
    assert [line.value for line in again.context["table"].lines()] == [Decimal(40), Decimal("12.25")]


def test_a_spreadsheet_is_read_as_a_csv_is(territory: Territory, of_namwon: User) -> None:
    make_indicator("visits")
    book = Workbook()
    for row in (["코드", "2019"], [5219025000, 1234.5]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    client = signed_in(of_namwon)
    seen = client.get(upload(client, file.getvalue(), "표.xlsx")["Location"])
    assert seen.context["counts"]["new"] == 1
    assert seen.context["table"].lines()[0].value == Decimal("1234.5")


def test_lists_cost_the_same_however_many_values_there_are(territory: Territory, viewer: User) -> None:
    client = signed_in(viewer)

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = ("/indicators/", "/indicators/k0/", "/town-work/policies/", "/town-work/outreach/")
    make_value(make_indicator("k0"), territory.unbong, 1)
    few = [cost(path) for path in paths]
    for number in range(1, 9):
        indicator = make_indicator(f"k{number}")
        for town in (territory.unbong, territory.jucheon, territory.suji):
            make_value(indicator, town, number)
    for town in (territory.jucheon, territory.suji, territory.songdong):
        make_value(Indicator.objects.get(key="k0"), town, 3)
    assert [cost(path) for path in paths] == few
    assert max(few) < 20
