"""Financing: competing quotes, and cash against a note in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.domain.calendar import instant
from api.domain.errors import InvalidInput
from api.domain.records import Quote, QuoteRequest
from api.domain.views import Page, PartyName
from api.routers import acts as tell
from api.routers.answers import Json, json_answer, operations_answer, two_person_answer
from api.routers.deps import Cursor, Desk, Limit, NotePath, Seeing, Services, Writing
from api.routers.documented import posting, reading, writing
from api.schemas import acts, ledger, quotes, wire
from api.schemas.base import BATCH, LARGEST_ID, LARGEST_PARTY, UINT96
from api.schemas.operations import Operations
from api.services.financing import Bid, RankedQuote

router = APIRouter(tags=["financing"])

_STANDING = ("UnknownParty", "MissingRight", "MissingRole", "PartyIsSuspended", "IdentityExpired")
QuotePath = Annotated[str, Path(alias="id", pattern=r"^[0-9a-f]{32}$", examples=["0f1e2d3c4b5a69788796a5b4c3d2e1f0"])]


@router.get(
    "/quotes",
    response_model=ledger.Page[quotes.RankedQuote],
    responses=reading("UnknownNote", "CursorInvalid", "ChainUnreachable"),
)
async def ranked(
    desk: Desk,
    see: Seeing,
    note: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="Left out: all notes, by id; then `limit` counts notes.")
    ] = None,
    amount: Annotated[
        str | None,
        Query(
            pattern=r"^[1-9][0-9]{0,28}$",
            description="Face value of the `note` to sell, minor units; left out: all of it.",
        ),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Live quotes for a note, most cash today first. Each covers at most its own `max_amount`.

    They are sealed: the note's holder sees all, a financier its own. Without a note: those for each of a holder's notes, and
    all that a financier has made.
    """
    if note is None:
        if amount is not None:
            raise InvalidInput("RequestInvalid", field="query.amount", rule="note-missing")
        page = await see.live_quotes(cursor=cursor, limit=limit)
    else:
        page = Page(tuple(await see.ranked(note, None if amount is None else min(int(amount), UINT96))))
    names = await _names(desk, (r.quote for r in page.items))
    return json_answer(wire.page(page, lambda r: _ranked(r, names)))


@router.post(
    "/quote-requests",
    status_code=201,
    response_model=quotes.QuoteRequest,
    responses=posting("UnknownNote", "UnknownParty", "NotHeld", "MissingRole", "IndexMissing"),
)
async def ask(desk: Desk, see: Seeing, body: acts.QuoteRequestBody) -> Response:
    """The holder asks financiers to quote for its note (询价): all of them, or those named. Who is asked sees the note."""
    see.acts_for(body.party)
    await see.names_notes([body.note])
    await desk.financing.ask(body.party, body.note, body.financiers)
    return json_answer({"note": body.note, "financiers": body.financiers}, 201)


