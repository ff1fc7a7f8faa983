"""Transactions as bytes: RLP by hand (fast), signing with secp256k1, and reading what others signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import rlp  # type: ignore[import-untyped]
from coincurve import PrivateKey, PublicKey
from eth_hash.auto import keccak

from api.chain.abi import checksum

_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


def _header(length: int, offset: int) -> bytes:
    if length < 56:
        return bytes([offset + length])
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([offset + 55 + len(size)]) + size


def _item(value: bytes | int) -> bytes:
    data = value.to_bytes((value.bit_length() + 7) // 8, "big") if isinstance(value, int) else value
    if len(data) == 1 and data[0] < 0x80:
        return data
    return _header(len(data), 0x80) + data


def _list(items: Sequence[bytes]) -> bytes:
    body = b"".join(items)
    return _header(len(body), 0xC0) + body


_EMPTY_LIST = b"\xc0"


def address_of(key: PrivateKey) -> str:
    """The checksummed address of a key."""
    return _address(key.public_key)


def _address(public: PublicKey) -> str:
    return checksum("0x" + keccak(public.format(compressed=False)[1:])[-20:].hex())


@lru_cache(maxsize=65_536)
def _destination(address: str | None) -> bytes:
    return bytes.fromhex(address[2:]) if address else b""


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else bytes.fromhex(value.removeprefix("0x"))


def sign_raw(key: PrivateKey, tx: Mapping[str, Any]) -> bytes:
    """The raw signed transaction: EIP-1559 when `maxFeePerGas` is there, else EIP-155 with `gasPrice`. Low s always."""
    to, value, data = _destination(tx.get("to")), int(tx.get("value", 0)), _bytes(tx.get("data", b""))
    chain_id, nonce, gas = int(tx["chainId"]), int(tx["nonce"]), int(tx["gas"])
    if "maxFeePerGas" in tx:
        fees = (int(tx["maxPriorityFeePerGas"]), int(tx["maxFeePerGas"]))
        fields = [_item(v) for v in (chain_id, nonce, *fees, gas, to, value, data)] + [_EMPTY_LIST]
        r, s, parity = _signature(key, keccak(b"\x02" + _list(fields)))
        return b"\x02" + _list([*fields, _item(parity), _item(r), _item(s)])
    fields = [_item(v) for v in (nonce, int(tx["gasPrice"]), gas, to, value, data)]
    r, s, parity = _signature(key, keccak(_list([*fields, _item(chain_id), _item(0), _item(0)])))
    return _list([*fields, _item(chain_id * 2 + 35 + parity), _item(r), _item(s)])


def _signature(key: PrivateKey, digest: bytes) -> tuple[int, int, int]:
    raw = key.sign_recoverable(digest, hasher=None)
    return int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big"), raw[64]


def sign_digest(key: PrivateKey, digest: bytes) -> bytes:
    """65 bytes r, s, v (27 or 28)."""
    raw = key.sign_recoverable(digest, hasher=None)
    return raw[:64] + bytes([27 + raw[64]])


def signer_of(digest: bytes, signature: bytes) -> str:
    """The checksummed address whose key made 65 bytes r, s, v (27 or 28). ValueError when they cannot be read or s is
    high: the contracts refuse such a signature too."""
    if len(signature) != 65 or signature[64] not in (27, 28):
        raise ValueError("a signature is 65 bytes r, s, v with v 27 or 28")
    return _recover(digest, _int(signature[:32]), _int(signature[32:64]), signature[64] - 27)


def transaction_hash(raw: bytes) -> str:
    return "0x" + keccak(raw).hex()


def created_address(sender: str, nonce: int) -> str:
    """Where a creation by `sender` at `nonce` puts its contract."""
    return checksum("0x" + keccak(_list([_item(_destination(sender)), _item(nonce)]))[-20:].hex())


@dataclass(frozen=True, slots=True)
class ReadTransaction:
    """A signed transaction, read back. `to` is empty for a creation."""

    sender: str
    chain_id: int
    nonce: int
    gas: int
    to: str
    value: int
    data: bytes
    fees: Mapping[str, int]
    """What is offered per unit of gas, by the names of transaction fields."""


def read_raw(raw: bytes) -> ReadTransaction:
    """Reads an EIP-1559, EIP-2930 or EIP-155 transaction and recovers its sender. ValueError when it is none of them,
    has a high-s signature, or binds no chain."""
    try:
        if raw[0] in (1, 2):
            return _read_typed(raw)
        return _read_legacy(raw)
    except (rlp.exceptions.RLPException, IndexError, TypeError) as error:
        raise ValueError("not a signed transaction") from error


def _int(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _read_typed(raw: bytes) -> ReadTransaction:
    fields = rlp.decode(raw[1:])
    fees = 2 if raw[0] == 2 else 1
    if len(fields) != 10 + fees:
        raise ValueError("not a signed transaction")
    signed, (parity, r, s) = fields[:-3], fields[-3:]
    digest = keccak(raw[:1] + rlp.encode(signed))
    gas, to, value, data = fields[2 + fees : 6 + fees]
    sender = _recover(digest, _int(r), _int(s), _int(parity))
    names = ("maxPriorityFeePerGas", "maxFeePerGas") if fees == 2 else ("gasPrice",)
    offered = {name: _int(value) for name, value in zip(names, fields[2 : 2 + fees], strict=True)}
    return ReadTransaction(sender, _int(fields[0]), _int(fields[1]), _int(gas), _to(to), _int(value), data, offered)


def _read_legacy(raw: bytes) -> ReadTransaction:
    fields = rlp.decode(raw)
    if len(fields) != 9:
        raise ValueError("not a signed transaction")
    nonce, price, gas, to, value, data, v, r, s = fields
    chain_id, parity = (_int(v) - 35) // 2, (_int(v) - 35) % 2
    if chain_id <= 0:
        raise ValueError("the signature binds no chain id")
    digest = keccak(rlp.encode([nonce, price, gas, to, value, data, _minimal(chain_id), b"", b""]))
    sender = _recover(digest, _int(r), _int(s), parity)
    offered = {"gasPrice": _int(price)}
    return ReadTransaction(sender, chain_id, _int(nonce), _int(gas), _to(to), _int(value), data, offered)


def _minimal(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _to(data: bytes) -> str:
    return checksum("0x" + data.hex()) if data else ""


def _recover(digest: bytes, r: int, s: int, parity: int) -> str:
    if s > _HALF_ORDER:
        raise ValueError("the signature has a high s")
    try:
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([parity])
        return _address(PublicKey.from_signature_and_message(signature, digest, hasher=None))
    except Exception as error:
        raise ValueError("the signature cannot be read") from error
