"""Local policies and outreach visits to test with."""

from datetime import date
from typing import Any

from gis_core.models import AdminArea, LocalPolicy, OutreachVisit
from tests.factories import Territory, geos, place
from tests.gis_core.indicator_support import body, item, make_indicator, make_sheet, make_value


def make_visit(village: str = "윗예시마을", east: float = 500, **values: Any) -> OutreachVisit:
    """Visits to 15 of a village's 40 households in March 2019."""
    point = geos(place(east, 500))
    facts = {"from_on": date(2019, 3, 1), "until_on": date(2019, 3, 20), "households": 40, "visited": 15}
    area = AdminArea.objects.containing(point)
    return OutreachVisit.objects.create(**{"village": village, "location": point, "area": area, **facts, **values})


def make_policy(title: str = "예시 시책", east: float = 500, **values: Any) -> LocalPolicy:
    point = geos(place(east, 500))
    facts = {"title": title, "area": AdminArea.objects.containing(point), "year": 2019, "location": point}
    return LocalPolicy.objects.create(**{**facts, **values})


def make_town_work() -> dict[str, int]:
    """One record of each layer, an indicator ``measured`` with a value of its town, and an evaluation ``sheet``."""
    policy, visit = make_policy(), make_visit()
    town = visit.area
    assert town is not None
    assert town.parent is not None
    make_value(make_indicator("measured", unit="%"), town, 40)
    sheet = make_sheet(town.parent, body((100, [item("measured", 100, {"kind": "target", "target": 50})])))
    return {"local-policies": policy.pk, "outreach-visits": visit.pk, "sheet": sheet.pk}


def town_work_paths(records: dict[str, int], territory: Territory) -> list[str]:
    """Addresses of the pages about what ``make_town_work`` made."""
    measured, sheet = "/indicators/measured/", f"/evaluation/{records['sheet']}/"
    city = territory.namwon.mois_code
    return [
        *(f"{measured}{page}?city={city}" for page in ("", "edit/", "retire/", "values/", "import/")),
        *(f"{sheet}{page}/" for page in (f"towns/{territory.unbong.mois_code}", "edition", "edit", "close", "retire")),
        *("/indicators/", "/indicators/add/", "/evaluation/", "/evaluation/add/", sheet),
        *(f"/town-work/{page}/?city={city}" for page in ("policies", "outreach")),
    ]
