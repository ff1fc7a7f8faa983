"""Webhooks as registered and answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.domain.calendar import instant
from api.domain.webhooks import Delivery as DeliveryView
from api.domain.webhooks import DeliveryStatus
from api.domain.webhooks import Webhook as WebhookView
from api.schemas.base import LARGEST_PARTY, Answer, Body, Instant
from api.schemas.operations import OperationId

WebhookId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class WebhookBody(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"party": 3, "url": "https://erp.example.com/cascade"}]}
    )

    party: Annotated[
        int,
        Field(
            ge=0,
            le=LARGEST_PARTY,
            strict=True,
            description="Whose events; 0: the operator's, and where nobody has to sign in, those of all.",
        ),
    ]
    url: Annotated[str, Field(min_length=1, max_length=500, description="https, at a public address.")]


class Webhook(Answer):
    id: WebhookId
    party: int
    url: str
    active: Annotated[bool, Field(description="False once the receiver has answered 410: nothing more is sent.")]
    created_at: Instant


class NewWebhook(Webhook):
    secret: Annotated[str, Field(description="Signs every delivery (Standard Webhooks, v1). Told this once.")]


class Webhooks(Answer):
    items: list[Webhook]


class Attempt(Answer):
    """A try. Without a `status` there was no answer, and `error` says why: timeout, unreachable, certificate or
    address_refused (the name leads to an address that is not public)."""

    at: Instant
    status: int | None
    error: str | None
    took_ms: int


class Delivery(Answer):
    event: Annotated[int, Field(description="The event's id, as in the stream.")]
    type: str
    operation: Annotated[OperationId | None, Field(description="Null where what was told is no operation's.")]
    status: DeliveryStatus
    next_at: Annotated[Instant | None, Field(description="When it is tried next, while it is pending.")]
    attempts: list[Attempt]


def webhook(view: WebhookView) -> dict[str, Any]:
    created = instant(view.created_at)
    return {"id": view.id, "party": view.party, "url": view.url, "active": view.active, "created_at": created}


def delivery(view: DeliveryView) -> dict[str, Any]:
    pending = view.status is DeliveryStatus.PENDING
    return {
        "event": view.event,
        "type": view.type,
        "operation": view.operation,
        "status": view.status.value,
        "next_at": instant(view.next_at) if pending else None,
        "attempts": [
            {"at": instant(a.at), "status": a.status, "error": a.error, "took_ms": a.took_ms} for a in view.attempts
        ],
    }
