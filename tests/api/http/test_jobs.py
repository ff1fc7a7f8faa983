"""Bulk confirmation: every row has an end of its own, whatever the others do and whenever the process dies."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import open_services
from api.domain.jobs import Job, JobRow, JobStatus, RowStatus
from api.domain.operations import Operation
from api.domain.principal import LOCAL
from api.services.acts import Acts
from api.services.bulk import BulkConfirmation
from api.store.app.database import Database
from api.store.app.jobs import StoredJobs
from api.store.app.migrate import migrate
from api.store.app.outbox import process_name
from tests.api.http.town import Town

MANY = 130
"""More than two batches."""


def import_many(town: Town, count: int, seller: str = "tier1") -> list[int]:
    """Items of one ledger, 1,000.00 each."""
    issued, due = town.today() - timedelta(days=10), town.today() + timedelta(days=60)
    rows = [f"JOB-{next(town.numbers)},{seller},1000.00,{issued},{due},CNY" for _ in range(count)]
    text = "\n".join(["doc_no,vendor,amount,issue_date,due_date,currency", *rows, ""])
    answer = town.http.post(
        "/imports", data={"party": town.ids["core"]}, files={"file": ("bulk.csv", text.encode(), "text/csv")}
    )
    assert answer.status_code == 200, answer.text
    return [int(one["id"]) for one in answer.json()["imported"]]


def post(town: Town, rows: list[dict[str, Any]], **headers: str) -> dict[str, Any]:
    answer = town.http.post("/jobs/confirmations", json={"party": town.ids["core"], "rows": rows}, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/jobs/{answer.json()['id']}"
    return dict(answer.json())


def ended(town: Town, job: str) -> dict[str, Any]:
    seen = town.until(lambda: town.get(f"/jobs/{job}"), lambda j: j["status"] == "done", timeout=120)
    assert seen["status"] == "done", seen
    return dict(seen)


def rows_of(town: Town, job: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = town.get(f"/jobs/{job}/rows", limit=100, **query, **cursor)
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def receivables(town: Town) -> int:
    return int(town.get("/status")["totals"]["receivables"])


def test_bad_rows_stop_no_other(town: Town) -> None:
    good = import_many(town, MANY)
    before = receivables(town)
    claimed, stranger = town.imported(), town.imported(debtor="other_core")
    town.do("/receivables", {"party": town.ids["core"], "items": [claimed]})
    in_parts = town.imported(amount=100_00)
    rows: list[dict[str, Any]] = [{"item": item} for item in good]
    bad = {
        3: ({"item": claimed}, "already-claimed"),
        60: ({"item": 2**52}, "unknown-item"),
        70: ({"item": stranger}, "unknown-item"),
        100: ({"item": good[0]}, "over-invoice"),
        101: ({"item": in_parts, "amount": "6000"}, None),
        102: ({"item": in_parts, "amount": "5000"}, "over-invoice"),
    }
    for position, (row, _) in sorted(bad.items()):
        rows.insert(position, row)
    job = post(town, rows)
    assert (job["rows"], job["party"], job["kind"]) == (len(rows), town.ids["core"], "confirm")
    done = ended(town, job["id"])
    refused = [rule for _, rule in bad.values() if rule]
    assert (done["confirmed"], done["refused"]) == (MANY + 1, len(refused))
    assert (done["waiting"], done["sent"]) == (0, 0)
    assert receivables(town) == before + 1 + MANY + 1

    seen = rows_of(town, job["id"])
    assert [row["item"] for row in seen] == [row["item"] for row in rows]
    for position, row in enumerate(seen):
        rule = bad[position][1] if position in bad else None
        assert row["position"] == position
        assert row["status"] == ("refused" if rule else "confirmed"), row
        if rule:
            # The last two of one invoice compete: the contract takes one, whichever of the two comes first.
            assert row["error"]["type"].removeprefix("/problems/") in (rule, "already-claimed"), row
            assert row["error"]["detail_zh"] and row["error"]["detail"]
    assert len(rows_of(town, job["id"], status="refused")) == len(refused)
    for operation in {row["operation"] for row in seen if row["operation"]}:
        assert town.get(f"/operations/{operation}")["status"] == "confirmed"
    assert len({row["operation"] for row in seen if row["status"] == "confirmed"}) < MANY / 5


def test_a_line_that_runs_out_ends_the_rest_by_name(town: Town) -> None:
    items = import_many(town, 60)
    token = next(c["token"] for c in town.get("/status")["currencies"] if c["code"] == "CNY")
    line = next(one for one in town.get(f"/parties/{town.ids['core']}")["lines"] if one["currency"] == token)
    town.credit_line("core", "CNY", int(line["used"]) + 40 * 1000_00)
    try:
        done = ended(town, post(town, [{"item": item} for item in items])["id"])
        assert (done["confirmed"], done["refused"]) == (40, 20)
        errors = [row["error"]["type"] for row in rows_of(town, done["id"], status="refused")]
        assert Counter(errors) == {"/problems/over-line": 20}
    finally:
        town.credit_line("core", "CNY", int(line["limit"]))


def test_the_same_key_is_the_same_job(town: Town) -> None:
    items = import_many(town, 2)
    before = receivables(town)
    rows = [{"item": item} for item in items]
    first = post(town, rows, **{"Idempotency-Key": "bulk-job-1"})
    again = post(town, rows, **{"Idempotency-Key": "bulk-job-1"})
    assert again["id"] == first["id"]
    ended(town, first["id"])
    assert receivables(town) == before + 2
    body = {"party": town.ids["core"], "rows": rows[:1]}
    answer = town.http.post("/jobs/confirmations", json=body, headers={"Idempotency-Key": "bulk-job-1"})
    assert answer.status_code == 409, answer.text
    assert answer.json()["type"] == "/problems/idempotency-key-reused"


def test_what_is_no_job(town: Town) -> None:
    core = town.ids["core"]
    for body in ({"party": core, "rows": []}, {"party": core}, {"party": core, "rows": [{"item": 1, "price": "1"}]}):
        town.refused("/jobs/confirmations", body, "request-invalid", 422)
    too_many = {"party": core, "rows": [{"item": 1}] * 10_001}
    town.refused("/jobs/confirmations", too_many, "request-invalid", 422)
    town.refused("/jobs/confirmations", {"party": 4_000_000_000, "rows": [{"item": 1}]}, "unknown-party", 404)
    for path in ("/jobs/" + "0" * 32, "/jobs/" + "0" * 32 + "/rows"):
        assert town.http.get(path).json()["type"] == "/problems/unknown-job"


class Died(Exception):
    """The process, as far as the job can tell."""


class Dying:
    """An outbox that dies before or after it took the `at`-th batch; all else is the real one's."""

    def __init__(self, box: Any, at: int, *, after: bool) -> None:
        self._box, self._left, self._after = box, at, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._box, name)

    async def put(self, operations: list[Operation]) -> Any:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Died
        stored = await self._box.put(operations)
        if self._left == 0:
            raise Died
        return stored


