"""Suggested zones: the same seed gives the same answer, every candidate hangs together unless it says so, and 3,500
towns are no trouble."""

import time
import uuid
from random import Random
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core import jobs
from gis_core.models import Job, Role, User
from gis_core.models.jobs import JobStatus
from gis_core.zones.contiguity import components
from gis_core.zones.suggestions import Facts, PartName, Town, Wish, suggest
from gis_core.zones.suggestions_needs import Resource, needs
from gis_core.zones.suggestions_querysets import resources, towns_below
from tests.factories import Territory, make_depot, make_user, place
from tests.gis_core.pages_support import signed_in, text

WEIGHTS = {PartName.BORDER: 2.0, PartName.TRAVEL: 3.0, PartName.COMPLEMENT: 4.0, PartName.MOVEMENT: 3.0}


def grid(across: int, up: int, seed: int = 3, islands: int = 0) -> Facts:
    """Square towns of 6 km; the last ``islands`` of them touch nothing."""
    random = Random(seed)
    number = across * up
    towns, borders = {}, {}
    for town in range(number):
        x, y = town % across, town // across
        gives, some = random.getrandbits(12) & random.getrandbits(12), random.getrandbits(12)
        towns[town] = Town((6000.0 * x, 6000.0 * y), 24_000.0, gives, some & ~gives)
        beside = ([town - 1] if x else []) + ([town + 1] if x < across - 1 else [])
        beside += ([town - across] if y else []) + ([town + across] if y < up - 1 else [])
        borders[town] = {other: 6000.0 for other in beside if max(town, other) < number - islands}
    movements = {(town, other): 100 * random.random() for town, found in borders.items() for other in found}
    return Facts(towns, borders, {}, movements)


@given(
    st.integers(2, 6), st.integers(2, 6), st.integers(0, 3), st.integers(1, 99), st.integers(2, 3), st.integers(3, 5),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=25)
def test_candidates_hang_together_or_say_that_they_do_not_and_no_two_are_nearly_the_same(
    across: int, up: int, islands: int, seed: int, least: int, most: int, over_water: bool
) -> None:
    facts = grid(across, up, seed, min(islands, across * up - 2))
    wish = Wish(WEIGHTS, seed=seed, least=least, most=most, across=over_water)
    found = suggest(facts, wish)
    assert found == suggest(facts, wish)
    for each in found:
        assert least <= len(each.members) <= most
        assert each.is_contiguous == (len(components(each.members, facts.borders)) == 1)
        assert each.is_contiguous or over_water
        assert all(value is None or 0 <= value <= 1 for value in each.parts.values())
    for number, one in enumerate(found):
        for other in found[:number]:
            assert 2 * len(set(one.members) & set(other.members)) <= len(set(one.members) | set(other.members))


def test_another_seed_may_find_other_sets_and_never_depends_on_the_order_of_the_facts() -> None:
    facts = grid(9, 9)
    backwards = Facts(
        dict(reversed(list(facts.towns.items()))),
        {town: dict(reversed(list(found.items()))) for town, found in reversed(list(facts.borders.items()))},
        {},
        dict(reversed(list(facts.movements.items()))),
    )
    first = [each.members for each in suggest(facts, Wish(WEIGHTS, seed=5))]
    assert first == [each.members for each in suggest(backwards, Wish(WEIGHTS, seed=5))]


def test_three_and_a_half_thousand_towns_take_less_than_three_seconds_of_work() -> None:
    facts, steps = grid(70, 50), []
    begun = time.process_time()
    found = suggest(facts, Wish(WEIGHTS), lambda done, total: steps.append((done, total)))
    assert time.process_time() - begun < 3
    assert len(found) == 10
    assert all(each.is_contiguous for each in found)
    assert steps[-1] == (3500, 3500)


def test_only_what_counts_decides() -> None:
    """Two pairs: one has what the other lacks, the other is where people move."""
    towns = {
        1: Town((0, 0), 24_000, gives=0b1), 2: Town((6000, 0), 24_000, lacks=0b1),
        3: Town((90_000, 0), 24_000), 4: Town((96_000, 0), 24_000),
    }  # fmt: skip
    facts = Facts(towns, {1: {2: 6000.0}, 2: {1: 6000.0}, 3: {4: 6000.0}, 4: {3: 6000.0}}, {}, {(3, 4): 50.0})
    none = dict.fromkeys(PartName, 0.0)
    by_need = suggest(facts, Wish({**none, PartName.COMPLEMENT: 1.0}))
    by_movement = suggest(facts, Wish({**none, PartName.MOVEMENT: 1.0}))
    assert (by_need[0].members, by_movement[0].members) == ((1, 2), (3, 4))
    assert [(each.lacking, each.giving) for each in by_need[0].helps] == [(2, 1)]
    # Where no movement is known of a set, it is unknown and not none.
    assert by_need[0].parts[PartName.MOVEMENT] is None
    assert by_movement[0].parts[PartName.MOVEMENT] == 1


def test_loaded_minutes_go_before_the_straight_line() -> None:
    towns = {1: Town((0, 0), 24_000), 2: Town((6000, 0), 24_000), 3: Town((0, 6000), 24_000)}
    borders = {1: {2: 6000.0, 3: 6000.0}, 2: {1: 6000.0}, 3: {1: 6000.0}}
    facts = Facts(towns, borders, {(1, 2): 20.0, (2, 1): 30.0})
    found = {each.members: each for each in suggest(facts, Wish(WEIGHTS, most=2))}
    assert (found[1, 2].minutes, found[1, 2].estimated) == (25.0, 0)
    assert found[1, 3].minutes == pytest.approx(6 * 1.3 / 40 * 60)
    assert found[1, 3].estimated == 1


