"""A server as the hills know it: in front of the live server, it loses and doubles requests, and can be switched off so
that the port really refuses.

``faulty(live_server.url)`` is a context manager. Pages are opened at ``server.url`` (same host, so the same cookies).

* ``server.faults``: while true, of the requests to ``server.prefix`` every third is lost, in turn before the live
  server saw it and after it did, and every fourth reaches the live server twice.
* ``server.stop()``, ``server.start()``: the network is gone, and back at the same port.
* ``server.answer``: a function (method, path, headers, body) that answers instead of the live server, or gives None.
* ``server.log``: (method, path, what became of it), in order.
"""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

# Status, headers as pairs (several cookies may be set at once), body.
Answer = tuple[int, list[tuple[str, str]], bytes]
_OWN_HEADERS = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}


class Faulty:
    def __init__(self, upstream: str, prefix: str = "/api/survey/") -> None:
        parts = urlsplit(upstream)
        assert parts.hostname
        assert parts.port
        self.host, self.upstream, self.prefix = parts.hostname, (parts.hostname, parts.port), prefix
        self.faults = False
        self.answer: Callable[[str, str, Any, bytes], Answer | None] = lambda *_request: None
        self.log: list[tuple[str, str, str]] = []
        self._count = 0
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self._port}"

    def start(self) -> None:
        owner = self

        class Handler(_Handler):
            proxy = owner

        class Server(ThreadingHTTPServer):
            daemon_threads = allow_reuse_address = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A browser that hangs up is nothing to report."""

        self._server = Server((self.host, self._port), Handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Nothing listens any more, and connections a browser kept open are cut."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server = None
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def fate(self, path: str) -> str:
        """What becomes of the next request: ok, lost, unanswered or twice."""
        if not self.faults or not path.startswith(self.prefix):
            return "ok"
        with self._lock:
            self._count += 1
            number = self._count
        if number % 3 == 0:
            return "lost" if number % 2 else "unanswered"
        return "twice" if number % 4 == 0 else "ok"

    def forward(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        own = self.answer(method, path, headers, body)
        if own is not None:
            return own
        connection = http.client.HTTPConnection(*self.upstream, timeout=60)
        try:
            passed = {name: value for name, value in headers.items() if name.lower() not in _OWN_HEADERS}
            connection.request(method, path, body=body or None, headers={**passed, "Content-Length": str(len(body))})
            response = connection.getresponse()
            content = response.read()
            kept = [(name, value) for name, value in response.getheaders() if name.lower() not in _OWN_HEADERS]
            return response.status, kept, content
        finally:
            connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Faulty

    def setup(self) -> None:
        super().setup()
        self.proxy._open.add(self.connection)

    def finish(self) -> None:
        self.proxy._open.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """The log is ``Faulty.log``."""

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fate = self.proxy.fate(self.path)
        self.proxy.log.append((self.command, self.path, fate))
        if fate == "lost":
            self._hang_up()
            return
        if fate == "twice":
            self.proxy.forward(self.command, self.path, self.headers, body)
        status, headers, content = self.proxy.forward(self.command, self.path, self.headers, body)
        if fate == "unanswered":
            self._hang_up()
            return
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _handle


@contextmanager
def faulty(upstream: str, prefix: str = "/api/survey/") -> Iterator[Faulty]:
    server = Faulty(upstream, prefix)
    server.start()
    try:
        yield server
    finally:
        server.stop()