@router.get(
    "/quote-requests",
    response_model=ledger.Page[quotes.AskedFor],
    responses=reading("CursorInvalid"),
)
async def asked(
    desk: Desk,
    see: Seeing,
    note: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Requests for quotes that stand, by note: a holder's own, and those to a financier."""
    page = await see.quote_requests(note=note, cursor=cursor, limit=limit)
    names = await desk.ledger.names({p for r in page.items for p in (r.seller, r.financier) if p})
    return json_answer(wire.page(page, lambda r: _request(r, names)))


@router.delete(
    "/quote-requests/{id}",
    response_model=quotes.QuoteRequest,
    responses=posting("UnknownNote", "UnknownQuoteRequest", "IndexMissing"),
)
async def unask(
    desk: Desk,
    see: Seeing,
    note: NotePath,
    party: Annotated[int, Query(ge=1, le=LARGEST_PARTY)],
    financier: Annotated[
        list[Annotated[int, Query(ge=1, le=LARGEST_PARTY)]] | None,
        Query(max_length=BATCH, description="Whose requests end; left out: all."),
    ] = None,
) -> Response:
    """The holder takes its request back: who was asked sees the note no longer and makes no new quotes for it. Quotes made
    before are their makers' word: they stand, and can be taken, until they expire or their makers withdraw them."""
    see.acts_for(party)
    await see.names_notes([note])
    ended = await desk.financing.unask(party, note, financier or [])
    return json_answer({"note": note, "financiers": sorted(f for f in ended if f)})


@router.post(
    "/quotes",
    status_code=201,
    response_model=quotes.Quotes,
    responses={
        k: v
        for k, v in writing(Operations, "UnknownParty", "UnknownNote", "NotHeld", "RegistryReferenceMissing").items()
        if k != 202
    },
)
async def bid(desk: Desk, see: Seeing, write: Writing, body: acts.QuotesBody) -> Response:
    """A financier quotes for notes (报价): signed in its name, off the chain until one is taken."""
    see.acts_for(body.party)
    await see.quotes_for(b.note for b in body.bids)
    bids = [Bid(b.note, b.rate_bps, b.max_amount, b.registry_reference, b.valid_for_s, b.recourse) for b in body.bids]
    made = await desk.financing.bid(body.party, bids, write.request)
    names = await _names(desk, made)
    return json_answer({"quotes": [_quote(q, names) for q in made]}, 201)


@router.delete(
    "/quotes/{id}",
    response_model=Operations,
    responses=writing(Operations, *_STANDING, "UnknownQuote"),
)
async def withdraw(
    desk: Desk, see: Seeing, write: Writing, quote_id: QuotePath, party: Annotated[int, Query(ge=1, le=LARGEST_PARTY)]
) -> Response:
    """A financier ends its quote, here and on the chain."""
    see.acts_for(party)
    await see.names_quotes([quote_id])
    return await operations_answer(desk, write, await desk.financing.withdraw(party, quote_id, write.request))


@router.post(
    "/financings",
    response_model=Operations,
    responses=writing(
        Operations,
        *_STANDING,
        *("UnknownQuote", "QuoteExpired", "QuoteIsCancelled", "QuoteUsedUp", "QuoteEpochOver"),
        *("QuoteForOtherSeller", "PriceTooLow", "RegistryReferenceMissing", "NotHeld", "NotBeforeDueDay"),
        *("ValueExceeded", "BelowMinimum", "DebtorOverdue", "ZeroAmount"),
    ),
)
async def finance(desk: Desk, see: Seeing, write: Writing, body: acts.FinanceBody) -> Response:
    """The holder takes quotes, whole or in part (贴现): cash and note change hands in one transaction.

    Where people sign in, it takes two of them, or does from an amount on that the company has set: the answer names the
    `approval` to be signed then, instead of operations.
    """
    return await two_person_answer(
        desk, see.principal, write, lambda acts: tell.finance(desk, see, acts, body, write.request)
    )


async def _names(desk: Services, found: Iterable[Quote]) -> Mapping[int, PartyName]:
    return await desk.ledger.names({party for q in found for party in (q.seller, q.financier)})


def _ranked(ranked: RankedQuote, names: Mapping[int, PartyName]) -> Json:
    return {**_quote(ranked.quote, names), "amount": str(ranked.amount), "cash": str(ranked.cash)}


def _request(request: QuoteRequest, names: Mapping[int, PartyName]) -> Json:
    return {
        "note": request.note,
        "seller": wire.party_name(names[request.seller]),
        "financier": wire.party_name(names[request.financier]) if request.financier else None,
        "created_at": instant(request.created_at),
    }


def _quote(quote: Quote, names: Mapping[int, PartyName]) -> Json:
    return {
        "id": quote.id,
        "note": quote.note,
        "seller": wire.party_name(names[quote.seller]),
        "financier": wire.party_name(names[quote.financier]),
        "max_amount": str(quote.max_amount),
        "rate_bps": quote.rate_bps,
        "recourse": quote.recourse,
        "registry_reference": quote.registry_reference,
        "valid_until": instant(quote.valid_until),
        "nonce": str(quote.nonce),
        "withdrawn": quote.withdrawn,
    }
