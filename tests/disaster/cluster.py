"""A PostgreSQL cluster of a test's own, thrown away afterwards: it may be killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def programs() -> Path:
    """The newest server programs that have PostGIS."""
    found = sorted(
        Path("/usr/share/postgresql").glob("*/extension/postgis.control"), key=lambda path: int(path.parts[4])
    )
    if not found:
        pytest.skip("no PostgreSQL with PostGIS is installed here")
    return Path("/usr/lib/postgresql") / found[-1].parts[4] / "bin"


class Cluster:
    """Runs as the user ``postgres`` where the tests run as root, as PostgreSQL refuses to run as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dongne-ledger-"))
        self.data = self.folder / "data"
        self.bin = programs()
        self.as_owner: list[str] = []
        self.processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Cluster":
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.as_owner = ["runuser", "-u", "postgres", "--"]
        self._do(
            "initdb", "-D", self.data, "-U", "dongne", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        self.start()
        self._do("createdb", "-h", self.folder, "-U", "dongne", "dongne")
        return self

    def take_tables_of(self, url: str) -> None:
        """The tables and triggers of another database, empty: a hundred migrations would take longer."""
        dump = self.folder / "schema.sql"
        source = url.replace("postgis:", "postgresql:", 1)
        with dump.open("w") as file:
            subprocess.run([self.bin / "pg_dump", "--schema-only", "--no-owner", "-d", source], stdout=file, check=True)
        target = ["-h", str(self.folder), "-U", "dongne", "-d", "dongne"]
        subprocess.run([self.bin / "psql", *target, "-q", "-f", dump], stdout=subprocess.DEVNULL, check=True)

    def __exit__(self, *_error: Any) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        self._do("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c unix_socket_permissions=0777 -c max_connections=30"
        # What a killed process wrote is with the kernel, synced or not.
        options += " -c fsync=off"
        self._do("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", options, "-w", "-t", "60", "start")

    def crash(self, how: str) -> None:
        """``killed``: SIGKILL of the postmaster and its children; ``immediate``: no checkpoint, no farewell."""
        if how == "immediate":
            self._do("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
            return
        postmaster = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        # Its children notice that it died, and end; until then the data are theirs.
        for _attempt in range(200):
            if not Path(f"/proc/{postmaster}").exists() and not self._has_children():
                return
            time.sleep(0.1)
        raise AssertionError("the server's processes outlive it")

    def _has_children(self) -> bool:
        """Backends and the server's own helpers alike: all work in its folder."""
        found = subprocess.run(["pgrep", "-f", "^postgres: "], capture_output=True, text=True, check=False)
        return any(self._is_mine(pid) for pid in found.stdout.split())

    def _is_mine(self, pid: str) -> bool:
        try:
            return Path(f"/proc/{pid}/cwd").resolve() == self.data.resolve()
        except OSError:
            return False

    @property
    def url(self) -> str:
        return f"postgis://dongne@/dongne?host={self.folder}"

    def run(self, *what: str) -> list[str]:
        """What ``tests.disaster.ledger_server`` answers, by lines."""
        command = [sys.executable, "-m", "tests.disaster.ledger_server", *what]
        done = subprocess.run(command, cwd=ROOT, env=self._env(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.split("\n")[:-1]

    def writer(self, seed: int, facts: list[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.disaster.ledger_writer", str(seed), *facts],
            cwd=ROOT, env=self._env(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def _env(self) -> dict[str, str]:
        return {**os.environ, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "gis_core.settings"}

    def _do(self, program: str, *arguments: Any, check: bool = True) -> None:
        command = [*self.as_owner, str(self.bin / program), *map(str, arguments)]
        # Output goes nowhere: a server that is started keeps what it was given open.
        done = subprocess.run(
            command,
            cwd="/",
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        log = self.folder / "log"
        told = log.read_text(errors="replace")[-2000:] if done.returncode and log.exists() else ""
        assert done.returncode == 0 or not check, f"{program} failed\n{told}"
