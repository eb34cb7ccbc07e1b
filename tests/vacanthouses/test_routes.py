"""A crew's day: what fits into it, one route for each crew and day, and nothing lost between two managers."""

import random
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core.editing.errors import Conflict, Invalid, NotAllowed
from gis_core.models import User
from tests.factories import Territory, geos, make_house, make_organisation, make_user, place
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses import day_plan
from vacanthouses.models import Campaign, Crew, DayRoute
from vacanthouses.services import routes
from vacanthouses.services.starting_places import places_for

TODAY = timezone.localdate()


def scattered(count: int, seed: int) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    return [(chance.uniform(0, 8000), chance.uniform(0, 6000)) for _ in range(count)]


@settings(max_examples=40)
@given(st.integers(0, 60), st.integers(0, 10_000), st.booleans(), st.floats(60, 600), st.integers(1, 40))
def test_a_proposed_day_is_never_longer_than_the_day_has(
    count: int, seed: int, is_closed: bool, minutes: float, most: int
) -> None:
    houses = scattered(count, seed)
    chosen = day_plan.choose((4000, 3000), houses, is_closed=is_closed, minutes=minutes, each=25, most=most)
    day = day_plan.timetable((4000, 3000), [houses[n] for n in chosen], is_closed=is_closed, each=25)
    assert len(set(chosen)) == len(chosen) <= most
    assert day.minutes <= minutes + 1e-6


def test_a_day_takes_the_village_that_is_near_and_not_a_house_here_and_there() -> None:
    near = [(1000.0 + 20 * n, 0.0) for n in range(6)]
    far = [(-3000.0, 0.0), (0.0, 4000.0), (0.0, -5000.0)]
    chosen = day_plan.choose((0, 0), [*far, *near], is_closed=True, minutes=1000, each=20, most=6)
    assert {n - 3 for n in chosen} == set(range(6))


def test_where_one_house_is_too_far_for_the_day_nothing_is_proposed() -> None:
    assert day_plan.choose((0, 0), [(60_000.0, 0.0)], is_closed=True, minutes=120, each=20, most=5) == ()
    assert day_plan.choose((0, 0), [], is_closed=True, minutes=120, each=20, most=5) == ()


def test_arrivals_tell_of_ways_and_of_the_time_in_houses() -> None:
    leg = 1000 * day_plan.DETOUR
    day = day_plan.timetable((0, 0), [(1000, 0), (2000, 0)], is_closed=True, each=30)
    pace = day_plan.METRES_PER_MINUTE
    assert [each.length_m for each in day.legs] == pytest.approx([leg, leg])
    assert [each.arrives for each in day.legs] == pytest.approx([leg / pace, 2 * leg / pace + 30])
    assert (day.back_m, day.length_m) == pytest.approx((2 * leg, 4 * leg))
    assert day.minutes == pytest.approx(4 * leg / pace + 60)
    opened = day_plan.timetable((0, 0), [(1000, 0), (2000, 0)], is_closed=False, each=30)
    assert (opened.back_m, opened.length_m) == pytest.approx((0, 2 * leg))
    assert day_plan.house_minutes(day.minutes, day.length_m, 2) == pytest.approx(30)


def test_a_further_house_is_put_where_it_lengthens_the_way_least() -> None:
    stops = [(1000.0, 0.0), (3000.0, 0.0)]
    assert day_plan.best_place((0, 0), stops, (2000, 10), is_closed=False) == 1
    assert day_plan.best_place((0, 0), stops, (4000, 0), is_closed=False) == 2
    assert day_plan.best_place((0, 0), [], (4000, 0), is_closed=False) == 0


def crew_with_houses(territory: Territory, count: int = 6) -> tuple[Campaign, Crew, list[Any]]:
    campaign = make_campaign(territory.namwon)
    crew = make_crew(territory.unbong, start=geos(place(100, 100)))
    return campaign, crew, assign(campaign, [make_house(place(200 * n + 300, 500)) for n in range(count)], crew)


def draft(crew: Crew, *stops: Any, **changed: Any) -> routes.Draft:
    facts = {"day": TODAY, "is_closed": True, "start": crew.start, "each": 30.0, **changed}
    return routes.Draft(crew, stops=tuple(each.pk for each in stops), **facts)


