"""`python -m bench.mutation`: mutation testing of contracts/. See docs/mutation.md.

Goes on where the last run stopped; what did not change is not tried again. Exit code 1 when the tests cannot run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from api.chain.compile import PROJECT
from bench.mutation import report
from bench.mutation.campaign import Campaign
from bench.mutation.compiler import Solc, Tree
from bench.mutation.document import DOCUMENT, renewed, unexplained
from bench.mutation.mutants import Mutant, mutants_of
from bench.mutation.operators import changes_of
from bench.mutation.records import Outcome, Record, tests_digest
from bench.mutation.suite import SuiteBroken

_RESULTS = PROJECT / "build/mutation.json"
_CACHE = PROJECT / ".cache/mutation"
_TOLD_EVERY_S = 20.0


class Progress:
    """A line now and then, and each survivor at once."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._survived = total, 0, 0
        self._started = self._told = time.monotonic()

    def tell(self, mutant: Mutant, record: Record) -> None:
        """One more."""
        self._done += 1
        if record.outcome is Outcome.SURVIVED:
            self._survived += 1
            print(f"survived  {mutant.file}:{mutant.line}  {mutant.id}")
            print(f"          {mutant.before}  →  {mutant.after or '(nothing)'}")
        now = time.monotonic()
        if now - self._told >= _TOLD_EVERY_S or self._done == self._total:
            self._told = now
            each = (now - self._started) / self._done
            left = (self._total - self._done) * each / 60
            print(
                f"{self._done} of {self._total}, {self._survived} survived, {each:.2f} s each, {left:.0f} min left "
                f"({Path(mutant.file).stem})",
                flush=True,
            )


def generate(tree: Tree, contract: str | None) -> list[Mutant]:
    """Mutants of what deployed contracts are made of: all, or of the file of that name and what only its contract uses."""
    return [
        mutant
        for file, unit in tree.units.items()
        if not file.startswith("contracts/test/") and (targets := list(tree.targets(file)))
        if contract in (None, Path(file).stem) or targets == [contract]
        for mutant in mutants_of(unit, changes_of(unit))
    ]


def draw(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """So many of them, by a hash of each id: code that comes or goes elsewhere changes no other's luck."""
    lots = sorted(hashlib.sha256(f"{seed} {mutant.id}".encode()).digest() for mutant in mutants)[:count]
    return [mutant for mutant in mutants if hashlib.sha256(f"{seed} {mutant.id}".encode()).digest() <= lots[-1]]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mutation", description=__doc__)
    parser.add_argument("--contract", help="only that contract or library, e.g. ReceivableNotes or Interest")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--minutes", type=float, help="stop after so long; the next run goes on")
    parser.add_argument("--write", action="store_true", help="bring the survivors in docs/mutation.md up to date")
    parser.add_argument("--check", action="store_true", help="only: has each survivor of the last run its reason?")
    parser.add_argument("--list", action="store_true", help="only show the mutants")
    asked = parser.parse_args(arguments)
    if asked.check:
        return _check()
    with Solc() as solc:
        tree = Tree.read(solc)
        mutants = generate(tree, asked.contract)
        if asked.sample is not None and asked.sample < len(mutants):
            mutants = draw(mutants, asked.sample, asked.seed)
        if asked.list:
            for mutant in mutants:
                print(f"{mutant.file}:{mutant.line}\t{mutant.id}\t{mutant.before}\t→\t{mutant.after}")
            return 0
        return _run(asked, solc, tree, mutants)


def _run(asked: argparse.Namespace, solc: Solc, tree: Tree, mutants: Sequence[Mutant]) -> int:
    _CACHE.mkdir(parents=True, exist_ok=True)
    campaign = Campaign(solc, tree, tests_digest(PROJECT), _CACHE)
    known = sum(campaign.record_of(mutant) is not None for mutant in mutants)
    print(f"{len(mutants)} mutants, {known} known from earlier runs", flush=True)
    deadline = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")
    # A shell's background job ignores Ctrl-C; asked to end by either signal, a run ends in order.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        finished = campaign.run(mutants, Progress(len(mutants) - known).tell, deadline)
    except SuiteBroken as broken:
        print(f"变异测试无法运行 / the tests do not run: {broken}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        finished = False
    judged = [(mutant, record) for mutant in mutants if (record := campaign.record_of(mutant)) is not None]
    scope = asked.contract or "all"
    if asked.sample is not None:
        scope += f", {asked.sample} drawn with seed {asked.seed}"
    results = report.summary(judged, generated=len(mutants), scope=scope)
    report.write(_RESULTS, results)
    print(report.table(results))
    if not finished:
        print(f"stopped with {len(mutants) - len(judged)} mutants left; the same command goes on")
    print(f"→ {_RESULTS.relative_to(PROJECT)}")
    if asked.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(renewed(text, report.table(results), results["survivors"]), encoding="utf-8")
        print(f"→ {DOCUMENT.relative_to(PROJECT)}")
    return 0


def _check() -> int:
    survivors = json.loads(_RESULTS.read_text(encoding="utf-8"))["survivors"] if _RESULTS.exists() else []
    silent = unexplained(DOCUMENT.read_text(encoding="utf-8"), survivors)
    for mutant in silent:
        print(f"docs/mutation.md gives no reason for {mutant}", file=sys.stderr)
    return int(bool(silent))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
