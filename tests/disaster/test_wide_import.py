"""A wide stock table: one row per town, one column per item, and two rows that are no towns (must show 7)."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from disaster.models import Balance, Item, Movement, MovementKind
from gis_core.models import Role
from tests.disaster.counts_support import adds_up, csv_file, held, make_item, stock, xlsx_file
from tests.factories import make_depot, make_territory, make_user, place

pytestmark = pytest.mark.django_db

HEAD = "읍면동,수중펌프(대),모래주머니,삽"
TABLE = (HEAD, '운봉읍,4,"1,100",-', "주천면,6,1300매,50", "수지면,0,,40", '합계,10,"2,400",90', "※ 창고 이전 중,,,")


@pytest.fixture(autouse=True)
def in_english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def items(db):
    return make_item("수중펌프", "대"), make_item("모래주머니", "매", name_en="Sandbag"), make_item("삽", "자루")


@pytest.fixture
def depots(territory, items):
    return make_depot(place(100, 100)), make_depot(place(2500, 100)), make_depot(place(100, 2500))


def uploaded(client, file, day=None, city="5219000000"):
    day = day or timezone.localdate()
    answer = client.post(reverse("stock-import"), {"city": city, "day": day.isoformat(), "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def filled(answer):
    """What the page's form would send, as it stands."""
    preview, data = answer.context["preview"], {"digest": answer.context["preview"].digest}
    for column in answer.context["columns"]:
        data[f"col-{column['index']}"] = column["role"]
        data |= {f"name-{column['index']}": column["name"], f"unit-{column['index']}": column["unit"]}
    for row in preview.rows:
        if row.depot or row.kind == "place":
            data[f"row-{row.number}"] = row.depot.pk if row.depot else 0 if row.reason else ""
    data["out"] = [each.key for each in preview.refused if each.is_out]
    return data


def shown(client, address, **changes):
    page = client.get(address)
    return client.post(address, {**filled(page), **changes}) if changes else page


def write(client, address, **changes):
    """As a person: look with these choices, then write what was shown."""
    page = shown(client, address, **changes)
    return client.post(address, {**filled(page), "write": "1"})


def test_a_table_is_shown_from_what_to_what_and_then_written(client, depots, items, officer):
    pump, sandbags, shovel = items
    stock(officer, depots[0], pump, 3)
    client.force_login(officer)
    address = uploaded(client, csv_file(*TABLE))
    page = client.get(address)
    left_out = {row.number: row.reason for row in page.context["preview"].rows if row.reason}
    assert left_out == {5: "a total, not a town", 6: "a note, not a town"}
    text = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
    assert re.search(r"3 → +4\b", text)
    assert re.search(r"unknown +→ +1,100\b", text)
    assert Movement.objects.count() == 1, "looking writes nothing"
    assert write(client, address).status_code == 302
    assert held(depots[0], pump) == {"usable": 4}
    assert held(depots[0], sandbags) == {"usable": 1100}
    assert held(depots[1], sandbags) == {"usable": 1300}
    assert held(depots[0], shovel) == {}, "a stroke says nothing"
    assert held(depots[2], sandbags) == {}, "an empty cell says nothing"
    assert held(depots[2], pump) == {"usable": 0}, "zero is known to be none"
    assert sorted(Movement.objects.values_list("kind", flat=True)) == ["adjust", "receive", "receive"]
    assert adds_up()


def test_a_confirmation_sent_twice_is_written_once(client, depots, items, officer):
    client.force_login(officer)
    address = uploaded(client, csv_file(*TABLE))
    data = {**filled(client.get(address)), "write": "1"}
    for _time in range(3):
        assert client.post(address, data).status_code == 302
    assert held(depots[1], items[1]) == {"usable": 1300}
    assert Movement.objects.count() == 1


