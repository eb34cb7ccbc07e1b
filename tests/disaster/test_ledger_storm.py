"""Fifty people at once, processes that are killed, and a database that is killed: the ledger is never wrong."""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from disaster.models import Movement, MovementKind
from disaster.services import ledger
from gis_core.models import User
from tests.disaster.cluster import Cluster
from tests.disaster.ledger_support import Ask, World, carry_out, counts, faults, make_world, random_ask

ROOT = Path(__file__).resolve().parent.parent.parent
# As which the database knows the connections of those who will be killed.
WRITER = "ledger-writer"
WORKERS, MOVEMENTS, ITEMS = 50, 10_000, 20


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_movements_of_fifty_people_leave_every_balance_the_sum_of_its_entries(
    officer: User, territory: Any
) -> None:
    world = make_world(ITEMS)
    rng = random.Random(7)
    asks = [random_ask(rng, world) for _number in range(MOVEMENTS)]
    # Every tenth is sent twice, by different people and so at times in the same moment.
    shares: list[list[Ask]] = [asks[number::WORKERS] for number in range(WORKERS)]
    for number, ask in enumerate(asks[::10]):
        shares[(number * 7 + 3) % WORKERS].append(ask)
    for share in shares:
        rng.shuffle(share)
    taken: dict[uuid.UUID, int] = {}
    errors: list[BaseException] = []

    def work(share: list[Ask]) -> None:
        user = User.objects.get(pk=officer.pk)
        try:
            for ask in share:
                if carry_out(user, world, ask):
                    taken[ask.key] = taken.get(ask.key, 0) + 1
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[share]) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
        assert not thread.is_alive(), "somebody waits for somebody for ever"
    assert errors == []
    assert faults() == []
    kept = set(Movement.objects.exclude(kind=MovementKind.RETURN).values_list("key", flat=True))
    assert kept == set(taken), "something was lost, or recorded and not told"
    assert len(kept) > MOVEMENTS // 2
    assert max(taken.values()) == 2, "nothing was ever sent twice"


def _writer(world: World, seed: int, url: str) -> subprocess.Popen[str]:
    """A process of its own that posts until it is killed, and prints the key of each movement once it is committed."""
    facts = [str(depot.pk) for depot in world.depots], [str(lot.pk) for lot in world.lots]
    command = [sys.executable, "-m", "tests.disaster.ledger_writer", str(seed), *(",".join(each) for each in facts)]
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gis_core.settings", "PGAPPNAME": WRITER}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def _test_url() -> str:
    """The address of the tests' own database."""
    parts = urlsplit(
        os.environ.get("DATABASE_URL") or subprocess.check_output([ROOT / "script/db", "url"], text=True).strip()
    )
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def _told(process: subprocess.Popen[str]) -> list[tuple[str, str]]:
    """The lines that arrived whole: what was asked for, and its key."""
    assert process.stdout is not None
    lines = process.stdout.read().split("\n")[:-1]
    return [(kind, key) for kind, _space, key in (line.partition(" ") for line in lines)]


def _wait_for(process: subprocess.Popen[str], lines: int) -> list[tuple[str, str]]:
    assert process.stdout is not None
    found = []
    for _number in range(lines):
        line = process.stdout.readline()
        assert line, "the writer ended by itself"
        kind, _space, key = line.strip().partition(" ")
        found.append((kind, key))
    return found


def _assert_nothing_lost(told: list[tuple[str, str]]) -> None:
    kept = {str(key) for key in Movement.objects.values_list("key", flat=True)}
    assert faults() == []
    assert {key for kind, key in told if kind == "took"} <= kept, "what was answered is not there"
    assert {key for kind, key in told if kind == "refused"}.isdisjoint(kept), "what was refused is there"


@pytest.mark.django_db(transaction=True)
def test_processes_killed_in_the_middle_of_their_work_leave_nothing_half_written(officer: User, territory: Any) -> None:
    world = make_world(6)
    url = _test_url()
    told: list[tuple[str, str]] = []
    for round_ in range(2):
        writers = [_writer(world, 100 * round_ + number, url) for number in range(3)]
        for number, writer in enumerate(writers):
            told += _wait_for(writer, 15 + 5 * number)
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            told += _told(writer)
            assert writer.wait(timeout=20) == -signal.SIGKILL
    _wait_until_they_are_gone()
    _assert_nothing_lost(told)
    assert len({key for kind, key in told if kind == "took"}) > 30
    before = counts()
    # Nobody holds anything still: the next one is served at once.
    leg = ledger.Leg(world.depots[0], world.lots[0], 5)
    ledger.post(officer, ledger.Draft(MovementKind.RECEIVE, timezone.localdate(), (leg,)))
    assert counts()[0] == before[0] + 1
    assert faults() == []


def _wait_until_they_are_gone() -> None:
    """The server notices a dead client when it next reads from it."""
    for _attempt in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [WRITER])
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)
    raise AssertionError("connections of dead processes stay open")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_killed_comes_back_with_all_that_was_answered_and_nothing_half() -> None:
    """Of a cluster of the test's own: its processes are killed, and the next time it is stopped without a farewell."""
    with Cluster() as cluster:
        cluster.take_tables_of(_test_url())
        facts = cluster.run("prepare")
        for round_, how in enumerate(("killed", "immediate")):
            writers = [cluster.writer(10 * round_ + number, facts) for number in range(3)]
            told: list[tuple[str, str]] = []
            for writer in writers:
                told += _wait_for(writer, 25)
            cluster.crash(how)
            for writer in writers:
                told += _told(writer)
                writer.wait(timeout=60)
            cluster.start()
            answered = sorted(key for kind, key in told if kind == "took")
            assert len(answered) > 30
            assert cluster.run("check", *answered) == ["faults 0", "lost 0"]
        # It is a ledger one can go on writing in.
        _wait_for(cluster.writer(99, facts), 10)
        assert cluster.run("check") == ["faults 0", "lost 0"]
