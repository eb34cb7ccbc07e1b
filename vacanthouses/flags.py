"""What a reviewer should look at twice in a visit. Hints, never refusals. Pure.

Places are (x, y) in EPSG:5179 metres, times are aware datetimes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import hypot
from typing import Any

from vacanthouses.grading import Limits

Place = tuple[float, float]
# Fewer answers than these are easily the same by chance.
FEW_ANSWERS = 5


@dataclass(frozen=True)
class Photo:
    sha256: str
    taken_at: datetime | None = None
    place: Place | None = None
    # Metres from the parcel, or from the house where the parcel is not known; null without a place.
    distance_m: float | None = None
    # Other visits and houses whose records hold the same file.
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class Neighbour:
    """Another visit of the same surveyor on the same day."""

    name: str
    place: Place
    visited_at: datetime
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    place: Place
    visited_at: datetime
    accuracy_m: float | None
    answers: Mapping[str, Any]
    photos: Sequence[Photo] = ()
    same_day: Sequence[Neighbour] = ()


@dataclass(frozen=True)
class Flag:
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    # Of the photo that it is about.
    sha256: str = ""


def flags(seen: Seen, limits: Limits | None) -> list[Flag]:
    """Everything worth a second look. Without limits only what needs none: files used twice."""
    found = [
        Flag("photo_reused", {"where": ", ".join(photo.elsewhere)}, photo.sha256)
        for photo in seen.photos
        if photo.elsewhere
    ]
    if limits is None:
        return found
    for photo in seen.photos:
        found += _of_photo(photo, seen, limits)
    if seen.accuracy_m is not None and seen.accuracy_m > limits.accuracy_m:
        found.append(Flag("accuracy_poor", {"metres": round(seen.accuracy_m)}))
    return found + _of_neighbours(seen, limits)


def _of_photo(photo: Photo, seen: Seen, limits: Limits) -> list[Flag]:
    found = []
    if photo.distance_m is not None and photo.distance_m > limits.photo_distance_m:
        found.append(Flag("photo_far", {"metres": round(photo.distance_m)}, photo.sha256))
    if photo.taken_at is not None:
        apart = abs((photo.taken_at - seen.visited_at).total_seconds()) / 60
        if apart > limits.photo_minutes:
            found.append(Flag("photo_other_time", {"minutes": round(apart)}, photo.sha256))
    return found


def _of_neighbours(seen: Seen, limits: Limits) -> list[Flag]:
    found = []
    before = max((each.visited_at for each in seen.same_day if each.visited_at <= seen.visited_at), default=None)
    if before is not None:
        minutes = (seen.visited_at - before).total_seconds() / 60
        if minutes < limits.shortest_minutes:
            found.append(Flag("very_short", {"minutes": round(minutes)}))
    if len(seen.answers) >= FEW_ANSWERS:
        same = [
            each.name
            for each in seen.same_day
            if each.answers == seen.answers and _apart(each.place, seen.place) <= limits.neighbour_m
        ]
        if same:
            found.append(Flag("same_answers", {"where": ", ".join(same[:3])}))
    return found


def _apart(one: Place, other: Place) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
