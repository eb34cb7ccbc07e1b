"""The benchmarks' own database: beside the usual one, filled once and kept for the next run."""

import os
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

ROOT = Path(__file__).resolve().parent.parent


def use_own_database(fresh: bool, name: str = "bench") -> None:
    """Point DATABASE_URL at ``<usual>_<name>``, which is made where it is missing. Call before Django starts."""
    usual = os.environ.get("DATABASE_URL") or _output("script/db", "url")
    parts = urlsplit(usual)
    own = f"{parts.path.lstrip('/')}_{name}"
    with closing(connect(usual)) as server, server.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [own])
        exists = cursor.fetchone() is not None
        if exists and fresh:
            cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(own)))
        if fresh or not exists:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(own)))
    # As in production: no collected queries, no reloading templates.
    os.environ |= {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{own}")), "DEBUG": "0"}


def drop_own_database() -> None:
    """Drop the database that ``use_own_database`` made, from its server's maintenance database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    own = sql.Identifier(parts.path.lstrip("/"))
    with closing(connect(urlunsplit(parts._replace(path="/postgres")))) as server, server.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(own))


def connect(url: str, options: str = "") -> connection:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    opened: connection = psycopg2.connect(
        dbname=parts.path.lstrip("/"),
        user=unquote(parts.username or "") or None,
        password=unquote(parts.password or "") or None,
        host=query.get("host", parts.hostname),
        port=parts.port,
        options=options,
    )
    opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return opened


def fill(houses: int) -> float | None:
    """Bring the database to at least so many houses; returns the seconds it took, None when they were there."""
    from time import perf_counter

    from django.core.management import call_command

    from vacanthouses.models import VacantHouse

    call_command("migrate", verbosity=0)
    call_command("load_demo")
    missing = houses - VacantHouse.objects.count()
    if missing <= 0:
        return None
    started = perf_counter()
    call_command("load_demo", houses=missing)
    return perf_counter() - started


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
