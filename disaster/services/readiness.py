"""The readiness of towns from what is recorded: all towns at once, in a fixed number of statements; and kept scores."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import transaction
from django.utils import timezone

from disaster import querysets_readiness as facts
from disaster.models import Hazard, Item, ItemClass, ReadinessScore
from disaster.querysets_people import last_trainings
from disaster.readiness import Asked, Batch, Fall, Part, Readiness, as_body, falls, measure
from disaster.seasons import Edition, Window, season_at, target
from disaster.training import valid_until
from disaster.words import readiness as words
from gis_core.models import AdminArea

Key = tuple[int, int]
NOT_HELD = facts.Held(0, 0)


@dataclass(frozen=True)
class TownReadiness:
    """A town's readiness for a hazard on a day, with what it was measured from.

    ``score`` is None where it is unknown or nothing is asked for; sentences are in the active language.
    """

    area_id: int
    hazard: str
    day: date
    asked: tuple[Asked, ...]
    items: Mapping[int, Item]
    season: Window | None

    @cached_property
    def readiness(self) -> Readiness:
        return measure(self.asked, self.day)

    @property
    def score(self) -> float | None:
        return self.readiness.score

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.readiness.parts

    @property
    def sentence(self) -> str:
        return words.sentence(self.readiness, self.items)

    @cached_property
    def forecast_day(self) -> date | None:
        return target(self.season, self.day) if self.season else None

    @cached_property
    def forecast(self) -> Readiness | None:
        """At the season's begin (or its end while it runs) if nothing more is done."""
        return measure(self.asked, self.forecast_day) if self.forecast_day else None

    @cached_property
    def falls(self) -> list[Fall]:
        """What falls until then, the first first."""
        return falls(self.asked, self.day, self.forecast_day) if self.forecast_day else []

    @property
    def forecast_sentence(self) -> str:
        if self.forecast is None or self.season is None:
            return words.no_season()
        return words.forecast(self.readiness, self.forecast, self.season, self.falls, self.items)


@dataclass(frozen=True)
class Facts:
    """What was recorded about towns on a day, whatever the hazard."""

    day: date
    needed: Mapping[Key, int]
    items: Mapping[int, Item]
    stock: Mapping[Key, list[facts.StockRow]]
    held_up: Mapping[Key, facts.Held]
    inspected: Mapping[tuple[int, int, int | None], date]
    trainings: Mapping[Key, Mapping[int, date]]
    peopled: set[int]
    seasons: Mapping[str, list[Edition]]

    @cached_property
    def items_of(self) -> dict[int, list[int]]:
        """By town, the items that are asked for."""
        found: dict[int, list[int]] = defaultdict(list)
        for area, item in self.needed:
            found[area].append(item)
        return found

    def town(self, area: int, hazard: str) -> TownReadiness:
        asked = tuple(self._asked(area, item) for item in sorted(self.items_of[area]) if self._counts(item, hazard))
        return TownReadiness(area, hazard, self.day, asked, self.items, self.windows.get(hazard))

    @cached_property
    def windows(self) -> dict[str, Window | None]:
        """By hazard, the season that runs or comes next."""
        return {hazard: season_at(editions, self.day) for hazard, editions in self.seasons.items()}

    def every(self, area: int) -> Readiness:
        """Of all items that a town must hold, whatever the hazard."""
        known = (item for item in sorted(self.items_of[area]) if item in self.items)
        return measure([self._asked(area, item) for item in known], self.day)

    def trained(self, area: int) -> list[tuple[ItemClass, int | None, int]]:
        """(class, people trained today, people needed) for classes of what the town must hold; None is unknown."""
        found = {}
        for item in self.items_of[area]:
            of_class = self.items[item].item_class if item in self.items else None
            until = self._trained_until(area, of_class)
            if of_class is not None and of_class.training_months is not None and of_class.people_needed:
                have = None if until is None else sum(day >= self.day for day in until)
                found[of_class.pk] = (of_class, have, of_class.people_needed)
        return [found[pk] for pk in sorted(found)]

    def _counts(self, item: int, hazard: str) -> bool:
        found = self.items.get(item)
        return found is not None and hazard in found.hazards

    def _asked(self, area: int, item: int) -> Asked:
        of_class = self.items[item].item_class
        rows = self.stock.get((area, item))
        amounts = {"usable": 0, "repair": 0, "unusable": 0}
        held = {}
        for row in rows or ():
            amounts[row.condition] += row.quantity
            held[row.depot] = self.held_up.get((row.depot, item), NOT_HELD)
        trains = of_class is not None and of_class.training_months is not None
        return Asked(
            item=item,
            needed=self.needed[area, item],
            batches=None if rows is None else tuple(self._batches(rows, held, of_class)),
            in_repair=amounts["repair"] + sum([each.blocked for each in held.values()]),
            unusable=amounts["unusable"],
            promised=sum([each.promised for each in held.values()]),
            fresh_days=of_class.fresh_days if of_class else None,
            people_needed=of_class.people_needed if of_class and trains else 0,
            trained_until=self._trained_until(area, of_class),
        )

    def _trained_until(self, area: int, of_class: ItemClass | None) -> tuple[date, ...] | None:
        if of_class is None or of_class.training_months is None:
            return ()
        if area not in self.peopled:
            return None
        last = self.trainings.get((area, of_class.pk), {})
        return tuple(valid_until(held_on, of_class.training_months) for held_on in last.values())

    def _batches(
        self, rows: list[facts.StockRow], held: Mapping[int, facts.Held], of_class: ItemClass | None
    ) -> Iterator[Batch]:
        """What works, lot by lot. Which units are held up is not known: those that expire first are taken for it, for
        they are what is sent first."""
        left = {depot: each.blocked + each.promised for depot, each in held.items()}
        for row in sorted(rows, key=lambda each: (each.expires_on or date.max, each.lot)):
            if row.condition != "usable":
                continue
            lives = row.expires_on is None or row.expires_on >= self.day
            gone = min(left[row.depot], row.quantity) if lives else 0
            left[row.depot] -= gone
            yield Batch(row.quantity - gone, row.expires_on, self._last_inspected(row, of_class))

    def _last_inspected(self, row: facts.StockRow, of_class: ItemClass | None) -> date | None:
        if of_class is None:
            return None
        of_all = self.inspected.get((row.depot, of_class.pk, None))
        of_lot = self.inspected.get((row.depot, of_class.pk, row.lot))
        return max(of_all, of_lot) if of_all and of_lot else of_all or of_lot


