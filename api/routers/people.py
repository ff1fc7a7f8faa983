"""People of the company that asks: administrators invite them, give roles, and disable who leaves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.routers import identity_answers as answers
from api.routers.answers import json_answer
from api.routers.deps import Desk, Who
from api.routers.documented import posting, reading
from api.schemas import identity

router = APIRouter(prefix="/people", tags=["people"])

PersonPath = Annotated[str, Path(alias="id", pattern=r"^[0-9a-f]{32}$")]


@router.get("", response_model=identity.People, responses=reading())
async def people(desk: Desk, who: Who) -> Response:
    """Everybody of one's own company, in the order of their invitation."""
    return json_answer({"people": [answers.person(p) for p in await desk.identity.staff.listing(who)]})


@router.post(
    "",
    status_code=201,
    response_model=identity.Invitation,
    responses=posting("NotCompanyAdmin", "EmailTaken"),
)
async def invite(desk: Desk, who: Who, body: identity.InviteBody) -> Response:
    """An administrator invites a person; the set-up token in the answer is told this once and holds for three days."""
    invited = await desk.identity.staff.invite(who, body.email, body.name, frozenset(body.roles))
    return json_answer(answers.invitation(invited), 201)


@router.put(
    "/{id}/roles",
    response_model=identity.Person,
    responses=posting("NotCompanyAdmin", "UnknownPerson", "LastAdmin"),
)
async def set_roles(desk: Desk, who: Who, person: PersonPath, body: identity.RolesBody) -> Response:
    """An administrator gives and takes roles; they count from the person's next request on."""
    return json_answer(answers.person(await desk.identity.staff.set_roles(who, person, frozenset(body.roles))))


@router.post(
    "/{id}/disable",
    response_model=identity.Person,
    responses=posting("NotCompanyAdmin", "UnknownPerson", "LastAdmin"),
)
async def disable(desk: Desk, who: Who, person: PersonPath) -> Response:
    """An administrator shuts a person out; sessions end at once."""
    return json_answer(answers.person(await desk.identity.staff.set_active(who, person, active=False)))


@router.post(
    "/{id}/enable",
    response_model=identity.Person,
    responses=posting("NotCompanyAdmin", "UnknownPerson"),
)
async def enable(desk: Desk, who: Who, person: PersonPath) -> Response:
    """An administrator lets a disabled person in again."""
    return json_answer(answers.person(await desk.identity.staff.set_active(who, person, active=True)))


@router.post(
    "/{id}/reset",
    status_code=201,
    response_model=identity.Invitation,
    responses=posting("NotCompanyAdmin", "UnknownPerson"),
)
async def reset(desk: Desk, who: Who, person: PersonPath) -> Response:
    """For who lost password or authenticator: sessions end, linked accounts are forgotten, and the person enrols anew."""
    return json_answer(answers.invitation(await desk.identity.staff.reset(who, person)), 201)
