"""Acts that need two people: asked for, signed by both, and kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from api.domain.approvals import ActKind, Approval, ApprovalStatus, ApprovedRow, Threshold
from api.domain.calendar import instant
from api.domain.errors import InvalidInput
from api.domain.typed_data import as_text, for_wallets
from api.routers import acts as tell
from api.routers.answers import Json, json_answer
from api.routers.deps import Cursor, Desk, Limit, Seeing, Services, Who, Writing
from api.routers.documented import posting, reading, writing
from api.schemas import approvals as shapes
from api.schemas import ledger, wire
from api.schemas.operations import Operations
from api.services.approvals import ByCode, ByWallet, Proof

router = APIRouter(prefix="/approvals", tags=["approvals"])

ApprovalPath = Annotated[
    str, Path(alias="id", pattern=r"^[0-9a-f]{32}$", examples=["0f1e2d3c4b5a69788796a5b4c3d2e1f0"])
]
_TELLING: Mapping[str, Callable[..., Awaitable[object]]] = {
    "confirm": tell.confirm,
    "finance": tell.finance,
    "repay": tell.repay,
    "approve": tell.approve,
    "add_account": tell.add_account,
    "set_rights": tell.set_rights,
    "release": tell.release,
    "reassign": tell.reassign,
    "execute_reassignment": tell.execute_reassignment,
    "cancel_reassignment": tell.cancel_reassignment,
    "honour_recourse": tell.honour,
    "change_settlement": tell.change_settlement,
}
_SIGNING = (
    *("UnknownApproval", "NotSignedInAsPerson", "PersonRoleMissing", "ApprovalNotWaiting", "ApprovalExpired"),
    "ApprovalAltered",
)


@router.get("", response_model=ledger.Page[shapes.ApprovalSummary], responses=reading("CursorInvalid"))
async def approvals(
    see: Seeing, status: ApprovalStatus | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Approvals of the asker's party, newest first; an auditor sees all."""
    page, time = await see.approvals(status=status, cursor=cursor, limit=limit)
    return json_answer(wire.page(page, lambda one: _summary(one, time)))


@router.post(
    "",
    status_code=201,
    response_model=shapes.Approval,
    responses={
        status: answer
        for status, answer in writing(
            Operations, "UnknownParty", "UnknownItem", "UnknownNote", "MissingRight", "NothingToApprove"
        ).items()
        if status != 202
    },
)
async def ask(desk: Desk, see: Seeing, who: Who, write: Writing, body: Annotated[shapes.AskBody, Body()]) -> Response:
    """A maker, or a company's program, asks for an act that two people are to sign. It is tried as if it were sent.

    The acts' own endpoints do the same where two are needed; here the acting account can be one whose key is elsewhere.
    """
    see.acts_for(body.request.party)
    found = await desk.approvals.known(write.request)
    if found is None:
        asked = desk.approvals.asked_of(who, body.account)
        await _TELLING[body.act](desk, see, asked, body.request, write.request)
        if (found := asked.approval) is None:
            raise InvalidInput("NothingToApprove")
    return await _answer(desk, see, found.id, 201)


@router.get("/thresholds", response_model=shapes.Thresholds, responses=reading())
async def thresholds(desk: Desk, see: Seeing) -> Response:
    """From which amounts on the asker's company needs two people. What is not named always does."""
    found, used = await desk.approvals.thresholds(see.principal.party)
    return json_answer({"thresholds": [_threshold(t, used.get((t.kind, t.currency), 0)) for t in found]})


@router.post(
    "/thresholds",
    status_code=201,
    response_model=shapes.Approval,
    responses=posting("NotCompanyAdmin", "IdempotencyKeyReused", "IdempotencyKeyInvalid", "ChainUnreachable"),
)
async def set_thresholds(desk: Desk, see: Seeing, who: Who, write: Writing, body: shapes.ThresholdsBody) -> Response:
    """An administrator proposes thresholds and signs as maker; another administrator, or a checker, signs as checker."""
    see.acts_for(body.party)
    wanted = [Threshold(ActKind(t.kind), t.currency, t.amount) for t in body.thresholds]
    made = await desk.approvals.propose_thresholds(who, body.party, wanted, write.request)
    return await _answer(desk, see, made.id, 201)


