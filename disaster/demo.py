"""The demo data of this app: two depots for each town of Namwon, with their stock."""

from typing import Any

from gis_core.demo import fixtures
from gis_core.models import Organisation

from .models import Depot, StockItem, StockLine


def load(options: dict[str, Any]) -> dict[str, int]:
    if Depot.objects.filter(is_example=True).exists():
        return {"depots": 0, "stock lines": 0}
    depots = _depots()
    return {"depots": len(depots), "stock lines": _stock(depots)}


def _depots() -> dict[tuple[str, str], Depot]:
    """The depots made, by town code and name."""
    areas = fixtures.Areas()
    keepers = {(each.area_id, each.name): each for each in Organisation.objects.filter(is_example=True)}
    rows = fixtures.rows("depots")
    made = Depot.objects.bulk_create(
        Depot(
            name=row["name"],
            kind=row["kind"],
            area=areas.get(row["town_code"]),
            keeper=keepers[areas.get(row["town_code"]).pk, row["keeper"]] if row["keeper"] else None,
            address=row["address"],
            access_note=row["access_note"],
            location=fixtures.place(row),
            is_example=True,
        )
        for row in rows
    )
    return {(row["town_code"], row["name"]): depot for row, depot in zip(rows, made, strict=True)}


def _stock(depots: dict[tuple[str, str], Depot]) -> int:
    """The lines of the stock table: a row per depot, a column per item, ``held/standard`` in the cells."""
    items = {
        row["name"]: StockItem.objects.get_or_create(name=row["name"], defaults=row)[0]
        for row in fixtures.rows("stock_items")
    }
    lines = [
        _line(depots[row["town_code"], row["depot"]], item, row[name])
        for row in fixtures.rows("stock")
        for name, item in items.items()
        if row[name]
    ]
    return len(StockLine.objects.bulk_create(lines))


def _line(depot: Depot, item: StockItem, cell: str) -> StockLine:
    held, _slash, standard = cell.partition("/")
    return StockLine(depot=depot, item=item, quantity=int(held), standard_quantity=int(standard) if standard else None)
