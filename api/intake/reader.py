"""The one way in: files or bytes to items and refusals, by what is in them and not by what they are called."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from api.domain.invoices import Answer, Refusal
from api.domain.ledgers import LedgerOptions
from api.domain.party_identity import AliasTable
from api.intake.invoices_xml import read_xml
from api.intake.ledger import read_ledger
from api.intake.refused import Refused
from api.intake.text import byte_order_mark
from api.intake.xml_tree import LARGEST_XML

LARGEST_LEDGER = 512_000_000
_NOT_TEXT = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads documents under one network key (32 bytes), one table of aliases and one set of options for ledgers."""

    key: bytes
    aliases: AliasTable = field(default_factory=AliasTable)
    ledger: LedgerOptions = field(default_factory=LedgerOptions)

    def read_files(self, paths: Iterable[Path | str]) -> Iterator[Answer]:
        """Every item of every file, in order. A file that cannot be read is one refusal (`file-unreadable`)."""
        for path in paths:
            try:
                with Path(path).open("rb") as stream:
                    yield from self._read(str(path), stream)
            except OSError as error:
                yield _unreadable(str(path), error)

    def read_document(self, name: str, data: bytes) -> Iterator[Answer]:
        """The items of one document that is already in memory; `name` is how answers call it."""
        yield from self._read(name, io.BytesIO(data))

    def _read(self, name: str, stream: BinaryIO) -> Iterator[Answer]:
        head = stream.read(4096)
        stream.seek(0)
        try:
            if _is_xml(head):
                yield read_xml(name, _bounded(stream, LARGEST_XML), self.key, self.aliases, self.ledger.assumption)
                return
            _bound(stream, LARGEST_LEDGER)
        except Refused as refused:
            yield Refusal(name, "file", refused.rule, refused.params)
            return
        yield from read_ledger(name, stream, self.key, self.aliases, self.ledger)


def _unreadable(name: str, error: OSError) -> Refusal:
    return Refusal(name, "file", "file-unreadable", {"error": error.strerror or str(error)})


def _is_xml(head: bytes) -> bool:
    """Whether the first bytes open an XML document. Raises Refused for what is no text at all."""
    if not head.strip():
        raise Refused("file-empty")
    if head.startswith(_NOT_TEXT):
        raise Refused("kind-unknown")
    mark = byte_order_mark(head)
    text = head.decode(mark[1], "replace") if mark else head.decode("latin-1")
    return text.lstrip("\ufeff \t\r\n\0").startswith("<")


def _bounded(stream: BinaryIO, limit: int) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Refused("file-too-large", limit=limit)
    return data


def _bound(stream: BinaryIO, limit: int) -> None:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > limit:
        raise Refused("file-too-large", limit=limit)
