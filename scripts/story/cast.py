"""Who plays: the parties of the shipped sample, or those a real ledger names together with assumed deeper tiers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.domain.invoices import InvoiceItem
from api.domain.party_identity import credit_code_check

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGISTRAR, AUDITOR, CORE = "registrar", "auditor", "core"


@dataclass(frozen=True, slots=True)
class Role:
    """One party of the cast. `id` is its name in the story, `role` as in the API."""

    id: str
    role: str
    name_zh: str
    name_en: str
    credit_code: str
    identities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supply:
    """`to` supplies `source`: the part (basis points) of each accepted note that is passed on, under which contract."""

    source: str
    to: str
    share_bps: int
    contract: str


@dataclass(frozen=True, slots=True)
class Financier:
    """A financier's manner of quoting: annual rate, and the amounts between which it quotes (minor units)."""

    id: str
    rate_bps: int
    min_amount: int
    max_amount: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, and how much the core enterprise may owe (minor units)."""

    roles: Sequence[Role]
    financiers: Sequence[Financier]
    credit_limit: int
    assumptions: Sequence[tuple[str, str]] = ()
    """Sentences (zh, en) on what is assumed and not in the input."""

    def role(self, role_id: str) -> Role:
        return next(r for r in self.roles if r.id == role_id)


def invented_credit_code(seed: str) -> str:
    """A well-formed unified social credit code in a region that does not exist (990000)."""
    digest = hashlib.sha256(seed.encode()).digest()
    body = "91990000" + "".join(_CODE_ALPHABET[b % len(_CODE_ALPHABET)] for b in digest[:9])
    return body + credit_code_check(body)


def _network_roles() -> list[Role]:
    return [
        Role(REGISTRAR, "registrar", "登记服务机构（演示）", "Demo registrar", invented_credit_code("registrar")),
        Role(AUDITOR, "auditor", "审计机构（演示）", "Demo auditor", invented_credit_code("auditor")),
    ]


def sample_cast(story: Mapping[str, Any]) -> Cast:
    """The parties of scripts/samples/story.json."""
    roles = [
        Role(p["id"], p["role"], p["name_zh"], p["name_en"], p["credit_code"], tuple(p["identities"]))
        for p in story["parties"]
    ]
    financiers = [
        Financier(f["party"], f["annual_rate_bps"], int(f["min_amount"]), int(f["max_amount"]))
        for f in story["financiers"]
    ]
    return Cast([*roles, *_network_roles()], financiers, int(story["credit_line"]["limit"]))


def load_story(path: Path) -> Mapping[str, Any]:
    """The story file."""
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


DEEPER_SUPPLIERS = 40
"""Assumed suppliers on each of tiers 2, 3 and 4 for a real ledger, which names tier 1 alone."""


def ledger_cast(items: Sequence[InvoiceItem]) -> Cast:
    """Tier 1 is who the ledger names; the core enterprise, deeper tiers, financiers and all codes are assumed."""
    vendors = {item.seller.key: item.seller for item in items}
    roles = [Role(CORE, "core_enterprise", "台账所有人", "Owner of the ledger", invented_credit_code("core"))]
    for number, (key, seller) in enumerate(vendors.items(), 1):
        roles.append(Role(f"v{number}", "supplier", seller.name, seller.name, invented_credit_code(key), (key,)))
    for tier in (2, 3, 4):
        for n in range(DEEPER_SUPPLIERS):
            zh, en = f"假定{tier}级供应商{n + 1:02d}", f"Assumed tier-{tier} supplier {n + 1:02d}"
            roles.append(Role(f"d{tier}.{n}", "supplier", zh, en, invented_credit_code(en)))
    financiers = [
        Financier("f1", 365, 5_000_00, 2**62),
        Financier("f2", 420, 500_00, 2**62),
        Financier("f3", 455, 1, 2**62),
    ]
    for n, financier in enumerate(financiers, 1):
        zh, en = f"假定资金方{n}", f"Assumed financier {n}"
        roles.append(Role(financier.id, "financier", zh, en, invented_credit_code(en)))
    limit = sum(item.payable for item in items)
    assumed = (
        (
            "2至4级供应商、资金方、信用代码、到期日均为假定，台账中并无记载",
            "tiers 2 to 4, financiers, credit codes and due dates are assumed: the ledger has none",
        ),
        ("全部日期按同一天数平移", "all dates are moved by one number of days"),
    )
    return Cast([*roles, *_network_roles()], financiers, limit, assumed)
