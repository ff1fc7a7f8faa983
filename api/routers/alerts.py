"""Alerts of the watch: what somebody should look at, and who has."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.domain.watch import Severity
from api.routers.answers import json_answer
from api.routers.deps import Cursor, Limit, Seeing
from api.routers.documented import posting, reading
from api.schemas import alerts as shapes
from api.schemas import ledger, wire
from api.schemas.base import LARGEST_ID

router = APIRouter(tags=["alerts"])


@router.get("/alerts", response_model=ledger.Page[shapes.Alert], responses=reading("CursorInvalid"))
async def alerts(
    see: Seeing,
    rule: shapes.RuleName | None = None,
    severity: Severity | None = None,
    open: Annotated[
        bool | None, Query(description="Only those that nobody acknowledged, or that somebody did.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """What the rules of the watch found up to the last block, newest first (风险预警): for those who see all."""
    page = await see.alerts(rule=rule, severity=severity, open_=open, cursor=cursor, limit=limit)
    return json_answer(wire.page(page, shapes.alert))


@router.post("/alerts/{id}/acknowledgement", response_model=shapes.Alert, responses=posting("UnknownAlert"))
async def acknowledge(
    see: Seeing,
    alert_id: Annotated[int, Path(alias="id", ge=1, le=LARGEST_ID, examples=[3])],
    body: shapes.AcknowledgeBody,
) -> Response:
    """Says that an alert was seen, by whom and when. The first word stays: repeating it changes nothing."""
    return json_answer(shapes.alert(await see.acknowledge(alert_id, body.remark)))
