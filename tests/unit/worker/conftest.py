"""A worker over a real app.db and a chain in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.domain.operations import Call, Contract, Operation, OperationStatus
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.app.outbox import process_name
from tests.unit.worker.chain_in_memory import ChainInMemory

ACCOUNTS = [f"0x{i:040x}" for i in range(1, 9)]
_SERIAL = itertools.count()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/app.db")
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def chain() -> ChainInMemory:
    return ChainInMemory()


def operation(argument: str, account: str = ACCOUNTS[0], key: str | None = None) -> Operation:
    """An operation that does nothing but carry its argument."""
    call = Call(Contract.NOTES, "accept", (argument,), account)
    identity = f"{next(_SERIAL):032x}"
    return Operation(identity, "accept", 1, call, OperationStatus.QUEUED, idempotency_key=key, request_hash=key)


def dead_process(serial: int) -> str:
    """The name of a worker of this machine that is gone."""
    host, boot, _, _ = process_name().split("|")
    return f"{host}|{boot}|{2**22 + serial}|1"


def foreign_process(serial: int) -> str:
    """The name of a worker of another machine: nobody here can tell whether it lives."""
    return f"elsewhere|x|{serial}|1"
