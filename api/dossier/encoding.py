"""Headers, receipts and transactions as the chain hashes them: from a node's JSON to RLP, and from RLP to what is proven."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rlp  # type: ignore[import-untyped]
from eth_hash.auto import keccak

from api.chain.abi import checksum
from api.chain.transactions import ReadTransaction, read_raw, transaction_hash

Json = Mapping[str, Any]
Item = Any
"""What RLP encodes: bytes, or a sequence of items."""


# -- from a node


def _raw(value: str | None) -> bytes:
    return b"" if value is None else bytes.fromhex(value[2:])


def _number(value: str | int) -> bytes:
    number = int(value, 16) if isinstance(value, str) else value
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


Encode = Callable[[Any], Item]

_HEADER: tuple[tuple[str, Encode], ...] = (
    *((name, _raw) for name in ("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot")),
    ("logsBloom", _raw),
    *((name, _number) for name in ("difficulty", "number", "gasLimit", "gasUsed", "timestamp")),
    *((name, _raw) for name in ("extraData", "mixHash", "nonce")),
    ("baseFeePerGas", _number),
    ("withdrawalsRoot", _raw),
    ("blobGasUsed", _number),
    ("excessBlobGas", _number),
    ("parentBeaconBlockRoot", _raw),
    ("requestsHash", _raw),
)
_FORKS = (15, 16, 17, 20, 21)
"""How many of these a header has: before London, then from London, Shanghai, Cancun and Prague on."""


def header_bytes(block: Json) -> bytes | None:
    """The header of a node's block, in the shape whose hash is the block's; None when there is none such.

    Nodes tell fields that they do not hash, or hash fewer than their fork has, so the hash decides.
    """
    wanted = _raw(block["hash"])
    for count in _FORKS:
        fields = _HEADER[:count]
        if any(block.get(name) is None for name, _ in fields):
            continue
        encoded: bytes = rlp.encode([encode(block[name]) for name, encode in fields])
        if keccak(encoded) == wanted:
            return encoded
    return None


def receipt_bytes(receipt: Json) -> bytes:
    """A receipt as the receipts' trie holds it."""
    logs = [[_raw(log["address"]), [_raw(t) for t in log["topics"]], _raw(log["data"])] for log in receipt["logs"]]
    fields = [_number(receipt["status"]), _number(receipt["cumulativeGasUsed"]), _raw(receipt["logsBloom"]), logs]
    return _typed(receipt) + bytes(rlp.encode(fields))


def _typed(envelope: Json) -> bytes:
    """The byte before an envelope of EIP-2718; nothing before a legacy one."""
    return _number(envelope.get("type") or 0)


def _accesses(entries: Sequence[Json] | None) -> Item:
    return [[_raw(e["address"]), [_raw(key) for key in e["storageKeys"]]] for e in entries or ()]


def _authorizations(entries: Sequence[Json]) -> Item:
    numbers = ("nonce", "yParity", "r", "s")
    return [[_number(e["chainId"]), _raw(e["address"]), *(_number(e[name]) for name in numbers)] for e in entries]


def _hashes(values: Sequence[str]) -> Item:
    return [_raw(value) for value in values]


_CALL: tuple[tuple[str, Encode], ...] = (("gas", _number), ("to", _raw), ("value", _number), ("input", _raw))
_FEES: tuple[tuple[str, Encode], ...] = (("maxPriorityFeePerGas", _number), ("maxFeePerGas", _number))
_IDS: tuple[tuple[str, Encode], ...] = (("chainId", _number), ("nonce", _number))
_ACCESS: tuple[tuple[str, Encode], ...] = (("accessList", _accesses),)
_SIGNED: tuple[tuple[str, Encode], ...] = (("r", _number), ("s", _number))
_TRANSACTIONS: Mapping[int, tuple[tuple[str, Encode], ...]] = {
    0: (("nonce", _number), ("gasPrice", _number), *_CALL, ("v", _number), *_SIGNED),
    1: (*_IDS, ("gasPrice", _number), *_CALL, *_ACCESS, ("v", _number), *_SIGNED),
    2: (*_IDS, *_FEES, *_CALL, *_ACCESS, ("v", _number), *_SIGNED),
    3: (
        *(*_IDS, *_FEES, *_CALL, *_ACCESS),
        *(("maxFeePerBlobGas", _number), ("blobVersionedHashes", _hashes), ("v", _number)),
        *_SIGNED,
    ),
    4: (*_IDS, *_FEES, *_CALL, *_ACCESS, ("authorizationList", _authorizations), ("v", _number), *_SIGNED),
}


