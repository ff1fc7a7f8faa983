"""Signed quotes over app.db."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, cast, delete, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from api.domain.errors import Conflict, InvalidInput
from api.domain.records import Quote, QuoteRequest
from api.domain.views import Page
from api.store.app.database import Database
from api.store.app.tables import quote_requests, quotes

_r = quote_requests.c
_AS_TEXT = ("max_amount", "valid_until", "nonce")
_PLAIN = ("id", "note", "seller", "financier", "rate_bps", "recourse", "payer", "registry_reference", "epoch", "signer")


class StoredQuotes:
    """Implements QuoteBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, wanted: Sequence[Quote]) -> None:
        """Conflict("QuoteNonceReused") when the financier has used a nonce before; nothing is stored then."""
        rows = [_to_row(q) for q in wanted]
        if not rows:
            return
        try:
            await self._database.write(lambda c: c.execute(insert(quotes), rows))
        except IntegrityError as error:
            raise Conflict("QuoteNonceReused", financiers=sorted({q.financier for q in wanted})) from error

    async def get(self, quote_id: str) -> Quote | None:
        query = select(quotes).where(quotes.c.id == quote_id)
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else _to_quote(row)

    async def of_note(self, note: int) -> list[Quote]:
        """In the order of their making."""
        query = select(quotes).where(quotes.c.note == note).order_by(quotes.c.seq)
        return [_to_quote(r) for r in await self._database.read(lambda c: c.execute(query).all())]

    async def live(self, party: int | None, now: int, after: int, notes: int) -> list[Quote]:
        q = quotes.c
        where = [q.withdrawn.is_(False), cast(q.valid_until, BigInteger) >= now]
        if party is not None:
            where.append(or_(q.seller == party, q.financier == party))
        these = select(q.note).where(q.note > after, *where).distinct().order_by(q.note).limit(notes)
        query = select(quotes).where(q.note.in_(these), *where).order_by(q.note, q.seq)
        return [_to_quote(r) for r in await self._database.read(lambda c: c.execute(query).all())]

    async def withdraw(self, quote_id: str) -> None:
        change = update(quotes).where(quotes.c.id == quote_id).values(withdrawn=True)
        await self._database.write(lambda c: c.execute(change))

    async def ask(self, note: int, financiers: Sequence[int], seller: int) -> None:
        def action(connection: Connection) -> None:
            known = set(connection.execute(select(_r.financier).where(_r.note == note)).scalars())
            now = int(time.time())
            new = [{"note": note, "financier": f, "seller": seller, "created_at": now} for f in {*financiers} - known]
            if new:
                connection.execute(insert(quote_requests), new)

        await self._database.write_one(action)

    async def unask(self, note: int, financiers: Sequence[int]) -> list[int]:
        def action(connection: Connection) -> list[int]:
            these = [_r.note == note, *([_r.financier.in_(financiers)] if financiers else [])]
            found = list(connection.execute(select(_r.financier).where(*these)).scalars())
            connection.execute(delete(quote_requests).where(*these))
            return found

        return await self._database.write(action)

    async def requests(
        self, *, note: int | None, seller: int | None, financier: int | None, cursor: str | None, limit: int
    ) -> Page[QuoteRequest]:
        after = _position(cursor)
        query = select(quote_requests).where(tuple_(_r.note, _r.financier) > after).order_by(_r.note, _r.financier)
        if note is not None:
            query = query.where(_r.note == note)
        if seller is not None or financier is not None:
            to = [] if financier is None else [0, financier]
            query = query.where(or_(_r.seller == seller, _r.financier.in_(to)))
        rows = await self._database.read(lambda c: c.execute(query.limit(limit + 1)).all())
        items = tuple(QuoteRequest(r.note, r.financier, r.seller, r.created_at) for r in rows[:limit])
        more = len(rows) > limit
        return Page(items, f"{items[-1].note}.{items[-1].financier}" if more else None)

    async def asked(self, financier: int) -> Sequence[int]:
        query = select(_r.note).where(_r.financier.in_((0, financier))).distinct().order_by(_r.note)
        return await self._database.recall(("asked", financier), lambda c: tuple(c.execute(query).scalars()))


def _position(cursor: str | None) -> tuple[int, int]:
    """After which note and financier a page begins. InvalidInput("CursorInvalid")."""
    if cursor is None:
        return 0, 0
    note, point, financier = cursor.partition(".")
    if not point or not all(p.isascii() and p.isdigit() and len(p) <= 13 for p in (note, financier)):
        raise InvalidInput("CursorInvalid", cursor=cursor)
    return int(note), int(financier)


def _to_row(quote: Quote) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(quote, name) for name in (*_PLAIN, "signature", "withdrawn")}
    return row | {name: str(getattr(quote, name)) for name in _AS_TEXT} | {"created_at": int(time.time())}


def _to_quote(row: Row[Any]) -> Quote:
    values: dict[str, Any] = {name: getattr(row, name) for name in (*_PLAIN, "signature", "withdrawn")}
    return Quote(**values | {name: int(getattr(row, name)) for name in _AS_TEXT})
