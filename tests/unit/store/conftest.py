"""An app.db of the test's own: every test of the store runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.app.database import Database
from api.store.app.migrate import migrate
from tests.postgresql import Server, server

__all__ = ["server"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/app.db"
    server: Server = request.getfixturevalue("server")
    return server.new_database()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    migrate(opened)
    yield opened
    opened.close()
