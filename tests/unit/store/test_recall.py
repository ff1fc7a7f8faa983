"""What is remembered of app.db is what stands there: whoever commits, in whichever process, nobody is told what was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

import anyio
import pytest
from sqlalchemy import Connection, insert, select, update

from api.store.app.database import Database
from api.store.app.tables import sign_in_nonces

pytestmark = pytest.mark.anyio
NONCE = "in:0123456789abcdef"
_CHANGE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("UPDATE sign_in_nonces SET expires_at = 5")
"""


@pytest.fixture
def other(database: Database, url: str) -> Iterator[Database]:
    """As another process has it."""
    with closing(Database(url)) as opened:
        yield opened


class Reading:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, connection: Connection) -> list[int]:
        self.times += 1
        return list(connection.execute(select(sign_in_nonces.c.expires_at)).scalars())


def put(database: Database, nonce: str = NONCE) -> None:
    row = insert(sign_in_nonces).values(nonce=nonce, expires_at=1)
    database.write_now(lambda c: c.execute(row))


def change(database: Database, at: int) -> None:
    database.write_now(lambda c: c.execute(update(sign_in_nonces).values(expires_at=at)))


async def test_every_commit_is_seen_whoever_makes_it(database: Database, other: Database) -> None:
    put(database)
    reading = Reading()
    for at in range(2, 20):
        change(database if at % 2 else other, at)
        assert await database.recall("nonces", reading) == [at]
        assert await other.recall("nonces", reading) == [at]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_another_process_is_seen(database: Database) -> None:
    put(database)
    reading = Reading()
    assert await database.recall("nonces", reading) == [1]
    await anyio.run_process([sys.executable, "-c", _CHANGE, str(database.sqlite_file)])
    assert await database.recall("nonces", reading) == [5]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_what_nobody_changed_is_not_read_again(database: Database) -> None:
    put(database)
    reading = Reading()
    for _ in range(10):
        assert await database.recall("nonces", reading) == [1]
    assert reading.times == 1
    await database.recall("others", reading)
    assert reading.times == 2


async def test_what_was_not_committed_is_not_remembered(database: Database) -> None:
    reading = Reading()

    class Refused(Exception):
        pass

    def action(connection: Connection) -> None:
        connection.execute(insert(sign_in_nonces).values(nonce=NONCE, expires_at=1))
        raise Refused

    with pytest.raises(Refused):
        await database.write(action)
    assert await database.recall("nonces", reading) == []
