"""Every page in both languages: no Korean left in English but for names, no English left in Korean but for terms."""

import re
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page, expect

from disaster.models import Depot, StockItem
from facilities.models import (
    Building,
    Centre,
    Meeting,
    Plan,
    RedesignProject,
    Request,
    SatisfactionSurvey,
    SurveyScore,
    Unit,
)
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, CooperationZone, Organisation, User
from tests import factories
from tests.browser.conftest import Visit
from tests.browser.support import at
from tests.facilities.records import make_facility_records
from tests.factories import Territory, place
from tests.vacanthouses.campaign_support import make_campaign, make_work_area
from tests.vacanthouses.planning_support import (
    make_concentration_zone,
    make_measure,
    make_plan,
    make_registered_building,
)
from tests.vacanthouses.review_support import make_visit
from vacanthouses.models import (
    Campaign,
    ConcentrationZone,
    ImprovementPlan,
    RegisteredBuilding,
    RuleTable,
    VacantHouse,
    WorkArea,
)
from vacanthouses.services import rules

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]

# What a person reads or hears: text, and the attributes that browsers and screen readers say.
_WORDS = """() => {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const element = node.nodeType === 1 ? node : node.parentElement;
    if (element.closest("script, style, [lang]:not(html)")) continue;
    if (node.nodeType === 3) found.push(node.data);
    else for (const name of ["title", "aria-label", "placeholder", "alt"]) found.push(node.getAttribute(name) ?? "");
    if (node.nodeType === 1 && node.matches("input[type=submit], input[type=button]")) found.push(node.value);
  }
  return found.map((text) => text.trim()).filter(Boolean);
}"""

