"""What a party holds that keeps its key itself: signing as wallets do, with another library than the product's."""

from __future__ import annotations

from functools import cache
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

WORDS = "test test test test test test test test test test test junk"


@cache
def wallet_of(index: int) -> LocalAccount:
    """The `index`-th account of the published test mnemonic."""
    Account.enable_unaudited_hdwallet_features()
    return Account.from_mnemonic(WORDS, account_path=f"m/44'/60'/0'/0/{index}")


def sign_transaction(index: int, transaction: dict[str, Any]) -> str:
    """Raw, 0x-hex. `transaction` as the API gives it: quantities in hex."""
    fields = {k: int(v, 16) if k not in ("data", "to") else v for k, v in transaction.items() if k != "from"}
    return "0x" + bytes(wallet_of(index).sign_transaction(fields).raw_transaction).hex()


def sign_typed_data(index: int, typed_data: dict[str, Any]) -> str:
    """65 bytes, 0x-hex. `typed_data` as the API gives it: whole numbers as decimal strings."""
    message = {
        name: int(value) if name not in ("from", "to", "data") else value
        for name, value in typed_data["message"].items()
    }
    signed = wallet_of(index).sign_typed_data(full_message={**typed_data, "message": message})
    return "0x" + bytes(signed.signature).hex()
