"""How requests that the forwarder carried ended, on both nodes: the transaction goes through either way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.domain.operations import Call, Contract
from api.domain.typed_data import forward_request
from api.services.parties import ROLES
from tests.api.chain.conftest import Network

pytestmark = pytest.mark.anyio


async def carried(network: Network, call: Call, nonce: int, **changes: Any) -> Call:
    """The relayer's call with the account's signed request in it; `changes` come after the signing."""
    chain = network.chain()
    deadline = (await chain.head()).time + 600
    message = {**await chain.forward_terms(call), "nonce": nonce, "deadline": deadline}
    typed = forward_request(chain.chain_id, chain.addresses[Contract.FORWARDER], message)
    signature = "0x" + network.signer.sign_typed_data(call.account, typed).hex()
    assert chain.signed_by(typed, signature) == call.account
    del message["nonce"]
    relayer = network.accounts[9]
    request = {**message, "signature": signature, **changes}
    return Call(Contract.FORWARDER, "executeBatch", ([request], relayer), relayer)


async def used(network: Network, account: str) -> int:
    return int(await network.chain().call(Contract.FORWARDER, "nonces", account))


async def test_each_end_by_its_name_and_a_refused_request_is_used_up(any_network: Network) -> None:
    account = any_network.accounts[3]
    act = Call(Contract.NOTES, "accept", ([999],), account)
    good = await carried(any_network, act, 0)
    (direct,) = await any_network.send(replace(act, gas=200_000))
    (refused,) = await any_network.send(good)
    assert (direct.receipt.ok, refused.receipt.ok) == (False, False)
    assert refused.error is not None and direct.error is not None
    assert (refused.error.rule, refused.error.evidence) == (direct.error.rule, direct.error.evidence)
    assert await used(any_network, account) == 1

    (again,) = await any_network.send(good)
    assert not again.receipt.ok and again.error is not None
    assert again.error.rule == "ERC2771ForwarderInvalidSigner"

    (late,) = await any_network.send(await carried(any_network, act, 1, deadline=1))
    assert not late.receipt.ok and late.error is not None
    assert late.error.rule == "ERC2771ForwarderExpiredRequest"
    assert await used(any_network, account) == 1


async def test_two_requests_of_one_account_in_one_block(network: Network) -> None:
    """The second is valid only after the first, and is told apart from one that is not."""
    account = network.accounts[3]
    acts = [Call(Contract.NOTES, "accept", ([note],), account) for note in (998, 999)]
    calls = [await carried(network, act, nonce) for nonce, act in enumerate(acts)]
    first, second = await network.send(*calls)
    assert first.receipt.block == second.receipt.block
    assert first.error is not None and second.error is not None
    assert (first.error.rule, second.error.rule) == ("MissingRight", "MissingRight")


async def test_a_refusal_of_too_little_gas(network: Network) -> None:
    act = Call(Contract.NOTES, "accept", ([999],), network.accounts[3], gas=1_000)
    (outcome,) = await network.send(await carried(network, act, 0))
    assert not outcome.receipt.ok and outcome.error is not None
    assert outcome.error.rule == "OutOfGas"


async def test_one_that_goes_through(network: Network) -> None:
    operator, account = network.accounts[0], network.accounts[3]
    admission = {
        "creditCodeHash": "0x" + "c0" * 32,
        "roles": ROLES["supplier"],
        "identityExpiry": 60_000,
        "settlementAccount": account,
        "administrator": account,
        "evidenceHash": "0x" + "e0" * 32,
    }
    (admitted,) = await network.send(Call(Contract.REGISTRY, "admit", ([admission],), operator))
    assert admitted.error is None, admitted.error
    (raised,) = await network.send(await carried(network, Call(Contract.REGISTRY, "raiseQuoteEpoch", (), account), 0))
    assert raised.receipt.ok and raised.error is None, raised.error
    assert (await network.chain().call(Contract.REGISTRY, "party", 1))["quoteEpoch"] == 1
