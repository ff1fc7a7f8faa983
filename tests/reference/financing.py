"""A note, or part of one, against cash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.reference.arithmetic import MAX_UINT96, day_of, days_between, discount_up
from tests.reference.funding import Funding, Leg, pay
from tests.reference.notes import Note, NoteFlag, ReceivableFlag
from tests.reference.parties import Right, Role
from tests.reference.passing import extinguish, judge_amount, judge_movable
from tests.reference.refusals import Judge
from tests.reference.world import QuoteBook, Sale, World

MAX_RECOURSE_RATE = 2**16 - 1


@dataclass(frozen=True)
class Quote:
    """A financier's terms."""

    note: int
    seller: int
    financier: int
    max_amount: int
    rate_bps: int
    recourse: bool
    payer: str
    registry_reference: bytes
    valid_until: int
    nonce: int
    epoch: int
    signer: str


@dataclass(frozen=True)
class Deal:
    """What the seller takes. ``valid``: the signature is the signer's, for just this quote, chain and contract."""

    quote: Quote
    amount: int
    min_price: int = 0
    valid: bool = True


def price_down(amount: int, rate_bps: int, day: int, due_day: int) -> int:
    """Cash for a face value sold on ``day``; 0 when the discount eats it all."""
    return max(0, amount - discount_up(amount, rate_bps, days_between(day, due_day)))


def finance(
    world: World, judge: Judge, now: int, caller: str, deals: list[Deal], fundings: Sequence[Funding] | None = None
) -> list[int]:
    """The seller takes quotes; returns the buyers' notes, 0 where extinguished. Without ``fundings``: by allowance."""
    if fundings is not None and len(fundings) != len(deals):
        judge.require(False, "FundingsUnmatched", len(deals), len(fundings))
        return []
    seller = world.registry.actor(judge, now, caller, Right.ACT)
    judge.require(bool(deals), "NoDeals")
    children: list[int] = []
    for deal, funding in zip(deals, fundings or [Funding()] * len(deals), strict=True):
        if deal.quote.note not in world.ledger.notes:
            judge.require(False, "UnknownNote", deal.quote.note)
            continue
        payer = world.registry.account(deal.quote.payer).party
        judge.require(payer == deal.quote.financier, "PayerOfOtherParty", deal.quote.payer, deal.quote.financier, payer)
        price = agree(world, judge, now, seller, deal)
        children.append(_deliver(world, judge, now, seller, deal, price, funding))
    return children


def agree(world: World, judge: Judge, now: int, seller: int, deal: Deal) -> int:
    """Judges the quote, but for who pays, and counts it as taken; returns the price."""
    quote, registry = deal.quote, world.registry
    receivable = world.ledger.receivables[world.ledger.notes[quote.note].receivable]
    debtor = receivable.debtor
    judge.require(seller in (0, quote.seller), "QuoteForOtherSeller", quote.seller, seller)
    judge.require(quote.financier != seller, "BuyerIsSeller", seller)
    judge.require(now <= quote.valid_until, "QuoteExpired", quote.valid_until)
    small = not quote.recourse or quote.rate_bps <= MAX_RECOURSE_RATE
    judge.require(small, "RecourseRateTooHigh", quote.rate_bps, MAX_RECOURSE_RATE)
    judge.require(deal.valid, "QuoteSignatureInvalid", quote.signer, ...)
    registry.actor(judge, now, quote.signer, Right.QUOTE, Role.FINANCIER | Role.CORE_ENTERPRISE)
    roles = registry.parties[quote.financier].roles if quote.financier in registry.parties else 0
    judge.require(
        quote.financier == debtor or bool(roles & Role.FINANCIER), "MissingRole", quote.financier, roles, Role.FINANCIER
    )
    signer = registry.account(quote.signer).party
    judge.require(signer == quote.financier, "SignerOfOtherParty", quote.signer, quote.financier, signer)
    current = registry.parties[quote.financier].epoch if quote.financier in registry.parties else 0
    judge.require(quote.epoch == current, "QuoteEpochOver", quote.financier, quote.epoch, current)
    _count(world, judge, deal)
    price = price_down(deal.amount, quote.rate_bps, day_of(now), receivable.due_day)
    judge.require(price > 0 and price >= deal.min_price, "PriceTooLow", price, ...)
    return price


