"""Doing things with the database that a test needs: undoing them, emptying it, or doing them at the same time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any

from django.db import connection, transaction
from psycopg2 import sql

# What migrating wrote and no test changes.
_KEPT = {"django_content_type", "auth_permission"}
# Deleted rows still have to be read past; a table that was this large is cleaned.
_LARGE = 4_000_000


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is undone: for property tests, whose examples share one test's transaction."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def empty() -> None:
    """Empty every table that holds something, past triggers and foreign keys (which asks for a superuser).

    Django's flush truncates all: new files for each of two hundred tables and for all their indexes, seconds a test.
    """
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _KEPT
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, pg_relation_size({}) WHERE EXISTS (SELECT FROM {})").format(
            sql.Literal(name), sql.Literal(f'"{name}"'), sql.Identifier(name)
        )
        for name in sorted(names)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(asked)
        filled = cursor.fetchall()
        for name, _size in filled:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
    with connection.cursor() as cursor:
        for name, size in filled:
            if size > _LARGE:
                cursor.execute(sql.SQL("VACUUM {}").format(sql.Identifier(name)))


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Results, or exceptions, of works that begin at the same moment, each on a connection of its own."""
    results: list[Any] = [None] * len(works)
    barrier = Barrier(len(works))

    def run(index: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            results[index] = works[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=[index]) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive(), "somebody waits for somebody for ever"
    return results
