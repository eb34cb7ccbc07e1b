"""What a reviewer is told to look at twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from vacanthouses.flags import Neighbour, Photo, Seen, flags
from vacanthouses.grading import Limits

NOON = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
LIMITS = Limits(photo_distance_m=60, accuracy_m=50, photo_minutes=120, shortest_minutes=5, neighbour_m=300)
ANSWERS = dict.fromkeys(("roof", "column", "water", "power", "safety"), "fair")
SEEN = Seen((0, 0), NOON, 12, ANSWERS, [Photo("a" * 64, NOON, (10, 0), 8)])


def codes(seen: Seen, limits: Limits | None = LIMITS) -> list[str]:
    return [flag.code for flag in flags(seen, limits)]


def test_an_ordinary_visit_raises_nothing() -> None:
    assert codes(SEEN) == []


def test_a_photo_far_from_the_parcel_says_how_far() -> None:
    found = flags(replace(SEEN, photos=[Photo("a" * 64, NOON, (200, 0), 180.4)]), LIMITS)
    assert [(flag.code, flag.params["metres"], flag.sha256) for flag in found] == [("photo_far", 180, "a" * 64)]


def test_a_photo_without_a_place_is_not_far() -> None:
    assert codes(replace(SEEN, photos=[Photo("a" * 64, NOON)])) == []


def test_a_photo_of_another_day_and_one_used_twice_are_told() -> None:
    old = Photo("b" * 64, NOON - timedelta(days=2), (0, 0), 0, ("서천리 12",))
    assert codes(replace(SEEN, photos=[old])) == ["photo_reused", "photo_other_time"]
    assert codes(replace(SEEN, photos=[old]), None) == ["photo_reused"]


def test_a_poor_fix_is_told_and_none_at_all_is_not_poor() -> None:
    assert codes(replace(SEEN, accuracy_m=400)) == ["accuracy_poor"]
    assert codes(replace(SEEN, accuracy_m=None)) == []


def test_a_visit_right_after_another_and_with_its_answers_is_told() -> None:
    soon = Neighbour("서천리 3", (100, 0), NOON - timedelta(minutes=2), ANSWERS)
    assert codes(replace(SEEN, same_day=[soon])) == ["very_short", "same_answers"]
    assert codes(replace(SEEN, same_day=[replace(soon, place=(5000, 0))])) == ["very_short"]
    later = replace(soon, visited_at=NOON + timedelta(minutes=2))
    assert codes(replace(SEEN, same_day=[later])) == ["same_answers"]