def _count(world: World, judge: Judge, deal: Deal) -> None:
    quote = deal.quote
    book = world.quotes.setdefault((quote.financier, quote.nonce), QuoteBook())
    if not judge.require(not book.cancelled, "QuoteIsCancelled", quote.financier, quote.nonce):
        return
    if not judge.require(book.digest in (None, quote), "QuoteNonceTaken", quote.financier, quote.nonce):
        return
    left = quote.max_amount - book.taken
    judge.require(deal.amount <= left, "QuoteUsedUp", quote.financier, quote.nonce, deal.amount, left)
    book.digest, book.taken = quote, book.taken + deal.amount


def give_back(world: World, financier: int, nonce: int, amount: int) -> None:
    """A sale on another rail did not come about: what was counted can be taken again."""
    world.quotes[financier, nonce].taken -= amount


def _deliver(world: World, judge: Judge, now: int, seller: int, deal: Deal, price: int, funding: Funding) -> int:
    quote = deal.quote
    currency = world.currency_of(quote.note)
    child = assign(world, judge, now, quote.note, seller, quote.financier, deal.amount, quote.registry_reference)
    token = world.tokens.get(currency)
    judge.require(token is not None, "OnBankRail", currency)
    if token is not None and seller in world.registry.parties:
        payee = world.registry.parties[seller].settlement
        leg = Leg(world.financing_desk, quote.payer, payee, price, purpose=(quote, deal.amount))
        pay(judge, now, token, leg, funding)
    if quote.recourse and child:
        world.sales[child] = Sale(seller, deal.amount, price, quote.rate_bps, day_of(now))
    return child


def assign(
    world: World,
    judge: Judge,
    now: int,
    note_id: int,
    seller: int,
    buyer: int,
    amount: int,
    registry_reference: bytes,
) -> int:
    """Moves value to a new note of the buyer's; returns it, 0 where extinguished."""
    ledger = world.ledger
    note = ledger.notes[note_id]
    receivable = ledger.receivables[note.receivable]
    to_debtor = buyer == receivable.debtor
    judge.require(not world.paused, "ProtocolPaused")
    judge_movable(world, judge, now, note_id, seller)
    world.credit.require_not_overdue(judge, receivable.debtor)
    judge.require(amount > 0, "ZeroAmount")
    minimum = receivable.policy.min_child_value
    judge.require(amount >= minimum, "BelowMinimum", note_id, amount, minimum)
    if not to_debtor:
        judge.require(
            any(registry_reference) or not receivable.flags & ReceivableFlag.REGISTRY_REQUIRED,
            "RegistryReferenceMissing",
            note_id,
        )
    if not judge_amount(judge, note_id, note, receivable, amount):
        return 0
    note.value -= amount
    if to_debtor:
        extinguish(world, note.receivable, amount)
        return 0
    flags = int(NoteFlag.ACCEPTED | NoteFlag.FINANCED)
    return ledger.add(Note(amount, note_id, note.receivable, buyer, note.tier, flags))


def cancel_quote(world: World, judge: Judge, now: int, caller: str, nonce: int) -> None:
    """Ends a quote of the caller's party."""
    party = world.registry.actor(judge, now, caller, Right.QUOTE)
    world.quotes.setdefault((party, nonce), QuoteBook()).cancelled = True


def taken(world: World, financier: int, nonce: int) -> int:
    """Face value taken under a quote; the type's maximum once cancelled."""
    book = world.quotes.get((financier, nonce), QuoteBook())
    return MAX_UINT96 if book.cancelled else book.taken
