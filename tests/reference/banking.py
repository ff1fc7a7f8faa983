"""The second rail: a bank reserves, pays outside the chain, and attests; or says no, or nothing."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from tests.reference.arithmetic import day_of
from tests.reference.banks import Outcome, Product, Reservation, Sale
from tests.reference.financing import Deal, agree, assign, give_back
from tests.reference.notes import Due, NoteFlag, NoteStatus, ReceivableFlag
from tests.reference.parties import Right, Role
from tests.reference.refusals import Broken, Judge
from tests.reference.repaying import restore, settle, take_shares
from tests.reference.world import Sale as Undertaking
from tests.reference.world import World

CUTOFF_DAYS = 3
RESERVATION_DAYS = 10
REST_DAYS = 1
# The bank's own figures: refused for it to correct, and no exception.
INEXACT = {"AmountNotExact", "CountNotExact", "OtherCurrency"}


@dataclass(frozen=True)
class Commitment:
    """A bank's word to carry a payment. ``valid``: the signature is the signer's, for just these terms, chain and
    contract."""

    bank: int
    last_day: int
    signer: str
    nonce: int
    deadline: int
    valid: bool = True


@dataclass(frozen=True)
class Line:
    """One payment; ``refused``: it was there to be paid, and could not be paid out."""

    note: int
    payee: int
    amount: int
    refused: bool = False


@dataclass(frozen=True)
class Payment:
    """A bank's word that it has paid."""

    bank: int
    reservation: bytes
    currency: str
    value_day: int
    reference: bytes
    lines: tuple[Line, ...]
    signer: str
    deadline: int
    counted: int = 0
    valid: bool = True


# -- reserving


def reserve_sale(
    world: World, judge: Judge, now: int, caller: str, deal: Deal, word: Commitment, digest: bytes
) -> bytes:
    """The seller takes a quote whose cash a bank will carry."""
    quote, seller = deal.quote, world.registry.actor(judge, now, caller, Right.ACT)
    if not judge.require(quote.note in world.ledger.notes, "UnknownNote", quote.note):
        return digest
    judge.require(int(quote.payer, 16) == 0, "PayerNotAsked", quote.payer)
    price = agree(world, judge, now, seller, deal)
    note = world.ledger.notes[quote.note]
    due_day = world.ledger.receivables[note.receivable].due_day
    _judge_rail(world, judge, quote.note)
    latest = min(day_of(now) + RESERVATION_DAYS, due_day - CUTOFF_DAYS - 1)
    _open(world, judge, now, Product.SALE, word, digest, latest)
    world.banks.sales[digest] = Sale(
        *(quote.note, seller, quote.financier, deal.amount, quote.rate_bps, quote.recourse, price),
        *(quote.registry_reference, quote.nonce),
    )
    # What stands against delivery now, stands against the reservation.
    assign(
        *(copy.deepcopy(world), judge, now, quote.note, seller, quote.financier, deal.amount),
        quote.registry_reference,
    )
    note.flags |= NoteFlag.RESERVED
    return digest


def reserve_repayment(
    world: World, judge: Judge, now: int, caller: str, note_ids: list[int], word: Commitment, digest: bytes
) -> bytes:
    """The debtor has a bank pay notes, each for what it is worth now."""
    debtor, today, currencies = _debtor_acting(world, judge, caller, word.bank), day_of(now), list[int]()
    judge.require(bool(note_ids), "EmptyBatch")
    for note_id in note_ids:
        note = world.ledger.notes.get(note_id)
        due = world.ledger.due(note_id, today) if note else None
        if note is None or due is None:
            name, status = ("NotDue", [int(world.ledger.status(note_id, today))]) if note else ("UnknownNote", [])
            judge.require(False, name, note_id, *status)
            continue
        judge.require(not note.flags & NoteFlag.RESERVED, "NotDue", note_id, int(NoteStatus.RESERVED))
        rest = world.banks.rests.get(note_id, 0)
        judge.require(today > rest, "NoteResting", note_id, rest)
        receivable = world.ledger.receivables[note.receivable]
        judge.require(debtor in (0, receivable.debtor), "NotDebtor", note.receivable, receivable.debtor, debtor)
        judge.require(not receivable.flags & ReceivableFlag.ROUND_OPEN, "RoundOpen", note.receivable)
        cut_off = receivable.due_day - CUTOFF_DAYS
        judge.require(today >= cut_off, "BeforeCutOff", note_id, cut_off)
        currencies.append(receivable.currency)
        judge.require(receivable.currency == currencies[0], "MixedCurrencies", currencies[0], receivable.currency)
        _judge_rail(world, judge, note_id)
        note.flags |= NoteFlag.RESERVED
        world.banks.reserved[digest, note_id] = due.principal
    _open(world, judge, now, Product.REPAYMENT, word, digest, today + RESERVATION_DAYS)
    return digest


