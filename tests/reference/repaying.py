"""Face value, and overdue interest if late, from a payer to every holder: whole notes, shares of rounds, and tender."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.reference.arithmetic import day_of
from tests.reference.notes import Due, Note, NoteFlag, NoteStatus, Receivable, ReceivableFlag
from tests.reference.parties import Right
from tests.reference.pledging import collect, first_share
from tests.reference.refusals import Judge
from tests.reference.world import Round, World

ROUND_DAYS = 30
IN_FULL = ReceivableFlag.OVERDUE | ReceivableFlag.ROUND_UNFINISHED


def repay(world: World, judge: Judge, now: int, caller: str, note_ids: list[int], payer: str, max_total: int) -> int:
    """Pays notes in full; returns what it cost. Works while paused, and for suspended or expired parties."""
    judge.require(bool(note_ids), "EmptyBatch")
    world.registry.judge_payer(judge, caller, payer)
    dues = settle(world, judge, day_of(now), [(note_id, None) for note_id in note_ids], 0)
    total = _pay_out(world, judge, now, payer, dues)
    judge.require(total <= max_total, "TotalExceeded", total, max_total)
    return total


def settle(
    world: World, judge: Judge, as_of: int, parts: Sequence[tuple[int, int | None]], round_number: int
) -> list[tuple[int, Due]]:
    """Takes what is due on a day out of the notes (all of each, or a part); returns what is to be paid for which."""
    ledger, dues, currencies, in_full = world.ledger, list[tuple[int, Due]](), list[int](), set[int]()
    for note_id, part in parts:
        note = ledger.notes.get(note_id)
        if note is None:
            judge.require(False, "UnknownNote", note_id)
            continue
        receivable = ledger.receivables[note.receivable]
        currencies.append(receivable.currency)
        judge.require(receivable.currency == currencies[0], "MixedCurrencies", currencies[0], receivable.currency)
        if round_number == 0:
            judge.require(not receivable.flags & ReceivableFlag.ROUND_OPEN, "RoundOpen", note.receivable)
        due = ledger.due(note_id, as_of, part)
        if due is None:
            judge.require(False, "NotDue", note_id, int(ledger.status(note_id, as_of)))
            continue
        if not judge.require(due.principal <= note.value, "ValueExceeded", note_id, due.principal, note.value):
            continue
        judge.require(not note.flags & NoteFlag.RESERVED, "NotDue", note_id, int(NoteStatus.RESERVED))
        if round_number:
            judge.require(note.round != round_number, "SharedAlready", note_id, round_number)
            note.round = round_number
        elif receivable.flags & IN_FULL:
            in_full.add(note.receivable)
        if due.flags & NoteFlag.FROZEN:
            tender(world, as_of, note)
        else:
            _take(world, note, due)
        dues.append((note_id, due))
    for receivable_id in in_full:
        left = ledger.receivables[receivable_id].outstanding - ledger.tendered(receivable_id)
        judge.require(left == 0, "PaidInPart", receivable_id, left)
    return dues


def _take(world: World, note: Note, due: Due) -> None:
    note.value -= due.principal
    if note.value == 0:
        note.flags |= NoteFlag.REPAID
    world.ledger.receivables[note.receivable].repaid += due.principal
    world.free_line(note.receivable, due.principal)


def _pay_out(world: World, judge: Judge, now: int, payer: str, dues: list[tuple[int, Due]]) -> int:
    """Moves the cash, or puts value back; returns what moved. What was not paid, the payer must have had all the same."""
    total, unpaid = 0, Counter[str]()
    for note_id, due in dues:
        note, currency = world.ledger.notes[note_id], world.currency_of(note_id)
        if not judge.require(currency in world.tokens, "OnBankRail", currency):
            continue
        if due.cash == 0:
            continue
        if due.flags & NoteFlag.FROZEN:
            unpaid[currency] += due.cash
        elif not _pay(world, judge, now, payer, note_id, due, currency):
            unpaid[currency] += due.cash
            restore(world, day_of(now), note, due)
        else:
            total += due.cash
    for currency, amount in unpaid.items():
        world.tokens[currency].judge_payer(judge, world.repayment_desk, payer, amount)
    return total


def _pay(world: World, judge: Judge, now: int, payer: str, note_id: int, due: Due, currency: str) -> bool:
    """The lender of a pledged note first, the note's payee the rest; both or neither. Whether the token lets them."""
    token, settlement, spent = world.tokens[currency], world.registry.settlement, 0
    lender, first = first_share(world, now, note_id, due.cash) if due.flags & NoteFlag.PLEDGED else (0, 0)
    legs = [(settlement(party), cash) for party, cash in ((lender, first), (due.payee, due.cash - first)) if cash]
    for payee, cash in legs:
        held, spent = token.balances[payer] - spent, spent + cash
        if payee in token.blocked or not token.can_pay(world.repayment_desk, payer, spent):
            return False
        judge.require(payer != payee, "CashNotExact", currency, payer, held + cash, held)
    for payee, cash in legs:
        token.move(world.repayment_desk, payer, payee, cash)
    if first:
        collect(world, now, note_id, first)
    return True


def restore(world: World, today: int, note: Note, due: Due) -> None:
    """Puts back what the payee's side could not take."""
    note.value += due.principal
    note.flags &= ~NoteFlag.REPAID
    world.ledger.receivables[note.receivable].repaid -= due.principal
    tender(world, today, note)
    world.free_line(note.receivable, -due.principal)


