"""The rules of the network: the policy, the pause, and what is announced; freezes and reassignments that courts ordered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.routers import acts as tell
from api.routers.answers import json_answer, operations_answer, two_person_answer
from api.routers.deps import Cursor, Desk, Limit, Seeing, Who, Writing
from api.routers.documented import reading, writing
from api.schemas import ledger, network, wire
from api.schemas.operations import Operations

router = APIRouter(tags=["network"])

ChangePath = Annotated[
    str, Path(alias="id", pattern=r"^0x[0-9a-f]{64}$", description="An announced change.", examples=["0x" + "4d" * 32])
]
_WAITS = ("AccessManagerAlreadyScheduled", "AccessManagedUnauthorized")
_ARBITER = ("UnknownParty", "MissingRole", "MissingRight", "PartyIsSuspended", "IdentityExpired", "OrderHashMissing")


@router.get("/network/policy", response_model=network.Rules, responses=reading("ChainUnreachable"))
async def policy(desk: Desk) -> Response:
    """The policy in force and whether the network is paused (现行规则), read from the chain."""
    number, terms = await desk.administration.policy()
    paused = await desk.administration.paused()
    return json_answer({"number": number, "policy": network.terms(terms), "paused": paused})


@router.put(
    "/network/policy",
    response_model=Operations,
    responses=writing(Operations, "PolicyOutOfBounds", *_WAITS),
)
async def set_policy(desk: Desk, who: Who, write: Writing, body: network.PolicyBody) -> Response:
    """The operator sets the policy for debts confirmed from then on. Where its role has a delay it is announced: see
    `GET /network/changes`. Two of the operator's people."""
    return await two_person_answer(
        desk, who, write, lambda acts: desk.administration.over(acts).set_policy(body.policy, write.request)
    )


@router.put("/network/pause", response_model=Operations, responses=writing(Operations, "AccessManagedUnauthorized"))
async def pause(desk: Desk, who: Who, write: Writing, body: network.PauseBody) -> Response:
    """The operator stops new issues, splits and sales at once (紧急暂停); acceptance, refusal and repayment go on. Two of its
    people let them go on again."""
    return await two_person_answer(
        desk, who, write, lambda acts: desk.administration.over(acts).set_paused(body.paused, write.request)
    )


@router.get("/network/changes", response_model=network.Changes, responses=reading("ChainUnreachable"))
async def changes(desk: Desk, see: Seeing) -> Response:
    """What the operator has announced, the oldest first: it counts once it is carried out, after its delay (变更公告)."""
    time = (await desk.chain.head()).time
    found = await desk.administration.changes()
    return json_answer({"items": [network.change(one, time, whole=see.oversees) for one in found]})


@router.post(
    "/network/changes/{id}/execute",
    response_model=Operations,
    responses=writing(Operations, "UnknownChange", "AccessManagerNotReady", "AccessManagerNotScheduled"),
)
async def execute(desk: Desk, who: Who, write: Writing, change_id: ChangePath, body: network.ChangeBody) -> Response:
    """The operator carries out what it announced, once the delay is over. Two of its people, where announcing took two."""
    return await two_person_answer(
        desk, who, write, lambda acts: desk.administration.over(acts).execute(change_id, write.request)
    )


@router.post("/network/changes/{id}/cancel", response_model=Operations, responses=writing(Operations, "UnknownChange"))
async def cancel(desk: Desk, write: Writing, change_id: ChangePath, body: network.ChangeBody) -> Response:
    """The operator calls off what was announced, at once."""
    return await operations_answer(desk, write, await desk.administration.cancel(change_id, write.request))


@router.get("/freezes", response_model=ledger.Page[network.Freeze], responses=reading("CursorInvalid"))
async def freezes(see: Seeing, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Notes that an order holds (司法冻结), by note: all for arbiters, the operator and auditors, else those of notes that the
    asker holds."""
    return json_answer(wire.page(await see.freezes(cursor=cursor, limit=limit), network.freeze))


@router.post(
    "/notes/freeze",
    response_model=Operations,
    responses=writing(Operations, *_ARBITER, "NotFreezable", "EmptyBatch"),
)
async def freeze(desk: Desk, see: Seeing, write: Writing, body: network.OrderBody) -> Response:
    """An arbiter freezes notes at once, under an order's hash: they and their open offers neither move nor collect."""
    return await operations_answer(desk, write, await tell.freeze(desk, see, desk.acts, body, write.request))


@router.post(
    "/notes/release",
    response_model=Operations,
    responses=writing(Operations, *_ARBITER, "NoteNotFrozen", "EmptyBatch"),
)
async def release(desk: Desk, see: Seeing, who: Who, write: Writing, body: network.OrderBody) -> Response:
    """An arbiter ends freezes, whoever ordered them, under an order's hash. Two of its people."""
    return await two_person_answer(desk, who, write, lambda acts: tell.release(desk, see, acts, body, write.request))


@router.get("/reassignments", response_model=ledger.Page[network.Reassignment], responses=reading("CursorInvalid"))
async def reassignments(desk: Desk, see: Seeing, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Value of frozen notes that orders give away and that is not given yet (裁定划转), by id: all for arbiters, the operator
    and auditors, else those of notes that the asker holds."""
    time = (await desk.ledger.model.status()).block_time
    page = await see.reassignments(cursor=cursor, limit=limit)
    return json_answer(wire.page(page, lambda one: network.reassignment(one, time)))


@router.post(
    "/reassignments",
    response_model=Operations,
    responses=writing(Operations, *_ARBITER, "NoteNotFrozen", "ValueExceeded", "SelfTransfer", "ZeroAmount"),
)
async def reassign(desk: Desk, see: Seeing, who: Who, write: Writing, body: network.ReassignBody) -> Response:
    """An arbiter records that an order gives value of a frozen note to a party. It may be executed after two days, in which
    everybody concerned can see it coming. Two of its people."""
    return await two_person_answer(desk, who, write, lambda acts: tell.reassign(desk, see, acts, body, write.request))


@router.post(
    "/reassignments/execute",
    response_model=Operations,
    responses=writing(
        *(Operations, "UnknownReassignment", "ReassignmentNotDue", "MissingRole", "MissingRight", "PartyIsSuspended"),
        *("IdentityExpired", "ValueExceeded"),
    ),
)
async def execute_reassignment(
    desk: Desk, see: Seeing, who: Who, write: Writing, body: network.ExecuteBody
) -> Response:
    """Carries out a reassignment whose delay is over: the receiver gets a note of its own, or, where it is the debtor, the
    value is extinguished. Whoever sees it may. Two of its people."""
    return await two_person_answer(
        desk, who, write, lambda acts: tell.execute_reassignment(desk, see, acts, body, write.request)
    )


@router.post(
    "/reassignments/cancel",
    response_model=Operations,
    responses=writing(Operations, *_ARBITER, "UnknownReassignment"),
)
async def cancel_reassignment(desk: Desk, see: Seeing, who: Who, write: Writing, body: network.CancelBody) -> Response:
    """An arbiter strikes a reassignment that is not executed yet, under an order's hash. Two of its people."""
    return await two_person_answer(
        desk, who, write, lambda acts: tell.cancel_reassignment(desk, see, acts, body, write.request)
    )