def reserve_round(
    world: World, judge: Judge, now: int, caller: str, receivable_id: int, word: Commitment, digest: bytes
) -> bytes:
    """The debtor has a bank pay the open round of a receivable."""
    debtor = _debtor_acting(world, judge, caller, word.bank)
    receivable = world.ledger.receivables.get(receivable_id)
    owner = receivable.debtor if receivable else 0
    judge.require(debtor in (0, owner), "NotDebtor", receivable_id, owner, debtor)
    if receivable is None:
        return digest
    is_open = bool(receivable.flags & ReceivableFlag.ROUND_OPEN)
    if not judge.require(is_open, "RoundNotOpen", receivable_id):
        return digest
    _judge_rail(world, judge, receivable.root)
    _open(world, judge, now, Product.REPAYMENT, word, digest, world.rounds[receivable_id].last_day)
    world.banks.rounds[receivable_id] = (digest, receivable.round)
    return digest


def _open(world: World, judge: Judge, now: int, product: Product, word: Commitment, digest: bytes, latest: int) -> None:
    today = day_of(now)
    judge.require(today <= word.last_day <= latest, "LastDayInvalid", word.last_day, today, latest)
    judge.require(digest not in world.banks.reservations, "ReservationExists", digest)
    _judge_bank(world, judge, now, word.bank, word.signer, word.deadline, word.valid)
    world.banks.reservations[digest] = Reservation(product, word.bank, today, word.last_day)


def _judge_bank(world: World, judge: Judge, now: int, bank: int, signer: str, deadline: int, valid: bool) -> None:
    judge.require(now <= deadline, "DeadlinePassed", deadline)
    party = world.registry.actor(judge, now, signer, Right.ACT, Role.SETTLEMENT_BANK)
    judge.require(party in (0, bank), "SignerOfOtherBank", signer, bank, party)
    judge.require(valid, "BankSignatureInvalid", signer, ...)


def _judge_rail(world: World, judge: Judge, note_id: int) -> None:
    currency = world.currency_of(note_id)
    judge.require(is_bank_code(currency), "NotOnBankRail", currency)


def is_bank_code(currency: str) -> bool:
    """Three capital letters where a token's address would stand."""
    code = int(currency, 16).to_bytes(20, "big")
    return not any(code[:17]) and all(ord("A") <= letter <= ord("Z") for letter in code[17:])


def _debtor_acting(world: World, judge: Judge, caller: str, bank: int) -> int:
    """Also when suspended or expired; not its own bank."""
    account = world.registry.account(caller)
    may = bool(account.rights & Right.ACT)
    judge.require(may, "MissingRight", caller, account.party, account.rights, int(Right.ACT))
    judge.require(not may or bank != account.party, "BankIsDebtor", bank)
    return account.party if may else 0


# -- the bank's yes


def attest(world: World, judge: Judge, now: int, payment: Payment, digest: bytes) -> Broken | None:
    """Delivers what was paid for. Returns what stood against it where it is an exception instead."""
    key, today = (payment.bank, payment.reference), day_of(now)
    judge.require(any(payment.reference), "ReferenceMissing")
    judge.require(bool(payment.lines), "EmptyBatch")
    judge.require(payment.value_day <= today, "ValueDayInvalid", payment.value_day, 0, today)
    _judge_bank(world, judge, now, payment.bank, payment.signer, payment.deadline, payment.valid)
    outcome, known = world.banks.records.get(key, (Outcome.NONE, b""))
    again = outcome == Outcome.EXCEPTION and known == digest
    judge.require(outcome == Outcome.NONE or again, "ReferenceUsed", *key)
    if judge.broken:
        return None
    trial, found = copy.deepcopy(world), Judge()
    _deliver(trial, found, now, payment)
    if not found.broken:
        world.__dict__.update(trial.__dict__)
        world.banks.records[key] = (Outcome.DELIVERED, digest)
        return None
    first = found.broken[0]
    if again or first.name in INEXACT:
        judge.broken.append(first)
        return None
    world.banks.records[key] = (Outcome.EXCEPTION, digest)
    return first


def _deliver(world: World, judge: Judge, now: int, payment: Payment) -> None:
    reservation, today = world.banks.reservations.get(payment.reservation), day_of(now)
    if reservation is None:
        judge.require(False, "UnknownReservation", payment.reservation)
        return
    judge.require(reservation.bank == payment.bank, "OtherBank", reservation.bank, payment.bank)
    over = reservation.is_over(today)
    judge.require(not over, "ReservationOver", payment.reservation, reservation.last_day)
    in_time = payment.value_day >= reservation.day
    judge.require(in_time, "ValueDayInvalid", payment.value_day, reservation.day, today)
    if judge.broken:
        return
    if reservation.product == Product.SALE:
        _deliver_sale(world, judge, now, payment)
    else:
        _deliver_repayment(world, judge, today, payment)


