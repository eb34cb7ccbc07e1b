"""Through which day training counts, and who can put what to use today."""

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from disaster import training as rules
from disaster.querysets_people import last_exercises, trained_people
from disaster.services import people as services
from gis_core.editing.errors import Invalid
from gis_core.models import PersonalDataAccess, Role, User
from tests.disaster.people_support import PHONE, SECRET, days_ago, make_person, make_training, pumps
from tests.factories import Territory, make_user

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(1, 60)


@pytest.fixture
def officer(territory: Territory) -> User:
    return make_user("officer", (Role.DISASTER_OFFICER, territory.unbong))


@pytest.mark.parametrize(
    ("held", "months", "until"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-05-15", 12, "2026-05-15"),
    ],
)
def test_training_counts_through_the_same_day_or_the_end_of_a_shorter_month(held: str, months: int, until: str) -> None:
    assert rules.valid_until(date.fromisoformat(held), months) == date.fromisoformat(until)


@given(DAYS, MONTHS)
def test_the_earliest_training_that_counts_counts_and_the_day_before_it_does_not(day: date, months: int) -> None:
    first = rules.earliest(day, months)
    assert rules.valid_until(first, months) >= day
    assert rules.valid_until(first - timedelta(days=1), months) < day


@given(DAYS, st.lists(st.tuples(st.integers(0, 800), st.integers(1, 8)), max_size=8))
def test_more_hours_never_make_fewer_hours_of_a_year(day: date, held: list[tuple[int, int]]) -> None:
    days = [(day - timedelta(days=ago), hours) for ago, hours in held]
    total = rules.hours_within_year(days, day)
    assert total == sum(
        hours
        for ago, hours in held
        if ago < 365 or (ago == 365 and rules.valid_until(day - timedelta(days=365), 12) > day)
    )
    assert rules.hours_within_year([*days, (day, 3)], day) == total + 3


@pytest.mark.django_db
def test_only_people_who_can_be_called_and_were_there_within_the_time_count(territory: Territory) -> None:
    town, kind = territory.unbong, pumps()
    good, absent, away, late, gone = (make_person(town) for _number in range(5))
    make_training(town, days_ago(30), good, absent, away, gone)
    make_training(town, days_ago(500), late)
    absent.attendances.update(was_present=False)
    type(away).objects.filter(pk=away.pk).update(is_available=False)
    gone.retired_at = "2026-01-01T00:00Z"
    gone.save()
    assert trained_people(days_ago(0)) == {(town.pk, kind.pk): 1}
    assert trained_people(days_ago(0), [territory.jucheon.pk]) == {}


@pytest.mark.django_db
def test_a_training_twice_makes_nobody_two_people(territory: Territory) -> None:
    person = make_person(territory.unbong)
    make_training(territory.unbong, days_ago(30), person)
    make_training(territory.unbong, days_ago(60), person)
    assert list(trained_people(days_ago(0)).values()) == [1]


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [364, 365, 366, 367])
def test_what_the_database_counts_is_what_the_calendar_says(territory: Territory, ago: int) -> None:
    make_training(territory.unbong, days_ago(ago), make_person(territory.unbong))
    counts = rules.valid_until(days_ago(ago), 12) >= days_ago(0)
    assert bool(trained_people(days_ago(0))) is counts


@pytest.mark.django_db
def test_a_citys_exercise_counts_for_its_towns_and_a_towns_only_for_it(territory: Territory) -> None:
    make_training(territory.namwon, days_ago(90), kind="exercise", item_class=None)
    make_training(territory.sunchang_eup, days_ago(9), kind="exercise", item_class=None)
    found = last_exercises([territory.unbong, territory.sunchang_eup], days_ago(0))
    assert found == {territory.unbong.pk: days_ago(90), territory.sunchang_eup.pk: days_ago(9)}


@pytest.mark.django_db
def test_the_front_page_says_how_many_can_run_a_pump_and_names_nobody(
    client: Client, territory: Territory, officer: User
) -> None:
    make_training(territory.unbong, days_ago(30), make_person(territory.unbong))
    make_person(territory.unbong)
    for user in (officer, make_user("viewer", (Role.VIEWER, None))):
        client.force_login(user)
        page = client.get("/disaster/training/", headers={"accept-language": "en"}).content.decode()
        assert "1 / 2" in page
        assert SECRET not in page


