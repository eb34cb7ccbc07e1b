"""Utility meters and signs gathered into places: one parcel each, or one spot where no parcel number was given."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from vacanthouses.models import Evidence, Meter
from vacanthouses.screening import KINDS, NO, UNKNOWN, YES, Columns, Facts, Table

# kind, use in the window, removed, cut off
OneMeter = tuple[str, tuple[float | None, ...], bool, bool]


@dataclass
class Place:
    pnu: str
    address: str = ""
    area_id: int | None = None
    location: Any = None
    meters: list[OneMeter] = field(default_factory=list)
    signs: dict[str, bool] = field(default_factory=dict)

    def take(self, other: "Place") -> None:
        self.meters += other.meters
        self.address = self.address or other.address
        self.area_id = self.area_id or other.area_id
        self.location = self.location or other.location


def gather(area_ids: Iterable[int], table: Table, day: date, counts: Counter[str]) -> list[Place]:
    """The places of these areas, by parcel number and then as first met; what became of meters goes into counts."""
    ids = sorted(area_ids)
    meters = list(Meter.objects.filter(area_id__in=ids).order_by("kind", "number"))
    last = max((_month(meter.first_month) + len(meter.usage) - 1 for meter in meters), default=0)
    by_pnu: dict[str, Place] = {}
    loose: list[Place] = []
    for meter in meters:
        found = Place(meter.pnu, meter.address, meter.area_id, meter.location, [_meter(meter, last, table.months, day)])
        if not meter.pnu and meter.location is None:
            counts["meters_without_place"] += 1
        elif not meter.pnu:
            loose.append(found)
        elif meter.pnu in by_pnu:
            by_pnu[meter.pnu].take(found)
        else:
            by_pnu[meter.pnu] = found
    _signs(by_pnu, ids)
    places = _join_near([by_pnu[pnu] for pnu in sorted(by_pnu)], loose, table.near_m)
    counts.update(meters=len(meters), places=len(places))
    return places


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _meter(meter: Meter, last: int, months: int, day: date) -> OneMeter:
    """Its use in the months up to ``last``, None for those that its own readings do not reach."""
    begin = _month(meter.first_month)
    known = dict(enumerate(meter.usage, begin))
    use = tuple(known.get(month) for month in range(last - months + 1, last + 1))
    removed, cut_off = (when is not None and when <= day for when in (meter.removed_on, meter.cut_off_on))
    return meter.kind, use, removed, cut_off


def _signs(by_pnu: dict[str, Place], area_ids: list[int]) -> None:
    """The latest look at a parcel counts, whatever was found then."""
    for row in Evidence.objects.filter(area_id__in=area_ids).exclude(pnu="").order_by("observed_on", "pk"):
        place = by_pnu.setdefault(row.pnu, Place(row.pnu, row.address, row.area_id, row.location))
        place.location = place.location or row.location
        place.signs[row.code] = row.present


def _join_near(places: list[Place], loose: list[Place], near_m: float) -> list[Place]:
    """Each meter without a parcel number joins the nearest place within ``near_m``, or begins one."""
    for found in loose:
        located = [place for place in places if place.location is not None] if near_m else []
        distance, index = _nearest(located, found)
        if distance <= near_m and located:
            located[index].take(found)
        else:
            places.append(found)
    return places


def _nearest(located: list[Place], found: Place) -> tuple[float, int]:
    if not located:
        return float("inf"), 0
    xy = np.array([place.location.coords for place in located])
    away = np.hypot(xy[:, 0] - found.location.x, xy[:, 1] - found.location.y)
    return float(away.min()), int(away.argmin())


def facts_of(place: Place) -> Facts:
    """Of several meters of a kind the use is added up, unknown where one is; removed is when all of them are."""
    by_kind: dict[str, list[OneMeter]] = defaultdict(list)
    for meter in place.meters:
        by_kind[meter[0]].append(meter)
    use = {}
    for kind, meters in by_kind.items():
        # A removed meter counts no more where another is left.
        left = [months for _kind, months, removed, _cut in meters if not removed] or [
            months for _kind, months, _removed, _cut in meters
        ]
        use[kind] = tuple(_sum(values) for values in zip(*left, strict=True))
    return Facts(
        use=use,
        removed=frozenset(kind for kind, meters in by_kind.items() if all(meter[2] for meter in meters)),
        cut_off=frozenset(kind for kind, meters in by_kind.items() if all(meter[2] or meter[3] for meter in meters)
                          and any(meter[3] for meter in meters)),
        signs=place.signs,
    )  # fmt: skip


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total = total + value
    return total


def columns_of(table: Table, houses: list[Facts]) -> Columns:
    missing = (None,) * table.months
    codes = {table.pv_code, *(reason.code for reason in table.reasons if reason.test == "sign")} - {""}
    said = {None: UNKNOWN, True: YES, False: NO}
    return Columns(
        count=len(houses),
        use={
            kind: np.array([each.use.get(kind, missing) for each in houses], dtype=float).reshape(-1, table.months)
            for kind in KINDS
        },
        removed={kind: np.array([kind in each.removed for each in houses], dtype=bool) for kind in KINDS},
        cut_off={kind: np.array([kind in each.cut_off for each in houses], dtype=bool) for kind in KINDS},
        signs={code: np.array([said[each.signs.get(code)] for each in houses], dtype=np.int8) for code in codes},
    )


def doubled(places: list[Place], near_m: float) -> set[int]:
    """The indexes of places within ``near_m`` of one that stands before them and is kept."""
    located = [index for index, place in enumerate(places) if place.location is not None]
    if not near_m or len(located) < 2:
        return set()
    tree = cKDTree([places[index].location.coords for index in located])
    dropped: set[int] = set()
    for first, second in sorted(tree.query_pairs(near_m)):
        if located[first] not in dropped:
            dropped.add(located[second])
    return dropped