def _deliver_sale(world: World, judge: Judge, now: int, payment: Payment) -> None:
    sale, line = world.banks.sales.get(payment.reservation), payment.lines[0]
    matches = sale is not None and line.note == sale.note and len(payment.lines) == 1
    if not judge.require(matches, "NotReservedUnder", payment.lines[-1].note, payment.reservation) or sale is None:
        return
    judge.require(line.payee == sale.seller, "OtherPayee", sale.note, sale.seller, line.payee)
    received = 0 if line.refused else line.amount
    judge.require(received == sale.price, "AmountNotExact", sale.note, sale.price, received)
    judge.require(payment.counted == 0, "CountNotExact", 0, 0, payment.counted)
    if judge.broken:
        return
    del world.banks.sales[payment.reservation]
    world.ledger.notes[sale.note].flags &= ~NoteFlag.RESERVED
    currency = world.currency_of(sale.note)
    child = assign(world, judge, now, sale.note, sale.seller, sale.financier, sale.amount, sale.registry_reference)
    judge.require(payment.currency == currency, "OtherCurrency", currency, payment.currency)
    if sale.recourse and child:
        world.sales[child] = Undertaking(sale.seller, sale.amount, sale.price, sale.rate_bps, payment.value_day)


def _deliver_repayment(world: World, judge: Judge, today: int, payment: Payment) -> None:
    first = world.ledger.notes.get(payment.lines[0].note)
    bank = world.banks.rounds.get(first.receivable) if first else None
    if first is not None and bank is not None and bank[0] == payment.reservation:
        dues = _take_round(world, judge, payment, first.receivable, bank[1])
    else:
        dues = _take_reserved(world, judge, payment)
    if judge.broken:
        return
    for line in payment.lines:
        due = dues[line.note]
        judge.require(line.payee == due.payee, "OtherPayee", line.note, due.payee, line.payee)
        judge.require(line.amount == due.cash, "AmountNotExact", line.note, due.cash, line.amount)
        frozen = bool(due.flags & NoteFlag.FROZEN)
        judge.require(line.refused or not frozen, "NoteFrozen", line.note)
        if line.refused and not frozen and due.cash:
            restore(world, today, world.ledger.notes[line.note], due)
    currency = world.currency_of(payment.lines[0].note)
    judge.require(payment.currency == currency, "OtherCurrency", currency, payment.currency)


def _take_reserved(world: World, judge: Judge, payment: Payment) -> dict[int, Due]:
    judge.require(payment.counted == 0, "CountNotExact", 0, 0, payment.counted)
    parts: list[tuple[int, int | None]] = []
    for line in payment.lines:
        principal = world.banks.reserved.get((payment.reservation, line.note), 0)
        if judge.require(principal > 0, "NotReservedUnder", line.note, payment.reservation):
            world.banks.reserved[payment.reservation, line.note] = 0
            world.ledger.notes[line.note].flags &= ~NoteFlag.RESERVED
            parts.append((line.note, principal))
    return {} if judge.broken else dict(settle(world, judge, payment.value_day, parts, 0))


def _take_round(world: World, judge: Judge, payment: Payment, receivable_id: int, number: int) -> dict[int, Due]:
    judge.require(world.ledger.receivables[receivable_id].round == number, "RoundNotOpen", receivable_id)
    counted = world.rounds[receivable_id].counted
    judge.require(payment.counted == counted, "CountNotExact", receivable_id, counted, payment.counted)
    notes = [line.note for line in payment.lines]
    return {} if judge.broken else dict(take_shares(world, judge, payment.value_day, receivable_id, notes))


# -- its no, and the end of the wait


def decline(world: World, judge: Judge, now: int, caller: str, digest: bytes, note_ids: list[int]) -> None:
    """The bank says no."""
    bank = world.registry.actor(judge, now, caller, Right.ACT, Role.SETTLEMENT_BANK)
    reservation = world.banks.reservations.get(digest)
    if reservation is None:
        judge.require(False, "UnknownReservation", digest)
        return
    judge.require(bool(judge.broken) or bank == reservation.bank, "OtherBank", reservation.bank, bank)
    judge.require(not reservation.declined, "ReservationOver", digest, reservation.last_day)
    reservation.declined = True
    for note_id in note_ids:
        _release(world, judge, now, digest, reservation.product, note_id)


def lapse(world: World, judge: Judge, now: int, digest: bytes, note_ids: list[int]) -> None:
    """Anyone releases what waits under a reservation that is over."""
    reservation = world.banks.reservations.get(digest)
    if reservation is None:
        judge.require(False, "UnknownReservation", digest)
        return
    judge.require(reservation.is_over(day_of(now)), "ReservationNotOver", digest, reservation.last_day)
    for note_id in note_ids:
        _release(world, judge, now, digest, reservation.product, note_id)


def _release(world: World, judge: Judge, now: int, digest: bytes, product: Product, note_id: int) -> None:
    sale, principal = world.banks.sales.get(digest), world.banks.reserved.get((digest, note_id), 0)
    waits = sale is not None and sale.note == note_id if product == Product.SALE else principal > 0
    if not judge.require(waits, "NotReservedUnder", note_id, digest):
        return
    if sale is not None:
        del world.banks.sales[digest]
        give_back(world, sale.financier, sale.quote_nonce, sale.amount)
    else:
        world.banks.reserved[digest, note_id] = 0
        world.banks.rests[note_id] = day_of(now) + REST_DAYS
    world.ledger.notes[note_id].flags &= ~NoteFlag.RESERVED
