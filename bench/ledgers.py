"""Read models of any size without a chain: trees of notes in the shapes of the real ledger, with their cash, written as the
indexer writes them."""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from api.domain.status import ACCEPTED, FINANCED, REPAID
from api.store.ledger import tables as t
from api.store.ledger.rows import BlockRow
from api.store.ledger.sql import Bulk, Connection, transaction
from api.store.ledger.types import TOTAL_DIGITS, amount_text
from api.store.ledger.writer import Cursor, Identity, Ledger

TOKEN = b"\xcc" * 20
CORES, SUPPLIERS, FINANCIERS = range(1, 21), range(21, 1_921), range(1_921, 2_001)
LARGE, MIDDLING = 10_000, 100
"""Sizes of the two trees that every ledger has, whatever its own."""
_TIERS = 4
_START = 1_750_000_000
_BLOCK_S = 60
_DUE_DAY = 20_600
_PART = 20_000
_NOWHERE = (None, None, None, None)


@dataclass(slots=True)
class _Note:
    id: int
    parent: _Note | None
    tier: int
    origin: str
    holder: int
    left: int
    repaid: int
    created: int
    children: list[_Note] = field(default_factory=list)
    face: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """What there is to ask about: roots and deepest notes of trees of 100, the root of 10,000 and its receivable, who holds
    about as much as most, the last block."""

    notes: int
    middling: tuple[int, ...]
    deep: tuple[int, ...]
    large: int
    large_receivable: int
    parties: tuple[int, ...]
    last: int


