"""The small world that every round begins with: each client has its own debtor, two suppliers and a financier, money,
and invoices to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx

from tests.api.http.town import credit_code
from tests.faults.network import Network

CLIENTS = 8
ROLES = {"core": "core_enterprise", "tier1": "supplier", "tier2": "supplier", "bank": "financier"}
INVOICES = 40
"""Of each client; no two in the world have the same amount."""
MONEY = 10**12
_WAIT = {"Prefer": "wait=60"}


@dataclass(frozen=True)
class Firm:
    """What one client acts for: party ids and settlement accounts by role, items to confirm as (id, amount)."""

    parties: dict[str, int]
    accounts: dict[str, str]
    items: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class World:
    firms: tuple[Firm, ...]
    minted: int
    """Money that was there before the first round."""
    registrar: int


async def found(network: Network) -> World:
    """Makes the world over HTTP."""
    accounts = iter(network.signer.accounts()[1:])
    async with httpx.AsyncClient(base_url=network.url, timeout=90) as http:
        today = date.fromisoformat((await _get(http, "/status"))["today"])
        admissions: list[dict[str, Any]] = []
        for client in range(CLIENTS):
            for name, role in ROLES.items():
                roles = [role, "registrar"] if (client, name) == (0, "bank") else [role]
                admissions.append(_admission(f"{name}{client}", roles, next(accounts), today))
        answer = await _post(http, "/parties", {"party": 0, "parties": admissions})
        ids = [p["party"] for p in answer["parties"]]
        firms: list[Firm] = []
        for client in range(CLIENTS):
            first = client * len(ROLES)
            parties = dict(zip(ROLES, ids[first : first + len(ROLES)], strict=True))
            own = {n: a["settlement_account"] for n, a in zip(ROLES, admissions[first:], strict=False)}
            firms.append(Firm(parties, own, await _prepare(http, client, parties, today)))
        return World(tuple(firms), CLIENTS * MONEY, ids[len(ROLES) - 1])


def _admission(name: str, roles: list[str], account: str, today: date) -> dict[str, Any]:
    return {
        "name_zh": f"{name}有限公司",
        "name_en": f"{name} Ltd",
        "credit_code": credit_code(name),
        "roles": roles,
        "identity_expiry": (today + timedelta(days=5000)).isoformat(),
        "settlement_account": account,
        "administrator": account,
        "identities": [f"name:{name}"],
        "evidence_hash": "0x" + "5e" * 32,
    }


async def _prepare(
    http: httpx.AsyncClient, client: int, parties: dict[str, int], today: date
) -> tuple[tuple[int, int], ...]:
    """Money, a line, leave to draw, and a ledger of invoices."""
    money = {"party": 0, "to": parties["bank"], "currency": "CNY", "amount": str(MONEY)}
    await _post(http, "/deposits", money)
    await _post(http, "/deposits/approvals", {"party": parties["bank"], "desk": "financing", "currency": "CNY"})
    line = {"party": 0, "currency": "CNY", "limit": str(MONEY)}
    answer = await http.put(f"/parties/{parties['core']}/credit-lines", json=line, headers=_WAIT)
    assert answer.status_code == 200, answer.text
    issued, due = today - timedelta(days=10), today + timedelta(days=90)
    amounts = [2_000_000 + client * 10_000 + n for n in range(INVOICES)]
    rows = [f"F{client}-{n},tier1{client},{a // 100}.{a % 100:02d},{issued},{due},CNY" for n, a in enumerate(amounts)]
    text = "\n".join(["doc_no,vendor,amount,issue_date,due_date,currency", *rows]) + "\n"
    sent = {"file": ("ledger.csv", text.encode(), "text/csv")}
    taken = await http.post("/imports", data={"party": parties["core"]}, files=sent)
    assert taken.status_code == 200, taken.text
    items = [int(item["id"]) for item in taken.json()["imported"]]
    assert len(items) == INVOICES
    return tuple(zip(items, amounts, strict=True))


async def _post(http: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await http.post(path, json=body, headers=_WAIT)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


async def _get(http: httpx.AsyncClient, path: str) -> dict[str, Any]:
    return dict((await http.get(path)).json())
