"""Ways to send a request: through the WSGI stack in this process, or over HTTP to a gunicorn of our own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Protocol

from django.test import Client

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    status: int
    etag: str
    size: int


class Asker(Protocol):
    def __call__(self, path: str, headers: Mapping[str, str]) -> Answer: ...


def in_process(path: str, headers: Mapping[str, str]) -> Answer:
    response = _client.get(path, headers=dict(headers))
    return Answer(response.status_code, response.headers.get("ETag", ""), len(response.content))


_client = Client(SERVER_NAME=HOST)


@contextmanager
def over_http() -> Iterator[Asker]:
    """Starts a gunicorn with one worker and keeps one connection to it open."""
    with served(workers=1, threads=2) as port:
        connection = HTTPConnection(HOST, port)

        def ask(path: str, headers: Mapping[str, str]) -> Answer:
            connection.request("GET", path, headers={"Accept-Encoding": "identity", **headers})
            response = connection.getresponse()
            return Answer(response.status, response.headers.get("ETag", ""), len(response.read()))

        yield ask
        connection.close()


@contextmanager
def served(workers: int, threads: int) -> Iterator[int]:
    """The port of a gunicorn that is there for the time being."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = ["-m", "gunicorn", "gis_core.wsgi", "--bind", f"{HOST}:{port}", "--workers", str(workers)]
    command += ["--threads", str(threads), "--log-level", "error", "--no-control-socket"]
    server = subprocess.Popen([sys.executable, "-W", "ignore", *command])
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as trial:
            if trial.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("gunicorn did not start")
