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
    trace: str | None = None
    """The step of a trace that signing and sending belong to."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A later transaction under the nonce of the first, at a higher price. With `error` it does nothing but fill the
    nonce: the operation can no longer succeed, and that is why ({"rule", "evidence"})."""

    transaction: SignedTransaction
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """An operation whose raw transaction is stored: it may have reached the node, or not. Either the first or one of its
    replacements (oldest first) will be mined, for they share a nonce."""

    seq: int
    id: str
    kind: str
    call: Call
    transaction: SignedTransaction
    replacements: tuple[Replacement, ...] = ()
    signed_outside: bool = False
    trace: str | None = None

    @property
    def latest(self) -> SignedTransaction:
        """What is sent, and sent again."""
        return self.replacements[-1].transaction if self.replacements else self.transaction

    @property
    def given_up(self) -> bool:
        """Whether nothing but the filling of its nonce is still wanted of it."""
        return bool(self.replacements) and self.replacements[-1].error is not None


@dataclass(frozen=True, slots=True)
class Mined:
    """An operation that was mined, well or not, in a block that may still be replaced."""

    operation: Submitted
    block: int
    block_hash: str


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
    """How an operation ended. Without a block it never reached the chain; `error` is {"rule", "evidence"}; `tx_hash` is
    told when a replacement was mined instead of the first transaction."""

    seq: int
    ok: bool
    block: int | None = None
    block_hash: str | None = None
    gas_used: int | None = None
    error: Mapping[str, Any] | None = None
    final: bool = True
    tx_hash: str | None = None


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

    async def record_replacement(self, seq: int, replacement: Replacement) -> bool:
        """Keeps a replacement beside what it replaces, before it is sent. False when the lease was lost meanwhile."""
        ...

    async def unsettled(self, limit: int) -> Sequence[Mined]:
        """Mined operations that are not final yet, oldest block first."""
        ...

    async def settle(self, seqs: Sequence[int]) -> None:
        """Their blocks are as deep as asked: how they ended stands for good."""
        ...

    async def reopen(self, seqs: Sequence[int]) -> Collection[int]:
        """A reorganisation took their blocks: they are submitted again. Those that were, and are this worker's to follow."""
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

    async def refusal(self, call: Call) -> RuleBroken | None:
        """The rule by which a contract would refuse a call now, if one would."""
        ...

    async def outbid(self, transaction: SignedTransaction, fill: bool) -> SignedTransaction | None:
        """The same transaction at a higher price or, with `fill`, one that does nothing under its nonce. None when the
        price is as high as it may be, or the key is not at hand."""
        ...

    async def broadcast(self, transactions: Sequence[SignedTransaction]) -> Sequence[str | None]:
        """Hands raw transactions to the node, in order. Per transaction: None when the node has it, else why not."""
        ...

    async def unknown(self, hashes: Sequence[str]) -> Collection[str]:
        """Those that the node has never had, or has forgotten."""
        ...

    def nonce_is_used(self, refusal: str) -> bool:
        """True when the node refuses because the account's nonce is past."""
        ...

    def never_fits(self, refusal: str) -> bool:
        """True when the node refuses for good: no block can hold the transaction."""
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
