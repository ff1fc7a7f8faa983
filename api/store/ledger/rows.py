"""The rows that events change, as handlers hold them in memory. Field names are the columns' names; a field of type
Place stands for the four columns that begin with its name. Hashes and addresses are bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """Where on the chain a fact comes from."""

    tx: bytes
    block: int
    log: int
    time: int


@dataclass(slots=True)
class PartyRow:
    id: int
    credit_code_hash: bytes
    roles: int
    suspended: bool
    identity_expiry: int
    settlement_account: bytes
    quote_epoch: int
    overdue_count: int
    source: Place


@dataclass(slots=True)
class AccountRow:
    address: bytes
    party: int = 0
    rights: int = 0
    evidence_hash: bytes = bytes(32)
    nonce: int = 0


ANNOUNCED, VETOED, WITHDRAWN, FINISHED = "announced", "vetoed", "withdrawn", "finished"
"""What became of a party's last recovery or change of settlement account."""


@dataclass(slots=True)
class RecoveryRow:
    party: int
    account: bytes
    ready_at: int
    evidence_hash: bytes
    removed_hash: bytes
    removed: bytes
    """The accounts that lose their rights with it, 20 bytes each, in the order in which finishing names them."""
    state: str


@dataclass(slots=True)
class SettlementChangeRow:
    party: int
    account: bytes
    ready_at: int
    evidence_hash: bytes
    state: str


@dataclass(slots=True)
class LineRow:
    debtor: int
    currency: bytes
    line_limit: int = 0
    used: int = 0


@dataclass(slots=True)
class ClaimRow:
    fingerprint: bytes
    notes: bytes
    receivable: int
    amount: int
    released: bool = False


@dataclass(slots=True)
class InvoiceRow:
    fingerprint: bytes
    amount: int = 0
    claimed: int = 0
    credited: int = 0


@dataclass(slots=True)
class CreditNoteRow:
    fingerprint: bytes
    invoice: bytes
    amount: int


@dataclass(slots=True)
class CurrencyRow:
    id: int
    token: bytes
    code: str
    decimals: int


@dataclass(slots=True)
class PolicyRow:
    id: int
    default_tenor_days: int
    hard_tenor_days: int
    terms_days: int
    tier_limit: int
    grace_days: int
    overdue_rate_bps: int
    offer_lifetime_days: int
    min_child_value: int
    registry_reference_required: bool


@dataclass(slots=True)
class WiringRow:
    kind: str
    address: bytes
    allowed: bool


@dataclass(slots=True)
class SwitchRow:
    name: str
    is_on: bool


@dataclass(slots=True)
class ConsentRow:
    receiver: int
    offeror: int
    currency: int
    amount: int
    latest_due_day: int
    expiry_day: int


@dataclass(slots=True)
class ReceivableRow:
    id: int
    debtor: int
    creditor: int
    root: int
    face_value: int
    outstanding: int
    repaid: int
    extinguished: int
    cancelled: int
    currency: int
    delivery_day: int
    due_day: int
    confirmed_day: int
    policy: int
    tier_limit: int
    grace_days: int
    overdue_rate_bps: int
    flags: int
    evidence_hash: bytes
    notes: int
    deepest_tier: int
    source: Place
    round: int = 0


@dataclass(slots=True)
class NoteRow:
    id: int
    parent: int | None
    receivable: int
    root_id: int
    holder: int
    tier: int
    origin: str
    face: int
    value: int
    flags: int
    lapse_day: int
    trade_hash: bytes | None
    source: Place
    accepted: Place | None
    closed: Place | None
    round: int = 0
    pledged: int = 0
    tender_day: int = 0


@dataclass(slots=True)
class RoundRow:
    """A receivable's last pro rata round. `finished` is meaningful once it is no more open."""

    receivable: int
    number: int
    total: int
    base: int
    counted: int
    last_day: int
    open: bool = True
    finished: bool = False


@dataclass(slots=True)
class FreezeRow:
    """A note's last freeze, and how many it has had. `release_hash` None: it stands."""

    note: int
    number: int
    arbiter: int
    order_hash: bytes
    release_hash: bytes | None


