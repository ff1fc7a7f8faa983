"""A chain of nonces and balances of nothing, for the worker to send to: it can lose, refuse, delay and reorganise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.domain.errors import RuleBroken, Unavailable
from api.domain.operations import Call
from api.domain.ports import SignedTransaction
from api.domain.sending import Receipt


@dataclass
class Block:
    number: int
    hash: str
    transactions: list[SignedTransaction]


@dataclass
class ChainInMemory:
    """`raw` of a transaction is its argument: what was executed is told by it. Those that start with "bad" revert."""

    blocks: list[Block] = field(default_factory=lambda: [Block(0, "genesis", [])])
    pool: dict[tuple[str, int], SignedTransaction] = field(default_factory=dict)
    reachable: bool = True
    refuse_with: str | None = None
    deaf: bool = False
    """Takes transactions and forgets them."""
    too_large: set[str] = field(default_factory=set)
    """What no block can hold."""
    forks: int = 0

    def mined(self) -> list[SignedTransaction]:
        return [t for b in self.blocks for t in b.transactions]

    def used(self, account: str, up_to: int | None = None) -> int:
        blocks = self.blocks if up_to is None else self.blocks[: up_to + 1]
        return sum(t.account == account for b in blocks for t in b.transactions)

    def make_block(self) -> None:
        included: list[SignedTransaction] = []
        nonces: dict[str, int] = {}
        for (account, nonce), transaction in sorted(self.pool.items()):
            expected = nonces.setdefault(account, self.used(account))
            if nonce == expected:
                included.append(transaction)
                nonces[account] += 1
        for transaction in included:
            del self.pool[transaction.account, transaction.nonce]
        number = len(self.blocks)
        self.blocks.append(Block(number, f"block {number} fork {self.forks}", included))

    def reorganise(self, depth: int, keep_transactions: bool) -> None:
        """Drops the last blocks; their transactions go back to the pool, or are forgotten."""
        lost = [t for b in self.blocks[-depth:] for t in b.transactions]
        del self.blocks[-depth:]
        self.forks += 1
        if keep_transactions:
            self.pool |= {(t.account, t.nonce): t for t in lost}

    def check(self) -> None:
        if not self.reachable:
            raise Unavailable("ChainUnreachable", url="memory", message="down")


class CourierInMemory:
    """Implements Courier over the chain in memory."""

    def __init__(self, chain: ChainInMemory) -> None:
        self._chain = chain
        self.prepared = 0

    async def nonces(self, accounts: Sequence[str]) -> Mapping[str, int]:
        self._chain.check()
        return {a: self._chain.used(a) + sum(k[0] == a for k in self._chain.pool) for a in accounts}

    async def prepare(self, call: Call, nonce: int) -> SignedTransaction:
        self.prepared += 1
        if call.args[0] == "refused early":
            raise RuleBroken("ZeroAmount")
        return SignedTransaction(call.account, nonce, f"{call.account}/{nonce}/{call.args[0]}", str(call.args[0]), 100)

    async def broadcast(self, transactions: Sequence[SignedTransaction]) -> Sequence[str | None]:
        self._chain.check()
        return [self._take(t) for t in transactions]

    def _take(self, transaction: SignedTransaction) -> str | None:
        if self._chain.refuse_with is not None:
            return self._chain.refuse_with
        if transaction.raw in self._chain.too_large:
            return "too large"
        if self._chain.used(transaction.account) > transaction.nonce:
            return "nonce too low"
        if not self._chain.deaf:
            self._chain.pool[transaction.account, transaction.nonce] = transaction
        return None

    async def unknown(self, hashes: Sequence[str]) -> set[str]:
        self._chain.check()
        return set(hashes) - {t.tx_hash for t in (*self._chain.pool.values(), *self._chain.mined())}

    def nonce_is_used(self, refusal: str) -> bool:
        return refusal == "nonce too low"

    def never_fits(self, refusal: str) -> bool:
        return refusal == "too large"

    async def refusal(self, call: Call) -> RuleBroken | None:
        self._chain.check()
        return None

    async def outbid(self, transaction: SignedTransaction, fill: bool) -> SignedTransaction | None:
        raw = "filler" if fill else transaction.raw
        return replace(transaction, tx_hash=transaction.tx_hash + "+", raw=raw)

    async def mine(self, left: bool = False) -> None:
        self._chain.check()
        if self._chain.pool:
            self._chain.make_block()

    async def receipts(self, hashes: Sequence[str]) -> Sequence[Receipt | None]:
        self._chain.check()
        known = {
            t.tx_hash: Receipt(t.tx_hash, b.number, b.hash, not t.raw.startswith("bad"), 50, None)
            for b in self._chain.blocks
            for t in b.transactions
        }
        return [known.get(h) for h in hashes]

    async def failure(self, receipt: Receipt) -> RuleBroken:
        self._chain.check()
        return RuleBroken("NotHeld", note=7, status=2)

    async def height(self) -> int:
        self._chain.check()
        return len(self._chain.blocks) - 1

    async def block_hashes(self, blocks: Sequence[int]) -> Mapping[int, str]:
        self._chain.check()
        return {b: self._chain.blocks[b].hash for b in blocks if b < len(self._chain.blocks)}

    async def used_nonces(self, accounts: Sequence[str], block: int) -> Mapping[str, int]:
        self._chain.check()
        return {a: self._chain.used(a, block) for a in accounts}
