"""Cascade's API from Python, in one file that needs httpx alone.

    with Client("http://127.0.0.1:8000", token="…") as api:
        done = api.notes_accept({"party": 3, "notes": [7]}, wait_s=30)
        for note in pages(api.notes_notes, holder=3):
            ...

Every write gets an idempotency key unless it brings one, so that what is tried again is done once. Tried again is what never
reached the server or is answered with 429 or 503, after the time that the answer asks for. Answers are dictionaries, typed as
the OpenAPI document has them; refusals are `Problem`. Amounts are strings of minor units: `int(note["value"])`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

import httpx

_TRY_AGAIN = frozenset({429, 503})
_LONGEST_PAUSE_S = 60.0


class Problem(Exception):
    """A refusal: `type` names the rule and is stable, `evidence` says with what, `request_id` is for the operator."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.document = document
        self.type: str = document.get("type", "about:blank")
        self.evidence: Mapping[str, Any] = document.get("evidence", {})
        self.request_id: str | None = document.get("request_id")
        super().__init__(f"{status} {self.type}: {document.get('detail', '')}")


class Transport:
    """Sends requests, tries again what may be, and keeps the last tag of each read, so that what has not changed is not sent
    twice. Not to be shared between threads."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        language: str = "en",
        timeout_s: float = 90.0,
        tries: int = 4,
        keep: int = 256,
    ) -> None:
        """`token`: an API key or an access token; `keep`: how many answers are remembered."""
        headers = {"Accept-Language": language}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self.http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout_s)
        self._tries = tries
        self._keep = keep
        self._kept: dict[str, tuple[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self.http.close()

    def read(self, path: str, query: Mapping[str, Any]) -> Any:
        """GET."""
        request = self.http.build_request("GET", path, params=_given(query))
        address = str(request.url)
        tag, before = self._kept.get(address, ("", None))
        if tag:
            request.headers["If-None-Match"] = tag
        answer = self._sent(request)
        if answer.status_code == 304:
            return before
        found = _content(answer)
        if "etag" in answer.headers:
            self._kept.pop(address, None)
            self._kept[address] = answer.headers["etag"], found
            if len(self._kept) > self._keep:
                del self._kept[next(iter(self._kept))]
        return found

    def write(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        wait_s: int = 0,
        **content: Any,
    ) -> Any:
        """A write; `content` is httpx's `json`, or `data` and `files`."""
        headers = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex}
        if wait_s:
            headers["Prefer"] = f"wait={wait_s}"
        request = self.http.build_request(method, path, params=_given(query), headers=headers, **content)
        return _content(self._sent(request))

    def _sent(self, request: httpx.Request) -> httpx.Response:
        for attempt in range(1, self._tries + 1):
            last = attempt == self._tries
            try:
                answer = self.http.send(request)
            except httpx.TransportError:
                if last:
                    raise
                time.sleep(_pause(attempt, None))
                continue
            if last or answer.status_code not in _TRY_AGAIN:
                break
            time.sleep(_pause(attempt, answer.headers.get("retry-after")))
        if answer.status_code >= 400:
            raise Problem(answer.status_code, _document(answer))
        return answer


def pages(listing: Callable[..., Any], **query: Any) -> Iterator[Any]:
    """Every item of a listing, page by page: `pages(api.notes_notes, holder=3)`."""
    cursor: str | None = None
    while True:
        page = listing(cursor=cursor, **query)
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return


def _given(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}


def _content(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content


def _document(answer: httpx.Response) -> Mapping[str, Any]:
    if "json" not in answer.headers.get("content-type", ""):
        return {"detail": answer.text[:200]}
    document: Mapping[str, Any] = answer.json()
    return document


def _pause(attempt: int, asked: str | None) -> float:
    """Seconds before the next try: what the answer asks for, else a quarter, a half, one…"""
    if asked is not None and asked.isdecimal():
        return min(float(asked), _LONGEST_PAUSE_S)
    return float(0.25 * 2 ** (attempt - 1))
