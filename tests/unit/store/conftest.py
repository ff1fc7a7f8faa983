"""An app.db of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.app.database import Database
from api.store.app.migrate import migrate


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/app.db")
    migrate(opened)
    yield opened
    opened.close()
