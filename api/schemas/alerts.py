"""Alerts of the watch as answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.domain.calendar import instant
from api.domain.watch import Severity
from api.schemas import wire
from api.schemas.base import Answer, Body, Instant
from api.schemas.ledger import PartyName
from api.services.watch import ToldAlert

RuleName = Literal[
    "circular_transfer",
    "wash_splitting",
    "near_duplicate",
    "edited_number",
    "same_file",
    "concentration",
    "velocity",
    "long_tenor",
    "long_terms",
    "high_rate",
    "overdue_chain",
]


class Acknowledgement(Answer):
    """Who has seen it, and when. `person` is null where nobody signs in, and for programs."""

    party: int
    person: str | None
    at: Instant
    remark: str


class Alert(Answer):
    """Something to look at: `trace` leads to its story. It says "look here", not that anything is wrong. `facts` are what the
    rule found, amounts as strings of minor units."""

    id: int
    rule: RuleName
    severity: Severity
    title: str
    title_zh: str
    why: str
    why_zh: str
    block: int
    time: Instant
    parties: list[PartyName]
    note: int | None
    receivable: int | None
    trace: str | None
    facts: dict[str, Any]
    acknowledged: Acknowledgement | None


class AcknowledgeBody(Body):
    """What there is to say of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"remark": "Two instalments of one contract; seen 2025-07-02."}]}
    )

    remark: Annotated[str, Field(max_length=500)] = ""


def alert(told: ToldAlert) -> dict[str, Any]:
    """An alert as JSON."""
    kept, found = told.kept, told.kept.alert
    seen = kept.acknowledged
    return {
        "id": kept.id,
        "rule": found.rule,
        "severity": kept.severity.value,
        "title": told.title[1],
        "title_zh": told.title[0],
        "why": told.why[1],
        "why_zh": told.why[0],
        "block": found.block,
        "time": instant(found.time),
        "parties": [wire.party_name(party) for party in told.parties],
        "note": found.note,
        "receivable": found.receivable,
        "trace": _trace(found.note, found.receivable),
        "facts": {name: str(value) if name in ("amount", "usual") else value for name, value in found.facts.items()},
        "acknowledged": None
        if seen is None
        else {"party": seen.party, "person": seen.person, "at": instant(seen.at), "remark": seen.remark},
    }


def _trace(note: int | None, receivable: int | None) -> str | None:
    if note is not None:
        return f"/notes/{note}/trace"
    return None if receivable is None else f"/receivables/{receivable}/fund-flow"
