"""What decides between several that took one claim: registrations, which a registrar attests, and notices to the debtor."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.routers import acts as tell
from api.routers.answers import operations_answer
from api.routers.deps import Desk, Seeing, Writing
from api.routers.documented import writing
from api.schemas import acts
from api.schemas.operations import Operations
from api.services.registrations import Registered

router = APIRouter(tags=["financing"])

_STANDING = ("UnknownParty", "UnknownNote", "MissingRight", "PartyIsSuspended", "IdentityExpired", "NotBoughtNote")


@router.post(
    "/registrations",
    response_model=Operations,
    responses=writing(
        Operations,
        *_STANDING,
        *("MissingRole", "DealNotKept", "ReferenceOfOtherDeal", "RegistrationTimeInvalid", "RegistrationReplaced"),
    ),
)
async def register(desk: Desk, see: Seeing, write: Writing, body: acts.RegistrationsBody) -> Response:
    """The registrar records when the registry registered sales (登记): its signed word, on the chain. It names the note and
    the registry's reference; the two must be of one deal."""
    see.acts_for(body.party)
    await see.registers({one.note: one.registry_reference for one in body.registrations})
    entries = [
        Registered(one.note, one.registry_reference, one.registered_at, one.replaces or 0) for one in body.registrations
    ]
    operations = await desk.registrations.register(body.party, entries, write.request)
    return await operations_answer(desk, write, operations)


@router.post(
    "/debtor-notices",
    response_model=Operations,
    responses=writing(Operations, *_STANDING, "NotAssigneeNorDebtor", "DebtorNotifiedAlready"),
)
async def notify(desk: Desk, see: Seeing, write: Writing, body: acts.NotesBody) -> Response:
    """The assignee gives the debtor notice of what it bought (转让通知), or the debtor acknowledges. The first counts."""
    return await operations_answer(desk, write, await tell.notify(desk, see, desk.acts, body, write.request))
