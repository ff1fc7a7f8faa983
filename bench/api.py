"""The API under load: reads and writes a second and how long each takes, beside bare Starlette and FastAPI on the same row;
acts a second from acceptance to the read model with 1, 8 and 32 clients, beside web3.py sending the same transactions one by
one; signature checks a second. Writes build/bench/api.json.

`make bench-api [QUICK=1]`. Client, servers, chain, indexer and worker share the machine: ratios within a run count."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread
from coincurve import PrivateKey

from api.chain.local import free_port
from api.chain.transactions import signer_of
from api.domain.views import NoteView
from api.services.notes import Portion, Split
from bench.load import Connection, load, request
from bench.network import PROJECT, label
from bench.program import Program, program
from bench.results import write_results
from bench.sending import fresh, transact
from scripts.supervise import Supervisor, module_command

SECONDS = 2.0 if os.environ.get("QUICK") else 8.0
READERS = 32
"""Connections that read at once."""
ACTORS = (1, 8, 32)
"""Clients that act at once, each waiting for the end of an act before the next."""
CHILDREN = 99
"""Of the note whose trace is read: with itself a hundred."""
GOALS = {
    "read_to_starlette": 0.25,
    "read_to_fastapi": 0.8,
    "trace_to_read": 0.5,
    "acts_to_web3_loop": 5.0,
}
_CHECKS = 2_000


async def measure() -> dict[str, Any]:
    """All figures."""
    async with program() as running:
        note = await _with_children(running)
        with tempfile.TemporaryDirectory() as folder, Supervisor(Path(folder)) as peers:
            port = free_port()
            database = str((running.settings.home / "chain.db").resolve())
            peers.start("peer", [*module_command("bench.api_peer"), database, str(port)], {})
            bare = {
                name: await load(port, _same(f"/{name}/{note.id}"), clients=READERS, seconds=SECONDS)
                for name in ("starlette", "fastapi")
            }
            reads = await _reads(running, note)
        writes = await _writes(running)
        acts = {str(n): await load(running.settings.port, _acts(running), clients=n, seconds=SECONDS) for n in ACTORS}
    with tempfile.TemporaryDirectory() as folder:
        async with fresh(Path(folder), automine=True) as bench:
            loop = await to_thread.run_sync(transact, bench)
    return {
        "clients": READERS,
        "bare": bare,
        "reads": reads,
        "writes": writes,
        "acts_by_clients": acts,
        "web3_loop_per_second": round(loop, 1),
        "signature_checks_per_second": round(_checks(), 1),
        "ratios": _ratios(bare, reads, acts, loop),
        "goals": GOALS,
    }


async def _with_children(running: Program) -> NoteView:
    """The largest held note, with a hundred notes to its trace; the whole tree is indexed when this returns."""
    note = (await running.held())[0]
    play, services = running.play, running.services
    names = [role.id for role in play.cast.roles if role.role == "supplier"]
    suppliers = [play.parties[name] for name in names if play.parties[name] != note.holder.id]
    portions = [
        Portion(to, note.value // (2 * CHILDREN), label("trade", i))
        for i, to in zip(range(CHILDREN), itertools.cycle(suppliers), strict=False)
    ]
    operations = await services.notes.split(note.holder.id, [Split(note.id, portions)], None)
    await services.acts.finish(operations)
    return note


async def _reads(running: Program, note: NoteView) -> dict[str, Mapping[str, float]]:
    port = running.settings.port
    one = Connection(port)
    reads = {
        "note": f"/notes/{note.id}",
        "trace_of_100": f"/notes/{note.id}/trace",
        "notes_50": "/notes?limit=50",
        "receivable": f"/receivables/{note.receivable}",
        "party": f"/parties/{note.holder.id}",
    }
    found = {name: await load(port, _same(path), clients=READERS, seconds=SECONDS) for name, path in reads.items()}
    tag = await _tag(one, reads["trace_of_100"])
    one.close()
    unchanged = request("GET", reads["trace_of_100"], headers={"If-None-Match": tag})
    found["trace_unchanged"] = await load(port, lambda _: unchanged, clients=READERS, seconds=SECONDS, wanted=(304,))
    return found


async def _tag(connection: Connection, path: str) -> str:
    _, body = await connection.ask(request("GET", path))
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


async def _writes(running: Program) -> dict[str, Mapping[str, float]]:
    """How fast acts are taken (202): tried on the chain, stored on disk."""
    make = _acts(running, wait_s=0)
    return {"accepted": await load(running.settings.port, make, clients=8, seconds=SECONDS, wanted=(202,))}


def _acts(running: Program, wait_s: int = 60) -> Callable[[int], bytes]:
    """Approvals, each client by a party of its own; with `wait_s` the answer is 200 once the read model has the block."""
    parties = sorted(running.play.parties.values())
    numbers = itertools.count(1)
    headers = {"Prefer": f"wait={wait_s}"} if wait_s else {}

    def make(client: int) -> bytes:
        party = parties[client % len(parties)]
        body = {"party": party, "desk": "financing", "currency": "CNY", "amount": str(next(numbers))}
        return request("POST", "/deposits/approvals", json.dumps(body).encode(), headers)

    return make


def _same(path: str) -> Callable[[int], bytes]:
    made = request("GET", path)
    return lambda _: made


def _checks() -> float:
    """EIP-712 signatures recovered a second, as every quote and request is checked."""
    digest = bytes.fromhex(label("digest")[2:])
    raw = PrivateKey(digest).sign_recoverable(digest, hasher=None)
    signature = raw[:64] + bytes([raw[64] + 27])
    began = time.perf_counter()
    for _ in range(_CHECKS):
        signer_of(digest, signature)
    return _CHECKS / (time.perf_counter() - began)


def _ratios(bare: Any, reads: Any, acts: Any, loop: float) -> dict[str, float]:
    read = reads["note"]["per_second"]
    ratios = {
        "read_to_starlette": read / bare["starlette"]["per_second"],
        "read_to_fastapi": read / bare["fastapi"]["per_second"],
        "trace_to_read": reads["trace_of_100"]["per_second"] / read,
        "acts_to_web3_loop": max(a["per_second"] for a in acts.values()) / loop,
    }
    return {name: round(value, 3) for name, value in ratios.items()}


def main() -> int:
    figures = anyio.run(measure, backend_options={"use_uvloop": True})
    for name, value in figures.items():
        print(f"{name}: {value}")
    write_results(PROJECT / "build/bench/api.json", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