def sizes(notes: int, dice: random.Random) -> Iterator[int]:
    """One tree of 10,000, a fiftieth of all in trees of 100, the rest as in the real ledger: half of the trees are of one to
    three notes, few are large, and on the average they are of some fifty."""
    yield LARGE
    left = max(0, notes - LARGE)
    for _ in range(max(20, left // 50 // MIDDLING)):
        yield MIDDLING
        left -= MIDDLING
    while left > 0:
        size = min(left, 3_000, max(1, int(dice.paretovariate(0.75))))
        yield size
        left -= size


class Writer:
    """Collects rows of all tables, and writes them a part at a time."""

    def __init__(self, connection: Connection, seed: int, token: bytes = TOKEN) -> None:
        self.dice = random.Random(seed)
        self._token = token
        self._connection = connection
        self._rows: dict[str, list[Sequence[Any]]] = defaultdict(list)
        self._bulk = {name: Bulk(table) for name, table in t.metadata.tables.items()}
        self._sums: dict[tuple[int, str], list[int]] = {}
        self._blocks: set[int] = set()
        self._log = 0
        self.next_note = self.next_receivable = 1
        self.last = 0

    def add(self, table: str, *values: Any) -> None:
        self._rows[table].append(values)

    def flush(self, least: int = _PART) -> None:
        if sum(map(len, self._rows.values())) >= least:
            with transaction(self._connection):
                for table, rows in self._rows.items():
                    self._bulk[table].write(self._connection, rows)
            self._rows.clear()

    def place(self, block: int) -> tuple[bytes, int, int, int]:
        self._blocks.add(block)
        self._log += 1
        return block.to_bytes(32, "big"), block, self._log, _START + block * _BLOCK_S

    # -- a tree

    def tree(self, size: int, block: int, holder: int | None = None) -> tuple[int, int]:
        """The root and the last note of the deepest tier. With a `holder` the root is its, and nothing of it is paid yet."""
        dice, core = self.dice, self.dice.choice(CORES)
        receivable, self.next_receivable = self.next_receivable, self.next_receivable + 1
        root = self._note(None, block)
        if holder is not None:
            root.holder, root.left = holder, root.left or dice.randint(1, 10**8)
        notes, parents = [root], [root]
        while len(notes) < size:
            parent = parents[min(int(dice.expovariate(4 / len(parents))), len(parents) - 1)]
            note = self._note(parent, block + min(len(notes), 40) // 8 + 1)
            parent.children.append(note)
            notes.append(note)
            if note.tier < _TIERS and note.origin == "split":
                parents.append(note)
        for note in reversed(notes):
            note.face = note.left + note.repaid + sum(child.face for child in note.children)
        last = block + 30
        place = self.place(block)
        owed = sum(note.left for note in notes)
        self.add(
            "receivables",
            *(receivable, core, root.holder, root.id, amount_text(root.face), amount_text(owed)),
            *(
                amount_text(root.face - owed),
                amount_text(0),
                amount_text(0),
                1,
                _DUE_DAY - 90,
                _DUE_DAY,
                _DUE_DAY - 80,
                1,
            ),
            *(_TIERS, 5, 500, 4, b"\x07" * 32, len(notes), max(n.tier for n in notes), *place, 0),
        )
        if owed != root.face:
            self.add("receivable_past", receivable, last, amount_text(root.face), 4)
        for note in notes:
            self._write(note, receivable, root.id, core, last)
        # Of the journal the last word alone: it says where the tree stands.
        tx, _, log, _ = self.place(last)
        self.add("events", last, log, tx, "ReceivableNotes", "NoteRepaid", "{}", root.id)
        self.flush()
        return root.id, max(notes, key=lambda n: (n.tier, n.id)).id

    def _note(self, parent: _Note | None, block: int) -> _Note:
        dice = self.dice
        number, self.next_note = self.next_note, self.next_note + 1
        sale = parent is not None and dice.random() < 0.3
        holder = dice.choice(FINANCIERS if sale else SUPPLIERS)
        tier = 1 if parent is None else parent.tier + (not sale)
        origin = "confirmation" if parent is None else "sale" if sale else "split"
        settled = dice.random() < 0.5
        return _Note(
            number,
            parent,
            tier,
            origin,
            holder,
            0 if settled else dice.randint(1, 10**8),
            dice.randint(2, 10**8),
            block,
        )

    def _write(self, note: _Note, receivable: int, root: int, core: int, last: int) -> None:
        sale = note.origin == "sale"
        flags = ACCEPTED | (FINANCED if sale else 0)
        born, accepted = self.place(note.created), self.place(note.created if sale else note.created + 1)
        paid = self.place(last)
        held = note.left + note.repaid
        done = REPAID if note.left == 0 else 0
        if not sale:
            self.add("note_past", note.id, note.created + 1, amount_text(note.face), 0, amount_text(0))
        if note.children:
            passed = max(child.created for child in note.children)
            self.add("note_past", note.id, max(passed, note.created + 2), amount_text(note.face), flags, amount_text(0))
        self.add("note_past", note.id, last, amount_text(held), flags, amount_text(0))
        self.add(
            "notes",
            *(note.id, None if note.parent is None else note.parent.id, receivable, root, note.holder, note.tier),
            *(note.origin, amount_text(note.face), amount_text(note.left), flags | done, 0, b"\x09" * 32),
            *(*born, *accepted, *(paid if done else _NOWHERE), 0, amount_text(0), 0),
        )
        if sale and note.parent is not None:
            self._leg(
                "finance",
                note.parent.id,
                note.id,
                receivable,
                root,
                note.holder,
                note.parent.holder,
                note.face,
                note.created,
            )
        else:
            self._leg("repayment", note.id, None, receivable, root, core, note.holder, note.repaid // 2, last)
        rest = note.repaid if sale else note.repaid - note.repaid // 2
        self._leg("repayment", note.id, None, receivable, root, core, note.holder, rest, last)

    def _leg(
        self,
        kind: str,
        note: int,
        child: int | None,
        receivable: int,
        root: int,
        payer: int,
        payee: int,
        face: int,
        block: int,
    ) -> None:
        amount = face - face // 50 if kind == "finance" else face
        tx, _, log, time = self.place(block)
        self.add(
            "cash_legs",
            *(block, log, kind, note, child, receivable, root, payer, payee, b"\xaa" * 20, b"\xbb" * 20, self._token),
            *(amount_text(amount), amount_text(face), amount_text(0), amount_text(face - amount)),
            *(400 if child else None, False if child else None, b"\x08" * 32 if child else None, tx, time, None, None),
            b"\x00" * 31 + b"\x07" if kind == "finance" else None,
        )
        for party, paid, received in ((payer, amount, 0), (payee, 0, amount)):
            sums = self._sums.setdefault((party, kind), [block, 0, 0, -1])
            if sums[3] != block and sums[3] >= 0 and block > sums[3]:
                self.add(
                    "cash_past", party, self._token, kind, block, *(amount_text(n, TOTAL_DIGITS) for n in sums[1:3])
                )
            sums[0], sums[3] = min(sums[0], block), max(sums[3], block)
            sums[1] += paid
            sums[2] += received

    def end(self) -> int:
        """Writes what is left; the last block."""
        for (party, kind), (since, paid, received, _) in self._sums.items():
            self.add(
                "cash_sums", party, self._token, kind, since, *(amount_text(n, TOTAL_DIGITS) for n in (paid, received))
            )
        for block in sorted(self._blocks):
            if block:
                self.add(
                    "blocks",
                    block,
                    block.to_bytes(32, "big"),
                    (block - 1).to_bytes(32, "big"),
                    _START + block * _BLOCK_S,
                    1,
                )
        self.flush(0)
        return max(self._blocks)

    @contextmanager
    def filling(self) -> Iterator[None]:
        """From an empty generation to one that an indexer could have left."""
        ledger = Ledger(self._connection)
        cursor = ledger.start(Identity(1, 1, "0x", {}), BlockRow(0, bytes(32), bytes(32), _START, 0), 0)
        yield
        self.last = last = self.end()
        time = _START + last * _BLOCK_S
        ledger.commit([], [], cursor, Cursor(last, last.to_bytes(32, "big"), time, last, last, 0, 0))


def fill(connection: Connection, notes: int, seed: int = 5) -> Filled:
    """Writes a ledger of about so many notes into an empty generation."""
    writer = Writer(connection, seed)
    roots: dict[int, list[tuple[int, int]]] = defaultdict(list)
    with writer.filling():
        writer.add("currencies", 1, TOKEN, "CNY", 2)
        writer.add("policies", 1, 183, 365, 60, _TIERS, 5, 500, 30, amount_text(100), True)
        for number, size in enumerate(sizes(notes, writer.dice)):
            roots[size].append(writer.tree(size, 1 + number * 2))
    middling = roots[MIDDLING][:200]
    return Filled(
        notes=writer.next_note - 1,
        middling=tuple(root for root, _ in middling),
        deep=tuple(note for _, note in middling),
        large=roots[LARGE][0][0],
        large_receivable=1,
        parties=tuple(writer.dice.sample(SUPPLIERS, 100)),
        last=writer.last,
    )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Much for a page to show: a tree of so many notes, and a party that holds so many."""

    large: int
    large_receivable: int
    holder: int
    held: int


def fill_crowd(connection: Connection, known: sqlite3.Connection, holder: int, held: int, seed: int = 5) -> Crowd:
    """Writes a tree of 10,000 notes, and `held` notes of one party, into an empty generation, with the parties and terms of
    a `known` ledger."""
    (token,) = known.execute("SELECT token FROM currencies ORDER BY id LIMIT 1").fetchone()
    writer = Writer(connection, seed, token)
    with writer.filling():
        for table in ("currencies", "policies", "parties", "accounts", "lines"):
            for row in known.execute(f"SELECT * FROM {table}"):
                writer.add(table, *row)
        receivable = writer.next_receivable
        writer.tree(LARGE, 1)
        for number in range(held):
            writer.tree(1, 3 + number * 2, holder)
    return Crowd(LARGE, receivable, holder, held)
