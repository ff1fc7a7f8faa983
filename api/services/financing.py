"""Financing: financiers quote against each other, the holder takes what gives it the most cash today."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.domain.access import FINANCIER
from api.domain.calendar import day_of_time
from api.domain.errors import Conflict, InvalidInput, NotFound, RuleBroken
from api.domain.interest import price_down
from api.domain.operations import Call, Contract, Operation
from api.domain.ports import QuoteBook
from api.domain.records import Quote
from api.domain.status import ReceivableFlag
from api.domain.typed_data import quote as quote_typed_data
from api.domain.views import NoteView, Page, PartyView, ReceivableView
from api.services.acts import ACT, QUOTE, Acts, Request, UseCases

_NONCE_BITS = 48
REGISTRY_REQUIRED = int(ReceivableFlag.REGISTRY_REQUIRED)
UNLIMITED = (1 << 96) - 1
"""No amount is larger."""
EVERY_FINANCIER = 0
"""Asked instead of a party: all that have the role."""


@dataclass(frozen=True, slots=True)
class Bid:
    """What a financier offers for a note. `valid_for` in seconds of the chain's clock, `rate_bps` annual."""

    note: int
    rate_bps: int
    max_amount: int
    registry_reference: str
    valid_for: int = 86_400
    recourse: bool = False


@dataclass(frozen=True, slots=True)
class RankedQuote:
    """A quote, and the cash it gives today for `amount` of face value."""

    quote: Quote
    amount: int
    cash: int


_Known = Mapping[int, tuple[NoteView, ReceivableView]]
"""Notes and their debts."""


@dataclass(frozen=True, slots=True)
class Take:
    """A quote to take: face value to sell, and the least cash for it (minor units)."""

    quote_id: str
    amount: int
    min_price: int


