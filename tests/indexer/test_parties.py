"""Accounts, recovery and settlement accounts on a real chain: events alone rebuild what the registry stores (I-15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from eth_hash.auto import keccak

from api.chain.local import fund, head_time, move_clock
from api.domain.operations import Contract
from api.domain.typed_data import TypedData, add_account, change_settlement, recover_party
from api.store.ledger.tables import metadata
from tests.indexer.conftest import Index, Indexes
from tests.indexer.town import TIER1, TIER2, TIER3, Town, digest

pytestmark = pytest.mark.anyio

C = Contract.REGISTRY
FAR = 2**40
VETO_PERIOD = 10 * 86_400
NEW, OTHER = 15, 16
"""Accounts of nobody's."""


async def signed(town: Town, typed: Callable[..., TypedData], party: int, account: str, **terms: Any) -> str:
    """The account's word to serve the party."""
    network = town.network
    nonce = await network.chain().call(C, "nonces", account)
    word = {"party": party, "account": account, "evidenceHash": digest(party), "nonce": nonce, "deadline": FAR}
    data = typed(network.deployment.chain_id, network.deployment.addresses[C], {**word, **terms})
    return "0x" + network.signer.sign_typed_data(account, data).hex()


async def announce_recovery(town: Town, party: int, account: str, *removed: str) -> None:
    signature = await signed(town, recover_party, party, account, removed=list(removed))
    args = (party, account, list(removed), digest(party), FAR, signature)
    await town.act(town.call(C, "announceRecovery", *args))


async def announce_settlement(town: Town, party: int, account: str) -> None:
    signature = await signed(town, change_settlement, party, account)
    await town.act(town.call(C, "announceSettlementChange", account, digest(party), FAR, signature, by=party))


async def wait(town: Town) -> None:
    await move_clock(town.network.rpc, await head_time(town.network.rpc) + VETO_PERIOD)


async def check(town: Town, index: Index) -> None:
    """Every row of the registry's against its getter."""
    await index.catch_up()
    chain, found = town.network.chain(), index.contents()
    names = {
        name: metadata.tables[name].columns.keys()
        for name in ("accounts", "parties", "recoveries", "settlement_changes")
    }
    rows = {table: [dict(zip(names[table], row, strict=True)) for row in found[table]] for table in names}
    for row in rows["accounts"]:
        address = "0x" + row["address"].hex()
        bound = await chain.call(C, "account", address)
        assert (row["party"] if row["rights"] else 0, row["rights"]) == (bound["party"], bound["rights"])
        assert row["nonce"] == await chain.call(C, "nonces", address)
    for row in rows["parties"]:
        assert (
            "0x" + row["settlement_account"].hex()
            == (await chain.call(C, "party", row["id"]))["settlementAccount"].lower()
        )
    reader = index.reader()
    told = await reader.all_key_changes()
    reader.close()
    assert [one.state for one in told if one.kind == "recovery"] == [row["state"] for row in rows["recoveries"]]
    assert [one.party.id for one in told if one.removed] == [
        row["party"] for row in rows["recoveries"] if row["removed"]
    ]
    assert len(told) == len(rows["recoveries"]) + len(rows["settlement_changes"])
    for table, getter in (("recoveries", "recovery"), ("settlement_changes", "settlementChange")):
        pending = {row["party"]: row for row in rows[table] if row["state"] == "announced"}
        for party in range(1, len(rows["parties"]) + 1):
            stated = await chain.call(C, getter, party)
            if party not in pending:
                assert int(stated["account"], 16) == stated["readyAt"] == 0
                continue
            row = pending[party]
            assert ("0x" + row["account"].hex(), row["ready_at"]) == (stated["account"].lower(), stated["readyAt"])
            assert "0x" + row["evidence_hash"].hex() == stated["evidenceHash"]
            if table == "recoveries":
                assert "0x" + row["removed_hash"].hex() == stated["removedHash"]
                words = [row["removed"][at : at + 20].rjust(32, b"\0") for at in range(0, len(row["removed"]), 20)]
                assert keccak(b"".join(words)) == row["removed_hash"]


async def test_i_15_events_suffice_for_accounts(town: Town, indexes: Indexes) -> None:
    index = await indexes.new()
    new, other, clerk = (town.account(n) for n in (NEW, OTHER, OTHER + 1))
    await fund(town.network.rpc, [new])
    signature = await signed(town, add_account, TIER1, clerk, rights=3)
    await town.act(town.call(C, "addAccount", clerk, 3, digest(TIER1), FAR, signature, by=TIER1))
    await announce_recovery(town, TIER1, new, clerk, town.account(TIER1))
    await announce_recovery(town, TIER2, other)
    await announce_settlement(town, TIER3, town.account(OTHER + 2))
    await announce_settlement(town, TIER1, other)
    await check(town, index)
    await town.act(town.call(C, "vetoRecovery", by=TIER2))
    await wait(town)
    await town.act(
        town.call(C, "finishRecovery", TIER1, [clerk, town.account(TIER1)], by=TIER2),
        town.call(C, "finishSettlementChange", TIER3, by=TIER2),
    )
    await check(town, index)
    await announce_recovery(town, TIER2, other)
    await announce_settlement(town, TIER2, town.account(OTHER + 3))
    await check(town, index)
    await town.act(
        town.call(C, "withdrawRecovery", TIER2),
        town.call(C, "vetoSettlementChange", by=TIER2),
        town.call(C, "setRights", new, 5, digest(0), by=NEW),
    )
    await check(town, index)
    assert index.contents() == await indexes.fresh("fresh")
