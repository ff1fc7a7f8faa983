"""Receivables and the tree of notes they are split into: the stored facts, and what is derived from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from tests.reference.arithmetic import days_between, overdue_down


class NoteFlag(IntFlag):
    """Facts about a note that its value and the clock do not tell."""

    ACCEPTED = 1
    REFUSED = 2
    WITHDRAWN = 4
    LAPSED = 8
    REPAID = 16
    FINANCED = 32
    RESERVED = 64
    PLEDGED = 128
    FROZEN = 256
    TENDERED = 512
    REASSIGNED = 1024
    RETURNED = 2048


class ReceivableFlag(IntFlag):
    """Facts about a receivable."""

    CANCELLED = 1
    OVERDUE = 2
    REGISTRY_REQUIRED = 4
    LONG_TENOR = 8
    LONG_TERMS = 16
    ROUND_OPEN = 32
    ROUND_UNFINISHED = 64


class NoteStatus(IntEnum):
    """Derived from facts and the clock."""

    NONE = 0
    OFFERED = 1
    LAPSABLE = 2
    HELD = 3
    SPENT = 4
    REFUSED = 5
    WITHDRAWN = 6
    LAPSED = 7
    REPAID = 8
    RESERVED = 9
    PLEDGED = 10
    FROZEN = 11


class ReceivableStatus(IntEnum):
    """Derived from facts and the clock."""

    NONE = 0
    CANCELLED = 1
    OUTSTANDING = 2
    OVERDUE = 3
    SETTLED = 4


@dataclass(frozen=True)
class Policy:
    """Terms copied into each receivable when it is confirmed."""

    default_tenor_days: int = 183
    hard_tenor_days: int = 365
    terms_days: int = 60
    tier_limit: int = 4
    grace_days: int = 3
    overdue_rate_bps: int = 1_825
    offer_lifetime_days: int = 10
    min_child_value: int = 1
    registry_required: bool = True


@dataclass
class Receivable:
    """One confirmed debt."""

    debtor: int
    face: int
    due_day: int
    currency: int
    root: int
    policy: Policy
    delivery_day: int
    confirmed_day: int
    flags: int
    round: int = 0
    outstanding: int = 0
    # What left the tree, so that conservation can be added up without the chain.
    repaid: int = 0
    extinguished: int = 0
    cancelled: int = 0


@dataclass
class Note:
    """A part of a receivable; its parent, receivable, holder and tier never change."""

    value: int
    parent: int
    receivable: int
    holder: int
    tier: int
    flags: int = 0
    lapse_day: int = 0
    round: int = 0
    # Of its value, what secures a loan; and the day from which no interest runs, once tendered.
    pledged: int = 0
    tender_day: int = 0

    @property
    def free(self) -> int:
        """What may move."""
        return self.value - self.pledged


@dataclass(frozen=True)
class Due:
    """What a payer owes for one note."""

    payee: int
    principal: int
    interest: int
    flags: int = 0

    @property
    def cash(self) -> int:
        """Principal and interest together."""
        return self.principal + self.interest


@dataclass
class Consent:
    """A receiver's standing word to accept what one offeror passes on."""

    amount: int = 0
    latest_due_day: int = 0
    expiry_day: int = 0

    def covers(self, amount: int, due_day: int, today: int) -> bool:
        """Whether an offer is accepted at once."""
        return 0 < amount <= self.amount and due_day <= self.latest_due_day and today <= self.expiry_day


