"""What the API is measured beside: the same rows of the same database, by bare Starlette and by bare FastAPI, with orjson,
in a process served as the API is. `python -m bench.api_peer DATABASE PORT`; says "ready" when it answers."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

_READ = "SELECT * FROM notes WHERE id = ?"
_TREE = "SELECT * FROM notes WHERE root_id = ? ORDER BY id"


def peers(database: str) -> ASGIApp:
    """`/starlette/{id}`, `/starlette/{id}/tree` and `/fastapi/{id}`, each by an app that has nothing else to do."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row

    def note(note: int) -> Response:
        row = dict(connection.execute(_READ, (note,)).fetchone())
        return Response(orjson.dumps(row, default=_hex), media_type="application/json")

    async def one(request: Request) -> Response:
        return note(int(request.path_params["id"]))

    async def tree(request: Request) -> Response:
        rows = list(map(dict, connection.execute(_TREE, (request.path_params["id"],))))
        return Response(orjson.dumps(rows, default=_hex), media_type="application/json")

    starlette = Starlette(routes=[Route("/starlette/{id:int}", one), Route("/starlette/{id:int}/tree", tree)])
    fastapi = FastAPI(openapi_url=None, telemetry={"tracing": False, "metrics": False, "logs": False})

    @fastapi.get("/fastapi/{id}")
    async def by_fastapi(id: int) -> Response:
        return note(id)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        app = fastapi if scope.get("path", "").startswith("/fastapi") else starlette
        await app(scope, receive, send)

    return either


def _hex(value: Any) -> str:
    return bytes(value).hex()


class _Server(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        print("ready", flush=True)


def main() -> None:
    database, port = sys.argv[1:]
    config = uvicorn.Config(
        peers(database), port=int(port), loop="uvloop", http="httptools", access_log=False, log_level="warning"
    )
    _Server(config).run()


if __name__ == "__main__":
    main()