_HANGUL = re.compile(r"[가-힣]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Brand and language switch, in every language.
_ALWAYS = ("동네", "Dongne", "한국어", "English")
# Terms that Korean offices write in Latin letters.
_TERMS = frozenset(
    "adm ADM Alt API AsyncAPI Basic bbox cd cp949 CP CP949 CRS CSV csv Ctrl DBF Delete DWG DXF Enter EPSG Esc EUC "
    "Backspace Excel Home IFC IMDF IndoorGML KRW MP PageDown PageUp Shift SVG Tab "
    "FlatGeobuf geojson GeoJSON GeoPackage GeoTIFF gpkg GPKG GPS GRS ha HEIC HTTP ID JPEG JSON json KB kB km "
    "KML KOSTAT KR MB MOIS mois name NM OGC OpenAPI OpenStreetMap PDF PNG PNU prj QGIS Shapefile shp SHP tif "
    "TIFF Token TopoJSON URL UTF UTM VWorld WebP WGS XLS xlsx XLSX ZIP zip zoom".split()
)


_FACILITIES = {
    "buildings": Building,
    "units": Unit,
    "redesign-projects": RedesignProject,
    "meetings": Meeting,
    "requests": Request,
    "satisfaction-surveys": SatisfactionSurvey,
}


def _names() -> list[str]:
    """What is data: names and addresses, the longest first."""
    found: set[str] = set()
    for model, fields in (
        (AdminArea, ("name", "full_name")),
        (Centre, ("name", "address")),
        (CooperationZone, ("name",)),
        (Depot, ("name", "address")),
        (Organisation, ("name", "contact_name")),
        (StockItem, ("name", "unit")),
        (User, ("username", "name")),
        (VacantHouse, ("address",)),
        (Campaign, ("name",)),
        (WorkArea, ("name",)),
        (ImprovementPlan, ("name",)),
        (ConcentrationZone, ("name",)),
        (RuleTable, ("title", "source")),
        (RegisteredBuilding, ("use",)),
        (Building, ("name",)),
        (Plan, ("name",)),
        (Unit, ("name_ko",)),
        (RedesignProject, ("name",)),
        (Meeting, ("name",)),
        (Request, ("asked",)),
        (SatisfactionSurvey, ("name",)),
        (SurveyScore, ("question",)),
    ):
        for field in fields:
            found.update(model._default_manager.values_list(field, flat=True))
    return sorted(filter(None, found), key=len, reverse=True)


def _without(text: str, names: Iterable[str]) -> str:
    for name in (*names, *_ALWAYS):
        text = text.replace(name, " ")
    return text


def _foreign(page: Page, language: str, names: list[str]) -> list[str]:
    texts = [_without(text, names) for text in page.evaluate(_WORDS)]
    if language == "en":
        return [text for text in texts if _HANGUL.search(text)]
    return [text for text in texts if any(word not in _TERMS for word in _LATIN.findall(text))]


def _records(territory: Territory) -> dict[str, int]:
    """One record of every layer, and the rules their pages count by."""
    rules.load_samples()
    depot = factories.make_depot(place(900, 900))
    factories.make_stock(depot, standard=200)
    centre = make_facility_records(factories.make_centre(place(800, 800)))
    house = factories.make_house(place(850, 850))
    return {
        **{layer_id: model.objects.get().pk for layer_id, model in _FACILITIES.items()},
        "areas": territory.unbong.pk,
        "zones": factories.make_zone(territory.unbong, territory.jucheon).pk,
        "organisations": factories.make_organisation(point=place(700, 700)).pk,
        "centres": centre.pk,
        "vacant-houses": house.pk,
        "measures": make_measure(make_plan(territory.namwon), house).pk,
        "work-areas": make_work_area(make_campaign(territory.namwon), territory.unbong).pk,
        "concentration-zones": make_concentration_zone(territory.unbong).pk,
        "registered-buildings": make_registered_building(500, 500, area=territory.unbong).pk,
        "visits": make_visit(factories.make_user("crew"), house).pk,
        "depots": depot.pk,
    }


def _paths(records: dict[str, int], territory: Territory) -> list[str]:
    paths = ["/", "/profile/", "/imports/areas/", "/basemaps/", f"/areas/{territory.unbong.mois_code}/", "/nowhere/"]
    paths += _facility_paths(records)
    paths += _planning_paths(records)
    for layer in layers:
        pk = records[layer.id]
        one = f"/records/{layer.id}/{pk}/"
        paths += [f"/records/{layer.id}/", f"/records/{layer.id}/?q=zz", f"/records/{layer.id}/add/", one]
        paths += [f"{one}{page}/" for page in ("edit", "retire", "history")]
    return paths


def _facility_paths(records: dict[str, int]) -> list[str]:
    plan, project = f"/plans/{Plan.objects.get().pk}/", f"/projects/{records['redesign-projects']}/"
    building, centre = f"/buildings/{records['buildings']}/", f"/centres/{records['centres']}/"
    return [
        *(f"{plan}{page}" for page in ("", "facts/", "history/", "stacking/")),
        *(f"{building}{page}" for page in ("levels/", "plans/add/", "plans/import/")),
        *(f"{centre}{page}" for page in ("buildings/add/", "teams/")),
        *(f"{project}{page}" for page in ("stages/", "budget/", "requests/", "move/")),
        *("/plans/compare/", "/projects/board/", "/projects/timeline/", "/programme/", "/standards/"),
        f"/surveys/{records['satisfaction-surveys']}/scores/",
    ]


def _planning_paths(records: dict[str, int]) -> list[str]:
    zone = f"/vacant-houses/zones/{records['concentration-zones']}/"
    plan = f"/survey/plans/{ImprovementPlan.objects.get().pk}/"
    measure, house = f"{plan}measures/{records['measures']}/", f"/vacant-houses/{records['vacant-houses']}/"
    return [
        *(f"{plan}{page}" for page in ("", "edit/", "retire/", "steps/published/", "measures/add/?q=zz")),
        *(f"{measure}{page}" for page in ("", "finish/", "drop/")),
        *(f"{house}{page}" for page in ("reuse/", "measure/", "owners/", "owners/add/")),
        *(f"{zone}{page}" for page in ("", "designated/", "rejected/")),
        *("/vacant-houses/zones/", "/vacant-houses/zones/look/"),
        *("/survey/plans/", "/survey/plans/add/", "/vacant-houses/risk/", "/vacant-houses/reuse/"),
    ]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_korean_and_english_show_no_untranslated_string(
    visit: Begin, territory: Territory, administrator: User, language: str
) -> None:
    records = _records(territory)
    names = _names()
    person = visit(administrator, language=language)
    person.allowed += ["status of 404", "status of 403"]
    wrong: dict[str, list[str]] = {}
    for path in _paths(records, territory):
        page = person.go(path)
        page.wait_for_load_state("networkidle")
        found = _foreign(page, language, names)
        if found:
            wrong[path] = found
    stranger = visit(None, language=language).go("/sign-in/")
    if found := _foreign(stranger, language, names):
        wrong["/sign-in/"] = found
    assert wrong == {}, wrong


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_map_shows_no_untranslated_string_while_it_is_used(
    visit: Begin, territory: Territory, administrator: User, language: str
) -> None:
    records = _records(territory)
    names = _names()
    person = visit(administrator, language=language)
    wrong: dict[str, list[str]] = {}

    def look(step: str) -> None:
        person.page.wait_for_load_state("networkidle")
        if found := _foreign(person.page, language, names):
            wrong[step] = found

    page = person.map(f"?at={at(800, 800)}")
    mapped = [layer for layer in layers if layer.on_map]
    for layer in mapped:
        page.click(f"[data-layer={layer.id}] [data-part=fold]")
        page.click(f"[data-layer={layer.id}] [data-part=filter]")
    look("layers")
    page.fill("#search", "운봉")
    expect(page.locator("#search-results [role=option]").first).to_be_visible()
    look("search")
    for layer in mapped:
        person.map(f"?at={at(800, 800)}&sel={layer.id}/{records[layer.id]}")
        expect(page.locator(".panel[data-mode=view]")).to_be_visible()
        look(f"{layer.id} panel")
        if layer.access.read_only or not layer.has_own_place:
            continue
        page.click("[data-action=edit-shape]")
        expect(page.locator(".panel[data-mode=edit]")).to_be_visible()
        look(f"{layer.id} edit")
    assert wrong == {}, wrong
