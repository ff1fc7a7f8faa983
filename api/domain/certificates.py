"""Certificates of notes: what one says, and the code that stands on it for anyone to check it by.

The code is what is certified and a MAC over it under the network key: nothing has to be kept, nobody can make one up, and
who has not seen the certificate cannot guess it. It says no more than the certificate does.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Self

_LABEL = b"cascade/certificate/v1"
_SIZES = (5, 12, 4, 6)
"""Bytes of note, value, holder and block."""
_MAC = 16


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a party held a note with a value (minor units) at the end of a block."""

    note: int
    value: int
    holder: int
    block: int

    def code(self, key: bytes, chain_id: int) -> str:
        """58 letters, safe in an address."""
        told = b"".join(n.to_bytes(size, "big") for n, size in zip(self._numbers, _SIZES, strict=True))
        return urlsafe_b64encode(told + _mac(key, chain_id, told)).rstrip(b"=").decode()

    @classmethod
    def read(cls, code: str, key: bytes, chain_id: int) -> Self | None:
        """None when the code was not made under this key for this chain."""
        try:
            data = urlsafe_b64decode(code + "=" * (-len(code) % 4))
        except ValueError:
            return None
        told, mac = data[:-_MAC], data[-_MAC:]
        if len(told) != sum(_SIZES) or not hmac.compare_digest(mac, _mac(key, chain_id, told)):
            return None
        numbers: list[int] = []
        for size in _SIZES:
            numbers.append(int.from_bytes(told[:size], "big"))
            told = told[size:]
        found = cls(*numbers)
        return found if found.code(key, chain_id) == code else None

    @property
    def _numbers(self) -> tuple[int, ...]:
        return self.note, self.value, self.holder, self.block


def _mac(key: bytes, chain_id: int, told: bytes) -> bytes:
    return hmac.digest(key, _LABEL + chain_id.to_bytes(8, "big") + told, "sha256")[:_MAC]
