"""One network for all HTTP tests: each test makes what it needs on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from api.domain.principal import PersonRole
from tests.api.http.stack import Stack, running
from tests.api.http.staff import SETTINGS, Guarded
from tests.api.http.town import Town
from tests.api.http.two import Pair, Signer, two_people


@pytest.fixture(autouse=True)
def logging_here() -> None:
    """To this test's own output: an earlier one may have sent lines to its own, which is closed."""
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("network")) as stack:
        yield stack


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A network where everybody signs in, with three companies and an operator."""
    with running(tmp_path_factory.mktemp("guarded"), **SETTINGS) as stack:
        yield Guarded(stack)


@pytest.fixture(scope="session")
def town(stack: Stack) -> Town:
    town = Town(stack)
    town.found()
    return town


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A network of the module's own where two people of a company sign."""
    with two_people(tmp_path_factory.mktemp("pair")) as pair:
        yield pair


@pytest.fixture(scope="module")
def maker(pair: Pair) -> Signer:
    """Of the core enterprise, as the checker is."""
    return pair.signer("assembler", PersonRole.MAKER)


@pytest.fixture(scope="module")
def checker(pair: Pair) -> Signer:
    return pair.signer("assembler", PersonRole.CHECKER)
