"""The same product and parties as the contract tests."""

from __future__ import annotations

from tests.contracts.conftest import artifacts, chain, deployed, founded

__all__ = ["artifacts", "chain", "deployed", "founded"]