def gather(areas: Iterable[int] | None, day: date, without: frozenset[int] = frozenset()) -> Facts:
    """All that readiness is measured from: eight statements, whatever the number of towns (None: all).

    ``without``: depots (primary keys) that are taken to hold nothing, which is known and not unknown.
    """
    areas = None if areas is None else sorted(areas)
    items = {item.pk: item for item in Item.objects.live().select_related("item_class")}
    rows = [row._replace(quantity=0) if row.depot in without else row for row in facts.stock(areas, day)]
    stock: dict[Key, list[facts.StockRow]] = defaultdict(list)
    for row in rows:
        stock[row.area, row.item].append(row)
    classes = {pk: item.item_class_id for pk, item in items.items()}
    return Facts(
        day=day,
        needed=facts.needed(areas, day),
        items=items,
        stock=stock,
        held_up=facts.held_up(rows, classes, day),
        inspected=facts.inspected(areas, day),
        trainings=last_trainings(day, areas),
        peopled=facts.towns_with_people(areas),
        seasons=facts.seasons(),
    )


def of_towns(
    areas: Iterable[AdminArea], hazard: str, day: date, without: frozenset[int] = frozenset()
) -> dict[int, TownReadiness]:
    """Readiness by town (primary key), in the order given; ``without``: as if these depots held nothing."""
    ids = [area.pk for area in areas]
    found = gather(ids, day, without)
    return {pk: found.town(pk, hazard) for pk in ids}


def of_town(area: AdminArea, hazard: str, day: date) -> TownReadiness:
    return gather([area.pk], day).town(area.pk, hazard)


def of_all_hazards(area: AdminArea, day: date) -> list[TownReadiness]:
    """Of each hazard for which the town must hold anything, in the order of hazards."""
    found = gather([area.pk], day)
    every = [found.town(area.pk, hazard) for hazard in Hazard.values]
    return [town for town in every if town.readiness.is_asked]


@transaction.atomic
def keep(day: date | None = None, areas: Iterable[int] | None = None) -> int:
    """Keep the scores of a day (None: today) for the trend; kept again, they are renewed. Returns how many."""
    day = day or timezone.localdate()
    found = gather(areas, day)
    rows = []
    for area in sorted(found.items_of):
        for hazard in Hazard.values:
            readiness = found.town(area, hazard).readiness
            if readiness.is_asked:
                rows.append(
                    ReadinessScore(
                        area_id=area, hazard=hazard, day=day, score=readiness.score, parts=as_body(readiness)
                    )
                )
    ReadinessScore.objects.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["area", "hazard", "day"],
        update_fields=["score", "parts"],
    )
    return len(rows)
