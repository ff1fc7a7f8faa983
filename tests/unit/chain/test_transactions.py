"""Signing and reading transactions, held against eth-account's."""

from __future__ import annotations

import random

import pytest
from coincurve import PrivateKey
from eth_account import Account

from api.chain.transactions import address_of, created_address, read_raw, sign_raw, transaction_hash

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def _transactions(seed: int) -> list[dict[str, object]]:
    rng = random.Random(seed)
    made: list[dict[str, object]] = []
    for length in (0, 1, 55, 56, 200, 300, 70_000):
        fees = {"maxFeePerGas": rng.randrange(1, 10**12), "maxPriorityFeePerGas": 1}
        if rng.random() < 0.4:
            fees = {"gasPrice": rng.randrange(10**11)}
        made.append(
            {
                "chainId": rng.choice([1, 1337, 31337, 2**40]),
                "nonce": rng.choice([0, 1, 127, 128, 2**20]),
                "gas": rng.choice([21_000, 3 * 10**8]),
                "to": rng.choice([None, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]),
                "value": rng.choice([0, 1, 10**18]),
                "data": rng.randbytes(length),
                **fees,
            }
        )
    return made


@pytest.mark.parametrize("seed", range(6))
def test_signs_as_eth_account_does(seed: int) -> None:
    secret = random.Random(seed).randbytes(32)
    key = PrivateKey(secret)
    for tx in _transactions(seed):
        theirs = {k: v for k, v in tx.items() if k != "to" or v is not None}
        expected = Account.sign_transaction(theirs, secret)
        raw = sign_raw(key, tx)
        assert raw == bytes(expected.raw_transaction)
        assert transaction_hash(raw) == "0x" + bytes(expected.hash).hex()


@pytest.mark.parametrize("seed", range(6))
def test_reads_back_what_it_signed(seed: int) -> None:
    key = PrivateKey(random.Random(seed).randbytes(32))
    for tx in _transactions(seed):
        read = read_raw(sign_raw(key, tx))
        assert read.sender == address_of(key)
        assert (read.chain_id, read.nonce, read.gas) == (tx["chainId"], tx["nonce"], tx["gas"])
        assert (read.to, read.value, read.data) == (tx["to"] or "", tx["value"], tx["data"])


def test_created_address_is_the_known_one() -> None:
    assert created_address("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", 0) == (
        "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    )


def test_refuses_what_is_no_signed_transaction() -> None:
    key = PrivateKey(b"\x01" * 32)
    raw = sign_raw(key, _transactions(1)[3])
    for broken in (b"", b"\x02", raw[:-1], b"\x05" + raw, b"\xc0", raw[:1] + b"\xc1\x80"):
        with pytest.raises(ValueError, match="signed transaction"):
            read_raw(broken)


def test_refuses_a_malleated_signature() -> None:
    import rlp

    tx = {"chainId": 1337, "nonce": 0, "gas": 21_000, "to": None, "maxFeePerGas": 9, "maxPriorityFeePerGas": 1}
    fields = rlp.decode(sign_raw(PrivateKey(b"\x01" * 32), tx)[1:])
    high = (_ORDER - int.from_bytes(fields[-1], "big")).to_bytes(32, "big")
    flipped = b"" if fields[-3] else b"\x01"
    with pytest.raises(ValueError, match="high s"):
        read_raw(b"\x02" + rlp.encode([*fields[:-3], flipped, fields[-2], high]))
