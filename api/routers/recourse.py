"""Recourse: what sellers answer for, demanding it, and paying it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.routers import acts as tell
from api.routers.answers import json_answer, operations_answer, two_person_answer
from api.routers.deps import Cursor, Desk, Limit, Seeing, Who, Writing
from api.routers.documented import reading, writing
from api.schemas import acts, ledger, wire
from api.schemas import recourse as shapes
from api.schemas.operations import Operations

router = APIRouter(tags=["recourse"])

_STANDING = ("UnknownParty", "UnknownNote", "MissingRight", "SoldWithoutRecourse")


@router.get("/recourse", response_model=ledger.Page[shapes.Recourse], responses=reading("CursorInvalid"))
async def recourse(see: Seeing, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Sales with recourse of which something is owed still (追索权), by note: the asker's, as financier and as seller."""
    return json_answer(wire.page(await see.recourse(cursor=cursor, limit=limit), shapes.recourse))


@router.post(
    "/recourse/demands",
    response_model=Operations,
    responses=writing(
        *(Operations, *_STANDING, "NotHolder", "NotHeld", "NotDeclaredOverdue", "PaymentTendered", "AlreadyDemanded"),
        *("PartyIsSuspended", "IdentityExpired"),
    ),
)
async def demand(desk: Desk, see: Seeing, write: Writing, body: acts.NotesBody) -> Response:
    """The financier demands of its sellers what overdue notes are short of (向前手追索)."""
    return await operations_answer(desk, write, await tell.demand(desk, see, desk.acts, body, write.request))


@router.post(
    "/recourse/payments",
    response_model=Operations,
    responses=writing(Operations, *_STANDING, "NotSeller", "NotDemanded", "TotalExceeded", "NotDue"),
)
async def honour(desk: Desk, see: Seeing, who: Who, write: Writing, body: shapes.HonourBody) -> Response:
    """The seller pays what was demanded, from its settlement account, and the note comes back to it in the same act. The
    recourse desk must have leave to draw (`POST /deposits/approvals`)."""
    return await two_person_answer(desk, who, write, lambda acts: tell.honour(desk, see, acts, body, write.request))