def test_a_town_lacks_what_it_has_none_of_and_shares_what_it_has_more_of_than_the_middle_town() -> None:
    counted = Resource("창고", {1: 0, 2: 1, 3: 2, 4: 1})
    rated = Resource("준비도", {1: 10, 2: 50, 3: 60, 4: 90}, is_count=False)
    found = needs([counted, rated])
    assert found[1] == (0b00, 0b11)
    assert found[3] == (0b11, 0b00)
    assert 2 not in found
    assert found[4] == (0b10, 0b00)
    assert 5 not in found


@pytest.mark.django_db
def test_a_city_that_records_nothing_is_not_said_to_lack_it(administrator: User, territory: Territory) -> None:
    make_depot(place(500, 500), kind="snow")
    with translation.override("en"):
        found = resources(administrator, towns_below(None), timezone.localdate())
    snow = next(each for each in found if "Snow" in each.title)
    assert snow.values[territory.unbong.pk] == 1
    assert snow.values[territory.jucheon.pk] == 0
    assert territory.sunchang_eup.pk not in snow.values


@pytest.mark.django_db
def test_what_a_coordinator_may_not_see_is_not_counted_for_them(territory: Territory) -> None:
    make_depot(place(500, 500), kind="snow")
    make_depot(place(2500, 500), kind="snow")
    local = make_user("local", (Role.ZONE_COORDINATOR, territory.unbong))
    with translation.override("en"):
        found = resources(local, towns_below(None), timezone.localdate())
    assert [dict(each.values) for each in found if "Snow" in each.title] == [{territory.unbong.pk: 1}]


def asked(**changed: Any) -> dict[str, Any]:
    weights = {f"weight_{part}": int(value) for part, value in WEIGHTS.items()}
    usual = {"least": 2, "most": 3, "number": 5, "most_minutes": 40, "seed": 1, "token": str(uuid.uuid4())}
    return {**usual, **weights, **changed}


@pytest.mark.django_db
def test_a_coordinator_asks_sees_the_reasons_and_makes_a_zone_of_a_candidate(
    coordinator: User, territory: Territory
) -> None:
    make_depot(place(500, 500), kind="snow")
    client = signed_in(coordinator)
    response = client.post(reverse("zone-suggest"), asked(town="운봉읍"))
    job = Job.objects.get()
    assert response["Location"] == reverse("job", args=[job.pk])
    assert (job.status, job.done, job.total) == (JobStatus.DONE, 1, 1)
    page = client.get(job.report["link"])
    told = text(page)
    assert "Depots – Snow removal (운봉읍 has it)" in told
    assert "Estimated from the straight line" in told
    assert "does not hang together" not in told
    link = next(part for part in page.content.decode().split('"') if part.startswith("/records/zones/add/"))
    form = client.get(link.replace("&amp;", "&"))
    ticked = form.content.decode().count("checked")
    assert ticked >= 2
    assert "운봉읍" in text(form)


@pytest.mark.django_db
def test_a_form_sent_twice_asks_once(coordinator: User, territory: Territory) -> None:
    client, form = signed_in(coordinator), asked()
    first, second = (client.post(reverse("zone-suggest"), form) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"town": "없는면"}, "There is no town of this name or code."),
        ({"least": 4, "most": 2}, "This is less than the least."),
        ({f"weight_{part}": 0 for part in PartName}, "At least one weight must be more than 0."),
        ({"town": "5219000000"}, "This is no town."),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_at_its_field(
    changed: dict[str, Any], told: str, coordinator: User, territory: Territory
) -> None:
    response = signed_in(coordinator).post(reverse("zone-suggest"), asked(**changed))
    assert response.status_code == 422
    assert told in text(response)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_viewer_asks_too_but_makes_no_zone_and_nobody_reads_anothers_answer(
    coordinator: User, viewer: User, territory: Territory
) -> None:
    signed_in(viewer).post(reverse("zone-suggest"), asked())
    address = reverse("zone-suggestions", args=[Job.objects.get().pk])
    told = text(signed_in(viewer).get(address))
    assert "of 100 points" in told
    assert "Make this a zone" not in told
    assert signed_in(coordinator).get(address).status_code == 404
    assert signed_in(make_user("stranger")).get(reverse("zone-suggest")).status_code == 403


@pytest.mark.django_db
def test_the_work_tells_its_progress_town_by_town_and_can_be_stopped(
    coordinator: User, territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int | None, str]] = []
    tell = jobs.Handle.progress

    def watch(job: jobs.Handle, done: int, total: int | None = None, message: Any = None) -> None:
        tell(job, done, total, message)
        seen.append((done, job.total, job.message))
        if done == 2:
            jobs.cancel(job.job)

    monkeypatch.setattr(jobs.Handle, "progress", watch)
    signed_in(coordinator).post(reverse("zone-suggest"), asked())
    assert [done for done, total, _message in seen if total == 5] == [0, 1, 2]
    assert Job.objects.get().status == JobStatus.CANCELLED


@pytest.mark.django_db
def test_a_candidate_whose_town_is_gone_is_left_out(coordinator: User, territory: Territory) -> None:
    client = signed_in(coordinator)
    client.post(reverse("zone-suggest"), asked(number=30))
    job = Job.objects.get()
    kept = job.report
    kept["suggestions"]["candidates"][0]["members"][0] = 0
    Job.objects.filter(pk=job.pk).update(report=kept)
    assert "a town of theirs is no more" in text(client.get(reverse("zone-suggestions", args=[job.pk])))
