"""Logs and ranges made by hand: for events that a chain would take long to say, or never would."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from faster_eth_abi import encode

from api.chain.abi import type_string
from api.chain.bindings import Bindings
from api.domain.operations import Contract
from api.indexer.apply import Applier
from api.indexer.decoder import entry_of
from api.indexer.events import HANDLED
from api.indexer.fetch import Fetched, Header, Log
from api.store.ledger.generations import open_generations
from api.store.ledger.rows import BlockRow
from api.store.ledger.sql import Connection
from api.store.ledger.writer import Cursor, Identity, Ledger

ADDRESSES = {contract: f"0x{number:040x}" for number, contract in enumerate(HANDLED, start=1)}
TOKEN = f"0x{0xCC:040x}"


def block_hash(number: int, branch: int = 0) -> bytes:
    return (branch << 64 | number).to_bytes(32, "big")


def topics_and_data(bindings: Bindings, contract: Contract, name: str, values: Sequence[Any]) -> tuple[list[str], str]:
    """An event as a contract emits it; `values` in ABI order."""
    event = next(e for e in bindings[contract].events.values() if e.name == name)
    inputs = entry_of(bindings[contract], name)["inputs"]
    pairs = list(zip(inputs, values, strict=True))
    topics = ["0x" + encode([type_string(i)], [v]).hex() for i, v in pairs if i["indexed"]]
    plain = [(type_string(i), v) for i, v in pairs if not i["indexed"]]
    data = encode([kind for kind, _ in plain], [v for _, v in plain])
    return [event.topic, *topics], "0x" + data.hex()


class Script:
    """An index that is told, event by event, what the chain said."""

    def __init__(self, bindings: Bindings, url: str, depth: int = 64) -> None:
        store = open_generations(url)
        self.connection: Connection = store.begin()
        self.ledger = Ledger(self.connection)
        self.applier = Applier(bindings, ADDRESSES, depth)
        self._bindings = bindings
        self._branch = 0
        self.seconds = 1_000
        """From one block to the next."""
        base = BlockRow(0, block_hash(0), block_hash(0), 0, 0)
        self.cursor: Cursor = self.ledger.start(Identity(1, 1, "0x", {}), base, 0)
        store.use(self.connection)

    def log(self, contract: Contract, name: str, *values: Any, tx: int = 1, index: int = 0) -> dict[str, Any]:
        topics, data = topics_and_data(self._bindings, contract, name, values)
        return {
            "address": ADDRESSES[contract],
            "topics": topics,
            "data": data,
            "transactionHash": f"0x{tx:064x}",
            "logIndex": hex(index),
        }

    def range(self, *blocks: Sequence[Log], tokens: Mapping[bytes, tuple[str, int]] | None = None) -> Fetched:
        """The next blocks, each with its logs."""
        first = self.cursor.block + 1
        last = self.cursor.block + len(blocks)
        logs: list[Log] = []
        headers: dict[int, Header] = {}
        for number, said in enumerate(blocks, start=first):
            before = headers[number - 1].hash if number > first else self.cursor.hash
            headers[number] = Header(number, block_hash(number, self._branch), before, self.seconds * number)
            place = {"blockNumber": hex(number), "blockHash": "0x" + headers[number].hash.hex()}
            logs.extend({**log, **place, "logIndex": hex(i)} for i, log in enumerate(said))
        return Fetched(first, last, last, logs, headers, tokens or {}, True)

    def say(self, *events: tuple[Any, ...], tokens: Mapping[bytes, tuple[str, int]] | None = None) -> None:
        """One block in which one transaction says (contract, event, values…)."""
        number = self.cursor.block + 1
        logs = [self.log(*event, tx=number) for event in events]
        self.cursor = self.applier.apply(self.ledger, self.range(logs, tokens=tokens), self.cursor)

    def rewind(self, to: int) -> None:
        """Blocks above are taken back: those that come now have other hashes."""
        self.cursor = self.ledger.rewind(to)
        self._branch += 1

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        run = self.connection.execute if isinstance(self.connection, sqlite3.Connection) else self.connection.run
        return run(query).fetchall()