def tender(world: World, today: int, note: Note) -> None:
    """From the due day on, what was offered and could not be taken bears no interest and is not overdue."""
    if today >= world.ledger.receivables[note.receivable].due_day and not note.flags & NoteFlag.TENDERED:
        note.flags |= NoteFlag.TENDERED
        note.tender_day = today
    world.end_overdue(note.receivable)


# -- rounds


def open_round(world: World, judge: Judge, now: int, caller: str, receivable_id: int, total: int) -> None:
    """The debtor fixes what it pays of all that is outstanding."""
    receivable = _judge_round(world, judge, now, caller, receivable_id)
    if receivable is None:
        return
    judge.require(not _is_unfinished(world, receivable_id), "RoundUnfinished", receivable_id, receivable.round)
    within = 0 < total <= receivable.outstanding
    judge.require(within, "RoundTotalInvalid", receivable_id, total, receivable.outstanding)
    receivable.round += 1
    receivable.flags &= ~ReceivableFlag.ROUND_UNFINISHED
    receivable.flags |= ReceivableFlag.ROUND_OPEN
    world.rounds[receivable_id] = Round(total, receivable.outstanding, 0, day_of(now) + ROUND_DAYS)


def resume_round(world: World, judge: Judge, now: int, caller: str, receivable_id: int) -> None:
    """Those who had nothing in a round that was closed too early come first."""
    receivable = _judge_round(world, judge, now, caller, receivable_id)
    if receivable is None or not judge.require(
        _is_unfinished(world, receivable_id), "NoUnfinishedRound", receivable_id
    ):
        return
    receivable.flags ^= ReceivableFlag.ROUND_UNFINISHED | ReceivableFlag.ROUND_OPEN
    world.rounds[receivable_id].last_day = day_of(now) + ROUND_DAYS


def _is_unfinished(world: World, receivable_id: int) -> bool:
    """Once all that is left was tendered there is nobody left to come first."""
    receivable = world.ledger.receivables[receivable_id]
    flagged = bool(receivable.flags & ReceivableFlag.ROUND_UNFINISHED)
    return flagged and receivable.outstanding != world.ledger.tendered(receivable_id)


def _judge_round(world: World, judge: Judge, now: int, caller: str, receivable_id: int) -> Receivable | None:
    receivable = world.ledger.receivables.get(receivable_id)
    if receivable is None:
        judge.require(False, "UnknownReceivable", receivable_id)
        return None
    account = world.registry.account(caller)
    own = account.party == receivable.debtor and bool(account.rights & Right.ACT)
    judge.require(own, "NotDebtor", receivable_id, receivable.debtor, account.party)
    judge.require(day_of(now) >= receivable.due_day, "RoundBeforeDueDay", receivable_id, receivable.due_day)
    judge.require(not receivable.flags & ReceivableFlag.ROUND_OPEN, "RoundOpen", receivable_id)
    accepted = world.ledger.notes[receivable.root].flags & NoteFlag.ACCEPTED
    judge.require(bool(accepted) and receivable.outstanding > 0, "NothingOwed", receivable_id)
    return receivable


def pay_round(
    world: World, judge: Judge, now: int, caller: str, receivable_id: int, note_ids: list[int], payer: str, most: int
) -> int:
    """Pays notes their shares; returns what it cost, interest included."""
    world.registry.judge_payer(judge, caller, payer)
    total = _pay_out(world, judge, now, payer, take_shares(world, judge, day_of(now), receivable_id, note_ids))
    judge.require(total <= most, "TotalExceeded", total, most)
    return total


def take_shares(
    world: World, judge: Judge, as_of: int, receivable_id: int, note_ids: list[int]
) -> list[tuple[int, Due]]:
    """Takes shares out of notes, in any order, each note once; the last one closes the round."""
    receivable = world.ledger.receivables.get(receivable_id)
    is_open = receivable is not None and bool(receivable.flags & ReceivableFlag.ROUND_OPEN)
    judge.require(is_open, "RoundNotOpen", receivable_id)
    judge.require(bool(note_ids), "EmptyBatch")
    if receivable is None or not is_open:
        return []
    round_, parts = world.rounds[receivable_id], list[tuple[int, int | None]]()
    for note_id in note_ids:
        note = world.ledger.notes.get(note_id)
        owner = note.receivable if note else 0
        if judge.require(owner == receivable_id, "OtherReceivable", note_id, owner) and note is not None:
            parts.append((note_id, round_.share(note.value)))
            round_.counted += note.value
    dues = settle(world, judge, as_of, parts, receivable.round)
    if round_.counted == round_.base:
        receivable.flags &= ~ReceivableFlag.ROUND_OPEN
    return dues


def close_round(world: World, judge: Judge, now: int, receivable_id: int) -> None:
    """Anyone ends the wait for a round that was not carried through in time."""
    receivable = world.ledger.receivables.get(receivable_id)
    is_open = receivable is not None and bool(receivable.flags & ReceivableFlag.ROUND_OPEN)
    if not judge.require(is_open, "RoundNotOpen", receivable_id) or receivable is None:
        return
    last_day = world.rounds[receivable_id].last_day
    judge.require(day_of(now) > last_day, "RoundNotOver", receivable_id, last_day)
    receivable.flags ^= ReceivableFlag.ROUND_UNFINISHED | ReceivableFlag.ROUND_OPEN
