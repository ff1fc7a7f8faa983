"""Offers come and go; holders pass value on to suppliers, one tier deeper.

Where the caller acts for nobody (party 0) that alone is broken, not its relation to the note besides.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.arithmetic import day_of
from tests.reference.notes import Consent, Note, NoteFlag, Receivable, ReceivableFlag
from tests.reference.parties import Right, Role
from tests.reference.refusals import Judge
from tests.reference.world import World


@dataclass(frozen=True)
class Portion:
    """What one receiver gets, and the trade under it."""

    to: int
    amount: int
    trade: bytes = b"\x33" * 32


def accept(world: World, judge: Judge, now: int, caller: str, note_ids: list[int]) -> None:
    """The receivers take what they were offered."""
    party = world.registry.actor(judge, now, caller, Right.ACT)
    for note_id in note_ids:
        note = _known(world, judge, note_id)
        if note is None:
            continue
        status = world.ledger.status(note_id, day_of(now))
        judge.require(party in (0, note.holder), "NotHolder", note_id, note.holder, party)
        judge.require(world.ledger.is_open(note_id), "NotOffered", note_id, int(status))
        judge.require(day_of(now) <= note.lapse_day or not world.ledger.is_open(note_id), "OfferLapsed", note_id, ...)
        parent = world.ledger.notes.get(note.parent)
        judge.require(parent is None or not parent.flags & NoteFlag.FROZEN, "NoteFrozen", note.parent)
        note.flags |= NoteFlag.ACCEPTED


def refuse(world: World, judge: Judge, now: int, caller: str, note_ids: list[int]) -> None:
    """The receivers will not have it."""
    party = world.registry.actor(judge, now, caller, Right.ACT)
    for note_id in note_ids:
        note = _known(world, judge, note_id)
        if note is not None:
            judge.require(party in (0, note.holder), "NotHolder", note_id, note.holder, party)
            _give_back(world, judge, now, note_id, NoteFlag.REFUSED)


def withdraw(world: World, judge: Judge, now: int, caller: str, note_ids: list[int]) -> None:
    """The offeror takes open offers back."""
    party = world.registry.actor(judge, now, caller, Right.ACT)
    for note_id in note_ids:
        if _known(world, judge, note_id) is not None:
            offeror = world.ledger.offeror(note_id)
            judge.require(party in (0, offeror), "NotOfferor", note_id, offeror, party)
            _give_back(world, judge, now, note_id, NoteFlag.WITHDRAWN)


def lapse(world: World, judge: Judge, now: int, note_ids: list[int]) -> None:
    """Anyone returns offers whose lapse day has passed."""
    for note_id in note_ids:
        note = _known(world, judge, note_id)
        if note is not None:
            judge.require(
                day_of(now) > note.lapse_day or not world.ledger.is_open(note_id),
                "OfferNotLapsed",
                note_id,
                note.lapse_day,
            )
            _give_back(world, judge, now, note_id, NoteFlag.LAPSED)


def _give_back(world: World, judge: Judge, now: int, note_id: int, flag: NoteFlag) -> None:
    ledger = world.ledger
    note, status = ledger.notes[note_id], ledger.status(note_id, day_of(now))
    if not judge.require(ledger.is_open(note_id), "NotOffered", note_id, int(status)):
        return
    begun = ledger.receivables[note.receivable].round
    judge.require(begun == 0, "RoundsBegun", note.receivable)
    value, note.value = note.value, 0
    note.flags |= flag
    if note.parent:
        ledger.notes[note.parent].value += value
        return
    receivable = ledger.receivables[note.receivable]
    receivable.flags |= ReceivableFlag.CANCELLED
    receivable.cancelled += value
    world.free_line(note.receivable, value)


def set_consent(
    world: World,
    judge: Judge,
    now: int,
    caller: str,
    offeror: int,
    currency: int,
    amount: int,
    latest_due_day: int,
    expiry_day: int,
) -> None:
    """The caller's party accepts at once what ``offeror`` passes to it, within limits; 0 revokes."""
    party = world.registry.actor(judge, now, caller, Right.ACT)
    judge.require(world.token_of(currency) is not None, "UnknownCurrency", currency)
    world.ledger.consents[party, offeror, currency] = Consent(amount, latest_due_day, expiry_day)


