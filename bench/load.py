"""A load of HTTP requests over kept connections, as plain as can be: the client shares the machine with what it measures."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Mapping, Sequence

_LENGTH = b"content-length:"


class Connection:
    """One connection; answers must tell their length."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**24)
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        at = head.find(_LENGTH)
        length = 0 if at < 0 else int(head[at + len(_LENGTH) : head.index(b"\r\n", at)])
        return int(head[9:12]), await self._reader.readexactly(length)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A request's bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def load(
    port: int, make: Callable[[int], bytes], *, clients: int, seconds: float, wanted: Sequence[int] = (200,)
) -> dict[str, float]:
    """Requests a second and milliseconds of each, by so many clients at once that ask one after another. `make` gives a
    client's next request; an answer of another status ends the measurement."""
    took: list[float] = []
    until = time.perf_counter() + seconds

    async def client(number: int) -> None:
        connection = Connection(port)
        try:
            while (began := time.perf_counter()) < until:
                status, body = await connection.ask(make(number))
                if status not in wanted:
                    raise RuntimeError(f"{status}: {body[:300]!r}")
                took.append((time.perf_counter() - began) * 1_000)
        finally:
            connection.close()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number in range(clients):
            tasks.create_task(client(number))
    elapsed = time.perf_counter() - began
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return {
        "per_second": round(len(took) / elapsed, 1),
        "p50_ms": round(cuts[49], 2),
        "p99_ms": round(cuts[98], 2),
        "requests": len(took),
    }
