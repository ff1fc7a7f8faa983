"""One round: clients act while processes are killed, then everything drains, then it is counted."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import anyio
import httpx

from tests.faults.clients import Client, Log
from tests.faults.network import NAMES, Network
from tests.faults.reckoning import Reckoning, reckon
from tests.faults.world import World

KILLS = 8
_DRAIN_S = 600.0
_STANDSTILL_S = 60.0
_LONGEST_S = 3_000.0


@dataclass(frozen=True)
class Kill:
    """Who is killed, once so many acts were taken and a moment later, and how long it stays down."""

    after: int
    delay_s: float
    names: tuple[str, ...]
    down_s: float


def plan(seed: int, operations: int) -> list[Kill]:
    """The kills of a round: each process at least once, at random points, now and then two at once."""
    rng = random.Random(f"kills {seed}")
    victims = [*NAMES, *(rng.choice(NAMES) for _ in range(KILLS - len(NAMES)))]
    rng.shuffle(victims)
    kills = []
    for name in victims:
        others = [n for n in NAMES if n != name]
        names = (name, rng.choice(others)) if rng.random() < 0.25 else (name,)
        kills.append(Kill(rng.randrange(operations), rng.random() / 2, names, rng.random()))
    return sorted(kills, key=lambda k: k.after)


Trouble = Callable[[Network, Log], Awaitable[int]]
"""What happens to a network while clients act; answers how many processes it killed."""


def kills(seed: int, operations: int) -> Trouble:
    """The kills of a round, as planned."""

    async def killing(network: Network, log: Log) -> int:
        planned = plan(seed, operations)
        for kill in planned:
            await log.reached(kill.after)
            await anyio.sleep(kill.delay_s)
            for name in kill.names:
                network.kill(name, kill.down_s)
        return sum(len(k.names) for k in planned)

    return killing


async def play(
    network: Network, world: World, seed: int, operations: int, log_file: Path, trouble: Trouble
) -> tuple[Reckoning, int]:
    """What was counted, and how many processes were killed."""
    log = Log(log_file, operations)
    killed = 0

    async def disturb() -> None:
        nonlocal killed
        killed = await trouble(network, log)

    await network.start()
    try:
        with anyio.fail_after(_LONGEST_S):
            async with anyio.create_task_group() as keeping:
                keeping.start_soon(network.keep_running)
                async with anyio.create_task_group() as working:
                    for number, firm in enumerate(world.firms):
                        rng = random.Random(f"client {number} {seed}")
                        working.start_soon(Client(number, firm, log, network.url, rng).work)
                    working.start_soon(disturb)
                ended = await _drain(network, log)
                keeping.cancel_scope.cancel()
        return await reckon(network, world, log), killed + ended
    finally:
        network.stop()


async def _drain(network: Network, log: Log) -> int:
    """Until every operation has ended; what has not by then is counted as lost. Answers how often the chain's node had to be
    ended because it stood still: a ganache that was killed under load may hold transactions that it says it is mining
    and never does, and whoever runs a node ends one that hangs."""
    until = time.monotonic() + _DRAIN_S
    moved, ended = time.monotonic(), 0
    waiting = [o for one in log.asked for o in one.operations]
    async with httpx.AsyncClient(base_url=network.url, timeout=20) as http:
        while waiting and time.monotonic() < until:
            try:
                told = (await http.get(f"/operations/{waiting[-1]}")).json()
            except httpx.HTTPError:
                await anyio.sleep(0.1)
                continue
            if told.get("status") in ("confirmed", "failed"):
                waiting.pop()
                moved = time.monotonic()
                continue
            if time.monotonic() - moved > _STANDSTILL_S:
                network.kill("chain", 0.0)
                moved, ended = time.monotonic(), ended + 1
            await anyio.sleep(0.05)
    return ended
