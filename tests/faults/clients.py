"""Clients that act for a firm while processes die: each repeats a request under its key until it is answered, and keeps
a log of its own of what it asked for, and what it was told."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import anyio
import httpx

from tests.faults.world import Firm

Effect = tuple[str, ...]
"""An event that an act causes, and no other act does: its name and what tells it from others of the name."""
_PAUSE_S = 0.2
_PATIENCE_S = 300.0
REFERENCE = "0x" + "7e" * 32
TRADE = "0x" + "3c" * 32


@dataclass
class Asked:
    """One act, as its client knows it. `status` is the HTTP answer's, `operations` the ids in it."""

    key: str
    path: str
    effect: Effect
    tries: int = 0
    status: int | None = None
    operations: list[str] = field(default_factory=list)
    answer: str = ""

    @property
    def taken(self) -> bool:
        """Whether it was answered that the act is under way, or done, or that it ended in a failure of its own."""
        return self.status in (200, 202)


@dataclass
class Log:
    """What all clients asked for; written down as it happens."""

    file: Path
    wanted: int
    asked: list[Asked] = field(default_factory=list)
    taken: int = 0
    _waiting: dict[int, anyio.Event] = field(default_factory=dict)

    def write(self, what: str, one: Asked) -> None:
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"at": round(time.time(), 3), "what": what, **asdict(one)}) + "\n")

    @property
    def done(self) -> bool:
        return self.taken >= self.wanted

    def take(self) -> None:
        """One act more was taken."""
        self.taken += 1
        for count in [c for c in self._waiting if c <= self.taken]:
            self._waiting.pop(count).set()

    async def reached(self, count: int) -> None:
        """Waits until so many acts were taken."""
        if self.taken < count:
            await self._waiting.setdefault(count, anyio.Event()).wait()


class Client:
    """One client. What it does is a matter of its seed and of what it finds."""

    def __init__(self, number: int, firm: Firm, log: Log, url: str, rng: random.Random) -> None:
        self._number = number
        self._firm = firm
        self._log = log
        self._rng = rng
        self._url = url
        self._count = 0
        self._items = list(firm.items)
        self._named: set[int] = set()
        """Notes that an acceptance was asked for."""

    async def work(self) -> None:
        """Until all clients together have had enough acts taken."""
        acts: list[tuple[int, Callable[[httpx.AsyncClient], Any]]] = [
            *((25, self._mint), (15, self._approve), (20, self._confirm)),
            *((20, self._accept), (15, self._split), (5, self._finance)),
        ]
        async with httpx.AsyncClient(base_url=self._url, timeout=20) as http:
            while not self._log.done:
                (act,) = self._rng.choices([a for _, a in acts], [w for w, _ in acts])
                if not await act(http):
                    await self._mint(http)

    # -- acts; True when there was something to do

    async def _mint(self, http: httpx.AsyncClient) -> bool:
        amount, to = self._unique(), self._firm.parties["bank"]
        body = {"party": 0, "to": to, "currency": "CNY", "amount": str(amount)}
        return await self._ask(http, "/deposits", body, ("mint", self._firm.accounts["bank"], str(amount)))

    async def _approve(self, http: httpx.AsyncClient) -> bool:
        amount, party = 10**13 + self._unique(), self._firm.parties["bank"]
        body = {"party": party, "desk": "financing", "currency": "CNY", "amount": str(amount)}
        effect = ("approve", self._firm.accounts["bank"], str(amount))
        return await self._ask(http, "/deposits/approvals", body, effect)

    async def _confirm(self, http: httpx.AsyncClient) -> bool:
        if not self._items:
            return False
        item, amount = self._items.pop()
        body = {"party": self._firm.parties["core"], "items": [item]}
        return await self._ask(http, "/receivables", body, ("confirm", str(amount)))

    async def _accept(self, http: httpx.AsyncClient) -> bool:
        holder = self._firm.parties[self._rng.choice(("tier1", "tier2"))]
        found = [n for n in await self._notes(http, holder, "offered") if n["id"] not in self._named]
        if not found:
            return False
        note = int(found[0]["id"])
        self._named.add(note)
        body, effect = {"party": holder, "notes": [note]}, ("accept", str(note))
        if self._rng.random() < 0.8:
            return await self._ask(http, "/notes/accept", body, effect)
        # Two people press the button: two acts of which one has an effect, and the other is told why it has none.
        async with anyio.create_task_group() as tasks:
            for _ in range(2):
                tasks.start_soon(self._ask, http, "/notes/accept", body, effect)
        return True

    async def _split(self, http: httpx.AsyncClient) -> bool:
        holder = self._firm.parties["tier1"]
        found = [n for n in await self._notes(http, holder, "held") if int(n["value"]) > 1_000_000]
        if not found:
            return False
        note, amount = self._rng.choice(found), 300_000 + self._unique() % 400_000
        portions = [{"to": self._firm.parties["tier2"], "amount": str(amount), "trade_hash": TRADE}]
        body = {"party": holder, "splits": [{"note": note["id"], "portions": portions}]}
        return await self._ask(http, "/notes/split", body, ("offer", str(note["id"]), str(amount)))

    async def _finance(self, http: httpx.AsyncClient) -> bool:
        holder = self._firm.parties["tier2"]
        found = await self._notes(http, holder, "held")
        if not found:
            return False
        note = self._rng.choice(found)
        bid = {"note": note["id"], "rate_bps": 400, "max_amount": note["value"], "registry_reference": REFERENCE}
        try:
            quoted = await http.post("/quotes", json={"party": self._firm.parties["bank"], "bids": [bid]})
        except httpx.HTTPError:
            return False
        if quoted.status_code != 201:
            return False
        deal = {"quote": quoted.json()["quotes"][0]["id"], "amount": note["value"], "min_price": "1"}
        body = {"party": holder, "deals": [deal]}
        return await self._ask(http, "/financings", body, ("finance", str(note["id"]), note["value"]))

    # -- talking

    def _unique(self) -> int:
        """A number that no other act of any client has."""
        self._count += 1
        return 1_000_000 + self._number * 10_000 + self._count

    async def _notes(self, http: httpx.AsyncClient, holder: int, status: str) -> list[dict[str, Any]]:
        try:
            answer = await http.get("/notes", params={"holder": holder, "status": status, "limit": 50})
        except httpx.HTTPError:
            return []
        return list(answer.json()["items"]) if answer.status_code == 200 else []

    async def _ask(self, http: httpx.AsyncClient, path: str, body: dict[str, Any], effect: Effect) -> bool:
        self._count += 1
        one = Asked(f"client-{self._number}-{self._count:05d}", path, effect)
        self._log.asked.append(one)
        self._log.write("asked", one)
        headers = {"Idempotency-Key": one.key}
        if self._rng.random() < 0.3:
            headers["Prefer"] = "wait=5"
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            one.tries += 1
            try:
                answer = await http.post(path, json=body, headers=headers)
            except httpx.HTTPError:
                await anyio.sleep(_PAUSE_S)
                continue
            if answer.status_code < 500 and answer.status_code != 429:
                self._note(one, answer)
                return True
            await anyio.sleep(_PAUSE_S)
        self._log.write("given up", one)
        return True

    def _note(self, one: Asked, answer: httpx.Response) -> None:
        one.status, one.answer = answer.status_code, answer.text[:500]
        if one.taken:
            one.operations = [o["id"] for o in answer.json()["operations"]]
            self._log.take()
        self._log.write("answered", one)
