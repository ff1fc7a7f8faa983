"""Bulk jobs as asked for and answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.domain.jobs import JobStatus, RowStatus
from api.schemas.base import Amount, Answer, Body, Instant, ItemId, Minor, PartyId
from api.schemas.operations import Failure

MOST_ROWS = 10_000


class JobRowBody(Body):
    item: ItemId
    amount: Annotated[Amount | None, Field(description="Confirmed in part; left out: whole.")] = None


class ConfirmationJobBody(Body):
    """Imported items to confirm, each with an end of its own."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"party": 1, "rows": [{"item": 11}, {"item": 12, "amount": "4000000"}]}]},
    )

    party: PartyId
    rows: Annotated[list[JobRowBody], Field(min_length=1, max_length=MOST_ROWS)]


class Job(Answer):
    """`waiting` + `sent` + `confirmed` + `refused` = `rows`. `done`: every row has ended. `awaiting_approval`: nothing is sent
    until two people have signed `approval`; `cancelled`: they did not."""

    id: str
    kind: str
    party: int
    status: JobStatus
    approval: str | None
    rows: int
    waiting: int
    sent: int
    confirmed: int
    refused: int
    created_at: Instant
    updated_at: Instant


class JobRow(Answer):
    """A row, by its position in the request (from 0). `operation` is the transaction that it is in."""

    position: int
    item: int
    amount: Minor | None
    status: RowStatus
    operation: str | None
    error: Failure | None