@pytest.mark.django_db
def test_a_day_is_proposed_of_what_is_to_be_visited_and_planned_for_no_other_day(
    manager: User, territory: Territory
) -> None:
    campaign, crew, rows = crew_with_houses(territory)
    rows[0].done_at = timezone.now()
    rows[0].save()
    routes.save(campaign, manager, draft(crew, rows[1], day=TODAY + timedelta(days=1)), 0)
    found = routes.propose(campaign, draft(crew), 600, 20)
    assert set(found) == {each.pk for each in rows[2:]}


@pytest.mark.django_db
def test_there_is_one_route_for_a_crew_and_day_and_saving_replaces_it(manager: User, territory: Territory) -> None:
    campaign, crew, rows = crew_with_houses(territory)
    first = routes.save(campaign, manager, draft(crew, *rows[:3]), 0)
    assert routes.save(campaign, manager, draft(crew, *rows[:3]), 0).pk == first.pk, "the same sent twice is one"
    again = routes.save(campaign, manager, draft(crew, *rows[2:]), first.version)
    assert (again.pk, again.stops) == (first.pk, [each.pk for each in rows[2:]])
    assert DayRoute.objects.live().count() == 1
    with pytest.raises(Conflict) as told:
        routes.save(campaign, manager, draft(crew, rows[5]), first.version)
    assert told.value.current.stops == again.stops
    routes.retire(again, manager, again.version)
    routes.retire(again, manager, again.version)
    assert not DayRoute.objects.live().exists()
    assert routes.save(campaign, manager, draft(crew, rows[5]), 0).pk != first.pk


@pytest.mark.django_db
def test_stops_that_are_not_this_crews_are_named_and_nothing_is_kept(manager: User, territory: Territory) -> None:
    campaign, crew, rows = crew_with_houses(territory)
    rows[1].crew = make_crew(territory.unbong, name="2반")
    rows[1].save()
    with pytest.raises(Invalid) as told:
        routes.save(campaign, manager, draft(crew, *rows[:3]), 0)
    assert rows[1].house.address in str(told.value.errors["stops"])
    elsewhere = assign(make_campaign(territory.namwon, name="다른 회차"), [rows[0].house], crew)
    for stops in ((), (rows[0], rows[0]), elsewhere):
        with pytest.raises(Invalid):
            routes.save(campaign, manager, draft(crew, *stops), 0)
    with pytest.raises(Invalid):
        routes.save(campaign, manager, draft(make_crew(territory.sunchang_eup, start=crew.start), rows[0]), 0)
    assert not DayRoute.objects.exists()


@pytest.mark.django_db
def test_only_managers_of_the_area_save_and_retire(manager: User, surveyor: User, territory: Territory) -> None:
    campaign, crew, rows = crew_with_houses(territory)
    stranger = make_user("stranger", ("survey_manager", territory.sunchang))
    kept = routes.save(campaign, manager, draft(crew, rows[0]), 0)
    for person in (surveyor, stranger):
        with pytest.raises(NotAllowed):
            routes.save(campaign, person, draft(crew, rows[1]), kept.version)
        with pytest.raises(NotAllowed):
            routes.retire(kept, person, kept.version)


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_saving_at_once_one_is_told(manager: User, territory: Territory) -> None:
    campaign, crew, rows = crew_with_houses(territory)
    problems: list[Exception] = []
    barrier = threading.Barrier(2)

    def save(number: int) -> None:
        barrier.wait()
        try:
            routes.save(campaign, manager, draft(crew, rows[number]), 0)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(problem) for problem in problems] == [Conflict]
    assert DayRoute.objects.live().count() == 1


@pytest.mark.django_db
def test_a_day_begins_at_the_crews_place_else_at_the_office_of_its_town_else_in_its_middle(
    territory: Territory,
) -> None:
    campaign = make_campaign(territory.namwon)
    plain = make_crew(territory.unbong)
    assert [each.key for each in places_for(campaign, plain)] == ["middle"]
    make_organisation("주천면사무소", place(2500, 500))
    make_organisation("운봉읍사무소", place(900, 900))
    assert [each.name for each in places_for(campaign, plain)] == ["운봉읍사무소", "주천면사무소"]
    own = make_crew(territory.unbong, name="2반", start=geos(place(5, 5)))
    assert places_for(campaign, own)[0].key == "crew"
