"""What becomes of operations whose transactions the chain loses, passes over, takes back or has replaced: on anvil, which
can be made to do each of these."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

import anyio
import pytest
import structlog

from api.chain.sender import Sender
from api.domain.operations import Call, Contract, Operation, OperationStatus
from api.store.app.database import ChangeWatch, Database
from api.store.app.events import StoredEvents
from api.store.app.migrate import migrate
from api.store.app.operations import StoredOperations
from api.store.app.outbox import StoredOutbox, process_name
from api.worker import settling
from api.worker import worker as worker_module
from api.worker.worker import Pace, Worker
from tests.api.chain.conftest import Network

pytestmark = pytest.mark.anyio
DEPTH = 3


class Patient(Sender):
    """Asks for no block: the test says when there is one; and for the price of gas whenever it matters."""

    async def fees(self) -> Mapping[str, int]:
        self._fees_until = 0.0
        return await super().fees()

    async def mine(self, left: bool = False) -> None:
        return


@dataclass
class Office:
    """A worker on a node whose blocks come when the test wants them."""

    network: Network
    database: Database
    worker: Worker

    @property
    def box(self) -> StoredOperations:
        return StoredOperations(self.database)

    async def put(self, *calls: Call) -> list[Operation]:
        made = [Operation(uuid.uuid4().hex, "test", 0, call, OperationStatus.QUEUED) for call in calls]
        stored = await self.box.put(made)
        self.worker._look = True
        return stored

    async def steps(self, count: int = 4) -> None:
        for _ in range(count):
            await self.worker.step()

    async def mine(self, blocks: int = 1) -> None:
        for _ in range(blocks):
            await self.network.rpc.call("evm_mine")

    async def now(self, operations: Sequence[Operation]) -> list[Operation]:
        return await self.box.wait([o.id for o in operations], 0)

    async def until_ended(self, operations: Sequence[Operation]) -> list[Operation]:
        """Blocks and steps until each has ended."""
        with anyio.fail_after(60):
            while any(o.status in ("queued", "submitted") for o in await self.now(operations)):
                await self.steps(1)
                await self.mine()
        return await self.now(operations)

    async def pool(self) -> set[str]:
        """Hashes of what waits in the node."""
        found = await self.network.rpc.call("txpool_content")
        return {t["hash"] for part in found.values() for of in part.values() for t in of.values()}

    async def balance(self, account: str) -> int:
        return int(await self.network.chain().call(Contract.TOKEN, "balanceOf", account))

    async def gaps(self, accounts: Sequence[str]) -> int:
        """Nonces given out and not mined."""
        stored = await StoredOutbox(self.database, process_name(), 10.0).next_nonces(accounts)
        used = await self.network.sender().used_nonces(accounts, await self.network.sender().height())
        return sum(stored[a] - used[a] for a in stored)


@pytest.fixture
async def office(network: Network, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    structlog.reset_defaults()  # another test may have sent log lines to a file that is closed by now
    monkeypatch.setattr(worker_module, "_RESEND_S", 0.0)
    monkeypatch.setattr(settling, "SETTLE_S", 0.0)
    database = Database(f"sqlite:///{network.home}/app.db")
    migrate(database)
    bell = ChangeWatch(database)
    sender = Patient(network.rpc, network.bindings, network.deployment.chain_id, network.signer, network.deployment)
    pace = Pace(finality_depth=DEPTH, stuck_s=0.0)
    yield Office(network, database, Worker(StoredOutbox(database, process_name(), 10.0), sender, bell, pace))
    bell.close()
    database.close()


async def test_what_was_dropped_from_the_pool_is_sent_again(office: Office) -> None:
    to = office.network.accounts[5]
    (wanted,) = await office.put(office.network.mint(to, 7))
    await office.steps(2)
    (sent,) = await office.now([wanted])
    assert sent.tx_hash in await office.pool()
    assert await office.network.rpc.call("anvil_dropTransaction", sent.tx_hash) == sent.tx_hash
    assert await office.pool() == set()
    await office.steps(2)
    assert await office.pool() == {sent.tx_hash}
    (done,) = await office.until_ended([wanted])
    assert (done.status, done.tx_hash, await office.balance(to)) == (OperationStatus.CONFIRMED, sent.tx_hash, 7)


async def test_what_new_blocks_pass_over_is_outbid_and_done_once(office: Office) -> None:
    to, account = office.network.accounts[5], office.network.accounts[0]
    wanted = await office.put(*(office.network.mint(to, 10**i) for i in range(3)))
    await office.steps(2)
    sent = await office.now(wanted)
    await office.network.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(10**11))
    await office.mine()
    done = await office.until_ended(wanted)
    assert {o.status for o in done} == {OperationStatus.CONFIRMED}
    assert not {o.tx_hash for o in done} & {o.tx_hash for o in sent}
    assert (await office.balance(to), await office.gaps([account])) == (111, 0)


async def test_the_first_transaction_may_still_be_mined_after_it_was_outbid(office: Office) -> None:
    to = office.network.accounts[5]
    (wanted,) = await office.put(office.network.mint(to, 7))
    await office.steps(2)
    (sent,) = await office.now([wanted])
    first = await office.network.rpc.call("eth_getRawTransactionByHash", sent.tx_hash)
    await office.network.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(10**11))
    await office.mine()
    await office.steps(1)
    await office.mine(2)
    await office.steps(1)
    (later,) = await office.pool()
    assert later != sent.tx_hash
    await office.network.rpc.call("anvil_dropTransaction", later)
    await office.network.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(1))
    await office.mine()
    await office.network.rpc.call("eth_sendRawTransaction", first)
    await office.mine()
    await office.steps(1)
    (done,) = await office.now([wanted])
    assert (done.status, done.tx_hash, await office.balance(to)) == (OperationStatus.CONFIRMED, sent.tx_hash, 7)


async def test_one_that_can_no_longer_succeed_fails_by_name_and_leaves_no_gap(office: Office) -> None:
    """The deadline of an authorization passes while its transaction is passed over; the next of the account goes on."""
    network, to, account = office.network, office.network.accounts[5], office.network.accounts[0]
    deadline = int((await network.rpc.call("eth_getBlockByNumber", "latest", False))["timestamp"], 16) + 3_600
    authorization = (account, to, 1, 0, deadline, "0x" + "07" * 32, "0x" + "00" * 65)
    function = "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"
    late = Call(Contract.TOKEN, function, authorization, account, gas=200_000)
    wanted = await office.put(late, network.mint(to, 7))
    await office.steps(2)
    await network.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(10**11))
    await network.rpc.call("evm_setNextBlockTimestamp", deadline + 60)
    await office.mine()
    failed, done = await office.until_ended(wanted)
    assert (failed.status, failed.error and failed.error["rule"]) == (OperationStatus.FAILED, "AuthorizationExpired")
    assert done.status is OperationStatus.CONFIRMED
    filler = await network.rpc.call("eth_getTransactionByHash", failed.tx_hash)
    assert (filler["to"], filler["value"], filler["input"]) == (account.lower(), "0x0", "0x")
    assert (await office.balance(to), await office.gaps([account])) == (7, 0)


async def test_one_that_somebody_replaced_fails_by_name_and_the_next_goes_on(office: Office) -> None:
    network, account = office.network, office.network.accounts[0]
    (wanted,) = await office.put(network.mint(network.accounts[5], 7))
    await office.steps(2)
    (sent,) = await office.now([wanted])
    fees = {"maxFeePerGas": 10**12, "maxPriorityFeePerGas": 10**11}
    other = network.sender().sign(account, sent.nonce or 0, 21_000, account, b"", fees)
    assert await network.sender().broadcast([other]) == [None]
    await office.mine(DEPTH + 1)
    await office.steps()
    (failed,) = await office.now([wanted])
    assert failed.error == {"rule": "NonceTaken", "evidence": {"account": account, "nonce": sent.nonce}}
    (next_one,) = await office.put(network.mint(network.accounts[5], 8))
    (done,) = await office.until_ended([next_one])
    assert (done.status, await office.balance(network.accounts[5])) == (OperationStatus.CONFIRMED, 8)


async def test_blocks_taken_back_under_load_lose_and_double_nothing(office: Office) -> None:
    """Rollbacks and reorganisations of up to the finality depth, while eight accounts go on sending."""
    network, to = office.network, office.network.accounts[15]
    senders = network.accounts[1:9]
    await network.send(*(network.mint(a, 10_000) for a in senders))
    await office.mine(DEPTH)
    wanted: list[Operation] = []
    for turn in range(8):
        calls = [Call(Contract.TOKEN, "transfer", (to, 1 + turn), a) for a in senders]
        refused = Call(Contract.TOKEN, "transfer", (to, 10**9), senders[turn], gas=100_000)
        wanted += await office.put(*calls, refused)
        await office.steps(2)
        await office.mine(2)
        await office.steps(1)
        if turn % 3 == 1:
            await network.rpc.call("anvil_rollback", 2)
        elif turn % 3 == 2:
            await network.rpc.call("anvil_reorg", 2, [])
        await office.steps(2)
    await office.until_ended(wanted)
    await office.mine(DEPTH + 1)
    await office.steps()
    done = await office.now(wanted)
    refused_ones = [o for o in done if o.status is OperationStatus.FAILED]
    assert {o.error["rule"] for o in refused_ones if o.error} == {"ERC20InsufficientBalance"}
    assert len(refused_ones) == 8
    assert all(o.final for o in done)
    assert await office.balance(to) == 8 * sum(range(1, 9))
    assert await office.gaps(list(senders)) == 0
    changes = [e.change for e in await StoredEvents(office.database).after(0, None, 10_000)]
    assert changes.count("reopened") >= 8
    assert changes.count("final") == len(wanted)