@pytest.mark.django_db
def test_the_page_takes_as_many_statements_for_many_towns_as_for_one(
    client: Client, territory: Territory, officer: User, django_assert_max_num_queries: object
) -> None:
    for town in territory.towns:
        for _number in range(4):
            make_training(town, days_ago(30), make_person(town))
    client.force_login(make_user("viewer", (Role.VIEWER, None)))
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        assert client.get("/disaster/training/").status_code == 200


@pytest.mark.django_db
def test_an_officer_plans_a_training_once_though_the_form_is_sent_twice(
    client: Client, territory: Territory, officer: User
) -> None:
    client.force_login(officer)
    form = {
        "title": "펌프 교육", "kind": "use", "item_class": pumps().pk, "area": territory.unbong.pk,
        "held_on": days_ago(-20).isoformat(), "hours": "2", "token": "5f0c9d0e-0000-4000-8000-000000000001",
    }  # fmt: skip
    answers = [client.post("/disaster/training/add/", form) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), [("hours", "0"), ("item_class", ""), ("held_on", "gestern")])
def test_a_training_that_cannot_be_is_refused_at_its_field(
    client: Client, territory: Territory, officer: User, field: str, value: str
) -> None:
    client.force_login(officer)
    form = {
        "title": "펌프 교육", "kind": "use", "item_class": pumps().pk, "area": territory.unbong.pk,
        "held_on": "2026-01-05", "hours": "2", field: value,
    }  # fmt: skip
    answer = client.post("/disaster/training/add/", form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


@pytest.mark.django_db
def test_two_who_tick_at_once_keep_each_others_ticks(territory: Territory, officer: User) -> None:
    one, other = make_person(territory.unbong), make_person(territory.unbong)
    held = make_training(territory.unbong, days_ago(1))
    services.attend(held, officer, [], [one.pk])
    services.attend(held, officer, [], [other.pk])
    assert held.attendances.filter(was_present=True).count() == 2
    services.attend(held, officer, [one.pk, other.pk], [other.pk])
    assert [each.responder for each in held.attendances.filter(was_present=True)] == [other]


@pytest.mark.django_db
def test_nobody_was_present_at_what_is_still_to_come(territory: Territory, officer: User) -> None:
    held = make_training(territory.unbong, days_ago(-3))
    with pytest.raises(Invalid):
        services.attend(held, officer, [], [make_person(territory.unbong).pk])


@pytest.mark.django_db
def test_somebody_new_is_added_in_place_and_counts(client: Client, territory: Territory, officer: User) -> None:
    held = make_training(territory.unbong, days_ago(1))
    client.force_login(officer)
    form = {
        "new-name": "새견본", "new-phone": PHONE, "new-area": territory.unbong.pk,
        "token": "5f0c9d0e-0000-4000-8000-000000000002",
    }  # fmt: skip
    for _time in range(2):
        assert client.post(f"/disaster/training/{held.pk}/", form).status_code == 302
    assert [each.responder.name for each in held.attendances.all()] == ["새견본"]
    assert list(trained_people(days_ago(0)).values()) == [1]


@pytest.mark.django_db
def test_an_officer_of_another_town_neither_ticks_nor_sees_names(client: Client, territory: Territory) -> None:
    person = make_person(territory.unbong)
    held = make_training(territory.unbong, days_ago(1), person)
    client.force_login(make_user("other", (Role.DISASTER_OFFICER, territory.jucheon)))
    assert client.post(f"/disaster/training/{held.pk}/", {"seen": person.pk}).status_code in {403, 404}
    for path in ("", "sheet/", "certificates/", "edit/"):
        assert client.get(f"/disaster/training/{held.pk}/{path}").status_code in {403, 404}
    assert client.get(f"/disaster/training/town/{territory.unbong.pk}/").status_code == 403
    assert held.attendances.get().was_present


@pytest.mark.django_db
def test_sheets_and_certificates_are_papers_and_each_is_noted(
    client: Client, territory: Territory, officer: User
) -> None:
    held = make_training(territory.unbong, days_ago(1), make_person(territory.unbong))
    client.force_login(officer)
    for path, action in (("sheet/", "attendance sheet"), ("certificates/", "certificates")):
        answer = client.get(f"/disaster/training/{held.pk}/{path}")
        assert answer.content.startswith(b"%PDF")
        assert PersonalDataAccess.objects.filter(user=officer, action=action, count=1).exists()
    assert client.get(f"/disaster/training/{held.pk}/sheet/?blank=1").content.startswith(b"%PDF")
    assert PersonalDataAccess.objects.filter(action="attendance sheet").count() == 1
