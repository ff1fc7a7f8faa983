"""From "quote accepted" to "cash on the supplier's account and visible in the API", in milliseconds, on the real
processes. Writes build/bench/latency.json."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp
import anyio

from api.chain.rpc import Rpc
from api.domain.views import NoteView
from api.services.financing import Bid
from bench.network import PROJECT, label
from bench.program import Program, program
from bench.results import write_results

_WARM_UP = 20
_DEALS = 200
_OBSERVED = 50
_PART = 1_000
"""Face value of each deal, minor units."""
_RATE_BPS = 390
_TIMEOUT_S = 10
_POLL_S = 0.001


class Seller:
    """A supplier that sells one note in small parts, over HTTP."""

    def __init__(self, running: Program, http: aiohttp.ClientSession, note: NoteView, quote_id: str) -> None:
        self._running = running
        self._http = http
        self._note = note
        self._quote_id = quote_id

    async def sell(self, wait_s: int) -> tuple[int, Mapping[str, Any]]:
        """Takes the quote for one part: status and operation. With `wait_s` the API answers 200 when the cash has moved
        and the read model shows it."""
        deal = {"quote": self._quote_id, "amount": str(_PART), "min_price": "1"}
        headers = {"Prefer": f"wait={wait_s}"} if wait_s else {}
        body = {"party": self._note.holder.id, "deals": [deal]}
        async with self._http.post(f"{self._running.url}/financings", json=body, headers=headers) as response:
            answer = await response.json()
            if response.status >= 400:
                raise RuntimeError(f"{response.status}: {answer}")
            return response.status, answer["operations"][0]

    async def value(self) -> int:
        """What the API says the note is worth."""
        async with self._http.get(f"{self._running.url}/notes/{self._note.id}") as response:
            return int((await response.json())["value"])

    async def cash(self) -> int:
        """What the token says is on the seller's settlement account."""
        services = self._running.services
        party = await services.ledger.party(self._note.holder.id)
        return await services.deposits.balance(services.chain.tokens["CNY"], party.settlement_account)


async def seller(running: Program, http: aiohttp.ClientSession) -> Seller:
    """The holder of the largest note, with a quote for all of it."""
    note = next(n for n in await running.held())
    financier = running.play.parties[running.play.cast.financiers[0].id]
    bid = Bid(note.id, _RATE_BPS, note.value, label("registry", note.id), 86_400, False)
    [quote] = await running.services.financing.bid(financier, [bid], None)
    return Seller(running, http, note, quote.id)


async def accepted_to_visible(one: Seller, deals: int) -> list[float]:
    """Milliseconds of each deal, one after another. RuntimeError when the API answers before it is true."""
    took: list[float] = []
    for _ in range(deals):
        value, cash = await one.value(), await one.cash()
        began = time.perf_counter()
        status, _ = await one.sell(_TIMEOUT_S)
        took.append((time.perf_counter() - began) * 1_000)
        if status != 200 or await one.value() != value - _PART or await one.cash() <= cash:
            raise RuntimeError("the API answered before cash and note had moved")
    return took


async def stages(running: Program, one: Seller, deals: int) -> dict[str, float]:
    """Median milliseconds from the request until each thing has happened, as seen by observers that ask all the time
    (and so slow it a little)."""
    seen: dict[str, list[float]] = {"accepted": [], "mined": [], "confirmed": [], "indexed": []}
    async with Rpc(running.settings.rpc_url) as rpc:
        for _ in range(deals):
            for name, at in (await _observed(running, one, rpc)).items():
                seen[name].append(at)
    return {name: round(statistics.median(times), 1) for name, times in seen.items()}


async def _observed(running: Program, one: Seller, rpc: Rpc) -> dict[str, float]:
    before = await _height(rpc)
    began = time.perf_counter()
    at: dict[str, float] = {}

    async def mark(name: str, done: Callable[[], Awaitable[bool]]) -> None:
        while not await done():  # noqa: ASYNC110  # what is watched has no event
            await anyio.sleep(_POLL_S)
        at[name] = (time.perf_counter() - began) * 1_000

    async def mined() -> bool:
        return await _height(rpc) > before

    async def indexed() -> bool:
        return await running.services.ledger.model.wait_for(before + 1, _TIMEOUT_S)

    async def request() -> None:
        _, operation = await one.sell(0)
        at["accepted"] = (time.perf_counter() - began) * 1_000
        await running.services.box.wait([operation["id"]], _TIMEOUT_S)
        at["confirmed"] = (time.perf_counter() - began) * 1_000

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(request)
        tasks.start_soon(mark, "mined", mined)
        tasks.start_soon(mark, "indexed", indexed)
    return at


async def _height(rpc: Rpc) -> int:
    return int(await rpc.call("eth_blockNumber"), 16)


async def run() -> dict[str, Any]:
    """All figures, milliseconds."""
    async with program() as running, aiohttp.ClientSession() as http:
        one = await seller(running, http)
        await accepted_to_visible(one, _WARM_UP)
        took = await accepted_to_visible(one, _DEALS)
        return {**summary(took), "observed_median_ms": await stages(running, one, _OBSERVED)}


def summary(took: Sequence[float]) -> dict[str, Any]:
    """Median, 95th percentile and the ends."""
    cuts = statistics.quantiles(took, n=20, method="inclusive")
    figures = {
        "median_ms": statistics.median(took),
        "p95_ms": cuts[-1],
        "fastest_ms": min(took),
        "slowest_ms": max(took),
    }
    return {"deals": len(took), **{name: round(value, 1) for name, value in figures.items()}}


def main() -> int:
    figures = anyio.run(run)
    print(
        f"quote accepted → cash on the account and visible in the API, {figures['deals']} deals: "
        f"median {figures['median_ms']} ms, p95 {figures['p95_ms']} ms"
    )
    print("since the request (median, ms): " + ", ".join(f"{k} {v}" for k, v in figures["observed_median_ms"].items()))
    write_results(PROJECT / "build/bench/latency.json", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
