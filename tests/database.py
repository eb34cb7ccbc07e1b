"""Doing things with the database that a test needs: undoing them, or doing them at the same time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any

from django.db import connection, transaction


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is undone: for property tests, whose examples share one test's transaction."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


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
