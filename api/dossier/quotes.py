"""The quotes under which a story's notes were sold or pledged: EIP-712 terms and signatures out of the transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.chain.bindings import Bindings
from api.chain.eip712 import typed_data_digest
from api.chain.transactions import signer_of
from api.domain import typed_data
from api.domain.errors import InvalidInput
from api.domain.operations import Contract
from api.dossier.story import Event

Terms = Mapping[str, Any]
Signed = tuple[Terms, str]
"""Terms by ABI name, and the signature as 0x-hex."""
Typed = Callable[[int, str, Terms], typed_data.TypedData]


@dataclass(frozen=True, slots=True)
class Deal:
    """An event that says that a quote was taken: its own arguments, and which of them the quote has under which name."""

    calls: tuple[tuple[Contract, str], ...]
    desk: Contract
    """The contract that the quote is signed for."""
    typed: Typed
    same: Mapping[str, str]
    inner: str | None = None


_SALE = {name: name for name in ("note", "seller", "financier", "rateBps", "recourse", "registryReference")}
_FINANCE = ((Contract.FINANCING, "finance"), (Contract.FINANCING, "financeFunded"))
DEALS: Mapping[tuple[Contract, str], Deal] = {
    (Contract.FINANCING, "NoteFinanced"): Deal(
        _FINANCE, Contract.FINANCING, typed_data.quote, {**_SALE, "payer": "payer", "nonce": "nonce"}
    ),
    (Contract.BANK_SALE, "SaleReserved"): Deal(
        ((Contract.BANK_SALE, "reserveSale"),),
        Contract.FINANCING,
        typed_data.quote,
        {**_SALE, "nonce": "quoteNonce"},
        "sale",
    ),
    (Contract.PLEDGE, "PledgeMade"): Deal(
        ((Contract.PLEDGE, "pledge"),),
        Contract.PLEDGE,
        typed_data.loan_quote,
        {
            name: name
            for name in (
                *("note", "holder", "lender", "pledgedValue", "principal", "rateBps", "cap", "payer"),
                *("registryReference", "nonce"),
            )
        },
    ),
}


@dataclass(frozen=True, slots=True)
class QuoteTaken:
    """A quote with whom its signature is by: "key" when the signer's key made it, "contract" where the signer is a contract
    wallet, whose word the chain took (ERC-1271)."""

    event: Event
    desk: Contract
    terms: Terms
    digest: bytes
    signature: str
    signed_by: str


def quote_of(
    bindings: Bindings, chain: int, addresses: Mapping[Contract, str], event: Event, data: bytes
) -> QuoteTaken:
    """The quote that a deal was made under, out of its transaction's calldata: wherever the call stands in it, alone, in a
    forwarder's request or in a wallet's. InvalidInput("DossierQuoteMissing") when none there has the deal's terms."""
    deal = DEALS[event.contract, event.name]
    told = event.args if deal.inner is None else event.args[deal.inner]
    for terms, signature in _signed(bindings, deal.calls, data):
        if all(terms[name] == told[as_told] for name, as_told in deal.same.items()):
            digest = typed_data_digest(deal.typed(chain, addresses[deal.desk], terms))
            return QuoteTaken(event, deal.desk, terms, digest, signature, _signed_by(terms, digest, signature))
    raise InvalidInput("DossierQuoteMissing", transaction=event.transaction, note=told["note"])


def _signed_by(terms: Terms, digest: bytes, signature: str) -> str:
    try:
        return "key" if signer_of(digest, bytes.fromhex(signature[2:])) == terms["signer"] else "contract"
    except ValueError:
        return "contract"


def _signed(bindings: Bindings, calls: Sequence[tuple[Contract, str]], data: bytes) -> Iterator[Signed]:
    for contract, name in calls:
        function = bindings[contract].function(name)
        start = data.find(function.selector)
        while start >= 0:
            try:
                arguments = function.arguments(data[start:])
            except Exception:  # the selector's bytes stand there by chance
                arguments = ()
            yield from _of_call(name, arguments)
            start = data.find(function.selector, start + 1)


def _of_call(name: str, arguments: Sequence[Any]) -> Iterator[Signed]:
    if not arguments:
        return
    if name == "pledge":
        yield arguments[0], arguments[1]
        return
    deals = [arguments[0]] if name == "reserveSale" else arguments[0]
    for deal in deals:
        yield deal["quote"], deal["signature"]
