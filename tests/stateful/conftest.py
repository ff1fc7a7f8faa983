"""The same deployment and parties as the contract tests have."""

from tests.contracts.conftest import artifacts, chain, deployed, founded

__all__ = ["artifacts", "chain", "deployed", "founded"]
