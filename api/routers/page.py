"""The page at `/`, its assets, and the API's own documentation, all from this machine."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api.domain.errors import NotFound, Unavailable

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "api" / "web" / "dist"
SWAGGER = ROOT / "node_modules" / "swagger-ui-dist"
SWAGGER_FILES = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_CHECK = {"Cache-Control": "no-cache"}

_PACKED = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""What is worth packing, and what it is."""

_ASSET = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
"""A name of a file in a folder without folders."""

_OWN_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')

_DOCS = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Cascade API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <script src="/docs/swagger-ui-bundle.js" defer></script>
    <script src="/docs/start.js" defer></script>
  </head>
  <body><div id="docs"></div></body>
</html>
"""
_START = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n"

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> Response:
    """The page itself. 503 with the next command while it is not built."""
    index = PAGE / "index.html"
    if not index.is_file():
        raise Unavailable("PageNotBuilt")
    return FileResponse(index, headers=_CHECK)


@router.get("/assets/{name:path}")
async def asset(request: Request, name: str) -> Response:
    """What the page loads, packed for readers that unpack; the names carry a hash of the content, so they may be kept for
    ever."""
    file = PAGE / "assets" / name
    if not _ASSET.fullmatch(name) or not file.is_file():
        raise NotFound("UnknownPath", path=request.url.path)
    taken = {part.partition(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
    if "gzip" not in taken or file.suffix not in _PACKED:
        return FileResponse(file, headers=_FOREVER)
    headers = {**_FOREVER, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(await to_thread.run_sync(_packed, file), 200, headers, _PACKED[file.suffix])


@lru_cache(256)
def _packed(file: Path) -> bytes:
    """A file under a name that no other content ever has."""
    return gzip.compress(file.read_bytes(), 9, mtime=0)


@router.get("/check")
async def dossier_check() -> Response:
    """The check of dossiers: one file that asks nobody anything, under the policy that it brings along. 503 as above."""
    file = PAGE / "check.html"
    if not file.is_file():
        raise Unavailable("PageNotBuilt")
    html = file.read_text(encoding="utf-8")
    policy = _OWN_POLICY.search(html)
    assert policy is not None, "vite puts it there"
    return Response(
        html, 200, {**_CHECK, "Content-Security-Policy": f"{policy[1]}; frame-ancestors 'none'"}, "text/html"
    )


@router.get("/docs")
async def docs() -> Response:
    """The API's documentation, to read and to try."""
    return Response(_DOCS, media_type="text/html")


@router.get("/docs/start.js")
async def docs_start() -> Response:
    return Response(_START, media_type="text/javascript")


@router.get("/docs/{name}")
async def docs_file(request: Request, name: str) -> Response:
    if name not in SWAGGER_FILES or not (SWAGGER / name).is_file():
        raise NotFound("UnknownPath", path=request.url.path)
    return FileResponse(SWAGGER / name, headers=_CHECK)
