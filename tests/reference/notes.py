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
    RETURNED = REFUSED | WITHDRAWN | LAPSED


class ReceivableFlag(IntFlag):
    """Facts about a receivable."""

    CANCELLED = 1
    OVERDUE = 2
    REGISTRY_REQUIRED = 4
    LONG_TENOR = 8
    LONG_TERMS = 16


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
    outstanding: int = 0
    # What left the tree, so that conservation can be added up without the chain.
    repaid: int = 0
    extinguished: int = 0
    cancelled: int = 0


@dataclass
class Note:
    """A part of a receivable; only ``value``, ``flags`` and ``lapse_day`` ever change."""

    value: int
    parent: int
    receivable: int
    holder: int
    tier: int
    flags: int = 0
    lapse_day: int = 0


@dataclass(frozen=True)
class Due:
    """What a payer owes for one note."""

    payee: int
    principal: int
    interest: int

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
        if note.value == 0:
            return NoteStatus.REPAID if note.flags & NoteFlag.REPAID else NoteStatus.SPENT
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

    def due(self, note_id: int, today: int) -> Due | None:
        """What is owed for a note on a day; None when it is due to nobody."""
        status = self.status(note_id, today)
        if status not in (NoteStatus.OFFERED, NoteStatus.LAPSABLE, NoteStatus.HELD):
            return None
        note = self.notes[note_id]
        if status != NoteStatus.HELD and note.parent == 0:
            return None
        receivable = self.receivables[note.receivable]
        late = days_between(receivable.due_day, today)
        payee = note.holder if status == NoteStatus.HELD else self.offeror(note_id)
        return Due(payee, note.value, overdue_down(note.value, receivable.policy.overdue_rate_bps, late))

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
            if note.parent == 0:
                assert (note_id, note.tier) == (receivable.root, 1)
                continue
            parent = self.notes[note.parent]
            hop = 0 if note.flags & NoteFlag.FINANCED else 1
            assert note.parent < note_id and parent.receivable == note.receivable and note.tier == parent.tier + hop
