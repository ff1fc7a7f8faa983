"""The events that change the read model, typed. Fields are the ABI's parameters in order, in snake case (the decoder
refuses to start when they are not); addresses and hashes are bytes, whole numbers ints. docs/events.md says what
each means."""

from __future__ import annotations

from typing import Any, NamedTuple

# -- ParticipantRegistry


class PartyAdmitted(NamedTuple):
    party: int
    credit_code_hash: bytes
    roles: int
    identity_expiry: int
    settlement_account: bytes


class PartySuspended(NamedTuple):
    party: int
    reason_hash: bytes


class PartyReinstated(NamedTuple):
    party: int


class RolesSet(NamedTuple):
    party: int
    roles: int


class IdentityRenewed(NamedTuple):
    party: int
    identity_expiry: int


class QuoteEpochRaised(NamedTuple):
    party: int
    quote_epoch: int


class AccountSet(NamedTuple):
    account: bytes
    party: int
    rights: int
    evidence_hash: bytes


class SignatureUsed(NamedTuple):
    account: bytes
    nonce: int


class RecoveryAnnounced(NamedTuple):
    party: int
    account: bytes
    ready_at: int
    evidence_hash: bytes
    removed_hash: bytes


class RecoveryRemoves(NamedTuple):
    party: int
    account: bytes


class RecoveryVetoed(NamedTuple):
    party: int
    account: bytes
    by: bytes


class RecoveryWithdrawn(NamedTuple):
    party: int
    account: bytes


class RecoveryFinished(NamedTuple):
    party: int
    account: bytes


class SettlementChangeAnnounced(NamedTuple):
    party: int
    account: bytes
    ready_at: int
    evidence_hash: bytes


class SettlementChangeVetoed(NamedTuple):
    party: int
    account: bytes
    by: bytes


class SettlementAccountChanged(NamedTuple):
    party: int
    account: bytes
    before: bytes


# -- CreditRegister


class LineSet(NamedTuple):
    debtor: int
    currency: bytes
    limit: int


class LineUsed(NamedTuple):
    debtor: int
    currency: bytes
    used: int


class InvoiceClaimed(NamedTuple):
    fingerprint: bytes
    notes: bytes
    receivable: int
    invoice_amount: int
    claimed: int


class InvoiceReleased(NamedTuple):
    fingerprint: bytes
    notes: bytes
    receivable: int
    released: int


class InvoiceCredited(NamedTuple):
    invoice: bytes
    credit_note: bytes
    amount: int
    excess: int


class OverdueCounted(NamedTuple):
    debtor: int
    count: int  # type: ignore[assignment]  # the parameter's name, not the tuple's method


class WriterSet(NamedTuple):
    writer: bytes
    notes: bytes


# -- IssuanceDesk


class PolicyTerms(NamedTuple):
    default_tenor_days: int
    hard_tenor_days: int
    terms_days: int
    tier_limit: int
    grace_days: int
    overdue_rate_bps: int
    offer_lifetime_days: int
    min_child_value: int
    registry_reference_required: bool


class PolicySet(NamedTuple):
    policy: int
    terms: PolicyTerms


# -- ReceivableNotes


class Terms(NamedTuple):
    face_value: int
    currency: int
    delivery_day: int
    due_day: int
    confirmed_day: int
    policy: int
    flags: int
    evidence_hash: bytes


class ReceivableConfirmed(NamedTuple):
    receivable: int
    debtor: int
    root: int
    terms: Terms


class NoteOffered(NamedTuple):
    note: int
    parent: int
    holder: int
    receivable: int
    value: int
    tier: int
    lapse_day: int
    trade_hash: bytes


class NoteAccepted(NamedTuple):
    note: int


class NoteReturned(NamedTuple):
    note: int
    parent: int
    value: int
    flag: int


class ReceivableCancelled(NamedTuple):
    receivable: int
    value: int


class NoteAssigned(NamedTuple):
    note: int
    parent: int
    holder: int
    receivable: int
    value: int
    tier: int
    flags: int


class ValueExtinguished(NamedTuple):
    note: int
    receivable: int
    value: int


class NoteRepaid(NamedTuple):
    note: int
    receivable: int
    payee: int
    principal: int
    interest: int


class NoteRestored(NamedTuple):
    note: int
    receivable: int
    principal: int


class NoteTendered(NamedTuple):
    note: int
    receivable: int
    value: int
    day: int


class NoteMarked(NamedTuple):
    note: int
    flag: int
    on: bool


class NotePledged(NamedTuple):
    note: int
    value: int


class NoteInRound(NamedTuple):
    note: int
    round: int


class RoundMarked(NamedTuple):
    receivable: int
    round: int
    flags: int


class OverdueDeclared(NamedTuple):
    receivable: int
    debtor: int


class OverdueEnded(NamedTuple):
    receivable: int
    debtor: int


class ConsentSet(NamedTuple):
    receiver: int
    offeror: int
    currency: int
    amount: int
    latest_due_day: int
    expiry_day: int


class CurrencyAllowed(NamedTuple):
    currency: int
    token: bytes


