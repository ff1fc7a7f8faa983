"""API keys of the company that asks, for its programs. Administrators alone see and make them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.routers import identity_answers as answers
from api.routers.answers import json_answer
from api.routers.deps import Desk, Who
from api.routers.documented import posting, reading
from api.schemas import identity

router = APIRouter(prefix="/api-keys", tags=["api-keys"])

KeyPath = Annotated[str, Path(alias="id", pattern=r"^[0-9a-f]{32}$")]


@router.get("", response_model=identity.ApiKeys, responses=reading("NotCompanyAdmin"))
async def api_keys(desk: Desk, who: Who) -> Response:
    """The company's keys, expired and revoked ones too, without their secrets."""
    return json_answer({"keys": [answers.api_key(k) for k in await desk.identity.keys.listing(who)]})


@router.post("", status_code=201, response_model=identity.NewApiKey, responses=posting("NotCompanyAdmin"))
async def create(desk: Desk, who: Who, body: identity.ApiKeyBody) -> Response:
    """A new key; its token is told this once."""
    new = await desk.identity.keys.create(who, body.name, frozenset(body.scopes), body.days)
    return json_answer({"key": answers.api_key(new.key), "token": new.token.text}, 201)


@router.delete("/{id}", status_code=204, responses=posting("NotCompanyAdmin", "UnknownApiKey"))
async def revoke(desk: Desk, who: Who, key: KeyPath) -> Response:
    """Revokes a key, at once and for good."""
    await desk.identity.keys.revoke(who, key)
    return Response(status_code=204)
