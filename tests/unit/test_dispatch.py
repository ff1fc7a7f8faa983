"""Requests that are taken straight to their endpoints are answered as the framework answers them."""

from __future__ import annotations

from typing import Annotated, Any

import anyio
import httpx
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Path, Query, Request, Response

from api import dispatch
from api.config import load_settings
from api.main import create_app

READS = {"/notes/{id}", "/notes/{id}/trace", "/receivables/{id}", "/receivables/{id}/fund-flow", "/parties/{id}"}


def test_the_reads_that_are_asked_most_go_straight() -> None:
    routes = dispatch._routes(create_app(load_settings({})))
    assert {str(route.path) for route in routes if dispatch._steps(route) is not None} >= READS


async def _number(request: Request) -> int:
    request.app.state.calls.append("number")
    if "x-refused" in request.headers:
        raise HTTPException(418, "refused")
    return 7


Number = Annotated[int, Depends(_number)]


async def _double(number: Number) -> int:
    return 2 * number


def _sync(request: Request) -> str:
    return request.method


async def _query(q: int = 3) -> int:
    return q


def _told(**values: Any) -> Response:
    return Response(repr(values))


def app() -> FastAPI:
    """Every kind of route that there is."""
    router = APIRouter(prefix="/things")

    @router.get("/first")
    async def first(number: Number, double: Annotated[int, Depends(_double)]) -> Response:
        return _told(number=number, double=double)

    @router.get("/{id}")
    async def one(
        request: Request, id: Annotated[int, Path(ge=1, le=99)], double: Annotated[int, Depends(_double)]
    ) -> Response:
        return _told(id=id, double=double, params=request.path_params, route=request.scope["route"].path)

    @router.get("/{id}/{name:path}")
    async def file(id: str, name: str) -> Response:
        return _told(id=id, name=name)

    @router.get("")
    async def listing(q: Annotated[int, Query(ge=1)] = 1) -> Response:
        return _told(q=q)

    @router.post("/{id}")
    async def write(id: int, body: Annotated[dict[str, int], Body()]) -> Response:
        return _told(id=id, body=body)

    @router.get("/{id}/sync/of")
    async def sync(id: int, method: Annotated[str, Depends(_sync)], q: Annotated[int, Depends(_query)]) -> Response:
        return _told(id=id, method=method, q=q)

    @router.delete("/{id}")
    async def plain(id: int) -> dict[str, int]:
        return {"deleted": id}

    made = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    made.include_router(router, dependencies=[Depends(_number)])
    made.state.calls = []
    return made


REQUESTS = [
    ("GET", "/things/first", {}),
    ("GET", "/things/5", {}),
    ("GET", "/things/5?q=none", {}),
    ("GET", "/things/0", {}),
    ("GET", "/things/none", {}),
    ("GET", "/things/none", {"headers": {"X-Refused": "1"}}),
    ("GET", "/things/5/a/b", {}),
    ("GET", "/things/5/sync/of?q=4", {}),
    ("GET", "/things/5%2F6", {}),
    ("GET", "/things/%E5%87%AD", {}),
    ("GET", "/things", {}),
    ("GET", "/things?q=0", {}),
    ("GET", "/things/", {}),
    ("HEAD", "/things/5", {}),
    ("PUT", "/things/5", {}),
    ("POST", "/things/5", {"json": {"a": 1}}),
    ("POST", "/things/5", {"json": {"a": "b"}}),
    ("POST", "/things/5", {"content": b"{", "headers": {"Content-Type": "application/json"}}),
    ("DELETE", "/things/5", {}),
    ("GET", "/elsewhere", {}),
    ("GET", "/", {}),
]


@pytest.mark.parametrize(("method", "path", "more"), REQUESTS)
def test_the_answer_is_the_frameworks(method: str, path: str, more: dict[str, Any]) -> None:
    direct, usual = app(), app()
    dispatch.install(direct)

    async def ask(asked: FastAPI) -> httpx.Response:
        transport = httpx.ASGITransport(asked)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **more)

    ours, theirs = anyio.run(ask, direct), anyio.run(ask, usual)
    assert (ours.status_code, ours.content, ours.headers) == (theirs.status_code, theirs.content, theirs.headers)
    assert direct.state.calls == usual.state.calls
