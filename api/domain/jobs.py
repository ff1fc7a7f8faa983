"""Bulk jobs: one request of thousands of rows that is carried out piece by piece, each row with an end of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from api.domain.approvals import Approval, ApprovedRow
from api.domain.views import Page


class JobStatus(StrEnum):
    """running → done, when every row has ended. Where two people are needed: awaiting_approval → running, or → cancelled
    when they do not both sign."""

    AWAITING = "awaiting_approval"
    CANCELLED = "cancelled"
    RUNNING = "running"
    DONE = "done"


class RowStatus(StrEnum):
    """waiting → sent (in an operation) → confirmed; or refused, before or after sending. A batch that failed sends its
    rows back to waiting."""

    WAITING = "waiting"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class JobRow:
    """One row. `item` is the imported item; `amount` (minor units) the part of it, None: whole."""

    position: int
    item: int
    amount: int | None
    status: RowStatus = RowStatus.WAITING
    operation: str | None = None
    failures: int = 0
    """How many batches failed on the chain with this row in them."""
    error: Mapping[str, Any] | None = None
    """When refused: {"rule", "evidence"}."""


@dataclass(frozen=True, slots=True)
class Job:
    """A bulk job. `counts` are its rows by status; times are Unix seconds of the host."""

    id: str
    kind: str
    party: int
    status: JobStatus
    counts: Mapping[RowStatus, int]
    idempotency_key: str | None = None
    request_hash: str | None = None
    created_at: int = 0
    updated_at: int = 0
    approval: str | None = None
    """By which two people release it; None where one was enough."""

    @property
    def total(self) -> int:
        """Rows of all statuses."""
        return sum(self.counts.values())


class JobBook(Protocol):
    """Keeps jobs and their rows."""

    async def put(
        self, job: Job, rows: Sequence[JobRow], approval: Approval | None = None, approved: Sequence[ApprovedRow] = ()
    ) -> Job:
        """Stores all, with the approval that the job waits for and the rows that it is of; or answers with the job
        that the idempotency key is known for (Conflict("IdempotencyKeyReused")
        when it was for another request)."""
        ...

    async def get(self, job: str) -> Job | None: ...

    async def find(self, idempotency_key: str) -> Job | None: ...

    async def listing(self, *, party: int | None, cursor: str | None, limit: int) -> Page[Job]:
        """Newest first."""
        ...

    async def rows(self, job: str, *, status: RowStatus | None, cursor: str | None, limit: int) -> Page[JobRow]:
        """By position."""
        ...

    async def take(self, owner: str, lease_s: float) -> Job | None:
        """A running job that nobody else leases, the oldest first, leased to `owner` for so long."""
        ...

    async def renew(self, job: str, owner: str, lease_s: float) -> bool:
        """Prolongs the lease. False when another owner took it over meanwhile."""
        ...

    async def waiting(self, job: str, limit: int) -> Sequence[JobRow]:
        """The next rows that wait, those that failed least first."""
        ...

    async def sent(self, job: str) -> Sequence[JobRow]:
        """Rows that are in an operation."""
        ...

    async def refuse(self, job: str, refused: Mapping[int, Mapping[str, Any]]) -> None:
        """Ends rows (by position) that cannot be done: {"rule", "evidence"} each."""
        ...

    async def assign(self, job: str, positions: Collection[int], operation: str) -> None:
        """Notes the operation that rows are in: before it is put into the outbox, so that none is sent twice."""
        ...

    async def settle(self, job: str, operation: str, *, confirmed: bool) -> None:
        """Ends the rows of an operation that was confirmed, or sends those of one that failed back to waiting."""
        ...

    async def give_back(self, job: str, operation: str) -> None:
        """Rows of an operation that never reached the outbox wait again."""
        ...

    async def turn_away(self, job: str, operation: str, error: Mapping[str, Any]) -> None:
        """Ends the rows of an operation that the outbox did not take: {"rule", "evidence"}."""
        ...

    async def finish(self, job: str) -> None:
        """Every row has ended."""
        ...
