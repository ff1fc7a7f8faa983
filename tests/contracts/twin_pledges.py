"""Pledges on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.reference.arithmetic import MAX_UINT96
from tests.reference.pledging import LoanQuote
from tests.reference.protocol import Protocol

if TYPE_CHECKING:
    from tests.contracts.deployment import Deployment
    from tests.contracts.twin import Actor, Seen


class PledgeActs:
    """The acts of the PledgeDesk, for :class:`tests.contracts.twin.Twin`."""

    model: Protocol
    deployment: Deployment
    seen: Seen
    signers: dict[str, LocalAccount]
    fresh_nonce: Callable[[], int]
    _both: Callable[..., Any]

    def loan_quote(self, lender: Actor, note: int, **changes: Any) -> LoanQuote:
        """A lender's quote for a day: half of the note's value lent at 6% a year, against and up to 60% of it."""
        held = self.model.world.ledger.notes[note]
        fresh = LoanQuote(
            note=note,
            holder=held.holder,
            lender=lender.party,
            pledged_value=held.value * 3 // 5,
            principal=held.value // 2,
            rate_bps=600,
            cap=held.value * 3 // 5,
            payer=lender.cash.address,
            registry_reference=keccak(text=f"registry of a pledge of {note}"),
            valid_until=self.deployment.chain.now + 86_400,
            nonce=self.fresh_nonce(),
            epoch=self.model.world.registry.parties[lender.party].epoch,
            signer=lender.address,
        )
        return replace(fresh, **changes)

    def sign_loan_quote(self, quote: LoanQuote, key: LocalAccount | None = None, **domain: Any) -> bytes:
        """The quote's signature by the key behind its signer."""
        fields = signing.loan_quote_message(quote)
        message = signing.typed(self.deployment["PledgeDesk"], "LoanQuote", fields, **domain)
        return signing.sign(key or self.signers[quote.signer], message)

    def pledge(
        self, caller: LocalAccount, quote: LoanQuote, *, signature: bytes | None = None, at: int | None = None
    ) -> None:
        """The holder takes a quote."""
        signed = signature if signature is not None else self.sign_loan_quote(quote)
        self.seen.loan_quotes.add((quote.lender, quote.nonce))
        args = (tuple(signing.loan_quote_message(quote).values()), signed)
        self._both(caller, "PledgeDesk", "pledge", args, lambda: self.model.pledge(caller.address, quote), at)

    def cancel_loan_quote(self, caller: LocalAccount, nonce: int) -> None:
        """Ends a quote."""
        self.seen.loan_quotes.add((self.model.world.registry.account(caller.address).party, nonce))
        act = self.model.cancel_loan_quote
        self._both(caller, "PledgeDesk", "cancelQuote", (nonce,), lambda: act(caller.address, nonce))

    def repay_loan(
        self,
        caller: LocalAccount,
        note: int,
        amount: int = MAX_UINT96,
        *,
        payer: str | None = None,
        at: int | None = None,
    ) -> int:
        """Pays the lender; returns what was paid."""
        args = (note, amount, payer or caller.address)
        return self._both(
            caller, "PledgeDesk", "repayLoan", args, lambda: self.model.repay_loan(caller.address, *args), at
        )

    def release_pledge(self, caller: LocalAccount, note: int) -> None:
        """The lender lets the note go."""
        act = self.model.release_pledge
        self._both(caller, "PledgeDesk", "releasePledge", (note,), lambda: act(caller.address, note))
