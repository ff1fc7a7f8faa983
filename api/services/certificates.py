"""Certificates of notes: made for their holders, checked by anyone who has one."""

from __future__ import annotations

from dataclasses import dataclass

from api.domain.certificates import Certificate
from api.domain.errors import NotFound, RuleBroken
from api.domain.status import NOTE_STATUSES
from api.domain.views import NoteView, PartyName, ReceivableView
from api.services.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Certified:
    """What a certificate says, and whether it is still so. `code` is its own."""

    certificate: Certificate
    code: str
    holder: PartyName
    receivable: ReceivableView
    stands: bool
    """Whether the note is as printed, at `block`."""
    block: int


class Certificates:
    """Over the read model, under the network key."""

    def __init__(self, ledger: Ledger, key: bytes, chain_id: int) -> None:
        self._ledger = ledger
        self._key = key
        self._chain_id = chain_id

    async def certify(self, note: NoteView, holder: int) -> Certified:
        """Of a note that the party holds now. NotFound("UnknownNote") of another's, RuleBroken("NotHeld")."""
        if note.holder.id != holder:
            raise NotFound("UnknownNote", note=note.id)
        if note.status != "held":
            raise RuleBroken("NotHeld", note=note.id, status=NOTE_STATUSES.index(note.status) + 1)
        block = (await self._ledger.model.status()).block
        return await self._certified(Certificate(note.id, note.value, holder, block), note, block)

    async def check(self, code: str) -> Certified:
        """NotFound("UnknownCertificate") for a code that is on no certificate of this network."""
        certificate = Certificate.read(code, self._key, self._chain_id)
        if certificate is None:
            raise NotFound("UnknownCertificate")
        note = await self._ledger.note(certificate.note)
        return await self._certified(certificate, note, (await self._ledger.model.status()).block)

    async def _certified(self, certificate: Certificate, note: NoteView, block: int) -> Certified:
        holder = (await self._ledger.names([certificate.holder]))[certificate.holder]
        now = (note.holder.id, note.value, note.status)
        return Certified(
            certificate=certificate,
            code=certificate.code(self._key, self._chain_id),
            holder=holder,
            receivable=await self._ledger.receivable(note.receivable),
            stands=now == (certificate.holder, certificate.value, "held"),
            block=block,
        )
