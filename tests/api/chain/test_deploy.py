"""Deploying: once, again, after a crash at any step, onto the wrong chain, and who may do what afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.chain.bindings import Bindings
from api.chain.deploy import deploy, verify_deployment
from api.chain.deploy_plan import DEFAULT_POLICY, DESKS, ROLE_FUNCTIONS, ROLES, WRITERS, Plan
from api.chain.deployment import load_deployment
from api.chain.local import start_anvil
from api.chain.rpc import Rpc
from api.chain.sender import Sender
from api.chain.signer import DemoMnemonicSigner
from api.domain.errors import Conflict, InvalidInput, RuleBroken, Unavailable
from api.domain.operations import Call, Contract
from tests.api.chain.conftest import TOKENS, Network

pytestmark = pytest.mark.anyio


async def test_a_second_run_changes_nothing(any_network: Network) -> None:
    before = any_network.file.read_bytes(), await any_network.rpc.call("eth_blockNumber")
    plan = Plan(any_network.accounts[0], tokens=TOKENS)
    again = await deploy(any_network.rpc, any_network.bindings, any_network.signer, plan, any_network.file)
    assert again == any_network.deployment == load_deployment(any_network.file)
    assert (any_network.file.read_bytes(), await any_network.rpc.call("eth_blockNumber")) == before


async def test_it_is_wired(network: Network) -> None:
    chain, at = network.chain(), network.deployment.addresses
    for writer in WRITERS:
        assert await chain.call(Contract.CREDIT, "notesOf", at[writer]) == at[Contract.NOTES]
    for desk in DESKS:
        assert await chain.call(Contract.NOTES, "isDesk", at[desk])
    assert await chain.call(Contract.ISSUANCE, "policy") == (1, dict(DEFAULT_POLICY))
    token = network.deployment.tokens["CNY"]
    assert await chain.call(Contract.ISSUANCE, "currencyOf", token) == 1
    assert (await chain.call(Contract.TOKEN, "symbol"), await chain.call(Contract.TOKEN, "decimals")) == ("CNY", 2)
    for role, targets in ROLE_FUNCTIONS.items():
        for contract, functions in targets.items():
            for function in functions:
                selector = "0x" + network.bindings[contract].function(function).selector.hex()
                found = await chain.call(Contract.AUTHORITY, "getTargetFunctionRole", at[contract], selector)
                assert found == ROLES[role], function
    for role in ROLES:
        assert await chain.call(Contract.AUTHORITY, "hasRole", ROLES[role], network.accounts[0]) == (True, 0)


async def test_a_new_currency_is_added_to_what_is_there(network: Network) -> None:
    plan = Plan(network.accounts[0], tokens={**TOKENS, "GBP": "GBP deposit (test money)"})
    more = await deploy(network.rpc, network.bindings, network.signer, plan, network.file)
    assert dict(more.addresses) == dict(network.deployment.addresses)
    assert (list(more.tokens), more.block) == (["CNY", "GBP"], network.deployment.block)
    gbp = more.tokens["GBP"]
    assert await network.chain().call(Contract.ISSUANCE, "currencyOf", gbp) == 2
    (outcome,) = await network.send(replace(network.mint(network.accounts[3], 5), at=gbp))
    assert outcome.error is None
    assert await network.chain().call(Contract.TOKEN, "balanceOf", network.accounts[3], at=gbp) == 5


class _Interrupted(Exception):
    """The process died while it sent."""


@pytest.mark.parametrize("sent", [0, 1, 5, 12, 30])
async def test_a_run_that_was_cut_short_is_finished(
    tmp_path: Path, bindings: Bindings, monkeypatch: pytest.MonkeyPatch, sent: int
) -> None:
    whole = Sender.broadcast

    async def cut(self: Sender, transactions: Any) -> Any:
        await whole(self, transactions[:sent])
        raise _Interrupted

    node = await start_anvil(tmp_path / "log")
    file = tmp_path / "deployment.json"
    try:
        async with Rpc(node.url) as rpc:
            signer = DemoMnemonicSigner(31337, 1)
            plan = Plan(signer.accounts()[0], tokens=TOKENS)
            monkeypatch.setattr(Sender, "broadcast", cut)
            with pytest.raises(_Interrupted):
                await deploy(rpc, bindings, signer, plan, file)
            monkeypatch.setattr(Sender, "broadcast", whole)
            with pytest.raises(Unavailable, match="NotDeployed"):
                load_deployment(file)
            promised = json.loads(file.read_text(encoding="utf-8"))["addresses"]
            done = await deploy(rpc, bindings, signer, plan, file)
            assert {c.value: a for c, a in done.addresses.items()} == promised
            assert int(await rpc.call("eth_getTransactionCount", plan.deployer, "latest"), 16) == len(done.transactions)
            await verify_deployment(rpc, bindings, done)
    finally:
        node.stop()


async def test_a_record_of_another_chain_is_refused(network: Network, tmp_path: Path) -> None:
    other = await start_anvil(tmp_path / "other.log")
    try:
        async with Rpc(other.url) as rpc:
            plan = Plan(network.accounts[0], tokens=TOKENS)
            with pytest.raises(Conflict, match="DeploymentOfOtherChain"):
                await deploy(rpc, network.bindings, network.signer, plan, network.file)
    finally:
        other.stop()
    with pytest.raises(Conflict, match="DeploymentOfOtherChain"):
        await verify_deployment(network.rpc, network.bindings, replace(network.deployment, chain_id=1))
    with pytest.raises(Conflict, match="DeploymentOutdated"):
        await verify_deployment(network.rpc, network.bindings, replace(network.deployment, abi_hash="0x00"))


async def test_roles_can_be_others_and_the_deployer_nobody(tmp_path: Path, bindings: Bindings) -> None:
    node = await start_anvil(tmp_path / "log")
    try:
        async with Rpc(node.url) as rpc:
            signer = DemoMnemonicSigner(31337, 4)
            deployer, issuer, admin, other = signer.accounts()
            holders = dict.fromkeys(ROLES, other) | {"TOKEN_ISSUER": issuer}
            plan = Plan(
                deployer, tokens=TOKENS, holders=holders, administrator=admin, admin_delay_s=60, role_delay_s=30
            )
            deployment = await deploy(rpc, bindings, signer, plan, tmp_path / "deployment.json")
            sender = Sender(rpc, bindings, 31337, signer, deployment)
            mints = [Call(Contract.TOKEN, "mint", (deployer, 1), account) for account in (deployer, issuer, admin)]
            outcomes = await sender.send(mints)
            assert [o.error and o.error.rule for o in outcomes] == [
                "AccessManagedUnauthorized",
                None,
                "AccessManagedUnauthorized",
            ]
            line = (1, deployment.tokens["CNY"], 5)
            with pytest.raises(RuleBroken, match="AccessManagedUnauthorized"):
                await _try(rpc, sender, Call(Contract.CREDIT, "setLine", line, deployer))
            with pytest.raises(RuleBroken, match="AccessManagerNotScheduled"):
                await _try(rpc, sender, Call(Contract.CREDIT, "setLine", line, other))
    finally:
        node.stop()


async def _try(rpc: Rpc, sender: Sender, call: Call) -> None:
    (outcome,) = await sender.send([call])
    assert outcome.error is not None
    raise outcome.error


def test_no_test_money_and_no_haste_on_public_chains() -> None:
    with pytest.raises(InvalidInput, match="TestMoneyOnPublicChain"):
        Plan("0x", tokens=TOKENS, admin_delay_s=9, role_delay_s=9).check(1)
    with pytest.raises(InvalidInput, match="DelayMissing"):
        Plan("0x", admin_delay_s=9).check(1)
    Plan("0x", admin_delay_s=9, role_delay_s=9).check(1)
    Plan("0x", tokens=TOKENS).check(1337)
