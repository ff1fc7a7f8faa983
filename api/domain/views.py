"""What readers of the ledger see: rows of the read model, joined and named.

Amounts are integers of minor units, days are business-day numbers (see calendar), times are Unix seconds of the block.
The API writes amounts as strings, days as ISO dates and times as ISO instants; nothing else changes on the way out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """Where on the chain a fact comes from."""

    tx_hash: str
    block: int
    log_index: int
    time: int


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party as a person reads it. Names live off chain; without one, `name_zh` and `name_en` are empty."""

    id: int
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class CurrencyView:
    id: int
    token: str
    code: str
    decimals: int


@dataclass(frozen=True, slots=True)
class AccountView:
    address: str
    rights: int


@dataclass(frozen=True, slots=True)
class LineView:
    """A debtor's credit line in one currency (token address)."""

    currency: str
    limit: int
    used: int


@dataclass(frozen=True, slots=True)
class PartyView:
    id: int
    credit_code_hash: str
    roles: int
    status: str  # active | suspended
    identity_expiry: int
    settlement_account: str
    quote_epoch: int
    overdue_count: int
    accounts: tuple[AccountView, ...]
    lines: tuple[LineView, ...]
    source: Source
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """What is used of an invoice. `amount` is 0 while it was only credited; `receivables` claim a part of it now."""

    fingerprint: str
    amount: int
    claimed: int
    credited: int
    receivables: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BackingView:
    """What a receivable claimed of an invoice when it was confirmed. `left` and `excess` are the invoice's as it stands:
    what may still be claimed, and by how much claims and credit notes together exceed its amount."""

    fingerprint: str
    amount: int
    claimed: int
    left: int
    excess: int


@dataclass(frozen=True, slots=True)
class ReceivableView:
    id: int
    debtor: PartyName
    creditor: PartyName
    root: int
    face_value: int
    outstanding: int
    repaid: int
    extinguished: int
    cancelled: int
    currency: CurrencyView
    delivery_day: int
    due_day: int
    confirmed_day: int
    tier_limit: int
    grace_days: int
    overdue_rate_bps: int
    min_child_value: int
    flags: int
    status: str  # cancelled | outstanding | overdue | settled
    evidence_hash: str
    backing: tuple[BackingView, ...]
    notes: int
    deepest_tier: int
    source: Source
    round: int = 0  # pro rata rounds begun


@dataclass(frozen=True, slots=True)
class CashLeg:
    """One movement of cash for a note: of deposit tokens, or in the books of a settlement bank, which attested it. `note` is
    the note sold or repaid, `child` the buyer's note of a sale."""

    kind: str  # finance | repayment
    note: int
    child: int | None
    payer: PartyName
    payee: PartyName
    payer_account: str | None  # None: in a bank's books, as the next
    payee_account: str | None
    token: str
    amount: int  # cash moved
    principal: int  # face value it moved for
    interest: int  # overdue interest in a repayment, else 0
    discount: int  # principal less amount in a sale, else 0
    rate_bps: int | None
    registry_reference: str | None
    source: Source
    bank: PartyName | None = None
    payment_reference: str | None = None
    quote_nonce: int | None = (
        None  # of the quote under which it was paid; None: under none, as what a note's holder is repaid
    )

    @property
    def quoted_by(self) -> PartyName:
        """Who made that quote."""
        return self.payer if self.kind in ("finance", "loan") else self.payee


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note, its story, and the cash that moved for it. `face` is the value it was created with, `value` what is left."""

    id: int
    parent: int | None
    receivable: int
    root: int
    holder: PartyName
    tier: int
    face: int
    value: int
    status: (
        str  # offered | lapsable | held | spent | refused | withdrawn | lapsed | repaid | reserved | pledged | frozen
    )
    origin: str  # confirmation | split | sale | order | recourse
    financed: bool
    lapse_day: int
    trade_hash: str | None
    source: Source
    accepted: Source | None
    closed: Source | None
    cash: tuple[CashLeg, ...] = ()
    flags: int = 0
    round: int = 0  # the last pro rata round in which it had its share
    pledged: int = 0
    tender_day: int = 0  # no interest from this day on; 0: not tendered


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Who took a part of a debt by a sale or a pledge and still has it, and what stands of it in the assignment register.
    Times are Unix seconds; 0 is never. `acquired` is the sale or the pledge, `registration` and `notice` the events
    that say so."""

    note: int
    kind: str  # assignment | pledge
    assignee: PartyName
    value: int
    registry_reference: str | None
    registered_at: int
    recorded_at: int
    debtor_notified_at: int
    acquired: Source
    registration: Source | None
    notice: Source | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A note's whole story: `path` from the root to it, `nodes` = the path and everything below the note, by id."""

    note: int
    receivable: ReceivableView
    path: tuple[int, ...]
    nodes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class FreezeView:
    """A freeze that stands. `id` is the note's."""

    id: int
    arbiter: PartyName
    order_hash: str


