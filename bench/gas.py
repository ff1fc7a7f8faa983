"""Gas of every act, exact, beside its floor and its goal: `make bench-gas`. Writes build/bench/gas.json."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path

import anyio

from bench.account import Account, account_of
from bench.network import ARTIFACTS, FACE, PROJECT, Member, Network, network
from bench.results import write_results

GOALS = {
    "confirm": 150_000,
    "accept": 38_000,
    "split_1": 80_000,
    "split_4": 180_000,
    "split_8": 180_000 + 4 * 34_000,
    "finance_whole": 140_000,
    "finance_part": 140_000,
    "repay_1": 86_000,
    "repay_4": 160_000,
    "repay_8": 160_000 + 4 * 25_000,
    "batch_confirm_50_per_note": 103_000,
    "batch_accept_50_per_note": 9_000,
    "split_each_further": 34_000,
    "repay_each_further": 25_000,
}
"""Gas, from the anchors; the goal proper is the ratio to the floor."""
RATIO_GOAL = 1.15
_BATCH = 50
_PART = FACE // 10


class Acts:
    """Measures acts one after another on one network."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self.accounts: dict[str, Account] = {}

    async def _measure(self, name: str, act: Awaitable[str], notes: int = 1) -> None:
        self.accounts[name] = await account_of(self._net.rpc, self._net.names(), await act, notes)

    def _portions(self, count: int) -> list[tuple[Member, int]]:
        """For suppliers other than the first, who splits."""
        others = self._net.suppliers[1:]
        return [(others[i % len(others)], _PART) for i in range(count)]

    async def singles(self) -> None:
        """One of each; the children of the splits are what is repaid."""
        net, first = self._net, self._net.suppliers[0]
        await self._measure("confirm", net.confirm([first]))
        root = await net.last_note()
        await self._measure("accept", net.accept(first, [root]))
        for count in (1, 4, 8):
            [note] = await net.held(first)
            await self._measure(f"split_{count}", net.split(first, [(note, self._portions(count))]))
            children = await self._take(count)
            await self._measure(f"repay_{count}", net.repay(children))
        await self._measure("finance_part", net.finance(first, [(root, FACE // 2)]))
        await self._measure("finance_whole", net.finance(first, [(root, FACE // 2)]))

    async def _take(self, count: int) -> list[int]:
        """The newest notes, accepted by those who were offered them (never the first supplier)."""
        last = await self._net.last_note()
        notes = list(range(last - count + 1, last + 1))
        for position, (holder, _) in enumerate(self._portions(min(count, len(self._net.suppliers) - 1))):
            await self._net.accept(holder, notes[position :: len(self._net.suppliers) - 1])
        return notes

    async def batches(self) -> None:
        """Fifty receivables, each act in one transaction; figures are per note."""
        net, first = self._net, self._net.suppliers[0]
        creditors = [net.suppliers[i % len(net.suppliers)] for i in range(_BATCH)]
        await self._measure("batch_confirm_50_per_note", net.confirm(creditors), _BATCH)
        await net.confirm([first] * _BATCH)
        last = await net.last_note()
        roots = list(range(last - _BATCH + 1, last + 1))
        await self._measure("batch_accept_50_per_note", net.accept(first, roots), _BATCH)
        splits = [(note, [portion]) for note, portion in zip(roots, self._portions(_BATCH), strict=True)]
        await self._measure("batch_split_50_per_note", net.split(first, splits), _BATCH)
        children = await self._take(_BATCH)
        sales = [(note, FACE // 2) for note in roots]
        await self._measure("batch_finance_50_per_note", net.finance(first, sales), _BATCH)
        await self._measure("batch_repay_50_per_note", net.repay(children), _BATCH)


def show(accounts: Mapping[str, Account]) -> None:
    """The table, then where the gas of each act goes."""
    print(f"{'gas':<28}{'measured':>10}{'goal':>10}{'floor':>10}{'ratio':>7}")
    for name, a in accounts.items():
        _row(name, a.gas, a.floor)
    for kind in ("split", "repay"):
        four, eight = accounts[f"{kind}_4"], accounts[f"{kind}_8"]
        _row(f"{kind}_each_further", (eight.gas - four.gas) // 4, (eight.floor - four.floor) // 4)
    print()
    for name, a in accounts.items():
        parts = ", ".join(f"{cause} {gas:,}" for cause, gas in a.parts.items() if gas)
        print(f"{name}: {parts}")


def _row(name: str, gas: int, floor: int) -> None:
    goal, ratio = GOALS.get(name), gas / floor
    missed = [w for w, is_so in (("goal", goal is not None and gas > goal), ("ratio", ratio > RATIO_GOAL)) if is_so]
    told = f"  over the {' and the '.join(missed)}" if missed else ""
    print(f"{name:<28}{gas:>10,}{f'{goal:,}' if goal else '–':>10}{floor:>10,}{ratio:>7.2f}{told}")


def results(accounts: Mapping[str, Account]) -> dict[str, int]:
    """The figures by name, gas; without what only serves the table."""
    return {name: a.gas for name, a in accounts.items() if name != "repay_8"}


async def run(artifacts: Path = ARTIFACTS) -> dict[str, Account]:
    """All acts' accounts, by name."""
    async with network(artifacts) as net:
        acts = Acts(net)
        await acts.singles()
        await acts.batches()
        return acts.accounts


def main(arguments: Sequence[str]) -> int:
    """`arguments`: a folder of artifacts to measure instead of build/artifacts, whose figures are only shown."""
    accounts = anyio.run(run, Path(arguments[0]) if arguments else ARTIFACTS)
    show(accounts)
    if not arguments:
        write_results(PROJECT / "build/bench/gas.json", results(accounts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
