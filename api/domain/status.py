"""Status, derived from facts and the day, with the precedence that ReceivableNotes.noteStatus has. Nothing stores
one."""

from __future__ import annotations

from enum import IntFlag


class NoteFlag(IntFlag):
    """The bits of NoteFlags.sol."""

    ACCEPTED = 1
    REFUSED = 2
    WITHDRAWN = 4
    LAPSED = 8
    REPAID = 16
    FINANCED = 32


class ReceivableFlag(IntFlag):
    """The bits of ReceivableFlags in NoteFlags.sol."""

    CANCELLED = 1
    OVERDUE = 2
    REGISTRY_REQUIRED = 4
    LONG_TENOR = 8
    LONG_TERMS = 16


ACCEPTED, REFUSED, WITHDRAWN, LAPSED, REPAID, FINANCED = (int(flag) for flag in NoteFlag)
CANCELLED, OVERDUE = int(ReceivableFlag.CANCELLED), int(ReceivableFlag.OVERDUE)

NOTE_STATUSES = ("offered", "lapsable", "held", "spent", "refused", "withdrawn", "lapsed", "repaid")
RECEIVABLE_STATUSES = ("cancelled", "outstanding", "overdue", "settled")


def note_status(flags: int, value: int, lapse_day: int, today: int) -> str:
    """One of NOTE_STATUSES. `lapse_day` is the last day on which an open offer may be accepted."""
    if flags & REFUSED:
        return "refused"
    if flags & WITHDRAWN:
        return "withdrawn"
    if flags & LAPSED:
        return "lapsed"
    if value == 0:
        return "repaid" if flags & REPAID else "spent"
    if flags & ACCEPTED:
        return "held"
    return "lapsable" if today > lapse_day else "offered"


def receivable_status(flags: int, outstanding: int) -> str:
    """One of RECEIVABLE_STATUSES."""
    if flags & CANCELLED:
        return "cancelled"
    if outstanding == 0:
        return "settled"
    return "overdue" if flags & OVERDUE else "outstanding"
