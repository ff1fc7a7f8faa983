"""The register of assignments, on contracts and model at once: a part of :class:`~tests.contracts.twin.Twin`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eth_account.signers.local import LocalAccount

from tests.contracts import signing
from tests.contracts.chain import Chain
from tests.contracts.deployment import Deployment
from tests.reference.assigning import Registration
from tests.reference.financing import Quote
from tests.reference.protocol import Protocol

if TYPE_CHECKING:
    from tests.contracts.twin import Actor, Seen

HOUR = 3_600


class AssigningActs:
    """A registrar's word is signed by the key behind its signer, unless told otherwise."""

    deployment: Deployment
    chain: Chain
    model: Protocol
    seen: Seen
    actors: dict[str, Actor]
    signers: dict[str, LocalAccount]
    fresh_nonce: Callable[[], int]
    _both: Callable[..., Any]

    def registration(self, note: int, quote: Quote, **changes: Any) -> Registration:
        """The registrar's word that the deal behind a note was registered an hour ago."""
        standing = self.model.world.assignments.get(note)
        fresh = Registration(
            note=note,
            registry_reference=quote.registry_reference,
            registered_at=self.chain.now - HOUR,
            replaces=standing.registered_at if standing else 0,
            signer=self.actors["registrar"].address,
            nonce=self.fresh_nonce(),
            deadline=self.chain.now + HOUR,
        )
        return replace(fresh, **changes)

    def sign_registration(self, word: Registration, key: LocalAccount | None = None, **domain: Any) -> bytes:
        """The word's signature."""
        register = self.deployment["AssignmentRegister"]
        message = signing.typed(register, "Registration", signing.registration_message(word), **domain)
        return signing.sign(key or self.signers[word.signer], message)

    def register(
        self,
        caller: LocalAccount,
        *entries: tuple[Registration, Quote],
        signatures: list[bytes] | None = None,
        at: int | None = None,
    ) -> None:
        """Brings registrars' words."""
        signed = signatures if signatures is not None else [self.sign_registration(word) for word, _ in entries]
        self.seen.registrations |= {(word.signer, word.nonce) for word, _ in entries}
        rows = [
            (tuple(signing.registration_message(word).values()), signature, signing.quote_tuple(quote))
            for (word, quote), signature in zip(entries, signed, strict=True)
        ]
        act = (caller, "AssignmentRegister", "register", (rows,))
        self._both(*act, lambda: self.model.register(list(entries)), at)

    def notify_debtor(self, caller: LocalAccount, *notes: int, at: int | None = None) -> None:
        """Gives notice, or acknowledges."""
        act = (caller, "AssignmentRegister", "notifyDebtor", (list(notes),))
        self._both(*act, lambda: self.model.notify_debtor(caller.address, list(notes)), at)
