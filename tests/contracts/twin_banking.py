"""The second rail on both sides: reservations and attestations, signed by banks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import Receipt
from tests.contracts.deployment import Deployment
from tests.reference.arithmetic import day_of
from tests.reference.banking import Commitment, Line, Payment
from tests.reference.financing import Deal, Quote, price_down
from tests.reference.protocol import Protocol
from tests.reference.refusals import Broken

if TYPE_CHECKING:
    from tests.contracts.twin import Actor

ZERO = "0x" + "00" * 20
DAYS = 2


class BankActs:
    """The acts of the bank desks, for :class:`tests.contracts.twin.Twin`."""

    model: Protocol
    deployment: Deployment
    signers: dict[str, LocalAccount]
    actors: dict[str, Actor]
    last: Receipt | None
    _both: Callable[..., Any]
    fresh_nonce: Callable[[], int]
    quote: Callable[..., Quote]
    sign_quote: Callable[..., bytes]
    seen: Any

    # -- what banks sign

    def commitment(self, bank: Actor | None = None, **changes: Any) -> Commitment:
        """A bank's word for some days, to be taken within the hour."""
        actor, now = bank or self.actors["bank"], self.deployment.chain.now
        fresh = Commitment(actor.party, day_of(now) + DAYS, actor.address, self.fresh_nonce(), now + 3_600)
        return replace(fresh, **changes)

    def bank_quote(self, financier: Actor, note: int, **changes: Any) -> Quote:
        """A quote whose cash a bank will carry."""
        return self.quote(financier, note, **({"payer": ZERO} | changes))

    def payment(self, reservation: bytes, *lines: Line, bank: Actor | None = None, **changes: Any) -> Payment:
        """A bank's word that it paid today, in the currency of the first note."""
        actor, now, world = bank or self.actors["bank"], self.deployment.chain.now, self.model.world
        note = lines[0].note if lines else 0
        currency = world.currency_of(note) if note in world.ledger.notes else world.currencies[2]
        reference = keccak(text=f"payment {self.fresh_nonce()}")
        fresh = Payment(actor.party, reservation, currency, day_of(now), reference, lines, actor.address, now + 86_400)
        return replace(fresh, **changes)

    def sign_commitment(
        self,
        primary: str,
        terms: dict[str, Any],
        word: Commitment,
        changes: dict[str, Any] | None = None,
        **domain: Any,
    ) -> tuple[bytes, tuple[Any, ...]]:
        """The digest, and the commitment as the contract takes it, signed by the key behind its signer over the terms,
        or over what an attacker would make of them."""
        fields = signing.commitment_message(word)
        message = signing.typed(self.deployment["BankDesk"], primary, terms | fields | (changes or {}), **domain)
        signature = signing.sign(self.signers[word.signer], message)
        return signing.digest_of(message), (*fields.values(), signature)

    def sign_payment(self, payment: Payment, **domain: Any) -> tuple[bytes, bytes]:
        """The attestation's digest, and its signature by the key behind its signer."""
        fields = signing.payment_message(payment)
        message = signing.typed(self.deployment["BankDesk"], "Attestation", fields, **domain)
        return signing.digest_of(message), signing.sign(self.signers[payment.signer], message)

    # -- reserving

    def reserve_sale(
        self,
        caller: LocalAccount,
        deal: Deal,
        word: Commitment | None = None,
        *,
        at: int | None = None,
        changes: dict[str, Any] | None = None,
        **domain: Any,
    ) -> bytes:
        """Takes a quote on the bank rail; returns the reservation. ``changes``: terms that the bank signs otherwise."""
        commitment = word or self.commitment()
        digest, row = self.sign_commitment("SaleReservation", self.sale_terms(deal, at), commitment, changes, **domain)
        self.seen.quotes.add((deal.quote.financier, deal.quote.nonce))
        rows = (signing.quote_tuple(deal.quote), self.sign_quote(deal.quote), deal.amount, deal.min_price)
        return self._both(
            caller,
            "BankSaleDesk",
            "reserveSale",
            (rows, row),
            lambda: self.model.reserve_sale(caller.address, deal, commitment, digest),
            at,
        )

    def sale_terms(self, deal: Deal, at: int | None = None) -> dict[str, Any]:
        """What a bank signs of a sale, as of today or of the day of the act."""
        quote, world = deal.quote, self.model.world
        note, day = world.ledger.notes.get(quote.note), day_of(at or self.deployment.chain.now + 1)
        due_day = world.ledger.receivables[note.receivable].due_day if note else 0
        message = signing.typed(self.deployment["FinancingDesk"], "Quote", signing.quote_message(quote))
        return {
            "note": quote.note,
            "seller": quote.seller,
            "financier": quote.financier,
            "amount": deal.amount,
            "price": price_down(deal.amount, quote.rate_bps, day, due_day),
            "currency": world.currency_of(quote.note) if note else ZERO,
            "quote": signing.digest_of(message),
        }

    def reserve_repayment(
        self,
        caller: LocalAccount,
        *notes: int,
        word: Commitment | None = None,
        at: int | None = None,
        changes: dict[str, Any] | None = None,
        **domain: Any,
    ) -> bytes:
        """Has a bank pay notes; returns the reservation."""
        commitment, ledger = word or self.commitment(), self.model.world.ledger
        known = [note for note in notes if note in ledger.notes]
        terms = {
            "notes": list(notes),
            "debtor": self.model.world.registry.account(caller.address).party,
            "principal": sum(ledger.notes[note].value for note in known),
            "currency": self.model.world.currency_of(known[0]) if known else ZERO,
        }
        digest, row = self.sign_commitment("RepaymentReservation", terms, commitment, changes, **domain)
        return self._both(
            caller,
            "BankRepaymentDesk",
            "reserveRepayment",
            (list(notes), row),
            lambda: self.model.reserve_repayment(caller.address, list(notes), commitment, digest),
            at,
        )

    def reserve_round(
        self,
        caller: LocalAccount,
        receivable: int,
        word: Commitment | None = None,
        *,
        at: int | None = None,
        changes: dict[str, Any] | None = None,
        **domain: Any,
    ) -> bytes:
        """Has a bank pay a round; returns the reservation."""
        commitment, world = word or self.commitment(), self.model.world
        facts = world.ledger.receivables.get(receivable)
        terms = {
            "receivable": receivable,
            "round": facts.round if facts else 0,
            "debtor": world.registry.account(caller.address).party,
            "currency": world.currency_of(facts.root) if facts else ZERO,
        }
        digest, row = self.sign_commitment("RoundReservation", terms, commitment, changes, **domain)
        return self._both(
            caller,
            "BankRepaymentDesk",
            "reserveRound",
            (receivable, row),
            lambda: self.model.reserve_round(caller.address, receivable, commitment, digest),
            at,
        )

    # -- the bank's answer

    def attest_payment(
        self,
        caller: LocalAccount,
        payment: Payment,
        *,
        signature: bytes | None = None,
        at: int | None = None,
    ) -> Broken | None:
        """Brings a bank's word that it paid; returns what stood against delivery where it became an exception."""
        digest, signed = self.sign_payment(payment)
        found = self._both(
            caller,
            "BankDesk",
            "attest",
            (signing.payment_tuple(payment), signed if signature is None else signature),
            lambda: self.model.attest_payment(payment, digest),
            at,
        )
        self._check_told(payment, found)
        return found

    def _check_told(self, payment: Payment, found: Broken | None) -> None:
        """Delivered or excepted, the event says which, and why not."""
        desk = self.deployment["BankDesk"]
        assert self.last is not None
        exceptions = desk.events(self.last, "BankException")
        assert len(desk.events(self.last, "PaymentDelivered")) == (found is None)
        assert len(exceptions) == (found is not None)
        if found is not None:
            name, evidence = self.deployment.errors.decode(exceptions[0]["reason"])
            assert found.explains(name, evidence), f"excepted for {name}{evidence}; the model says {found}"
            told = [(line.note, line.payee, line.amount, line.refused) for line in payment.lines]
            assert [tuple(line) for line in exceptions[0]["lines"]] == told

    def decline(self, caller: LocalAccount, reservation: bytes, *notes: int) -> None:
        """The bank says no."""
        self._both(
            caller,
            "BankDesk",
            "decline",
            (reservation, list(notes)),
            lambda: self.model.decline(caller.address, reservation, list(notes)),
        )

    def lapse_reservation(self, caller: LocalAccount, reservation: bytes, *notes: int, at: int | None = None) -> None:
        """Anyone ends the wait."""
        self._both(
            caller,
            "BankDesk",
            "lapse",
            (reservation, list(notes)),
            lambda: self.model.lapse_reservation(reservation, list(notes)),
            at,
        )
