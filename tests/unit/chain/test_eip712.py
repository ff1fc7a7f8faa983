"""EIP-712 digests, held against eth-account's encoder."""

from __future__ import annotations

import random
from typing import Any

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data

from api.chain.eip712 import typed_data_digest

_TYPES = {
    "Batch": [
        {"name": "debtor", "type": "uint32"},
        {"name": "items", "type": "Item[]"},
        {"name": "note", "type": "string"},
        {"name": "blob", "type": "bytes"},
        {"name": "signer", "type": "address"},
        {"name": "sign", "type": "bool"},
    ],
    "Item": [
        {"name": "amount", "type": "uint96"},
        {"name": "delta", "type": "int16"},
        {"name": "hashes", "type": "bytes32[]"},
        {"name": "who", "type": "Who"},
    ],
    "Who": [{"name": "account", "type": "address"}],
}


def _message(seed: int) -> dict[str, Any]:
    rng = random.Random(seed)

    def address() -> str:
        return "0x" + rng.randbytes(20).hex()

    items = [
        {
            "amount": rng.randrange(2**96),
            "delta": rng.randrange(-(2**15), 2**15),
            "hashes": ["0x" + rng.randbytes(32).hex() for _ in range(rng.randrange(4))],
            "who": {"account": address()},
        }
        for _ in range(rng.randrange(5))
    ]
    return {
        "debtor": rng.randrange(2**32),
        "items": items,
        "note": "确权" * rng.randrange(20),
        "blob": rng.randbytes(rng.randrange(80)),
        "signer": address(),
        "sign": rng.random() < 0.5,
    }


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("keys", [("name", "version", "chainId", "verifyingContract"), ("name", "chainId")])
def test_digest_is_eth_accounts(seed: int, keys: tuple[str, ...]) -> None:
    known = {"name": "Cascade", "version": "1", "chainId": 31337, "verifyingContract": "0x" + "ab" * 20}
    domain = {k: known[k] for k in keys}
    data = {"domain": domain, "types": _TYPES, "primaryType": "Batch", "message": _message(seed)}
    message = encode_typed_data(domain, _TYPES, data["message"])
    assert typed_data_digest(data) == bytes(_hash_eip191_message(message))


@pytest.mark.parametrize(("field", "value"), [("debtor", 2**32), ("debtor", -1)])
def test_refuses_what_does_not_fit(field: str, value: int) -> None:
    message = {**_message(1), field: value}
    data = {"domain": {"name": "x"}, "types": _TYPES, "primaryType": "Batch", "message": message}
    with pytest.raises(ValueError, match="does not fit"):
        typed_data_digest(data)
