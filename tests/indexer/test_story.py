"""The whole story on a real chain: the index says what the contracts say."""

from __future__ import annotations

import pytest

from api.domain.operations import Call, Contract
from api.domain.ports import DecodedLog
from api.services.verify import Verification
from tests.api.chain.conftest import Network
from tests.indexer.conftest import EACH_ONCE, Index, Indexes, Where
from tests.indexer.town import Town, play

pytestmark = pytest.mark.anyio


@EACH_ONCE
async def test_i_15_events_suffice(any_network: Network, where: Where) -> None:
    """On anvil and on ganache."""
    town = Town(any_network)
    await town.found()
    await play(town)
    index = await Indexes(any_network, where).new()
    await index.catch_up()
    reader = index.reader()
    outcome = await Verification(any_network.chain(), reader).verify()
    assert outcome.clean, outcome.first
    await recourse_and_assignments_agree(any_network, index)
    reader.close()
    index.connection.close()


async def recourse_and_assignments_agree(network: Network, index: Index) -> None:
    """Every note's sale, demand and assignment, asked of the contracts."""
    chain = network.chain()
    count = await chain.call(Contract.NOTES, "noteCount")
    names = "note, seller, amount, price, rate_bps, day, origin, demand_day"
    sales = {row[0]: tuple(map(int, row[1:])) for row in index.query(f"SELECT {names} FROM sales")}
    names = "note, registered_at, recorded_at, debtor_notified_at"
    assignments = {row[0]: tuple(row[1:]) for row in index.query(f"SELECT {names} FROM assignments")}
    assert (len(sales), len(assignments)) == (3, 2)
    for note in range(1, count + 1):
        sale, origin = await chain.call(Contract.FINANCING, "saleOf", note)
        demanded = await chain.call(Contract.RECOURSE, "demandDay", note)
        assert (*sale.values(), origin, demanded) == sales.get(note, (0,) * 7)
        assignment = await chain.call(Contract.ASSIGNMENTS, "assignmentOf", note)
        assert tuple(assignment.values()) == assignments.get(note, (0,) * 3)


async def test_block_by_block_and_at_once_are_the_same_rows(town: Town, indexes: Indexes) -> None:
    index = await indexes.new()

    class Following(Town):
        async def act(self, *calls: Call) -> list[DecodedLog]:
            logs = await super().act(*calls)
            await index.catch_up()
            return logs

    await play(Following(town.network))
    await index.catch_up()
    assert index.contents() == await indexes.fresh("fresh")
