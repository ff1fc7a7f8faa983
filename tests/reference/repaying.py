"""Face value, and overdue interest if late, from a payer to every holder."""

from __future__ import annotations

from tests.reference.arithmetic import day_of
from tests.reference.notes import NoteFlag
from tests.reference.parties import Right
from tests.reference.refusals import Judge
from tests.reference.world import World


def repay(world: World, judge: Judge, now: int, caller: str, note_ids: list[int], payer: str, max_total: int) -> int:
    """Pays notes in full; returns what it cost. Works while paused, and for suspended or expired parties."""
    judge.require(bool(note_ids), "EmptyBatch")
    _judge_payer(world, judge, caller, payer)
    ledger, total, currencies = world.ledger, 0, []
    for note_id in note_ids:
        note = ledger.notes.get(note_id)
        if note is None:
            judge.require(False, "UnknownNote", note_id)
            continue
        due = ledger.due(note_id, day_of(now))
        if due is None:
            judge.require(False, "NotDue", note_id, int(ledger.status(note_id, day_of(now))))
            continue
        receivable = ledger.receivables[note.receivable]
        currencies.append(receivable.currency)
        judge.require(receivable.currency == currencies[0], "MixedCurrencies", currencies[0], receivable.currency)
        note.flags |= NoteFlag.REPAID
        note.value = 0
        receivable.repaid += due.principal
        world.free_line(note.receivable, due.principal)
        total += due.cash
        token = world.tokens[world.currencies[receivable.currency - 1]]
        token.transfer_from(judge, world.repayment_desk, payer, world.registry.parties[due.payee].settlement, due.cash)
    judge.require(total <= max_total, "TotalExceeded", total, max_total)
    return total


def _judge_payer(world: World, judge: Judge, caller: str, payer: str) -> None:
    own, theirs = world.registry.account(caller), world.registry.account(payer)
    together = own.party != 0 and own.party == theirs.party and bool(own.rights & Right.ACT)
    judge.require(caller == payer or together, "PayerNotAuthorised", payer, caller)