@dataclass
class Ledger:
    """All receivables, notes and consents of one note contract."""

    receivables: dict[int, Receivable] = field(default_factory=dict)
    notes: dict[int, Note] = field(default_factory=dict)
    consents: dict[tuple[int, int, int], Consent] = field(default_factory=dict)

    # -- derived

    def status(self, note_id: int, today: int) -> NoteStatus:
        """A note's status on a day."""
        note = self.notes.get(note_id)
        if note is None:
            return NoteStatus.NONE
        if note.flags & NoteFlag.REFUSED:
            return NoteStatus.REFUSED
        if note.flags & NoteFlag.WITHDRAWN:
            return NoteStatus.WITHDRAWN
        if note.flags & NoteFlag.LAPSED:
            return NoteStatus.LAPSED
        if note.flags & NoteFlag.FROZEN:
            return NoteStatus.FROZEN
        if note.value == 0:
            return NoteStatus.REPAID if note.flags & NoteFlag.REPAID else NoteStatus.SPENT
        if note.flags & NoteFlag.RESERVED:
            return NoteStatus.RESERVED
        if note.flags & NoteFlag.PLEDGED:
            return NoteStatus.PLEDGED
        if note.flags & NoteFlag.ACCEPTED:
            return NoteStatus.HELD
        return NoteStatus.OFFERED if today <= note.lapse_day else NoteStatus.LAPSABLE

    def receivable_status(self, receivable_id: int) -> ReceivableStatus:
        """A receivable's status: overdue is the one stored judgement."""
        receivable = self.receivables.get(receivable_id)
        if receivable is None:
            return ReceivableStatus.NONE
        if receivable.flags & ReceivableFlag.CANCELLED:
            return ReceivableStatus.CANCELLED
        if receivable.outstanding == 0:
            return ReceivableStatus.SETTLED
        declared = receivable.flags & ReceivableFlag.OVERDUE
        return ReceivableStatus.OVERDUE if declared else ReceivableStatus.OUTSTANDING

    def offeror(self, note_id: int) -> int:
        """Who offered the note: the parent's holder, of a root the debtor."""
        note = self.notes[note_id]
        return self.notes[note.parent].holder if note.parent else self.receivables[note.receivable].debtor

    def is_open(self, note_id: int) -> bool:
        """Whether the note is an offer that may be answered, in time or not."""
        closed = (
            NoteFlag.ACCEPTED
            | NoteFlag.REFUSED
            | NoteFlag.WITHDRAWN
            | NoteFlag.LAPSED
            | NoteFlag.REPAID
            | NoteFlag.RESERVED
            | NoteFlag.TENDERED
        )
        return not self.notes[note_id].flags & closed

    def is_movable(self, note_id: int) -> bool:
        """Whether the note is held, with value, and neither reserved nor frozen."""
        note = self.notes[note_id]
        marks = note.flags & (NoteFlag.ACCEPTED | NoteFlag.RESERVED | NoteFlag.FROZEN)
        return marks == NoteFlag.ACCEPTED and note.value > 0

    def due(self, note_id: int, as_of: int, part: int | None = None) -> Due | None:
        """What is owed for a note, or for a part of it, on a day; None when it is due to nobody."""
        note = self.notes[note_id]
        accepted = bool(note.flags & NoteFlag.ACCEPTED)
        if note.value == 0 or (not accepted and note.parent == 0):
            return None
        receivable = self.receivables[note.receivable]
        until = note.tender_day if note.flags & NoteFlag.TENDERED else as_of
        late, principal = days_between(receivable.due_day, until), note.value if part is None else part
        payee, flags = note.holder, int(note.flags)
        if not accepted:
            payee = self.offeror(note_id)
            flags |= self.notes[note.parent].flags & NoteFlag.FROZEN
        interest = overdue_down(principal, receivable.policy.overdue_rate_bps, late)
        return Due(payee, principal, interest, flags)

    def tendered(self, receivable_id: int) -> int:
        """The value of a receivable's tendered notes."""
        return sum(
            note.value
            for note in self.notes.values()
            if note.receivable == receivable_id and note.flags & NoteFlag.TENDERED
        )

    def children(self, note_id: int) -> list[int]:
        """The notes that came from a note, in order."""
        return [child for child, note in self.notes.items() if note.parent == note_id]

    def of_receivable(self, receivable_id: int) -> list[int]:
        """All notes of a receivable, in order."""
        return [note_id for note_id, note in self.notes.items() if note.receivable == receivable_id]

    # -- movements, without judgement

    def add(self, note: Note) -> int:
        """Writes a new note; returns its id."""
        note_id = len(self.notes) + 1
        self.notes[note_id] = note
        return note_id

    def offer(self, note: Note, offeror: int, today: int) -> int:
        """Writes a new note as an open offer, or accepted at once under the receiver's consent."""
        receivable = self.receivables[note.receivable]
        consent = self.consents.get((note.holder, offeror, receivable.currency), Consent())
        if consent.covers(note.value, receivable.due_day, today):
            consent.amount -= note.value
            note.flags |= NoteFlag.ACCEPTED
        else:
            note.lapse_day = min(today + receivable.policy.offer_lifetime_days, receivable.due_day)
        return self.add(note)

    # -- what must always hold

    def check(self) -> None:
        """I-1 and I-3 over everything."""
        for receivable_id, receivable in self.receivables.items():
            live = sum(self.notes[note_id].value for note_id in self.of_receivable(receivable_id))
            assert live == receivable.outstanding, (receivable_id, live, receivable.outstanding)
            assert receivable.face == live + receivable.repaid + receivable.extinguished + receivable.cancelled
        for note_id, note in self.notes.items():
            receivable = self.receivables[note.receivable]
            assert 1 <= note.tier <= receivable.policy.tier_limit
            assert 0 <= note.pledged <= note.value * bool(note.flags & NoteFlag.PLEDGED)
            if note.parent == 0:
                assert (note_id, note.tier) == (receivable.root, 1)
                continue
            parent = self.notes[note.parent]
            hop = 0 if note.flags & (NoteFlag.FINANCED | NoteFlag.REASSIGNED | NoteFlag.RETURNED) else 1
            assert note.parent < note_id and parent.receivable == note.receivable and note.tier == parent.tier + hop
