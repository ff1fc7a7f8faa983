"""JSON-RPC over one kept-alive connection pool, with real batching. The node's refusals are `RpcError`; a node that
does not answer is Unavailable("ChainUnreachable")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from api.domain.errors import Unavailable
from api.gathering import Gathering

Request = tuple[str, Sequence[Any]]
_MAX_BATCH = 1_000
_MAX_BYTES = 1_000_000
"""A batch's size: nodes refuse larger bodies (anvil and geth-like ones from 2 to 5 MB on)."""


class RpcError(Exception):
    """The node understood and refused: `error` is the JSON-RPC error object."""

    def __init__(self, method: str, error: Mapping[str, Any]) -> None:
        self.method = method
        self.error = error
        super().__init__(f"{method}: {error.get('message', error)}")

    @property
    def message(self) -> str:
        return str(self.error.get("message", ""))

    @property
    def missing(self) -> bool:
        """True when the node has no such method."""
        text = self.message.lower()
        phrases = ("not supported", "method not found", "does not exist/is not available")
        return self.error.get("code") == -32601 or any(phrase in text for phrase in phrases)


class Rpc:
    """A client of one node. Use as an async context manager, or close it."""

    def __init__(self, url: str, timeout_s: float = 30.0) -> None:
        self.url = url
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None
        self._next_id = 0
        self._unsupported: set[str] = set()
        self._gathered: Gathering[Request, Any] = Gathering(self._all, _MAX_BATCH)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, payload: Any) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.post(
                self.url, data=orjson.dumps(payload), headers={"Content-Type": "application/json"}
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = str(error) or type(error).__name__
            raise Unavailable("ChainUnreachable", url=self.url, message=reason) from error
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Unavailable("ChainUnreachable", url=self.url, message=body[:200].decode(errors="replace")) from error

    def _request(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        self._next_id += 1
        return {"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": list(params)}

    async def call(self, method: str, *params: Any) -> Any:
        """One request. RpcError when the node refuses."""
        answer = await self._post(self._request(method, params))
        if "error" in answer:
            raise RpcError(method, answer["error"])
        return answer.get("result")

    async def call_along(self, method: str, *params: Any) -> Any:
        """As `call`, in one round trip with all that is asked so while the one before is on its way."""
        return await self._gathered.ask((method, params))

    async def _all(self, requests: Sequence[Request]) -> list[Any]:
        if len(requests) > 1:
            return await self.batch(requests)
        ((method, params),) = requests
        return [await self.call(method, *params)]

    async def try_call(self, method: str, *params: Any) -> tuple[bool, Any]:
        """As `call`, for methods that only some nodes have: (False, None) where it is missing, remembered."""
        if method in self._unsupported:
            return False, None
        try:
            return True, await self.call(method, *params)
        except RpcError as error:
            if not error.missing:
                raise
            self._unsupported.add(method)
            return False, None

    async def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Many requests in few round trips (a thousand, or a megabyte, each), answers in order; a refusal is an RpcError
        value."""
        answers: list[Any] = []
        for chunk in _chunks(requests):
            answers.extend(await self._chunk(chunk))
        return answers

    async def _chunk(self, requests: Sequence[Request]) -> list[Any]:
        payload = [self._request(method, params) for method, params in requests]
        found = await self._post(payload)
        if not isinstance(found, list):
            message = found.get("error", {}).get("message", "no batch in the answer") if isinstance(found, dict) else ""
            raise Unavailable("ChainUnreachable", url=self.url, message=str(message))
        by_id = {answer.get("id"): answer for answer in found}
        results: list[Any] = []
        for request in payload:
            answer = by_id.get(request["id"])
            if answer is None:
                raise Unavailable("ChainUnreachable", url=self.url, message="an answer is missing from the batch")
            failed = "error" in answer
            results.append(RpcError(request["method"], answer["error"]) if failed else answer.get("result"))
        return results


def _chunks(requests: Sequence[Request]) -> Iterator[Sequence[Request]]:
    start = size = 0
    for end, (_, params) in enumerate(requests):
        length = sum(len(p) for p in params if isinstance(p, str)) + 100
        if end > start and (end - start == _MAX_BATCH or size + length > _MAX_BYTES):
            yield requests[start:end]
            start, size = end, 0
        size += length
    if start < len(requests):
        yield requests[start:]
