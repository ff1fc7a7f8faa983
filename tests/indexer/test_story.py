"""The whole story on a real chain: the index says what the contracts say."""

from __future__ import annotations

import pytest

from api.domain.operations import Call
from api.domain.ports import DecodedLog
from api.services.verify import Verification
from tests.api.chain.conftest import Network
from tests.indexer.conftest import Indexes
from tests.indexer.town import Town, play

pytestmark = pytest.mark.anyio


async def test_i_15_events_suffice(any_network: Network) -> None:
    """On anvil and on ganache."""
    town = Town(any_network)
    await town.found()
    await play(town)
    index = await Indexes(any_network).new()
    await index.catch_up()
    reader = index.reader()
    outcome = await Verification(any_network.chain(), reader).verify()
    assert outcome.clean, outcome.first
    reader.close()
    index.connection.close()


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
