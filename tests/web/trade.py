"""Companies that trade at the page: a network where everybody signs in, entries become final three blocks later, and short
ways to what a story begins with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from eth_account import Account
from playwright.sync_api import Page

from api.chain.deploy_plan import ROLES
from api.domain.operations import Contract
from api.domain.principal import PersonRole
from tests.api.http.stack import running
from tests.api.http.staff import SETTINGS, Guarded, Someone
from tests.api.http.town import TRADE, WAIT
from tests.api.http.two import Json, Pair, done
from tests.api.http.wallet import wallet_of

ADMIN, MAKER, CHECKER, VIEWER = PersonRole
DEPTH = 3
"""Blocks until an entry is final."""
DELAY_S = 3_600
"""How long a change of the policy is announced before it can be carried out."""
STRANGER = "401"
"""What Chromium writes to the console of an answer that a stranger gets."""

RECORD = """
window.heard = [];
new MutationObserver(() => {
  for (const region of document.querySelectorAll('.act [role=status]')) {
    const text = region.textContent.trim();
    if (text && window.heard.at(-1) !== text) window.heard.push(text);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


class Trade:
    """The network, and a maker of each company at work."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.stack = pair.stack
        self.ids = pair.companies
        self.base = str(pair.stack.http.base_url).rstrip("/")
        self._approvers = (pair.signer("assembler", MAKER), pair.signer("assembler", CHECKER))
        self._people: dict[str, Someone] = {}

    def person(self, company: str) -> Someone:
        """A maker of a company: the same at every asking."""
        if company not in self._people:
            self._people[company] = self.pair.person(company, MAKER)
        return self._people[company]

    def keyfile(self, account: str, password: str, folder: Path) -> Path:
        """An account's key as an encrypted keyfile, cheap to open."""
        key = wallet_of(self.pair.wallets.index(account))
        file = folder / "keyfile.json"
        file.write_text(json.dumps(Account.encrypt(key.key, password, kdf="scrypt", iterations=2**12)), "utf-8")
        return file

    def provide(self, company: str) -> None:
        """Money for a financier, and leave for the desk to draw on it."""
        money = {"party": 0, "to": self.ids[company], "currency": "CNY", "amount": str(10**10)}
        done(self.pair.guarded.operator.http.post("/deposits", json=money, headers=WAIT))
        maker, checker = self.pair.signer(company, MAKER), self.pair.signer(company, CHECKER)
        leave = {"party": self.ids[company], "desk": "financing", "currency": "CNY"}
        approval = done(maker.http.post("/deposits/approvals", json=leave))["approval"]
        self.pair.ended(maker.http, self.pair.both(maker, checker, approval))

    def alone(self, company: str, kind: str) -> None:
        """From now on one person of the company is enough for acts of this kind."""
        admin, checker = self.pair.signer(company, ADMIN), self.pair.signer(company, CHECKER)
        threshold = {"kind": kind, "currency": "CNY", "amount": str(10**12)}
        body = {"party": self.ids[company], "thresholds": [threshold]}
        approval = done(admin.http.post("/approvals/thresholds", json=body))["id"]
        self.pair.both(admin, checker, approval)

    def settle(self, receivable: int) -> None:
        """The core enterprise pays a debt in full, by two of its people."""
        maker, checker = self._approvers
        party = self.ids["assembler"]
        leave = {"party": party, "desk": "repayment", "currency": "CNY"}
        for path, body in (
            ("/deposits/approvals", leave),
            ("/repayments", {"party": party, "receivables": [receivable]}),
        ):
            approval = done(maker.http.post(path, json=body))["approval"]
            (ended,) = self.pair.ended(maker.http, self.pair.both(maker, checker, approval))
            assert ended["status"] == "confirmed", ended

    # -- what a story begins with

    def prepared(self, amount: str = "5000.00", due_in: int = 60) -> str:
        """What the core enterprise is about to confirm to the first supplier: the approval that its people have to sign."""
        maker, _ = self._approvers
        body = self.pair.confirmation(maker.http, amount=amount, due_in=due_in)
        return str(done(maker.http.post("/receivables", json=body))["approval"])

    def offered(self, amount: str = "5000.00", due_in: int = 60) -> Json:
        """What the core enterprise confirmed to the first supplier, offered to it."""
        maker, checker = self._approvers
        before = self._offers("smith")
        approval = self.prepared(amount, due_in)
        self.pair.ended(maker.http, self.pair.both(maker, checker, approval))
        return self._new("smith", before)

    def held(self, amount: str = "5000.00", due_in: int = 60) -> Json:
        """The same, accepted."""
        note = self.offered(amount, due_in)
        self.do("smith", "/notes/accept", {"notes": [note["id"]]})
        return self.note("smith", note["id"])

    def passed_open(self, note: Json, by: str, to: str, amount: int, trade: str = TRADE) -> Json:
        """A part of a note, offered to another company."""
        before = self._offers(to)
        portion = {"to": self.ids[to], "amount": str(amount), "trade_hash": trade}
        self.do(by, "/notes/split", {"splits": [{"note": note["id"], "portions": [portion]}]})
        return self._new(to, before)

    def passed(self, note: Json, by: str, to: str, amount: int) -> Json:
        child = self.passed_open(note, by, to, amount)
        self.do(to, "/notes/accept", {"notes": [child["id"]]})
        return self.note(to, child["id"])

    def note(self, company: str, note: int) -> Json:
        return dict(done(self.person(company).http.get(f"/notes/{note}")))

    def operations(self, company: str, kind: str) -> list[Json]:
        found = done(self.person(company).http.get("/operations", params={"kind": kind, "limit": 500}))
        return list(found["items"])

    def _offers(self, to: str) -> list[Json]:
        where = {"holder": self.ids[to], "status": "offered", "limit": 500}
        return list(done(self.person(to).http.get("/notes", params=where))["items"])

    def _new(self, to: str, before: list[Json]) -> Json:
        """The offer that was not there before."""
        known = {note["id"] for note in before}
        offers = self.pair.town.until(
            lambda: [note for note in self._offers(to) if note["id"] not in known], lambda found: bool(found)
        )
        return offers[0]

    def do(self, company: str, path: str, body: Json) -> Any:
        answer = self.person(company).http.post(path, json={"party": self.ids[company], **body}, headers=WAIT)
        return done(answer)

    def days(self, note: Json) -> int:
        """From today until a note of the first supplier's is due."""
        debt = done(self.person("smith").http.get(f"/receivables/{note['receivable']}"))
        return (date.fromisoformat(debt["due_date"]) - self.pair.town.today()).days

    # -- the chain

    def mine(self, blocks: int = DEPTH) -> None:
        for _ in range(blocks):
            self.stack.rpc("evm_mine")

    # -- at the page

    def enter(self, page: Page, company: str) -> None:
        """Signs in as the company's maker, in either language."""
        enter(page, self.person(company))


def enter(page: Page, someone: Someone, code: str | None = None) -> None:
    """Signs in by password and one-time code, in either language."""
    page.locator("input[autocomplete=username]").fill(someone.email)
    page.locator("input[autocomplete=current-password]").fill(someone.password)
    page.locator("input[autocomplete=one-time-code]").fill(code or someone.fresh_code())
    page.locator("form button[type=submit]").first.click()


def yuan(minor: int) -> str:
    """As the page writes it, without the sign."""
    return f"{minor // 100:,}.{minor % 100:02d}"


@contextmanager
def trading(home: Path) -> Iterator[Trade]:
    with running(home, **SETTINGS, SCF_FINALITY_DEPTH=str(DEPTH)) as stack:
        operator = stack.signer.accounts()[0]
        stack.send(operator, Contract.AUTHORITY, "revokeRole", ROLES["POLICY"], operator)
        stack.send(operator, Contract.AUTHORITY, "grantRole", ROLES["POLICY"], operator, DELAY_S)
        yield Trade(Pair(Guarded(stack)))
