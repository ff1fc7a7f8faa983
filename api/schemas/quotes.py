"""Quotes as answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.base import Answer, Instant, Minor
from api.schemas.ledger import PartyName


class Quote(Answer):
    """A financier's offer; its signature stays inside."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                    "note": 7,
                    "seller": {"id": 5, "name_zh": "澄川制动科技有限公司", "name_en": "Chengchuan Brake Technology"},
                    "financier": {"id": 9, "name_zh": "演示银行", "name_en": "Demo Bank"},
                    "max_amount": "4000000",
                    "rate_bps": 365,
                    "recourse": False,
                    "registry_reference": "0x6f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
                    "valid_until": "2025-07-02T02:00:00Z",
                    "nonce": "81985529216486895",
                    "withdrawn": False,
                }
            ]
        },
    )

    id: str
    note: int
    seller: PartyName
    financier: PartyName
    max_amount: Minor
    rate_bps: int
    recourse: bool
    registry_reference: str
    valid_until: Instant
    nonce: Annotated[
        str, Field(description="With the financier what the quote is called on the chain, as cash names it.")
    ]
    withdrawn: bool


class RankedQuote(Quote):
    """A live quote, and the cash it gives today for `amount` of face value."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={})

    amount: Minor
    cash: Minor


class Quotes(Answer):
    quotes: list[Quote]


class AskedFor(Answer):
    """A request for quotes that stands. Financier null: every one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "note": 7,
                    "seller": {"id": 5, "name_zh": "澄川制动科技有限公司", "name_en": "Chengchuan Brake Technology"},
                    "financier": {"id": 9, "name_zh": "演示银行", "name_en": "Demo Bank"},
                    "created_at": "2025-07-01T02:00:00Z",
                }
            ]
        },
    )

    note: int
    seller: PartyName
    financier: PartyName | None
    created_at: Instant


class QuoteRequest(Answer):
    """Who is asked to quote for a note; nobody named: every financier."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": 7, "financiers": [9]}]})

    note: int
    financiers: list[int]
