"""Messages of Sign-In with Ethereum (EIP-4361), and whether an account signed one."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_hash.auto import keccak
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError as MalformedSignature

from api.domain.errors import InvalidInput
from api.domain.people import SignInMessage

HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""Of secp256k1. With every (r, s) goes a second valid one, (r, n - s); only the one up to here is taken."""


class SiweWallets:
    """Implements Wallets. `contract_accepts` asks a contract account by ERC-1271: (account, digest, signature)."""

    def __init__(self, contract_accepts: Callable[[str, bytes, bytes], Awaitable[bool]]) -> None:
        self._contract_accepts = contract_accepts

    def read(self, message: str) -> SignInMessage:
        try:
            read = _grammar().from_message(message)
            times = {name: _unix(getattr(read, name)) for name in ("issued_at", "expiration_time", "not_before")}
        except ValueError as error:
            reason = str(error).partition("\n")[0][:200] or "not of the grammar of EIP-4361"
            raise InvalidInput("SignInMessageInvalid", message=reason) from error
        if read.prepare_message() != message:
            raise InvalidInput("SignInMessageInvalid", message="not as it would be written again")
        return SignInMessage(
            text=message,
            scheme=read.scheme,
            domain=read.domain,
            uri=read.uri,
            chain_id=read.chain_id,
            nonce=read.nonce,
            account=read.address,
            issued_at=times["issued_at"] or 0,
            expires_at=times["expiration_time"],
            not_before=times["not_before"],
        )

    async def signed(self, message: SignInMessage, signature: str) -> bool:
        data = bytes.fromhex(signature[2:])
        if _signer(message.text, data) == message.account:
            return True
        text = message.text.encode()
        digest = keccak(b"\x19Ethereum Signed Message:\n" + str(len(text)).encode() + text)
        return await self._contract_accepts(message.account, digest, data)


def _signer(text: str, signature: bytes) -> str | None:
    """The key's account; None when no key's signature has this form."""
    if len(signature) != 65 or int.from_bytes(signature[32:64]) > HALF_ORDER:
        return None
    try:
        return str(Account.recover_message(encode_defunct(text=text), signature=signature))
    except (BadSignature, MalformedSignature, ValueError):
        return None


@cache
def _grammar() -> Any:
    """The library's message type. Its grammar is compiled at import, with warnings about rules it redefines."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from siwe import SiweMessage
    return SiweMessage


def _unix(text: str | None) -> int | None:
    if text is None:
        return None
    read = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())
