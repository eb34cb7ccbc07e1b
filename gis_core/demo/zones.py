"""The demo data's cooperation zones, with their members and who leads them."""

from typing import Any

from gis_core.editing.shapes import to_geos
from gis_core.models import CooperationZone, Organisation
from gis_core.zones.extent import union_of

from . import fixtures


def load() -> int:
    if CooperationZone.objects.filter(is_example=True).exists():
        return 0
    areas = fixtures.Areas()
    rows = fixtures.parameters("zones")
    for row in rows:
        _make(row, areas)
    return len(rows)


def _make(row: dict[str, Any], areas: fixtures.Areas) -> None:
    members = [areas.get(str(code)) for code in row["areas"]]
    organisations = Organisation.objects.filter(is_example=True, name__in=row["organisations"])
    facts = {name: row[name] for name in ("name", "kind", "purpose", "period_start", "period_end", "budget_krw")}
    zone = CooperationZone.objects.create(
        **facts,
        lead=organisations.get(name=row["lead"]),
        geometry=to_geos(union_of(area.pk for area in members)),
        is_example=True,
    )
    zone.member_areas.set(members)
    zone.member_organisations.set(organisations)
