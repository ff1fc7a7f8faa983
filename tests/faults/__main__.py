"""`python -m tests.faults [--rounds N] [--seed S] [--operations N]`: rounds of kill -9 under load, counted from the clients'
own log. Writes build/faults.json; exit code 1 when anything was lost, doubled or left behind. A round's seed replays it:
every round begins with the same world, so `--rounds 1 --seed` and its seed is that round again."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import anyio

from api.chain.compile import compile_contracts
from tests.faults.network import PROJECT, Network
from tests.faults.rounds import kills, play
from tests.faults.world import World, found

RESULT = PROJECT / "build/faults.json"
LOGS = PROJECT / "build/faults"


async def begin(folder: Path) -> tuple[Network, World]:
    """The world that rounds begin with, made once and stopped."""
    network = Network(folder / "beginning")
    try:
        await network.deploy()
        await network.start()
        return network, await found(network)
    finally:
        network.stop()


async def run(rounds: int, seed: int, operations: int) -> bool:
    """Whether every round was clean."""
    sums: dict[str, Any] = {
        "rounds": 0,
        "operations": 0,
        "kills": 0,
        "lost": 0,
        "doubled": 0,
        "nonce_gaps": 0,
        "verify_ok": True,
    }
    failing: list[int] = []
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    folder = Path(tempfile.mkdtemp(prefix="cascade-faults-"))
    try:
        beginning, world = await begin(folder)
        for number in range(rounds):
            began = time.monotonic()
            network = beginning.copy_to(folder / "round")
            log = LOGS / f"seed-{seed + number}.jsonl"
            trouble = kills(seed + number, operations)
            found_, killed = await play(network, world, seed + number, operations, log, trouble)
            sums["rounds"] += 1
            sums["kills"] += killed
            for name in ("operations", "lost", "doubled", "nonce_gaps"):
                sums[name] += getattr(found_, name)
            sums["verify_ok"] = sums["verify_ok"] and found_.verify_ok
            line = (
                f"seed {seed + number}: {found_.operations} operations ({found_.failed} failed by name), {killed} kills, "
                f"lost {found_.lost}, doubled {found_.doubled}, nonce gaps {found_.nonce_gaps}, "
                f"verify {'clean' if found_.verify_ok else 'NOT CLEAN'}, {time.monotonic() - began:.0f} s"
            )
            print(line, flush=True)
            for wrong in found_.wrong:
                print(f"  {wrong}", flush=True)
            if not found_.clean:
                failing.append(seed + number)
                shutil.copytree(network.home / "log", LOGS / f"seed-{seed + number}-logs", dirs_exist_ok=True)
            RESULT.write_text(json.dumps({**sums, "failing_seeds": failing}, indent=2) + "\n", encoding="utf-8")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for one in failing:
        print(f"again: make faults ROUNDS=1 SEED={one}", flush=True)
    return not failing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--operations", type=int, default=500, help="of a round, by 8 clients")
    wanted = parser.parse_args()
    compile_contracts(PROJECT)
    return 0 if anyio.run(run, wanted.rounds, wanted.seed, wanted.operations) else 1


if __name__ == "__main__":
    sys.exit(main())
