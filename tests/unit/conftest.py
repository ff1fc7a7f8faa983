"""What unit tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.compile import compile_contracts

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def bindings() -> Bindings:
    """The interfaces of the contracts as they are now."""
    compile_contracts(PROJECT)
    return Bindings(load_artifacts(PROJECT / "build/artifacts"))
