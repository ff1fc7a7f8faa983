"""Deploying: everything is signed first, noted in `deployment.json`, then sent. A run that was cut short sends the same
bytes again; a run after the last changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.chain.artifacts import combined_hash
from api.chain.bindings import Bindings
from api.chain.deploy_plan import ROLES, Blueprint, Plan, Planner
from api.chain.deployment import Deployment, as_record, from_record, read_record, write_atomically
from api.chain.rpc import Rpc
from api.chain.sender import Sender
from api.domain.errors import Conflict, Unavailable
from api.domain.ports import SignedTransaction, Signer

_CREATE_GAS = 8_000_000
_CALL_GAS = 400_000


async def deploy(rpc: Rpc, bindings: Bindings, signer: Signer, plan: Plan, file: Path) -> Deployment:
    """Deploys what is missing and answers with the record.

    Conflict("DeploymentOfOtherChain") when the record is of another chain (or of this one before it was reset),
    Conflict("DeploymentOutdated") when it was made from other ABIs; RuleBroken when a contract refuses a step.
    """
    chain_id = int(await rpc.call("eth_chainId"), 16)
    plan.check(chain_id)
    sender = Sender(rpc, bindings, chain_id, signer)
    record = read_record(file)
    if record is None:
        planner = Planner(plan, bindings, (await sender.nonces([plan.deployer]))[plan.deployer])
        record = await _begin(sender, plan, planner.blueprint(), {}, file)
    if record["state"] != "done":
        _check_chain(record, chain_id, combined_hash(bindings.artifacts))
        record = await _finish(sender, record, file)
    deployment = from_record(record)
    await verify_deployment(rpc, bindings, deployment)
    missing = _missing_tokens(plan, deployment)
    if not missing.tokens and not missing.existing_tokens:
        return deployment
    planner = Planner(missing, bindings, (await sender.nonces([plan.deployer]))[plan.deployer])
    record = await _begin(sender, plan, planner.more_tokens(deployment.addresses), record, file)
    return from_record(await _finish(sender, record, file))


async def verify_deployment(rpc: Rpc, bindings: Bindings, deployment: Deployment) -> None:
    """That this is the chain, the ABIs are the same and there is code at every address. Conflict says which is not."""
    chain_id = int(await rpc.call("eth_chainId"), 16)
    _check_chain(as_record(deployment), chain_id, combined_hash(bindings.artifacts))
    addresses = [*deployment.addresses.values(), *deployment.tokens.values()]
    block, *codes = await rpc.batch(
        [("eth_getBlockByNumber", (hex(deployment.block), False)), *(("eth_getCode", (a, "latest")) for a in addresses)]
    )
    known = isinstance(block, Mapping) and block["hash"] == deployment.block_hash
    if not known or any(not isinstance(c, str) or len(c) <= 2 for c in codes):
        raise Conflict("DeploymentOfOtherChain", chain_id=deployment.chain_id, found=chain_id)


def _check_chain(record: Mapping[str, Any], chain_id: int, abi_hash: str) -> None:
    if record["chain_id"] != chain_id:
        raise Conflict("DeploymentOfOtherChain", chain_id=record["chain_id"], found=chain_id)
    if record["abi_hash"] != abi_hash:
        raise Conflict("DeploymentOutdated", abi_hash=record["abi_hash"], found=abi_hash)


def _missing_tokens(plan: Plan, deployment: Deployment) -> Plan:
    known = deployment.tokens
    return replace(
        plan,
        tokens={code: name for code, name in plan.tokens.items() if code not in known},
        existing_tokens={code: a for code, a in plan.existing_tokens.items() if code not in known},
    )


async def _begin(
    sender: Sender, plan: Plan, blueprint: Blueprint, before: Mapping[str, Any], file: Path
) -> dict[str, Any]:
    """Signs all steps and notes them, before anything is sent."""
    fees = await sender.fees()
    pending: list[dict[str, Any]] = []
    for offset, step in enumerate(blueprint.steps):
        gas = (_CREATE_GAS if step.to is None else _CALL_GAS) + 16 * len(step.data)
        nonce = blueprint.first_nonce + offset
        signed = sender.sign(plan.deployer, nonce, gas, step.to, step.data, fees)
        pending.append({"step": step.key, "tx_hash": signed.tx_hash, "raw": signed.raw, "nonce": nonce, "gas": gas})
    record = {
        "block": 0,
        "block_hash": "",
        "transactions": [],
        "holders": {role: plan.holder(role) for role in ROLES},
        **before,
        "state": "deploying",
        "chain_id": sender.chain_id,
        "deployer": plan.deployer,
        "addresses": {c.value: a for c, a in blueprint.addresses.items()},
        "tokens": {**before.get("tokens", {}), **blueprint.tokens},
        "abi_hash": combined_hash(sender.bindings.artifacts),
        "pending": pending,
    }
    write_atomically(file, record)
    return record


async def _finish(sender: Sender, record: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """Sends what is pending (again), waits for all of it and notes the result."""
    pending: Sequence[Mapping[str, Any]] = record["pending"]
    deployer: str = record["deployer"]
    signed = [SignedTransaction(deployer, p["nonce"], p["tx_hash"], p["raw"], p["gas"]) for p in pending]
    mined = await sender.receipts([s.tx_hash for s in signed])
    rest = [s for s, receipt in zip(signed, mined, strict=True) if receipt is None]
    for refusal in await sender.broadcast(rest) if rest else []:
        if refusal is not None:
            rule = "DeploymentInterfered" if sender.nonce_is_used(refusal) else "ChainRefuses"
            raise Unavailable(rule, message=refusal, file=str(file))
    receipts = await sender.wait([s.tx_hash for s in signed])
    for receipt in receipts:
        if not receipt.ok:
            raise await sender.failure(receipt)
    done = {k: v for k, v in record.items() if k != "pending"}
    done["state"] = "done"
    done["transactions"] = [*record["transactions"], *({"step": p["step"], "tx_hash": p["tx_hash"]} for p in pending)]
    if not record["block_hash"]:
        done["block"], done["block_hash"] = receipts[0].block, receipts[0].block_hash
    write_atomically(file, done)
    return done
