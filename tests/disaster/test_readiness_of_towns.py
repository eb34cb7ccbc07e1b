"""What is recorded about towns becomes their readiness: today, on a past day, and kept for the trend."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from disaster.demo import readiness as demo
from disaster.models import Depot, Item, Lot, ReadinessScore, RepairTask, Responder
from disaster.querysets_people import trained_people
from disaster.querysets_working import working_stock
from disaster.services.readiness import gather, keep, of_town, of_towns
from disaster.words import readiness as words
from tests.disaster.readiness_support import (
    ago,
    make_class,
    make_inspection,
    make_item,
    make_ready,
    make_repair,
    make_season,
    make_standard,
    receive,
    today,
    train,
)
from tests.factories import Territory, make_depot, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(territory: Territory) -> Depot:
    return make_depot(place(500, 500))


def score(depot: Depot, day: date | None = None) -> float | None:
    return of_town(depot.area, "flood", day or today()).score


def test_a_town_with_all_that_is_asked_for_is_wholly_ready(depot: Depot) -> None:
    make_ready(depot)
    assert score(depot) == 1


def test_a_town_is_measured_against_the_standard_in_force(depot: Depot) -> None:
    item = make_ready(depot)
    make_inspection(depot, ago(5))
    make_standard(item, 12, today(), depot=depot)
    assert score(depot) == 0.5
    assert score(depot, ago(1)) == 1


def test_a_standard_of_the_town_counts_over_all_its_depots(depot: Depot) -> None:
    item = make_ready(depot)
    make_standard(item, 12, area=depot.area)
    assert score(depot) == 0.5
    other = make_depot(place(600, 600))
    receive(other, item, 6, ago(3))
    make_inspection(other, ago(3))
    assert score(depot) == 1


def test_an_item_no_longer_asked_for_is_left_out(depot: Depot) -> None:
    item = make_item("로프", "Rope", item_class=None)
    make_standard(item, 3, depot=depot)
    assert of_town(depot.area, "flood", today()).readiness.is_asked
    make_standard(item, 0, ago(1), depot=depot)
    assert not of_town(depot.area, "flood", today()).readiness.is_asked


def test_an_item_counts_only_for_its_own_hazards(depot: Depot) -> None:
    make_ready(depot)
    assert of_town(depot.area, "snow", today()).readiness.is_asked is False
    assert of_town(depot.area, "snow", today()).score is None


def test_pumps_in_repair_or_held_up_by_a_task_do_not_count(depot: Depot) -> None:
    make_ready(depot)
    task = make_repair(depot, item=Item.objects.get(name="수중펌프"), quantity=2)
    found = of_town(depot.area, "flood", today())
    assert found.score == pytest.approx(4 / 6)
    assert found.parts[0].in_repair == 2
    task.state = "done"
    task.save()
    assert score(depot) == 1


@pytest.mark.parametrize("names", ["lot", "item", "class", "depot"])
def test_what_works_is_what_the_operations_room_says_works(depot: Depot, names: str) -> None:
    item = make_ready(depot)
    lot = Lot.objects.get(item=item)
    target: dict[str, Any] = {"lot": {"lot": lot}, "item": {"item": item}, "class": {"item_class": make_class()}}.get(
        names, {}
    )
    make_repair(depot, quantity=2, **target)
    make_repair(depot, quantity=1, blocks=False, **target)
    working = {each.item_id: each.working for each in working_stock(today())}
    part = of_town(depot.area, "flood", today()).parts[0]
    assert part.usable == working[item.pk] == 4


def test_a_past_day_is_measured_from_the_ledger_as_it_was(depot: Depot) -> None:
    item = make_item()
    make_standard(item, 6, depot=depot)
    receive(depot, item, 3, ago(60))
    receive(depot, item, 3, ago(20))
    make_inspection(depot, ago(60))
    train(depot.area, 2, ago(70))
    assert score(depot, ago(61)) is None
    assert score(depot, ago(30)) == 0.5
    assert score(depot, ago(10)) == 1


def test_a_past_day_knows_the_repairs_that_were_open_then(depot: Depot) -> None:
    item = make_ready(depot)
    make_inspection(depot, ago(30))
    make_repair(depot, item=item, quantity=3, inspection=make_inspection(depot, ago(20), result="failed"), state="done")
    RepairTask.objects.update(closed_at=timezone.now() - timedelta(days=5))
    train(depot.area, 2, ago(50))
    assert of_town(depot.area, "flood", ago(10)).parts[0].usable == 3
    assert of_town(depot.area, "flood", ago(4)).parts[0].usable == 6
    assert of_town(depot.area, "flood", ago(25)).parts[0].usable == 6


def test_an_inspection_of_one_lot_says_nothing_of_the_others(depot: Depot) -> None:
    item = make_item()
    make_standard(item, 6, depot=depot)
    seen = receive(depot, item, 3, ago(60), code="A")
    receive(depot, item, 3, ago(60), code="B")
    train(depot.area, 2, ago(10))
    make_inspection(depot, today(), lot=seen.lot)
    found = of_town(depot.area, "flood", today()).parts[0]
    assert (found.low, found.high, found.never) == (0.5, 1, 3)


def test_a_failed_inspection_freshens_nothing(depot: Depot) -> None:
    item = make_item()
    make_standard(item, 6, depot=depot)
    receive(depot, item, 6, ago(60))
    train(depot.area, 2, ago(10))
    make_inspection(depot, today(), result="failed")
    assert score(depot) is None
    make_inspection(depot, ago(180))
    assert score(depot) == 0.5


def test_people_are_unknown_until_somebody_is_recorded_and_then_not_trained(depot: Depot) -> None:
    item = make_item()
    make_standard(item, 6, depot=depot)
    receive(depot, item, 6, ago(60))
    make_inspection(depot, today())
    assert score(depot) is None
    Responder.objects.create(name="이장", area=depot.area)
    assert score(depot) == 0


def test_training_that_lapsed_or_people_who_cannot_be_called_do_not_count(depot: Depot) -> None:
    make_ready(depot)
    Responder.objects.filter(pk=Responder.objects.first().pk).update(is_available=False)
    assert score(depot) == 0.5
    Responder.objects.update(is_available=False)
    train(depot.area, 1, ago(400))
    assert score(depot) == 0


def test_who_can_run_a_pump_today_is_who_the_training_room_says(depot: Depot) -> None:
    make_ready(depot)
    train(depot.area, 3, ago(365))
    train(depot.area, 2, ago(400))
    counted = trained_people(today())[depot.area.pk, make_class().pk]
    assert of_town(depot.area, "flood", today()).parts[0].trained == counted == 5


def test_a_forecast_to_the_season_ages_what_is_there(depot: Depot) -> None:
    make_ready(depot)
    begin = today() + timedelta(days=180)
    make_season(begins=(begin.month, begin.day), ends=(begin.month, begin.day))
    found = of_town(depot.area, "flood", today())
    assert found.forecast is not None
    assert (found.score, found.forecast_day) == (1, begin)
    assert found.forecast.score == pytest.approx(0.5)
    assert found.falls[0].day == today() + timedelta(days=121)


def test_all_towns_take_as_many_statements_as_one(depot: Depot, territory: Territory) -> None:
    make_ready(depot)

    def statements(areas: list[Any], day: date) -> int:
        with CaptureQueriesContext(connection) as found:
            for each in of_towns(areas, "flood", day).values():
                assert each.sentence
                assert each.forecast_sentence
        return len(found)

    one = statements([depot.area], today())
    one_past = statements([depot.area], ago(5))
    for number, area in enumerate(territory.towns[1:]):
        other = make_depot(place(500 + 2000 * (number % 2), 500), area=area)
        item = make_item(f"물품 {number}", f"Item {number}")
        make_standard(item, 2, depot=other)
        receive(other, item, 1, ago(9))
        make_repair(other, item=item, quantity=1)
    assert statements(list(territory.towns), today()) == one <= 9
    assert statements(list(territory.towns), ago(5)) == one_past <= 9


def test_scores_kept_twice_a_day_are_kept_once_and_renewed(depot: Depot) -> None:
    make_ready(depot)
    assert keep() == 1
    Responder.objects.update(is_available=False)
    call_command("keep_readiness")
    kept = ReadinessScore.objects.get()
    assert (kept.score, kept.day, kept.hazard) == (0, today(), "flood")
    assert kept.parts["items"][0]["people"] == [0, 0]


def test_an_unknown_score_is_kept_as_unknown(depot: Depot) -> None:
    make_standard(make_item(), 6, depot=depot)
    keep()
    assert ReadinessScore.objects.get().score is None


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "2999-01-01"])
def test_a_day_that_is_none_or_has_not_come_is_not_kept(depot: Depot, day: str) -> None:
    with pytest.raises(CommandError):
        call_command("keep_readiness", day=day)


def sentences(depot: Depot) -> tuple[str, str]:
    found = of_town(depot.area, "flood", today())
    with translation.override("en"):
        english = found.sentence
    with translation.override("ko"):
        return english, found.sentence


def one_sentence(text: str) -> bool:
    return text.count(". ") == 0 and text.endswith(".") and "%(" not in text and "{" not in text


CASES = ["short", "stale", "untrained", "nothing known", "partly known", "ready", "nothing asked"]


@pytest.mark.parametrize("case", CASES)
def test_every_number_explains_itself_in_one_sentence_in_both_languages(depot: Depot, case: str) -> None:
    item = make_item()
    if case != "nothing asked":
        make_standard(item, 6, depot=depot)
    if case not in {"nothing known", "nothing asked"}:
        receive(depot, item, 3 if case == "short" else 6, ago(200))
        make_inspection(depot, ago(180) if case == "stale" else today())
        train(depot.area, 1 if case == "untrained" else 2, ago(30))
    if case == "short":
        receive(depot, item, 2, ago(100), condition="repair")
        receive(depot, item, 1, ago(100), code="old", expires_on=ago(1))
    if case == "partly known":
        make_standard(make_item("발전기", "Generator"), 1, depot=depot)
    english, korean = sentences(depot)
    assert one_sentence(english)
    assert one_sentence(korean)
    assert english != korean
    expected = {
        "short": ("50", "3 of 6", "2 in repair", "1 expired"),
        "stale": ("50", "180 days"),
        "untrained": ("50", "1 of 2"),
        "nothing known": ("unknown", "1 of 1"),
        "partly known": ("100", "1 of 2"),
        "ready": ("100", "all 1"),
        "nothing asked": ("no item",),
    }[case]
    assert all(part in english for part in expected), english
    numbers = [part for text in expected for part in text.split() if part.isdecimal()]
    assert all(number in korean for number in numbers), korean


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_factor_of_each_item_is_told_with_its_numbers(depot: Depot, language: str) -> None:
    item = make_ready(depot)
    make_repair(depot, item=item, quantity=2)
    found = of_town(depot.area, "flood", today())
    with translation.override(language):
        told = words.part_sentence(found.parts[0], item)
        factors = [words.factor_text(found.parts[0], name, item) for name, _factor in found.parts[0].factors]
        assert one_sentence(told)
        assert "4" in told
        assert "6" in told
        assert len(set(factors)) == 3
        assert one_sentence(found.forecast_sentence)
        assert words.to_do(found.parts[0], item)


def test_every_day_of_the_demo_can_be_kept_again(depot: Depot) -> None:
    make_ready(depot)
    assert len(demo.days(date(2026, 11, 28))) == 13
    assert demo.days(date(2026, 11, 1))[-1] == date(2026, 11, 1)
    assert demo.load()["readiness scores"] == len(demo.days(today()))
    assert demo.load() == {"readiness scores": 0}
    assert gather(None, today()).town(depot.area.pk, "flood").score == score(depot)
