"""A small supply chain, made through HTTP alone, and short ways to tell what happens in it."""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

import httpx

from api.domain.party_identity import credit_code_check
from tests.api.http.stack import Stack

T = TypeVar("T")

TRADE = "0x" + hashlib.sha256(b"framework contract").hexdigest()
REGISTRY = "0x" + hashlib.sha256(b"registry number").hexdigest()
NO_HASH = "0x" + "00" * 32
WAIT = {"Prefer": "wait=30"}
MONEY = 10**12
"""Minor units that payers start with."""

ROLES = {
    "core": "core_enterprise",
    "other_core": "core_enterprise",
    "registrar": "registrar",
    "tier1": "supplier",
    "tier2": "supplier",
    "tier3": "supplier",
    "tier4": "supplier",
    "tier5": "supplier",
    "bank": "financier",
    "factor": "financier",
    "auditor": "auditor",
}


def credit_code(name: str) -> str:
    """A well-formed code of a region that does not exist."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91990000" + "".join(alphabet[b % 31] for b in hashlib.sha256(name.encode()).digest()[:9])
    return body + credit_code_check(body)


class Town:
    """Parties by name, and acts that are waited for."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.http = stack.http
        self.ids: dict[str, int] = {}
        self._accounts = iter(stack.signer.accounts()[1:-1])
        self.numbers = itertools.count(1)

    # -- talking

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, path: str, body: dict[str, Any], method: str = "POST", **headers: str) -> Any:
        """An act that is confirmed and indexed when this returns."""
        answer = self.http.request(method, path, json=body, headers={**WAIT, **headers})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refused(
        self, path: str, body: dict[str, Any] | None, rule: str, status: int, method: str = "POST"
    ) -> dict[str, Any]:
        """An act that is refused by the named rule and changes nothing."""
        before = self.stack.fact()
        answer = self.http.request(method, path, json=body, headers=WAIT)
        problem = check_problem(answer, rule, status)
        assert self.stack.fact() == before
        return problem

    def until(self, look: Callable[[], T], wanted: Callable[[T], bool], timeout: float = 20.0) -> T:
        """What `look` sees once it is as wanted; after the timeout, what it sees then."""
        end = time.monotonic() + timeout
        while not wanted(seen := look()) and time.monotonic() < end:
            time.sleep(0.01)
        return seen

    # -- parties

    def new_party(self, name: str, role: str) -> int:
        """Admits a party with an account of its own."""
        answer = self.do("/parties", {"party": 0, "parties": [self.admission(name, role)]})
        self.ids[name] = answer["parties"][0]["party"]
        return self.ids[name]

    def admission(self, name: str, role: str, **changes: Any) -> dict[str, Any]:
        account = next(self._accounts)
        return {
            "name_zh": f"{name}有限公司",
            "name_en": f"{name} Ltd",
            "credit_code": credit_code(name),
            "roles": [role],
            "identity_expiry": (self.today() + timedelta(days=5000)).isoformat(),
            "settlement_account": account,
            "administrator": account,
            "identities": [f"name:{name}"],
            "evidence_hash": "0x" + "5e" * 32,
            **changes,
        }

    def found(self) -> None:
        """Admits everybody, and gives payers money and leave for the desks to draw on it."""
        admissions = [self.admission(name, role) for name, role in ROLES.items()]
        answer = self.do("/parties", {"party": 0, "parties": admissions})
        self.ids = {name: p["party"] for name, p in zip(ROLES, answer["parties"], strict=True)}
        for name, desk in (("core", "repayment"), ("bank", "financing"), ("factor", "financing")):
            self.provide(name, desk)
        for name in ("core", "other_core"):
            for currency in ("CNY", "GBP"):
                self.credit_line(name, currency, MONEY)

    def provide(self, name: str, desk: str) -> None:
        party = self.ids[name]
        for currency in ("CNY", "GBP"):
            self.do("/deposits", {"party": 0, "to": party, "currency": currency, "amount": str(MONEY)})
            self.do("/deposits/approvals", {"party": party, "desk": desk, "currency": currency})

    def credit_line(self, name: str, currency: str, limit: int) -> None:
        path = f"/parties/{self.ids[name]}/credit-lines"
        self.do(path, {"party": 0, "currency": currency, "limit": str(limit)}, "PUT")

    def cash(self, name: str, currency: str = "CNY") -> int:
        deposits = self.get(f"/parties/{self.ids[name]}/deposits")
        return next(int(d["balance"]) for d in deposits if d["currency"]["code"] == currency)

    # -- the clock

    def today(self) -> date:
        """The business day of the chain's last block."""
        head = self.stack.rpc("eth_getBlockByNumber", "latest", False)
        return date(1970, 1, 1) + timedelta(days=(int(head["timestamp"], 16) + 28_800) // 86_400)

    def pass_days(self, days: int) -> None:
        """Moves the chain's clock to noon, so many days ahead, and waits for the index."""
        day = (self.today() - date(1970, 1, 1)).days + days
        self.pass_to(day * 86_400 - 28_800 + 43_200)

    def pass_to(self, timestamp: int) -> None:
        self.stack.rpc("evm_setNextBlockTimestamp", timestamp)
        self.stack.rpc("evm_mine")
        height = int(self.stack.rpc("eth_blockNumber"), 16)
        index = self.until(lambda: self.get("/status")["index"], lambda seen: seen["block"] >= height)
        assert index["block"] >= height

    # -- credit

    def imported(
        self,
        *,
        amount: int = 10_000_00,
        due_in: int = 60,
        seller: str = "tier1",
        debtor: str = "core",
        currency: str = "CNY",
    ) -> int:
        """Imports a ledger of one document; the item's id."""
        issued, due = self.today() - timedelta(days=10), self.today() + timedelta(days=due_in)
        row = f"INV-{next(self.numbers)},{seller},{amount // 100}.{amount % 100:02d},{issued},{due},{currency}"
        text = f"doc_no,vendor,amount,issue_date,due_date,currency\n{row}\n"
        answer = self.http.post(
            "/imports", data={"party": self.ids[debtor]}, files={"file": ("ledger.csv", text.encode(), "text/csv")}
        )
        assert answer.status_code == 200, answer.text
        (item,) = answer.json()["imported"]
        return int(item["id"])

    def offered(self, *, debtor: str = "core", **invoice: Any) -> dict[str, Any]:
        """A confirmed receivable's root note, offered."""
        item = self.imported(debtor=debtor, **invoice)
        self.do("/receivables", {"party": self.ids[debtor], "items": [item]})
        last = self.get("/status")["totals"]["notes"]
        note = self.get(f"/notes/{last}")
        assert (note["status"], note["tier"]) == ("offered", 1)
        return dict(note)

    def held(self, **invoice: Any) -> dict[str, Any]:
        """A root note that its creditor holds."""
        note = self.offered(**invoice)
        self.do("/notes/accept", {"party": note["holder"]["id"], "notes": [note["id"]]})
        return self.note(note["id"])

    def note(self, note: int) -> dict[str, Any]:
        return dict(self.get(f"/notes/{note}"))

    def split_body(
        self, note: dict[str, Any], to: str, amount: int | None = None, trade: str = TRADE
    ) -> dict[str, Any]:
        value = note["value"] if amount is None else str(amount)
        portions = [{"to": self.ids[to], "amount": value, "trade_hash": trade}]
        return {"party": note["holder"]["id"], "splits": [{"note": note["id"], "portions": portions}]}

    def passed_open(self, note: dict[str, Any], to: str, amount: int | None = None) -> dict[str, Any]:
        """A part of a note (or all of it), offered to `to`."""
        self.do("/notes/split", self.split_body(note, to, amount))
        return self.note(self.get("/status")["totals"]["notes"])

    def passed(self, note: dict[str, Any], to: str, amount: int | None = None) -> dict[str, Any]:
        """The same, accepted."""
        child = self.passed_open(note, to, amount)
        self.do("/notes/accept", {"party": child["holder"]["id"], "notes": [child["id"]]})
        return self.note(child["id"])

    def quoted(self, note: dict[str, Any], financier: str = "bank", **terms: Any) -> str:
        """A financier's quote for a note; its id."""
        bid = {
            "note": note["id"],
            "rate_bps": 400,
            "max_amount": note["value"],
            "registry_reference": REGISTRY,
            **terms,
        }
        answer = self.do("/quotes", {"party": self.ids[financier], "bids": [bid]})
        return str(answer["quotes"][0]["id"])

    def deal(self, note: dict[str, Any], quote: str, amount: int | None = None, min_price: int = 1) -> dict[str, Any]:
        """The body with which a note's holder takes a quote."""
        face = note["value"] if amount is None else str(amount)
        deals = [{"quote": quote, "amount": face, "min_price": str(min_price)}]
        return {"party": note["holder"]["id"], "deals": deals}


def check_problem(answer: httpx.Response, rule: str, status: int) -> dict[str, Any]:
    """That an answer is the problem of a rule, in both languages; the problem."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/problems/{rule}", problem
    assert problem["status"] == status
    assert any("\u4e00" <= c <= "\u9fff" for c in problem["title_zh"]), problem
    assert problem["detail"].startswith(problem["title"])
    assert problem["detail_zh"].startswith(problem["title_zh"])
    assert problem["request_id"] == answer.headers["x-request-id"]
    return dict(problem)
