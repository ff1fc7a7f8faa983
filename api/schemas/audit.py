"""The audit log as answered."""

from __future__ import annotations

from api.schemas.base import Answer, Instant


class AuditRead(Answer):
    """One request of an auditor: who (a person's id, or none for an API key), with which session or key, what it asked for,
    and when by the server's clock. It was written before the answer."""

    party: int
    person: str | None
    means: str
    credential: str
    method: str
    target: str
    request_id: str
    at: Instant
