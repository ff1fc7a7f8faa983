"""Bulk confirmation by two people: what both sign is a hash of the rows, and no row is sent that is not one of them."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import anyio
import pytest
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from sqlalchemy import select, update

from api.bootstrap import Services, open_services
from api.domain.errors import CascadeError
from api.domain.jobs import JobStatus
from api.domain.operations import Call, Contract, Operation
from api.domain.principal import PersonRole
from api.services.acts import Acts, new_operation
from api.services.bulk import BulkConfirmation
from api.store.app.jobs import StoredJobs
from api.store.app.outbox import process_name
from api.store.app.tables import approval_rows, approvals, imported_items, jobs
from tests.api.http.test_jobs import Died, Dying, to_the_end
from tests.api.http.town import check_problem
from tests.api.http.two import Json, Pair, Signer, done
from tests.api.http.wallet import wallet_of

ADMIN, MAKER, CHECKER, VIEWER = PersonRole
KEY_ELSEWHERE = 61
"""A test account whose key the service has not."""
ENDED = ("done", "cancelled")
TYPES = {
    "EIP712Domain": [{"name": "name", "type": "string"}],
    "Confirmation": [
        {"name": "creditor", "type": "uint32"},
        {"name": "amount", "type": "uint96"},
        {"name": "deliveryDay", "type": "uint16"},
        {"name": "dueDay", "type": "uint16"},
        {"name": "evidenceHash", "type": "bytes32"},
        {"name": "invoices", "type": "InvoiceClaim[]"},
    ],
    "InvoiceClaim": [
        {"name": "fingerprint", "type": "bytes32"},
        {"name": "invoiceAmount", "type": "uint96"},
        {"name": "claimed", "type": "uint96"},
    ],
}


def ask(pair: Pair, by: Signer, items: Sequence[int], **headers: str) -> Json:
    """A job of these items, whole."""
    body = {"party": pair.companies["assembler"], "rows": [{"item": item} for item in items]}
    answer = by.http.post("/jobs/confirmations", json=body, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/jobs/{answer.json()['id']}"
    return dict(answer.json())


def waiting(pair: Pair, by: Signer, count: int = 2, amount: str = "100.00") -> Json:
    """A job that waits for its approval."""
    job = ask(pair, by, pair.ledger(by.http, [(amount, 60)] * count))
    assert job["status"] == "awaiting_approval"
    return job


def job_of(by: Signer, job: Json) -> Json:
    return dict(done(by.http.get(f"/jobs/{job['id']}")))


def ended(pair: Pair, by: Signer, job: Json) -> Json:
    return dict(pair.town.until(lambda: job_of(by, job), lambda j: j["status"] in ENDED, timeout=90))


def pages(by: Any, path: str) -> list[Json]:
    found: list[Json] = []
    query: dict[str, str] = {"limit": "100"}
    while True:
        page = done(by.http.get(path, params=query))
        found += page["items"]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


def rules(by: Signer, job: Json) -> list[str | None]:
    """By which rule each row was refused, if it was."""
    rows = pages(by, f"/jobs/{job['id']}/rows")
    return [row["error"] and row["error"]["type"].removeprefix("/problems/") for row in rows]


def written(pair: Pair, statement: Any) -> None:
    """By somebody who can write into the database."""
    pair.guarded.database.write_now(lambda c: c.execute(statement))


@contextmanager
def held_up(pair: Pair, job: Json) -> Iterator[None]:
    """The worker does not take the job meanwhile: this process holds it."""
    there = update(jobs).where(jobs.c.id == job["id"])
    written(pair, there.values(owner=process_name(), lease_until=time.time() + 600))
    yield
    written(pair, there.values(owner=None, lease_until=None))


def row_hash(terms: Json) -> bytes:
    """By eth-account alone."""
    data = {"types": TYPES, "primaryType": "Confirmation", "domain": {"name": ""}, "message": terms}
    return bytes(encode_typed_data(full_message=data).body)


def test_ten_rows_of_which_one_is_bad(pair: Pair, maker: Signer, checker: Signer) -> None:
    """From the asking to the chain; the auditor recomputes what was signed from the rows."""
    core = pair.companies["assembler"]
    items = pair.ledger(maker.http, [(f"{100 + n}.00", 60 if n != 4 else -3) for n in range(10)])
    before = pair.stack.view(Contract.NOTES, "receivableCount")
    job = ask(pair, maker, items, **{"Idempotency-Key": "ten-rows"})
    assert (job["status"], job["rows"], job["waiting"], job["refused"]) == ("awaiting_approval", 10, 9, 1)
    assert ask(pair, maker, items, **{"Idempotency-Key": "ten-rows"}) == job
    other = {"party": core, "rows": [{"item": items[0]}]}
    answer = maker.http.post("/jobs/confirmations", json=other, headers={"Idempotency-Key": "ten-rows"})
    check_problem(answer, "idempotency-key-reused", 409)
    assert rules(maker, job) == [*[None] * 4, "due-day-past", *[None] * 5]

    path = f"/approvals/{job['approval']}"
    seen = done(checker.http.get(path))
    total = sum(100_00 + 100 * n for n in range(10) if n != 4)
    assert (seen["kind"], seen["status"], seen["job"]) == ("confirm", "prepared", job["id"])
    assert seen["amounts"] == [{"currency": "CNY", "amount": str(total)}]
    (signed,) = seen["typed_data"]["message"]["rows"]
    assert (signed["count"], signed["amount"], signed["currency"]) == ("9", str(total), "CNY")
    (line,) = seen["lines"]
    assert line["en"].startswith(
        f"Confirm 9 debts as one job, {total / 100:.2f} CNY in all, due {signed['firstDue']} to "
    )
    assert line["zh"].startswith(f"以一项任务逐笔确认应付 9 笔,合计 {total / 100:.2f} CNY")
    assert [c["name_en"] for c in seen["counterparties"]] == ["smith Ltd"]

    done(pair.sign(maker, job["approval"], "maker"))
    assert job_of(checker, job)["status"] == "awaiting_approval"
    executed = done(pair.sign(checker, job["approval"], "checker"))
    assert executed["status"] == "executed"
    assert job_of(maker, job)["status"] in ("running", "done")
    assert (ended(pair, maker, job)["confirmed"], job_of(maker, job)["refused"]) == (9, 1)
    assert pair.stack.view(Contract.NOTES, "receivableCount") == before + 9
    (operation,) = pair.ended(maker.http, done(maker.http.get(path)))
    assert (operation["status"], operation["approval"]) == ("confirmed", job["approval"])

    rows = pages(pair.auditor, f"{path}/rows")
    assert [row["position"] for row in rows] == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert {row["operation"] for row in rows} == {operation["id"]}
    hashes = [row_hash(row["terms"]) for row in rows]
    assert ["0x" + one.hex() for one in hashes] == [row["hash"] for row in rows]
    assert signed["rowsHash"] == "0x" + keccak(b"".join(hashes)).hex()
    reads = done(pair.guarded.operator.http.get("/audit/reads"))["items"]
    assert f"{path}/rows" in {r["target"].partition("?")[0] for r in reads}
    stranger = pair.person("smith", *PersonRole)
    check_problem(stranger.http.get(f"{path}/rows"), "unknown-approval", 404)


def test_a_job_of_bad_rows_alone_needs_nobody(pair: Pair, maker: Signer) -> None:
    job = ask(pair, maker, [*pair.ledger(maker.http, [("100.00", -3)]), 2**52])
    assert (job["approval"], job["refused"]) == (None, 2)
    assert ended(pair, maker, job)["status"] == "done"
    assert rules(maker, job) == ["due-day-past", "unknown-item"]


def test_nobody_signs_what_no_key_at_hand_could_send(pair: Pair) -> None:
    account = wallet_of(KEY_ELSEWHERE).address
    role = {"settlement_account": account, "administrator": account}
    pair.guarded.admit([pair.town.admission("elsewhere", "core_enterprise", **role)])
    someone, party = pair.person("elsewhere", MAKER), pair.companies["elsewhere"]
    (item,) = pair.ledger(someone.http, [("100.00", 60)], "elsewhere")
    answer = someone.http.post("/jobs/confirmations", json={"party": party, "rows": [{"item": item}]})
    check_problem(answer, "no-signing-account", 403)
    for path in ("/jobs", "/approvals"):
        assert done(someone.http.get(path))["items"] == []


def test_one_person_cannot_release_it(pair: Pair) -> None:
    both = pair.signer("assembler", MAKER, CHECKER)
    job = waiting(pair, both)
    done(pair.sign(both, job["approval"], "maker"))
    check_problem(pair.sign(both, job["approval"], "checker"), "same-person", 409)
    assert job_of(both, job)["status"] == "awaiting_approval"


def test_of_two_checkers_at_once_one_releases_it(pair: Pair, maker: Signer) -> None:
    checkers = [pair.signer("assembler", CHECKER) for _ in range(3)]
    job = waiting(pair, maker, 3)
    done(pair.sign(maker, job["approval"], "maker"))
    with ThreadPoolExecutor(len(checkers)) as pool:
        answers = list(pool.map(lambda one: pair.sign(one, job["approval"], "checker"), checkers))
    assert sorted(a.status_code for a in answers) == [200, 409, 409]
    assert ended(pair, maker, job)["confirmed"] == 3


def test_a_row_that_changed_since_is_refused_alone(pair: Pair, maker: Signer, checker: Signer) -> None:
    """Its due date in the ledger, and its amount by a part that was claimed meanwhile."""
    items = pair.ledger(maker.http, [("100.00", 60)] * 4)
    job = ask(pair, maker, items)
    done(pair.sign(maker, job["approval"], "maker"))
    written(pair, update(imported_items).where(imported_items.c.id == items[1]).values(due_date="2099-06-01"))
    done(pair.sign(checker, job["approval"], "checker"))
    assert ended(pair, maker, job)["confirmed"] == 3
    assert rules(maker, job) == [None, "approved-row-changed", None, None]
    error = pages(maker, f"/jobs/{job['id']}/rows")[1]["error"]
    assert error["evidence"] == {"approval": job["approval"], "fields": ["dueDay"]}
    rows = pages(maker, f"/approvals/{job['approval']}/rows")
    assert [row["operation"] is None for row in rows] == [False, True, False, False]


def test_the_same_item_twice_is_confirmed_once(pair: Pair, maker: Signer, checker: Signer) -> None:
    (item,) = pair.ledger(maker.http, [("100.00", 60)])
    job = ask(pair, maker, [item, item])
    pair.both(maker, checker, job["approval"])
    assert (ended(pair, maker, job)["confirmed"], job_of(maker, job)["refused"]) == (1, 1)


def test_what_was_altered_in_the_database_is_not_signed(pair: Pair, maker: Signer, checker: Signer) -> None:
    """Other terms in a row, with the old hash or their own; a row that is taken away."""
    dearer = {"amount": 999_00}
    for columns in ({}, {"hash": "0x" + "11" * 32}, None):
        job = waiting(pair, maker)
        there = (approval_rows.c.approval == job["approval"], approval_rows.c.position == 1)
        done(pair.sign(maker, job["approval"], "maker"))
        if columns is None:
            written(pair, approval_rows.delete().where(*there))
        else:
            query = select(approval_rows.c.terms).where(*there)
            terms = json.loads(pair.guarded.database.read_now(lambda c, q=query: c.execute(q).scalar_one()))
            written(pair, update(approval_rows).where(*there).values(terms=json.dumps(terms | dearer), **columns))
        check_problem(pair.sign(checker, job["approval"], "checker"), "approval-altered", 409)
        assert job_of(maker, job)["status"] == "awaiting_approval"


def test_nor_sent(pair: Pair, maker: Signer, checker: Signer) -> None:
    """A job that is set to run without signatures, or without its approval, and rows that are altered once it was released."""
    job = waiting(pair, maker)
    written(pair, update(jobs).where(jobs.c.id == job["id"]).values(status="running", approval=None))
    assert ended(pair, maker, job)["refused"] == 2
    assert rules(maker, job) == ["approval-needed"] * 2

    job = waiting(pair, maker)
    written(pair, update(approvals).where(approvals.c.id == job["approval"]).values(status="executed"))
    written(pair, update(jobs).where(jobs.c.id == job["id"]).values(status="running"))
    assert ended(pair, maker, job)["refused"] == 2
    assert rules(maker, job) == ["approval-not-waiting"] * 2

    job = waiting(pair, maker)
    with held_up(pair, job):
        pair.both(maker, checker, job["approval"])
        change = update(approval_rows).where(approval_rows.c.approval == job["approval"], approval_rows.c.position == 1)
        written(pair, change.values(hash="0x" + "11" * 32))
    assert ended(pair, maker, job)["refused"] == 2
    assert rules(maker, job) == ["approval-altered"] * 2


def test_the_gate_takes_no_other_row_and_each_once(pair: Pair, maker: Signer, checker: Signer) -> None:
    """Operations that name a released approval, past the runner."""
    job, others = waiting(pair, maker, 3), waiting(pair, maker, 1)
    core, items = pair.companies["assembler"], [row["item"] for row in pages(maker, f"/jobs/{job['id']}/rows")]

    async def attempts() -> list[str | None]:
        async with open_services(pair.stack.settings) as services:
            mine = await services.approvals.rows(job["approval"])
            (foreign,) = await services.approvals.rows(others["approval"])
            account = await services.acts.account_of(core, 1)
            (cny,) = [v.id for v in await services.ledger.model.currencies() if v.token == mine[0].token]
            gbp = next(v.id for v in await services.ledger.model.currencies() if v.code == "GBP")
            attestation = {"signer": account, "nonce": 1, "deadline": 2, "signature": "0x" + "00" * 65}

            def confirming(*terms: Any, currency: int = cny, by: str = account) -> Operation:
                call = Call(Contract.ISSUANCE, "confirm", (currency, [dict(t) for t in terms], attestation), by)
                return replace(new_operation("confirm", core, call, None, 0), approval=job["approval"])

            one, two, _ = (row.terms for row in mine)
            longer = {**one, "dueDay": one["dueDay"] + 1}
            claim = {**one, "invoices": [{**one["invoices"][0], "claimed": 1}]}
            allowance = Call(
                Contract.TOKEN, "approve", (pair.stack.address(Contract.FINANCING), 1), account, mine[0].token
            )
            bad = [
                confirming(one, foreign.terms),
                confirming(longer),
                confirming(claim),
                confirming({**one, "creditor": core}),
                confirming(one, one),
                confirming(one, currency=gbp),
                confirming(one, by=pair.guarded.accounts["smith"]),
                replace(confirming(one), call=allowance),
                replace(confirming(one), signed="0x02"),
                replace(confirming(one), approval=others["approval"]),
                replace(confirming(one), approval=None),
                replace(confirming(one), party=pair.companies["smith"]),
            ]
            found = [await refusal(services, [operation]) for operation in bad]
            found.append(await refusal(services, [confirming(one), confirming(one, two)]))
            # Two at once with one row in common; then what is left, and once more.
            plan = await services.issuance.plan(core, await services.issuance.items(items))
            valid = [await services.issuance.calls(core, some) for some in (plan.ready[:2], plan.ready[1:])]
            both = [replace(confirming(one), call=call) for (call,) in valid]
            raced: list[str | None] = []

            async def put(operation: Operation) -> None:
                raced.append(await refusal(services, [operation]))

            async with anyio.create_task_group() as tasks:
                for operation in both:
                    tasks.start_soon(put, operation)
            return [*found, *sorted(raced, key=str), await refusal(services, [confirming(two)])]

    with held_up(pair, job):
        pair.both(maker, checker, job["approval"])
        found = anyio.run(attempts)
    mismatch = "ApprovalMismatch"
    assert found[:9] == [mismatch] * 9
    # One that nobody signed, none, and another company's.
    assert found[9:12] == ["ApprovalNotWaiting", "ApprovalNeeded", "UnknownApproval"]
    assert found[12:] == [mismatch, mismatch, None, mismatch]
    # What was carried out past the runner is not carried out again; the row that was not is.
    assert (ended(pair, maker, job)["confirmed"], sorted(map(str, rules(maker, job)))) == (
        1,
        ["None", "already-claimed", "already-claimed"],
    )


async def refusal(services: Services, operations: Sequence[Operation]) -> str | None:
    """The rule by which the outbox does not take them."""
    try:
        await services.box.put(operations)
    except CascadeError as error:
        return error.rule
    return None


def test_void_signatures_stop_it_before_its_release_and_not_after(pair: Pair, checker: Signer) -> None:
    admin, leaving = pair.person("assembler", ADMIN), pair.signer("assembler", MAKER)
    job = waiting(pair, leaving)
    done(pair.sign(leaving, job["approval"], "maker"))
    done(admin.http.post(f"/people/{leaving.id}/disable"))
    check_problem(pair.sign(checker, job["approval"], "checker"), "signature-void", 409)
    assert job_of(checker, job)["status"] == "awaiting_approval"

    staying = pair.signer("assembler", MAKER)
    job = waiting(pair, staying)
    with held_up(pair, job):
        pair.both(staying, checker, job["approval"])
        done(admin.http.post(f"/people/{staying.id}/disable"))
    assert ended(pair, checker, job)["confirmed"] == 2


def test_below_the_threshold_one_person_is_enough(pair: Pair, maker: Signer, checker: Signer) -> None:
    """What all rows come to together counts; what is refused at once counts nothing."""
    core, admin = pair.companies["assembler"], pair.signer("assembler", ADMIN)

    def limit(amount: str) -> None:
        wanted = {"party": core, "thresholds": [{"kind": "confirm", "currency": "CNY", "amount": amount}]}
        pair.both(admin, checker, done(admin.http.post("/approvals/thresholds", json=wanted))["id"])

    limit("40000")
    try:
        items = pair.ledger(maker.http, [("100.00", 60)] * 7 + [("100.00", -3), ("100.00", 60)])
        at = ask(pair, maker, items[:4])
        assert (at["status"], at["approval"] is None) == ("awaiting_approval", False)
        below = ask(pair, maker, items[4:8])
        assert (below["approval"], below["refused"]) == (None, 1)
        assert ended(pair, maker, below)["confirmed"] == 3
        after = ask(pair, maker, items[8:])
        assert after["status"] == "awaiting_approval"  # with what the job before came to
    finally:
        limit("0")
    assert done(maker.http.get("/approvals/thresholds")) == {"thresholds": []}


@pytest.mark.parametrize("after", [False, True])
def test_a_released_job_whose_process_died_goes_on(pair: Pair, maker: Signer, checker: Signer, after: bool) -> None:
    """Before or after the second batch is in the outbox; the worker takes it up, and no row is sent twice."""
    before, job = pair.stack.view(Contract.NOTES, "receivableCount"), waiting(pair, maker, 120)

    async def until_it_dies() -> None:
        async with open_services(pair.stack.settings) as services:
            book, acts = StoredJobs(pair.guarded.database), services.acts
            dying = Acts(acts.chain, Dying(acts.box, 2, after=after), acts.signer, acts.ledger, acts.operator)
            first = BulkConfirmation(dying, services.issuance, services.items, book, "first", services.approvals)
            kept = await book.get(job["id"])
            assert kept is not None
            with pytest.raises(Died):
                await to_the_end(first, kept)

    with held_up(pair, job):
        pair.both(maker, checker, job["approval"])
        anyio.run(until_it_dies)
    assert ended(pair, maker, job)["confirmed"] == 120
    assert pair.stack.view(Contract.NOTES, "receivableCount") == before + 120
    carried = pages(maker, f"/approvals/{job['approval']}/rows")
    assert sorted(Counter(row["operation"] for row in carried).values()) == [20, 50, 50]


@pytest.mark.deep
def test_ten_thousand_rows(pair: Pair, maker: Signer, checker: Signer) -> None:
    items = [i for _ in range(10) for i in pair.ledger(maker.http, [("1.00", 60)] * 1_000)]
    job = ask(pair, maker, items)
    pair.both(maker, checker, job["approval"])
    seen = pair.town.until(lambda: job_of(maker, job), lambda j: j["status"] in ENDED, timeout=900)
    assert seen["confirmed"] == len(items)
    rows = pages(maker, f"/approvals/{job['approval']}/rows")
    (signed,) = done(maker.http.get(f"/approvals/{job['approval']}"))["typed_data"]["message"]["rows"]
    assert signed["rowsHash"] == "0x" + keccak(b"".join(row_hash(row["terms"]) for row in rows)).hex()


def test_named_ends(pair: Pair, maker: Signer, checker: Signer) -> None:
    """Last in the file: the clock goes on by a day."""
    refused, withdrawn, expired = (waiting(pair, maker) for _ in range(3))
    for job in (refused, expired):
        done(pair.sign(maker, job["approval"], "maker"))
    done(checker.http.post(f"/approvals/{refused['approval']}/refuse"))
    done(maker.http.post(f"/approvals/{withdrawn['approval']}/withdraw"))
    typed = done(maker.http.get(f"/approvals/{expired['approval']}"))["typed_data"]
    pair.pass_to(int(typed["message"]["deadline"]) + 1)
    for job, rule in ((refused, "refused"), (withdrawn, "withdrawn"), (expired, "expired")):
        assert ended(pair, maker, job)["status"] == JobStatus.CANCELLED.value
        assert rules(maker, job) == [f"approval-{rule}"] * 2
        assert done(maker.http.get(f"/approvals/{job['approval']}"))["operations"] == []
    check_problem(pair.sign(checker, expired["approval"], "checker"), "approval-expired", 409)
