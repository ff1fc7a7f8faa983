"""Sends events to webhooks, signed, at least once, those of one operation in their order. A receiver that hangs or fails
holds up nobody but itself: each has its own few places, and what fails waits longer each time."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import anyio
import orjson
import structlog
from anyio.abc import TaskGroup

from api.domain.messages import EN
from api.domain.operations import event_type
from api.domain.sending import Bell
from api.domain.webhooks import Attempt, DeliveryQueue, DeliveryStatus, Due, Poster, Webhook, signature
from api.schemas.telling import event

_PLACES = 4
"""Deliveries to one webhook at the same time."""
_STEPS = (1, 6, 60, 360, 2_160, 8_640)
"""Waits between tries, in units of `retry_s`: of 5 seconds they are 5 s, 30 s, 5 min, 30 min, 3 h and 12 h."""
_JITTER = 0.2
_GONE = 410
_LOOK_S = 0.5
_PAUSE_S = 2.0

log = structlog.get_logger("notifier")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer may take, and what a step of waiting is."""

    timeout_s: float = 10.0
    retry_s: float = 5.0


class Source(Protocol):
    """Something that happens to parties and is no operation's."""

    async def look(self) -> None:
        """Puts what came since into the events."""
        ...


class Notifier:
    """Works until told to stop. It is also what carries into the events what the index alone sees."""

    def __init__(
        self,
        sources: Sequence[Source],
        queue: DeliveryQueue,
        poster: Poster,
        bell: Bell,
        key: bytes,
        patience: Patience,
    ) -> None:
        self._sources = sources
        self._queue = queue
        self._poster = poster
        self._bell = bell
        self._key = key
        self._patience = patience
        self._busy: Counter[str] = Counter()

    async def run(self, stop: anyio.Event) -> None:
        """Until `stop` is set; what is under way is tried again by the next run."""
        async with anyio.create_task_group() as tasks:
            while not stop.is_set():
                try:
                    for source in self._sources:
                        await source.look()
                    more = await self._queue.fan_out()
                    for webhook in await self._queue.active():
                        await self._send_due(webhook, tasks)
                    if not more:
                        await self._bell.wait(_LOOK_S)
                except Exception as error:
                    # A database that is locked or full for a while must not end all deliveries.
                    log.error("cannot work, trying again", error=f"{type(error).__name__}: {error}")
                    await anyio.sleep(_PAUSE_S)
            tasks.cancel_scope.cancel()

    async def _send_due(self, webhook: Webhook, tasks: TaskGroup) -> None:
        free = _PLACES - self._busy[webhook.id]
        if free <= 0:
            return
        for due in await self._queue.claim(webhook.id, free, 3 * self._patience.timeout_s):
            self._busy[webhook.id] += 1
            tasks.start_soon(self._deliver, webhook, due)

    async def _deliver(self, webhook: Webhook, due: Due) -> None:
        try:
            began = time.monotonic()
            body, headers = self.message(webhook, due)
            status, error = await self._poster.post(webhook.url, body, headers)
            attempt = Attempt(int(time.time()), status, error, round((time.monotonic() - began) * 1000))
            await self._record(webhook, due, attempt)
        except Exception as error:
            # The claim runs out, and it is tried again.
            log.error("a delivery was not recorded", webhook=webhook.id, error=f"{type(error).__name__}: {error}")
        finally:
            self._busy[webhook.id] -= 1

    def message(self, webhook: Webhook, due: Due) -> tuple[bytes, list[tuple[str, str]]]:
        """Body and headers. The id is the same at each try: receivers know by it what they had before."""
        body = orjson.dumps(event(due.event, EN))
        message_id, now = f"msg_{webhook.id}_{due.event.id}", int(time.time())
        return body, [
            ("Content-Type", "application/json"),
            ("User-Agent", "Cascade-Webhooks"),
            ("webhook-id", message_id),
            ("webhook-timestamp", str(now)),
            ("webhook-signature", signature(self._key, webhook.id, message_id, now, body)),
        ]

    async def _record(self, webhook: Webhook, due: Due, attempt: Attempt) -> None:
        delivered = attempt.status is not None and 200 <= attempt.status < 300
        last = due.tries >= len(_STEPS)
        status = DeliveryStatus.DELIVERED if delivered else DeliveryStatus.FAILED if last else DeliveryStatus.PENDING
        wait = 0.0 if status is not DeliveryStatus.PENDING else self._wait(due.tries)
        await self._queue.record(due.id, attempt, status, time.time() + wait)
        if not delivered:
            log.info("not delivered", webhook=webhook.id, type=event_type(due.event.change), status=attempt.status)
        if attempt.status == _GONE:
            await self._queue.deactivate(webhook.id)

    def _wait(self, tries: int) -> float:
        return self._patience.retry_s * _STEPS[tries] * random.uniform(1 - _JITTER, 1 + _JITTER)
