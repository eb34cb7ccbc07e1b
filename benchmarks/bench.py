"""Requests against the statements they execute, in one process and one run.

Each round times the request, then its statements on a psycopg2 connection of the same session settings, so that
whatever else the machine does meets both alike.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from knox.models import AuthToken
from psycopg2.extensions import connection as Connection

from gis_core.models import User

from .askers import Asker, in_process
from .cases import Case
from .database import connect

WARM_UP = 5
# How the statement that reads the answer is told from those about user, rights and version.
READS = (b"ST_AsMVT", b"string_agg")


@dataclass(frozen=True)
class Result:
    """Medians in milliseconds: the request; its reading statement alone; all its statements."""

    case: Case
    request_ms: float
    read_ms: float
    statements_ms: float
    statements: int
    size: int

    @property
    def ratio(self) -> float | None:
        return self.request_ms / self.read_ms if self.read_ms else None

    @property
    def passes(self) -> bool:
        return self.case.limit is None or (self.ratio is not None and self.ratio <= self.case.limit)


def session_headers(user: User | None = None) -> dict[str, str]:
    """Of somebody who is signed in: the planner, unless told."""
    user = user or User.objects.get(username="planner")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def token_headers() -> dict[str, str]:
    _row, token = AuthToken.objects.create(User.objects.get(username="planner"))
    return {"Authorization": f"Token {token}"}


class Bench:
    """Measures cases as one user, sent one way."""

    def __init__(self, rounds: int, headers: dict[str, str], ask: Asker = in_process) -> None:
        self.rounds, self.headers, self.ask = rounds, headers, ask
        options: Any = settings.DATABASES["default"]["OPTIONS"]
        self.straight = connect(os.environ["DATABASE_URL"], options["options"])

    def measure(self, case: Case) -> Result:
        headers = self.headers | case.headers
        if case.conditional:
            headers["If-None-Match"] = self.ask(case.path, headers).etag
        expected = 304 if case.conditional else 200

        def request(ask: Asker = self.ask) -> int:
            answer = ask(case.path, headers)
            if answer.status != expected:
                raise RuntimeError(f"{case.path} was answered with {answer.status}")
            return answer.size

        for _ in range(WARM_UP):
            size = request()
        statements = _statements(lambda: request(in_process))
        reading = [statement for statement in statements if any(name in statement for name in READS)]
        rounds = [
            (
                _milliseconds(request),
                _milliseconds(lambda: _execute(self.straight, reading)) if reading else 0.0,
                _milliseconds(lambda: _execute(self.straight, statements)),
            )
            for _ in range(WARM_UP + self.rounds)
        ]
        asked, read, executed = (median(times) for times in zip(*rounds[WARM_UP:], strict=True))
        return Result(case, asked, read, executed, len(statements), size)


def _statements(request: Callable[[], Any]) -> list[bytes]:
    """The statements that a warm request executes, with their parameters filled in."""
    found: list[bytes] = []

    def note(execute: Any, text: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        found.append(context["cursor"].cursor.mogrify(text, params))
        return execute(text, params, many, context)

    request()
    with connection.execute_wrapper(note):
        request()
    return found


def _milliseconds(run: Callable[[], Any]) -> float:
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def _execute(straight: Connection, statements: list[bytes]) -> None:
    with straight.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
