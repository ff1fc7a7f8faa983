"""`scf verify` against a running demo: clean, and not clean once a row of the read model is changed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.e2e.conftest import Running
from tests.e2e.program import scf


def test_what_the_indexer_wrote_is_clean(running: Running) -> None:
    verified = scf(running.home, "verify", "--json")
    assert verified.returncode == 0, verified.stderr
    answer = json.loads(verified.stdout)
    assert answer["clean"] is True
    assert answer["first_difference"] is None
    assert answer["counts"]


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [("notes", "value", 5), ("notes", "holder", 7), ("receivables", "outstanding", 3), ("lines", "used", None)],
)
def test_a_changed_row_is_named(running: Running, table: str, column: str, row: int | None) -> None:
    where = "rowid = (SELECT min(rowid) FROM lines)" if row is None else f"id = {row}"
    with closing(sqlite3.connect(running.home / "chain.db", timeout=15)) as database:
        (before,) = database.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()
        changed = before + 1 if isinstance(before, int) else str(int(before) + 1)
        with database:
            database.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (changed,))
        try:
            verified = scf(running.home, "verify", "--json")
        finally:
            with database:
                database.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (before,))
    assert verified.returncode == 1
    answer = json.loads(verified.stdout)
    assert answer["clean"] is False
    first = json.dumps(answer["first_difference"])
    assert (str(row) if row is not None else "line of party") in first
    assert verified.stderr.strip(), "the first difference is told on stderr too"
