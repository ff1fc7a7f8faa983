"""Fixtures by role: the product is deployed once, and every test starts from the same snapshot."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.chain import Chain, key_of
from tests.contracts.constants import FACE, TENOR
from tests.contracts.deployment import Deployment
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import DAY, day_of, start_of
from tests.reference.parties import Role

PARTIES = {
    "registrar": Role.REGISTRAR,
    "core": Role.CORE_ENTERPRISE,
    "core2": Role.CORE_ENTERPRISE | Role.SUPPLIER,
    "tier1": Role.SUPPLIER,
    "tier2": Role.SUPPLIER,
    "tier3": Role.SUPPLIER,
    "tier4": Role.SUPPLIER,
    "financier": Role.FINANCIER,
    "financier2": Role.FINANCIER,
    "arbiter": Role.ARBITER,
    "arbiter2": Role.ARBITER,
    "bank": Role.SETTLEMENT_BANK,
    "bank2": Role.SETTLEMENT_BANK | Role.CORE_ENTERPRISE,
}


ROOT = Path(__file__).resolve().parents[2]
# A node beside brownie's, for whoever runs these tests without it (bench/mutation).
NODE = os.environ.get("SCF_TEST_NODE")


@pytest.fixture(scope="session")
def chain() -> Chain:
    """The node that brownie started, if no other is named, at noon (UTC+8): a test that waits ten minutes between a
    quote and its deadline stays within one day, whenever the tests run."""
    url = NODE
    if not url:
        from brownie import web3

        url = web3.provider.endpoint_uri
    chain = Chain(url)
    chain.move_to(start_of(day_of(chain.now) + 1) + DAY // 2)
    return chain


@pytest.fixture(scope="session")
def artifacts() -> dict[str, Any]:
    """What brownie compiled, and the AccessManager that the product compiled (brownie keeps no library contracts).
    Without brownie, what the product compiled."""
    if NODE:
        files = [*(ROOT / "build" / "artifacts").glob("[A-Z]*.json")]
    else:
        import brownie

        root = Path(brownie.project.get_loaded_projects()[0]._path)
        files = [*(root / "build" / "contracts").glob("*.json"), root / "build" / "artifacts" / "AccessManager.json"]
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture(scope="session")
def deployed(chain: Chain, artifacts: dict[str, Any]) -> Deployment:
    """The product, wired."""
    deployment = Deployment(chain, artifacts)
    officers = [officer.address for officer in deployment.officers.values()]
    deployment.fund(deployment.operator.address, *officers, key_of("rando").address)
    deployment.deploy_all()
    return deployment


@pytest.fixture(scope="session")
def founded(deployed: Deployment) -> Twin:
    """The product and the model, with policy, currencies and every role's party. Use ``twin`` in tests."""
    twin = Twin(deployed)
    twin.comparing = False
    twin.open_books()
    for name, roles in PARTIES.items():
        twin.admit_actor(name, int(roles))
    twin.seen.accounts.add(key_of("rando").address)
    twin.comparing = True
    twin.compare()
    return twin


@pytest.fixture
def twin(founded: Twin, chain: Chain) -> Iterator[Twin]:
    """A copy of the founded twin; the chain is taken back afterwards."""
    mark = chain.snapshot()
    other = copy_of(founded)
    yield other
    try:
        other.compare(sampled=12)
    finally:
        chain.revert(mark)


def copy_of(twin: Twin) -> Twin:
    """Another twin on the same chain, with books of its own."""
    other = copy.copy(twin)
    other.model, other.seen = copy.deepcopy(twin.model), copy.deepcopy(twin.seen)
    other.actors, other.signers = dict(twin.actors), dict(twin.signers)
    other.deployment = copy.copy(twin.deployment)
    other.deployment.contracts = dict(twin.deployment.contracts)
    return other


def _actor_fixture(name: str) -> object:
    @pytest.fixture(name=name)
    def actor(twin: Twin) -> Actor:
        return twin.actors[name]

    return actor


registrar = _actor_fixture("registrar")
core = _actor_fixture("core")
core2 = _actor_fixture("core2")
tier1 = _actor_fixture("tier1")
tier2 = _actor_fixture("tier2")
tier3 = _actor_fixture("tier3")
tier4 = _actor_fixture("tier4")
financier = _actor_fixture("financier")
financier2 = _actor_fixture("financier2")
arbiter = _actor_fixture("arbiter")
arbiter2 = _actor_fixture("arbiter2")
bank = _actor_fixture("bank")
bank2 = _actor_fixture("bank2")


@pytest.fixture
def rando(twin: Twin) -> Actor:
    """Somebody with a key and no party."""
    key = key_of("rando")
    return Actor("rando", key, key, 0)


@pytest.fixture
def offered(twin: Twin, core: Actor, tier1: Actor) -> int:
    """A root note of FACE, due in TENOR days, offered to tier 1."""
    receivable = twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    return twin.model.world.ledger.receivables[receivable].root


@pytest.fixture
def held(twin: Twin, offered: int, tier1: Actor) -> int:
    """The same, accepted."""
    twin.accept(tier1.key, offered)
    return offered
