"""The catalogue: classes of items, items, and the hazards' seasons."""

from typing import Any

from disaster.models import HazardSeason, Item, ItemClass
from gis_core.demo import fixtures


def load() -> dict[str, int]:
    if Item.objects.exists():
        return {"items": 0}
    catalogue = fixtures.parameters("catalogue")
    source = catalogue["source"]
    classes = {
        row["code"]: ItemClass.objects.get_or_create(code=row["code"], defaults={**row, "source": source})[0]
        for row in catalogue["classes"]
    }
    items = [_item(row, classes) for row in catalogue["items"]]
    HazardSeason.objects.bulk_create(_season(row) for row in catalogue["seasons"])
    return {"classes of items": len(classes), "items": len(Item.objects.bulk_create(items))}


def _item(row: dict[str, Any], classes: dict[str, ItemClass]) -> Item:
    return Item(item_class=classes[row.pop("class")], **row)


def _season(row: dict[str, Any]) -> HazardSeason:
    (begins_month, begins_day), (ends_month, ends_day) = row.pop("begins"), row.pop("ends")
    return HazardSeason(
        **row, begins_month=begins_month, begins_day=begins_day, ends_month=ends_month, ends_day=ends_day
    )
