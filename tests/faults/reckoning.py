"""What became of everything that was asked for: the clients' log held against the canonical chain, read for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.deployment import load_deployment
from api.chain.rpc import Rpc
from api.domain.operations import Contract
from tests.faults.clients import Asked, Effect, Log
from tests.faults.network import PROJECT, Network
from tests.faults.world import World

ZERO = "0x" + "00" * 20


@dataclass
class Reckoning:
    """Counts of one round, and a line for each thing that is wrong."""

    operations: int = 0
    failed: int = 0
    lost: int = 0
    doubled: int = 0
    nonce_gaps: int = 0
    verify_ok: bool = False
    wrong: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return self.verify_ok and not (self.lost or self.doubled or self.nonce_gaps or self.wrong)


async def reckon(network: Network, world: World, log: Log) -> Reckoning:
    """After a drain: nothing is under way any more."""
    result = Reckoning()
    async with Rpc(network.chain_url) as rpc, httpx.AsyncClient(base_url=network.url, timeout=60) as http:
        events = await _events(network, rpc)
        done = Counter(effect for effect in map(_effect, events) if effect is not None)
        ends = await _ends(http, log)
        compare(result, log, done, ends)
        _money(result, events, world, log)
        await _gaps(result, network, rpc)
    result.verify_ok, said = network.verify()
    if not result.verify_ok:
        result.wrong.append(f"scf verify: {said}")
    return result


def compare(result: Reckoning, log: Log, done: Mapping[Effect, int], ends: Mapping[str, str]) -> None:
    by_effect: dict[Effect, list[Asked]] = {}
    for one in log.asked:
        by_effect.setdefault(one.effect, []).append(one)
        if one.status is None:
            result.wrong.append(f"{one.key} was never answered")
        if one.taken and len(one.operations) != 1:
            result.wrong.append(f"{one.key} became {len(one.operations)} operations")
    for effect, asked in by_effect.items():
        told = [ends[one.operations[0]] for one in asked if one.operations]
        result.operations += len(told)
        result.failed += told.count("failed")
        unfinished = [t for t in told if t not in ("confirmed", "failed")]
        lost = len(unfinished) + max(0, told.count("confirmed") - done.get(effect, 0))
        doubled = max(0, done.get(effect, 0) - told.count("confirmed") - len(unfinished))
        if lost or doubled:
            result.wrong.append(f"{effect}: {done.get(effect, 0)} on the chain, told {told}: {[a.key for a in asked]}")
        result.lost += lost
        result.doubled += doubled


async def _ends(http: httpx.AsyncClient, log: Log) -> dict[str, str]:
    """How each operation ended, as a client is told; a failure without a name is none."""
    found: dict[str, str] = {}
    for one in log.asked:
        for operation in one.operations:
            told = (await http.get(f"/operations/{operation}")).json()
            named = told["status"] != "failed" or str(told["error"]["type"]).startswith("/problems/")
            found[operation] = told["status"] if named else "failed without a name"
    return found


def _money(
    result: Reckoning, events: Sequence[tuple[Contract, str, Mapping[str, Any]]], world: World, log: Log
) -> None:
    """Every unit of money came into being by an act in the log, or before."""
    minted = sum(a["value"] for c, n, a in events if (c, n) == (Contract.TOKEN, "Transfer") and a["from"] == ZERO)
    asked = {one.effect[2] for one in log.asked if one.effect[0] == "mint"}
    ours = sum(
        a["value"]
        for c, n, a in events
        if (c, n) == (Contract.TOKEN, "Transfer") and a["from"] == ZERO and str(a["value"]) in asked
    )
    if minted != world.minted + ours:
        result.wrong.append(f"{minted} were minted, {world.minted + ours} asked for")


async def _gaps(result: Reckoning, network: Network, rpc: Rpc) -> None:
    """Senders with something that the node holds and cannot mine: what is there after the drain, at the account's next nonce
    or above. (What stands below it is a copy of something mined, sent again while the node was killed.)"""
    held: dict[str, list[int]] = {}
    for part in (await rpc.call("txpool_content")).values():
        for sender, some in part.items():
            held.setdefault(sender.lower(), []).extend(int(one["nonce"], 16) for one in some.values())
    for account in network.signer.accounts():
        following = int(await rpc.call("eth_getTransactionCount", account, "latest"), 16)
        waiting = sorted(nonce for nonce in held.get(account.lower(), ()) if nonce >= following)
        if waiting:
            result.nonce_gaps += 1
            result.wrong.append(f"{account}: next is {following}, in the node's pool {waiting}")


async def _events(network: Network, rpc: Rpc) -> list[tuple[Contract, str, Mapping[str, Any]]]:
    deployment = load_deployment(network.settings.deployment_file)
    bindings = Bindings(load_artifacts(PROJECT / "build/artifacts"))
    contract_of = {address.lower(): contract for address, contract in deployment.contract_of().items()}
    found: list[tuple[Contract, str, Mapping[str, Any]]] = []
    head = int(await rpc.call("eth_blockNumber"), 16)
    for start in range(0, head + 1, 200):
        span = {"fromBlock": hex(start), "toBlock": hex(min(start + 199, head))}
        for entry in await rpc.call("eth_getLogs", span):
            contract = contract_of.get(entry["address"].lower())
            event = None if contract is None else bindings[contract].events.get(entry["topics"][0])
            if contract is not None and event is not None:
                found.append((contract, event.name, event.arguments(entry["topics"], entry["data"])))
    return found


def _effect(event: tuple[Contract, str, Mapping[str, Any]]) -> Effect | None:
    """Which act's effect an event is."""
    contract, name, args = event
    match contract, name:
        case Contract.TOKEN, "Transfer" if args["from"] == ZERO:
            return "mint", args["to"], str(args["value"])
        case Contract.TOKEN, "Approval":
            return "approve", args["owner"], str(args["value"])
        case Contract.NOTES, "ReceivableConfirmed":
            return "confirm", str(args["terms"]["faceValue"])
        case Contract.NOTES, "NoteAccepted":
            return "accept", str(args["note"])
        case Contract.NOTES, "NoteOffered" if args["parent"]:
            return "offer", str(args["parent"]), str(args["value"])
        case Contract.FINANCING, "NoteFinanced":
            return "finance", str(args["note"]), str(args["amount"])
    return None
