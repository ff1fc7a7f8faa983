"""The API under load: authenticated reads a second and how long each takes, beside bare Starlette and FastAPI on the same
row; acts a second from acceptance to the read model with 1, 8 and 32 clients, beside web3.py sending the same transactions
one by one; people who sign in, and signature checks, a second. Writes build/bench/api.json.

`make bench-api [QUICK=1]`. Client, servers, chain, indexer and worker share the machine: ratios within a run count, and
`server_us`, what a server's process used of a processor for each request."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread

from api.chain.local import free_port
from api.domain.principal import LOCAL
from api.domain.views import NoteView
from api.logs import configure_logging
from api.services.notes import Portion, Split
from bench.load import Connection, Make, load, request
from bench.network import PROJECT, label
from bench.program import Program, program
from bench.results import write_results
from bench.sending import fresh, transact
from bench.sign_in import sign_ins, signature_checks
from scripts.supervise import Supervisor, module_command

SECONDS = 2.0 if os.environ.get("QUICK") else 8.0
ROUNDS = 4
"""What is compared takes turns, so many; the figure is the middle one."""
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


@dataclass(frozen=True)
class Server:
    """A process that answers at `port`."""

    port: int
    process: int


async def measure() -> dict[str, Any]:
    """All figures."""
    async with program() as running:
        note = await _with_children(running)
        with tempfile.TemporaryDirectory() as folder, Supervisor(Path(folder)) as beside:
            peer = _peer(running, beside)
            guarded = _guarded(running, beside)
            reads = await _reads(running, note, guarded, peer)
            ways_in = await sign_ins(running, guarded.port, guarded.process, SECONDS)
        writes = await _writes(running)
        acts = {str(n): await load(running.settings.port, _acts(running), clients=n, seconds=SECONDS) for n in ACTORS}
        checks = signature_checks(running, SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        async with fresh(Path(folder), automine=True) as bench:
            loop = await to_thread.run_sync(transact, bench)
    return {
        "clients": READERS,
        "reads": reads,
        "writes": writes,
        "acts_by_clients": acts,
        "web3_loop_per_second": round(loop, 1),
        "sign_ins": ways_in,
        "eip712_checks_per_second": checks,
        "ratios": _ratios(reads, acts, loop),
        "goals": GOALS,
    }


def _peer(running: Program, supervisor: Supervisor) -> Server:
    port = free_port()
    database = str((running.settings.home / "chain.db").resolve())
    child = supervisor.start("peer", [*module_command("bench.api_peer"), database, str(port)], {})
    return Server(port, child.process.pid)


def _guarded(running: Program, supervisor: Supervisor) -> Server:
    """A second process of the API over the same data, at which everybody signs in, as often as they like."""
    settings, port = running.settings, free_port()
    environment = {
        "SCF_HOME": str(settings.home),
        "SCF_PORT": str(port),
        "SCF_RPC_URL": settings.rpc_url,
        "SCF_DEMO_KEYS": "true",
        "SCF_DEMO_ACCOUNTS": str(settings.demo_accounts),
        "SCF_IDENTITY": "required",
        "SCF_REQUESTS_PER_MINUTE": "1000000000",
        "SCF_SIGN_INS_PER_MINUTE": "1000000000",
    }
    child = supervisor.start("guarded", module_command("api.main"), environment)
    return Server(port, child.process.pid)


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


async def _reads(running: Program, note: NoteView, api: Server, peer: Server) -> dict[str, Mapping[str, float]]:
    """Each of a party that holds the note; `note_debtor` of one that does not."""
    holder, debtor = [await _credentials(running, party) for party in (note.holder.id, running.play.parties["core"])]
    all_held = [n.id for n in await running.held() if n.holder.id == note.holder.id]
    different = itertools.cycle([request("GET", f"/notes/{n}", headers=holder.key) for n in all_held])
    one = f"/notes/{note.id}"
    found = await _in_turns(
        {
            "starlette": (peer, _same(f"/starlette/{note.id}")),
            "fastapi": (peer, _same(f"/fastapi/{note.id}")),
            "note_session": (api, _same(one, holder.session)),
            "note_key": (api, _same(one, holder.key)),
            "note_debtor": (api, _same(one, debtor.key)),
            "notes_ever_different": (api, lambda _: next(different)),
            "receivable": (api, _same(f"/receivables/{note.receivable}", holder.session)),
            "party": (api, _same(f"/parties/{note.holder.id}", holder.session)),
            "notes_50": (api, _same("/notes?limit=50", holder.session)),
            "starlette_tree_of_100": (peer, _same(f"/starlette/{note.id}/tree")),
            "trace_of_100": (api, _same(f"{one}/trace", holder.session)),
        }
    )
    connection = await Connection.to(api.port)
    tag = await _tag(connection, f"{one}/trace", holder.session)
    connection.close()
    unchanged = _same(f"{one}/trace", {**holder.session, "If-None-Match": tag})
    found["trace_unchanged"] = await _load(api, unchanged, SECONDS, wanted=304)
    async with _accepting(running, note):
        found["trace_while_its_tree_changes"] = await _load(api, _same(f"{one}/trace", holder.session), SECONDS)
    async with _acting(running):
        found["note_session_while_others_act"] = await _load(api, _same(one, holder.session), SECONDS)
    return found


@dataclass(frozen=True)
class _Credentials:
    """Headers of a party's person, and of its program."""

    session: Mapping[str, str]
    key: Mapping[str, str]


