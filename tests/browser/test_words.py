"""Every page in both languages: no Korean left in English but for names, no English left in Korean but for terms."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from facilities.models import Plan
from gis_core.layers.registry import layers
from gis_core.models import User
from tests.browser.conftest import Visit
from tests.browser.words_support import foreign, names_in_the_data, one_of_each
from tests.factories import Territory
from vacanthouses.models import ImprovementPlan

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]

TABS = 6


def _opened(person: Visit, paths: list[str]) -> Iterator[tuple[str, Page]]:
    """Pages that have become silent. Several load at once, so that their silences pass together."""
    tabs = [person.page, *(person.tab() for _ in range(TABS - 1))]
    for start in range(0, len(paths), TABS):
        some = list(zip(paths[start : start + TABS], tabs, strict=False))
        for path, page in some:
            page.goto(person.base + path, wait_until="commit")
        for path, page in some:
            page.wait_for_load_state("networkidle")
            yield path, page


def _paths(records: dict[str, int], territory: Territory) -> list[str]:
    paths = ["/", "/profile/", "/imports/areas/", "/basemaps/", f"/areas/{territory.unbong.mois_code}/", "/nowhere/"]
    paths += _facility_paths(records)
    paths += _planning_paths(records)
    paths += _disaster_paths(records, territory)
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


def _disaster_paths(records: dict[str, int], territory: Territory) -> list[str]:
    of = "/disaster/"
    stock, operations, inspections = f"{of}stock/", f"{of}operations/", f"{of}inspections/"
    order, schedule = f"{operations}orders/{records['order']}/", f"{of}schedules/{records['schedule']}/"
    training, repair = f"{of}training/{records['training']}/", f"{of}repairs/{records['repair']}/"
    depot, checklist = records["depot"], f"{of}checklists/{records['checklist']}/"
    moves = ("receive", "issue", "transfer", "loan", "dispose", "recondition")
    return [
        *(
            f"{of}{page}/"
            for page in ("readiness", "stock", "training", "partners", "coverage", "operations", "labels")
        ),
        *(f"{of}{page}/" for page in ("inspections", "schedules", "holidays", "checklists", "repairs", "responders")),
        *(
            f"{of}{page}/"
            for page in ("call-test", "phone-tree", "flood-maps", "flood-maps/add", "coverage/best-places")
        ),
        f"{of}readiness/{territory.unbong.mois_code}/",
        *(f"{stock}depots/{depot}/{kind}/" for kind in moves),
        *(f"{stock}{page}/" for page in ("ledger", "loans", "catalogue", "standards", "standards/add", "import")),
        *(f"{stock}{page}/" for page in ("counts", "counts/due", "comparisons", "comparisons/add")),
        f"{stock}counts/{records['count']}/",
        f"{stock}movements/{records['movement']}/",
        f"{stock}loans/{records['loan']}/",
        *(f"{stock}catalogue/{page}/" for page in ("items/add", "classes/add", f"items/{records['item']}")),
        *(f"{inspections}{page}" for page in ("calendar/", "feeds/", f"add/?depot={depot}")),
        *(f"{schedule}{page}" for page in ("", "edit/")),
        *(f"{of}schedules/{page}/" for page in ("add", "add/many")),
        *(f"{checklist}{page}" for page in ("", "edition/")),
        *(f"{repair}{page}" for page in ("", "done/", "cancel/")),
        f"{of}repairs/add/",
        *(f"{operations}{page}" for page in ("orders/", "request/", "redistribution/")),
        order,
        *(f"{training}{page}" for page in ("", "edit/")),
        *(f"{of}{page}/" for page in ("training/add", "responders/add", f"responders/{records['responder']}")),
        f"{of}partners/{records['partner']}/",
        f"{of}agreements/{records['agreement']}/",
        *(f"/records/depots/{depot}/{page}/" for page in ("access",)),
        f"{of}depots/{depot}/keeper/",
    ]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_korean_and_english_show_no_untranslated_string(
    visit: Begin, territory: Territory, administrator: User, language: str
) -> None:
    records = one_of_each(territory)
    names = names_in_the_data()
    person = visit(administrator, language=language)
    person.allowed += ["status of 404", "status of 403"]
    wrong: dict[str, list[str]] = {}
    for path, page in _opened(person, _paths(records, territory)):
        found = foreign(page, language, names)
        if found:
            wrong[path] = found
    stranger = visit(None, language=language).go("/sign-in/")
    if found := foreign(stranger, language, names):
        wrong["/sign-in/"] = found
    assert not wrong, "\n".join(f"{path}: {found}" for path, found in wrong.items())
