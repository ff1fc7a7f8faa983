"""Orders of courts: an arbiter freezes notes, releases them, and passes frozen value on after a delay."""

from __future__ import annotations

from tests.reference.arithmetic import DAY, day_of
from tests.reference.notes import Note, NoteFlag, ReceivableFlag
from tests.reference.parties import Right, Role
from tests.reference.passing import extinguish
from tests.reference.refusals import Judge
from tests.reference.world import Reassignment, World

REASSIGN_DELAY = 2 * DAY


def freeze(world: World, judge: Judge, now: int, caller: str, note_ids: list[int], order: bytes) -> None:
    """Stops accepted notes and their open offers, at once."""
    _judge_arbiter(world, judge, now, caller, order)
    judge.require(bool(note_ids), "EmptyBatch")
    for note_id in note_ids:
        note, status = world.ledger.notes.get(note_id), world.ledger.status(note_id, day_of(now))
        marks = note.flags & (NoteFlag.ACCEPTED | NoteFlag.FROZEN) if note else 0
        if judge.require(marks == NoteFlag.ACCEPTED, "NotFreezable", note_id, int(status)) and note:
            note.flags |= NoteFlag.FROZEN
            world.freezes[note_id] = world.freezes.get(note_id, 0) + 1


def release(world: World, judge: Judge, now: int, caller: str, note_ids: list[int], order: bytes) -> None:
    """Lets them go."""
    _judge_arbiter(world, judge, now, caller, order)
    judge.require(bool(note_ids), "EmptyBatch")
    for note_id in note_ids:
        note = _frozen(world, judge, note_id)
        if note is not None:
            note.flags &= ~NoteFlag.FROZEN


def order_reassignment(
    world: World, judge: Judge, now: int, caller: str, note_id: int, to: int, amount: int, order: bytes
) -> int:
    """Records that value of a frozen note goes to ``to``; returns the reassignment's id."""
    arbiter = _judge_arbiter(world, judge, now, caller, order)
    note = _frozen(world, judge, note_id)
    world.registry.require_active(judge, now, [to])
    if note is not None:
        _judge_taking(judge, note_id, note, to, amount)
    world.reassignment_count += 1
    world.reassignments[world.reassignment_count] = Reassignment(
        note_id, to, amount, arbiter, world.freezes.get(note_id, 0), now + REASSIGN_DELAY
    )
    return world.reassignment_count


def execute_reassignment(world: World, judge: Judge, now: int, reassignment_id: int) -> int:
    """Carries it out; returns the receiver's note, 0 where extinguished."""
    order = _known(world, judge, reassignment_id)
    if order is None:
        return 0
    judge.require(now >= order.ready_at, "ReassignmentNotDue", reassignment_id, order.ready_at)
    count = world.freezes.get(order.note, 0)
    judge.require(order.freeze == count, "FreezeOver", order.note, order.freeze, count)
    world.registry.require_active(judge, now, [order.arbiter], Role.ARBITER)
    world.registry.require_active(judge, now, [order.to])
    del world.reassignments[reassignment_id]
    note = _frozen(world, judge, order.note)
    if note is None or not _judge_taking(judge, order.note, note, order.to, order.amount):
        return 0
    is_open = world.ledger.receivables[note.receivable].flags & ReceivableFlag.ROUND_OPEN
    judge.require(not is_open, "RoundOpen", note.receivable)
    receivable = world.ledger.receivables[note.receivable]
    if order.to == receivable.debtor:
        unfinished = bool(receivable.flags & ReceivableFlag.ROUND_UNFINISHED)
        judge.require(not unfinished, "RoundUnfinished", note.receivable, receivable.round)
    note.value -= order.amount
    note.pledged = min(note.pledged, note.value)
    if order.to == world.ledger.receivables[note.receivable].debtor:
        extinguish(world, note.receivable, order.amount)
        return 0
    kept = NoteFlag(note.flags) & (NoteFlag.FINANCED | NoteFlag.TENDERED)
    child = Note(order.amount, order.note, note.receivable, order.to, note.tier, round=note.round)
    child.flags = kept | NoteFlag.ACCEPTED | NoteFlag.REASSIGNED
    child.tender_day = note.tender_day if kept & NoteFlag.TENDERED else 0
    return world.ledger.add(child)


def cancel_reassignment(world: World, judge: Judge, now: int, caller: str, reassignment_id: int, order: bytes) -> None:
    """Strikes it."""
    _judge_arbiter(world, judge, now, caller, order)
    if _known(world, judge, reassignment_id) is not None:
        del world.reassignments[reassignment_id]


def _judge_arbiter(world: World, judge: Judge, now: int, caller: str, order: bytes) -> int:
    arbiter = world.registry.actor(judge, now, caller, Right.ACT, Role.ARBITER)
    judge.require(any(order), "OrderHashMissing")
    return arbiter


def _judge_taking(judge: Judge, note_id: int, note: Note, to: int, amount: int) -> bool:
    judge.require(amount > 0, "ZeroAmount")
    judge.require(to != note.holder, "SelfTransfer", note_id, to)
    return judge.require(amount <= note.value, "ValueExceeded", note_id, amount, note.value)


def _frozen(world: World, judge: Judge, note_id: int) -> Note | None:
    note = world.ledger.notes.get(note_id)
    frozen = note is not None and bool(note.flags & NoteFlag.FROZEN)
    return note if judge.require(frozen, "NoteNotFrozen", note_id) else None


def _known(world: World, judge: Judge, reassignment_id: int) -> Reassignment | None:
    order = world.reassignments.get(reassignment_id)
    judge.require(order is not None, "UnknownReassignment", reassignment_id)
    return order
