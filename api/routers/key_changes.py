"""What a company does when its keys are lost, or somebody else would have them: changes of who controls a party, or where
its cash goes, are announced, open to veto, then finished."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.domain.typed_data import for_wallets
from api.routers import acts as tell
from api.routers.answers import json_answer, operations_answer, two_person_answer
from api.routers.deps import Cursor, Desk, Limit, PartyPath, Seeing, Who, Writing
from api.routers.documented import posting, reading, writing
from api.schemas import key_changes as shapes
from api.schemas import ledger, wire
from api.schemas.acts import PartyBody
from api.schemas.network import ChangeBody
from api.schemas.operations import Operations
from api.services.accounts import Word

router = APIRouter(tags=["key changes"])

_VETO = ("UnknownParty", "NothingAnnounced", "MissingRight")


@router.get("/key-changes", response_model=ledger.Page[shapes.KeyChange], responses=reading("CursorInvalid"))
async def key_changes(desk: Desk, see: Seeing, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """What is announced (密钥恢复、收款账户变更), by party: recoveries of those whose keys are lost, other settlement accounts.
    Those of the asker's party; all for the operator and auditors."""
    time = (await desk.ledger.model.status()).block_time
    page = await see.key_changes(cursor=cursor, limit=limit)
    return json_answer(wire.page(page, lambda one: shapes.key_change(one, time)))


@router.post(
    "/parties/{id}/recovery/word",
    response_model=shapes.RecoveryWord,
    responses=posting("UnknownParty", "ChainUnreachable"),
)
async def word(desk: Desk, party_id: PartyPath, body: shapes.RecoveryWordBody) -> Response:
    """What an account has to sign so that the operator can announce that it takes over a party. Nothing is stored."""
    terms = (body.account, body.removed, body.evidence_hash, body.deadline)
    return json_answer({"typed_data": for_wallets(await desk.accounts.recovery_word(party_id, *terms))})


@router.post(
    "/parties/{id}/recovery",
    response_model=Operations,
    responses=writing(
        *(Operations, "UnknownParty", "EvidenceMissing", "InvalidSignature", "AccountBoundElsewhere"),
        *("DeadlinePassed", "InvalidAccount", "AccessManagerAlreadyScheduled", "AccessManagedUnauthorized"),
    ),
)
async def announce(desk: Desk, who: Who, write: Writing, party_id: PartyPath, body: shapes.RecoveryBody) -> Response:
    """The operator announces an account that shall administer a party whose keys are lost, by the account's own word, and the
    accounts that lose every right with it. Where its role has a delay that is announced first: see `GET /network/changes`.
    Two of the operator's people."""
    given = Word(body.account, body.evidence_hash, body.deadline, body.signature)
    return await two_person_answer(
        desk,
        who,
        write,
        lambda acts: desk.accounts.over(acts).announce_recovery(party_id, given, body.removed, write.request),
    )


@router.post(
    "/parties/{id}/recovery/withdraw",
    response_model=Operations,
    responses=writing(Operations, "NothingAnnounced", "AccessManagedUnauthorized"),
)
async def withdraw(desk: Desk, write: Writing, party_id: PartyPath, body: ChangeBody) -> Response:
    """The operator ends an announced recovery at once."""
    return await operations_answer(desk, write, await desk.accounts.withdraw_recovery(party_id, write.request))


@router.post(
    "/parties/{id}/recovery/finish",
    response_model=Operations,
    responses=writing(Operations, "NothingAnnounced", "ChangeNotReady", "AccountBoundElsewhere"),
)
async def finish(desk: Desk, write: Writing, party_id: PartyPath, body: ChangeBody) -> Response:
    """The operator puts the announced account in charge, once the veto period is over. On the chain anybody may."""
    return await operations_answer(desk, write, await desk.accounts.finish_recovery(party_id, write.request))


@router.post("/parties/{id}/recovery/veto", response_model=Operations, responses=writing(Operations, *_VETO))
async def veto(desk: Desk, see: Seeing, write: Writing, party_id: PartyPath) -> Response:
    """The party ends an announced recovery of it, suspended or not, by an administering account. One person is enough."""
    body = PartyBody(party=party_id)
    return await operations_answer(desk, write, await tell.veto_recovery(desk, see, desk.acts, body, write.request))


@router.post("/parties/{id}/settlement-change/veto", response_model=Operations, responses=writing(Operations, *_VETO))
async def veto_settlement(desk: Desk, see: Seeing, write: Writing, party_id: PartyPath) -> Response:
    """The party ends an announced change of its settlement account, suspended or not, by an administering account. One person
    is enough."""
    body = PartyBody(party=party_id)
    return await operations_answer(desk, write, await tell.veto_settlement(desk, see, desk.acts, body, write.request))


@router.post(
    "/parties/{id}/settlement-change/finish",
    response_model=Operations,
    responses=writing(
        *(Operations, *_VETO, "ChangeNotReady", "AccountBoundElsewhere", "PartyIsSuspended", "IdentityExpired")
    ),
)
async def finish_settlement(desk: Desk, see: Seeing, write: Writing, party_id: PartyPath) -> Response:
    """The party leads its cash to the announced account, once the veto period is over: two of its people announced it."""
    body = PartyBody(party=party_id)
    return await operations_answer(desk, write, await tell.finish_settlement(desk, see, desk.acts, body, write.request))
