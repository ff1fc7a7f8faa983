"""A webhook receiver: a real HTTP server on this machine, which answers as it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        return dict(orjson.loads(self.body))


@dataclass
class Receiver:
    """`answers(n)` is the status of the n-th answer (from 0); 0 stands for hanging until the end."""

    answers: Callable[[int], int] = lambda n: 204
    received: list[Received] = field(default_factory=list)
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self, request: Received) -> int:
        with self._lock:
            self.received.append(request)
            return self.answers(len(self.received) - 1)

    def until(self, wanted: Callable[[list[Received]], bool], timeout: float = 60.0) -> list[Received]:
        """What was received, once it is as wanted; after the timeout, what was received then."""
        end = time.monotonic() + timeout
        while not wanted(list(self.received)) and time.monotonic() < end:
            time.sleep(0.02)
        return list(self.received)


@contextmanager
def receiving(answers: Callable[[int], int] = lambda n: 204) -> Iterator[Receiver]:
    """A receiver that listens until the block ends."""
    receiver = Receiver(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take(Received({k.lower(): v for k, v in self.headers.items()}, body))
            if status == 0:
                receiver.released.wait(120)
                return
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", receiver.url + "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
