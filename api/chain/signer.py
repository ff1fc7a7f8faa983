"""Signers: keyfiles, the published test mnemonic on local chains, and both together. Keys stay inside."""

from __future__ import annotations

import hashlib
import hmac
import json
import stat
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from coincurve import PrivateKey
from eth_account import Account

from api.chain.abi import checksum
from api.chain.eip712 import typed_data_digest
from api.chain.transactions import address_of, sign_digest, sign_raw
from api.config import LOCAL_CHAIN_IDS
from api.domain.errors import InvalidInput, Unavailable
from api.domain.ports import Signer
from api.secret_files import write_once

DEMO_MNEMONIC = "test test test test test test test test test test test junk"
"""Published with every Ethereum development tool: everybody has these keys."""
_CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class _KeySigner:
    """Signing for whatever keys `_key` knows."""

    def _key(self, account: str) -> PrivateKey | None:
        raise NotImplementedError

    def _require(self, account: str) -> PrivateKey:
        key = self._key(account)
        if key is None:
            raise Unavailable("KeyUnavailable", account=account)
        return key

    def sign_transaction(self, account: str, transaction: Mapping[str, Any]) -> bytes:
        """The raw signed transaction."""
        return sign_raw(self._require(account), transaction)

    def sign_typed_data(self, account: str, typed_data: Mapping[str, Any]) -> bytes:
        """65 bytes r, s, v over EIP-712 typed data."""
        return sign_digest(self._require(account), typed_data_digest(typed_data))


class KeyfileSigner(_KeySigner):
    """eth-account keystore v3 files in one folder, all under the password in `password_file`; each decrypted once, when
    first used. Refuses a password file that others may read."""

    def __init__(self, folder: Path, password_file: Path) -> None:
        self._folder = folder
        self._password_file = password_file
        self._keys: dict[str, PrivateKey] = {}

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        found: dict[str, Path] = {}
        for file in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []:
            try:
                address = json.loads(file.read_text(encoding="utf-8"))["address"]
                found[checksum("0x" + address.removeprefix("0x"))] = file
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InvalidInput("KeyfileInvalid", file=str(file)) from error
        return found

    def accounts(self) -> Sequence[str]:
        return tuple(self._files)

    def can_sign(self, account: str) -> bool:
        return account in self._files

    def _key(self, account: str) -> PrivateKey | None:
        key = self._keys.get(account)
        if key is None and account in self._files:
            key = self._keys[account] = self._decrypt(self._files[account])
        return key

    def _decrypt(self, file: Path) -> PrivateKey:
        try:
            secret = Account.decrypt(file.read_text(encoding="utf-8"), read_password(self._password_file))
        except ValueError as error:
            raise Unavailable("KeyfileLocked", file=str(file)) from error
        return PrivateKey(bytes(secret))


def read_password(file: Path) -> str:
    """The password in a file that its owner alone may read, without the line end."""
    try:
        mode = file.stat().st_mode
    except FileNotFoundError as error:
        raise Unavailable("PasswordFileMissing", file=str(file)) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Unavailable("PasswordFileOpen", file=str(file))
    return file.read_text(encoding="utf-8").rstrip("\r\n")


def create_keyfile(folder: Path, password_file: Path) -> str:
    """Makes a new account's keyfile (owner-readable, on the disk before this returns); its address."""
    password = read_password(password_file)
    account = Account.create()
    keystore = json.dumps(Account.encrypt(account.key, password)).encode()
    write_once(folder / f"{account.address}.json", keystore)
    return str(account.address)


class DemoMnemonicSigner(_KeySigner):
    """The first `count` accounts of the published test mnemonic (m/44'/60'/0'/0/i). Local chains alone:
    Unavailable("DemoKeysOnPublicChain") elsewhere."""

    def __init__(self, chain_id: int, count: int = 1000) -> None:
        if chain_id not in LOCAL_CHAIN_IDS:
            raise Unavailable("DemoKeysOnPublicChain", chain_id=chain_id)
        self._count = count

    @cached_property
    def _by_account(self) -> Mapping[str, PrivateKey]:
        keys = demo_keys(self._count)
        return {address_of(key): key for key in keys}

    def accounts(self) -> Sequence[str]:
        return tuple(self._by_account)

    def can_sign(self, account: str) -> bool:
        return account in self._by_account

    def _key(self, account: str) -> PrivateKey | None:
        return self._by_account.get(account)


def demo_keys(count: int) -> list[PrivateKey]:
    """Keys of m/44'/60'/0'/0/0 … of the test mnemonic (BIP-39, BIP-32)."""
    seed = hashlib.pbkdf2_hmac("sha512", DEMO_MNEMONIC.encode(), b"mnemonic", 2048)
    node = hmac.digest(b"Bitcoin seed", seed, "sha512")
    for index in (44 | 1 << 31, 60 | 1 << 31, 1 << 31, 0):
        node = _child(node, index)
    public = PrivateKey(node[:32]).public_key.format()
    parent, chain_code = int.from_bytes(node[:32], "big"), node[32:]
    keys: list[PrivateKey] = []
    for index in range(count):
        left = hmac.digest(chain_code, public + index.to_bytes(4, "big"), "sha512")[:32]
        keys.append(PrivateKey(_sum(left, parent)))
    return keys


def _child(node: bytes, index: int) -> bytes:
    secret, chain_code = node[:32], node[32:]
    public = b"\0" + secret if index >> 31 else PrivateKey(secret).public_key.format()
    derived = hmac.digest(chain_code, public + index.to_bytes(4, "big"), "sha512")
    return _sum(derived[:32], int.from_bytes(secret, "big")) + derived[32:]


def _sum(left: bytes, parent: int) -> bytes:
    return ((int.from_bytes(left, "big") + parent) % _CURVE_ORDER).to_bytes(32, "big")


class CompositeSigner:
    """Several signers as one: the first that can, signs."""

    def __init__(self, signers: Sequence[Signer]) -> None:
        self._signers = tuple(signers)

    def accounts(self) -> Sequence[str]:
        return tuple(dict.fromkeys(a for s in self._signers for a in s.accounts()))

    def can_sign(self, account: str) -> bool:
        return any(s.can_sign(account) for s in self._signers)

    def _for(self, account: str) -> Signer:
        found = next((s for s in self._signers if s.can_sign(account)), None)
        if found is None:
            raise Unavailable("KeyUnavailable", account=account)
        return found

    def sign_transaction(self, account: str, transaction: Mapping[str, Any]) -> bytes:
        return self._for(account).sign_transaction(account, transaction)

    def sign_typed_data(self, account: str, typed_data: Mapping[str, Any]) -> bytes:
        return self._for(account).sign_typed_data(account, typed_data)