@dataclass(frozen=True, slots=True)
class ReassignmentView:
    """Value of a frozen note that an order gives to a party, minor units; it may be executed from `ready_at` on, Unix seconds
    of the chain, while the note is frozen as it was."""

    id: int
    note: int
    to: PartyName
    amount: int
    currency: CurrencyView
    arbiter: PartyName
    order_hash: str
    ready_at: int


@dataclass(frozen=True, slots=True)
class RecourseView:
    """A note that was sold with recourse and has value left. `id` is the note's; `demand_day` 0: not demanded."""

    id: int
    receivable: int
    debtor: PartyName
    financier: PartyName
    seller: PartyName
    currency: CurrencyView
    due_day: int
    amount: int
    price: int
    rate_bps: int
    day: int
    demand_day: int
    overdue: bool

    @property
    def status(self) -> str:
        """standing, until the debt is declared overdue; then claimable, until it is demanded."""
        if self.demand_day:
            return "demanded"
        return "claimable" if self.overdue else "standing"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a debt and its notes stand. While this stays equal, nothing changes of what the chain tells of them, nor of how
    parties are related to them; what the debt itself says, which invoices shared with other debts change too, is part of it.

    A block's hash stands for all that came before it: after the last block with an event about the tree, nothing but the day
    can change what is read of it."""

    generation: int
    """Of the read model."""
    block: int
    block_hash: bytes
    today: int
    debt: ReceivableView


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An event as the index wrote it down. `args` by ABI name: ids as numbers, amounts as decimal strings."""

    block: int
    log: int
    tx_hash: str
    name: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FundFlow:
    """Every cash leg of a receivable, oldest first, and the sums between parties (payer, payee, kind)."""

    receivable: ReceivableView
    legs: tuple[CashLeg, ...]
    totals: tuple[FlowTotal, ...]


@dataclass(frozen=True, slots=True)
class FlowTotal:
    kind: str
    payer: PartyName
    payee: PartyName
    amount: int
    legs: int


def flow_totals(legs: Sequence[CashLeg]) -> tuple[FlowTotal, ...]:
    """Sums per kind, payer and payee, in the order in which they began."""
    sums: dict[tuple[str, PartyName, PartyName], list[int]] = {}
    for leg in legs:
        total = sums.setdefault((leg.kind, leg.payer, leg.payee), [0, 0])
        total[0] += leg.amount
        total[1] += 1
    return tuple(FlowTotal(*key, amount, count) for key, (amount, count) in sums.items())


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the ledger in one currency: face value sold, cash paid for it, face value repaid, and outstanding."""

    currency: CurrencyView
    financed: int
    cash_paid: int
    repaid: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """The ledger in figures. `notes_per_tier` starts with tier 1; `sums` has the currencies in which something is owed
    or was."""

    receivables: int
    notes: int
    notes_per_tier: tuple[int, ...]
    refused: int
    sums: tuple[Sums, ...]

    @property
    def max_tier(self) -> int:
        return len(self.notes_per_tier)


@dataclass(frozen=True, slots=True)
class Terms:
    """Which receivables are wanted: currency by its code, due days inclusive; None: any."""

    currency: str | None = None
    due_from: int | None = None
    due_until: int | None = None


ANY_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How far the read model is. `head` is the chain's last block as the indexer saw it; lag = head - block."""

    chain_id: int
    block: int
    block_hash: str
    block_time: int
    head: int
    events: int
    reorgs: int


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a listing; `next` is the cursor of the next page, None at the end."""

    items: tuple[T, ...]
    next: str | None = field(default=None)
