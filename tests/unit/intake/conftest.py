"""Documents for the intake tests: minimal ones to bend, and the real ones where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.domain.invoices import DEMO_NETWORK_KEY, Answer
from api.domain.ledgers import LedgerOptions
from api.domain.party_identity import AliasTable
from api.intake.reader import Reader

ROOT = Path(__file__).resolve().parents[3]
REAL_DATA = ROOT.parent / "shared" / "data"

Read = Callable[..., list[Answer]]


@pytest.fixture
def read() -> Read:
    """Read one document given as text or bytes; keyword arguments are ledger options, `aliases` a list of groups."""

    def run(
        document: str | bytes, name: str = "doc", aliases: list[list[str]] | None = None, **options: Any
    ) -> list[Answer]:
        data = document.encode() if isinstance(document, str) else document
        reader = Reader(DEMO_NETWORK_KEY, AliasTable.of(aliases or []), LedgerOptions(**options))
        return list(reader.read_document(name, data))

    return run


@pytest.fixture
def real_ledger() -> Path:
    """The Greater London Authority's payables ledger."""
    return _real("payables/gla_payments.csv")


@pytest.fixture
def real_invoices() -> Path:
    """The folder of official EN 16931 examples."""
    return _real("invoices")


def _real(part: str) -> Path:
    path = REAL_DATA / part
    if not path.exists():
        pytest.skip("the shared real data is not beside this checkout")
    return path
