"""The national system's list compared with our ledger on a day, and the differences kept."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _

from disaster import comparison as rules
from disaster.access import is_officer
from disaster.comparison import Key, Kind, Told
from disaster.models import Balance, Depot, Entry, Item, StockComparison
from disaster.querysets_counts import depots_of, held_on
from disaster.wide_table import Named, match_item, read_cell
from gis_core.editing.errors import NotAllowed
from gis_core.imports.source import Row, Source
from gis_core.models import AdminArea

from .stock_places import Places

PURPOSE = "comparison"
CITY = "city"


def catalogue() -> list[Named]:
    """The items as tables may call them."""
    rows = Item.objects.live().order_by("pk")
    return [Named(each.pk, (each.name, each.list_number, each.name_en), each.unit) for each in rows]


def compared(user: Any, source: Source, columns: dict[str, str], city: AdminArea, as_of: date) -> StockComparison:
    """The comparison, not yet kept. ``columns``: headings by what they hold (list_number, item, town, depot, quantity).

    Raises NotAllowed for who keeps no depot of the city.
    """
    depots = list(depots_of(user, city))
    if not is_officer(user) or not depots:
        raise NotAllowed(_("You keep no depot in this city."))
    places = Places(city, depots)
    items = {each.pk: each for each in Item.objects.live()}
    reader = _Reader(columns, places, catalogue(), items)
    told = [reader.read(row) for row in source.rows]
    equal, found = rules.compare(told, _ours(depots, as_of), {row.key[1] for row in told if row.key})
    names = {f"depot:{each.pk}": str(each) for each in depots}
    names |= {f"town:{area.pk}": area.name for area in places.towns.values()} | {CITY: city.name}
    return StockComparison(
        area=city, as_of=as_of, file_name=source.name[:200], made_by=user, matched=equal, differing=len(found),
        rows=[_row(each, items, names) for each in found],
    )  # fmt: skip


def _row(found: rules.Difference, items: dict[int, Item], names: dict[str, str]) -> dict[str, Any]:
    item = items[found.key[0]] if found.key else None
    return {
        "kind": str(found.kind), "rows": list(found.rows), "item": item.name if item else found.item_text,
        "list_number": item.list_number if item else "", "unit": item.unit if item else "",
        "place": names[found.key[1]] if found.key else found.place_text, "theirs": found.theirs, "ours": found.ours,
    }  # fmt: skip


class _Reader:
    """Understands one row after the other, guessing nothing."""

    def __init__(self, columns: dict[str, str], places: Places, named: list[Named], items: dict[int, Item]) -> None:
        self.columns, self.places, self.named, self.items = columns, places, named, items
        self.by_number = {item.list_number: item.pk for item in items.values() if item.list_number}

    def cell(self, row: Row, name: str) -> str:
        return row.values.get(self.columns.get(name, ""), "").strip()

    def read(self, row: Row) -> Told:
        number, name = self.cell(row, "list_number"), self.cell(row, "item")
        town, depot = self.cell(row, "town"), self.cell(row, "depot")
        texts = " ".join(filter(None, [number, name])), " ".join(filter(None, [town, depot]))
        key = self.by_number.get(number) if number else None
        key = key or match_item(name, self.named)
        place = self.place(town, depot)
        read = read_cell(self.cell(row, "quantity"), self.items[key].unit if key else "")
        # A total is no town, whatever item it adds up.
        fault = Kind.NO_TOWN if not place else Kind.UNKNOWN_ITEM if not key else None
        if fault is None and read.quantity is None:
            fault = Kind.NO_FIGURE
        known = (key, place) if key and place else None
        return Told(row.number, *texts, read.quantity, None if fault else known, fault)

    def place(self, town: str, depot: str) -> str:
        """Where a row speaks of, as the most precise thing it says; empty where that is nowhere of ours."""
        area = self.places.town(town) if town else None
        if depot:
            found = self.places.depot(depot, area) if area or not town or self.places.is_city(town) else None
            return f"depot:{found.pk}" if found else ""
        if town:
            return f"town:{area.pk}" if area else CITY if self.places.is_city(town) else ""
        return "" if self.columns.get("town") or self.columns.get("depot") else CITY


def _ours(depots: Iterable[Depot], day: date) -> dict[Key, int]:
    """What the ledger held at the end of a day, by depot, by town and in all, in every condition."""
    towns = {depot.pk: depot.area_id for depot in depots}
    held = held_on(towns, day)
    first = dict(
        Entry.objects.filter(balance__in=list(held)).order_by().values_list("balance").annotate(Min("occurred_on"))
    )
    sums: dict[Key, int] = {}
    for pk, depot, item in Balance.objects.filter(pk__in=list(held)).values_list("pk", "depot", "lot__item"):
        if first.get(pk, day) > day:
            continue
        for place in (f"depot:{depot}", f"town:{towns[depot]}", CITY):
            sums[item, place] = sums.get((item, place), 0) + held[pk]
    return sums
