"""Approvals over app.db, on SQLite and on PostgreSQL: what two people signed is carried out once, whoever comes first."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from api.domain import typed_data
from api.domain.approvals import (
    COUNTED_S,
    ActKind,
    Approval,
    ApprovalStatus,
    ApprovedRow,
    KeyKind,
    Lone,
    Part,
    Signature,
    Threshold,
)
from api.domain.errors import Conflict
from api.domain.jobs import Job, JobRow, JobStatus, RowStatus
from api.domain.operations import Operation
from api.domain.people import Invitation, Person, Session
from api.domain.principal import PersonRole
from api.store.app.approvals import StoredApprovals
from api.store.app.credentials import StoredSessions
from api.store.app.database import Database
from api.store.app.jobs import StoredJobs
from api.store.app.operations import StoredOperations
from api.store.app.people import StoredPeople
from api.store.app.tables import operations, person_accounts
from api.store.app.thresholds import set_threshold
from tests.unit.store.test_operations import make
from tests.unit.store.test_processes import PROCESSES, at_once

pytestmark = pytest.mark.anyio
IDLE_S = 1_800
FOREVER = 2**40
PARTY = 3


@pytest.fixture
def processes(database: Database, url: str) -> Iterator[list[Database]]:
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Database(url))) for _ in range(PROCESSES)]


def drafted(serial: int, thresholds: Sequence[Threshold] = ()) -> Approval:
    message = {
        "id": f"{serial:032x}",
        "party": PARTY,
        "kind": "pay",
        "amounts": [{"currency": "CNY", "amount": 2**255}],
        "calls": [{"contract": "0x" + "11" * 20, "account": "0x" + "22" * 20, "data": "0x19c2"}],
        "rows": [],
        "thresholds": [{"kind": t.kind.value, "currency": t.currency, "amount": t.amount} for t in thresholds],
        "deadline": 1_000,
    }
    return Approval(
        id=f"{serial:032x}",
        party=PARTY,
        kind=ActKind.PAY,
        status=ApprovalStatus.PREPARED,
        typed_data=typed_data.approval(31_337, "0x" + "33" * 20, message),
        digest="0x" + f"{serial:064x}",
        deadline=1_000,
        prepared_by="key",
        prepared_means="api_key",
        created_at=1,
        updated_at=1,
        idempotency_key=f"3/key-{serial}",
        request_hash="said",
    )


async def employ(database: Database, number: int, role: PersonRole) -> Signature:
    """Somebody with a session and a linked account; the signature that it would give."""
    person, account = f"{number:032x}", f"0x{number:040x}"
    someone = Person(person, PARTY, f"p{number}@x.example", "P", frozenset({role}), True, 1)
    await StoredPeople(database).invite(someone, Invitation(person, "h", FOREVER))
    await StoredSessions(database).open(Session(person, person, "h", None, 1, 1, FOREVER))
    await database.write(lambda c: c.execute(insert(person_accounts).values(account=account, person=person)))
    part = Part.MAKER if role is PersonRole.MAKER else Part.CHECKER
    return Signature(part, person, person, KeyKind.WALLET, account, "0x" + f"{number:02x}" * 65, 7)


async def signed(database: Database, serial: int, maker: Signature, thresholds: Sequence[Threshold] = ()) -> Approval:
    """Stored, and signed by its maker."""
    book = StoredApprovals(database, IDLE_S)
    approval = await book.put(drafted(serial, thresholds))
    await book.make(approval, maker)
    found = await book.get(approval.id)
    assert found is not None
    return found


def of(approval: Approval, serial: int) -> Operation:
    return replace(make(serial), party=PARTY, approval=approval.id)


def stored(database: Database) -> int:
    return database.read_now(lambda c: c.execute(select(func.count()).select_from(operations)).scalar_one())


async def refused(act: Awaitable[object]) -> str | None:
    """The rule that refuses, if one does."""
    try:
        await act
    except Conflict as error:
        return error.rule
    return None


async def test_it_comes_back_as_it_was(database: Database) -> None:
    book, maker = StoredApprovals(database, IDLE_S), await employ(database, 1, PersonRole.MAKER)
    checker = await employ(database, 2, PersonRole.CHECKER)
    seen = await signed(database, 5, maker)
    assert seen == replace(drafted(5), status=ApprovalStatus.SIGNED, signatures=(maker,), updated_at=seen.updated_at)
    operation = of(seen, 1)
    await book.check(seen, checker, [operation])
    done = await book.get(seen.id)
    assert done is not None
    assert (done.status, done.signatures, done.operations) == (
        ApprovalStatus.EXECUTED,
        (maker, checker),
        (operation.id,),
    )
    assert await book.find("3/key-5") == done


async def test_of_many_checkers_one_gets_through(processes: list[Database]) -> None:
    maker = await employ(processes[0], 100, PersonRole.MAKER)
    checkers = [await employ(processes[0], 200 + i, PersonRole.CHECKER) for i in range(PROCESSES)]
    seen = await signed(processes[0], 6, maker)

    async def check(process: Database, index: int) -> str | None:
        return await refused(StoredApprovals(process, IDLE_S).check(seen, checkers[index], [of(seen, 10 + index)]))

    ends = await at_once(processes, check)
    assert sorted(map(str, ends)) == ["ApprovalNotWaiting"] * (PROCESSES - 1) + ["None"]
    assert stored(processes[0]) == 1


async def test_checked_refused_and_withdrawn_at_once_is_one_of_them(processes: list[Database]) -> None:
    maker = await employ(processes[0], 1, PersonRole.MAKER)
    checker = await employ(processes[0], 2, PersonRole.CHECKER)
    seen = await signed(processes[0], 7, maker)

    async def end(process: Database, index: int) -> str | None:
        book = StoredApprovals(process, IDLE_S)
        if index % 3 == 0:
            return await refused(book.check(seen, checker, [of(seen, 20 + index)]))
        status = ApprovalStatus.REFUSED if index % 3 == 1 else ApprovalStatus.WITHDRAWN
        return await refused(book.end(seen, status, checker.person))

    ends = await at_once(processes, end)
    assert ends.count(None) == 1
    assert stored(processes[0]) == (1 if ends.index(None) % 3 == 0 else 0)


async def test_one_key_is_one_approval(processes: list[Database]) -> None:
    async def put(process: Database, index: int) -> str:
        return (await StoredApprovals(process, IDLE_S).put(replace(drafted(30 + index), idempotency_key="3/same"))).id

    assert len(set(await at_once(processes, put))) == 1
    other = replace(drafted(40), idempotency_key="3/same", request_hash="said otherwise")
    with pytest.raises(Conflict, match="IdempotencyKeyReused"):
        await StoredApprovals(processes[0], IDLE_S).put(other)


async def test_who_is_disabled_at_that_moment_has_signed_before_it_or_not_at_all(processes: list[Database]) -> None:
    """An administrator disables the maker while a checker signs: either the act went out first, or it never does."""
    for serial in range(4):
        maker = await employ(processes[0], 1_000 + serial, PersonRole.MAKER)
        checker = await employ(processes[0], 2_000 + serial, PersonRole.CHECKER)
        seen = await signed(processes[0], 50 + serial, maker)
        before = stored(processes[0])

        async def act(
            process: Database,
            index: int,
            seen: Approval = seen,
            maker: Signature = maker,
            checker: Signature = checker,
            serial: int = serial,
        ) -> str | None:
            if index == serial % 2:
                await StoredPeople(process).set_active(maker.person, active=False)
                return None
            if index != 1 - serial % 2:
                return None
            operation = of(seen, 3_000 + serial)
            return await refused(StoredApprovals(process, IDLE_S).check(seen, checker, [operation]))

        end = (await at_once(processes, act))[1 - serial % 2]
        assert end in (None, "SignatureVoid")
        assert stored(processes[0]) == before + (end is None)
    late = await signed(processes[0], 60, await employ(processes[0], 3, PersonRole.MAKER))
    await StoredPeople(processes[1]).set_active(f"{3:032x}", active=False)
    checker = await employ(processes[0], 4, PersonRole.CHECKER)
    assert await refused(StoredApprovals(processes[0], IDLE_S).check(late, checker, [of(late, 99)])) == "SignatureVoid"


async def test_thresholds_change_with_the_signature(database: Database) -> None:
    """And with nothing else; 0 takes one away."""
    book = StoredApprovals(database, IDLE_S)
    maker = await employ(database, 1, PersonRole.MAKER)
    checker = await employ(database, 2, PersonRole.CHECKER)
    for serial, amount in ((70, 500), (71, 2**96 - 1), (72, 0)):
        wanted = Threshold(ActKind.FINANCE, "CNY", amount)
        seen = await signed(database, serial, maker, [wanted])
        before = await book.thresholds(PARTY)
        assert wanted not in before
        await book.check(seen, checker, [])
        assert await book.thresholds(PARTY) == ([wanted] if amount else [])
        assert await book.thresholds(PARTY + 1) == []


async def test_listings_expire_by_the_time_given(database: Database) -> None:
    book, maker = StoredApprovals(database, IDLE_S), await employ(database, 1, PersonRole.MAKER)
    await signed(database, 80, maker)
    await book.put(replace(drafted(81), deadline=5_000))

    async def listed(status: ApprovalStatus | None, time: int) -> list[str]:
        page = await book.listing(party=PARTY, status=status, time=time, cursor=None, limit=10)
        return [a.id[-2:] for a in page.items]

    assert await listed(None, 1) == [f"{81:032x}"[-2:], f"{80:032x}"[-2:]]
    assert await listed(ApprovalStatus.SIGNED, 1_000) == [f"{80:02x}"]
    assert await listed(ApprovalStatus.SIGNED, 1_001) == []
    assert await listed(ApprovalStatus.EXPIRED, 1_001) == [f"{80:02x}"]
    assert await listed(ApprovalStatus.PREPARED, 1_001) == [f"{81:02x}"]
    page = await book.listing(party=None, status=None, time=1, cursor=None, limit=1)
    more = await book.listing(party=None, status=None, time=1, cursor=page.next, limit=1)
    assert [a.id[-2:] for a in (*page.items, *more.items)] == [f"{81:02x}", f"{80:02x}"]
    assert more.next is None


ROWS = [ApprovedRow(i, "0x" + "44" * 20, {"amount": 2**90, "dueDay": i}, "0x" + f"{i // 2:064x}") for i in range(5)]
"""The first two have the same terms, and so have the next two."""


async def waiting(database: Database, serial: int) -> tuple[Approval, Job]:
    """A job of five rows and one that was refused at once, and its approval as it is kept."""
    job = Job(f"{serial:032x}", "confirm", PARTY, JobStatus.AWAITING, {}, approval=f"{serial:032x}")
    refused = JobRow(5, 5, None, RowStatus.REFUSED, error={"rule": "UnknownItem", "evidence": {"item": 5}})
    approval = replace(drafted(serial), idempotency_key=None)
    await StoredJobs(database).put(job, [*(JobRow(i, i, None) for i in range(5)), refused], approval, ROWS)
    found = await StoredApprovals(database, IDLE_S).get(approval.id)
    assert found is not None
    assert (found.job, await StoredJobs(database).take("x|x|1|1", 1)) == (job.id, None)
    return found, job


async def state(database: Database, job: Job) -> tuple[JobStatus, set[str | None]]:
    """And the rules by which rows were refused."""
    kept = await StoredJobs(database).get(job.id)
    assert kept is not None
    rows = (await StoredJobs(database).rows(job.id, status=RowStatus.REFUSED, cursor=None, limit=9)).items
    assert kept.counts[RowStatus.REFUSED] == len(rows)
    return kept.status, {row.error["rule"] for row in rows if row.error}


async def test_a_job_is_released_with_the_checkers_signature(database: Database) -> None:
    book, maker = StoredApprovals(database, IDLE_S), await employ(database, 1, PersonRole.MAKER)
    seen, job = await waiting(database, 90)
    await book.make(seen, maker)
    seen = await found(book, seen)
    gone = await employ(database, 2, PersonRole.CHECKER)
    await StoredPeople(database).set_active(gone.person, active=False)
    assert await refused(book.check(seen, gone, [])) == "SignatureVoid"
    assert await state(database, job) == (JobStatus.AWAITING, {"UnknownItem"})
    await book.check(seen, await employ(database, 3, PersonRole.CHECKER), [])
    assert await state(database, job) == (JobStatus.RUNNING, {"UnknownItem"})
    assert await book.rows(seen.id) == ROWS
    page = await book.rows_page(seen.id, cursor="1", limit=2)
    assert ([row.position for row in page.items], page.next) == ([2, 3], "3")
    assert await book.row_hashes(seen.id) == {ROWS[0].token: [row.hash for row in ROWS]}


async def test_a_job_ends_with_its_approval(database: Database) -> None:
    book = StoredApprovals(database, IDLE_S)
    for serial, status, rule in (
        (91, ApprovalStatus.REFUSED, "ApprovalRefused"),
        (92, ApprovalStatus.WITHDRAWN, "ApprovalWithdrawn"),
    ):
        seen, job = await waiting(database, serial)
        await book.end(seen, status, "p")
        assert await state(database, job) == (JobStatus.CANCELLED, {"UnknownItem", rule})
    assert await book.first_job_deadline() is None
    seen, job = await waiting(database, 93)
    await book.make(seen, await employ(database, 1, PersonRole.MAKER))
    seen = await found(book, seen)
    assert await book.first_job_deadline() == seen.deadline
    await book.expire_jobs(seen.deadline)
    assert await state(database, job) == (JobStatus.AWAITING, {"UnknownItem"})
    await book.expire_jobs(seen.deadline + 1)
    late = book.check(seen, await employ(database, 2, PersonRole.CHECKER), [])
    assert await refused(late) == "ApprovalNotWaiting"
    assert await state(database, job) == (JobStatus.CANCELLED, {"UnknownItem", "ApprovalExpired"})
    assert await found(book, seen) == seen


async def test_released_or_expired_whoever_comes_first(processes: list[Database]) -> None:
    maker = await employ(processes[0], 1, PersonRole.MAKER)
    checkers = [await employ(processes[0], 200 + i, PersonRole.CHECKER) for i in range(PROCESSES)]
    seen, job = await waiting(processes[0], 94)
    await StoredApprovals(processes[0], IDLE_S).make(seen, maker)
    seen = await found(StoredApprovals(processes[0], IDLE_S), seen)

    async def act(process: Database, index: int) -> str | None:
        book = StoredApprovals(process, IDLE_S)
        if index % 2:
            return await refused(book.check(seen, checkers[index], []))
        await book.expire_jobs(seen.deadline + 1)
        return "expired"

    ends = await at_once(processes, act)
    status, rules = await state(processes[0], job)
    assert (ends.count(None), status, len(rules)) in [(1, JobStatus.RUNNING, 1), (0, JobStatus.CANCELLED, 2)]
    kept = await found(StoredApprovals(processes[0], IDLE_S), seen)
    assert (kept.status is ApprovalStatus.EXECUTED) == (status is JobStatus.RUNNING)


async def test_each_row_is_in_one_operation(processes: list[Database]) -> None:
    """Two rows have the same terms: two operations may carry one each, and no third; until one has failed for good."""
    book = StoredApprovals(processes[0], IDLE_S)
    maker, checker = await employ(processes[0], 1, PersonRole.MAKER), await employ(processes[0], 2, PersonRole.CHECKER)
    seen, _ = await waiting(processes[0], 95)
    row = (ROWS[0].token, ROWS[0].hash)
    assert await refused(book.carry_rows(seen, [(of(seen, 50), [row])])) == "ApprovalNotWaiting"
    await book.make(seen, maker)
    await book.check(await found(book, seen), checker, [])

    async def carry(process: Database, index: int) -> str | None:
        return await refused(StoredApprovals(process, IDLE_S).carry_rows(seen, [(of(seen, 60 + index), [row])]))

    ends = await at_once(processes, carry)
    assert sorted(map(str, ends)) == ["ApprovalMismatch"] * (PROCESSES - 2) + ["None"] * 2
    assert stored(processes[0]) == 2
    wanted = [(of(seen, 70), [(ROWS[2].token, ROWS[2].hash)]), (of(seen, 71), [row])]
    assert await refused(book.carry_rows(seen, wanted)) == "ApprovalMismatch"
    assert [r.operation for r in await book.rows(seen.id)][2:] == [None] * 3

    first = (await book.rows(seen.id))[0].operation
    for final, end in ((False, "ApprovalMismatch"), (True, None)):
        failed = update(operations).where(operations.c.id == first).values(status="failed", final=final)
        await processes[0].write(lambda c, failed=failed: c.execute(failed))
        assert await refused(book.carry_rows(seen, [(of(seen, 80 + final), [row])])) == end
    other = ("0x" + "55" * 20, ROWS[2].hash)
    assert await refused(book.carry_rows(seen, [(of(seen, 90), [other])])) == "ApprovalMismatch"


LIMIT = 1_000
HELD = [Threshold(kind, code, LIMIT) for kind in (ActKind.FINANCE, ActKind.PAY) for code in ("CNY", "EUR")]


def lone(serial: int, amount: int, at: int = 0, key: str | None = None, **other: Any) -> tuple[Operation, Lone]:
    operation = replace(make(serial, key, "said" if key else None), party=PARTY)
    return operation, replace(Lone(operation.id, PARTY, ActKind.FINANCE, "CNY", amount, at), **other)


async def asked(database: Database, operation: Operation, one: Lone) -> str | None:
    return await refused(StoredOperations(database).put([operation], [one]))


async def test_what_one_person_does_adds_up_whoever_comes_first(processes: list[Database]) -> None:
    """Each below the threshold, twelve at once in six processes: as many get through as stay below it together."""
    await processes[0].write(lambda c: [set_threshold(c, PARTY, held) for held in HELD] and None)

    async def ask(process: Database, index: int) -> list[str | None]:
        return [await asked(process, *lone(300 + 2 * index + turn, 240)) for turn in range(2)]

    ends = [end for some in await at_once(processes, ask) for end in some]
    assert sorted(map(str, ends)) == ["ApprovalNeeded"] * (2 * PROCESSES - 4) + ["None"] * 4
    assert stored(processes[0]) == 4
    assert await StoredApprovals(processes[0], IDLE_S).lone(PARTY, 0) == {(ActKind.FINANCE, "CNY"): 960}


async def test_what_counts_to_a_threshold(database: Database) -> None:
    """The same kind and currency of one company, for a day, but for what failed for good; nothing where no threshold is."""
    await database.write(lambda c: [set_threshold(c, PARTY, held) for held in HELD] and None)
    assert await asked(database, *lone(400, LIMIT)) == "ApprovalNeeded"
    assert await asked(database, *lone(401, 600, at=50, key="once")) is None
    assert await asked(database, *lone(402, 400, at=50)) == "ApprovalNeeded"
    assert await asked(database, *lone(403, 600, currency="EUR")) is None
    assert await asked(database, *lone(404, 600, kind=ActKind.PAY)) is None
    assert await asked(database, *lone(405, 1, kind=ActKind.CONFIRM)) == "ApprovalNeeded"
    assert await asked(database, *lone(406, 1, party=PARTY + 1)) == "ApprovalNeeded"
    # The same request once more is not counted once more.
    assert await asked(database, *lone(407, 600, at=50, key="once")) is None
    assert await asked(database, *lone(408, 400, at=50 + COUNTED_S - 1)) == "ApprovalNeeded"
    for final, end in ((False, "ApprovalNeeded"), (True, None)):
        failed = update(operations).where(operations.c.id == f"{401:032x}").values(status="failed", final=final)
        await database.write(lambda c, failed=failed: c.execute(failed))
        assert await asked(database, *lone(410 + final, 400, at=50)) == end
    assert await asked(database, *lone(412, 600, at=50)) == "ApprovalNeeded"
    assert await asked(database, *lone(413, 600, at=50 + COUNTED_S)) is None


async def found(book: StoredApprovals, approval: Approval) -> Approval:
    """As it is kept now."""
    kept = await book.get(approval.id)
    assert kept is not None
    return kept
