"""Errors as answered: RFC 9457 problem details."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class FieldProblem(BaseModel):
    """One field that is wrong: where it stands, the rule it breaks, and why in both languages."""

    field: str
    rule: str
    message: str
    message_zh: str


class Problem(BaseModel):
    """`type` is stable; `title` and `detail` are in the language of Accept-Language, `_zh` always in Chinese."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(pattern=r"^/problems/[a-z0-9-]+$")
    status: int
    title: str
    title_zh: str
    detail: str
    detail_zh: str
    evidence: dict[str, Any]
    errors: list[FieldProblem] | None = Field(default=None, description="The fields of a request that are wrong.")
    request_id: str | None = None


class ProblemType(BaseModel):
    """A rule that something may be refused by."""

    type: str
    title: str
    title_zh: str


class ProblemTypes(BaseModel):
    types: list[ProblemType]
