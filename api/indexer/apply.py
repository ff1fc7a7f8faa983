"""Turning a fetched range into rows: decode, check, one handler per event, one commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from api.chain.bindings import Bindings
from api.domain.errors import CascadeError
from api.domain.operations import Contract
from api.indexer.entry import At, Entry
from api.indexer.events import HANDLED, Known, Table, compile_table
from api.indexer.fetch import Fetched, Log, Shifted, hexed
from api.store.ledger.rows import BlockRow, EventRow, Place
from api.store.ledger.writer import Cursor, Ledger

_LOADED_AHEAD = ("note", "parent", "receivable")
"""Fields of payloads that name rows which will be wanted."""


class Decoded(NamedTuple):
    known: Known
    contract: str
    payload: Any
    block: int
    block_hash: str
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
        events = list(self._decode(fetched.logs))
        _check_events(fetched, events)
        try:
            return self._write(ledger, fetched, events, before)
        except BaseException:
            ledger.forget()
            raise

    def _write(self, ledger: Ledger, fetched: Fetched, events: Sequence[Decoded], before: Cursor) -> Cursor:
        _preload(ledger, events)
        journal = [*self._handle(ledger, fetched, events)]
        counts: dict[int, int] = {}
        for event in events:
            counts[event.block] = counts.get(event.block, 0) + 1
        blocks = [
            BlockRow(h.number, h.hash, h.parent, h.time, counts.get(h.number, 0)) for h in fetched.headers.values()
        ]
        last = fetched.headers[fetched.last]
        floor = max(before.floor, fetched.last - self._depth) if fetched.linked else fetched.last
        after = Cursor(
            last.number, last.hash, last.time, fetched.head, floor, before.events + len(journal), before.reorgs
        )
        ledger.commit(blocks, journal, before, after)
        return after

    def _decode(self, logs: Sequence[Log]) -> Iterator[Decoded]:
        tables, tx_hash, tx = self._tables, "", b""
        for log in logs:
            contract, table = tables.get(log["address"].lower(), _NOBODY)
            if contract == "":
                raise CascadeError("LogNotAskedFor", address=log["address"], block=int(log["blockNumber"], 16))
            topics = log["topics"]
            known = table.get(topics[0], _UNKNOWN) if topics else _UNKNOWN
            if known is None:
                continue
            if known is _UNKNOWN:
                raise CascadeError("UnknownEvent", contract=contract, topics=topics, block=int(log["blockNumber"], 16))
            if log["transactionHash"] != tx_hash:
                tx_hash = log["transactionHash"]
                tx = bytes.fromhex(tx_hash[2:])
            number, place = int(log["blockNumber"], 16), int(log["logIndex"], 16)
            yield Decoded(known, contract, known.decode(topics, log["data"]), number, log["blockHash"], place, tx)

    def _handle(self, ledger: Ledger, fetched: Fetched, events: Iterable[Decoded]) -> Iterator[EventRow]:
        block, tx, time = -1, b"", 0
        at = At(self._named(fetched.tokens))
        for e in events:
            if e.block != block:
                block, time = e.block, fetched.headers[e.block].time
                ledger.begin_block(block, reversible=fetched.linked)
            if e.tx != tx:
                _check_paid(at)
                tx = e.tx
            at.place = Place(tx, block, e.log, time)
            root, entry = None, e.known.entry
            if entry is not None:
                entry.handle(ledger, at, e.payload)
                root = entry.about(ledger, e.payload)
            yield EventRow(block, e.log, e.tx, e.contract, e.known.name, e.known.describe(e.payload).decode(), root)
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


def _check_events(fetched: Fetched, events: Sequence[Decoded]) -> None:
    """Each is of a block of the range that we have the header of, and comes after the one before it."""
    hashes = {number: hexed(header.hash) for number, header in fetched.headers.items()}
    place = (fetched.first, -1)
    for e in events:
        if hashes.get(e.block) != e.block_hash:
            raise Shifted
        if (e.block, e.log) <= place or e.block > fetched.last:
            raise CascadeError("LogsOutOfOrder", block=e.block, log=e.log)
        place = (e.block, e.log)


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
