"""What the offline app consists of, and what its pages tell whom."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from gis_core.models import Role
from gis_core.offline import shell as shells
from gis_core.offline.words import _TEXT
from tests import factories
from vacanthouses.survey_app import SURVEY


def test_everything_the_app_imports_is_kept_with_it(client: Client) -> None:
    urls = shells.contents(SURVEY).urls
    for name in ("js/offline/store.js", "js/offline/uploads.js", "js/map/dom.js", "css/offline.css"):
        assert f"/static/gis_core/{name}" in urls
    assert "/static/vendor/idb.js" in urls
    assert any(url.endswith(".woff2") for url in urls)
    page = client.get("/survey/").content.decode()
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert named
    assert set(named) <= set(urls)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(shells.MissingFile, match="nowhere"):
        shells._contents(replace(SURVEY, modules=("gis_core/js/nowhere.js",)))


def test_a_changed_file_makes_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shells._contents(SURVEY)
    read = shells._read
    monkeypatch.setattr(shells, "_read", lambda name: read(name) + (b"//" if name.endswith("queue.js") else b""))
    after = shells._contents(SURVEY)
    assert after.version != before.version
    assert after.urls == before.urls


@pytest.mark.django_db
def test_the_page_is_the_same_for_everybody_and_names_its_version(client: Client) -> None:
    nobody = client.get("/survey/")
    client.force_login(factories.make_user("crew", (Role.SURVEYOR, None)))
    somebody = client.get("/survey/")
    assert somebody.content == nobody.content
    worker = client.get("/survey/sw.js")
    assert f'"version": "{nobody.headers["Dongne-Shell"]}"' in worker.content.decode()
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.headers["Content-Type"].startswith("text/javascript")


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "may"), [(Role.SURVEYOR, True), (Role.VIEWER, False)])
def test_the_app_is_told_who_works_and_whether_it_is_for_them(client: Client, role: Role, may: bool) -> None:
    assert client.get("/survey/session/").json() == {"user": None, "name": None, "may": False}
    user = factories.make_user("crew", (role, None))
    client.force_login(user)
    answer = client.get("/survey/session/")
    assert answer.json() == {"user": user.pk, "name": str(user), "may": may}
    assert "csrftoken" in answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


def test_phones_can_install_it_in_the_language_of_the_page(client: Client) -> None:
    facts: dict[str, Any] = client.get("/survey/manifest.webmanifest").json()
    assert facts["scope"] == facts["start_url"] == "/survey/"
    assert facts["lang"] == "ko"
    for icon in facts["icons"]:
        image = Image.open(io.BytesIO(client.get(icon["src"]).content))
        assert f"{image.width}x{image.height}" == icon["sizes"]
    assert client.get("/survey/icon-7.png").status_code == 404
    client.cookies["django_language"] = "en"
    assert client.get("/survey/manifest.webmanifest").json()["lang"] == "en"


def test_every_word_the_scripts_say_is_there() -> None:
    said: set[str] = set()
    for name in ("statusbar", "start", "words"):
        said |= set(re.findall(r"""\b(?:t|button|note)\("([a-z]+_[a-z_]+)\"""", script(name)))
    assert said
    assert said <= set(_TEXT)
    states = re.search(r"STATES = \[(.*?)\]", script("ledger"))
    assert states
    assert {f"state_{state}" for state in re.findall(r'"(\w+)"', states[1])} <= set(_TEXT)


def script(name: str) -> str:
    return shells.source(f"gis_core/js/offline/{name}.js")