@pytest.mark.anyio
@pytest.mark.parametrize("after", [False, True])
async def test_a_job_whose_process_died_goes_on(town: Town, tmp_path: Path, after: bool) -> None:
    """In a book of its own, which the running worker does not see: only the operations are carried out by it."""
    items = import_many(town, 120)
    before = receivables(town)
    database = Database(f"sqlite:///{tmp_path}/jobs.db")
    migrate(database)
    book = StoredJobs(database)
    async with open_services(town.stack.settings) as services:

        def as_process(owner: str, acts: Acts) -> BulkConfirmation:
            return BulkConfirmation(acts, services.issuance, services.items, book, owner, services.approvals)

        acts = services.acts
        dying = Acts(acts.chain, Dying(acts.box, 2, after=after), acts.signer, acts.ledger, acts.operator)
        first = as_process("first", dying)
        job = await first.submit(LOCAL, town.ids["core"], [(item, None) for item in items], None)
        with pytest.raises(Died):
            await to_the_end(first, job)
        sent = await book.sent(job.id)
        assert len({row.operation for row in sent}) == 2

        second = as_process("second", acts)
        await to_the_end(second, job)
        assert await ending(book, job) == {RowStatus.CONFIRMED: 120}
    database.close()
    assert receivables(town) == before + 120


@pytest.mark.anyio
async def test_one_process_at_a_time(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/jobs.db")
    migrate(database)
    book = StoredJobs(database)
    job = Job("0" * 32, "confirm", 1, JobStatus.RUNNING, {RowStatus.WAITING: 1})
    await book.put(job, [JobRow(0, 1, None)])
    alive = process_name()
    assert (await book.take(alive, 60)) is not None
    assert await book.take("elsewhere|boot|1|1", 60) is None
    assert await book.renew(job.id, alive, -1)
    assert (await book.take("elsewhere|boot|1|1", 60)) is not None
    assert not await book.renew(job.id, alive, 60)
    database.close()


async def to_the_end(bulk: BulkConfirmation, job: Job) -> None:
    while await bulk.step(job):
        pass


async def ending(book: StoredJobs, job: Job) -> dict[RowStatus, int]:
    found = await book.get(job.id)
    assert found is not None
    return dict(found.counts)
