"""Two people who write in the same moment, with real threads and real locks."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


class Other(threading.Thread):
    """A colleague's request, on a connection of its own."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self._work = work
        self.refused: Exception | None = None

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:
            self.refused = error
        finally:
            connection.close()


@contextmanager
def while_i_write(work: Callable[[], Any]) -> Iterator[Other]:
    """A colleague begins after what is done inside, and before it is committed."""
    other = Other(work)
    with transaction.atomic():
        yield other
        other.start()
        time.sleep(0.4)
        assert other.is_alive(), "the colleague did not wait"
    other.join()
