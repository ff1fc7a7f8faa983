"""Gas of our acts, one after another on one network."""

from __future__ import annotations

from collections.abc import Awaitable

from bench.account import Account, account_of
from bench.network import BATCH, FACE, PART, Member, Network


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
        return [(others[i % len(others)], PART) for i in range(count)]

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
        creditors = [net.suppliers[i % len(net.suppliers)] for i in range(BATCH)]
        await self._measure("batch_confirm_50_per_note", net.confirm(creditors), BATCH)
        await net.confirm([first] * BATCH)
        last = await net.last_note()
        roots = list(range(last - BATCH + 1, last + 1))
        await self._measure("batch_accept_50_per_note", net.accept(first, roots), BATCH)
        splits = [(note, [portion]) for note, portion in zip(roots, self._portions(BATCH), strict=True)]
        await self._measure("batch_split_50_per_note", net.split(first, splits), BATCH)
        children = await self._take(BATCH)
        sales = [(note, FACE // 2) for note in roots]
        await self._measure("batch_finance_50_per_note", net.finance(first, sales), BATCH)
        await self._measure("batch_repay_50_per_note", net.repay(children), BATCH)
