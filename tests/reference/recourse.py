"""Sales whose seller answers for the debtor: what is kept of them, the demand, and the payment that brings the note back."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.arithmetic import day_of, refund_down
from tests.reference.notes import Due, Note, NoteFlag, NoteStatus, ReceivableFlag
from tests.reference.parties import Right
from tests.reference.refusals import Judge
from tests.reference.world import Sale, World


@dataclass(frozen=True)
class Honoured:
    """What an honoured demand led to."""

    child: int
    total: int


def sale_of(world: World, note_id: int) -> tuple[Sale | None, int]:
    """The sale by which the note's holder got it, and the note that the sale brought into being."""
    origin = world.origins.get(note_id, note_id)
    sale = world.sales.get(origin)
    return sale, origin if sale else 0


def claim(world: World, note_id: int, today: int) -> int:
    """What the seller owes: the price of what is left with interest, at most what the debtor owes."""
    sale, _ = sale_of(world, note_id)
    due = world.ledger.due(note_id, today)
    assert sale is not None and due is not None
    return _claim(sale, due, today)


def _claim(sale: Sale, due: Due, today: int) -> int:
    refund = refund_down(sale.price, sale.amount, due.principal, sale.rate_bps, max(0, today - sale.day))
    return min(refund, due.cash)


def demand(world: World, judge: Judge, now: int, caller: str, note_ids: list[int]) -> None:
    """The financier demands of its sellers what its notes are short of."""
    judge.require(bool(note_ids), "NothingToDemand")
    party = world.registry.actor(judge, now, caller, Right.ACT)
    for note_id in note_ids:
        note = world.ledger.notes.get(note_id)
        holder = note.holder if note else 0
        judge.require(party in (0, holder), "NotHolder", note_id, holder, party)
        judge.require(sale_of(world, note_id)[0] is not None, "SoldWithoutRecourse", note_id)
        status = world.ledger.status(note_id, day_of(now))
        held = status in (NoteStatus.HELD, NoteStatus.PLEDGED)
        judge.require(held, "NotHeld", note_id, int(status))
        if note is None:
            continue
        receivable = world.ledger.receivables[note.receivable]
        judge.require(bool(receivable.flags & ReceivableFlag.OVERDUE), "NotDeclaredOverdue", note_id)
        judge.require(not note.flags & NoteFlag.TENDERED, "PaymentTendered", note_id)
        judge.require(note_id not in world.demands, "AlreadyDemanded", note_id, world.demands.get(note_id, 0))
        world.demands[note_id] = day_of(now)


def honour(
    world: World, judge: Judge, now: int, caller: str, note_id: int, payer: str, max_total: int
) -> Honoured | None:
    """The seller pays the claim, and the note's whole value comes back to it."""
    sale, origin = sale_of(world, note_id)
    if not judge.require(sale is not None, "SoldWithoutRecourse", note_id) or sale is None:
        return None
    _judge_seller(world, judge, caller, note_id, sale.seller, payer)
    judge.require(note_id in world.demands, "NotDemanded", note_id)
    note, today = world.ledger.notes[note_id], day_of(now)
    status, due = int(world.ledger.status(note_id, today)), world.ledger.due(note_id, today)
    if not judge.require(due is not None, "NotDue", note_id, status) or due is None:
        return None
    receivable = world.ledger.receivables[note.receivable]
    judge.require(world.ledger.is_movable(note_id), "NotHeld", note_id, status)
    judge.require(not note.pledged, "ValueExceeded", note_id, note.value, note.free)
    judge.require(not receivable.flags & ReceivableFlag.ROUND_OPEN, "RoundOpen", note.receivable)
    total = _claim(sale, due, today)
    judge.require(total <= max_total, "TotalExceeded", total, max_total)
    currency = world.currencies[receivable.currency - 1]
    token = world.tokens.get(currency)
    if not judge.require(token is not None, "OnBankRail", currency) or token is None:
        return None
    payee = world.registry.parties[note.holder].settlement
    token.transfer_from(judge, world.recourse_desk, payer, payee, total)
    world.demands.pop(note_id, None)
    return Honoured(_take_back(world, note_id, note, sale.seller, origin), total)


def _take_back(world: World, note_id: int, note: Note, seller: int, origin: int) -> int:
    """The seller's note; the sale by which the seller itself had got what it sold holds for it again."""
    kept = note.flags & (NoteFlag.FINANCED | NoteFlag.TENDERED)
    flags = int(NoteFlag.ACCEPTED | NoteFlag.RETURNED | kept)
    child = Note(note.value, note_id, note.receivable, seller, note.tier, flags)
    child.round, child.tender_day = note.round, note.tender_day if kept & NoteFlag.TENDERED else 0
    note.value = 0
    returned = world.ledger.add(child)
    _, earlier = sale_of(world, world.ledger.notes[origin].parent)
    if earlier:
        world.origins[returned] = earlier
    return returned


def _judge_seller(world: World, judge: Judge, caller: str, note_id: int, seller: int, payer: str) -> None:
    own, theirs = world.registry.account(caller), world.registry.account(payer)
    if not judge.require(own.party == seller, "NotSeller", note_id, seller, own.party):
        return
    acts = bool(own.rights & Right.ACT)
    judge.require(acts, "MissingRight", caller, own.party, int(own.rights), int(Right.ACT))
    judge.require(caller == payer or theirs.party == seller, "PayerNotAuthorised", payer, caller)