class Financing(UseCases):
    """Quoting, and taking quotes."""

    def __init__(self, acts: Acts, quotes: QuoteBook) -> None:
        super().__init__(acts)
        self._quotes = quotes

    async def ask(self, seller: int, note: int, financiers: Sequence[int]) -> None:
        """The holder asks these financiers (none named: all of them) to quote for its note, and so lets them see it.

        NotFound("UnknownNote"), NotFound("UnknownParty"), RuleBroken("NotHeld"), RuleBroken("MissingRole").
        """
        view, _ = await self._note(note)
        if view.holder.id != seller:
            raise NotFound("UnknownNote", note=note)
        if view.status != "held":
            raise RuleBroken("NotHeld", note=note, status=view.status)
        for financier in financiers:
            party = await self._acts.ledger.party(financier)
            if party is None:
                raise NotFound("UnknownParty", party=financier)
            if not party.roles & FINANCIER:
                raise RuleBroken("MissingRole", party=financier, roles=party.roles, required=FINANCIER)
        await self._quotes.ask(note, financiers or [EVERY_FINANCIER], seller)

    async def unask(self, seller: int, note: int, financiers: Sequence[int]) -> Sequence[int]:
        """The holder takes its request back, from these financiers or from all: they see the note no longer, and make no
        new quotes for it. A quote made before is its maker's word, and stands until it expires or is withdrawn.

        NotFound("UnknownQuoteRequest"). The financiers whose requests stood; 0: every one.
        """
        view, _ = await self._note(note)
        found = await self._quotes.unask(note, financiers) if view.holder.id == seller else ()
        if not found:
            raise NotFound("UnknownQuoteRequest", note=note)
        return found

    async def bid(self, financier: int, bids: Sequence[Bid], request: Request | None = None) -> Sequence[Quote]:
        """Signs quotes in the financier's name and keeps them; nothing reaches the chain.

        A request that came before is answered with the quotes it made then. NotFound for an unknown note,
        RuleBroken("NotHeld") for one that nobody can sell, RuleBroken("RegistryReferenceMissing") where the debt can be
        paid out only under the registry's number and the bid has none: nobody could take it.
        """
        marks = [_mark(request, index) for index in range(len(bids))]
        if request is not None and (known := await self._known(request, marks)):
            return known
        party = await self._acts.ledger.party(financier)
        if party is None:
            raise NotFound("UnknownParty", party=financier)
        signer = await self._acts.account_of(financier, QUOTE)
        now = (await self._acts.chain.head()).time
        notes = {n.id: n for n in await self._acts.ledger.notes_by_id([b.note for b in bids])}
        debts = {
            r.id: r for r in await self._acts.ledger.receivables_by_id(sorted({n.receivable for n in notes.values()}))
        }
        made: list[Quote] = []
        for bid, (quote_id, nonce) in zip(bids, marks, strict=True):
            if (note := notes.get(bid.note)) is None:
                raise NotFound("UnknownNote", note=bid.note)
            if note.status != "held":
                raise RuleBroken("NotHeld", note=note.id, status=note.status)
            debt = debts[note.receivable]
            if debt.flags & REGISTRY_REQUIRED and not int(bid.registry_reference, 16) and financier != debt.debtor.id:
                raise RuleBroken("RegistryReferenceMissing", note=note.id)
            terms = {
                "note": note.id,
                "seller": note.holder.id,
                "financier": financier,
                "maxAmount": bid.max_amount,
                "rateBps": bid.rate_bps,
                "recourse": bid.recourse,
                "payer": party.settlement_account,
                "registryReference": bid.registry_reference,
                "validUntil": now + bid.valid_for,
                "nonce": nonce,
                "epoch": party.quote_epoch,
                "signer": signer,
            }
            made.append(self._sign(quote_id, terms))
        await self._quotes.put(made)
        return made

    async def quote(self, quote_id: str) -> Quote:
        """One quote. NotFound("UnknownQuote")."""
        if (found := await self._quotes.get(quote_id)) is None:
            raise NotFound("UnknownQuote", quote=quote_id)
        return found

    async def ranked(self, note: int, amount: int | None = None, *, takeable: bool = False) -> Sequence[RankedQuote]:
        """Live quotes for a note, most cash today first; of equal cash those without recourse, then the lower rate, then
        the one made first. `amount`: the note's value unless given, capped by the quote.

        Cash is what the desk pays for that amount today, rounded as it rounds; there are no other fees. With `takeable`
        the chain is asked as well: what was taken of a quote counts against it, and quotes that were cancelled there, that
        a raised epoch ended, or whose maker is suspended, beyond its identity check or no financier are left out.
        """
        view, receivable = await self._note(note)
        now = (await self._acts.chain.head()).time
        live = [q for q in await self._quotes.of_note(note) if not q.withdrawn and q.valid_until >= now]
        known = {note: (view, receivable)}
        taken = await self._taken(live, known, day_of_time(now)) if takeable else {}
        return _ranked(live, known, taken, day_of_time(now), view.value if amount is None else amount)

    async def live(self, party: int | None, cursor: str | None, limit: int) -> Page[RankedQuote]:
        """Live quotes that `party` made or was made (None: all), by note, each note's ranked as `ranked` does with `takeable`:
        for all of the note's value where it was made the quote, for all that is left of the quote where it made it. A page
        holds those of `limit` notes. InvalidInput("CursorInvalid")."""
        now = (await self._acts.chain.head()).time
        found = await self._quotes.live(party, now, _after_note(cursor), limit + 1)
        notes = sorted({q.note for q in found})
        shown = [q for q in found if q.note in notes[:limit]]
        views = {n.id: n for n in await self._acts.ledger.notes_by_id(notes[:limit])}
        debts = {
            r.id: r for r in await self._acts.ledger.receivables_by_id(sorted({n.receivable for n in views.values()}))
        }
        known = {n.id: (n, debts[n.receivable]) for n in views.values()}
        shown = [q for q in shown if q.note in known]
        taken = await self._taken(shown, known, day_of_time(now))
        ranked: list[RankedQuote] = []
        for note, (view, _) in sorted(known.items()):
            quotes = [q for q in shown if q.note == note]
            amount = view.value if party is None or view.holder.id == party else UNLIMITED
            ranked += _ranked(quotes, known, taken, day_of_time(now), amount)
        return Page(tuple(ranked), str(notes[limit - 1]) if len(notes) > limit else None)

    async def take(
        self, seller: int, takes: Sequence[Take], request: Request | None = None, *, check: bool = True
    ) -> Sequence[Operation]:
        """The seller takes quotes, whole or in part: cash and note move in one transaction."""

        async def build() -> Sequence[Call]:
            account = await self._acts.account_of(seller, ACT)
            deals = []
            for take in takes:
                quote = await self.quote(take.quote_id)
                deals.append(
                    {
                        "quote": quote_struct(quote),
                        "signature": quote.signature,
                        "amount": take.amount,
                        "minPrice": take.min_price,
                    }
                )
            return [Call(Contract.FINANCING, "finance", (deals,), account)]

        return await self._acts.perform("finance", seller, request, build, check=check)

    async def withdraw(self, financier: int, quote_id: str, request: Request | None = None) -> Sequence[Operation]:
        """Ends a quote here and on the chain, where its signature would still count."""
        quote = await self.quote(quote_id)
        if quote.financier != financier:
            raise NotFound("UnknownQuote", quote=quote_id)

        async def build() -> Sequence[Call]:
            account = await self._acts.account_of(financier, QUOTE)
            return [Call(Contract.FINANCING, "cancelQuote", (quote.nonce,), account)]

        operations = await self._acts.perform("cancel_quote", financier, request, build)
        await self._quotes.withdraw(quote_id)
        return operations

    async def _taken(self, quotes: Sequence[Quote], known: _Known, today: int) -> Mapping[str, int]:
        """Face value already taken under quotes, by id; all of it where the quote no longer counts."""
        desk = Contract.FINANCING
        answers = await self._acts.chain.calls([Call(desk, "taken", (q.financier, q.nonce), "") for q in quotes])
        makers = {party: await self._acts.ledger.party(party) for party in {q.financier for q in quotes}}
        taken: dict[str, int] = {}
        for quote, answer in zip(quotes, answers, strict=True):
            maker, debtor = makers[quote.financier], known[quote.note][1].debtor.id
            counts = maker is not None and maker.quote_epoch == quote.epoch and _may_buy(maker, debtor, today)
            taken[quote.id] = int(answer) if counts else quote.max_amount
        return taken

    async def _note(self, note: int) -> tuple[NoteView, ReceivableView]:
        view = await self._acts.ledger.note(note)
        receivable = None if view is None else await self._acts.ledger.receivable(view.receivable)
        if view is None or receivable is None:
            raise NotFound("UnknownNote", note=note)
        return view, receivable

    async def _known(self, request: Request, marks: Sequence[tuple[str, int]]) -> Sequence[Quote]:
        known: list[Quote] = []
        for quote_id, nonce in marks or [_mark(request, 0)]:
            if (quote := await self._quotes.get(quote_id)) is None:
                return known
            if quote.nonce != nonce:
                raise Conflict("IdempotencyKeyReused", key=request.key)
            known.append(quote)
        return known

    def _sign(self, quote_id: str, terms: Mapping[str, Any]) -> Quote:
        chain = self._acts.chain
        data = quote_typed_data(chain.chain_id, chain.addresses[Contract.FINANCING], terms)
        signature = self._acts.signer.sign_typed_data(str(terms["signer"]), data)
        return Quote(
            id=quote_id,
            note=terms["note"],
            seller=terms["seller"],
            financier=terms["financier"],
            max_amount=terms["maxAmount"],
            rate_bps=terms["rateBps"],
            recourse=terms["recourse"],
            payer=terms["payer"],
            registry_reference=terms["registryReference"],
            valid_until=terms["validUntil"],
            nonce=terms["nonce"],
            epoch=terms["epoch"],
            signer=terms["signer"],
            signature="0x" + signature.hex(),
        )


