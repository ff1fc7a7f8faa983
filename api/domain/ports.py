"""The outside, as services see it. Adapters live in api/chain, api/store and api/intake; only bootstrap joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from api.domain.operations import Call, Contract, Operation
from api.domain.views import (
    CurrencyView,
    FundFlow,
    IndexStatus,
    NoteView,
    Page,
    PartyView,
    ReceivableView,
    Trace,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's last block: "now" is its time."""

    block: int
    hash: str
    time: int


@dataclass(frozen=True, slots=True)
class DecodedLog:
    """One event of ours: `name` and `args` by ABI name (ints, 0x-hex strings, dicts for structs)."""

    contract: Contract
    name: str
    args: Mapping[str, Any]
    block: int
    block_hash: str
    tx_hash: str
    log_index: int


class Signer(Protocol):
    """Holds keys (keyfiles, or the demo mnemonic on local chains) and signs; never hands one out."""

    def accounts(self) -> Sequence[str]:
        """Checksummed addresses that this signer can sign for, where it can list them."""
        ...

    def can_sign(self, account: str) -> bool: ...

    def sign_transaction(self, account: str, transaction: Mapping[str, Any]) -> bytes:
        """The raw signed transaction. Unavailable("KeyUnavailable") when it has no such key."""
        ...

    def sign_typed_data(self, account: str, typed_data: Mapping[str, Any]) -> bytes:
        """65 bytes r, s, v over EIP-712 typed data ({domain, types, primaryType, message})."""
        ...


class Chain(Protocol):
    """Reading the chain, and trying acts without sending them."""

    chain_id: int
    addresses: Mapping[Contract, str]

    async def head(self) -> Head: ...

    async def call(self, contract: Contract, function: str, *args: Any, block: int | None = None) -> Any:
        """A view. Structs come back as dicts by ABI name, several results as a tuple."""
        ...

    async def simulate(self, call: Call) -> Any:
        """What the act would return now. RuleBroken when a contract refuses; nothing is sent."""
        ...

    async def events(self, tx_hash: str) -> Sequence[DecodedLog]:
        """The decoded events of a mined transaction, in order."""
        ...


class OperationBox(Protocol):
    """The outbox: operations are put here before anything is sent, and the worker carries them out."""

    async def put(self, operations: Sequence[Operation]) -> Sequence[Operation]:
        """Stores them, all or none, in order. An operation whose idempotency key is known is answered with the stored one
        (Conflict("IdempotencyKeyReused") when its request hash differs)."""
        ...

    async def get(self, operation_id: str) -> Operation | None: ...

    async def listing(self, *, status: str | None, kind: str | None, cursor: str | None, limit: int) -> Page[Operation]: ...

    async def wait(self, operation_ids: Sequence[str], timeout: float) -> Sequence[Operation]:
        """The operations, once each is confirmed or failed, or when `timeout` seconds have passed."""
        ...


class ReadModel(Protocol):
    """The indexed ledger. Amounts exact; every answer is of one block."""

    async def status(self) -> IndexStatus: ...

    async def wait_for(self, block: int, timeout: float) -> bool:
        """True once the index has reached `block`."""
        ...

    async def currencies(self) -> Sequence[CurrencyView]: ...

    async def party(self, party: int) -> PartyView | None: ...

    async def parties(self, *, role: int | None, cursor: str | None, limit: int) -> Page[PartyView]: ...

    async def party_of_account(self, address: str) -> int | None: ...

    async def receivable(self, receivable: int) -> ReceivableView | None: ...

    async def receivables(
        self, *, debtor: int | None, status: str | None, cursor: str | None, limit: int
    ) -> Page[ReceivableView]: ...

    async def note(self, note: int) -> NoteView | None: ...

    async def notes(
        self,
        *,
        holder: int | None,
        receivable: int | None,
        status: str | None,
        tier: int | None,
        cursor: str | None,
        limit: int,
    ) -> Page[NoteView]: ...

    async def live_notes(self, receivables: Sequence[int]) -> Sequence[int]:
        """Notes of these receivables with value left, ascending."""
        ...

    async def trace(self, note: int) -> Trace | None: ...

    async def fund_flow(self, receivable: int) -> FundFlow | None: ...

    async def totals(self) -> Mapping[str, int]:
        """Sums over the ledger: receivables, notes, max_tier, refused, financed, cash_paid, repaid, outstanding, and
        notes_tier_1 … notes_tier_N."""
        ...
