"""What a page says in the wrong language: Korean in English but for names, English in Korean but for terms."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from playwright.sync_api import Page

from disaster.models import (
    Agreement,
    Checklist,
    Depot,
    Incident,
    Item,
    ItemClass,
    Loan,
    LocalHoliday,
    Movement,
    RepairTask,
    Responder,
    Schedule,
    StandardQuantity,
    Training,
    Village,
)
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
from gis_core.models import (
    AdminArea,
    CooperationZone,
    EvaluationSheet,
    Indicator,
    LocalPolicy,
    Organisation,
    OutreachVisit,
    ProjectEvent,
    ProjectOutput,
    Proposal,
    ProposalRound,
    Role,
    RoundMeeting,
    User,
    ZoneAgreement,
    ZoneProject,
)
from tests import factories
from tests.disaster.records import make_disaster_records
from tests.facilities.records import make_facility_records
from tests.factories import Territory, place
from tests.gis_core.participation_support import make_participation
from tests.gis_core.projects_support import make_whole_project
from tests.gis_core.town_work_support import make_town_work
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

# As ``Heard``, once scripts have run.
_SAID = """() => {
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

_SAID_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt")
_HANGUL = re.compile(r"[가-힣]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Brand and language switch, in every language.
_ALWAYS = ("동네", "Dongne", "한국어", "English")
# Terms that Korean offices write in Latin letters.
_TERMS = frozenset(
    "adm ADM Alt API AsyncAPI Basic bbox cd cp949 CP CP949 CRS CSV csv Ctrl DBF Delete DWG DXF Enter EPSG Esc EUC "
    "Backspace Excel Home KRMS nodata QR YAML mm min Page Up Down "
    "IFC IMDF IndoorGML KRW MP PageDown PageUp Shift SVG Tab "
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


def names_in_the_data() -> list[str]:
    """What is data: names and addresses, the longest first."""
    found: set[str] = set()
    for model, fields in (
        (AdminArea, ("name", "full_name")),
        (Centre, ("name", "address")),
        (CooperationZone, ("name",)),
        (Depot, ("name", "address")),
        (Organisation, ("name", "contact_name")),
        (Item, ("name", "name_en", "unit")),
        (Loan, ("borrower_name",)),
        (Responder, ("name",)),
        (ItemClass, ("name", "name_en")),
        (Agreement, ("title",)),
        (Checklist, ("title", "source")),
        (Incident, ("title",)),
        (LocalHoliday, ("name",)),
        (Movement, ("reason",)),
        (RepairTask, ("title",)),
        (Schedule, ("title",)),
        (StandardQuantity, ("source",)),
        (Training, ("title",)),
        (Village, ("name",)),
        (User, ("username", "name")),
        (VacantHouse, ("address",)),
        (Indicator, ("name", "unit", "source", "description")),
        (EvaluationSheet, ("title", "source")),
        (LocalPolicy, ("title",)),
        (OutreachVisit, ("village",)),
        (ZoneProject, ("name",)),
        (ZoneAgreement, ("title",)),
        (ProjectEvent, ("title",)),
        (ProjectOutput, ("title", "unit")),
        (Proposal, ("title", "text", "answer", "moderation_reason")),
        (ProposalRound, ("title", "text", "office")),
        (RoundMeeting, ("title", "place", "minutes")),
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


def foreign(texts: Iterable[str], language: str, names: list[str]) -> list[str]:
    is_foreign = _is_korean if language == "en" else _is_english
    return [text for text in texts if is_foreign(text) and is_foreign(_without(text, names))]


def _is_korean(text: str) -> bool:
    return bool(_HANGUL.search(text))


def _is_english(text: str) -> bool:
    return any(word not in _TERMS for word in _LATIN.findall(text))


def said(page: Page) -> list[str]:
    """What a page says now."""
    texts: list[str] = page.evaluate(_SAID)
    return texts


class Heard(HTMLParser):
    """What a page, or a part of one, says before any script runs, and what its scripts go by.

    ``texts`` is what a person reads or hears: text, and the attributes that browsers and screen readers say, but for
    what is marked as being in a language of its own. ``hooks`` are the scripts, and the names of the data attributes
    by which scripts take hold.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hooks: set[str] = set()
        self._unheard = ""
        self._depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.hooks.update(name for name in given if name.startswith("data-"))
        if tag == "script":
            self.hooks.add(given.get("src", ""))
        if self._unheard:
            self._depth += tag == self._unheard
        elif tag in ("script", "style") or ("lang" in given and tag != "html"):
            self._unheard, self._depth = tag, 1
        else:
            self.texts += [given[name] for name in _SAID_ATTRIBUTES if name in given]
            if tag == "input" and given.get("type") in ("submit", "button"):
                self.texts.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unheard:
            self._depth -= 1
            if self._depth == 0:
                self._unheard = ""

    def handle_data(self, data: str) -> None:
        if not self._unheard:
            self.texts.append(data.strip())


def one_of_each(territory: Territory) -> dict[str, int]:
    """One record of every layer, and the rules their pages count by."""
    rules.load_samples()
    depot = factories.make_depot(place(900, 900))
    factories.make_stock(depot, standard=200)
    centre = make_facility_records(factories.make_centre(place(800, 800)))
    house = factories.make_house(place(850, 850))
    zone = factories.make_zone(territory.unbong, territory.jucheon)
    return {
        **{layer_id: model.objects.get().pk for layer_id, model in _FACILITIES.items()},
        "areas": territory.unbong.pk,
        "zones": zone.pk,
        "zone-projects": make_whole_project(zone).pk,
        **make_participation(territory),
        **make_town_work(),
        "organisations": factories.make_organisation(point=place(700, 700)).pk,
        "centres": centre.pk,
        "vacant-houses": house.pk,
        "measures": make_measure(make_plan(territory.namwon), house).pk,
        "work-areas": make_work_area(make_campaign(territory.namwon), territory.unbong).pk,
        "concentration-zones": make_concentration_zone(territory.unbong).pk,
        "registered-buildings": make_registered_building(500, 500, area=territory.unbong).pk,
        "visits": make_visit(factories.make_user("crew"), house).pk,
        "depots": depot.pk,
        **make_disaster_records(depot, factories.make_user("officer", (Role.DISASTER_OFFICER, None))),
    }