def test_what_changed_since_the_look_is_shown_again_and_not_written(client, depots, items, officer):
    client.force_login(officer)
    address = uploaded(client, csv_file(*TABLE))
    data = {**filled(client.get(address)), "write": "1"}
    stock(officer, depots[0], items[0], 9)
    answer = client.post(address, data)
    assert answer.status_code == 409
    assert held(depots[0], items[0]) == {"usable": 9}
    assert Movement.objects.count() == 1


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-3", "below zero"), ("△3", "below zero"), ("2.5", "not a whole number"), ("몇 개", "not a number"),
        ("3매", "is counted in 대"), ("99999999999", "more than"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_taken_is_named_and_stops_everything(client, depots, items, officer, cell, reason):
    client.force_login(officer)
    address = uploaded(client, csv_file(HEAD, f"운봉읍,{cell},100,1", "주천면,1,2,3"))
    page = client.get(address)
    [refused] = page.context["preview"].refused
    assert (refused.row, refused.heading) == (2, "수중펌프(대)")
    assert reason in refused.reason
    assert "Row 2, 수중펌프(대)" in page.content.decode()
    assert client.post(address, {**filled(page), "write": "1"}).status_code == 409
    assert not Balance.objects.exists()
    assert write(client, address, out=[refused.key]).status_code == 302
    assert held(depots[0], items[0]) == {}
    assert held(depots[0], items[1]) == {"usable": 100}


def test_a_column_in_another_unit_is_not_taken(client, depots, items, officer):
    client.force_login(officer)
    for lines in (("읍면동,모래주머니(톤)", "운봉읍,3"), ("읍면동,모래주머니,삽", "단위,톤,자루", "운봉읍,3,1")):
        address = uploaded(client, csv_file(*lines))
        page = client.get(address)
        assert "모래주머니" in " ".join(page.context["preview"].questions)
        assert client.post(address, {**filled(page), "write": "1"}).status_code == 409
    assert not Balance.objects.exists()


def test_a_new_item_is_made_from_the_preview_with_its_unit(client, depots, items, officer):
    client.force_login(officer)
    address = uploaded(client, csv_file("읍면동,양수호스(롤),수중펌프", "운봉읍,3,1"))
    assert client.get(address).context["left_out"] == ["양수호스(롤)"]
    page = shown(client, address, **{"col-1": "new", "name-1": "", "unit-1": ""})
    assert page.context["preview"].questions == [], "the heading tells name and unit"
    assert write(client, address, **{"col-1": "new", "name-1": "양수호스", "unit-1": "롤"}).status_code == 302
    made = Item.objects.get(name="양수호스")
    assert (made.unit, held(depots[0], made)) == ("롤", {"usable": 3})
    again = uploaded(client, csv_file("읍면동,양수호스(롤),수중펌프", "주천면,5,1"))
    assert client.get(again).context["columns"][1]["item"] == made.pk, "next time it is known"


def test_a_town_with_several_depots_is_asked_for_once(client, depots, items, officer):
    second = make_depot(place(300, 300))
    client.force_login(officer)
    address = uploaded(client, csv_file(HEAD, "운봉읍,1,2,3"))
    page = client.get(address)
    assert "Row 2 (운봉읍): choose the depot" in " ".join(page.context["preview"].questions)
    assert write(client, address, **{"row-2": second.pk}).status_code == 302
    assert held(second, items[0]) == {"usable": 1}
    page = client.get(uploaded(client, csv_file(HEAD, "운봉읍,5,2,3")))
    assert page.context["preview"].rows[0].depot == second, "and remembered"


def test_the_kind_of_depot_is_said_once_for_all_towns(client, depots, items, officer):
    snow = [make_depot(place(300, 300), kind="snow"), make_depot(place(2700, 300), kind="snow")]
    client.force_login(officer)
    address = uploaded(client, csv_file(HEAD, "운봉읍,1,2,3", "주천면,4,5,6", "수지면,7,8,9"))
    page = shown(client, address, kind="snow")
    assert [row.depot for row in page.context["preview"].rows] == [*snow, depots[2]]


def test_towns_are_found_by_code_or_by_name_within_the_city_only(client, depots, items, officer, territory):
    make_depot(place(4500, 500))
    client.force_login(officer)
    lines = (
        "5219025000,1,,",
        "45190310,2,,",
        "전라북도 남원시 수지면,3,,",
        "순창읍,4,,",
        "순창군 운봉읍,5,,",
        "남원시,6,,",
    )
    preview = client.get(uploaded(client, csv_file(HEAD, *lines))).context["preview"]
    assert [row.depot for row in preview.rows] == [*depots, None, None, None]
    assert all("no town of 남원시" in row.reason for row in preview.rows[3:])


def test_two_rows_or_two_columns_for_one_thing_are_not_added_up(client, depots, items, officer):
    client.force_login(officer)
    address = uploaded(client, csv_file("읍면동,수중펌프,펌프,삽", "운봉읍,1,2,3", "운봉읍,4,5,6"))
    page = shown(client, address, **{"col-2": f"item-{items[0].pk}"})
    questions = " ".join(page.context["preview"].questions)
    assert "both 수중펌프" in questions
    assert "Rows 2 and 3 are both" in questions
    assert client.post(address, {**filled(page), "write": "1"}).status_code == 409
    assert not Balance.objects.exists()


def test_what_is_kept_by_lots_is_not_taken_from_a_lot_by_guess(client, depots, items, officer):
    stock(officer, depots[0], items[1], 100, code="2025-1")
    client.force_login(officer)
    preview = client.get(uploaded(client, csv_file(HEAD, "운봉읍,,60,"))).context["preview"]
    assert "only a count can say" in preview.refused[0].reason
    more = uploaded(client, csv_file(HEAD, "운봉읍,,130,"))
    assert write(client, more).status_code == 302
    assert held(depots[0], items[1]) == {"2025-1usable": 100, "usable": 30}


def test_a_day_before_a_count_is_refused_by_cell(client, depots, items, officer):
    today = timezone.localdate()
    stock(officer, depots[0], items[0], 3, day=today - timedelta(days=9))
    Balance.objects.update(counted_on=today)
    client.force_login(officer)
    address = uploaded(client, csv_file(HEAD, "운봉읍,5,,"), day=today - timedelta(days=1))
    assert "counted on" in client.get(address).context["preview"].refused[0].reason


def test_a_past_day_changes_what_was_held_on_that_day(client, depots, items, officer):
    today = timezone.localdate()
    stock(officer, depots[0], items[0], 10, day=today - timedelta(days=9))
    stock(officer, depots[0], items[0], -4)
    client.force_login(officer)
    low = uploaded(client, csv_file(HEAD, "운봉읍,3,,"), day=today - timedelta(days=2))
    assert "need at least 4" in client.get(low).context["preview"].refused[0].reason
    assert (
        write(client, uploaded(client, csv_file(HEAD, "운봉읍,8,,"), day=today - timedelta(days=2))).status_code == 302
    )
    assert held(depots[0], items[0]) == {"usable": 4}
    assert Movement.objects.get(kind=MovementKind.ADJUST).occurred_on == today - timedelta(days=2)


def test_the_same_table_in_cp949_or_of_a_spreadsheet_means_the_same(client, depots, items, officer):
    client.force_login(officer)
    rows = [
        ["남원시 보유 현황"],
        ["읍면동", "수중펌프", "모래주머니"],
        ["운봉읍", 4, 1100.0],
        ["주천면", None, 2.5],
        ["계", 4, 1102.5],
    ]
    preview = client.get(uploaded(client, xlsx_file(*rows))).context["preview"]
    assert [(each.row, each.after) for each in preview.changes] == [(3, 4), (3, 1100)]
    assert [(each.row, each.text) for each in preview.refused] == [(4, "2.5")]
    preview = client.get(uploaded(client, csv_file(*TABLE, encoding="cp949"))).context["preview"]
    assert [each.after for each in preview.changes] == [4, 1100, 6, 1300, 50, 0, 40]


def test_a_keeper_writes_their_own_town_and_nobody_elses(client, depots, items, territory, viewer):
    client.force_login(make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong)))
    address = uploaded(client, csv_file(*TABLE))
    page = client.get(address)
    assert [row.depot for row in page.context["preview"].rows][:3] == [depots[0], None, None]
    forged = {**filled(page), "row-3": depots[1].pk}
    assert client.post(address, {**forged, "write": "1"}).status_code == 302
    assert held(depots[0], items[0]) == {"usable": 4}
    assert held(depots[1], items[0]) == {}
    client.force_login(viewer)
    assert client.get(reverse("stock-import")).status_code == 403
    assert client.get(address).status_code == 403


