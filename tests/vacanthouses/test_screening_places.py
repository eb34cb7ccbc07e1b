"""Gathering in columns gives of every place what adding its meters one by one gives."""

from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest

from tests.factories import Territory, geos, place
from vacanthouses import screening
from vacanthouses.models import Evidence, Meter, ReadingBatch
from vacanthouses.screening import KINDS, Facts
from vacanthouses.services import places, rules
from vacanthouses.services.places import _month

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


def by_hand(meters: list[Meter], signs: list[Evidence], months: int, last: dict[str, int]) -> Facts:
    """The facts of one parcel, meter by meter and month by month."""
    use: dict[str, tuple[float | None, ...]] = {}
    removed, cut_off = set(), set()
    for kind in KINDS:
        own = [meter for meter in meters if meter.kind == kind]
        gone = [meter for meter in own if meter.removed_on and meter.removed_on <= DAY]
        cut = [meter for meter in own if meter.cut_off_on and meter.cut_off_on <= DAY]
        counted = [meter for meter in own if meter not in gone] or own
        if own:
            use[kind] = tuple(_total(counted, month) for month in range(last[kind] - months + 1, last[kind] + 1))
        if own and len(gone) == len(own):
            removed.add(kind)
        if cut and all(meter in gone or meter in cut for meter in own):
            cut_off.add(kind)
    return Facts(use, frozenset(removed), frozenset(cut_off), {sign.code: sign.present for sign in signs})


def _total(meters: list[Meter], month: int) -> float | None:
    total = 0.0
    for meter in meters:
        at = month - _month(meter.first_month)
        value = meter.usage[at] if 0 <= at < len(meter.usage) else None
        if value is None:
            return None
        total += value
    return total


def some_day(random: Random) -> Any:
    return random.choice([None, None, date(2025, 7, 1), date(2027, 1, 1)])


@pytest.mark.parametrize("seed", range(4))
def test_every_place_has_the_score_that_its_explanation_gives(territory: Territory, seed: int) -> None:
    rules.load_samples()
    found = rules.in_force("screening", "rural")
    assert found
    table, random = screening.read(found.body), Random(seed)
    batch = ReadingBatch.objects.create(name="a", source="test")
    for number in range(150):
        pnu = f"521902502110{random.randrange(60):03d}0000"
        low = random.random() < 0.5
        usage = [None if random.random() < 0.1 else round(random.uniform(0, 12 if low else 300), 1)
                 for _month in range(random.choice([0, 3, 12, 20]))]  # fmt: skip
        Meter.objects.create(
            kind=random.choice(KINDS), number=f"M{number}", pnu=pnu, area=territory.unbong, usage=usage, batch=batch,
            first_month=date(2024 + number % 2, random.randint(1, 12), 1), removed_on=some_day(random),
            cut_off_on=some_day(random), location=geos(place(number * 20, 10)),
        )  # fmt: skip
        if random.random() < 0.3:
            Evidence.objects.create(
                code=random.choice(["mail_pile", "solar_pv"]), pnu=pnu, area=territory.unbong, batch=batch,
                present=random.random() < 0.7, observed_on=date(2025, 1, 1 + number % 28),
            )  # fmt: skip
    gathered = places.gather([territory.unbong.pk], table, DAY, Counter())
    meters = list(Meter.objects.order_by("kind", "number"))
    signs = list(Evidence.objects.order_by("observed_on", "pk"))
    last = {kind: max(_month(each.first_month) + len(each.usage) - 1 for each in meters if each.kind == kind)
            for kind in KINDS}  # fmt: skip
    scores = screening.scores(table, gathered.columns).tolist()
    assert gathered.count == len(gathered.pnus) == len({meter.pnu for meter in meters})
    for index, pnu in enumerate(gathered.pnus):
        facts = by_hand([each for each in meters if each.pnu == pnu], [each for each in signs if each.pnu == pnu],
                        table.months, last)  # fmt: skip
        told = screening.explain(table, facts)
        assert screening.explain(table, places.facts_at(gathered.columns, index)) == told
        assert scores[index] == told.score
    named = places.named(gathered, list(range(gathered.count)))
    assert [each.pnu for each in named] == gathered.pnus
    assert all(each.location is not None for each in named)
