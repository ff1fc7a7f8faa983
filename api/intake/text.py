"""From bytes to lines of text: byte order marks, declared encodings, and a mark where bytes do not decode."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO

from api.intake.refused import Refused

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNDECODABLE = "\udcff"
"""Stands in a text where bytes did not decode; no decoder produces it by itself."""

_LEDGER_ENCODINGS = {"utf-8", "utf-16", "utf-32", "gb18030", "gbk", "gb2312", "iso8859-1", "cp1252", "ascii"}


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return UNDECODABLE, error.end


codecs.register_error("intake-mark", _mark)


def byte_order_mark(head: bytes) -> tuple[bytes, str] | None:
    """The byte order mark at the start and its encoding, or None."""
    return next(((mark, name) for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), None)


def encoding_named(name: str, supported: set[str]) -> str:
    """Python's name of an encoding. GBK and GB2312 are read as GB18030, which contains them. Raises Refused."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    if found not in supported:
        raise Refused("encoding-unsupported", encoding=name)
    return "gb18030" if found in {"gbk", "gb2312"} else found


class HashingReader(io.RawIOBase):
    """A binary stream that keeps the SHA-256 of what went through it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._source.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._hash.update(chunk)
        return len(chunk)

    def hexdigest(self) -> str:
        """The SHA-256 of everything read so far, as 0x-hex."""
        return "0x" + self._hash.hexdigest()


def text_lines(stream: HashingReader, encoding: str) -> tuple[Iterator[str], str]:
    """Lines with their ends, and the encoding they were read in: the byte order mark's, else the given one.

    Undecodable bytes become `UNDECODABLE`. Raises Refused for an encoding that is not supported.
    """
    buffered = io.BufferedReader(stream, 1 << 16)
    mark = byte_order_mark(buffered.peek(4)[:4])
    name = mark[1] if mark else encoding_named(encoding, _LEDGER_ENCODINGS)
    codec = "utf-8-sig" if mark and name == "utf-8" else name
    return io.TextIOWrapper(buffered, codec, errors="intake-mark", newline=""), name
