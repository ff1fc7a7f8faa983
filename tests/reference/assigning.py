"""When a bought note was registered and its debtor notified, and which of two assignments comes first (民法典 第768条)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.financing import Quote
from tests.reference.notes import Note, NoteFlag
from tests.reference.parties import Right, Role
from tests.reference.refusals import Judge
from tests.reference.world import Assignment, World

IN_PROPORTION, FIRST, SECOND = range(3)


@dataclass(frozen=True)
class Registration:
    """A registrar's word. ``valid``: the signature is the signer's, for just this word, chain and contract."""

    note: int
    registry_reference: bytes
    registered_at: int
    replaces: int
    signer: str
    nonce: int
    deadline: int
    valid: bool = True


def register(world: World, judge: Judge, now: int, entries: list[tuple[Registration, Quote]]) -> None:
    """Writes down what registrars attest of the registry."""
    judge.require(bool(entries), "NothingToRecord")
    for word, quote in entries:
        _judge_deal(world, judge, word, quote)
        past = 0 < word.registered_at <= now
        judge.require(past, "RegistrationTimeInvalid", word.note, word.registered_at)
        row = world.assignments.setdefault(word.note, Assignment())
        current = row.registered_at == word.replaces
        judge.require(current, "RegistrationReplaced", word.note, row.registered_at, word.replaces)
        row.registered_at, row.recorded_at = word.registered_at, now
        judge.require(now <= word.deadline, "RegistrationExpired", word.deadline)
        used = (word.signer, word.nonce) in world.registrations
        judge.require(not used, "RegistrationUsedAlready", word.signer, word.nonce)
        world.registrations.add((word.signer, word.nonce))
        world.registry.actor(judge, now, word.signer, Right.ACT, Role.REGISTRAR)
        judge.require(word.valid, "RegistrationInvalid", word.signer, ...)


def _judge_deal(world: World, judge: Judge, word: Registration, quote: Quote) -> None:
    note = world.ledger.notes.get(word.note)
    judge.require(_is_bought(note), "NotBoughtNote", word.note)
    book = world.quotes.get((quote.financier, quote.nonce))
    known = book is not None and book.digest == quote and (book.cancelled or book.taken > 0)
    of_note = note is not None and (note.parent, note.holder) == (quote.note, quote.financier)
    if not judge.require(known and of_note, "QuoteOfOtherDeal", word.note, ...):
        return
    said, dealt = word.registry_reference, quote.registry_reference
    same = any(said) and (not any(dealt) or said == dealt)
    judge.require(same, "ReferenceOfOtherDeal", word.note, said, dealt)


def notify_debtor(world: World, judge: Judge, now: int, caller: str, note_ids: list[int]) -> None:
    """The assignee gives notice, or the debtor acknowledges; the first counts."""
    judge.require(bool(note_ids), "NothingToRecord")
    party = world.registry.actor(judge, now, caller, Right.ACT)
    for note_id in note_ids:
        note = world.ledger.notes.get(note_id)
        if not judge.require(_is_bought(note), "NotBoughtNote", note_id) or note is None:
            continue
        concerned = (0, note.holder, world.ledger.receivables[note.receivable].debtor)
        judge.require(party in concerned, "NotAssigneeNorDebtor", note_id, party)
        row = world.assignments.setdefault(note_id, Assignment())
        judge.require(not row.debtor_notified_at, "DebtorNotifiedAlready", note_id, row.debtor_notified_at)
        row.debtor_notified_at = now


def precedence(world: World, first: int, second: int) -> int:
    """Registered before unregistered, the earlier before the later; else the earlier notice; else in proportion."""
    a, b = (world.assignments.get(note, Assignment()) for note in (first, second))
    registered = a.registered_at or b.registered_at
    times = (a.registered_at, b.registered_at) if registered else (a.debtor_notified_at, b.debtor_notified_at)
    known = [time for time in times if time]
    if not known or times[0] == times[1]:
        return IN_PROPORTION
    return FIRST if times[0] == min(known) else SECOND


def _is_bought(note: Note | None) -> bool:
    ways = NoteFlag.FINANCED | NoteFlag.REASSIGNED | NoteFlag.RETURNED
    return note is not None and note.flags & ways == NoteFlag.FINANCED
