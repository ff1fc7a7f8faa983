"""Signers: which keys they have, where they refuse, and that nothing hands a key out."""

from __future__ import annotations

from pathlib import Path

import pytest
from eth_account import Account

from api.chain.eip712 import typed_data_digest
from api.chain.signer import (
    DEMO_MNEMONIC,
    CompositeSigner,
    DemoMnemonicSigner,
    KeyfileSigner,
    create_keyfile,
    demo_keys,
)
from api.chain.transactions import read_raw
from api.domain.errors import InvalidInput, Unavailable

_TX = {"chainId": 31337, "nonce": 0, "gas": 21_000, "to": None, "maxFeePerGas": 9, "maxPriorityFeePerGas": 1}
_DATA = {
    "domain": {"name": "Cascade", "version": "1"},
    "types": {"Hello": [{"name": "who", "type": "string"}]},
    "primaryType": "Hello",
    "message": {"who": "world"},
}


@pytest.fixture
def keystore(tmp_path: Path) -> tuple[Path, Path]:
    password = tmp_path / "password"
    password.write_text("correct horse\n", encoding="utf-8")
    password.chmod(0o600)
    return tmp_path / "keys", password


def test_demo_accounts_are_the_published_ones() -> None:
    Account.enable_unaudited_hdwallet_features()
    known = [Account.from_mnemonic(DEMO_MNEMONIC, account_path=f"m/44'/60'/0'/0/{i}").address for i in (0, 1, 7, 299)]
    accounts = DemoMnemonicSigner(1337, 300).accounts()
    assert [accounts[i] for i in (0, 1, 7, 299)] == known
    assert len(set(accounts)) == 300


@pytest.mark.parametrize("chain_id", [1, 5, 137, 31338, 0])
def test_demo_keys_are_refused_off_local_chains(chain_id: int) -> None:
    with pytest.raises(Unavailable, match="DemoKeysOnPublicChain"):
        DemoMnemonicSigner(chain_id)


def test_keyfile_signs_and_is_private(keystore: tuple[Path, Path]) -> None:
    folder, password = keystore
    account = create_keyfile(folder, password)
    signer = KeyfileSigner(folder, password)
    assert signer.accounts() == (account,)
    assert signer.can_sign(account)
    assert read_raw(signer.sign_transaction(account, _TX)).sender == account
    (file,) = folder.glob("*.json")
    assert file.stat().st_mode & 0o077 == 0
    digest = typed_data_digest(_DATA)
    assert Account._recover_hash(digest, signature=signer.sign_typed_data(account, _DATA)) == account


def test_keyfile_refusals_have_names(keystore: tuple[Path, Path]) -> None:
    folder, password = keystore
    account = create_keyfile(folder, password)
    with pytest.raises(Unavailable, match="KeyUnavailable"):
        KeyfileSigner(folder, password).sign_transaction("0x" + "00" * 20, _TX)
    password.write_text("wrong", encoding="utf-8")
    with pytest.raises(Unavailable, match="KeyfileLocked"):
        KeyfileSigner(folder, password).sign_transaction(account, _TX)
    password.chmod(0o644)
    with pytest.raises(Unavailable, match="PasswordFileOpen"):
        KeyfileSigner(folder, password).sign_transaction(account, _TX)
    password.unlink()
    with pytest.raises(Unavailable, match="PasswordFileMissing"):
        KeyfileSigner(folder, password).sign_transaction(account, _TX)
    (folder / "bad.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InvalidInput, match="KeyfileInvalid"):
        KeyfileSigner(folder, password).accounts()


def test_composite_asks_the_first_that_can(keystore: tuple[Path, Path]) -> None:
    folder, password = keystore
    own = create_keyfile(folder, password)
    demo = DemoMnemonicSigner(31337, 2)
    both = CompositeSigner([demo, KeyfileSigner(folder, password)])
    assert both.accounts() == (*demo.accounts(), own)
    for account in both.accounts():
        assert read_raw(both.sign_transaction(account, _TX)).sender == account
    with pytest.raises(Unavailable, match="KeyUnavailable"):
        both.sign_typed_data("0x" + "11" * 20, _DATA)


def test_no_signer_shows_its_keys() -> None:
    signer = DemoMnemonicSigner(31337, 1)
    secret = demo_keys(1)[0].secret.hex()
    assert secret not in repr(signer) + str(vars(signer))
