"""The same economic acts on tokens that others publish: thin contracts of ours (bench/peers/*.sol) over the ERC-3525
reference implementation, OpenZeppelin's ERC-721 and ERC-1155, and Solady's.

A peer does what the act is about and no more: the caller's role, the receiver's role, cash in the same token, the
token's own bookkeeping and events. It has no parties behind accounts, no acceptance, lineage, due days, credit line,
attestation or signed quote (the buyer's allowance is all its consent), and trusts the cash token. An act that a peer
cannot do has no figure: an ERC-721 token cannot be split or sold in part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.chain.artifacts import Artifact
from api.chain.bindings import ContractBinding, bind_contract
from api.chain.compile import CompilerSettings, run_solc
from api.domain.operations import Contract
from bench.network import BATCH, FACE, PART, PROJECT, UNLIMITED, Member, Network

PEERS = {
    "erc3525_solv": "Erc3525Solv",
    "openzeppelin_erc721": "OpenZeppelinErc721",
    "openzeppelin_erc1155": "OpenZeppelinErc1155",
    "solady_erc721": "SoladyErc721",
    "solady_erc1155": "SoladyErc1155",
}
"""Contract by the name that the figures have it under."""
_SOURCES = Path(__file__).parent
_REMAPPINGS = ["@solvprotocol=node_modules/@solvprotocol", "solady=node_modules/solady"]
_PRICE = FACE // 4

Figures = dict[str, int | None]


async def measure_peers(net: Network) -> dict[str, Figures]:
    """Gas of each peer's acts by the names that ours have, on the network that ours were measured on."""
    return {name: await _figures(await _Peer.deployed(net, binding)) for name, binding in _compiled().items()}


def _compiled() -> dict[str, ContractBinding]:
    """With the settings of our own contracts."""
    own = CompilerSettings.read()
    settings = {**own.settings, "remappings": [*own.settings["remappings"], *_REMAPPINGS]}
    sources = {f.relative_to(PROJECT).as_posix(): f.read_text(encoding="utf-8") for f in sorted(_SOURCES.glob("*.sol"))}
    output = run_solc(PROJECT, replace(own, settings=settings), sources)
    bindings = {}
    for name, contract in PEERS.items():
        made = output["contracts"][f"bench/peers/{contract}.sol"][contract]
        code = bytes.fromhex(made["evm"]["bytecode"]["object"])
        bindings[name] = bind_contract(Artifact(contract, tuple(made["abi"]), code))
    return bindings


async def _figures(peer: _Peer) -> Figures:
    """Each act once to begin with, so that no measured act is the first to write a balance or a counter."""
    first, *others = peer.net.suppliers
    await peer.confirm(peer.net.suppliers)
    await peer.split(others[:1])
    await peer.finance_part()
    await peer.finance_whole()
    await peer.repay(others[:1])
    figures: Figures = {"confirm": await peer.confirm([first]), "accept": None}
    for count in (1, 4, 8):
        figures[f"split_{count}"] = await peer.split(others[:count])
        figures[f"repay_{count}"] = await peer.repay(others[:count])
    figures["finance_part"] = await peer.finance_part()
    figures["finance_whole"] = await peer.finance_whole()
    many = [others[i % len(others)] for i in range(BATCH)]
    figures["batch_confirm_50_per_note"] = await peer.confirm(many)
    figures["batch_accept_50_per_note"] = None
    figures["batch_repay_50_per_note"] = await peer.repay(many, per_note=True)
    return figures


class _Peer:
    """One peer on the chain; each act tells its gas, None when the peer has no such act."""

    def __init__(self, net: Network, binding: ContractBinding, address: str) -> None:
        self.net = net
        self._binding = binding
        self._address = address
        self._last_id = 0
        self._has_children = "slotOf" in binding.functions
        """ERC-3525 alone makes a new id of value that leaves one."""

    @classmethod
    async def deployed(cls, net: Network, binding: ContractBinding) -> _Peer:
        """With everybody's role, and the payers' leave to take their cash."""
        suppliers = [s.account for s in net.suppliers]
        creation = binding.creation([net.token, net.core.account, net.financier.account, suppliers])
        address = (await net.transact(net.operator, None, creation)).created
        assert address is not None
        for payer in (net.core, net.financier):
            await net.act(Contract.TOKEN, "approve", address, UNLIMITED, account=payer.account, at=net.token)
        return cls(net, binding, address)

    async def confirm(self, creditors: Sequence[Member]) -> int | None:
        """Per note."""
        gas = await self._act("confirm", self.net.core, creditors=_accounts(creditors), value=FACE)
        self._last_id += len(creditors)
        return None if gas is None else gas // len(creditors)

    async def split(self, receivers: Sequence[Member]) -> int | None:
        """A fresh note of the first supplier, a part to each receiver."""
        note = await self._held()
        gas = await self._act("split", self._holder, id=note, receivers=_accounts(receivers), value=PART)
        self._last_id += len(receivers) if self._has_children else 0
        return gas

    async def finance_part(self) -> int | None:
        """Half of a fresh note of the first supplier."""
        note, buyer = await self._held(), self.net.financier.account
        gas = await self._act("financePart", self._holder, id=note, value=FACE // 2, buyer=buyer, price=_PRICE)
        self._last_id += 1 if self._has_children else 0
        return gas

    async def finance_whole(self) -> int | None:
        """A fresh note of the first supplier."""
        note, buyer = await self._held(), self.net.financier.account
        return await self._act("financeWhole", self._holder, id=note, buyer=buyer, price=_PRICE)

    async def repay(self, holders: Sequence[Member], per_note: bool = False) -> int | None:
        """A fresh note of each holder named, in one transaction."""
        await self.confirm(holders)
        ids = list(range(self._last_id - len(holders) + 1, self._last_id + 1))
        gas = await self._act("repay", self.net.core, ids=ids, holders=_accounts(holders), value=FACE)
        return gas // len(holders) if gas is not None and per_note else gas

    @property
    def _holder(self) -> Member:
        return self.net.suppliers[0]

    async def _held(self) -> int:
        await self.confirm([self._holder])
        return self._last_id

    async def _act(self, function: str, by: Member, **offered: Any) -> int | None:
        """The function takes what it names of the arguments offered."""
        found = self._binding.functions.get(function)
        if found is None:
            return None
        calldata = found.calldata([offered[name] for name in found.inputs.names])
        return (await self.net.transact(by.account, self._address, calldata)).gas_used


def _accounts(members: Sequence[Member]) -> list[str]:
    return [m.account for m in members]
