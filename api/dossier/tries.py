"""Merkle-Patricia proofs. All nodes of all proofs lie in one pool, by their hashes: what a root does not reach through
it is not proven, and what no proof needs has no place in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eth_hash.auto import keccak
from trie import HexaryTrie
from trie.constants import BLANK_NODE_HASH

from api.dossier.encoding import place


class NotProven(Exception):
    """The pool lacks a node on the way from a root to a key, or the way is no trie's."""


class Pool(dict[bytes, bytes]):
    """Nodes by hash; remembers which were needed."""

    def __init__(self, nodes: Iterable[bytes] = ()) -> None:
        super().__init__((bytes(keccak(node)), node) for node in nodes)
        self.needed: set[bytes] = set()

    def __getitem__(self, key: bytes) -> bytes:
        self.needed.add(key)
        return super().__getitem__(key)

    def read(self, root: bytes, key: bytes) -> bytes:
        """What the trie of `root` holds at `key`; empty when the proof is that it holds nothing. NotProven."""
        try:
            return bytes(HexaryTrie(self, root).get(key)) if root != BLANK_NODE_HASH else b""
        except Exception as error:  # a forged node can fail anywhere in the library
            raise NotProven(str(error)) from error

    def of_state(self, root: bytes, key: bytes) -> bytes:
        """The same of a trie whose keys are hashed: accounts and storage."""
        return self.read(root, keccak(key))

    def spare(self) -> set[bytes]:
        """Hashes of the nodes that nothing needed."""
        return set(self) - self.needed


class BlockTrie:
    """The trie of a block's receipts or transactions, built whole."""

    def __init__(self, items: Sequence[bytes]) -> None:
        self._nodes: dict[bytes, bytes] = {}
        self._trie = HexaryTrie(self._nodes, prune=True)
        for index, item in enumerate(items):
            self._trie[place(index)] = item

    @property
    def root(self) -> bytes:
        return bytes(self._trie.root_hash)

    def proof(self, index: int) -> set[bytes]:
        """The nodes that lead to an item."""
        pool = Pool(self._nodes.values())
        pool.read(self.root, place(index))
        return {pool[key] for key in pool.needed}
