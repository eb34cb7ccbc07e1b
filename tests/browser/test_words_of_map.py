"""The map in both languages, while it is used."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gis_core.layers.registry import layers
from gis_core.models import User
from tests.browser.conftest import Visit
from tests.browser.support import at
from tests.browser.words_support import foreign, names_in_the_data, one_of_each
from tests.factories import Territory

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_map_shows_no_untranslated_string_while_it_is_used(
    visit: Begin, territory: Territory, administrator: User, language: str
) -> None:
    records = one_of_each(territory)
    names = names_in_the_data()
    person = visit(administrator, language=language)
    wrong: dict[str, list[str]] = {}

    def look(step: str) -> None:
        person.page.wait_for_load_state("networkidle")
        if found := foreign(person.page, language, names):
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
