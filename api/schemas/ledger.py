"""What stands on the ledger, as answered: the domain's views with amounts as strings, days as dates, flags by name."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from api.schemas.base import Answer, Instant, IsoDate, Minor

T = TypeVar("T")

RoleName = Literal["core_enterprise", "supplier", "financier", "auditor", "registrar", "arbiter", "settlement_bank"]
ReceivableStatus = Literal["cancelled", "outstanding", "overdue", "settled"]
NoteStatus = Literal[
    "offered",
    "lapsable",
    "held",
    "spent",
    "refused",
    "withdrawn",
    "lapsed",
    "repaid",
    "reserved",
    "pledged",
    "frozen",
]
ReceivableFlag = Literal[
    "cancelled", "overdue", "registry_required", "long_tenor", "long_terms", "round_open", "round_unfinished"
]


class Source(Answer):
    """Where on the chain a fact comes from."""

    tx_hash: str
    block: int
    log_index: int
    time: Instant


class PartyName(Answer):
    id: int
    name_zh: str
    name_en: str


class Currency(Answer):
    id: int
    token: str
    code: str
    decimals: int


class Account(Answer):
    """`rights` are bits: 1 act, 2 quote, 4 administer, 8 receive cash."""

    address: str
    rights: int


class Line(Answer):
    """A debtor's credit line; `currency` is the token's address."""

    currency: str
    limit: Minor
    used: Minor


class Party(Answer):
    """Of another party than one's own the directory alone: what is not shown is null."""

    id: int
    credit_code_hash: str | None
    roles: list[RoleName]
    status: Literal["active", "suspended"]
    identity_expiry: IsoDate | None
    settlement_account: str | None
    quote_epoch: int | None
    overdue_count: int | None
    accounts: list[Account] | None
    lines: list[Line] | None
    source: Source | None
    name_zh: str
    name_en: str


class MayDraw(Answer):
    """Most that each desk may still draw from an account; 2^96-1 says that there is no limit to speak of."""

    financing: Minor
    repayment: Minor
    recourse: Minor


class Deposit(Answer):
    """Cash on a party's settlement account, and what desks may take of it, as the chain has it now."""

    currency: Currency
    account: str
    balance: Minor
    may_draw: MayDraw


class Backing(Answer):
    """What a receivable claimed of an invoice. `left` and `excess` are the invoice's: what may still be claimed, and by
    how much claims and credit notes together exceed its amount."""

    fingerprint: str
    amount: Minor
    claimed: Minor
    left: Minor
    excess: Minor


class Receivable(Answer):
    """A debt. Below its debtor and its first creditor: who owes, when, on which terms; what is not shown is null."""

    id: int
    debtor: PartyName
    creditor: PartyName | None
    root: int
    face_value: Minor | None
    outstanding: Minor | None
    repaid: Minor | None
    extinguished: Minor | None
    cancelled: Minor | None
    currency: Currency
    delivery_date: IsoDate | None
    due_date: IsoDate | None
    confirmed_date: IsoDate | None
    tier_limit: int
    grace_days: int
    overdue_rate_bps: int
    min_child_value: Annotated[
        Minor, Field(description="Least that a note passed on may come to, and least that may be left of it, unless 0.")
    ]
    flags: list[ReceivableFlag]
    status: ReceivableStatus
    evidence_hash: str | None
    invoices: list[Backing] | None
    notes: int | None
    deepest_tier: int | None
    source: Source


class QuoteName(Answer):
    """What a quote is called on the chain. `GET /quotes` tells its terms to those who may know them."""

    financier: PartyName
    nonce: str


class CashLeg(Answer):
    """Cash for a note sold (`finance`) or repaid (`repayment`): deposit tokens between accounts, or, where a settlement
    `bank` attested it under its `payment_reference`, a payment in its books."""

    kind: str
    note: int
    child: int | None
    payer: PartyName
    payee: PartyName
    payer_account: str | None
    payee_account: str | None
    token: str
    amount: Minor
    principal: Minor
    interest: Minor
    discount: Minor
    rate_bps: int | None
    registry_reference: str | None
    source: Source
    bank: PartyName | None
    payment_reference: str | None
    quote: Annotated[
        QuoteName | None,
        Field(
            description="Under which it was paid: of a sale, a loan, what is paid back of one, and recourse for a sale. Other "
            "repayments are paid under none."
        ),
    ]


class Note(Answer):
    """A note. Whoever does not hold it is shown what its relation to it shows (docs/permissions.md); the rest is null.
    `cash` has the movements that the asker paid or was paid; of an own note all."""

    id: int
    parent: int | None
    receivable: int
    root: int
    holder: PartyName | None
    tier: int
    face: Minor | None
    value: Minor | None
    status: NoteStatus | None
    origin: Literal["confirmation", "split", "sale", "order", "recourse"]
    financed: bool | None
    lapse_date: IsoDate | None
    trade_hash: str | None
    source: Source
    accepted: Source | None
    closed: Source | None
    cash: list[CashLeg]


class Trace(Answer):
    """A note's story: `path` leads from the root to it, `nodes` are the path and everything below the note; both less what
    the asker does not see."""

    note: int
    receivable: Receivable
    path: list[int]
    nodes: list[Note]


class FlowTotal(Answer):
    kind: str
    payer: PartyName
    payee: PartyName
    amount: Minor
    legs: int


class FundFlow(Answer):
    """Every cash leg of a receivable that the asker sees, oldest first, and the sums of these between parties."""

    receivable: Receivable
    legs: list[CashLeg]
    totals: list[FlowTotal]


class Claim(Answer):
    """Who took a part of a debt by sale or pledge and has it still, and its `place` among all that did (民法典 第768条); null
    where that is not known. `equals` others have the same place and share in proportion. `acquired` is the sale or the
    pledge; `registration` and `notice` are the events that give the place. What is not shown to the asker is null."""

    note: int
    kind: Literal["assignment", "pledge"]
    assignee: PartyName | None
    value: Minor | None
    registry_reference: str | None
    registered_at: Instant | None
    recorded_at: Instant | None
    debtor_notified_at: Instant | None
    acquired: Source
    registration: Source | None
    notice: Source | None
    place: int | None
    equals: int
    basis: Literal["registration", "notice", "proportion", "unknown"]
    reason: str
    reason_zh: str


class Page(Answer, Generic[T]):
    """`next` is the cursor of the next page; null at the end."""

    items: list[T]
    next: str | None


class SearchHit(Answer):
    kind: Literal["note", "receivable", "party"]
    id: int
    label_zh: str
    label_en: str


class SearchResults(Answer):
    results: list[SearchHit]


class Index(Answer):
    """How far the read model is; `stale` when it lags, or when the chain cannot be reached to tell."""

    chain_id: int
    block: int
    block_hash: str
    block_time: Instant
    head: int
    lag: int
    reorgs: int
    stale: bool


class Sums(Answer):
    currency: Currency
    financed: Minor = Field(description="Face value sold.")
    cash_paid: Minor = Field(description="Cash that sellers got for it.")
    repaid: Minor
    outstanding: Minor


class Totals(Answer):
    receivables: int
    notes: int
    max_tier: int
    refused: int
    sums: list[Sums] = Field(description="One for each currency that something is or was owed in.")


class Status(Answer):
    index: Index
    demo: bool = Field(description="Test money and demo keys.")
    today: IsoDate
    featured_note: int | None = Field(description="The note to open on.")
    totals: Totals | None = Field(description="Null for a party: they are the whole ledger's.")
    currencies: list[Currency]


class Health(Answer):
    status: Literal["ok"]