def _ranked(
    quotes: Iterable[Quote], known: _Known, taken: Mapping[str, int], today: int, amount: int
) -> list[RankedQuote]:
    """Those that their note's holder can take, the best first, each for as much of `amount` as is left of it."""
    ranked: list[RankedQuote] = []
    for quote in quotes:
        view, receivable = known[quote.note]
        face = min(amount, quote.max_amount - taken.get(quote.id, 0))
        if face <= 0 or quote.seller != view.holder.id:
            continue
        if (cash := price_down(face, quote.rate_bps, max(receivable.due_day - today, 0))) > 0:
            ranked.append(RankedQuote(quote, face, cash))
    return sorted(ranked, key=lambda r: (-r.cash, r.quote.recourse, r.quote.rate_bps))


def _after_note(cursor: str | None) -> int:
    """The note that a cursor names. InvalidInput("CursorInvalid")."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 13):
        raise InvalidInput("CursorInvalid", cursor=cursor)
    return int(cursor or 0)


def _may_buy(party: PartyView, debtor: int, today: int) -> bool:
    """A financier, or the debtor itself, that is active today."""
    buys = bool(party.roles & FINANCIER) or party.id == debtor
    return buys and party.status == "active" and party.identity_expiry >= today


def _mark(request: Request | None, index: int) -> tuple[str, int]:
    """Id and nonce of a request's `index`-th quote: drawn, or under an idempotency key the same at every asking."""
    if request is None:
        return uuid.uuid4().hex, secrets.randbits(_NONCE_BITS)
    name = f"{request.mark}#{index}".encode()
    body = hashlib.sha256(name + request.body_hash.encode()).digest()
    return hashlib.sha256(name).hexdigest()[:32], int.from_bytes(body[: _NONCE_BITS // 8], "big")


def quote_struct(quote: Quote) -> dict[str, Any]:
    """A kept quote as IFinancingDesk.Quote."""
    return {
        "note": quote.note,
        "seller": quote.seller,
        "financier": quote.financier,
        "maxAmount": quote.max_amount,
        "rateBps": quote.rate_bps,
        "recourse": quote.recourse,
        "payer": quote.payer,
        "registryReference": quote.registry_reference,
        "validUntil": quote.valid_until,
        "nonce": quote.nonce,
        "epoch": quote.epoch,
        "signer": quote.signer,
    }
