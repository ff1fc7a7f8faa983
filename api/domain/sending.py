"""What the worker needs from the outbox and from the chain to carry operations out, and what passes between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from api.domain.errors import RuleBroken
from api.domain.operations import Call
from api.domain.ports import SignedTransaction


@dataclass(frozen=True, slots=True)
class Queued:
    """An operation to be sent. `signed` when its account signed outside."""

    seq: int
    id: str
    kind: str
    call: Call
    signed: SignedTransaction | None
    request_id: str | None = None
    """The request that asked for it; for the log alone."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """An operation whose raw transaction is stored: it may have reached the node, or not."""

    seq: int
    id: str
    kind: str
    transaction: SignedTransaction


@dataclass(frozen=True, slots=True)
class Mined:
    """A confirmed operation whose block may still be replaced."""

    seq: int
    id: str
    kind: str
    block: int
    block_hash: str
    gas_used: int
    transaction: SignedTransaction


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a transaction ended. `ok` is False when it reverted; `created` is the address of a contract it made."""

    tx_hash: str
    block: int
    block_hash: str
    ok: bool
    gas_used: int
    created: str | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an operation ended. Without a block it never reached the chain; `error` is {"rule", "evidence"}."""

    seq: int
    ok: bool
    block: int | None = None
    block_hash: str | None = None
    gas_used: int | None = None
    error: Mapping[str, Any] | None = None
    final: bool = True


class Outbox(Protocol):
    """The worker's side of the operations. What is taken is leased: one sender per account."""

    async def take(self, limit: int, in_flight: int) -> Sequence[Queued]:
        """The next queued operations, in order, of accounts that nobody else leases; of one account no more than
        `in_flight` are under way at once."""
        ...

    async def next_nonces(self, accounts: Sequence[str]) -> Mapping[str, int]:
        """One above the highest nonce signed for each account; accounts without any are left out."""
        ...

    async def record_signed(self, signed: Sequence[tuple[int, SignedTransaction]]) -> bool:
        """Keeps what was signed, before any of it is sent. False, and nothing kept, when a lease was lost meanwhile."""
        ...

    async def submitted(self, known: Collection[int]) -> Sequence[Submitted]:
        """What was signed and has not ended, but for `known`, of accounts that nobody else leases, in order."""
        ...

    async def end(self, endings: Sequence[Ending]) -> None:
        """Notes how operations ended."""
        ...

    async def warn(self, seq: int, error: Mapping[str, Any]) -> None:
        """Notes what keeps a submitted operation from being mined; it goes on being tried."""
        ...

    async def unsettled(self, limit: int) -> Sequence[Mined]:
        """Confirmed operations that are not final yet, oldest block first."""
        ...

    async def reopen(self, seqs: Sequence[int]) -> None:
        """A reorganisation took their blocks: they are submitted again."""
        ...

    async def renew(self) -> None:
        """Prolongs the leases."""
        ...

    async def release(self) -> None:
        """Gives the leases back."""
        ...


class Bell(Protocol):
    """Rings when somebody has put something into the outbox."""

    async def wait(self, timeout_s: float) -> bool:
        """True as soon as something changed since the last call that said so; False after `timeout_s`."""
        ...


class Courier(Protocol):
    """Carries signed transactions to the chain."""

    async def nonces(self, accounts: Sequence[str]) -> Mapping[str, int]:
        """The next nonce of each account, transactions under way included."""
        ...

    async def prepare(self, call: Call, nonce: int) -> SignedTransaction:
        """Signs one call. RuleBroken when it is known already that the contract refuses."""
        ...

    async def broadcast(self, transactions: Sequence[SignedTransaction]) -> Sequence[str | None]:
        """Hands raw transactions to the node, in order. Per transaction: None when the node has it, else why not."""
        ...

    def nonce_is_used(self, refusal: str) -> bool:
        """True when the node refuses because the account's nonce is past."""
        ...

    async def mine(self, left: bool = False) -> None:
        """Asks for a block, where blocks are made on request; `left`: some of what was sent was left out of the last."""
        ...

    async def receipts(self, hashes: Sequence[str]) -> Sequence[Receipt | None]:
        """The receipts there are, in order; None for what is not mined."""
        ...

    async def failure(self, receipt: Receipt) -> RuleBroken:
        """Why a mined transaction reverted."""
        ...

    async def height(self) -> int:
        """The number of the last block."""
        ...

    async def block_hashes(self, blocks: Sequence[int]) -> Mapping[int, str]:
        """The present hashes of blocks by number; those beyond the head are left out."""
        ...

    async def used_nonces(self, accounts: Sequence[str], block: int) -> Mapping[str, int]:
        """How many transactions of each account were mined up to a block."""
        ...
