"""Two depots for each town of Namwon."""

from disaster.models import Depot
from gis_core.demo import fixtures
from gis_core.models import Organisation


def load() -> dict[str, int]:
    if Depot.objects.filter(is_example=True).exists():
        return {"depots": 0}
    return {"depots": len(_depots())}


def _depots() -> list[Depot]:
    areas = fixtures.Areas()
    keepers = {(each.area_id, each.name): each for each in Organisation.objects.filter(is_example=True)}
    rows = fixtures.rows("depots")
    return Depot.objects.bulk_create(
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
