"""Sales funded by signatures, recourse, registration and notice in random lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.contracts.chain import key_of
from tests.contracts.constants import CASH, FACE, ZERO_HASH
from tests.contracts.twin import ALLOWANCE, Twin
from tests.contracts.twin_funding import BY_ALLOWANCE, Signed
from tests.reference.arithmetic import MAX_UINT96, start_of
from tests.reference.financing import Deal, Quote
from tests.reference.notes import NoteStatus, ReceivableFlag
from tests.reference.recourse import sale_of
from tests.stateful.choices import Choices, amount_at

FAR = 60 * 86_400


class FinancingActs:
    """Mixed into a life."""

    twin: Twin
    choices: Choices
    quotes: list[Quote]
    act: Callable[[str, Callable[[], object]], None]

    def finance_funded(
        self, which: int, who: int, buyer: int, edge: int, rate: int, kind: str, recourse: bool, wild: bool
    ) -> None:
        """A fresh quote, with or without recourse, and its cash by any way; the signature spoilt when wild."""
        twin = self.twin
        books = twin.model.world.ledger
        sellable = self.choices.notes(
            lambda note, facts: (
                books.status(note, twin.today) == NoteStatus.HELD
                and books.receivables[facts.receivable].due_day > twin.today
            )
        )
        note = which % len(books.notes) + 1 if wild or not sellable else sellable[which % len(sellable)]
        name = ("financier", "financier2", "core", "financier2")[buyer % 4]
        quote = twin.quote(twin.actors[name], note, rate_bps=rate, recourse=recourse)
        self.quotes.append(quote)
        amount = amount_at(edge, books.notes[note].value)
        signed = self._signed(kind, quote, amount, wild)
        key = self.choices.holder_key(note, who, wild and who % 2 == 0)
        self.act(f"finance by {kind}", lambda: twin.finance_funded(key, (Deal(quote, amount), signed)))

    def _signed(self, kind: str, quote: Quote, amount: int, wild: bool) -> Signed:
        twin = self.twin
        if kind == "allowance" or twin.currency_of(quote.note) > 2:
            return BY_ALLOWANCE
        price = twin.price_of(quote, amount)
        if kind == "permit":
            # back to what it was founded with, so that later sales are not starved of allowance
            signed = twin.permit(quote, ALLOWANCE)
            return signed.spoiled(value=ALLOWANCE - 1) if wild else signed
        signed = twin.authorize(quote, amount)
        return signed.spoiled(deadline=signed.funding.deadline + 1) if wild and price else signed

    # -- recourse

    def demand(self, which: int, who: int, patient: bool, wild: bool) -> None:
        """A note sold with recourse, mostly when its debtor is overdue; waits for that when patient."""
        twin = self.twin
        sold = self.choices.notes(lambda note, facts: facts.value > 0 and sale_of(twin.model.world, note)[1] > 0)
        note = self.choices.note(which, wild) if wild or not sold else sold[which % len(sold)]
        if patient and not wild and sold:
            self._default(twin.model.world.ledger.notes[note].receivable)
        key = self.choices.holder_key(note, who, wild)
        self.act("demand", lambda: twin.demand(key, note))

    def _default(self, receivable: int) -> None:
        facts = self.twin.model.world.ledger.receivables[receivable]
        over = start_of(facts.due_day + facts.policy.grace_days + 1)
        if self.twin.chain.now < over < self.twin.chain.now + FAR:
            self.twin.move_to(over)
        if not facts.flags & ReceivableFlag.OVERDUE:
            self.act("declare overdue", lambda: self.twin.declare_overdue(key_of("rando"), receivable))

    def honour(self, which: int, who: int, short: bool, wild: bool) -> None:
        """What was demanded, by its seller, who has the cash; by anybody when wild."""
        twin = self.twin
        demanded = list(twin.model.world.demands)
        note = self.choices.note(which, wild) if wild or not demanded else demanded[which % len(demanded)]
        sale, _ = sale_of(twin.model.world, note)
        party = self.choices.party(who) if wild or sale is None else sale.seller
        actor = next((a for a in twin.actors.values() if a.party == party), twin.actors["tier1"])
        if not wild and note in twin.model.world.ledger.notes and twin.currency_of(note) <= 2:
            twin.mint(twin.currency_of(note), actor.cash.address, 2 * FACE)
            twin.approve(actor.cash, twin.currency_of(note), "RecourseDesk", CASH)
        limit = 10 if short else MAX_UINT96
        self.act("honour", lambda: twin.honour(actor.key, note, payer=actor.cash.address, max_total=limit))

    # -- priority

    def register(self, which: int, who: int, wild: bool) -> None:
        """The registrar's word for a note and the quote it was bought by; for others, or other terms, when wild."""
        twin, books = self.twin, self.twin.model.world.ledger
        fits = [
            (note, quote)
            for note, facts in books.notes.items()
            for quote in self.quotes
            if (facts.parent, facts.holder) == (quote.note, quote.financier)
        ]
        if not self.quotes:
            return
        note, quote = fits[which % len(fits)] if fits else (which % (len(books.notes) + 1) + 1, self.quotes[0])
        if wild:
            quote = self.quotes[who % len(self.quotes)]
        word = twin.registration(note, quote)
        if wild:
            changes: tuple[dict[str, Any], ...] = (
                {"registry_reference": ZERO_HASH},
                {"registered_at": 0},
                {"replaces": word.replaces + 1},
                {"signer": self.choices.key(who).address},
                {"nonce": who % 20},
                {"deadline": twin.chain.now - 1},
            )
            word = replace(word, **changes[who % len(changes)])
        known = word.signer in twin.signers
        signature = twin.sign_registration(word) if known else bytes(65)
        word = replace(word, valid=known)
        self.act("register", lambda: twin.register(key_of("rando"), (word, quote), signatures=[signature]))

    def notify(self, which: int, who: int, wild: bool) -> None:
        """The holder or the debtor of a bought note; anybody when wild."""
        ledger = self.twin.model.world.ledger
        bought = self.choices.notes(lambda _, facts: bool(facts.flags & 32))
        note = self.choices.note(which, wild) if wild or not bought else bought[which % len(bought)]
        key = self.choices.holder_key(note, who, wild)
        if not wild and who % 2 and note in ledger.notes:
            key = self.choices.key_of_party(ledger.receivables[ledger.notes[note].receivable].debtor)
        self.act("notify debtor", lambda: self.twin.notify_debtor(key, note))


# As tests.stateful.walk.ACTS
FINANCING_ACTS: dict[str, tuple[int, Callable[[Any], dict[str, Any]]]] = {
    "finance_funded": (
        10,
        lambda d: {
            "which": d.pick(),
            "who": d.pick(),
            "buyer": d.pick(),
            "edge": d.edge(),
            "rate": d.choice([0, 600, 3_600, 2**16 - 1, 2**16]),
            "kind": d.choice(["allowance", "permit", "authorization", "authorization"]),
            "recourse": not d.wild(),
            "wild": d.wild(),
        },
    ),
    "demand": (5, lambda d: {"which": d.pick(), "who": d.pick(), "patient": not d.wild(), "wild": d.wild()}),
    "honour": (5, lambda d: {"which": d.pick(), "who": d.pick(), "short": d.wild(), "wild": d.wild()}),
    "register": (3, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "notify": (2, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
}
EVERY_ACT = {
    "finance by allowance",
    "finance by permit",
    "finance by authorization",
    "demand",
    "honour",
    "register",
    "notify debtor",
}
