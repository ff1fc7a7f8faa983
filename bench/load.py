"""A load of HTTP requests over kept connections. The client shares the machine with what it measures, so it does as little
as can be done: it reads a status and a length, and asks again."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

Make = Callable[[int], bytes | None]
"""A client's next request; None when it has no more."""
_LENGTH = b"content-length: "
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Connection(asyncio.Protocol):
    """One connection; answers must tell their length."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._came = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def to(cls, port: int) -> Connection:
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._came += data
        head = self._came.find(b"\r\n\r\n")
        if head < 0 or self._answer is None:
            return
        at = self._came.find(_LENGTH, 0, head)
        length = 0 if at < 0 else int(self._came[at + len(_LENGTH) : self._came.index(b"\r\n", at)])
        if len(self._came) >= head + 4 + length:
            answer = int(self._came[9:12]), bytes(self._came[head + 4 :])
            self._came.clear()
            self._answer.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionError("closed"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A request's bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def load(
    port: int, make: Make, *, clients: int, seconds: float, wanted: Sequence[int] = (200,), server: int | None = None
) -> dict[str, float]:
    """Requests a second and milliseconds of each, by so many clients at once that ask one after another; of the process
    `server`, microseconds of processor time a request. An answer of another status ends the measurement."""
    took: list[float] = []

    async def client(number: int) -> None:
        connection = await Connection.to(port)
        try:
            while (began := time.perf_counter()) < until and (wish := make(number)) is not None:
                status, body = await connection.ask(wish)
                if status not in wanted:
                    raise RuntimeError(f"{status}: {body[:300]!r}")
                took.append((time.perf_counter() - began) * 1_000)
        finally:
            connection.close()

    busy = 0.0 if server is None else _processor_s(server)
    began = time.perf_counter()
    until = began + seconds
    async with asyncio.TaskGroup() as tasks:
        for number in range(clients):
            tasks.create_task(client(number))
    elapsed = time.perf_counter() - began
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    found = {
        "per_second": round(len(took) / elapsed, 1),
        "p50_ms": round(cuts[49], 2),
        "p99_ms": round(cuts[98], 2),
        "requests": len(took),
    }
    if server is not None:
        found["server_us"] = round((_processor_s(server) - busy) / len(took) * 1e6)
    return found


def _processor_s(process: int) -> float:
    """What a process has used of processors so far, in its own name and in the kernel's."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S
