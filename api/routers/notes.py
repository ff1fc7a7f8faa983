"""Notes: accepting, refusing, passing on; and the trace from the first invoice to the last holder."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.dossier.document import Dossier
from api.exports import ledger as exports
from api.exports.formats import DATA
from api.routers import acts as tell
from api.routers.answers import Json, answered, json_answer, operations_answer, ready_answer, written_out
from api.routers.deps import Cursor, DebtTerms, Desk, Limit, NotePath, Seeing, Wanting, Writing
from api.routers.documented import in_forms, reading, writing
from api.schemas import acts, ledger, wire
from api.schemas.base import BATCH, LARGEST_ID, LARGEST_PARTY
from api.schemas.operations import Operations
from api.services.sight import SeenTrace

router = APIRouter(tags=["notes"])

_STANDING = ("UnknownParty", "UnknownNote", "EmptyBatch", "MissingRight", "PartyIsSuspended", "IdentityExpired")


@router.get("/notes", response_model=ledger.Page[ledger.Note], responses=reading("CursorInvalid"))
async def notes(
    see: Seeing,
    terms: DebtTerms,
    holder: Annotated[int | None, Query(ge=1, le=LARGEST_PARTY)] = None,
    receivable: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    status: ledger.NoteStatus | None = None,
    tier: Annotated[int | None, Query(ge=1, le=255)] = None,
    ids: Annotated[
        list[Annotated[int, Query(ge=1, le=LARGEST_ID)]] | None,
        Query(alias="id", max_length=BATCH, description="Of these alone."),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Notes, by id: those that the asker has to do with. Currency and due day are those of the debt."""
    page = await see.notes(
        holder=holder,
        receivable=receivable,
        status=status,
        tier=tier,
        terms=terms,
        cursor=cursor,
        limit=limit,
        ids=sorted(set(ids or ())),
    )
    return json_answer(wire.page(page, wire.seen_note))


@router.get("/notes/{id}", response_model=ledger.Note, responses=reading("UnknownNote"))
async def note(see: Seeing, note_id: NotePath) -> Response:
    """One note, with the cash that moved for it."""
    return json_answer(wire.seen_note(await see.note(note_id)))


@router.get("/notes/{id}/trace", response_model=ledger.Trace, **in_forms("UnknownNote"))
async def trace(desk: Desk, see: Seeing, note_id: NotePath, want: Wanting) -> Response:
    """A note's story: up to the root, down to every leaf, each hop with trade hash, cash, transaction, block and time.

    Notes that the asker has nothing to do with are left out, also of `path`.
    """
    if want.form in DATA:
        made = desk.remembered.trace(see, note_id, want.form, lambda seen: written_out(_trace(seen), want.form))
        return ready_answer(await made, want.form)
    return await answered(want, _trace(await see.trace(note_id)), exports.trace)


def _trace(seen: SeenTrace) -> Json:
    return wire.trace(seen.note, seen.receivable, seen.path, seen.nodes)


@router.get(
    "/notes/{id}/dossier",
    response_model=Dossier,
    responses=reading(
        *("UnknownNote", "UnknownBlock", "StatePruned", "ProofsNotOffered", "NodeDisagrees"),
        *("DossierIncomplete", "ChainUnreachable"),
    ),
)
async def dossier(
    see: Seeing,
    note_id: NotePath,
    block: Annotated[
        int | None, Query(ge=0, le=LARGEST_ID, description="As of this block; the last one that is indexed by default.")
    ] = None,
) -> Response:
    """The file that proves a note's story to whoever trusts the chain alone (存证卷宗); `scf check` holds it against hashes
    of blocks. For those who see all."""
    file = await see.dossier(note_id, block)
    name = f"dossier-{note_id}.json"
    return Response(file, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, "application/json")


@router.post(
    "/notes/accept",
    response_model=Operations,
    responses=writing(Operations, *_STANDING, "NotHolder", "NotOffered", "OfferLapsed"),
)
async def accept(desk: Desk, see: Seeing, write: Writing, body: acts.NotesBody) -> Response:
    """The receiver takes what it was offered (签收)."""
    return await operations_answer(desk, write, await tell.accept(desk, see, desk.acts, body, write.request))


@router.post(
    "/notes/refuse", response_model=Operations, responses=writing(Operations, *_STANDING, "NotHolder", "NotOffered")
)
async def refuse(desk: Desk, see: Seeing, write: Writing, body: acts.NotesBody) -> Response:
    """The receiver will not have it: value goes back to the offeror; a refused root cancels the receivable."""
    return await operations_answer(desk, write, await tell.refuse(desk, see, desk.acts, body, write.request))


@router.post(
    "/notes/withdraw",
    response_model=Operations,
    responses=writing(Operations, *_STANDING, "NotOfferor", "NotOffered"),
)
async def withdraw(desk: Desk, see: Seeing, write: Writing, body: acts.NotesBody) -> Response:
    """The offeror takes an offer back that nobody has answered."""
    return await operations_answer(desk, write, await tell.withdraw(desk, see, desk.acts, body, write.request))


@router.post(
    "/notes/lapse",
    response_model=Operations,
    responses=writing(Operations, "UnknownParty", "UnknownNote", "EmptyBatch", "NotOffered", "OfferNotLapsed"),
)
async def lapse(desk: Desk, see: Seeing, write: Writing, body: acts.LapseBody) -> Response:
    """Anyone returns offers whose time is over."""
    see.acts_for(body.party)
    await see.names_notes(body.notes)
    operations = await desk.notes.lapse(body.notes, write.request, party=body.party)
    return await operations_answer(desk, write, operations)


@router.post(
    "/notes/split",
    response_model=Operations,
    responses=writing(
        Operations,
        *_STANDING,
        *("NotHolder", "NotHeld", "ValueExceeded", "BelowMinimum", "TierLimitReached", "SelfTransfer"),
        *("TradeHashMissing", "FinancedNote", "NotBeforeDueDay", "MissingRole", "ZeroAmount"),
    ),
)
async def split(desk: Desk, see: Seeing, write: Writing, body: acts.SplitBody) -> Response:
    """The holder passes value on to its own suppliers, one tier deeper (拆分流转); all of it is a whole transfer."""
    return await operations_answer(desk, write, await tell.split(desk, see, desk.acts, body, write.request))


@router.put(
    "/consents",
    response_model=Operations,
    responses=writing(Operations, *_STANDING[:1], *_STANDING[3:], "CurrencyWithoutToken"),
)
async def consent(desk: Desk, see: Seeing, write: Writing, body: acts.ConsentBody) -> Response:
    """A receiver accepts in advance what one offeror passes to it, within limits; amount 0 revokes."""
    return await operations_answer(desk, write, await tell.consent(desk, see, desk.acts, body, write.request))
