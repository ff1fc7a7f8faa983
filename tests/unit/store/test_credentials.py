"""Sessions, API keys, the audit log and requests for quotes: what is kept comes back, and pages hold all once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.domain.errors import Conflict, InvalidInput
from api.domain.people import ApiKey, Invitation, Person, Session
from api.domain.ports import AuditRead
from api.domain.principal import PersonRole
from api.domain.providers import Begun
from api.store.app.audit import StoredAuditLog
from api.store.app.credentials import StoredApiKeys, StoredNonces, StoredSessions, StoredSignInsBegun
from api.store.app.database import Database
from api.store.app.people import StoredPeople
from api.store.app.quotes import StoredQuotes

pytestmark = pytest.mark.anyio
ROLES = frozenset({PersonRole.MAKER, PersonRole.VIEWER})
WEI = Person("1" * 32, 5, "wei@x.example", "李伟", ROLES, True, 7)


async def test_sessions_end_one_by_one_and_all_at_once(database: Database) -> None:
    people, sessions = StoredPeople(database), StoredSessions(database)
    await people.invite(WEI, Invitation(WEI.id, "t", 9))
    made = [Session(f"{n:032x}", WEI.id, "h" * 64, None, 100 + n, 100 + n, 2**40) for n in range(4)]
    for one in made:
        await sessions.open(one)
    assert await sessions.with_person(made[1].id) == (made[1], WEI)
    assert await sessions.with_person("f" * 32) is None
    await sessions.seen(made[3].id, 2**35)
    assert await sessions.of_person(WEI.id) == [replace(made[3], seen_at=2**35), *made[2::-1]]
    await sessions.end(made[0].id, 150)
    await sessions.end(made[0].id, 160)
    ended = await sessions.with_person(made[0].id)
    assert ended is not None
    assert ended[0].ended_at == 150
    await sessions.end_all(WEI.id, 170, but=made[2].id)
    assert await sessions.of_person(WEI.id) == [made[2]]


async def test_a_subject_is_one_persons_of_a_party(database: Database) -> None:
    people = StoredPeople(database)
    invited = {
        name: Invitation(name * 32, name, 2**40, totp=f"sealed {name}", totp_step=None if name == "d" else 77)
        for name in "abcd"
    }
    for name, invitation in invited.items():
        person = replace(WEI, id=invitation.person, email=f"{name}@x.example", party=6 if name == "c" else 5)
        await people.invite(person, replace(invitation, totp=None, totp_step=None))
        await people.choose(invitation)
        assert await people.invitation(person.id) == invitation
    assert await people.connect(invited["a"], "https://id.example", "wei")
    assert not await people.connect(invited["a"], "https://id.example", "wei")
    with pytest.raises(Conflict, match="SubjectLinked"):
        await people.connect(invited["b"], "https://id.example", "wei")
    assert await people.invitation(invited["b"].person) == invited["b"]
    assert await people.connect(invited["c"], "https://id.example", "wei")
    assert not await people.connect(invited["d"], "https://id.example", "other")
    found = [await people.by_subject(party, "https://id.example", "wei") for party in (5, 6, 7)]
    assert [p and (p.id[0], p.totp, p.totp_step, p.enrolled) for p in found] == [
        *(("a", "sealed a", 77, True), ("c", "sealed c", 77, True), None),
    ]
    await people.renew(Invitation("a" * 32, "again", 2**40))
    assert await people.by_subject(5, "https://id.example", "wei") is None
    assert await people.connect(invited["b"], "https://id.example", "wei")


async def test_a_sign_in_under_way_is_answered_once_and_in_time(database: Database) -> None:
    begun = StoredSignInsBegun(database)
    made = [Begun(f"{n:064x}", "own", "#/parties", 100 + n, *(("1" * 32, "h") if n else ())) for n in range(3)]
    for one in made:
        await begun.put(one)
    assert await begun.take(made[1].attempt, 100) == made[1]
    assert await begun.take(made[1].attempt, 100) is None
    assert await begun.take(made[0].attempt, 100) is None
    assert await begun.take(made[2].attempt, 102) is None


async def test_keys_are_their_partys(database: Database) -> None:
    keys = StoredApiKeys(database)
    key = ApiKey("a" * 32, 5, "ERP 财务", frozenset({"read", "write"}), "h" * 64, WEI.id, 7, 2**40)
    await keys.put(key)
    await keys.used(key.id, 2**33)
    assert await keys.get(key.id) == replace(key, used_at=2**33)
    assert (await keys.of_party(6), await keys.get("b" * 32)) == ([], None)
    assert not await keys.revoke(6, key.id, 9)
    assert await keys.revoke(5, key.id, 9)
    assert await keys.revoke(5, key.id, 10)
    assert await keys.of_party(5) == [replace(key, used_at=2**33, revoked_at=9)]


async def test_nonces_expire(database: Database) -> None:
    nonces = StoredNonces(database)
    await nonces.put("in:a", 100)
    await nonces.put("in:b", 200)
    assert not await nonces.take("in:a", 100)
    assert not await nonces.take("in:c", 100)
    assert await nonces.take("in:b", 199)
    assert not await nonces.take("in:b", 199)


async def test_what_auditors_looked_at_is_told_newest_first(database: Database) -> None:
    log = StoredAuditLog(database)
    reads = [AuditRead(9, None, "api_key", "c" * 32, "GET", f"/notes/{n}?q=凭证", f"r{n}", 2**33 + n) for n in range(5)]
    for read in reads:
        await log.put(read)
    seen: list[AuditRead] = []
    cursor: str | None = None
    while True:
        page = await log.listing(cursor=cursor, limit=2)
        seen += page.items
        if (cursor := page.next) is None:
            break
    assert seen == reads[::-1]


async def test_requests_for_quotes_page_by_note_and_are_taken_back(database: Database) -> None:
    quotes = StoredQuotes(database)
    await quotes.ask(7, [3, 4], 2)
    await quotes.ask(8, [0], 2)
    await quotes.ask(9, [4], 6)
    await quotes.ask(7, [4], 2)
    assert (await quotes.asked(3), await quotes.asked(4), await quotes.asked(5)) == ((7, 8), (7, 8, 9), (8,))

    async def pages(note: int | None = None, seller: int | None = None, to: int | None = None) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        cursor: str | None = None
        while True:
            page = await quotes.requests(note=note, seller=seller, financier=to, cursor=cursor, limit=1)
            found += [(r.note, r.financier) for r in page.items]
            if (cursor := page.next) is None:
                return found

    assert await pages() == [(7, 3), (7, 4), (8, 0), (9, 4)]
    assert await pages(seller=2) == [(7, 3), (7, 4), (8, 0)]
    assert await pages(seller=3, to=3) == [(7, 3), (8, 0)]
    assert await pages(note=7, seller=5, to=5) == []
    assert await quotes.unask(7, [3]) == [3]
    assert await quotes.unask(7, [3]) == []
    assert sorted(await quotes.unask(8, [])) == [0]
    assert await pages() == [(7, 4), (9, 4)]


@pytest.mark.parametrize("cursor", ["x", "7", "7.", ".3", "7.-1", "9" * 40 + ".1", "７.3"])
async def test_a_cursor_that_is_none(database: Database, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="CursorInvalid"):
        await StoredQuotes(database).requests(note=None, seller=None, financier=None, cursor=cursor, limit=1)
    if cursor != "7":
        with pytest.raises(InvalidInput, match="CursorInvalid"):
            await StoredAuditLog(database).listing(cursor=cursor, limit=1)