class DeskSet(NamedTuple):
    desk: bytes
    allowed: bool


class Paused(NamedTuple):
    paused: bool


# -- FinancingDesk, RepaymentDesk


class NoteFinanced(NamedTuple):
    note: int
    child: int
    financier: int
    seller: int
    amount: int
    price: int
    rate_bps: int
    recourse: bool
    payer: bytes
    payee: bytes
    token: bytes
    registry_reference: bytes
    nonce: int


class QuoteCancelled(NamedTuple):
    financier: int
    nonce: int


class QuoteAgreed(NamedTuple):
    financier: int
    nonce: int
    amount: int


class QuoteGivenBack(NamedTuple):
    financier: int
    nonce: int
    amount: int


class Paid(NamedTuple):
    note: int
    payer: bytes
    payee: bytes
    token: bytes
    amount: int


class RoundOpened(NamedTuple):
    receivable: int
    round: int
    total: int
    base: int
    last_day: int


class RoundCounted(NamedTuple):
    receivable: int
    counted: int


class RoundClosed(NamedTuple):
    receivable: int
    counted: int
    finished: bool


class Sale(NamedTuple):
    seller: int
    amount: int
    price: int
    rate_bps: int
    day: int


class SaleRecorded(NamedTuple):
    note: int
    sale: Sale


class SaleCarried(NamedTuple):
    note: int
    origin: int


# -- RecourseDesk, AssignmentRegister


class RecourseDemanded(NamedTuple):
    note: int
    financier: int
    seller: int
    day: int


class RecourseHonoured(NamedTuple):
    note: int
    child: int
    seller: int
    payer: bytes
    payee: bytes
    token: bytes
    amount: int


class AssignmentRegistered(NamedTuple):
    note: int
    registry_reference: bytes
    signer: bytes
    registered_at: int
    replaced: int
    nonce: int


class DebtorNotified(NamedTuple):
    note: int
    party: int
    debtor_notified_at: int


# -- Forwarder


class SwitchedOff(NamedTuple):
    off: bool


# -- OrderDesk


class FreezeOrdered(NamedTuple):
    note: int
    arbiter: int
    order_hash: bytes


class ReleaseOrdered(NamedTuple):
    note: int
    arbiter: int
    order_hash: bytes


class ReassignmentOrdered(NamedTuple):
    reassignment: int
    note: int
    order_hash: bytes
    to: int
    amount: int
    arbiter: int
    freeze: int
    ready_at: int


class ReassignmentExecuted(NamedTuple):
    reassignment: int
    note: int
    child: int


class ReassignmentCancelled(NamedTuple):
    reassignment: int
    arbiter: int
    order_hash: bytes


# -- PledgeDesk


class PledgeMade(NamedTuple):
    note: int
    lender: int
    holder: int
    pledged_value: int
    principal: int
    rate_bps: int
    cap: int
    payer: bytes
    payee: bytes
    token: bytes
    registry_reference: bytes
    nonce: int


class ClaimPaid(NamedTuple):
    note: int
    lender: int
    amount: int
    principal: int
    accrued: int


class LoanRepaid(NamedTuple):
    note: int
    payer: bytes
    payee: bytes
    token: bytes
    amount: int


class PledgeReleased(NamedTuple):
    note: int
    lender: int
    unpaid: int


class LoanQuoteCancelled(NamedTuple):
    lender: int
    nonce: int


# -- BankDesk, BankSaleDesk, BankRepaymentDesk


class Reserved(NamedTuple):
    reservation: bytes
    bank: int
    product: bytes
    reserved_day: int
    last_day: int


class ReservationDeclined(NamedTuple):
    reservation: bytes


class PaymentDelivered(NamedTuple):
    bank: int
    payment_reference: bytes
    reservation: bytes
    digest: bytes


class BankException(NamedTuple):
    """Decoded by the codec, having members of any length: values as it gives them, bytes as 0x-hex."""

    bank: int
    payment_reference: str
    reservation: str
    digest: str
    currency: str
    value_day: int
    lines: list[dict[str, Any]]
    reason: str


class BankSale(NamedTuple):
    note: int
    seller: int
    financier: int
    amount: int
    rate_bps: int
    recourse: bool
    price: int
    registry_reference: bytes
    quote_nonce: int


class SaleReserved(NamedTuple):
    reservation: bytes
    note: int
    financier: int
    sale: BankSale


class SaleDelivered(NamedTuple):
    reservation: bytes
    note: int
    child: int
    payment_reference: bytes


class SaleReleased(NamedTuple):
    reservation: bytes
    note: int


class NoteReserved(NamedTuple):
    reservation: bytes
    note: int
    payee: int
    principal: int


class RoundReserved(NamedTuple):
    reservation: bytes
    receivable: int
    round: int


class PaidByBank(NamedTuple):
    reservation: bytes
    note: int
    payee: int
    amount: int
    value_day: int
    payment_reference: bytes


class PayeeNotPaid(NamedTuple):
    reservation: bytes
    note: int
    payee: int
    amount: int
    payment_reference: bytes


class NoteReleased(NamedTuple):
    reservation: bytes
    note: int
    rests_until: int
