"""Webhooks: where a company wants to be told, and what became of each telling."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.domain.access import OPERATOR
from api.routers.answers import json_answer
from api.routers.deps import Cursor, Desk, Limit, Seeing
from api.routers.documented import posting, reading
from api.schemas import ledger, wire
from api.schemas import webhooks as shapes

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

WebhookPath = Annotated[str, Path(alias="id", pattern=r"^[0-9a-f]{32}$", examples=["7c9e6679742540de944be07fc1f90ae7"])]


@router.post(
    "",
    status_code=201,
    response_model=shapes.NewWebhook,
    responses=posting("WebhookAddressRefused", "TooManyWebhooks"),
)
async def register(desk: Desk, see: Seeing, body: shapes.WebhookBody) -> Response:
    """Registers an address to which every change of the party's operations, and what the chain takes back, is posted from now
    on, as the event stream tells it, signed with the secret that is answered here and never again."""
    see.acts_for(body.party)
    every = see.webhooks_of is None and body.party == OPERATOR
    made, secret = await desk.webhooks.register(body.party, body.url, every=every)
    return json_answer({**shapes.webhook(made), "secret": secret}, 201, {"Location": f"/webhooks/{made.id}"})


@router.get("", response_model=shapes.Webhooks, responses=reading())
async def webhooks(desk: Desk, see: Seeing) -> Response:
    """The webhooks of the company that asks. Secrets are not told again."""
    return json_answer({"items": [shapes.webhook(w) for w in await desk.webhooks.listing(see.webhooks_of)]})


@router.get("/{id}", response_model=shapes.Webhook, responses=reading("UnknownWebhook"))
async def one(desk: Desk, see: Seeing, webhook_id: WebhookPath) -> Response:
    """One webhook."""
    return json_answer(shapes.webhook(await desk.webhooks.one(webhook_id, see.webhooks_of)))


@router.delete("/{id}", status_code=204, responses=posting("UnknownWebhook"))
async def remove(desk: Desk, see: Seeing, webhook_id: WebhookPath) -> Response:
    """Takes a webhook away, with its log; nothing more is sent to it."""
    await desk.webhooks.remove(webhook_id, see.webhooks_of)
    return Response(status_code=204)


@router.get(
    "/{id}/deliveries",
    response_model=ledger.Page[shapes.Delivery],
    responses=reading("UnknownWebhook", "CursorInvalid"),
)
async def deliveries(
    desk: Desk, see: Seeing, webhook_id: WebhookPath, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """What was sent, newest first, with every try and how it was answered."""
    page = await desk.webhooks.deliveries(webhook_id, see.webhooks_of, cursor=cursor, limit=limit)
    return json_answer(wire.page(page, shapes.delivery))
