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
    RESERVED = 64
    PLEDGED = 128
    FROZEN = 256
    TENDERED = 512
    REASSIGNED = 1024
    RETURNED = 2048


class ReceivableFlag(IntFlag):
    """The bits of ReceivableFlags in NoteFlags.sol."""

    CANCELLED = 1
    OVERDUE = 2
    REGISTRY_REQUIRED = 4
    LONG_TENOR = 8
    LONG_TERMS = 16
    ROUND_OPEN = 32
    ROUND_UNFINISHED = 64


ACCEPTED, REFUSED, WITHDRAWN, LAPSED, REPAID, FINANCED, RESERVED, PLEDGED, FROZEN, TENDERED, REASSIGNED, RETURNED = (
    int(flag) for flag in NoteFlag
)
CANCELLED, OVERDUE = int(ReceivableFlag.CANCELLED), int(ReceivableFlag.OVERDUE)
IN_FULL = int(ReceivableFlag.OVERDUE | ReceivableFlag.ROUND_UNFINISHED)
"""Of these a receivable is repaid in full in one call, or by rounds."""

NOTE_STATUSES = (
    "offered",
    "lapsable",
    "held",
    "spent",
    "refused",
    "withdrawn",
    "lapsed",
    "repaid",
    "reserved",
    "pledged",
    "frozen",
)
RECEIVABLE_STATUSES = ("cancelled", "outstanding", "overdue", "settled")


def note_status(flags: int, value: int, lapse_day: int, today: int) -> str:
    """One of NOTE_STATUSES. `lapse_day` is the last day on which an open offer may be accepted."""
    if flags & REFUSED:
        return "refused"
    if flags & WITHDRAWN:
        return "withdrawn"
    if flags & LAPSED:
        return "lapsed"
    if flags & FROZEN:
        return "frozen"
    if value == 0:
        return "repaid" if flags & REPAID else "spent"
    if flags & RESERVED:
        return "reserved"
    if flags & PLEDGED:
        return "pledged"
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
