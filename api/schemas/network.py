"""The rules of the network, announced changes of them, and freezes, as asked for and answered."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue

from api.domain.access import Seen
from api.domain.administration import Change, ChangeStatus, Policy
from api.domain.calendar import instant
from api.domain.typed_data import as_text
from api.domain.views import ReassignmentView
from api.schemas import wire
from api.schemas.acts import Operator
from api.schemas.base import BATCH, LARGEST_ID, Amount, Answer, Body, Hash, Instant, Minor, NoteId, PartyId
from api.schemas.ledger import Currency, PartyName

_TERMS: dict[str, JsonValue] = {
    "default_tenor_days": 183,
    "hard_tenor_days": 365,
    "terms_days": 60,
    "tier_limit": 4,
    "grace_days": 5,
    "overdue_rate_bps": 500,
    "offer_lifetime_days": 30,
    "min_child_value": "100",
    "registry_reference_required": True,
}
_ORDER = "0x" + "7e" * 32
Days = Annotated[int, Field(ge=0, le=2**16 - 1, strict=True)]
Byte = Annotated[int, Field(ge=0, le=255, strict=True)]


class PolicyBody(Body):
    """The whole policy: what debts are confirmed under from then on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"party": 0, **_TERMS}]})

    party: Operator = 0
    default_tenor_days: Annotated[Days, Field(description="Above it a tenor is flagged.")]
    hard_tenor_days: Annotated[Days, Field(description="Above it a tenor is refused.")]
    terms_days: Annotated[Days, Field(description="Above it, from delivery, payment terms are flagged.")]
    tier_limit: Annotated[Byte, Field(description="The deepest tier.")]
    grace_days: Annotated[Byte, Field(description="Days after the due day before overdue may be declared.")]
    overdue_rate_bps: Annotated[Days, Field(description="Annual rate on late principal, basis points.")]
    offer_lifetime_days: Annotated[Days, Field(description="How long an offer stays open.")]
    min_child_value: Annotated[Amount, Field(le=2**64 - 1, description="Least part, and least rest, minor units.")]
    registry_reference_required: Annotated[
        bool, Field(strict=True, description="Financing needs the registry's reference.")
    ]

    @property
    def policy(self) -> Policy:
        return Policy(**self.model_dump(exclude={"party"}))


class PauseBody(Body):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"party": 0, "paused": True}]})

    party: Operator = 0
    paused: Annotated[bool, Field(strict=True, description="Stops new issues, splits and sales; or lets them go on.")]


class ChangeBody(Body):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"party": 0}]})

    party: Operator = 0


class OrderBody(Body):
    """What an arbiter's order says of notes."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"party": 4, "notes": [7, 8], "order_hash": _ORDER}]}
    )

    party: Annotated[PartyId, Field(description="The arbiter.")]
    notes: Annotated[list[NoteId], Field(min_length=1, max_length=BATCH)]
    order_hash: Annotated[Hash, Field(description="Hash of the order; not zero.")]


class ReassignBody(Body):
    """What an arbiter's order gives to a party."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"party": 4, "note": 7, "to": 5, "amount": "4000000", "order_hash": _ORDER}]},
    )

    party: Annotated[PartyId, Field(description="The arbiter.")]
    note: NoteId
    to: Annotated[PartyId, Field(description="The receiver; the note's debtor: the value is extinguished.")]
    amount: Amount
    order_hash: Annotated[Hash, Field(description="Hash of the order; not zero.")]


ReassignmentId = Annotated[int, Field(ge=1, le=LARGEST_ID, strict=True, description="A reassignment.", examples=[2])]


class ExecuteBody(Body):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"party": 4, "reassignment": 2}]})

    party: PartyId
    reassignment: ReassignmentId


class CancelBody(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"party": 4, "reassignment": 2, "order_hash": _ORDER}]}
    )

    party: Annotated[PartyId, Field(description="The arbiter.")]
    reassignment: ReassignmentId
    order_hash: Annotated[Hash, Field(description="Hash of the order that strikes it; not zero.")]


class Terms(Answer):
    """A policy: days, basis points, minor units."""

    default_tenor_days: int
    hard_tenor_days: int
    terms_days: int
    tier_limit: int
    grace_days: int
    overdue_rate_bps: int
    offer_lifetime_days: int
    min_child_value: Minor
    registry_reference_required: bool


class Rules(Answer):
    """What holds now. `number` counts the policies; a debt keeps the one that it was confirmed under."""

    number: int
    policy: Terms
    paused: bool


class AnnouncedChange(Answer):
    """An act of the operator's that waits, so that everybody sees it coming. `policy` where it sets one; `arguments` are
    null for those who neither run nor audit the network."""

    id: str
    contract: str | None
    function: str | None
    policy: Terms | None
    arguments: list[Any] | None
    ready_at: Instant
    status: ChangeStatus


class Changes(Answer):
    items: list[AnnouncedChange]


class Freeze(Answer):
    """A freeze that stands: the note and its open offers neither move nor collect."""

    note: int
    arbiter: PartyName
    order_hash: str


class Reassignment(Answer):
    """Value of a frozen note that an order gives away, once its delay is over. `to`, `amount` and `currency` are null for the
    operator. It falls with the freeze."""

    id: int
    note: int
    to: PartyName | None
    amount: Minor | None
    currency: Currency | None
    arbiter: PartyName
    order_hash: str
    ready_at: Instant
    status: ChangeStatus


def terms(policy: Policy) -> dict[str, Any]:
    return {**asdict(policy), "min_child_value": str(policy.min_child_value)}


def change(one: Change, time: int, *, whole: bool) -> dict[str, Any]:
    call = one.call
    sets_policy = call is not None and call.function == "setPolicy"
    return {
        "id": one.id,
        "contract": None if call is None else call.contract.value,
        "function": None if call is None else call.function,
        "policy": terms(Policy.of(call.args[0])) if call is not None and sets_policy else None,
        "arguments": as_text(list(call.args)) if call is not None and whole else None,
        "ready_at": instant(one.ready_at),
        "status": one.status_at(time),
    }


def reassignment(seen: Seen[ReassignmentView], time: int) -> dict[str, Any]:
    view = seen.view
    whole = {
        "id": view.id,
        "note": view.note,
        "to": wire.party_name(view.to),
        "amount": str(view.amount),
        "currency": wire.currency(view.currency),
        "arbiter": wire.party_name(view.arbiter),
        "order_hash": view.order_hash,
        "ready_at": instant(view.ready_at),
        "status": ChangeStatus.READY if time >= view.ready_at else ChangeStatus.WAITING,
    }
    return {name: value if seen.shown is None or name in seen.shown else None for name, value in whole.items()}


def freeze(view: Any) -> dict[str, Any]:
    return {"note": view.id, "arbiter": wire.party_name(view.arbiter), "order_hash": view.order_hash}
