"""A throwaway network to measure acts on: one anvil, all contracts, and parties that have done each act before, so that
counters, balances and lines are not zero when a measured act changes them."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.deploy import deploy
from api.chain.deploy_plan import Plan
from api.chain.deployment import Deployment
from api.chain.local import ANVIL_CHAIN_ID, BLOCK_GAS, anvil_command, free_port, fund, move_clock, start_chain
from api.chain.rpc import Rpc
from api.chain.sender import Sender
from api.chain.signer import DemoMnemonicSigner
from api.domain import typed_data
from api.domain.operations import Call, Contract
from api.domain.sending import Receipt

PROJECT = Path(__file__).resolve().parents[1]
ARTIFACTS = PROJECT / "build/artifacts"

FACE = 100_000_000
"""A receivable's face value: a million yuan, in fen."""
PART = FACE // 10
"""What each receiver of a split gets."""
BATCH = 50
UNLIMITED = 2**256 - 1
RATE_BPS = 390
TENOR_DAYS = 120
SUPPLIERS = 10

_NOON = 1_893_470_400
"""2030-01-01 12:00 in the business zone: a fixed clock, so that every byte of calldata is the same in every run."""
_DAY_S = 86_400
_DEADLINE = _NOON + 30 * _DAY_S
_ZONE_S = 8 * 3_600
_RAW_GAS = 30_000_000
_CORE, _REGISTRAR, _FINANCIER, _SUPPLIER = 1, 16, 4, 2


def label(*parts: object) -> str:
    """32 bytes, 0x-hex, that follow from the parts: hashes and fingerprints of no document."""
    return "0x" + keccak(":".join(map(str, parts)).encode()).hex()


@dataclass(frozen=True)
class Member:
    """A party and its one account, which is its administrator and its settlement account."""

    party: int
    account: str


