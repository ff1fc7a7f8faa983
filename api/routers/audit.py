"""What auditors looked at."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.domain.calendar import instant
from api.domain.ports import AuditRead
from api.routers.answers import Json, json_answer
from api.routers.deps import Cursor, Limit, Seeing
from api.routers.documented import reading
from api.schemas import audit, ledger, wire

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("/reads", response_model=ledger.Page[audit.AuditRead], responses=reading("CursorInvalid"))
async def reads(see: Seeing, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """What auditors asked for, newest first: for auditors and the network operator."""
    return json_answer(wire.page(await see.audit_reads(cursor=cursor, limit=limit), _read))


def _read(read: AuditRead) -> Json:
    return {
        "party": read.party,
        "person": read.person,
        "means": read.means,
        "credential": read.credential,
        "method": read.method,
        "target": read.target,
        "request_id": read.request_id,
        "at": instant(read.at),
    }
