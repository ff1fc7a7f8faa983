"""The debtor confirms what it owes; anyone declares it overdue."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.arithmetic import day_of, days_between
from tests.reference.invoices import InvoiceClaim
from tests.reference.notes import Note, NoteFlag, Receivable, ReceivableFlag
from tests.reference.parties import Right, Role
from tests.reference.refusals import Judge
from tests.reference.world import World


@dataclass(frozen=True)
class Confirmation:
    """One debt to confirm."""

    creditor: int
    amount: int
    delivery_day: int
    due_day: int
    invoices: tuple[InvoiceClaim, ...]
    evidence: bytes = b"\x22" * 32


@dataclass(frozen=True)
class Attestation:
    """The registrar's word. ``valid``: the signature is the signer's, for just these terms, chain and contract."""

    signer: str
    nonce: int
    deadline: int
    valid: bool = True


def confirm(
    world: World,
    judge: Judge,
    now: int,
    caller: str,
    currency: int,
    items: list[Confirmation],
    attestation: Attestation,
) -> int:
    """Receivables and root notes, offered to their first creditors; returns the first receivable's id."""
    debtor = world.registry.actor(judge, now, caller, Right.ACT, Role.CORE_ENTERPRISE)
    token = world.token_of(currency)
    judge.require(not world.paused, "ProtocolPaused")
    judge.require(bool(items), "NothingToConfirm")
    judge.require(token is not None, "UnknownCurrency", currency)
    attest(world, judge, now, attestation)
    first = len(world.ledger.receivables) + 1
    for item in items:
        _judge_terms(world, judge, now, debtor, item)
        claimant = (world.note_contract, len(world.ledger.receivables) + 1)
        world.invoices.claim(judge, claimant, item.amount, item.invoices)
        _write(world, day_of(now), debtor, currency, item)
    if token is not None:
        world.credit.draw(judge, debtor, token, sum(item.amount for item in items))
    return first


def attest(world: World, judge: Judge, now: int, attestation: Attestation) -> None:
    """The registrar's word is given once, in time."""
    world.registry.actor(judge, now, attestation.signer, Right.ACT, Role.REGISTRAR)
    key = (attestation.signer, attestation.nonce)
    judge.require(now <= attestation.deadline, "AttestationExpired", attestation.deadline)
    judge.require(key not in world.attestations, "AttestationUsedAlready", *key)
    judge.require(attestation.valid, "AttestationInvalid", attestation.signer, ...)
    world.attestations.add(key)


def _judge_terms(world: World, judge: Judge, now: int, debtor: int, item: Confirmation) -> None:
    today = day_of(now)
    judge.require(item.creditor != debtor, "CreditorIsDebtor", debtor)
    world.registry.require_active(judge, now, [item.creditor], Role.SUPPLIER)
    judge.require(item.amount > 0, "ZeroAmount")
    judge.require(item.due_day >= today, "DueDayPast", item.due_day, today)
    judge.require(item.delivery_day <= today, "DeliveryAfterToday", item.delivery_day, today)
    tenor, hard = days_between(today, item.due_day), world.policy.hard_tenor_days
    judge.require(tenor <= hard, "TenorOverPolicy", tenor, hard)
    judge.require(any(item.evidence), "EvidenceMissing")


def _write(world: World, today: int, debtor: int, currency: int, item: Confirmation) -> None:
    policy, flags = world.policy, ReceivableFlag(0)
    if policy.registry_required:
        flags |= ReceivableFlag.REGISTRY_REQUIRED
    if item.due_day - today > policy.default_tenor_days:
        flags |= ReceivableFlag.LONG_TENOR
    if item.due_day - item.delivery_day > policy.terms_days:
        flags |= ReceivableFlag.LONG_TERMS
    receivable_id = len(world.ledger.receivables) + 1
    receivable = Receivable(
        debtor=debtor,
        face=item.amount,
        due_day=item.due_day,
        currency=currency,
        root=0,
        policy=policy,
        delivery_day=item.delivery_day,
        confirmed_day=today,
        flags=int(flags),
        outstanding=item.amount,
    )
    world.ledger.receivables[receivable_id] = receivable
    root = Note(value=item.amount, parent=0, receivable=receivable_id, holder=item.creditor, tier=1)
    receivable.root = world.ledger.offer(root, debtor, today)


def declare_overdue(world: World, judge: Judge, now: int, receivable_id: int) -> None:
    """Counts a receivable against its debtor once grace has passed with value due to someone."""
    receivable = world.ledger.receivables.get(receivable_id)
    if receivable is None:
        judge.require(False, "UnknownReceivable", receivable_id)
        return
    today, last_grace_day = day_of(now), receivable.due_day + receivable.policy.grace_days
    judge.require(not receivable.flags & ReceivableFlag.OVERDUE, "AlreadyDeclared", receivable_id)
    accepted = bool(world.ledger.notes[receivable.root].flags & NoteFlag.ACCEPTED)
    judge.require(
        today > last_grace_day and receivable.outstanding > world.ledger.tendered(receivable_id) and accepted,
        "NotOverdue",
        receivable_id,
        today,
        last_grace_day,
    )
    receivable.flags |= ReceivableFlag.OVERDUE
    world.credit.overdue[receivable.debtor] = world.credit.overdue.get(receivable.debtor, 0) + 1
