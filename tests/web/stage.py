"""What is under way on a demo's ledger: offers, requests, quotes, invoices to confirm; so that every view has something to
show. Nobody signs in there, so one client acts for everybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx

from tests.api.http.town import WAIT
from tests.api.http.two import Json, done

_LEDGER = ((864_200.00, 45), (1_250_000.00, 90), (318_600.50, 150), (96_400.00, 60), (452_000.00, 120))
_PARTIES = 500


@dataclass(frozen=True)
class Cast:
    """Who is looked at, by party id, and the notes that the pictures are of."""

    core: int
    supplier: int
    financier: int
    held: int
    asked: int
    offered: int


class Stage:
    """The demo at `base`."""

    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=60)

    def set(self) -> Cast:
        """Everything that is under way."""
        core = self._parties("core_enterprise")[0]["id"]
        supplier, receiver = self._parties("supplier")[:2]
        first, second = self._parties("financier")[:2]
        held, asked, sold, offered = self._offered(core, supplier, 4)
        mine = supplier["id"]
        self.do("/notes/accept", party=mine, notes=[held["id"], asked["id"], sold["id"]])
        trade = "0x" + hashlib.sha256(b"framework contract 7").hexdigest()
        portion = {"to": receiver["id"], "amount": str(int(held["face"]) // 4), "trade_hash": trade}
        self.do("/notes/split", party=mine, splits=[{"note": held["id"], "portions": [portion]}])
        for note in (asked, sold):
            done(self.http.post("/quote-requests", json={"party": mine, "note": note["id"], "financiers": []}))
        for financier, rate in ((first, 395), (second, 420)):
            bids = [self._bid(note, rate) for note in ((asked, sold) if financier is first else (asked,))]
            quotes = done(self.http.post("/quotes", json={"party": financier["id"], "bids": bids}))
        quotes = done(self.http.get("/quotes", params={"note": sold["id"]}))["items"]
        deal = {"quote": quotes[0]["id"], "amount": quotes[0]["amount"], "min_price": "1"}
        self.do("/financings", party=mine, deals=[deal])
        return Cast(core, mine, first["id"], held["id"], asked["id"], offered["id"])

    def do(self, path: str, **body: Any) -> Any:
        """An act, confirmed and on the ledger."""
        return done(self.http.post(path, json=body, headers=WAIT))

    def _offered(self, core: int, supplier: Json, count: int) -> list[Json]:
        """Notes offered to a supplier, out of a ledger of which one more row is left to confirm."""
        file = ("payables.csv", self._ledger(supplier["name_zh"]), "text/csv")
        found = done(self.http.post("/imports", data={"party": core}, files={"file": file}))
        items = [item["id"] for item in found["imported"]]
        self.do("/receivables", party=core, items=items[:count])
        where = {"status": "offered", "holder": supplier["id"], "limit": 100}
        return list(done(self.http.get("/notes", params=where))["items"])[-count:]

    def _ledger(self, vendor: str) -> str:
        today = date.fromisoformat(done(self.http.get("/status"))["today"])
        rows = ["doc_no,vendor,amount,issue_date,due_date,currency"]
        for number, (amount, days) in enumerate(_LEDGER, 1):
            issued, due = today - timedelta(days=6), today + timedelta(days=days)
            rows.append(f"PO-2025-{number:04},{vendor},{amount:.2f},{issued},{due},CNY")
        return "\n".join([*rows, ""])

    def _bid(self, note: Json, rate_bps: int) -> Json:
        reference = "0x" + hashlib.sha256(f"registration of {note['id']}".encode()).hexdigest()
        return {
            "note": note["id"],
            "rate_bps": rate_bps,
            "max_amount": note["face"],
            "registry_reference": reference,
        }

    def _parties(self, role: str) -> list[Json]:
        found = done(self.http.get("/parties", params={"role": role, "limit": _PARTIES}))
        return [party for party in found["items"] if party["status"] == "active"]
