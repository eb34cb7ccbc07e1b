"""The pages of readiness: map and table of a city, a town, the file, and what waits on the home page."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.models import ReadinessScore
from disaster.services.readiness import keep
from disaster.todos_readiness import readiness_todos
from gis_core.models import Role, User
from tests.disaster.readiness_support import (
    ago,
    make_inspection,
    make_item,
    make_ready,
    make_season,
    make_standard,
    receive,
    today,
    train,
)
from tests.factories import Territory, make_depot, make_user, place
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db
PAGE = "/disaster/readiness/"


@pytest.fixture
def towns(territory: Territory) -> Territory:
    """운봉읍 is ready, 주천면 half, of 수지면 nothing is recorded, 송동면 is asked for nothing."""
    make_ready(make_depot(place(500, 500)))
    half = make_depot(place(2500, 500))
    make_standard(make_item(), 6, depot=half)
    receive(half, make_item(), 3, ago(100))
    make_inspection(half, today())
    train(half.area, 2, ago(10))
    make_standard(make_item(), 6, depot=make_depot(place(500, 2500)))
    make_depot(place(2500, 2500))
    return territory


def table(response: Any) -> list[str]:
    return re.findall(r'<th scope="row" class="first[^"]*">.*?<a [^>]*>(.*?)</a>', response.content.decode())


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_table_of_a_city_tells_the_worst_first_and_the_unknown_after(
    officer: User, towns: Territory, language: str
) -> None:
    page = signed_in(officer, language).get(PAGE, {"hazard": "flood", "city": towns.namwon.mois_code})
    assert page.status_code == 200
    assert table(page) == ["주천면", "운봉읍", "수지면", "송동면"]
    told = text(page)
    assert "50%" in page.content.decode()
    assert ("only 3 of 6 can be used" if language == "en" else "6대 중 3대만") in told


def test_the_map_hatches_what_is_unknown_and_leads_to_each_town(officer: User, towns: Territory) -> None:
    body = signed_in(officer).get(PAGE, {"hazard": "flood"}).content.decode()
    picture = body[body.index("<svg", body.index("readiness-map")) :]
    for area, fill in [(towns.suji, "url(#unknown-hatch)"), (towns.unbong, "#2a6ea6"), (towns.songdong, "#f0f1f2")]:
        place_of = picture.index(f"{PAGE}{area.mois_code}/")
        assert fill in picture[place_of : place_of + 400]


def test_the_map_can_show_the_forecast(officer: User, towns: Territory) -> None:
    begin = today().replace(day=1)
    make_season(begins=(begin.month, 1), ends=((begin.month + 8) % 12 + 1, 1))
    client = signed_in(officer)
    now = client.get(PAGE, {"hazard": "flood"}).content.decode()
    then = client.get(PAGE, {"hazard": "flood", "when": "season"}).content.decode()
    assert '#2a6ea6"' in now
    assert now.count("운봉읍 100") > then.count("운봉읍 100")


def test_an_officer_of_one_town_sees_that_town_only(towns: Territory) -> None:
    user = make_user("keeper", (Role.DISASTER_OFFICER, towns.unbong))
    client = signed_in(user)
    assert table(client.get(PAGE, {"hazard": "flood"})) == ["운봉읍"]
    assert client.get(f"{PAGE}{towns.unbong.mois_code}/").status_code == 200
    assert client.get(f"{PAGE}{towns.jucheon.mois_code}/").status_code == 404


def test_who_sees_no_depots_sees_no_readiness(surveyor: User, towns: Territory) -> None:
    client = signed_in(surveyor)
    for url in (PAGE, f"{PAGE}table.csv", f"{PAGE}{towns.unbong.mois_code}/"):
        assert client.get(url).status_code == 403
    assert signed_in(None).get(PAGE).status_code == 302


@pytest.mark.parametrize("query", [{"hazard": "locusts"}, {"city": "x"}, {"hazard": "", "city": "", "when": "never"}])
def test_choices_that_do_not_exist_fall_back_to_ones_that_do(officer: User, towns: Territory, query: Any) -> None:
    assert signed_in(officer).get(PAGE, query).status_code == 200


def test_a_city_without_depots_says_so(officer: User, territory: Territory) -> None:
    assert "No town with depots" in text(signed_in(officer).get(PAGE))


def test_a_towns_page_tells_each_items_factors_what_to_do_and_the_trend(officer: User, towns: Territory) -> None:
    for days in (60, 30):
        ReadinessScore.objects.create(
            area=towns.jucheon, hazard="flood", day=ago(days), score=0.25, parts={"low": 0.25, "high": 0.25}
        )
    page = signed_in(officer).get(f"{PAGE}{towns.jucheon.mois_code}/")
    told = text(page)
    assert "Readiness 50" in told
    assert "only 3 of 6 can be used" in told
    assert "2 trained people where 2 are needed" in told
    assert "Procure 3 of Submersible pump" in told
    assert page.content.decode().count("<circle") == 2
    assert "25" in told


def test_a_towns_page_asks_as_many_statements_however_many_items_it_has(officer: User, towns: Territory) -> None:
    client = signed_in(officer)
    url = f"{PAGE}{towns.jucheon.mois_code}/"
    client.get(url)

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    before = statements()
    depot = make_depot(place(2600, 600))
    for number in range(6):
        item = make_item(f"물품 {number}", f"Item {number}")
        make_standard(item, 2, depot=depot)
        receive(depot, item, 1, ago(9))
    assert statements() == before


def test_the_page_of_a_city_asks_as_many_statements_for_four_towns_as_for_one(
    officer: User, territory: Territory
) -> None:
    client = signed_in(officer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE, {"hazard": "flood"}).status_code == 200
        return len(found)

    make_ready(make_depot(place(500, 500)))
    statements()
    before = statements()
    for east, north in ((2500, 500), (500, 2500), (2500, 2500)):
        depot = make_depot(place(east, north))
        make_standard(make_item(), 3, depot=depot)
        receive(depot, make_item(), 1, ago(9))
    assert statements() == before


def test_the_file_leaves_unknown_cells_empty(officer: User, towns: Territory) -> None:
    answer = signed_in(officer).get(f"{PAGE}table.csv", {"hazard": "flood"})
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row["Town"].split()[-1]: row for row in csv.DictReader(io.StringIO(body))}
    assert rows["주천면"]["Readiness (%)"] == "50.0"
    assert rows["수지면"]["Readiness (%)"] == ""
    assert rows["수지면"]["Items not known"] == "1"
    assert "unknown" in rows["수지면"]["Why"]


def test_officers_are_told_of_towns_that_are_not_ready_when_the_season_is_near(
    officer: User, viewer: User, towns: Territory
) -> None:
    depot = make_depot(place(2600, 600))
    make_standard(make_item("로프", "Rope", item_class=None), 10, depot=depot)
    receive(depot, make_item("로프"), 1, ago(50))
    begin = timezone.localdate()
    make_season(begins=(begin.month, 1), ends=(begin.month, 31))
    assert readiness_todos(officer) == []
    keep()
    found = [(todo.count, str(todo.detail)) for todo in readiness_todos(officer)]
    assert found[0][0] == 1
    assert "주천면" in found[0][1]
    assert found[1][0] == 1
    assert readiness_todos(viewer) == []
