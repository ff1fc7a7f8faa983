"""Loans that notes secure: lent against a pledge, repaid by the note or before, the lender first."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.reference.arithmetic import day_of
from tests.reference.notes import NoteFlag, NoteStatus, ReceivableFlag
from tests.reference.parties import Right, Role
from tests.reference.refusals import Judge
from tests.reference.world import Loan, World


@dataclass(frozen=True)
class LoanQuote:
    """A lender's terms, taken once. ``valid``: the signature is the signer's, for just this, chain and contract."""

    note: int
    holder: int
    lender: int
    pledged_value: int
    principal: int
    rate_bps: int
    cap: int
    payer: str
    registry_reference: bytes
    valid_until: int
    nonce: int
    epoch: int
    signer: str
    valid: bool = field(default=True, compare=False)


def pledge(world: World, judge: Judge, now: int, caller: str, quote: LoanQuote) -> None:
    """The holder takes a quote."""
    holder = world.registry.actor(judge, now, caller, Right.ACT)
    judge.require(holder in (0, quote.holder), "QuoteForOtherHolder", quote.holder, holder)
    _judge_lender(world, judge, now, quote)
    terms = (quote.principal, quote.cap, quote.pledged_value)
    judge.require(0 < quote.principal <= quote.cap <= quote.pledged_value, "InvalidLoan", *terms)
    judge.require(now <= quote.valid_until, "QuoteExpired", quote.valid_until)
    judge.require(quote.valid, "QuoteSignatureInvalid", quote.signer, ...)
    used = (quote.lender, quote.nonce)
    judge.require(used not in world.loan_quotes, "LoanQuoteUsed", *used)
    world.loan_quotes.add(used)
    currency = _judge_note(world, judge, now, quote)
    if currency is None or judge.broken:
        return
    note = world.ledger.notes[quote.note]
    note.flags |= NoteFlag.PLEDGED
    note.pledged = quote.pledged_value
    world.loans[quote.note] = Loan(quote.lender, quote.principal, quote.cap, quote.rate_bps, day_of(now))
    payee = world.registry.parties[holder].settlement
    world.tokens[currency].transfer_from(judge, world.pledge_desk, quote.payer, payee, quote.principal)


def _judge_lender(world: World, judge: Judge, now: int, quote: LoanQuote) -> None:
    registry = world.registry
    registry.actor(judge, now, quote.signer, Right.QUOTE, Role.FINANCIER)
    signer, payer = registry.account(quote.signer).party, registry.account(quote.payer).party
    judge.require(signer == quote.lender, "SignerOfOtherParty", quote.signer, quote.lender, signer)
    judge.require(payer == quote.lender, "PayerOfOtherParty", quote.payer, quote.lender, payer)
    judge.require(quote.lender != quote.holder, "InvalidLender", quote.lender)
    current = registry.parties[quote.lender].epoch if quote.lender in registry.parties else 0
    judge.require(quote.epoch == current, "QuoteEpochOver", quote.lender, quote.epoch, current)


def _judge_note(world: World, judge: Judge, now: int, quote: LoanQuote) -> str | None:
    """The currency's token."""
    judge.require(not world.paused, "ProtocolPaused")
    note, status = world.ledger.notes.get(quote.note), world.ledger.status(quote.note, day_of(now))
    holder = note.holder if note else 0
    judge.require(holder == quote.holder, "NotHolder", quote.note, holder, quote.holder)
    judge.require(status == NoteStatus.HELD, "NotHeld", quote.note, int(status))
    if note is None:
        return None
    judge.require(quote.pledged_value <= note.value, "ValueExceeded", quote.note, quote.pledged_value, note.value)
    receivable = world.ledger.receivables[note.receivable]
    judge.require(quote.lender != receivable.debtor, "InvalidLender", quote.lender)
    judge.require(day_of(now) < receivable.due_day, "NotBeforeDueDay", quote.note, receivable.due_day)
    world.credit.require_not_overdue(judge, receivable.debtor)
    registered = any(quote.registry_reference) or not receivable.flags & ReceivableFlag.REGISTRY_REQUIRED
    judge.require(registered, "RegistryReferenceMissing", quote.note)
    currency = world.currencies[receivable.currency - 1]
    # three capital letters, and no contract
    judge.require(int(currency, 16) >> 24 != 0, "OnBankRail", currency)
    return currency


def cancel_quote(world: World, judge: Judge, now: int, caller: str, nonce: int) -> None:
    """Ends a quote."""
    lender = world.registry.actor(judge, now, caller, Right.QUOTE)
    world.loan_quotes.add((lender, nonce))


def repay_loan(world: World, judge: Judge, now: int, caller: str, note_id: int, amount: int, payer: str) -> int:
    """Pays the lender before the note does; returns what was paid."""
    world.registry.judge_payer(judge, caller, payer)
    judge.require(amount > 0, "ZeroAmount")
    loan = _movable(world, judge, note_id)
    if loan is None:
        return 0
    claim = loan.claim(day_of(now))
    paid = min(amount, claim)
    receivable = world.ledger.receivables[world.ledger.notes[note_id].receivable]
    token = world.currencies[receivable.currency - 1]
    payee = world.registry.parties[loan.lender].settlement
    held = world.tokens[token].balances[payer]
    judge.require(payer != payee, "CashNotExact", token, payee, held + paid, held)
    world.tokens[token].transfer_from(judge, world.pledge_desk, payer, payee, paid)
    loan.pay(day_of(now), paid)
    if paid == claim:
        _release(world, note_id)
    return paid


def release_pledge(world: World, judge: Judge, now: int, caller: str, note_id: int) -> None:
    """The lender lets go."""
    party = world.registry.actor(judge, now, caller, Right.ACT)
    loan = _movable(world, judge, note_id)
    if loan is not None and judge.require(party in (0, loan.lender), "NotLender", note_id, loan.lender, party):
        _release(world, note_id)


def first_share(world: World, now: int, note_id: int, cash: int) -> tuple[int, int]:
    """Who is paid first out of a payment of the note, and how much; nobody when it secures nothing."""
    loan = world.loans.get(note_id)
    return (loan.lender, min(cash, loan.claim(day_of(now)))) if loan else (0, 0)


def collect(world: World, now: int, note_id: int, first: int) -> None:
    """The lender was paid ``first`` out of the note."""
    loan, note = world.loans.get(note_id), world.ledger.notes[note_id]
    if loan is None:
        return
    over = note.value == 0 or first == loan.claim(day_of(now))
    loan.pay(day_of(now), first)
    note.pledged = min(note.pledged, note.value)
    if over:
        _release(world, note_id)


def _movable(world: World, judge: Judge, note_id: int) -> Loan | None:
    loan = world.loans.get(note_id)
    if not judge.require(loan is not None, "NotPledged", note_id):
        return None
    judge.require(not world.ledger.notes[note_id].flags & NoteFlag.FROZEN, "NoteFrozen", note_id)
    return loan


def _release(world: World, note_id: int) -> None:
    del world.loans[note_id]
    note = world.ledger.notes[note_id]
    note.flags &= ~NoteFlag.PLEDGED
    note.pledged = 0
