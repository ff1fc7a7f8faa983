"""The key service: where keys lie that people sign approvals with and that are not in their own hands. docs/keys.md says
what an adaptor to a hardware module or a cloud's key management has to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class KeyService(Protocol):
    """Keys that never leave it. Each is named by its account (checksummed address)."""

    async def accounts(self) -> Sequence[str]:
        """All whose keys it has."""
        ...

    async def create(self) -> str:
        """Makes a key inside; its account. Unavailable("KeyServiceUnavailable") when it cannot."""
        ...

    async def sign_typed_data(self, account: str, typed_data: Mapping[str, Any]) -> bytes:
        """65 bytes r, s, v (27 or 28; low s) over EIP-712 typed data, hashed here and not by whoever asks.
        Unavailable("KeyUnavailable")."""
        ...

    async def sign_transaction(self, account: str, transaction: Mapping[str, Any]) -> bytes:
        """The raw signed transaction."""
        ...


class PersonKeys(Protocol):
    """Which key of the key service is whose."""

    async def of(self, person: str) -> str | None:
        """A person's account there."""
        ...

    async def put(self, person: str, account: str) -> None:
        """Conflict("SigningKeyExists") when the person has one."""
        ...
