"""The map in both languages, while it is used. What its panels and forms say of every layer, ``test_words`` reads."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import User
from tests.browser.conftest import Visit
from tests.browser.support import at
from tests.browser.words_support import foreign, names_in_the_data, one_of_each, said
from tests.factories import Territory

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]


def _drawn_otherwise() -> Iterator[Layer]:
    """A layer for each kind of shape: the map's scripts differ by that and by nothing else."""
    kinds = set()
    for layer in layers:
        kind = (layer.geometry_type, layer.outline is None)
        if layer.on_map and layer.has_own_place and not layer.access.read_only and kind not in kinds:
            kinds.add(kind)
            yield layer


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_map_shows_no_untranslated_string_while_it_is_used(
    visit: Begin, territory: Territory, administrator: User, language: str
) -> None:
    records = one_of_each(territory)
    names = names_in_the_data()
    person = visit(administrator, language=language)
    wrong: dict[str, list[str]] = {}

    def look(step: str) -> None:
        person.silence()
        if found := foreign(said(person.page), language, names):
            wrong[step] = found

    page = person.map(f"?at={at(800, 800)}")
    # What each layer's filters say is read in test_words, as the server sends it.
    for layer in _drawn_otherwise():
        page.click(f"[data-layer={layer.id}] [data-part=fold]")
        page.click(f"[data-layer={layer.id}] [data-part=filter]")
    look("layers")
    page.fill("#search", "운봉")
    expect(page.locator("#search-results [role=option]").first).to_be_visible()
    look("search")
    for layer in _drawn_otherwise():
        person.map(f"?at={at(800, 800)}&sel={layer.id}/{records[layer.id]}")
        expect(page.locator(".panel[data-mode=view]")).to_be_visible()
        look(f"{layer.id} panel")
        page.click("[data-action=edit-shape]")
        expect(page.locator(".panel[data-mode=edit]")).to_be_visible()
        look(f"{layer.id} edit")
    assert wrong == {}, wrong
