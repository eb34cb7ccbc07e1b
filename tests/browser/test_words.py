"""Every page in both languages: no Korean left in English but for names, no English left in Korean but for terms.

All pages are read as the server sends them. A browser opens those that bring a script, or something a script takes
hold of, which none before them brought: what scripts write is read there.
"""

from collections.abc import Callable, Iterable, Iterator

import pytest

from facilities.models import Plan
from gis_core.layers.registry import layers
from gis_core.models import User
from tests.browser.conftest import Visit
from tests.browser.words_support import Heard, foreign, names_in_the_data, one_of_each, said
from tests.factories import Territory
from tests.gis_core.pages_support import HTMX, signed_in
from tests.gis_core.participation_support import participation_paths
from tests.gis_core.projects_support import project_paths
from tests.gis_core.town_work_support import town_work_paths
from vacanthouses.models import ImprovementPlan

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]

REFUSED = {"/nowhere/": 404, "/records/units/add/": 403}


def pages(records: dict[str, int], territory: Territory) -> list[str]:
    """Addresses of all pages, about the records of ``one_of_each``. A new page gets its line in one of the lists."""
    paths = ["/", "/profile/", "/imports/areas/", "/basemaps/", "/map/"]
    paths += _area_paths(territory)
    paths += _facility_paths(records)
    paths += _planning_paths(records)
    paths += _disaster_paths(records, territory)
    paths += town_work_paths(records, territory)
    paths += participation_paths(records)
    paths += project_paths(records["zone-projects"])
    for layer in layers:
        pk = records[layer.id]
        one = f"/records/{layer.id}/{pk}/"
        paths += [f"/records/{layer.id}/", f"/records/{layer.id}/?q=zz", one, f"{one}history/"]
        if not layer.access.read_only:
            paths += [f"/records/{layer.id}/add/", f"{one}edit/", f"{one}retire/"]
    return paths


def _area_paths(territory: Territory) -> list[str]:
    town, beside = territory.unbong.mois_code, territory.jucheon.mois_code
    compare = f"/areas/{town}/compare/"
    return [
        *(f"/areas/{each.mois_code}/" for each in (territory.unbong, territory.namwon)),
        compare,
        f"{compare}?with={beside}",
    ]


def _facility_paths(records: dict[str, int]) -> list[str]:
    plan, project = f"/plans/{Plan.objects.get().pk}/", f"/projects/{records['redesign-projects']}/"
    building, centre = f"/buildings/{records['buildings']}/", f"/centres/{records['centres']}/"
    return [
        *(f"{plan}{page}" for page in ("", "facts/", "history/", "stacking/")),
        *(f"{building}{page}" for page in ("levels/", "plans/add/", "plans/import/")),
        *(f"{centre}{page}" for page in ("buildings/add/", "teams/")),
        *(f"{project}{page}" for page in ("stages/", "budget/", "requests/", "move/")),
        f"/plans/compare/?plan={Plan.objects.get().pk}",
        *("/projects/board/", "/projects/timeline/", "/programme/", "/standards/"),
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
    item_class = records["item_class"]
    help_wanted = f"request/?incident={records['incidents']}&item={records['item']}&quantity=2&needed_by="
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
        *(f"{inspections}{page}" for page in ("calendar/", "feeds/", f"add/?depot={depot}&item_class={item_class}")),
        *(f"{schedule}{page}" for page in ("", "edit/")),
        *(f"{of}schedules/{page}/" for page in ("add", "add/many")),
        *(f"{checklist}{page}" for page in ("", "edition/")),
        *(f"{repair}{page}" for page in ("", "done/", "cancel/")),
        f"{of}repairs/add/",
        *(f"{operations}{page}" for page in ("orders/", help_wanted, "redistribution/")),
        order,
        *(f"{training}{page}" for page in ("", "edit/")),
        *(f"{of}{page}/" for page in ("training/add", "responders/add", f"responders/{records['responder']}")),
        f"{of}partners/{records['partner']}/",
        f"{of}agreements/{records['agreement']}/",
        *(f"/records/depots/{depot}/{page}/" for page in ("access",)),
        f"{of}depots/{depot}/keeper/",
    ]


def _parts(records: dict[str, int]) -> Iterator[str]:
    """What the map shows of a layer's filters and of a record, and what it offers to do with that."""
    for layer in layers:
        if layer.on_map:
            one = f"/records/{layer.id}/{records[layer.id]}/"
            yield from (f"/map/filters/{layer.id}/", f"{one}panel/")
            if not layer.access.read_only:
                yield from (f"{one}edit/", f"{one}retire/")


def _heard(user: User | None, language: str, paths: Iterable[str], **headers: str) -> Iterator[tuple[str, Heard]]:
    client = signed_in(user, language)
    for path in paths:
        response = client.get(path, headers=headers)
        assert response.status_code == REFUSED.get(path, 200), (path, response.status_code)
        yield path, Heard(response.content.decode())


def _enough(pages: dict[str, Heard]) -> list[str]:
    """Pages which together have every hook that any of the pages has."""
    chosen: list[str] = []
    seen: set[str] = set()
    for path in sorted(pages, key=lambda path: -len(pages[path].hooks)):
        if pages[path].hooks - seen:
            chosen.append(path)
            seen |= pages[path].hooks
    return chosen


@pytest.mark.parametrize("language", ["ko", "en"])
def test_korean_and_english_show_no_untranslated_string(
    visit: Begin, territory: Territory, administrator: User, language: str
) -> None:
    records = one_of_each(territory)
    names = names_in_the_data()
    heard = dict(_heard(administrator, language, pages(records, territory)))
    chosen = _enough(heard)
    heard |= _heard(administrator, language, REFUSED)
    heard |= _heard(None, language, ["/sign-in/"])
    heard |= {f"{path} (map)": part for path, part in _heard(administrator, language, _parts(records), **HTMX)}
    wrong = {path: texts for path, each in heard.items() if (texts := foreign(each.texts, language, names))}
    person = visit(administrator, language=language)
    for path in chosen:
        page = person.go(path)
        person.silence()
        if texts := foreign(said(page), language, names):
            wrong[f"{path} (browser)"] = texts
    assert not wrong, "\n".join(f"{path}: {texts}" for path, texts in wrong.items())
