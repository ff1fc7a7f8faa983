"""Operations: what became of requests, and acts whose account signs outside."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Response

from api.domain.operations import Call, OperationStatus
from api.domain.typed_data import as_text, for_wallets
from api.routers import acts as tell
from api.routers.answers import Json, json_answer, operations_answer
from api.routers.deps import Cursor, Desk, Language, Limit, Seeing, Writing
from api.routers.documented import posting, reading, writing
from api.schemas import ledger, wire
from api.schemas import operations as shapes
from api.schemas.telling import operation
from api.services.acts import Acts
from api.services.outside import Outside, Signed
from api.services.relay import SignedRequest

router = APIRouter(prefix="/operations", tags=["operations"])

_APPROVED = (
    *("ApprovalNeeded", "UnknownApproval", "ApprovalNotWaiting", "ApprovalExpired", "ApprovalMismatch"),
    *("ApprovalAltered", "SignatureVoid"),
)
_WHOLE = re.compile(r"0|[1-9][0-9]*")
_TELLING: Mapping[str, Callable[..., Awaitable[object]]] = {
    "confirm": tell.confirm,
    "accept": tell.accept,
    "refuse": tell.refuse,
    "withdraw": tell.withdraw,
    "split": tell.split,
    "consent": tell.consent,
    "finance": tell.finance,
    "repay": tell.repay,
    "approve": tell.approve,
    "notify_debtor": tell.notify,
    "demand_recourse": tell.demand,
    "honour_recourse": tell.honour,
    "freeze": tell.freeze,
    "release": tell.release,
    "reassign": tell.reassign,
    "execute_reassignment": tell.execute_reassignment,
    "cancel_reassignment": tell.cancel_reassignment,
    "veto_recovery": tell.veto_recovery,
    "veto_settlement": tell.veto_settlement,
    "finish_settlement": tell.finish_settlement,
    "approved": tell.approved,
}


@router.get("", response_model=ledger.Page[shapes.Operation], responses=reading("CursorInvalid"))
async def operations(
    see: Seeing,
    language: Language,
    status: OperationStatus | None = None,
    kind: Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$")] = None,
    tx_hash: Annotated[str | None, Query(pattern=r"^0x[0-9a-f]{64}$", description="A transaction's.")] = None,
    request_id: Annotated[
        str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="X-Request-ID of the request that asked.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """What the asker's party asked for, newest first."""
    wanted = None if status is None else status.value
    page = await see.operations(
        status=wanted, kind=kind, tx_hash=tx_hash, request_id=request_id, cursor=cursor, limit=limit
    )
    return json_answer(wire.page(page, lambda view: operation(view, language)))


@router.get("/{id}", response_model=shapes.Operation, responses=reading("UnknownOperation"))
async def one(
    see: Seeing,
    language: Language,
    operation_id: Annotated[
        str, Path(alias="id", pattern=r"^[0-9a-f]{32}$", examples=["0f1e2d3c4b5a69788796a5b4c3d2e1f0"])
    ],
) -> Response:
    """One operation: queued, submitted, confirmed with its receipt, or failed with the rule that refused. `final` says
    whether that can still be taken back."""
    return json_answer(operation(await see.operation(operation_id), language))


@router.post(
    "/unsigned",
    response_model=shapes.UnsignedTransactions,
    responses=posting("UnknownParty", "UnknownNote", "MissingRight", "NotHolder", "NotHeld", "ChainUnreachable"),
)
async def unsigned(desk: Desk, see: Seeing, body: Annotated[shapes.UnsignedBody, Body()]) -> Response:
    """First step of an act signed outside: the transactions that `account` has to sign. Nothing is stored.

    The act is tried as if it were sent, and a rule that refuses it is named here already.
    """

    async def act(acts: Acts) -> object:
        return await _TELLING[body.act](desk, see, acts, body.request, None)

    made = await Outside(desk.acts).unsigned(body.account, act)
    transactions = [{"call": _call(u.call), "transaction": _transaction(u.transaction)} for u in made]
    return json_answer({"transactions": transactions})


@router.post(
    "/signed",
    response_model=shapes.Operations,
    responses=writing(
        *(shapes.Operations, "SignedTransactionMismatch", "ActNotSignable", "MissingRight"),
        *_APPROVED,
    ),
)
async def signed(desk: Desk, see: Seeing, write: Writing, body: shapes.SignedBody) -> Response:
    """Second step: the signed transactions, each with its call as the first step gave it. Sent as they are. Those of an act
    that needs two people name its `approval`, which both have signed."""
    ones = [Signed(_read_call(one.call), one.raw) for one in body.signed]
    await see.names_calls([one.call for one in ones])
    return await operations_answer(desk, write, await Outside(desk.acts).submit(ones, write.request, body.approval))


@router.post(
    "/requests",
    response_model=shapes.DraftedRequests,
    responses=posting(
        *("UnknownParty", "UnknownNote", "MissingRight", "NotHolder", "NotHeld", "ActNotRelayable", "ChainUnreachable")
    ),
)
async def requests(desk: Desk, see: Seeing, body: Annotated[shapes.UnsignedBody, Body()]) -> Response:
    """First step of an act that is relayed: EIP-712 typed data that `account` has to sign, without gas or a node.

    Nothing is stored. The act is tried as if it were sent, and a rule that refuses it is named here already.
    """

    async def act(acts: Acts) -> object:
        return await _TELLING[body.act](desk, see, acts, body.request, None)

    drafted = await desk.relay.requests(body.account, act)
    return json_answer(
        {"requests": [{"call": _call(d.call), "typed_data": for_wallets(d.typed_data)} for d in drafted]}
    )


@router.post(
    "/relayed",
    response_model=shapes.Operations,
    responses=writing(
        *(shapes.Operations, "SignedRequestMismatch", "SignatureInvalid", "RelayNonceNotNext", "ActNotRelayable"),
        *("ActNotSignable", "ERC2771ForwarderExpiredRequest", "MissingRight"),
        *_APPROVED,
    ),
)
async def relayed(desk: Desk, see: Seeing, write: Writing, body: shapes.RelayedBody) -> Response:
    """Second step: the signed requests, each with its call as the first step gave it. The relayer carries each to its
    contract, once, and before its deadline or not at all. Those of an act that needs two people name its `approval`."""
    ones = [
        SignedRequest(_read_call(one.call), one.message.model_dump(by_alias=True), one.signature)
        for one in body.relayed
    ]
    await see.names_calls([one.call for one in ones])
    return await operations_answer(desk, write, await desk.relay.submit(ones, write.request, body.approval))


def _call(call: Call) -> Json:
    return {
        "contract": call.contract.value,
        "function": call.function,
        "args": as_text(call.args),
        "account": call.account,
        "at": call.at,
    }


def _read_call(body: shapes.CallBody) -> Call:
    return Call(body.contract, body.function, tuple(_as_numbers(body.args)), body.account, body.at)


def _transaction(fields: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: hex(value) if isinstance(value, int) else str(value) for name, value in fields.items()}


def _as_numbers(value: Any) -> Any:
    """The other way; no act of a party has a text of digits among its arguments."""
    if isinstance(value, list):
        return [_as_numbers(v) for v in value]
    if isinstance(value, dict):
        return {k: _as_numbers(v) for k, v in value.items()}
    return int(value) if isinstance(value, str) and len(value) <= 78 and _WHOLE.fullmatch(value) else value