class Network:
    """Acts on the throwaway chain, each one transaction that must succeed."""

    def __init__(
        self, rpc: Rpc, node: int, sender: Sender, deployment: Deployment, members: Sequence[Member], day: int
    ) -> None:
        self.rpc = rpc
        self.node = node
        """The chain's process."""
        self.deployment = deployment
        self.token = deployment.tokens["CNY"]
        self.core, self.registrar, self.financier, *self.suppliers = members
        self.operator = deployment.deployer
        self.day = day
        self._sender = sender
        self._count = 0

    async def act(self, contract: Contract, function: str, *args: Any, account: str, at: str | None = None) -> str:
        """Sends one call and returns the hash of its transaction; raises the rule that refused it."""
        [tx_hash] = await self.send([Call(contract, function, args, account, at=at)])
        return tx_hash

    async def send(self, calls: Sequence[Call]) -> list[str]:
        """Sends them together, for one block if they fit; the hashes of their transactions. Raises the first refusal."""
        outcomes = await self._sender.send(calls)
        for outcome in outcomes:
            if outcome.error is not None:
                raise outcome.error
        return [outcome.receipt.tx_hash for outcome in outcomes]

    async def transact(self, account: str, to: str | None, data: bytes) -> Receipt:
        """Sends raw calldata to a contract that is not of the product; `to` None creates one."""
        sender = self._sender
        nonce = (await sender.nonces([account]))[account]
        signed = sender.sign(account, nonce, _RAW_GAS, to, data, await sender.fees())
        await sender.broadcast([signed])
        [receipt] = await sender.wait([signed.tx_hash])
        if not receipt.ok:
            raise await sender.failure(receipt)
        return receipt

    async def read(self, contract: Contract, function: str, *args: Any) -> Any:
        """What a getter returns now."""
        binding = self._sender.bindings[contract].function(function)
        request = {"to": self.deployment.addresses[contract], "data": "0x" + binding.calldata(args).hex()}
        return binding.result(bytes.fromhex((await self.rpc.call("eth_call", request, "latest"))[2:]))

    def names(self) -> dict[str, str]:
        """Lower-case address → contract."""
        return {address.lower(): contract.value for contract, address in self.deployment.addresses.items()}

    def _number(self) -> int:
        self._count += 1
        return self._count

    # -- the acts that are measured

    async def confirm(self, creditors: Sequence[Member]) -> str:
        """One receivable of FACE, with one invoice, for each creditor named; one attestation for all."""
        [tx_hash] = await self.send([self.confirmation(creditors)])
        return tx_hash

    def confirmation(self, creditors: Sequence[Member]) -> Call:
        """What `confirm` sends."""
        items: list[dict[str, Any]] = [
            {
                "creditor": creditor.party,
                "amount": FACE,
                "deliveryDay": self.day - 30,
                "dueDay": self.day + TENOR_DAYS,
                "evidenceHash": label("evidence", self._number()),
                "invoices": [
                    {"fingerprint": label("fingerprint", self._number()), "invoiceAmount": FACE, "claimed": FACE}
                ],
            }
            for creditor in creditors
        ]
        nonce, deadline = self._number(), _DEADLINE
        data = typed_data.confirmation_batch(
            ANVIL_CHAIN_ID,
            self.deployment.addresses[Contract.CREDIT],
            debtor=self.core.party,
            currency=self.token,
            items=items,
            signer=self.registrar.account,
            nonce=nonce,
            deadline=deadline,
        )
        signature = "0x" + self._sender.signer.sign_typed_data(self.registrar.account, data).hex()
        attestation = {
            "signer": self.registrar.account,
            "nonce": nonce,
            "deadline": deadline,
            "signature": signature,
        }
        return Call(Contract.ISSUANCE, "confirm", (1, items, attestation), self.core.account)

    async def accept(self, holder: Member, notes: Sequence[int]) -> str:
        """The holder takes what it was offered."""
        [tx_hash] = await self.send([self.acceptance(holder, notes)])
        return tx_hash

    def acceptance(self, holder: Member, notes: Sequence[int]) -> Call:
        """What `accept` sends."""
        return Call(Contract.NOTES, "accept", (list(notes),), holder.account)

    async def split(self, holder: Member, splits: Sequence[tuple[int, Sequence[tuple[Member, int]]]]) -> str:
        """From each note, portions (receiver, amount)."""
        [tx_hash] = await self.send([self.splitting(holder, splits)])
        return tx_hash

    def splitting(self, holder: Member, splits: Sequence[tuple[int, Sequence[tuple[Member, int]]]]) -> Call:
        """What `split` sends."""
        encoded = [
            {
                "note": note,
                "portions": [
                    {"to": to.party, "amount": amount, "tradeHash": label("trade", self._number())}
                    for to, amount in portions
                ],
            }
            for note, portions in splits
        ]
        return Call(Contract.NOTES, "split", (encoded,), holder.account)

    async def finance(self, seller: Member, sales: Sequence[tuple[int, int]]) -> str:
        """The seller takes one quote for each (note, amount)."""
        deals = [await self._deal(seller, note, amount) for note, amount in sales]
        return await self.act(Contract.FINANCING, "finance", deals, account=seller.account)

    async def _deal(self, seller: Member, note: int, amount: int) -> dict[str, Any]:
        signer = self.financier.account
        terms = {
            "note": note,
            "seller": seller.party,
            "financier": self.financier.party,
            "maxAmount": FACE,
            "rateBps": RATE_BPS,
            "recourse": False,
            "payer": signer,
            "registryReference": label("registry", self._number()),
            "validUntil": _DEADLINE,
            "nonce": self._number(),
            "epoch": 0,
            "signer": signer,
        }
        data = typed_data.quote(ANVIL_CHAIN_ID, self.deployment.addresses[Contract.FINANCING], terms)
        signature = "0x" + self._sender.signer.sign_typed_data(signer, data).hex()
        return {"quote": terms, "signature": signature, "amount": amount, "minPrice": amount * 9 // 10}

    async def repay(self, notes: Sequence[int]) -> str:
        """The core enterprise pays notes in full, on time."""
        return await self.act(
            Contract.REPAYMENT, "repay", list(notes), self.core.account, UNLIMITED, account=self.core.account
        )

    # -- what exists

    async def last_note(self) -> int:
        """The newest note's id."""
        return int(await self.read(Contract.NOTES, "noteCount"))

    async def held(self, holder: Member, count: int = 1) -> list[int]:
        """Fresh root notes of FACE that the holder accepted."""
        await self.confirm([holder] * count)
        last = await self.last_note()
        notes = list(range(last - count + 1, last + 1))
        await self.accept(holder, notes)
        return notes


@asynccontextmanager
async def network(artifacts: Path = ARTIFACTS, *options: str, block_gas: int = BLOCK_GAS) -> AsyncIterator[Network]:
    """Starts, deploys, admits, and lets every act happen once; ends the node afterwards. `options` of the node are beyond
    the usual."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [*anvil_command(port, Path(folder) / "states", block_gas=block_gas), *options]
        chain = await start_chain(command, port, Path(folder) / "anvil.log")
        try:
            async with Rpc(chain.url) as rpc:
                bindings, record = Bindings(load_artifacts(artifacts)), Path(folder) / "deployment.json"
                yield await _founded(rpc, chain.process.pid, bindings, record)
        finally:
            chain.kill()


async def _founded(rpc: Rpc, node: int, bindings: Bindings, record: Path) -> Network:
    signer = DemoMnemonicSigner(ANVIL_CHAIN_ID, 4 + SUPPLIERS)
    operator, *accounts = signer.accounts()
    await fund(rpc, [operator, *accounts])
    day = (await move_clock(rpc, _NOON) + _ZONE_S) // _DAY_S
    deployment = await deploy(rpc, bindings, signer, Plan(operator, tokens={"CNY": "Deposit CNY"}), record)
    sender = Sender(rpc, bindings, ANVIL_CHAIN_ID, signer, deployment)
    members = [Member(number, account) for number, account in enumerate(accounts, start=1)]
    network = Network(rpc, node, sender, deployment, members, day)
    await _admit(network, members)
    await _warm(network)
    return network


async def _admit(network: Network, members: Sequence[Member]) -> None:
    roles = [_CORE, _REGISTRAR, _FINANCIER, *[_SUPPLIER] * SUPPLIERS]
    admissions = [
        {
            "creditCodeHash": label("credit code", m.party),
            "roles": role,
            "identityExpiry": network.day + 365,
            "settlementAccount": m.account,
            "administrator": m.account,
            "evidenceHash": label("authority", m.party),
        }
        for m, role in zip(members, roles, strict=True)
    ]
    operator, token = network.operator, network.token
    await network.act(Contract.REGISTRY, "admit", admissions, account=operator)
    await network.act(Contract.CREDIT, "setLine", network.core.party, token, FACE * 10_000, account=operator)
    for m in members:
        await network.act(Contract.TOKEN, "mint", m.account, FACE * 1_000, account=operator, at=token)
    for payer, desk in ((network.financier, Contract.FINANCING), (network.core, Contract.REPAYMENT)):
        at = network.deployment.addresses[desk]
        await network.act(Contract.TOKEN, "approve", at, UNLIMITED, account=payer.account, at=token)


async def _warm(network: Network) -> None:
    """Each act once: no measured act is the first to write a counter, a line or a word of nonces."""
    first, second, *_ = network.suppliers
    [note] = await network.held(first)
    await network.split(first, [(note, [(second, FACE // 4)])])
    await network.finance(first, [(note, FACE // 4)])
    await network.repay([note])
