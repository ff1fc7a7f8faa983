"""The bank's rail on a real chain: the index says what the contracts say, and what of it no getter tells."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from api.domain.operations import Call, Contract
from api.services.verify import Verification
from api.store.ledger.tables import quotes
from tests.api.chain.conftest import Network
from tests.indexer.bank import CNY, SETTLER, play_bank
from tests.indexer.conftest import EACH_ONCE, Indexes, Where
from tests.indexer.town import BANK, CORE, TIER1, TIER2, Town

pytestmark = pytest.mark.anyio


@pytest.fixture
async def banked(any_network: Network) -> Town:
    town = Town(any_network)
    await town.found()
    await play_bank(town)
    return town


async def stated(town: Town, *calls: tuple[Contract, str, tuple[Any, ...]]) -> list[Any]:
    chain = town.network.chain()
    head = await chain.head()
    return list(await chain.calls([Call(contract, name, args, "") for contract, name, args in calls], head.block))


@EACH_ONCE
async def test_i_15_events_suffice_for_what_banks_carry(banked: Town, where: Where) -> None:
    """Every stored fact of the bank's desks, and of the quotes they counted, from rows alone."""
    indexes = Indexes(banked.network, where)
    index = await indexes.new()
    await index.catch_up()
    reader = index.reader()
    outcome = await Verification(banked.network.chain(), reader).verify()
    assert outcome.clean, outcome.first

    facts = "SELECT id, product, bank, reserved_day, last_day, declined FROM bank_reservations"
    for digest, product, bank, reserved, last, declined in index.query(facts):
        (found,) = await stated(banked, (Contract.BANK, "reservation", ("0x" + digest.hex(),)))
        assert [found["product"].lower(), *list(found.values())[1:]] == [
            *("0x" + product.hex(), bank, reserved, last, bool(declined)),
        ]
    sales = index.query("SELECT reservation, state, CAST(amount AS INTEGER), financier, quote_nonce FROM bank_sales")
    assert sorted(state for _, state, *_ in sales) == ["delivered", "released"]
    for digest, state, _, financier, nonce in sales:
        found, taken = await stated(
            banked,
            (Contract.BANK_SALE, "sale", ("0x" + digest.hex(),)),
            (Contract.FINANCING, "taken", (financier, int.from_bytes(nonce, "big"))),
        )
        assert (found["note"] != 0) == (state == "reserved")
        quoted = select(quotes.c.taken).where(quotes.c.financier == financier, quotes.c.nonce == nonce)
        assert index.query(quoted) == [(taken,)]
    repayments = index.query(
        "SELECT reservation, note, CAST(principal AS INTEGER), state, rests_until FROM bank_repayments ORDER BY note",
    )
    assert [state for *_, state, _ in repayments] == ["paid", "released", "refused"]
    for digest, note, principal, state, rests in repayments:
        left, rest = await stated(
            banked,
            (Contract.BANK_REPAYMENT, "reservedPrincipal", ("0x" + digest.hex(), note)),
            (Contract.BANK_REPAYMENT, "restsUntil", (note,)),
        )
        assert (left, rest) == (principal if state == "reserved" else 0, rests)
    for receivable, digest, number in index.query("SELECT receivable, reservation, round FROM bank_rounds"):
        (found,) = await stated(banked, (Contract.BANK_REPAYMENT, "roundBank", (receivable,)))
        assert found == {"reservation": "0x" + digest.hex(), "round": number}
    records = index.query("SELECT bank, payment_reference, outcome, digest FROM bank_records")
    assert sorted(outcome for _, _, outcome, _ in records) == ["delivered"] * 5 + ["exception"]
    for bank, reference, outcome, digest in records:
        (found,) = await stated(banked, (Contract.BANK, "record", (bank, "0x" + reference.hex())))
        assert found["outcome"] == {"delivered": 1, "exception": 2}[outcome]
        assert found["digest"] == "0x" + digest.hex()[:62]
    reader.close()
    index.connection.close()


async def test_cash_in_a_bank_s_books_is_a_leg_without_accounts(town: Town, indexes: Indexes) -> None:
    await play_bank(town)
    index = await indexes.new()
    await index.catch_up()
    money = "CAST(amount AS INTEGER), CAST(interest AS INTEGER)"
    legs = index.query(f"SELECT kind, payer, payee, {money}, recourse FROM cash_legs ORDER BY block, log")
    assert legs == [
        ("finance", BANK, TIER1, 400_000, 0, 1),
        ("repayment", CORE, TIER1, 600_000, 0, None),
        ("repayment", CORE, TIER2, 150_000, 0, None),
        ("repayment", CORE, TIER1, 300_041, 41, None),
    ]
    same = "SELECT DISTINCT payer_account, payee_account, bank, token FROM cash_legs"
    assert index.query(same) == [(None, None, SETTLER, bytes.fromhex(CNY[2:]))]
    assert index.query("SELECT code, decimals FROM currencies") == [("CNY", 2), ("CNY", 2)]
    excepted = "SELECT reason, lines, outcome FROM bank_records WHERE reason IS NOT NULL ORDER BY outcome"
    (paused, told, delivered), (late, _, _) = index.query(excepted)
    assert delivered == "delivered"
    assert json.loads(told) == [{"note": 1, "payee": TIER1, "amount": "400000", "refused": False}]
    names = [banked_error(town, reason) for reason in (paused, late)]
    assert names == ["ProtocolPaused", "ReservationOver"]
    reader = index.reader()
    found = await reader.fund_flow(2)
    assert found is not None
    flow = found.read
    assert [leg.bank.id if leg.bank else None for leg in flow.legs] == [SETTLER, SETTLER]
    assert flow.legs[0].payer_account is None
    reader.close()


def banked_error(town: Town, reason: bytes) -> str:
    return town.network.bindings.errors[reason[:4]].name


async def test_a_bank_s_story_block_by_block_is_the_same(town: Town, indexes: Indexes) -> None:
    index = await indexes.new()

    class Following(Town):
        async def act(self, *calls: Call) -> Any:
            logs = await super().act(*calls)
            await index.catch_up()
            return logs

    await play_bank(Following(town.network, town.marks))
    assert index.contents() == await indexes.fresh("fresh")
