"""Turning a fetched range into rows: decode, check, one handler per event, one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from api.chain.bindings import Bindings
from api.domain.errors import CascadeError
from api.domain.operations import Contract
from api.indexer.entry import At, Entry
from api.indexer.events import HANDLED, Known, Table, compile_table
from api.indexer.fetch import Fetched, Shifted, hexed
from api.store.ledger.rows import BlockRow, EventRow, Place
from api.store.ledger.writer import Cursor, Ledger

_LOADED_AHEAD = ("note", "parent", "receivable")
"""Fields of payloads that name rows which will be wanted."""


class Decoded(NamedTuple):
    known: Known
    contract: str
    payload: Any
    block: int
    log: int
    tx: bytes


class Applier:
    """Applies ranges to the ledger. Addresses are those of the deployment, any case."""

    def __init__(self, bindings: Bindings, addresses: Mapping[Contract, str], depth: int) -> None:
        self._depth = depth
        self._tables: dict[str, tuple[str, Table]] = {
            addresses[contract].lower(): (contract.value, compile_table(bindings, contract)) for contract in HANDLED
        }
        self._codes: dict[str, str] = {}

    @property
    def addresses(self) -> list[str]:
        """The contracts whose logs are wanted."""
        return list(self._tables)

    def name_tokens(self, tokens: Mapping[str, str]) -> None:
        """Codes of deposit tokens as the deployment knows them (code → address); others are called by their symbol."""
        self._codes = {address[2:].lower(): code for code, address in tokens.items()}

    def apply(self, ledger: Ledger, fetched: Fetched, before: Cursor) -> Cursor:
        """Writes the range. Shifted when it does not continue what is there; CascadeError names what cannot be
        read."""
        _check_links(fetched, before)
        events = [*self._decode(fetched)]
        try:
            return self._write(ledger, fetched, events, before)
        except BaseException:
            ledger.forget()
            raise

    def _write(self, ledger: Ledger, fetched: Fetched, events: Sequence[Decoded], before: Cursor) -> Cursor:
        _preload(ledger, events)
        journal = [*self._handle(ledger, fetched, events)]
        counts = Counter(map(attrgetter("block"), events))
        blocks = [BlockRow(h.number, h.hash, h.parent, h.time, counts[h.number]) for h in fetched.headers.values()]
        last = fetched.headers[fetched.last]
        floor = max(before.floor, fetched.last - self._depth) if fetched.linked else fetched.last
        after = Cursor(
            last.number, last.hash, last.time, fetched.head, floor, before.events + len(journal), before.reorgs
        )
        ledger.commit(blocks, journal, before, after)
        return after

    def _decode(self, fetched: Fetched) -> Iterator[Decoded]:
        """Those that are kept. Each is of a block of the range that we have the header of, and comes after the one before
        it."""
        tables, number, last = self._tables, fetched.first - 1, -1
        block_hash = tx_hash = ""
        tx = b""
        for log in fetched.logs:
            contract, table = tables.get(log["address"]) or tables.get(log["address"].lower(), _NOBODY)
            if contract == "":
                raise CascadeError("LogNotAskedFor", address=log["address"], block=int(log["blockNumber"], 16))
            if log["blockHash"] != block_hash:
                block_hash, before, last = log["blockHash"], number, -1
                number = int(log["blockNumber"], 16)
                _check_block(fetched, number, block_hash, before)
            topics = log["topics"]
            known = table.get(topics[0], _UNKNOWN) if topics else _UNKNOWN
            if known is None:
                continue
            if known is _UNKNOWN:
                raise CascadeError("UnknownEvent", contract=contract, topics=topics, block=number)
            place = int(log["logIndex"], 16)
            if place <= last:
                raise CascadeError("LogsOutOfOrder", block=number, log=place)
            last = place
            if log["transactionHash"] != tx_hash:
                tx_hash = log["transactionHash"]
                tx = bytes.fromhex(tx_hash[2:])
            yield Decoded(known, contract, known.decode(topics, log["data"]), number, place, tx)

    def _handle(self, ledger: Ledger, fetched: Fetched, events: Iterable[Decoded]) -> Iterator[EventRow]:
        present, present_tx, time = -1, b"", 0
        at = At(self._named(fetched.tokens))
        for known, contract, payload, block, log, tx in events:
            if block != present:
                present, time = block, fetched.headers[block].time
                ledger.begin_block(block, reversible=fetched.linked)
            if tx != present_tx:
                _check_paid(at)
                present_tx = tx
            at.place = Place(tx, block, log, time)
            root, entry = None, known.entry
            if entry is not None:
                entry.handle(ledger, at, payload)
                root = entry.about(ledger, payload)
            yield EventRow(block, log, tx, contract, known.name, known.describe(payload).decode(), root)
        _check_paid(at)

    def _named(self, tokens: Mapping[bytes, tuple[str, int]]) -> dict[bytes, tuple[str, int]]:
        return {a: (self._codes.get(a.hex(), symbol), decimals) for a, (symbol, decimals) in tokens.items()}


_NOBODY: tuple[str, Table] = ("", {})
_UNKNOWN = Known("", lambda t, d: None, lambda e: b"", None)


def _check_links(fetched: Fetched, before: Cursor) -> None:
    """The first block continues the cursor, and where every header is there each block the one before it."""
    parent = before.hash
    for number in range(fetched.first, fetched.last + 1) if fetched.linked else (fetched.first,):
        header = fetched.headers[number]
        if header.parent != parent:
            raise Shifted
        parent = header.hash


def _check_block(fetched: Fetched, number: int, block_hash: str, before: int) -> None:
    """A block's logs begin, after those of block `before`."""
    header = fetched.headers.get(number)
    if header is None or hexed(header.hash) != block_hash:
        raise Shifted
    if not before < number <= fetched.last:
        raise CascadeError("LogsOutOfOrder", block=number, log=0)


def _check_paid(at: At) -> None:
    if at.pending:
        raise CascadeError("RepaymentWithoutCash", note=next(iter(at.pending)), block=at.place.block)


def _preload(ledger: Ledger, events: Sequence[Decoded]) -> None:
    """Loads the notes and receivables that the range names, and what else its events say that they touch, so that few
    handlers ask the database one by one."""
    wanted: dict[str, set[int]] = {name: set() for name in _LOADED_AHEAD}
    for entry, payloads in _by_entry(events).items():
        for name in wanted.keys() & set(entry.payload._fields):
            wanted[name].update(map(attrgetter(name), payloads))
        for load in entry.loads:
            ledger.tables[load.table].preload(dict.fromkeys(map(attrgetter(*load.key), payloads)))
    notes = (wanted["note"] | wanted["parent"]) - {0}
    ledger.notes.preload(notes)
    owing = (ledger.notes.find(n) for n in notes)
    ledger.receivables.preload(wanted["receivable"] | {n.receivable for n in owing if n is not None})


def _by_entry(events: Sequence[Decoded]) -> dict[Entry, list[Any]]:
    """Payloads of those that change tables."""
    found: dict[Entry, list[Any]] = {}
    for e in events:
        if e.known.entry is not None:
            found.setdefault(e.known.entry, []).append(e.payload)
    return found
