"""The bloom filter in a block's header: three of its 2048 bits are set for each address that logged in the block."""

from __future__ import annotations

from collections.abc import Iterable

from eth_hash.auto import keccak

_BITS = 2_048


class Blooms:
    """Asks filters about one set of addresses (0x-hex)."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._masks = [_mask(bytes.fromhex(address[2:])) for address in addresses]

    def speak_of_us(self, bloom: str) -> bool:
        """Whether one of the addresses may have logged. False is certain, True is not; of an unknown filter it is False."""
        bits = int(bloom, 16) if len(bloom) > len("0x") else 0
        return bits != 0 and any(bits & mask == mask for mask in self._masks)


def _mask(value: bytes) -> int:
    digest = keccak(value)
    mask = 0
    for i in (0, 2, 4):
        mask |= 1 << (int.from_bytes(digest[i : i + 2], "big") % _BITS)
    return mask
