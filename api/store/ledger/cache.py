"""The rows of one table that a range of events touches: loaded once, changed in memory, written back together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

import orjson
from sqlalchemy import Boolean, Table, bindparam, delete

from api.domain.errors import CascadeError
from api.store.ledger.rows import Place
from api.store.ledger.sql import Bulk, Connection, LookUp, Sql, by_key
from api.store.ledger.types import Amount, amount_text

Row = TypeVar("Row")
Before = tuple[str, str, str | None]
"""Undo: table, key as JSON, the row as JSON or None when it was not there."""
_NOWHERE = (None, None, None, None)
_PART = 4
_UNTIL = "until"


class Codec(Generic[Row]):
    """Between a row object and the values of its columns, in column order."""

    def __init__(self, table: Table, kind: type[Row]) -> None:
        self._kind = kind
        names = [f.name for f in fields(kind)]  # type: ignore[arg-type]
        flat = [c.name for c in table.columns]
        places = [name for name in names if name not in flat]
        digits = {c.name: c.type.digits for c in table.columns if isinstance(c.type, Amount)}
        self.values: Callable[[Row], list[Any]] = _compiled(
            _spelled(name, digits.get(name), name in places) for name in names
        )
        self._place_starts = [flat.index(f"{name}_tx") for name in places]
        self._flat_amounts = [flat.index(name) for name in digits]
        self._flat_bools = [i for i, c in enumerate(table.columns) if isinstance(c.type, Boolean)]
        self.key: Callable[[Any], Any] = attrgetter(*(c.name for c in table.columns if c.primary_key))

    def row(self, values: Sequence[Any]) -> Row:
        found = list(values)
        for i in self._flat_amounts:
            found[i] = int(found[i])
        for i in self._flat_bools:
            found[i] = bool(found[i])
        for start in reversed(self._place_starts):
            part = found[start : start + _PART]
            found[start : start + _PART] = [None if part[0] is None else Place(*part)]
        return self._kind(*found)


def _spelled(name: str, digits: int | None, is_place: bool) -> str:
    """Python for the values of the columns that one field of a row `r` stands for."""
    if is_place:
        return f"*(r.{name} or nowhere)"
    if digits is None:
        return f"r.{name}"
    return f"'%0{digits}d' % r.{name} if 0 <= r.{name} < {10**digits} else amount_text(r.{name}, {digits})"


def _compiled(parts: Iterable[str]) -> Callable[[Any], list[Any]]:
    """One function of a row: it runs for each row that is written, and twice for those that may be taken back."""
    source = f"lambda r: [{', '.join(parts)}]"
    return cast(Callable[[Any], list[Any]], eval(source, {"nowhere": _NOWHERE, "amount_text": amount_text}))


class Past(Generic[Row]):
    """What rows of a table were: for each block that changed one, how it was before."""

    def __init__(self, connection: Connection, table: Table, key: Sequence[str]) -> None:
        """`key` names the fields of a row that make its key, in the order in which `table` begins with them."""
        self._connection = connection
        kept = [c for c in table.columns if c.name != _UNTIL][len(key) :]
        amounts = {c.name: c.type.digits for c in kept if isinstance(c.type, Amount)}
        names = (*key, *(c.name for c in kept))
        self._values = _compiled(_spelled(name, amounts.get(name), False) for name in names)
        self._place = len(key)
        self._insert = Bulk(table)
        keys = [c for c in table.columns if c.primary_key]
        self._names = [c.name for c in keys if c.name != _UNTIL]
        above = [c > bindparam(_UNTIL) if c.name == _UNTIL else c == bindparam(c.name) for c in keys]
        self._forget = Sql(delete(table).where(*above))
        self._new: list[list[Any]] = []

    def keep(self, row: Row, block: int) -> None:
        """`block` is about to change the row."""
        values = self._values(row)
        values.insert(self._place, block)
        self._new.append(values)

    def flush(self) -> None:
        """Writes what was kept."""
        if self._new:
            self._insert.write(self._connection, self._new)

    def forget(self) -> None:
        """Drops what is in memory."""
        self._new.clear()

    def rewind(self, keys: Iterable[Sequence[Any]], to: int) -> None:
        """Of these rows nothing is kept that came after block `to`."""
        named = ({**dict(zip(self._names, key, strict=True)), _UNTIL: to} for key in keys)
        self._forget.many(self._connection, [[values[name] for name in self._forget.order] for values in named])


class Rows(Generic[Row]):
    """One table's rows by key (a value, or a tuple where the key has several columns)."""

    def __init__(self, connection: Connection, table: Table, kind: type[Row], past: Table | None = None) -> None:
        self.name = str(table.name)
        self._connection = connection
        self._codec = Codec(table, kind)
        self._key = self._codec.key
        self._names = [c.name for c in table.columns if c.primary_key]
        self._look_up = LookUp(table)
        self._add, self._put = Bulk(table), Bulk(table, replace=True)
        self._delete = Sql(delete(table).where(*by_key(table)))
        self._rows: dict[Any, Row | None] = {}
        self._changed: dict[Any, Row] = {}
        self._new: set[Any] = set()
        """Keys of rows that the database does not have yet."""
        self._past: Past[Row] | None = None if past is None else Past(connection, past, self._names)
        self._undone: set[Any] = set()
        self._undo: list[Before] | None = None
        self._block = 0

    def begin_block(self, number: int, undo: list[Before] | None) -> None:
        """From now on the first change of each row puts how it was into `undo`; None: the block is final."""
        self._block, self._undo = number, undo
        self._undone.clear()

    def preload(self, keys: Iterable[Any]) -> None:
        """Loads rows in one go."""
        missing = [key for key in keys if key not in self._rows]
        if not missing:
            return
        for values in self._look_up.rows(self._connection, missing):
            row = self._codec.row(values)
            self._rows[self._key(row)] = row
        for key in missing:
            self._rows.setdefault(key, None)

    def find(self, key: Any) -> Row | None:
        """To read. None when there is no such row."""
        try:
            return self._rows[key]
        except KeyError:
            return self._load(key)

    def get(self, key: Any) -> Row:
        """To read. CascadeError("IndexIncomplete") when an earlier event should have made it."""
        row = self._rows.get(key) or self.find(key)
        if row is None:
            raise CascadeError("IndexIncomplete", table=self.name, key=str(key))
        return row

    def change(self, key: Any) -> Row:
        """To change its fields (never those of the key)."""
        row = self._rows.get(key) or self.get(key)
        if key not in self._undone:
            self._remember(key, row)
        self._changed[key] = row
        return row

    def put(self, row: Row) -> Row:
        """Adds a row, or puts it in the place of the one with its key."""
        key = self._key(row)
        before = self.find(key)
        if before is None:
            self._new.add(key)
        if key not in self._undone:
            self._remember(key, before)
        self._rows[key] = self._changed[key] = row
        return row

    def flush(self) -> None:
        """Writes what was changed."""
        if self._changed:
            values, new = self._codec.values, self._new
            self._add.write(self._connection, [values(row) for key, row in self._changed.items() if key in new])
            self._put.write(self._connection, [values(row) for key, row in self._changed.items() if key not in new])
        if self._past is not None:
            self._past.flush()

    def forget(self) -> None:
        """Drops what is in memory."""
        if self._past is not None:
            self._past.forget()
        self._rows.clear()
        self._changed.clear()
        self._new.clear()
        self._undone.clear()

    def restore(self, oldest: Mapping[str, str | None], to: int) -> None:
        """Puts back what `undo` remembers of how rows were at block `to`: key → row, or None where there was none."""
        if self._past is not None:
            self._past.rewind([_loads(key) for key in oldest], to)
        self._delete.many(self._connection, [_loads(key) for key, before in oldest.items() if before is None])
        self._put.write(self._connection, [_loads(before) for before in oldest.values() if before is not None])

    def _load(self, key: Any) -> Row | None:
        self.preload([key])
        return self._rows[key]

    def _remember(self, key: Any, row: Row | None) -> None:
        if self._undo is None and self._past is None:
            return
        self._undone.add(key)
        if self._past is not None and row is not None:
            self._past.keep(row, self._block)
        if self._undo is None:
            return
        text = f"[{key}]" if isinstance(key, int) else _dumps(key if isinstance(key, tuple) else (key,))
        before = None if row is None else _dumps(self._codec.values(row))
        self._undo.append((self.name, text, before))


def _dumps(values: Sequence[Any]) -> str:
    return orjson.dumps(values, default=_bytes).decode()


def _bytes(value: Any) -> dict[str, str]:
    return {"hex": cast(bytes, value).hex()}


def _loads(text: str) -> list[Any]:
    return [bytes.fromhex(v["hex"]) if isinstance(v, dict) else v for v in orjson.loads(text)]
