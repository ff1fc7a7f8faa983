"""From exceptions to problems, for the whole app."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.domain.errors import CascadeError, InvalidInput, NotFound, Unavailable
from api.errors import MEDIA_TYPE, language_of, problem

_log = structlog.get_logger("api")
_WORD = re.compile(r"[^a-z0-9]+")
_CONTEXT = re.compile(r"\{(\w+)\}")

_MESSAGES_ZH: Mapping[str, str] = {
    "missing": "缺少该字段",
    "extra-forbidden": "没有这个字段",
    "json-invalid": "不是有效的 JSON",
    "int-type": "应为整数",
    "int-parsing": "应为整数",
    "int-from-float": "应为整数",
    "bool-type": "应为 true 或 false",
    "string-type": "应为文本",
    "list-type": "应为列表",
    "dict-type": "应为对象",
    "model-attributes-type": "应为对象",
    "greater-than-equal": "应不小于 {ge}",
    "less-than-equal": "应不大于 {le}",
    "string-too-long": "最长 {max_length} 个字符",
    "string-pattern-mismatch": "格式应为 {pattern}",
    "too-long": "最多 {max_length} 项",
    "too-short": "至少 {min_length} 项",
    "string-too-short": "至少 {min_length} 个字符",
    "literal-error": "应为 {expected}",
    "enum": "应为 {expected}",
    "date-type": "应为日期(YYYY-MM-DD)",
    "date-parsing": "应为日期(YYYY-MM-DD)",
    "date-from-datetime-parsing": "应为日期(YYYY-MM-DD)",
    "date-from-datetime-inexact": "应为日期(YYYY-MM-DD)",
    "union-tag-invalid": "应为 {expected_tags} 之一",
    "union-tag-not-found": "缺少 {discriminator}",
    "amount-form": "金额应为十进制数字字符串,以最小货币单位计",
    "amount-too-large": "金额超过 {limit}",
    "address-checksum": "地址校验和有误",
    "instant-form": "时刻应写作 2025-07-01T02:00:00Z",
    "one-of": "notes、receivables、due_until 须且只须给出一个",
}
"""Rules of request fields in Chinese, by the validator's own names."""


class BodyTooLarge(HTTPException):
    """A body passed its bound while a route was reading it. `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


def install(app: FastAPI) -> None:
    """Every exception that is foreseen leaves as a problem; the others do at the edge (api.guard)."""
    app.add_exception_handler(CascadeError, _named)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def problem_answer(
    error: CascadeError,
    language: str,
    request_id: str | None,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """The problem of a named error, as a response."""
    document = problem(error, language) | {"request_id": request_id} | dict(more or {})
    out = {"Content-Language": "zh" if language == "zh" else "en", **(headers or {})}
    if document["status"] == 401:
        out.setdefault("WWW-Authenticate", 'Bearer realm="cascade"')
    if document["status"] == 429:
        out.setdefault("Retry-After", str(error.evidence["wait_s"]))
    if document["status"] == 503:
        out.setdefault("Retry-After", "2")
    return Response(orjson.dumps(document), document["status"], out, MEDIA_TYPE)


def _answer(request: Request, error: CascadeError, **more: Any) -> Response:
    language = language_of(request.headers.get("accept-language"))
    return problem_answer(error, language, request.scope.get("request_id"), **more)


async def _named(request: Request, error: Exception) -> Response:
    assert isinstance(error, CascadeError)
    if isinstance(error, Unavailable):
        _log.warning("unavailable", rule=error.rule, path=request.url.path, evidence=str(error))
    return _answer(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = [_field(one) for one in error.errors()[:50]]
    first = fields[0] if fields else {"field": "", "rule": ""}
    named = InvalidInput("RequestInvalid", field=first["field"], rule=first["rule"])
    return _answer(request, named, more={"errors": fields})


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, BodyTooLarge):
        return _answer(request, InvalidInput("BodyTooLarge", limit=error.limit), headers={"Connection": "close"})
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        headers = {"Allow": allowed} if allowed else None
        return _answer(request, InvalidInput("MethodNotAllowed", allowed=allowed), headers=headers)
    if error.status_code == 404:
        return _answer(request, NotFound("UnknownPath", path=request.url.path))
    return _answer(request, InvalidInput("RequestInvalid", field="body", rule=str(error.detail)))


def _field(one: Mapping[str, Any]) -> dict[str, str]:
    """Where, by which rule, and why, of one validation error."""
    rule = _WORD.sub("-", str(one["type"]).lower())
    context: Mapping[str, Any] = one.get("ctx") or {}
    message = str(one["msg"])
    if rule in ("too-short", "too-long") and context.get("field_type") == "Value":  # a secret's: a text all the same
        rule, message = f"string-{rule}", message.replace("items", "characters").replace(" after validation", "")
    chinese = _MESSAGES_ZH.get(rule, "该值不符合要求({rule})")
    values = {"rule": rule, **context}
    filled = _CONTEXT.sub(lambda m: str(values.get(m[1], "")), chinese)
    return {"field": _place(one["loc"]), "rule": rule, "message": message, "message_zh": filled}


def _place(path: Sequence[int | str]) -> str:
    """body.splits[0].portions[1].amount"""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
