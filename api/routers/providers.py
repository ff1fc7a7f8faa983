"""Signing in by a company's own identity provider (OpenID Connect)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.domain.errors import CascadeError
from api.headers import cookie
from api.routers import identity_answers as answers
from api.routers.answers import json_answer
from api.routers.deps import ATTEMPT, Desk, client_address, cookie_name, presented
from api.routers.documented import posting, refusals
from api.schemas import identity
from api.services.providers import Answer

open_router = APIRouter(prefix="/auth/providers", tags=["auth"])

ProviderPath = Annotated[str, Path(alias="id", pattern=r"^[a-z0-9][a-z0-9-]{0,31}$", examples=["jianglan"])]
Told = Annotated[str | None, Query(max_length=4_096)]


@open_router.get("", response_model=identity.Providers, responses=refusals("TooManyRequests", "HostNotAllowed"))
async def providers(desk: Desk) -> Response:
    """Identity providers of companies, by the names under which their people know them."""
    return json_answer({"providers": [answers.provider(one) for one in desk.identity.providers.providers.all()]})


@open_router.post(
    "/{id}/sign-ins",
    response_model=identity.Departure,
    responses=posting("UnknownProvider", "ProviderUnavailable"),
)
async def begin_at_provider(
    desk: Desk, request: Request, provider: ProviderPath, body: identity.DepartBody
) -> Response:
    """Where the browser goes to sign in. It comes back to `/auth/providers/{id}/callback` with the cookie that this answer
    sets, within ten minutes, and then has a session in a cookie."""
    departure = await desk.identity.providers.begin(provider, body.view, presented(request))
    return answers.departing(desk, departure)


@open_router.post(
    "/{id}/enrolments",
    response_model=identity.Enrolment,
    responses=posting("UnknownProvider", "SetUpTokenInvalid", "ProviderOfOtherParty"),
)
async def enrol_by_provider(desk: Desk, provider: ProviderPath, body: identity.ProviderEnrolBody) -> Response:
    """An invited person will sign in at the provider, and gets the secret for an authenticator, to sign with."""
    chosen = await desk.identity.providers.choose(provider, body.token.get_secret_value())
    return json_answer({"totp_secret": chosen.secret, "otpauth": chosen.address})


@open_router.post(
    "/{id}/enrolments/confirm",
    response_model=identity.Departure,
    responses=posting(
        *("UnknownProvider", "SetUpTokenInvalid", "ProviderOfOtherParty", "CodeInvalid", "ProviderUnavailable")
    ),
)
async def confirm_by_provider(
    desk: Desk, request: Request, provider: ProviderPath, body: identity.EnrolConfirmBody
) -> Response:
    """A first code of the authenticator; then the browser goes to sign in, as by `sign-ins`. Whom the provider signs in is
    linked to the invited person, and the set-up token is used up."""
    token = body.token.get_secret_value()
    return answers.departing(
        desk, await desk.identity.providers.confirm(provider, token, body.code, presented(request))
    )


@open_router.get(
    "/{id}/callback",
    status_code=303,
    response_class=Response,
    responses={
        303: {"description": "Back in the page: signed in, or with `problem`, the type of what went wrong."},
        **refusals("RequestInvalid", "TooManyRequests", "HostNotAllowed"),
    },
)
async def provider_callback(
    desk: Desk,
    request: Request,
    provider: ProviderPath,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Told = None,
    error: Told = None,
    iss: Told = None,
) -> Response:
    """Where the provider sends the browser back to. For browsers alone."""
    secret = cookie(request.scope, cookie_name(desk.settings.web_origin, ATTEMPT))
    answer = Answer(state, code, error, iss)
    try:
        new = await desk.identity.providers.finish(provider, answer, secret, client_address(request))
    except CascadeError as refusal:
        return answers.refused(refusal)
    return answers.arrived(desk, new)