def split(world: World, judge: Judge, now: int, caller: str, splits: list[tuple[int, list[Portion]]]) -> int:
    """Passes value on; returns the id of the first child."""
    party = world.registry.actor(judge, now, caller, Right.ACT)
    judge.require(not world.paused, "ProtocolPaused")
    judge.require(bool(splits) and all(portions for _, portions in splits), "EmptyBatch")
    first = len(world.ledger.notes) + 1
    for note_id, portions in splits:
        note = _known(world, judge, note_id)
        if note is None:
            continue
        receivable = world.ledger.receivables[note.receivable]
        judge_movable(world, judge, now, note_id, party)
        judge.require(not note.flags & NoteFlag.FINANCED, "FinancedNote", note_id)
        for portion in portions:
            _judge_portion(world, judge, now, note_id, receivable, portion)
        total = sum(portion.amount for portion in portions)
        if not judge_amount(judge, note_id, note, receivable, total):
            continue
        note.value -= total
        for portion in portions:
            _pass_on(world, note_id, portion, day_of(now))
    return first


def _judge_portion(
    world: World, judge: Judge, now: int, note_id: int, receivable: Receivable, portion: Portion
) -> None:
    note = world.ledger.notes[note_id]
    judge.require(portion.amount > 0, "ZeroAmount")
    judge.require(any(portion.trade), "TradeHashMissing", note_id)
    minimum = receivable.policy.min_child_value
    judge.require(portion.amount >= minimum, "BelowMinimum", note_id, portion.amount, minimum)
    world.registry.require_active(judge, now, [portion.to], Role.SUPPLIER)
    judge.require(portion.to != note.holder, "SelfTransfer", note_id, note.holder)
    if portion.to == receivable.debtor:
        return
    limit = receivable.policy.tier_limit
    judge.require(note.tier < limit, "TierLimitReached", note_id, note.tier, limit)


def _pass_on(world: World, note_id: int, portion: Portion, today: int) -> None:
    ledger = world.ledger
    parent = ledger.notes[note_id]
    if portion.to == ledger.receivables[parent.receivable].debtor:
        extinguish(world, parent.receivable, portion.amount)
        return
    child = Note(portion.amount, note_id, parent.receivable, portion.to, parent.tier + 1)
    ledger.offer(child, parent.holder, today)


# -- what split and sale share


def judge_movable(world: World, judge: Judge, now: int, note_id: int, holder: int) -> None:
    """The note is held by ``holder``, and it is before the due day."""
    note = world.ledger.notes[note_id]
    receivable = world.ledger.receivables[note.receivable]
    status = world.ledger.status(note_id, day_of(now))
    judge.require(holder in (0, note.holder), "NotHolder", note_id, note.holder, holder)
    judge.require(world.ledger.is_movable(note_id), "NotHeld", note_id, int(status))
    judge.require(day_of(now) < receivable.due_day, "NotBeforeDueDay", note_id, receivable.due_day)


def judge_amount(judge: Judge, note_id: int, note: Note, receivable: Receivable, amount: int) -> bool:
    """The amount is there, and what remains is nothing or enough."""
    if not judge.require(amount <= note.free, "ValueExceeded", note_id, amount, note.free):
        return False
    rest, minimum = note.value - amount, receivable.policy.min_child_value
    judge.require(rest == 0 or rest >= minimum, "BelowMinimum", note_id, rest, minimum)
    return True


def extinguish(world: World, receivable_id: int, amount: int) -> None:
    """Value reached its own debtor."""
    world.ledger.receivables[receivable_id].extinguished += amount
    world.free_line(receivable_id, amount)


def _known(world: World, judge: Judge, note_id: int) -> Note | None:
    note = world.ledger.notes.get(note_id)
    judge.require(note is not None, "UnknownNote", note_id)
    return note