@router.get("/{id}", response_model=shapes.Approval, responses=reading("UnknownApproval"))
async def one(desk: Desk, see: Seeing, approval_id: ApprovalPath) -> Response:
    """One approval: what is signed, in words and as typed data, who signed it when, and what it became."""
    return await _answer(desk, see, approval_id, 200)


@router.get(
    "/{id}/rows",
    response_model=ledger.Page[shapes.ApprovedRow],
    responses=reading("UnknownApproval", "CursorInvalid"),
)
async def rows(see: Seeing, approval_id: ApprovalPath, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """The rows of a bulk job as they were signed, by position: `rowsHash` in the typed data is the hash of those of a token.
    Of other approvals there are none."""
    return json_answer(wire.page(await see.approval_rows(approval_id, cursor=cursor, limit=limit), _row))


@router.post(
    "/{id}/signatures",
    response_model=shapes.Approval,
    responses=posting(
        *_SIGNING,
        *("SamePerson", "SameKey", "SignatureVoid", "ApprovalSignatureInvalid", "NoSigningKey", "CodeRefused"),
        *("TooManyAttempts", "ChainUnreachable", "IndexMissing", "NotDue", "NotHeld", "AlreadyClaimed", "OverLine"),
    ),
)
async def sign(
    desk: Desk, see: Seeing, who: Who, approval_id: ApprovalPath, body: Annotated[shapes.SignBody, Body()]
) -> Response:
    """Signs as maker or as checker: by one's own linked account, or by one's key in the service's keeping against a fresh
    one-time code. With the checker's signature the act is carried out, if no rule refuses it by now."""
    signed = await desk.approvals.sign(who, approval_id, body.part, _proof(body))
    return await _answer(desk, see, signed.id, 200)


@router.post("/{id}/refuse", response_model=shapes.Approval, responses=posting(*_SIGNING))
async def refuse(desk: Desk, see: Seeing, who: Who, approval_id: ApprovalPath) -> Response:
    """A checker refuses it, for good."""
    await desk.approvals.refuse(who, approval_id)
    return await _answer(desk, see, approval_id, 200)


@router.post("/{id}/withdraw", response_model=shapes.Approval, responses=posting(*_SIGNING))
async def withdraw(desk: Desk, see: Seeing, who: Who, approval_id: ApprovalPath) -> Response:
    """A maker takes it back, for good."""
    await desk.approvals.withdraw(who, approval_id)
    return await _answer(desk, see, approval_id, 200)


def _proof(body: shapes.SignByWallet | shapes.SignByCode) -> Proof:
    return ByCode(body.code) if isinstance(body, shapes.SignByCode) else ByWallet(body.account, body.signature)


async def _answer(desk: Services, see: Seeing, approval_id: str, status: int) -> Response:
    approval, time = await see.approval(approval_id)
    told = await desk.approval_words.of(approval)
    content = {
        **_summary(approval, time),
        "typed_data": for_wallets(approval.typed_data),
        "lines": [{"zh": line.zh, "en": line.en} for line in told.lines],
        "counterparties": [wire.party_name(name) for name in told.counterparties],
    }
    return json_answer(content, status, {"Location": f"/approvals/{approval.id}"} if status == 201 else None)


def _summary(approval: Approval, time: int) -> Json:
    return {
        "id": approval.id,
        "party": approval.party,
        "kind": approval.kind.value,
        "status": approval.status_at(time).value,
        "digest": approval.digest,
        "amounts": as_text(approval.message["amounts"]),
        "deadline": instant(approval.deadline),
        "prepared_by": approval.prepared_by,
        "prepared_means": approval.prepared_means,
        "ended_by": approval.ended_by,
        "signatures": [
            {
                "part": s.part.value,
                "person": s.person,
                "means": s.means.value,
                "account": s.account,
                "signature": s.signature,
                "at": instant(s.at),
            }
            for s in approval.signatures
        ],
        "operations": list(approval.operations),
        "job": approval.job,
        "request_id": approval.request_id,
        "created_at": instant(approval.created_at),
        "updated_at": instant(approval.updated_at),
    }


def _row(row: ApprovedRow) -> Json:
    return {
        "position": row.position,
        "token": row.token,
        "terms": as_text(row.terms),
        "hash": row.hash,
        "operation": row.operation,
    }


def _threshold(threshold: Threshold, used: int) -> Json:
    return {
        "kind": threshold.kind.value,
        "currency": threshold.currency,
        "amount": str(threshold.amount),
        "used": str(used),
    }
