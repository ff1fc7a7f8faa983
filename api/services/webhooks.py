"""Webhooks of companies: registered, listed, taken away, and what became of their deliveries."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from api.domain.errors import Conflict, NotFound
from api.domain.views import Page
from api.domain.webhooks import Delivery, Poster, Webhook, WebhookBook, webhook_secret

MOST = 10
"""Webhooks of one company."""


class Webhooks:
    """`owner` is the party whose webhooks are seen; None sees all."""

    def __init__(self, book: WebhookBook, poster: Poster, key: bytes) -> None:
        self._book = book
        self._poster = poster
        self._key = key

    async def register(self, party: int, url: str, *, every: bool = False) -> tuple[Webhook, str]:
        """A new webhook and its secret, which is told this once. `every`: it gets the events of all parties.

        InvalidInput("WebhookAddressRefused"), Conflict("TooManyWebhooks").
        """
        self._poster.check(url)
        if len(await self._book.of_party(party)) >= MOST:
            raise Conflict("TooManyWebhooks", party=party, most=MOST)
        webhook = Webhook(uuid.uuid4().hex, party, url, True, int(time.time()), every)
        await self._book.put(webhook)
        return webhook, webhook_secret(self._key, webhook.id)

    async def listing(self, owner: int | None) -> Sequence[Webhook]:
        return await self._book.of_party(owner)

    async def one(self, webhook_id: str, owner: int | None) -> Webhook:
        """NotFound("UnknownWebhook") also when it is somebody else's."""
        found = await self._book.get(webhook_id)
        if found is None or owner not in (None, found.party):
            raise NotFound("UnknownWebhook", webhook=webhook_id)
        return found

    async def remove(self, webhook_id: str, owner: int | None) -> None:
        await self.one(webhook_id, owner)
        await self._book.remove(webhook_id)

    async def deliveries(self, webhook_id: str, owner: int | None, *, cursor: str | None, limit: int) -> Page[Delivery]:
        await self.one(webhook_id, owner)
        return await self._book.deliveries(webhook_id, cursor=cursor, limit=limit)
