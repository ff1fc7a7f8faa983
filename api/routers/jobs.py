"""Bulk jobs: thousands of confirmations as one request, and how each of them ended."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.domain.calendar import instant
from api.domain.jobs import Job, JobRow, RowStatus
from api.errors import told
from api.routers.answers import Json, json_answer
from api.routers.deps import Cursor, Desk, Language, Limit, Seeing, Who, Writing
from api.routers.documented import reading, refusals
from api.schemas import jobs as shapes
from api.schemas import ledger, wire

router = APIRouter(prefix="/jobs", tags=["jobs"])

JobId = Annotated[str, Path(alias="id", pattern=r"^[0-9a-f]{32}$", examples=["0f1e2d3c4b5a69788796a5b4c3d2e1f0"])]


@router.post(
    "/confirmations",
    response_model=shapes.Job,
    status_code=202,
    responses=refusals(
        *("UnknownParty", "RequestInvalid", "HostNotAllowed", "CrossOriginRefused", "BodyTooLarge"),
        *(
            "NoSigningAccount",
            "ChainUnreachable",
            "MediaTypeNotSupported",
            "IdempotencyKeyReused",
            "IdempotencyKeyInvalid",
            "IndexMissing",
        ),
    ),
)
async def confirm(desk: Desk, see: Seeing, who: Who, write: Writing, body: shapes.ConfirmationJobBody) -> Response:
    """A core enterprise confirms up to 10,000 imported invoices as one job, in batch transactions.

    202 once it is stored; `Location` is the job. A row that cannot be confirmed is refused by name and stops no other. A
    job goes on after any crash where it stopped. Where it needs two people it is `awaiting_approval`, and `approval` names
    what they sign.
    """
    see.acts_for(body.party)
    job = await desk.bulk.submit(who, body.party, [(row.item, row.amount) for row in body.rows], write.request)
    return json_answer(_job(job), 202, {"Location": f"/jobs/{job.id}"})


@router.get("", response_model=ledger.Page[shapes.Job], responses=reading("CursorInvalid"))
async def jobs(see: Seeing, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Jobs of the asker's party, newest first."""
    return json_answer(wire.page(await see.jobs(cursor=cursor, limit=limit), _job))


@router.get("/{id}", response_model=shapes.Job, responses=reading("UnknownJob"))
async def one(see: Seeing, job_id: JobId) -> Response:
    """One job and how far it is."""
    return json_answer(_job(await see.job(job_id)))


@router.get("/{id}/rows", response_model=ledger.Page[shapes.JobRow], responses=reading("UnknownJob", "CursorInvalid"))
async def rows(
    see: Seeing,
    language: Language,
    job_id: JobId,
    status: RowStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The rows of a job in the order of the request; those in one state with `status`."""
    page = await see.job_rows(job_id, status=status, cursor=cursor, limit=limit)
    return json_answer(wire.page(page, lambda row: _row(row, language)))


def _job(job: Job) -> Json:
    return {
        "id": job.id,
        "kind": job.kind,
        "party": job.party,
        "status": job.status.value,
        "approval": job.approval,
        "rows": job.total,
        **{status.value: job.counts.get(status, 0) for status in RowStatus},
        "created_at": instant(job.created_at),
        "updated_at": instant(job.updated_at),
    }


def _row(row: JobRow, language: str) -> Json:
    error = row.error
    return {
        "position": row.position,
        "item": row.item,
        "amount": None if row.amount is None else str(row.amount),
        "status": row.status.value,
        "operation": row.operation,
        "error": None if error is None else told(str(error["rule"]), dict(error.get("evidence", {})), language),
    }