async def _credentials(running: Program, party: int) -> _Credentials:
    identity = running.services.identity
    who = replace(LOCAL, party=party)
    key = await identity.keys.create(who, "bench", frozenset({"read"}), 1)
    invited = await identity.staff.invite(who, f"reader@{party}.example", "Reader", LOCAL.roles)
    session = await identity.sign_in.open(invited.person, None)
    return _Credentials({"Cookie": f"session={session.token.text}"}, {"Authorization": f"Bearer {key.token.text}"})


async def _in_turns(loads: Mapping[str, tuple[Server, Make]]) -> dict[str, Mapping[str, float]]:
    """Of each, for every figure the middle of ROUNDS; the machine's moods then fall on all alike."""
    rounds: dict[str, list[Mapping[str, float]]] = {name: [] for name in loads}
    for _ in range(ROUNDS):
        for name, (server, make) in loads.items():
            rounds[name].append(await _load(server, make, SECONDS / ROUNDS))
    return {
        name: {figure: round(statistics.median(one[figure] for one in of), 2) for figure in of[0]}
        for name, of in rounds.items()
    }


async def _load(server: Server, make: Make, seconds: float, wanted: int = 200) -> Mapping[str, float]:
    return await load(server.port, make, clients=READERS, seconds=seconds, wanted=(wanted,), server=server.process)


@asynccontextmanager
async def _acting(running: Program) -> AsyncIterator[None]:
    """Eight clients act meanwhile: both databases change all the time."""
    async with anyio.create_task_group() as tasks:

        async def act() -> None:
            await load(running.settings.port, _acts(running), clients=8, seconds=10 * SECONDS)

        tasks.start_soon(act)
        yield
        tasks.cancel_scope.cancel()


@asynccontextmanager
async def _accepting(running: Program, note: NoteView) -> AsyncIterator[None]:
    """Meanwhile the children of the note are accepted, one after another in even steps: each ends what was kept of the
    tree."""
    services = running.services
    tree = (await services.ledger.trace(note.id)).read
    children = [n for n in tree.nodes if n.parent == note.id and n.status == "offered"]

    async def accept() -> None:
        for child in children:
            await services.notes.accept(child.holder.id, [child.id])
            await anyio.sleep(SECONDS / len(children))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(accept)
        yield
        tasks.cancel_scope.cancel()


async def _tag(connection: Connection, path: str, headers: Mapping[str, str]) -> str:
    _, body = await connection.ask(request("GET", path, headers=headers))
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


def _same(path: str, headers: Mapping[str, str] | None = None) -> Make:
    made = request("GET", path, headers=headers)
    return lambda _: made


def _ratios(reads: Any, acts: Any, loop: float) -> dict[str, float]:
    def rate(name: str) -> float:
        return float(reads[name]["per_second"])

    ratios = {
        "read_to_starlette": rate("note_session") / rate("starlette"),
        "read_to_fastapi": rate("note_session") / rate("fastapi"),
        "trace_to_read": rate("trace_of_100") / rate("note_session"),
        "bare_trace_to_bare_read": rate("starlette_tree_of_100") / rate("starlette"),
        "acts_to_web3_loop": max(a["per_second"] for a in acts.values()) / loop,
    }
    return {name: round(value, 3) for name, value in ratios.items()}


def main() -> int:
    configure_logging("warning")
    figures = anyio.run(measure, backend_options={"use_uvloop": True})
    for name, value in figures.items():
        print(f"{name}: {value}")
    write_results(PROJECT / "build/bench/api.json", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