def test_nonsense_in_the_form_writes_nothing(client, depots, items, officer):
    client.force_login(officer)
    address = uploaded(client, csv_file(*TABLE))
    data = {"col-0": "item-99999999999999999999", "col-1": "item-x", "col-2": "place", "row-2": "-1", "row-3": "9" * 30,
            "out": ["x", "1:2:3"], "digest": "no", "write": "1"}  # fmt: skip
    assert client.post(address, data).status_code == 409
    assert client.get(address.replace("day=", "day=x")).status_code == 404
    assert not Balance.objects.exists()


def test_the_example_that_comes_with_the_demo_can_be_brought(client, depots, items, officer, territory):
    make_depot(place(2500, 2500))
    make_item("천막", "장")
    client.force_login(officer)
    data = (Path(__file__).parents[2] / "fixtures" / "stock_wide_example.csv").read_bytes()
    address = uploaded(client, SimpleUploadedFile("stock_wide_example.csv", data))
    page = client.get(address)
    reasons = {row.label[:2]: row.reason for row in page.context["preview"].rows if row.reason}
    assert set(reasons) == {"단위", "합계", "※ "}
    assert page.context["left_out"] == ["양수호스"]
    assert write(client, address).status_code == 302
    assert held(depots[0], items[1]) == {"usable": 1100}


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_write_once():
    make_territory()
    depot, pump = make_depot(place(100, 100)), make_item("수중펌프", "대")
    officer = make_user("officer", (Role.DISASTER_OFFICER, None))
    from django.test import Client

    client = Client()
    client.force_login(officer)
    address = uploaded(client, csv_file("읍면동,수중펌프,호스(롤)", "운봉읍,4,2"))
    data = {
        **filled(client.post(address, {"col-0": "place", "col-1": f"item-{pump.pk}", "col-2": "new"})),
        "write": "1",
    }
    start, answers = threading.Barrier(3), []

    def confirm():
        mine = Client()
        mine.cookies = client.cookies
        try:
            start.wait()
            answers.append(mine.post(address, data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [302] * 3
    assert held(depot, pump) == {"usable": 4}
    assert Movement.objects.count() == 1
    assert Item.objects.filter(name="호스").count() == 1
