"""Example movements between neighbouring towns: invented, so that suggestions have something to read."""

from gis_core.models import AreaLink
from gis_core.models.cooperation import LinkKind
from gis_core.zones.links_services import Link, write

from . import fixtures

SOURCE = "예시 (만든 값)"
PERIOD = "2024"


def load() -> int:
    if AreaLink.objects.filter(is_example=True).exists():
        return 0
    areas = fixtures.Areas()
    links = [
        Link(0, areas.get(row["from_code"]).pk, areas.get(row["to_code"]).pk, float(row["people"]), PERIOD)
        for row in fixtures.rows("movements")
    ]
    write(links, LinkKind.MOVEMENTS, SOURCE, is_example=True)
    return len(links)
