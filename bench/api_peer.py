"""What the API is measured beside: the same row of the same database, by bare Starlette and by bare FastAPI, with orjson, in
a process served as the API is. `python -m bench.api_peer DATABASE PORT`; says "ready" when it answers."""

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
from starlette.routing import Mount, Route

_READ = "SELECT * FROM notes WHERE id = ?"


def peer(database: str) -> Starlette:
    """`/starlette/{id}` and `/fastapi/{id}`."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row

    def answer(note: int) -> Response:
        row = dict(connection.execute(_READ, (note,)).fetchone())
        return Response(orjson.dumps(row, default=_hex), media_type="application/json")

    async def starlette(request: Request) -> Response:
        return answer(int(request.path_params["id"]))

    fastapi = FastAPI(openapi_url=None)

    @fastapi.get("/{id}")
    async def one(id: int) -> Response:
        return answer(id)

    return Starlette(routes=[Route("/starlette/{id:int}", starlette), Mount("/fastapi", fastapi)])


def _hex(value: Any) -> str:
    return bytes(value).hex()


class _Server(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        print("ready", flush=True)


def main() -> None:
    database, port = sys.argv[1:]
    config = uvicorn.Config(
        peer(database), port=int(port), loop="uvloop", http="httptools", access_log=False, log_level="warning"
    )
    _Server(config).run()


if __name__ == "__main__":
    main()
