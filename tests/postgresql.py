"""The tests' PostgreSQL: one server for those that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.postgresql import Server, programs, running

__all__ = ["Server"]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL on this machine")
    with running(found) as server:
        yield server
