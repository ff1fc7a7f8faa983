"""What the page opens with, searching, health, and the types of problems."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Annotated

import anyio
from fastapi import APIRouter, Query, Request, Response

from api.config import Identity
from api.domain.calendar import date_of_day, day_of_time, instant
from api.domain.errors import NotFound, Unavailable
from api.domain.messages import TEXTS
from api.domain.ports import Head
from api.errors import problem_type
from api.metrics import MEDIA_TYPE, Metrics
from api.routers.answers import json_answer
from api.routers.deps import Desk, Seeing, Services
from api.routers.documented import reading, refusals
from api.schemas import ledger, wire
from api.schemas.problems import ProblemTypes

router = APIRouter(tags=["status"])
open_router = APIRouter(tags=["status"])
"""What is told without asking who wants to know."""

STALE_BLOCKS = 3
"""More blocks behind than this is not the index at work but an index at rest."""
HEAD_TIMEOUT_S = 3.0
PATIENCE_S = 10.0
"""An operation that is queued for longer while no worker holds a lease has nobody to carry it out."""


@router.get("/status", response_model=ledger.Status, responses=reading())
async def status(desk: Desk, see: Seeing) -> Response:
    """How far the index is, the sums of the ledger, today by the chain's clock, and the note to open on."""
    index = await desk.ledger.model.status()
    totals = await see.totals()
    head = await _head(desk)
    height = index.head if head is None else head.block
    lag = max(height - index.block, 0)
    return json_answer(
        {
            "index": {
                "chain_id": index.chain_id,
                "block": index.block,
                "block_hash": index.block_hash,
                "block_time": instant(index.block_time),
                "head": height,
                "lag": lag,
                "reorgs": index.reorgs,
                "stale": head is None or lag > STALE_BLOCKS,
            },
            "demo": desk.settings.demo_keys,
            "today": date_of_day(day_of_time(index.block_time if head is None else head.time)).isoformat(),
            "featured_note": await see.featured(),
            "totals": None if totals is None else wire.ledger_totals(totals),
            "currencies": [wire.currency(c) for c in await desk.ledger.model.currencies()],
        }
    )


@router.get("/search", response_model=ledger.SearchResults, responses=reading())
async def search(
    see: Seeing, q: Annotated[str, Query(max_length=100, description="A number finds ids, text finds names.")]
) -> Response:
    """Notes, receivables and parties by number, parties by name."""
    hits = await see.search(q)
    results = [{"kind": h.kind, "id": h.id, "label_zh": h.label_zh, "label_en": h.label_en} for h in hits]
    return json_answer({"results": results})


@open_router.get("/healthz", response_model=ledger.Health)
async def healthz() -> Response:
    """The process answers."""
    return json_answer({"status": "ok"})


@open_router.get("/readyz", response_model=ledger.Health, responses=refusals("NotReady"))
async def readyz(desk: Desk) -> Response:
    """All that an act needs is at hand: database, chain, an index that keeps up, a worker for what is queued.

    503 names what is missing.
    """
    missing = [name for name, present in (await _parts(desk)).items() if not present]
    if missing:
        raise Unavailable("NotReady", missing=missing)
    return json_answer({"status": "ok"})


@open_router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, desk: Desk) -> Response:
    """Figures for Prometheus: to this machine alone, unless the settings open them."""
    if desk.settings.identity is not Identity.OFF and not desk.settings.metrics_open:
        raise NotFound("UnknownPath", path="/metrics")
    figures: Metrics = request.app.state.metrics
    figures.outbox(await desk.load.read(), time.time())
    index, head = await desk.ledger.model.status(), await _head(desk)
    figures.index(index, max((index.head if head is None else head.block) - index.block, 0))
    return Response(figures.exposition(), headers={"Content-Type": MEDIA_TYPE})


@open_router.get("/problems", response_model=ProblemTypes)
async def problems() -> Response:
    """Every problem type that an answer may carry, in both languages."""
    types = [
        {"type": problem_type(rule), "title": text.en, "title_zh": text.zh} for rule, text in sorted(TEXTS.items())
    ]
    return json_answer({"types": types})


async def _parts(desk: Services) -> dict[str, bool]:
    """What an act needs, and whether it is at hand."""
    head = await _head(desk)
    present = {"chain": head is not None, "index": False, "database": False, "worker": True}
    with suppress(Unavailable):
        index = await desk.ledger.model.status()
        present["index"] = head is None or head.block - index.block <= STALE_BLOCKS
    with suppress(Unavailable):
        load = await desk.load.read()
        waited_s = 0 if load.oldest_queued is None else time.time() - load.oldest_queued
        present |= {"database": True, "worker": load.leased or waited_s < PATIENCE_S}
    return present


async def _head(desk: Services) -> Head | None:
    """The chain's last block; None when the chain does not answer in time."""
    try:
        with anyio.fail_after(HEAD_TIMEOUT_S):
            return await desk.chain.head()
    except (Unavailable, TimeoutError):
        return None