@dataclass(slots=True)
class ReassignmentRow:
    """`state`: ordered, executed or cancelled. `child` None once executed: the value was extinguished."""

    id: int
    note: int
    receiver: int
    amount: int
    arbiter: int
    freeze: int
    ready_at: int
    order_hash: bytes
    state: str
    child: int | None
    cancel_hash: bytes | None


@dataclass(slots=True)
class LoanRow:
    """The last loan that a note secured. `accrued` is the contract's number, big-endian; `unpaid` what was left of the
    claim when the pledge ended."""

    note: int
    lender: int
    holder: int
    lent: int
    principal: int
    cap: int
    rate_bps: int
    accrued: bytes
    since: int
    paid: int
    payer_account: bytes
    payee_account: bytes
    token: bytes
    registry_reference: bytes | None
    open: bool
    unpaid: int
    quote_nonce: bytes
    source: Place


@dataclass(slots=True)
class LoanQuoteRow:
    """A lender's quote that is used up: taken, or cancelled."""

    lender: int
    nonce: bytes
    cancelled: bool


@dataclass(slots=True)
class SaleRow:
    """The sale with recourse by which a note's holder got it. `origin` is the note that the sale brought into being:
    the note itself, unless it came back."""

    note: int
    origin: int
    seller: int
    amount: int
    price: int
    rate_bps: int
    day: int
    demand_day: int = 0
    quote_nonce: bytes | None = None
    """Of the buyer's quote, told by the sale's own event, which follows in the transaction."""


@dataclass(slots=True)
class AssignmentRow:
    """Of a bought note. Times are Unix seconds; 0 is never."""

    note: int
    registry_reference: bytes | None = None
    registered_at: int = 0
    recorded_at: int = 0
    debtor_notified_at: int = 0
    registration: Place | None = None
    notice: Place | None = None


@dataclass(slots=True)
class QuoteRow:
    financier: int
    nonce: bytes
    taken: int = 0
    cancelled: bool = False


@dataclass(slots=True)
class BankReservationRow:
    id: bytes
    bank: int
    product: bytes
    reserved_day: int
    last_day: int
    declined: bool = False


@dataclass(slots=True)
class BankSaleRow:
    """`state`: reserved, delivered or released."""

    reservation: bytes
    note: int
    seller: int
    financier: int
    amount: int
    rate_bps: int
    recourse: bool
    price: int
    registry_reference: bytes
    quote_nonce: bytes
    state: str = "reserved"


@dataclass(slots=True)
class BankRepaymentRow:
    """`state`: reserved, paid, refused by the payee's side, or released."""

    reservation: bytes
    note: int
    payee: int
    principal: int
    state: str = "reserved"
    rests_until: int = 0


@dataclass(slots=True)
class BankRoundRow:
    receivable: int
    reservation: bytes
    round: int


@dataclass(slots=True)
class BankRecordRow:
    """`outcome`: delivered or exception; what stood against delivery stays written."""

    bank: int
    payment_reference: bytes
    reservation: bytes
    outcome: str
    digest: bytes
    currency: bytes | None = None
    value_day: int | None = None
    lines: str | None = None
    reason: bytes | None = None


@dataclass(slots=True)
class TotalRow:
    name: str
    amount: int = 0


@dataclass(slots=True)
class CashSumRow:
    """What a party paid and received in a token by legs of one kind."""

    party: int
    token: bytes
    kind: str
    since: int
    paid: int = 0
    received: int = 0


class CashLegRow(NamedTuple):
    """Written once, never changed."""

    block: int
    log: int
    kind: str
    note: int
    child: int | None
    receivable: int
    root_id: int
    payer: int
    payee: int
    payer_account: bytes | None
    payee_account: bytes | None
    token: bytes
    amount: int
    principal: int
    interest: int
    discount: int
    rate_bps: int | None
    recourse: bool | None
    registry_reference: bytes | None
    tx: bytes
    time: int
    bank: int | None = None
    payment_reference: bytes | None = None
    quote_nonce: bytes | None = None


class EventRow(NamedTuple):
    """One event of the journal; `args` is JSON."""

    block: int
    log: int
    tx: bytes
    contract: str
    name: str
    args: str
    root_id: int | None


class BlockRow(NamedTuple):
    """A block header, as far as it is kept."""

    number: int
    hash: bytes
    parent: bytes
    time: int
    events: int
