"""Whole jobs in Debian's Chromium, against Django's live server.

A page that writes an error to its console fails its test: what a user's browser complains about is a defect even when
the job succeeds. Refusals that belong to a job (409, 422) are not errors.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from gis_core.layers.registry import layers
from gis_core.models import User

# Playwright's own event loop runs in this thread; the tests' queries are as synchronous as ever.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESKTOP = (1440, 900)
PHONE = (390, 844)
# Milliseconds: three browsers share two cores with three servers and a database.
PATIENCE = 60_000
_EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (409|422) ")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # The shell is the same engine without a browser's own windows, which cost more than most pages do.
    program = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    # Chromium's sandbox refuses to run as root.
    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        expect.set_options(timeout=PATIENCE)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _ids_of_four_digits(transactional_db: None) -> Iterator[None]:
    """Ids as a town has them after a year: a page that writes 1,587 for 1587 then breaks here and not there."""
    with connection.cursor() as cursor:
        for layer in layers:
            table = layer.model._meta.db_table
            cursor.execute(
                "SELECT setval(sequence, greatest(nextval(sequence), 1500)) "
                "FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence) AS ids",
                [table],
            )
    yield
    # A page that was just closed may still be answered: emptying the tables then would end in a deadlock.
    for _attempt in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if cursor.fetchone()[0] == 0:
                break
        time.sleep(0.1)


@dataclass
class Visit:
    """One person at one browser. ``allowed`` are console errors that the test provokes itself."""

    page: Page
    context: BrowserContext
    base: str
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{error} {error.stack}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _EXPECTED.search(message.text):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def tab(self) -> Page:
        """Another page of the same browser."""
        page = self.context.new_page()
        self.listen(page)
        return page

    def map(self, query: str = "") -> Page:
        """The map, ready to be used."""
        self.go(f"/map/{query}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the map has begun and its tiles have come."""
        self.page.wait_for_selector("body[data-map=ready]")
        self.page.wait_for_selector("#map-loading", state="hidden")
        self.silence()

    def silence(self) -> None:
        """Wait until the page has asked for nothing for half a second."""
        self.page.wait_for_load_state("networkidle", timeout=2 * PATIENCE)

    def unexpected(self) -> list[str]:
        return [text for text in self.complaints if not any(re.search(pattern, text) for pattern in self.allowed)]


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visit]]:
    """Open a browser of its own for somebody: ``visit(user, language="ko", size=DESKTOP)``."""
    visits: list[Visit] = []

    def begin(
        user: User | None = None, *, language: str = "ko", size: tuple[int, int] = DESKTOP, **options: Any
    ) -> Visit:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ko-KR", **options)
        context.set_default_timeout(PATIENCE)
        # A process's first page waits for everything to be imported.
        context.set_default_navigation_timeout(2 * PATIENCE)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        new = Visit(context.new_page(), context, live_server.url)
        new.listen(new.page)
        visits.append(new)
        return new

    yield begin
    complaints = [text for each in visits for text in each.unexpected()]
    for each in visits:
        each.context.close()
    assert complaints == [], "the browser complained: " + "\n".join(complaints)
