"""The invented visits: made once, decided as a manager would, with something to notice."""

from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from gis_core.models import User
from vacanthouses.demo import assignments
from vacanthouses.demo import visits as demo
from vacanthouses.models import BlindPair, DayRoute, Grading, Visit, WorkArea
from vacanthouses.querysets_reviews import queue
from vacanthouses.services import review_facts
from vacanthouses.services.packs import pack_of

pytestmark = pytest.mark.django_db


def test_demo_visits_are_there_once_with_gradings_pairs_and_flags(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demo", verbosity=0)
    number = Visit.objects.count()
    assert number > 40
    assert demo.load() == {"visits": 0}
    assert Visit.objects.filter(is_example=True).count() == number
    assert set(Visit.objects.values_list("state", flat=True)) == {"submitted", "accepted", "returned"}
    assert Grading.objects.filter(is_current=True).exists()
    assert BlindPair.objects.filter(second__isnull=False).exists()
    manager = User.objects.get(username="manager")
    told = {
        flag.code
        for visit in queue(manager).select_related("house")
        for flag in review_facts.flags_of(visit, review_facts.photos_of(visit, manager))
    }
    assert told & {"photo_far", "photo_reused", "very_short"}


def test_the_demos_round_is_split_given_to_crews_and_has_a_route_for_today_once(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demo", verbosity=0)
    areas = WorkArea.objects.live()
    assert areas.count() >= 12
    assert areas.filter(crew__isnull=False).count() >= 2
    assert all(area.is_example for area in areas)
    (route,) = DayRoute.objects.live()
    surveyor = User.objects.get(username="surveyor")
    assert route.day == timezone.localdate()
    assert surveyor in route.crew.members.all()
    found = {each["assignment"]: each["order"] for each in pack_of(surveyor).body["houses"]}
    assert [found[pk] for pk in route.stops] == list(range(1, len(route.stops) + 1)), "all of it is on the phone"
    assert assignments.load() == {"assignments": 0, "work areas": 0, "day routes": 0}