def transaction_bytes(transaction: Json) -> bytes:
    """A transaction as the transactions' trie holds it. KeyError for a type that nobody here knows."""
    fields = _TRANSACTIONS[int(transaction.get("type") or "0x0", 16)]
    return _typed(transaction) + bytes(rlp.encode([encode(transaction.get(name)) for name, encode in fields]))


def place(index: int) -> bytes:
    """The key of the transaction and the receipt at `index` in the tries of their block."""
    return bytes(rlp.encode(_number(index)))


# -- what is proven


@dataclass(frozen=True)
class Header:
    """A block's header: `encoded` is all that is believed, the rest is read out of it."""

    encoded: bytes

    @classmethod
    def read(cls, encoded: bytes) -> Header:
        """ValueError when it is no header."""
        try:
            fields = rlp.decode(encoded)
        except rlp.exceptions.RLPException as error:
            raise ValueError("not RLP") from error
        if not isinstance(fields, list) or len(fields) not in _FORKS or not all(isinstance(f, bytes) for f in fields):
            raise ValueError("not the fields of a header")
        return cls(encoded)

    @cached_property
    def _fields(self) -> Sequence[bytes]:
        fields: Sequence[bytes] = rlp.decode(self.encoded)
        return fields

    @cached_property
    def hash(self) -> bytes:
        return bytes(keccak(self.encoded))

    @property
    def parent(self) -> bytes:
        return self._fields[0]

    @property
    def state_root(self) -> bytes:
        return self._fields[3]

    @property
    def transactions_root(self) -> bytes:
        return self._fields[4]

    @property
    def receipts_root(self) -> bytes:
        return self._fields[5]

    @cached_property
    def number(self) -> int:
        return int.from_bytes(self._fields[8], "big")

    @property
    def time(self) -> int:
        """Unix seconds."""
        return int.from_bytes(self._fields[11], "big")


@dataclass(frozen=True, slots=True)
class RawLog:
    """A log of a receipt: the contract's address (checksummed), topics and data as 0x-hex."""

    address: str
    topics: tuple[str, ...]
    data: str


def read_logs(receipt: bytes) -> tuple[RawLog, ...]:
    """The logs of a receipt, in order; none of one that failed. ValueError when it is no receipt."""
    try:
        fields = rlp.decode(receipt[1:] if receipt[0] < 0x80 else receipt)
        status, _, _, logs = fields
        found = tuple(
            RawLog(checksum("0x" + address.hex()), tuple("0x" + t.hex() for t in topics), "0x" + data.hex())
            for address, topics, data in logs
        )
    except (rlp.exceptions.RLPException, IndexError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("not a receipt") from error
    return found if status == b"\x01" else ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction, read: its hash, and who called what."""

    hash: str
    read: ReadTransaction


def read_transaction(raw: bytes) -> Sent:
    """ValueError when it is none whose sender can be recovered."""
    return Sent(transaction_hash(raw), read_raw(raw))


@dataclass(frozen=True, slots=True)
class Account:
    """What the state's trie says of an account."""

    storage_root: bytes
    code_hash: bytes


def read_account(encoded: bytes) -> Account:
    """ValueError when it is none."""
    try:
        _, _, storage_root, code_hash = rlp.decode(encoded)
    except (rlp.exceptions.RLPException, TypeError, ValueError) as error:
        raise ValueError("not an account") from error
    return Account(storage_root, code_hash)


def read_word(encoded: bytes) -> int:
    """A word of storage; nothing is zero. ValueError when it is none."""
    if not encoded:
        return 0
    try:
        word = rlp.decode(encoded)
    except rlp.exceptions.RLPException as error:
        raise ValueError("not a word of storage") from error
    if not isinstance(word, bytes):
        raise ValueError("not a word of storage")
    return int.from_bytes(word, "big")
