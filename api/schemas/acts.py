"""Requests of acts. Each names the acting party; the network operator is party 0."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import (
    BATCH,
    Address,
    Amount,
    Body,
    CurrencyCode,
    Day,
    Hash,
    ItemId,
    Moment,
    NoteId,
    PartyId,
    ReceivableId,
    WideAmount,
)
from api.schemas.ledger import RoleName

_REFERENCE = "0x6f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
_ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Operator = Annotated[Literal[0], Field(description="The network operator.")]
AnyParty = Annotated[
    int, Field(ge=0, le=2**32 - 1, strict=True, description="The acting party; 0 is the network operator.")
]


def _example(**fields: JsonValue) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [fields]})


class AdmissionBody(Body):
    """A party to admit."""

    name_zh: Text = ""
    name_en: Text = ""
    credit_code: Annotated[str, Field(max_length=32, description="Unified social credit code.")]
    roles: Annotated[list[RoleName], Field(max_length=7)]
    identity_expiry: Day
    settlement_account: Address
    administrator: Address
    identities: Annotated[
        list[Annotated[str, Field(max_length=300, examples=["vat:NL820098395B01"])]],
        Field(max_length=50, description="Under which invoices name the party: vat:…, id:SCHEME:… or name:…"),
    ] = Field(default_factory=list)
    evidence_hash: Annotated[
        Hash, Field(description="Hash of the evidence of the administrator's authority, kept off the chain; not zero.")
    ]


class AdmitBody(Body):
    model_config = _example(
        party=0,
        parties=[
            {
                "name_zh": "江澜座椅系统有限公司",
                "name_en": "Jianglan Seating Systems Co., Ltd.",
                "credit_code": "91990000MAHGY5HW1P",
                "roles": ["supplier"],
                "identity_expiry": "2027-06-30",
                "settlement_account": _ACCOUNT,
                "administrator": _ACCOUNT,
                "identities": ["name:江澜座椅系统有限公司"],
                "evidence_hash": "0x" + "5e" * 32,
            }
        ],
    )

    party: Operator = 0
    parties: Annotated[list[AdmissionBody], Field(min_length=1, max_length=BATCH)]


class SuspendBody(Body):
    model_config = _example(party=0, reason_hash=_REFERENCE)

    party: Operator = 0
    reason_hash: Annotated[Hash, Field(description="Hash of the reason kept off chain.")]


class ReinstateBody(Body):
    model_config = _example(party=0)

    party: Operator = 0


class CreditLineBody(Body):
    model_config = _example(party=0, currency="CNY", limit="5000000000")

    party: Operator = 0
    currency: CurrencyCode
    limit: Amount


class PartBody(Body):
    """A part of an imported invoice; the rest stays for other debts."""

    item: ItemId
    amount: Amount


class ConfirmBody(Body):
    model_config = _example(party=1, items=[11, 12], parts=[{"item": 13, "amount": "4000000"}], skip_refused=True)

    party: PartyId
    items: Annotated[list[ItemId], Field(max_length=5000, description="Imported items, confirmed whole.")] = Field(
        default_factory=list
    )
    parts: Annotated[
        list[PartBody], Field(max_length=5000, description="Imported items that are confirmed in part, each once.")
    ] = Field(default_factory=list)
    skip_refused: Annotated[
        bool,
        Field(strict=True, description="Leave out what cannot be confirmed, and say why, instead of refusing all."),
    ] = False

    @model_validator(mode="after")
    def _each_once(self) -> ConfirmBody:
        named = [*self.items, *(part.item for part in self.parts)]
        if self.parts and len(set(named)) != len(named):
            raise PydanticCustomError("item_twice", "an item that is confirmed in part must be named once")
        return self


class PartyBody(Body):
    """An act that needs no more than who does it."""

    model_config = _example(party=3)

    party: AnyParty


class NotesBody(Body):
    model_config = _example(party=3, notes=[7, 8])

    party: PartyId
    notes: Annotated[list[NoteId], Field(min_length=1, max_length=BATCH)]


class LapseBody(Body):
    model_config = _example(party=0, notes=[7, 8])

    party: AnyParty
    notes: Annotated[list[NoteId], Field(min_length=1, max_length=BATCH)]


class PortionBody(Body):
    to: Annotated[PartyId, Field(description="The receiver, an active supplier.")]
    amount: Amount
    trade_hash: Annotated[Hash, Field(description="Hash of the invoice or contract under the transfer.")]


class SplitOne(Body):
    note: NoteId
    portions: Annotated[list[PortionBody], Field(max_length=BATCH)]


class SplitBody(Body):
    model_config = _example(
        party=3,
        splits=[{"note": 7, "portions": [{"to": 5, "amount": "4000000", "trade_hash": _REFERENCE}]}],
    )

    party: PartyId
    splits: Annotated[list[SplitOne], Field(max_length=BATCH)]


class ConsentBody(Body):
    model_config = _example(
        party=5, offeror=3, currency="CNY", amount="10000000", latest_due_date="2026-06-30", expiry_date="2025-12-31"
    )

    party: PartyId
    offeror: Annotated[PartyId, Field(description="Whose offers are accepted at once.")]
    currency: CurrencyCode
    amount: Annotated[Amount, Field(description="What may be accepted in all, minor units; 0 revokes.")]
    latest_due_date: Day
    expiry_date: Day


class BidBody(Body):
    note: NoteId
    rate_bps: Annotated[int, Field(ge=0, le=100_000, strict=True, description="Annual rate, basis points, ACT/360.")]
    max_amount: Annotated[Amount, Field(description="Most face value that is bought, minor units.")]
    registry_reference: Annotated[
        Hash, Field(description="SHA-256 of the movable-property registry's number of this assignment.")
    ] = "0x" + "00" * 32
    valid_for_s: Annotated[
        int, Field(ge=1, le=31_536_000, strict=True, description="Seconds, by the chain's clock.")
    ] = 86_400
    recourse: Annotated[bool, Field(strict=True)] = False


class QuoteRequestBody(Body):
    model_config = _example(party=5, note=7, financiers=[9])

    party: PartyId
    note: NoteId
    financiers: Annotated[
        list[PartyId], Field(max_length=BATCH, description="Who is asked; left out: every financier.")
    ] = Field(default_factory=list)


class RegistrationBody(Body):
    note: Annotated[NoteId, Field(description="The buyer's note.")]
    registry_reference: Annotated[
        Hash, Field(description="SHA-256 of the registry's number of this assignment: the quote's, unless it had none.")
    ]
    registered_at: Annotated[Moment, Field(description="When the registry registered it.")]
    replaces: Annotated[
        Moment | None, Field(description="The time on record that this corrects; left out: there is none yet.")
    ] = None


class RegistrationsBody(Body):
    model_config = _example(
        party=4,
        registrations=[{"note": 12, "registry_reference": _REFERENCE, "registered_at": "2025-07-01T02:00:00Z"}],
    )

    party: Annotated[PartyId, Field(description="The registrar.")]
    registrations: Annotated[list[RegistrationBody], Field(min_length=1, max_length=BATCH)]


class QuotesBody(Body):
    model_config = _example(
        party=9, bids=[{"note": 7, "rate_bps": 365, "max_amount": "4000000", "registry_reference": _REFERENCE}]
    )

    party: PartyId
    bids: Annotated[list[BidBody], Field(min_length=1, max_length=BATCH)]


class DealBody(Body):
    quote: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="The quote's id.")]
    amount: Annotated[Amount, Field(description="Face value to sell, minor units.")]
    min_price: Annotated[Amount, Field(description="Least cash for it, minor units.")]


class FinanceBody(Body):
    model_config = _example(
        party=5,
        deals=[{"quote": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "amount": "4000000", "min_price": "3948000"}],
    )

    party: PartyId
    deals: Annotated[list[DealBody], Field(max_length=BATCH)]


class RepayBody(Body):
    """Exactly one of `notes`, `receivables` and `due_until` says what is paid."""

    model_config = _example(party=1, receivables=[2], max_total="12500000")

    party: PartyId
    notes: Annotated[list[NoteId], Field(min_length=1, max_length=5000)] | None = None
    receivables: Annotated[list[ReceivableId], Field(min_length=1, max_length=BATCH)] | None = None
    due_until: (
        Annotated[Day, Field(description="Everything of the party's that is due on or before this day.")] | None
    ) = None
    max_total: Annotated[WideAmount, Field(description="Most that is paid in all, minor units.")] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> RepayBody:
        if sum(way is not None for way in (self.notes, self.receivables, self.due_until)) != 1:
            raise PydanticCustomError("one_of", "exactly one of notes, receivables and due_until must be given")
        return self


class DepositBody(Body):
    """Test money, on local chains alone."""

    model_config = _example(party=0, to=1, currency="CNY", amount="5000000000")

    party: Operator = 0
    to: Annotated[PartyId, Field(description="Whose settlement account is credited.")]
    currency: CurrencyCode
    amount: Amount


class ApprovalBody(Body):
    model_config = _example(party=9, desk="financing", currency="CNY", amount="5000000000")

    party: PartyId
    desk: Annotated[Literal["financing", "repayment", "recourse"], Field(description="The contract that may draw.")]
    currency: CurrencyCode
    amount: (
        Annotated[WideAmount, Field(description="Most that may be drawn, minor units; left out: no limit.")] | None
    ) = None
