"""What decides between several that took one claim: the registry's registration, which a registrar attests, and the notice
to the debtor."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.domain.errors import NotFound, RuleBroken
from api.domain.operations import Call, Contract, Operation
from api.domain.ports import QuoteBook
from api.domain.records import Quote
from api.domain.typed_data import registration
from api.domain.views import NoteView
from api.services.acts import ACT, Acts, Request, UseCases
from api.services.financing import quote_struct

WORD_LIFETIME_S = 3600
"""Seconds that the registrar's signature holds."""
REGISTRATION_BATCH = 50
"""Registrations per transaction: about 8 million gas."""
_NONCE_BITS = 64
_NONE = "0x" + "00" * 32


@dataclass(frozen=True, slots=True)
class Registered:
    """What stands in the registry. Times are Unix seconds; `replaces` is the one on record that it corrects, 0 for none."""

    note: int
    registry_reference: str
    registered_at: int
    replaces: int = 0


class Registrations(UseCases):
    """Recording registrations and notices."""

    def __init__(self, acts: Acts, quotes: QuoteBook) -> None:
        super().__init__(acts)
        self._quotes = quotes

    async def register(
        self, registrar: int, entries: Sequence[Registered], request: Request | None = None
    ) -> Sequence[Operation]:
        """The registrar attests when the registry registered these sales, and brings its word.

        NotFound("UnknownNote"), RuleBroken("NotBoughtNote"), RuleBroken("DealNotKept") for a sale whose quote was made
        elsewhere: the chain asks for the whole quote.
        """

        async def build() -> Sequence[Call]:
            account = await self._acts.account_of(registrar, ACT)
            notes = {n.id: n for n in await self._acts.ledger.notes_by_id([e.note for e in entries])}
            deadline = (await self._acts.chain.head()).time + WORD_LIFETIME_S
            words = [await self._word(e, notes.get(e.note), account, deadline) for e in entries]
            batches = (words[i : i + REGISTRATION_BATCH] for i in range(0, len(words), REGISTRATION_BATCH))
            return [Call(Contract.ASSIGNMENTS, "register", (batch,), account) for batch in batches]

        return await self._acts.perform("register", registrar, request, build)

    async def notify(self, party: int, notes: Sequence[int], request: Request | None = None) -> Sequence[Operation]:
        """The assignee gives the debtor notice of what it bought, or the debtor acknowledges."""

        async def build() -> Sequence[Call]:
            account = await self._acts.account_of(party, ACT)
            return [Call(Contract.ASSIGNMENTS, "notifyDebtor", (list(notes),), account)]

        return await self._acts.perform("notify_debtor", party, request, build)

    async def _word(self, entry: Registered, note: NoteView | None, signer: str, deadline: int) -> dict[str, Any]:
        """One entry as IAssignmentRegister.Entry, signed."""
        if note is None:
            raise NotFound("UnknownNote", note=entry.note)
        quote = await self._quote(entry, note)
        terms = {
            "note": entry.note,
            "registryReference": entry.registry_reference,
            "registeredAt": entry.registered_at,
            "replaces": entry.replaces,
            "signer": signer,
            "nonce": secrets.randbits(_NONCE_BITS),
            "deadline": deadline,
        }
        chain = self._acts.chain
        data = registration(chain.chain_id, chain.addresses[Contract.ASSIGNMENTS], terms)
        signature = self._acts.signer.sign_typed_data(signer, data)
        return {"registration": terms, "signature": "0x" + signature.hex(), "quote": quote_struct(quote)}

    async def _quote(self, entry: Registered, note: NoteView) -> Quote:
        """The quote by which a note was bought: of its buyer's, the one that was taken, under the reference if it had one."""
        if note.parent is None or note.origin != "sale":
            raise RuleBroken("NotBoughtNote", note=note.id)
        reference = sale_reference(note) or _NONE
        quotes = [
            q
            for q in await self._quotes.of_note(note.parent)
            if q.financier == note.holder.id and q.registry_reference == reference
        ]
        calls = [Call(Contract.FINANCING, "wasTaken", (quote_struct(q),), "") for q in quotes]
        for quote, taken in zip(quotes, await self._acts.chain.calls(calls) if calls else (), strict=True):
            if taken:
                return quote
        raise RuleBroken("DealNotKept", note=entry.note)


def sale_reference(note: NoteView) -> str | None:
    """The registry's reference under which a note was bought; None where its deal had none."""
    return next((leg.registry_reference for leg in note.cash if leg.child == note.id), None)
