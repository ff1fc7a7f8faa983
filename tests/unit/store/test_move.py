"""From one database to another: every row, or none."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, Table, func, insert, select, text

from api.domain.errors import CascadeError, Conflict
from api.store.app import move as moving
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.app.move import move
from api.store.app.tables import metadata
from tests.postgresql import Server

ROWS = 7
REFERRED = {key.column for table in metadata.tables.values() for column in table.columns for key in column.foreign_keys}


def value(column: Column[Any], number: int, dice: random.Random) -> Any:
    """Something that its type can hold, and that is not easily kept: wide numbers, odd characters, every byte."""
    if column.nullable and dice.random() < 0.3:
        return None
    if isinstance(column.type, Boolean):
        return dice.random() < 0.5
    if isinstance(column.type, Float):
        return dice.random() * 10**9
    if isinstance(column.type, Integer):
        return number if column.primary_key else dice.randrange(2**31)
    if isinstance(column.type, LargeBinary):
        return bytes(range(256)) + bytes([number])
    width = getattr(column.type, "length", None) or 40
    return f"{number}金額'\\%\"\t{dice.random()}"[:width]


def fill(database: Database, seed: int = 1) -> dict[str, int]:
    """Rows of every table, by what its columns allow alone."""
    dice = random.Random(seed)

    def write(connection: Any) -> dict[str, int]:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        counts: dict[str, int] = {}
        for table in metadata.sorted_tables:
            count = ROWS * (300 if table.name == "operations" else 1)
            rows = [{c.name: _of(table, c, n, dice) for c in table.columns} for n in range(1, count + 1)]
            connection.execute(insert(table), rows)
            counts[table.name] = count
        return counts

    return database.write_now(write)


def _of(table: Table, column: Column[Any], number: int, dice: random.Random) -> Any:
    """A foreign key names the same row of the other table, so that it is there."""
    for key in column.foreign_keys:
        return value(key.column, number, random.Random(f"{key.column.table.name}.{key.column.name}.{number}"))
    if column in REFERRED or column.primary_key or column.unique or column.index:
        return value(column, number, random.Random(f"{table.name}.{column.name}.{number}"))
    return value(column, number, dice)


def contents(database: Database) -> dict[str, list[Any]]:
    def read(connection: Any) -> dict[str, list[Any]]:
        return {t.name: sorted(map(tuple, connection.execute(select(t))), key=repr) for t in metadata.sorted_tables}

    return database.read_now(read)


@pytest.fixture
def source(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/app.db")
    migrate(database)
    return database


def test_every_row_arrives_as_it_was(source: Database, server: Server) -> None:
    counts = fill(source)
    target = Database(server.new_database())
    assert move(source, target) == counts
    assert contents(target) == contents(source)
    target.close()
    source.close()


def test_what_is_counted_goes_on_behind_what_was_given(source: Database, server: Server) -> None:
    """Also behind numbers whose rows are gone: an event's id is never another's."""
    fill(source)
    source.write_now(lambda c: c.execute(text("DELETE FROM operation_events WHERE id > 3")))
    target = Database(server.new_database())
    move(source, target)
    events = metadata.tables["operation_events"]
    row = {c.name: value(c, 1, random.Random(2)) for c in events.columns if c.name != "id"}
    for database in (source, target):
        database.write_now(lambda c: c.execute(insert(events), [row]))
        assert database.read_now(lambda c: c.execute(select(func.max(events.c.id))).scalar()) == ROWS + 1
    target.close()
    source.close()


def test_a_target_with_anything_in_it_is_refused(source: Database, server: Server) -> None:
    fill(source)
    target = Database(server.new_database())
    migrate(target)
    profiles = metadata.tables["profiles"]
    row = {c.name: value(c, 1, random.Random(2)) for c in profiles.columns}
    target.write_now(lambda c: c.execute(insert(profiles), [row]))
    before = contents(target)
    with pytest.raises(Conflict, match="DatabaseNotEmpty"):
        move(source, target)
    assert contents(target) == before
    target.close()
    source.close()


def test_a_row_that_changes_on_the_way_undoes_all(
    source: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(source)
    target = Database(server.new_database())
    migrate(target)
    plain = moving._parts

    def forging(connection: Any, table: Table) -> Any:
        for rows in plain(connection, table):
            if connection.dialect.name == "postgresql" and table.name == "quotes":
                rows[0]["created_at"] += 1
            yield rows

    monkeypatch.setattr(moving, "_parts", forging)
    with pytest.raises(CascadeError, match="MovedRowsDiffer"):
        move(source, target)
    monkeypatch.undo()
    assert not any(contents(target).values())
    assert move(source, target)
    target.close()
    source.close()


def test_a_kill_on_the_way_leaves_the_target_empty(source: Database, server: Server, tmp_path: Path) -> None:
    fill(source)
    url = server.new_database()
    target = Database(url)
    migrate(target)
    script = (
        "import sys; from api.store.app.database import Database; from api.store.app.move import move;"
        "print('on', flush=True); move(Database(sys.argv[1]), Database(sys.argv[2]))"
    )
    chance = random.Random(3)
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", script, f"sqlite:///{tmp_path}/app.db", url], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.random() * 0.25)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        left = contents(target)
        assert not any(left.values()) or left == contents(source)
        if any(left.values()):
            break
    else:
        move(source, target)
    assert contents(target) == contents(source)
    target.close()
    source.close()
