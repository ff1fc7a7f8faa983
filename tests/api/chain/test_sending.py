"""The sender and the reader on real nodes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from coincurve import PrivateKey

from api.chain.bindings import Bindings
from api.chain.eip712 import typed_data_digest
from api.chain.local import fund, head_time, move_clock, start_ganache
from api.chain.rpc import Rpc
from api.chain.transactions import sign_raw
from api.domain.calendar import day_of_time
from api.domain.errors import InvalidInput, NotFound, RuleBroken, Unavailable
from api.domain.operations import Call, Contract
from api.domain.typed_data import (
    add_account,
    change_settlement,
    confirmation_batch,
    credit_notes,
    quote,
    recover_party,
)
from tests.api.chain.conftest import Network

pytestmark = pytest.mark.anyio


def admission(network: Network, number: int, roles: int, expiry: int) -> dict[str, object]:
    account = network.accounts[number]
    return {
        "creditCodeHash": f"0x{number:064x}",
        "roles": roles,
        "identityExpiry": expiry,
        "settlementAccount": account,
        "administrator": account,
        "evidenceHash": f"0x{number:064x}",
    }


async def test_eight_accounts_at_once_keep_their_nonces(any_network: Network) -> None:
    senders = any_network.accounts[1:9]
    spender = any_network.accounts[9]
    start = await any_network.sender().nonces(senders)
    calls = [Call(Contract.TOKEN, "approve", (spender, i), senders[i % 8]) for i in range(160)]
    outcomes = await any_network.send(*calls)
    assert all(o.error is None for o in outcomes)
    chain = any_network.chain()
    for number, account in enumerate(senders):
        assert await chain.call(Contract.TOKEN, "allowance", account, spender) == 152 + number
        assert int(await any_network.rpc.call("eth_getTransactionCount", account, "latest"), 16) == start[account] + 20


async def test_what_does_not_fit_one_block_of_an_anvil_that_mines_at_once_is_mined(network: Network) -> None:
    await network.rpc.call("evm_setBlockGasLimit", hex(30_000_000))
    await network.rpc.call("evm_setAutomine", True)
    account, spender = network.accounts[1:3]
    for turn in range(40):
        calls = [Call(Contract.TOKEN, "approve", (spender, 8 * turn + i), account, gas=29_990_000) for i in range(8)]
        outcomes = await network.send(*calls)
        assert len({o.receipt.block for o in outcomes}) == len(outcomes)


async def test_a_mined_refusal_names_its_rule(any_network: Network) -> None:
    poor, rich = any_network.accounts[1:3]
    transfer = Call(Contract.TOKEN, "transfer", (rich, 9), poor)
    fine, refused, fine_too, dry = await any_network.send(
        any_network.mint(poor, 5),
        transfer,
        Call(Contract.TOKEN, "transfer", (rich, 2), poor),
        Call(Contract.TOKEN, "transfer", (rich, 1), poor, gas=24_000),
    )
    assert (fine.error, fine_too.error) == (None, None)
    assert refused.error is not None
    assert (refused.error.rule, dict(refused.error.evidence)) == (
        "ERC20InsufficientBalance",
        {"sender": poor, "balance": 5, "needed": 9},
    )
    assert dry.error is not None
    assert (dry.error.rule, dict(dry.error.evidence)) == ("OutOfGas", {"gas": 24_000})
    with pytest.raises(RuleBroken, match="ERC20InsufficientBalance"):
        await any_network.chain().simulate(transfer)


async def test_reads_structs_events_and_many_views(any_network: Network) -> None:
    chain = any_network.chain()
    expiry = day_of_time((await chain.head()).time) + 30
    admit = Call(
        Contract.REGISTRY, "admit", ([admission(any_network, n, 2, expiry) for n in (1, 2)],), any_network.accounts[0]
    )
    assert await chain.simulate(admit) == 1
    (outcome,) = await any_network.send(admit)
    events = await chain.events(outcome.receipt.tx_hash)
    assert [(e.contract, e.name, e.args.get("party")) for e in events] == [
        (Contract.REGISTRY, "PartyAdmitted", 1),
        (Contract.REGISTRY, "AccountSet", 1),
        (Contract.REGISTRY, "PartyAdmitted", 2),
        (Contract.REGISTRY, "AccountSet", 2),
    ]
    assert {e.block_hash for e in events} == {outcome.receipt.block_hash}
    views = [Call(Contract.REGISTRY, "party", (n,), "") for n in (1, 2, 3)]
    found = await chain.calls(views)
    assert [p["settlementAccount"] for p in found[:2]] == list(any_network.accounts[1:3])
    assert (found[2]["status"], found[0]["identityExpiry"]) == (0, expiry)
    before = await chain.calls(views, block=outcome.receipt.block - 1)
    assert [p["status"] for p in before] == [0, 0, 0]
    with pytest.raises(NotFound, match="UnknownTransaction"):
        await chain.events("0x" + "00" * 32)
    with pytest.raises(RuleBroken, match="MissingRight"):
        await chain.call(Contract.REGISTRY, "actor", any_network.accounts[5], 1, 0)
    with pytest.raises(Unavailable, match="NoContractThere"):
        await chain.call(Contract.TOKEN, "symbol", at=any_network.accounts[5])


async def test_a_head_that_is_taken_back_before_it_is_read_is_asked_for_again(
    any_network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, told = any_network.rpc.call, 0

    async def ahead(method: str, *params: Any) -> Any:
        nonlocal told
        answer = await ask(method, *params)
        told += method == "eth_blockNumber"
        return hex(int(answer, 16) + 1) if method == "eth_blockNumber" and told == 1 else answer

    monkeypatch.setattr(any_network.rpc, "call", ahead)
    (party,) = await any_network.chain().calls([Call(Contract.REGISTRY, "party", (1,), "")])
    assert (party["status"], told) == (0, 2)


async def test_a_node_that_is_gone_is_out_of_reach(network: Network) -> None:
    network.node.kill()
    with pytest.raises(Unavailable, match="ChainUnreachable"):
        await network.chain().head()


async def test_typed_data_is_what_the_contracts_hash(network: Network) -> None:
    chain, at, signer = network.chain(), network.deployment.addresses, network.accounts[4]
    items = [
        {
            "creditor": 2,
            "amount": 2**96 - 1,
            "deliveryDay": 20_000,
            "dueDay": 20_090,
            "evidenceHash": "0x" + "0e" * 32,
            "invoices": [{"fingerprint": "0x" + "0f" * 32, "invoiceAmount": 2**96 - 1, "claimed": 7}] * count,
        }
        for count in (1, 3, 0)
    ]
    token = network.deployment.tokens["CNY"]
    terms = {"debtor": 1, "currency": token, "items": items, "signer": signer, "nonce": 2**255, "deadline": 2**40}
    batch = confirmation_batch(network.deployment.chain_id, at[Contract.CREDIT], **terms)
    expected = await chain.call(Contract.CREDIT, "confirmationDigest", *terms.values())
    assert "0x" + typed_data_digest(batch).hex() == expected
    notes = [
        {"invoice": "0x" + "0f" * 32, "fingerprint": "0x" + f"{n:02x}" * 32, "amount": 2**96 - n} for n in (1, 2, 3)
    ]
    word = {"items": notes, "signer": signer, "nonce": 2**255, "deadline": 2**40}
    credited = credit_notes(network.deployment.chain_id, at[Contract.CREDIT], **word)
    expected = await chain.call(Contract.CREDIT, "creditDigest", *word.values())
    assert "0x" + typed_data_digest(credited).hex() == expected
    offer = {
        "note": 5,
        "seller": 2,
        "financier": 3,
        "maxAmount": 2**95,
        "rateBps": 450,
        "recourse": True,
        "payer": signer,
        "registryReference": "0x" + "0a" * 32,
        "validUntil": 2**40,
        "nonce": 2**200,
        "epoch": 1,
        "signer": signer,
    }
    data = quote(network.deployment.chain_id, at[Contract.FINANCING], offer)
    assert "0x" + typed_data_digest(data).hex() == await chain.call(Contract.FINANCING, "quoteDigest", offer)
    who, evidence = {"party": 1, "account": signer}, {"evidenceHash": "0x" + "0b" * 32, "nonce": 0, "deadline": 2**40}
    words = (
        (add_account, "addAccountDigest", {**who, "rights": 3, **evidence}),
        (recover_party, "recoveryDigest", {**who, "removed": [token, signer], **evidence}),
        (change_settlement, "settlementChangeDigest", {**who, **evidence}),
    )
    for typed, getter, link in words:
        data = typed(network.deployment.chain_id, at[Contract.REGISTRY], link)
        args = [value for name, value in link.items() if name != "nonce"]
        assert "0x" + typed_data_digest(data).hex() == await chain.call(Contract.REGISTRY, getter, *args)


async def test_a_transaction_signed_outside_is_checked_and_sent(network: Network) -> None:
    chain, outside = network.chain(), PrivateKey(b"\x07" * 32)
    account = next(iter(_addresses([outside])))
    await fund(network.rpc, [account])
    call = Call(Contract.TOKEN, "approve", (network.accounts[1], 77), account)
    fields = await chain.unsigned(call)
    raw = "0x" + sign_raw(outside, fields).hex()
    signed = chain.check_signed(call, raw)
    assert (signed.account, signed.nonce, signed.raw) == (account, 0, raw)
    assert await network.sender().broadcast([signed]) == [None]
    (receipt,) = await network.sender().wait([signed.tx_hash])
    assert receipt.ok
    assert await chain.call(Contract.TOKEN, "allowance", account, network.accounts[1]) == 77


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"chainId": 1}, "chain_id"),
        ({"to": "0x" + "11" * 20}, "to"),
        ({"value": 1}, "value"),
        ({"data": "0x095ea7b3"}, "data"),
        ({"key": b"\x08" * 32}, "sender"),
    ],
)
async def test_a_transaction_that_is_another_act_is_refused(
    network: Network, change: dict[str, object], field: str
) -> None:
    chain, outside = network.chain(), PrivateKey(b"\x07" * 32)
    (account,) = _addresses([outside])
    call = Call(Contract.TOKEN, "approve", (network.accounts[1], 77), account)
    fields = {**await chain.unsigned(call), **change}
    key = PrivateKey(change["key"]) if isinstance(change.get("key"), bytes) else outside
    raw = "0x" + sign_raw(key, fields).hex()
    with pytest.raises(InvalidInput, match="SignedTransactionMismatch") as refused:
        chain.check_signed(call, raw)
    assert refused.value.evidence["field"] == field
    with pytest.raises(InvalidInput, match="SignedTransactionInvalid"):
        chain.check_signed(call, "0xzz")


def _addresses(keys: list[PrivateKey]) -> list[str]:
    from api.chain.transactions import address_of

    return [address_of(key) for key in keys]


async def test_the_clock_moves_on_and_never_back(any_network: Network) -> None:
    start = await head_time(any_network.rpc)
    moved = await move_clock(any_network.rpc, start + 100 * 86_400)
    assert moved == start + 100 * 86_400
    assert await move_clock(any_network.rpc, start) == moved
    await any_network.send(any_network.mint(any_network.accounts[1], 1))
    assert moved <= await head_time(any_network.rpc) <= moved + 60
    today = await any_network.chain().call(Contract.NOTES, "today")
    assert today == day_of_time(await head_time(any_network.rpc))


async def test_ganache_keeps_its_chain_and_its_clock_over_a_kill(tmp_path: Path, bindings: Bindings) -> None:
    folder, log = tmp_path / "chain", tmp_path / "log"
    node = await start_ganache(folder, log)
    async with Rpc(node.url) as rpc:
        ahead = await move_clock(rpc, int(time.time()) + 50 * 86_400)
        height = await rpc.call("eth_blockNumber")
    node.kill()
    node = await start_ganache(folder, log)
    try:
        async with Rpc(node.url) as rpc:
            assert await rpc.call("eth_blockNumber") == height
            await rpc.call("evm_mine")
            assert ahead <= await head_time(rpc) <= ahead + 60
    finally:
        node.stop()


async def test_the_same_bytes_again_change_nothing(any_network: Network) -> None:
    """Also for an account's very first transaction, which ganache would carry out again were its nonce 0."""
    sender, (poor, rich) = any_network.sender(), any_network.accounts[8:10]
    await any_network.send(any_network.mint(poor, 100))
    nonces = await sender.nonces([poor])
    signed = await sender.prepare(Call(Contract.TOKEN, "transfer", (rich, 7), poor), nonces[poor])
    assert await sender.broadcast([signed]) == [None]
    await sender.wait([signed.tx_hash])
    for _ in range(3):
        (refusal,) = await sender.broadcast([signed])
        assert refusal is None or sender.nonce_is_used(refusal)
        await any_network.rpc.call("evm_mine")
    assert await any_network.chain().call(Contract.TOKEN, "balanceOf", rich) == 7
