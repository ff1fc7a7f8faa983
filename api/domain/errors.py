"""What can go wrong, by name. Every error a person can meet is one of these; texts in both languages are in messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CascadeError(Exception):
    """Base of all named errors. `rule` is stable (CamelCase, as the contracts' custom errors); `evidence` says with what.

    The HTTP layer turns `rule` into a problem type (kebab-case); the messages catalogue turns it into a sentence.
    """

    def __init__(self, rule: str, /, **evidence: Any) -> None:
        self.rule = rule
        self.evidence: Mapping[str, Any] = evidence
        inner = ", ".join(f"{k}={v}" for k, v in evidence.items())
        super().__init__(f"{rule}({inner})")


class RuleBroken(CascadeError):
    """A rule of the protocol refuses the act (a custom error of a contract, or the same rule found earlier). HTTP 4xx."""


class InvalidInput(CascadeError):
    """The request itself is wrong: a field and the rule it breaks are in the evidence. HTTP 422."""


class Unauthenticated(CascadeError):
    """Nobody knows who asks: no credential, or none that holds. HTTP 401."""


class Forbidden(CascadeError):
    """Whoever asks may not, whatever the object. HTTP 403. What somebody may not see is NotFound instead."""


class NotFound(CascadeError):
    """The thing named does not exist. HTTP 404."""


class Conflict(CascadeError):
    """The same idempotency key came with another body, or a draft is already used. HTTP 409."""


class Unavailable(CascadeError):
    """The chain, the index or the key is out of reach for now; trying again may help. HTTP 503."""
