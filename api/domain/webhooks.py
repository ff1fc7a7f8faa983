"""Webhooks: addresses to which a company wants its events sent, and what became of each sending."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from api.domain.ports import Event
from api.domain.views import Page

SECRET_PREFIX = "whsec_"


class DeliveryStatus(StrEnum):
    """pending → delivered | failed. `failed`: given up after the last try, or its webhook is gone."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a company's events go. `id` is a UUIDv4 hex; `every`: the events of all parties, where nobody has to sign in."""

    id: str
    party: int
    url: str
    active: bool
    created_at: int
    every: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: the answer's status or, without an answer, the error's name. `at` in Unix seconds."""

    at: int
    status: int | None
    error: str | None
    took_ms: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a webhook."""

    id: int
    webhook: str
    event: int
    type: str
    operation: str | None
    """None: what was told is no operation's."""
    status: DeliveryStatus
    next_at: int
    attempts: Sequence[Attempt] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be tried now; `tries` have failed before."""

    id: int
    event: Event
    tries: int


class WebhookBook(Protocol):
    """The webhooks, and the log of their deliveries."""

    async def put(self, webhook: Webhook) -> None: ...

    async def get(self, webhook_id: str) -> Webhook | None: ...

    async def of_party(self, party: int | None) -> Sequence[Webhook]:
        """A party's, or all; oldest first."""
        ...

    async def remove(self, webhook_id: str) -> None:
        """Takes a webhook away with its log; nothing more is sent."""
        ...

    async def deliveries(self, webhook_id: str, *, cursor: str | None, limit: int) -> Page[Delivery]:
        """Newest first, each with all its attempts."""
        ...


class DeliveryQueue(Protocol):
    """What the notifier works through."""

    async def fan_out(self) -> int:
        """Makes deliveries of the events that came since; how many."""
        ...

    async def active(self) -> Sequence[Webhook]: ...

    async def claim(self, webhook_id: str, limit: int, for_s: float) -> Sequence[Due]:
        """Deliveries that are due, oldest first, for nobody else to take within `for_s` seconds; of each operation only
        the first that is not done, and nothing that follows an event of no operation's before that is told."""
        ...

    async def record(self, delivery: int, attempt: Attempt, status: DeliveryStatus, next_at: float) -> None:
        """Notes an attempt, and when the next is due if the delivery is still pending."""
        ...

    async def deactivate(self, webhook_id: str) -> None:
        """Its receiver said that it is gone: nothing more is sent."""
        ...


class Poster(Protocol):
    """Posts to addresses that others named."""

    def check(self, url: str) -> None:
        """InvalidInput("WebhookAddressRefused") when nothing may be sent there, as far as the address itself tells."""
        ...

    async def post(self, url: str, body: bytes, headers: Sequence[tuple[str, str]]) -> tuple[int | None, str | None]:
        """The answer's status, or the name of what went wrong. Never more than the poster's own time limit."""
        ...


def webhook_secret(key: bytes, webhook_id: str) -> str:
    """A webhook's secret: made of the deployment's webhook key, so that no database holds it."""
    return SECRET_PREFIX + base64.b64encode(_bytes(key, webhook_id)).decode()


def signature(key: bytes, webhook_id: str, message_id: str, timestamp: int, body: bytes) -> str:
    """As Standard Webhooks v1 signs: HMAC-SHA256 over id, timestamp and body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_bytes(key, webhook_id), signed, hashlib.sha256)).decode()


def _bytes(key: bytes, webhook_id: str) -> bytes:
    return hmac.digest(key, b"cascade/webhook-secret/v1|" + webhook_id.encode(), hashlib.sha256)
