"""Profiles, imported items, evidence and quotes: what is kept comes back, and what must be one is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import anyio
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from api.domain.errors import Conflict, Unavailable
from api.domain.invoices import InvoiceItem, Refusal, salted_hash
from api.domain.party_identity import PartyIdentity
from api.domain.records import Profile, Quote
from api.store.app import migrate as migration
from api.store.app.database import Database
from api.store.app.imports import StoredEvidence, StoredItems
from api.store.app.profiles import StoredProfiles
from api.store.app.quotes import StoredQuotes
from api.store.app.tables import import_refusals, metadata

pytestmark = pytest.mark.anyio

STEEL = Profile("91310000A", "0x01", "东方钢铁", "Orient Steel", ("vat:CN91310000A", "name:orientsteel"))
BOLTS = Profile("91310000B", "0x02", "江南螺栓厂", "Jiangnan Bolts 100%", ("name:jiangnanbolts",))


def item(number: int) -> InvoiceItem:
    return InvoiceItem(
        file="ledger.csv",
        item=f"line {number}",
        seller=PartyIdentity("vat:CN91310000A", "东方钢铁"),
        buyer=None if number % 2 else PartyIdentity("name:city", "City"),
        number=f"A-{number}",
        issue_date=date(2026, 1, 31),
        due_date=None if number % 3 else date(2026, 5, 1),
        currency="CNY",
        payable=2**63 - 1,
        file_hash="0x" + "0f" * 32,
        fingerprint=f"0x{number:064x}",
        assumed=("due_date",),
    )


def quote(number: int) -> Quote:
    return Quote(
        id=f"{number:032x}",
        note=5,
        seller=2,
        financier=3,
        max_amount=2**96 - 1,
        rate_bps=450,
        recourse=False,
        payer="0x" + "11" * 20,
        registry_reference="0x" + "22" * 32,
        valid_until=2**60,
        nonce=2**255 + number,
        epoch=0,
        signer="0x" + "33" * 20,
        signature="0x" + "44" * 65,
    )


async def test_profiles_come_back_by_party_identity_and_name(database: Database) -> None:
    profiles = StoredProfiles(database)
    await profiles.put([STEEL, BOLTS])
    assert await profiles.search("钢铁", 5) == []
    await profiles.assign({"0x01": 7, "0x02": 8})
    steel, bolts = replace(STEEL, party=7), replace(BOLTS, party=8)
    assert await profiles.of_parties([8, 7, 99]) == {7: steel, 8: bolts}
    assert await profiles.of_identities(["name:orientsteel", "name:nobody"]) == {"name:orientsteel": steel}
    assert await profiles.search("orient STEEL", 5) == [steel]
    assert await profiles.search("江南", 5) == [bolts]


async def test_a_profile_put_again_keeps_its_party(database: Database) -> None:
    profiles = StoredProfiles(database)
    await profiles.put([STEEL])
    await profiles.assign({"0x01": 7})
    renamed = replace(STEEL, name_en="Orient Iron", identities=("name:orientiron",))
    await profiles.put([renamed])
    assert await profiles.of_parties([7]) == {7: replace(renamed, party=7)}
    assert await profiles.of_identities(["name:orientsteel"]) == {}


async def test_a_changed_name_is_told_at_once_here_and_within_a_second_elsewhere(database: Database) -> None:
    here, elsewhere = StoredProfiles(database), StoredProfiles(database)
    await here.put([STEEL])
    await here.assign({STEEL.credit_code_hash: 7})
    assert (await elsewhere.of_parties([7]))[7].name_en == STEEL.name_en
    await here.put([replace(STEEL, name_en="Renamed")])
    assert (await here.of_parties([7]))[7].name_en == "Renamed"
    with anyio.fail_after(60):
        while (await elsewhere.of_parties([7]))[7].name_en != "Renamed":  # noqa: ASYNC110
            await anyio.sleep(0.05)


async def test_an_identity_belongs_to_one_party(database: Database) -> None:
    profiles = StoredProfiles(database)
    await profiles.put([STEEL])
    with pytest.raises(Conflict, match="IdentityTaken"):
        await profiles.put([replace(BOLTS, identities=STEEL.identities)])
    assert await profiles.of_identities(["name:jiangnanbolts"]) == {}


async def test_items_are_stored_once_per_fingerprint(database: Database) -> None:
    items = StoredItems(database)
    evidence = {item(1).file_hash: "0x" + "aa" * 32}
    assert await items.put(4, [item(1), item(2), item(1)], evidence) == [True, True, False]
    assert await items.put(4, [item(2), item(3)], evidence) == [False, True]
    found = await items.by_fingerprints([item(3).fingerprint, item(9).fingerprint])
    assert [i.item for i in found.values()] == [item(3)]
    first = await items.listing(buyer=4, cursor=None, limit=2)
    rest = await items.listing(buyer=4, cursor=first.next, limit=2)
    assert [i.item for i in (*first.items, *rest.items)] == [item(1), item(2), item(3)]
    assert rest.next is None
    assert {(i.buyer, i.evidence_hash) for i in first.items} == {(4, "0x" + "aa" * 32)}
    assert await items.get([rest.items[0].id, 99]) == list(rest.items)
    assert (await items.listing(buyer=5, cursor=None, limit=2)).items == ()


async def test_refusals_are_kept_once(database: Database) -> None:
    items = StoredItems(database)
    refusal = Refusal("ledger.csv", "line 9", "due-date-missing", {"number": "票9"}, "票9")
    await items.put_refusals(4, [refusal, refusal])
    await items.put_refusals(4, [refusal])
    await items.put_refusals(4, [])
    rows = database.read_now(lambda c: c.execute(import_refusals.select()).all())
    assert [(r.rule, r.number) for r in rows] == [("due-date-missing", "票9")]


async def test_evidence_is_salted_once(database: Database) -> None:
    evidence = StoredEvidence(database)
    answers: set[str] = set()

    async def ask(file_hash: str) -> None:
        answers.add(await evidence.evidence_hash(file_hash, "a.xml"))

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(ask, "0x" + "01" * 32)
    assert len(answers) == 1
    assert answers != {salted_hash("0x" + "01" * 32, bytes(32))}
    await ask("0x" + "02" * 32)
    assert len(answers) == 2


async def test_quotes_come_back_exactly(database: Database) -> None:
    quotes = StoredQuotes(database)
    await quotes.put([quote(1), quote(2)])
    assert await quotes.of_note(5) == [quote(1), quote(2)]
    assert await quotes.get(quote(2).id) == quote(2)
    await quotes.withdraw(quote(2).id)
    assert await quotes.get(quote(2).id) == replace(quote(2), withdrawn=True)
    assert (await quotes.of_note(6), await quotes.get("0" * 32)) == ([], None)


async def test_a_nonce_is_one_quote_of_its_financier(database: Database) -> None:
    quotes = StoredQuotes(database)
    await quotes.put([quote(1)])
    with pytest.raises(Conflict, match="QuoteNonceReused"):
        await quotes.put([quote(2), replace(quote(3), nonce=quote(1).nonce)])
    assert await quotes.of_note(5) == [quote(1)]
    await quotes.put([replace(quote(1), id="f" * 32, financier=9)])


def test_migrations_lead_to_the_tables(database: Database) -> None:
    difference = database.read_now(lambda c: compare_metadata(MigrationContext.configure(c), metadata))
    assert difference == []
    migration.migrate(database)


def test_a_database_of_a_later_version_is_refused(database: Database) -> None:
    database.write_now(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(Unavailable, match="DatabaseNewer"):
        migration.migrate(database)
