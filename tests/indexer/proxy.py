"""A node that misbehaves: the real one behind a small HTTP server that changes what is asked and answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
from aiohttp import web

Call = Callable[[str, list[Any]], Awaitable[Any]]
"""Asks the real node; a Refusal where it refuses."""


class Refusal(Exception):
    """Answered as a JSON-RPC error."""

    def __init__(self, message: str, code: int = -32000) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message}


class Broken(Exception):
    """Answered by a page that is no JSON; `status` is HTTP's."""

    def __init__(self, status: int = 502) -> None:
        super().__init__(str(status))
        self.status = status


class Proxy:
    """Passes on what `answer` does not take: it is given method, parameters and a way to ask the node itself."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.url = ""
        self.answer: Callable[[str, list[Any], Call], Awaitable[Any]] = self.plainly
        self.asked: list[tuple[str, list[Any]]] = []
        self._session: aiohttp.ClientSession | None = None

    @staticmethod
    async def plainly(method: str, params: list[Any], node: Call) -> Any:
        return await node(method, params)

    async def node(self, method: str, params: list[Any]) -> Any:
        assert self._session is not None
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        async with self._session.post(self.upstream, json=body) as response:
            found = await response.json()
        if "error" in found:
            raise Refusal(found["error"]["message"], found["error"]["code"])
        return found["result"]

    async def _one(self, request: dict[str, Any]) -> dict[str, Any]:
        method, params = request["method"], request["params"]
        self.asked.append((method, params))
        try:
            return {"jsonrpc": "2.0", "id": request["id"], "result": await self.answer(method, params, self.node)}
        except Refusal as error:
            return {"jsonrpc": "2.0", "id": request["id"], "error": error.error}

    async def _handle(self, request: web.Request) -> web.Response:
        body = orjson.loads(await request.read())
        try:
            answer: Any = [await self._one(one) for one in body] if isinstance(body, list) else await self._one(body)
        except Broken as error:
            return web.Response(status=error.status, text="<html>upstream</html>")
        return web.Response(body=orjson.dumps(answer), content_type="application/json")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Proxy]:
        app = web.Application(client_max_size=2**30)
        app.router.add_post("/", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with aiohttp.ClientSession() as self._session:
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            try:
                yield self
            finally:
                await runner.cleanup()
