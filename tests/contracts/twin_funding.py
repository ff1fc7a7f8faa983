"""Financing with cash released by signatures, on contracts and model at once: a part of :class:`~tests.contracts.twin.Twin`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eth_abi import encode
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import Chain
from tests.contracts.deployment import Contract, Deployment
from tests.reference.arithmetic import day_of
from tests.reference.financing import Deal, Quote, price_down
from tests.reference.funding import Funding, FundingKind
from tests.reference.protocol import Protocol

if TYPE_CHECKING:
    from tests.contracts.twin import Seen

HOUR = 3_600


@dataclass(frozen=True)
class Signed:
    """A funding as the model sees it, and the signature that makes it true or not."""

    funding: Funding
    signature: bytes

    @property
    def row(self) -> tuple[Any, ...]:
        """As the contract takes it."""
        return (int(self.funding.kind), self.funding.value, self.funding.deadline, self.signature)

    def spoiled(self, signature: bytes | None = None, **terms: Any) -> Signed:
        """Other terms, or another signature, than was signed."""
        changed = replace(self.funding, valid=False, **terms)
        return Signed(changed, self.signature if signature is None else signature)


BY_ALLOWANCE = Signed(Funding(), b"")


class FundingActs:
    """Permits and authorizations are signed by the key behind the quote's payer, good for an hour, unless told otherwise."""

    deployment: Deployment
    chain: Chain
    model: Protocol
    seen: Seen
    signers: dict[str, LocalAccount]
    _both: Callable[..., Any]
    sign_quote: Callable[..., bytes]

    def token_named(self, currency: int) -> Contract:
        """The currency's token."""
        return self.deployment["DepositToken" if currency == 1 else "SecondToken"]

    def currency_of(self, note: int) -> int:
        """The currency of a note's receivable."""
        ledger = self.model.world.ledger
        return ledger.receivables[ledger.notes[note].receivable].currency

    def price_of(self, quote: Quote, amount: int) -> int:
        """What a deal costs today."""
        ledger = self.model.world.ledger
        due = ledger.receivables[ledger.notes[quote.note].receivable].due_day
        return price_down(amount, quote.rate_bps, day_of(self.chain.now), due)

    def funding_nonce(self, quote: Quote, amount: int) -> bytes:
        """The nonce that ties an authorization to a deal."""
        message = signing.typed(self.deployment["FinancingDesk"], "Quote", signing.quote_message(quote))
        return keccak(encode(["bytes32", "uint96"], [signing.digest_of(message), amount]))

    def permit(
        self,
        quote: Quote,
        value: int,
        *,
        deadline: int | None = None,
        after: int = 0,
        key: LocalAccount | None = None,
        **domain: Any,
    ) -> Signed:
        """A permit of the payer's for the financing desk; ``after``: so many permits before it."""
        token = self.token_named(self.currency_of(quote.note))
        until = self.chain.now + HOUR if deadline is None else deadline
        nonce = self.model.world.tokens[token.address].permits[quote.payer] + after
        message = {
            "owner": quote.payer,
            "spender": self.deployment["FinancingDesk"].address,
            "value": value,
            "nonce": nonce,
            "deadline": until,
        }
        signer = key or self.signers[quote.payer]
        signature = signing.sign(signer, signing.typed(token, "Permit", message, **domain))
        return Signed(Funding(FundingKind.PERMIT, value, until, nonce), signature)

    def authorize(
        self,
        quote: Quote,
        amount: int,
        *,
        value: int | None = None,
        before: int | None = None,
        key: LocalAccount | None = None,
        kind: str = "ReceiveWithAuthorization",
        changes: dict[str, Any] | None = None,
        **domain: Any,
    ) -> Signed:
        """An authorization of the payer's for just one deal at today's price; ``changes`` to the message signed."""
        token = self.token_named(self.currency_of(quote.note))
        price = self.price_of(quote, amount) if value is None else value
        until = self.chain.now + HOUR if before is None else before
        nonce = self.funding_nonce(quote, amount)
        message = {
            "from": quote.payer,
            "to": self.deployment["FinancingDesk"].address,
            "value": price,
            "validAfter": 0,
            "validBefore": until,
            "nonce": nonce,
        } | (changes or {})
        self.seen.authorizations[token.address, quote.payer, nonce] = (quote, amount)
        signature = signing.sign(key or self.signers[quote.payer], signing.typed(token, kind, message, **domain))
        return Signed(Funding(FundingKind.AUTHORIZATION, price, until), signature)

    def finance_funded(
        self,
        caller: LocalAccount,
        *deals: tuple[Deal, Signed],
        signatures: list[bytes] | None = None,
        at: int | None = None,
    ) -> list[int]:
        """Takes quotes, each with its funding; returns the buyers' notes."""
        taken = [deal for deal, _ in deals]
        signed = signatures if signatures is not None else [self.sign_quote(deal.quote) for deal in taken]
        self.seen.quotes |= {(deal.quote.financier, deal.quote.nonce) for deal in taken}
        rows = [
            (signing.quote_tuple(deal.quote), signature, deal.amount, deal.min_price)
            for deal, signature in zip(taken, signed, strict=True)
        ]
        fundings = [funded.funding for _, funded in deals]
        children: list[int] = self._both(
            caller,
            "FinancingDesk",
            "financeFunded",
            (rows, [funded.row for _, funded in deals]),
            lambda: self.model.finance(caller.address, taken, fundings),
            at,
        )
        return children
