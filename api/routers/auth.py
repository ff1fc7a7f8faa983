"""Signing in and out, enrolling, one's own sessions, password and accounts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.routers import identity_answers as answers
from api.routers.answers import json_answer
from api.routers.deps import Desk, Who, client_address, presented
from api.routers.documented import posting, reading
from api.schemas import identity
from api.schemas.base import Address

open_router = APIRouter(prefix="/auth", tags=["auth"])
"""Ways in: whoever comes here has no credential yet."""
router = APIRouter(prefix="/auth", tags=["auth"])

SessionPath = Annotated[str, Path(alias="id", pattern=r"^[0-9a-f]{32}$")]
AccountPath = Annotated[Address, Path()]


# -- ways in


@open_router.post(
    "/sessions",
    status_code=201,
    response_model=identity.SignedIn,
    responses=posting("SignInRefused", "TooManyAttempts"),
)
async def sign_in(desk: Desk, request: Request, body: identity.SignInBody) -> Response:
    """A person signs in with password and one-time code. Whatever does not fit, the answer is the same."""
    signed_in = await desk.identity.sign_in.with_password(
        body.email, body.password.get_secret_value(), body.code, client_address(request), presented(request)
    )
    return answers.signed_in(desk, signed_in, body.keep)


@open_router.post(
    "/enrolments",
    response_model=identity.Enrolment,
    responses=posting("SetUpTokenInvalid", "ProviderDemanded"),
)
async def enrol(desk: Desk, body: identity.EnrolBody) -> Response:
    """An invited person chooses a password, and gets the secret for an authenticator. Not valid until confirmed."""
    staff = desk.identity.staff
    chosen = await staff.choose(body.token.get_secret_value(), body.password.get_secret_value())
    return json_answer({"totp_secret": chosen.secret, "otpauth": chosen.address})


@open_router.post(
    "/enrolments/confirm",
    response_model=identity.Person,
    responses=posting("SetUpTokenInvalid", "CodeInvalid"),
)
async def confirm_enrolment(desk: Desk, body: identity.EnrolConfirmBody) -> Response:
    """A first code of the authenticator ends the enrolment: the set-up token is used up, the person can sign in."""
    person = await desk.identity.staff.confirm(body.token.get_secret_value(), body.code)
    return json_answer(answers.person(person))


@open_router.post("/siwe/nonces", response_model=identity.Nonce, responses=posting())
async def siwe_nonce(desk: Desk) -> Response:
    """A nonce for a message of Sign-In with Ethereum (EIP-4361), for one use within five minutes."""
    return json_answer(answers.nonce(desk, await desk.identity.wallets.nonce()))


@open_router.post(
    "/siwe/sessions",
    status_code=201,
    response_model=identity.SignedIn,
    responses=posting(
        "SignInRefused", "TooManyAttempts", "SignInMessageInvalid", "SignInMessageRefused", "IndexMissing"
    ),
)
async def siwe_sign_in(desk: Desk, request: Request, body: identity.WalletSignInBody) -> Response:
    """A person signs in by a linked account, which the chain says is the company's."""
    signed_in = await desk.identity.wallets.sign_in(
        body.message.get_secret_value(), body.signature, client_address(request), presented(request)
    )
    return answers.signed_in(desk, signed_in, body.keep)


# -- once in


@router.get("/me", response_model=identity.Me, responses=reading())
async def me(desk: Desk, who: Who) -> Response:
    """Who asks, as the server sees it."""
    name = (await desk.identity.sign_in.person(who)).name if who.person else None
    return json_answer(answers.me(who, name))


@router.get("/sessions", response_model=identity.Sessions, responses=reading("NotSignedInAsPerson"))
async def sessions(desk: Desk, who: Who) -> Response:
    """One's own live sessions, the latest first."""
    found = await desk.identity.sign_in.sessions(who)
    return json_answer({"sessions": [answers.session(one, who) for one in found]})


@router.delete("/sessions/current", status_code=204, responses=posting("NotSignedInAsPerson", "UnknownSession"))
async def sign_out(desk: Desk, who: Who) -> Response:
    """Ends this session."""
    await desk.identity.sign_in.end(who, who.credential)
    return answers.signed_out(desk)


@router.delete("/sessions", status_code=204, responses=posting("NotSignedInAsPerson"))
async def sign_out_everywhere(desk: Desk, who: Who) -> Response:
    """Ends all of one's sessions, this one too."""
    await desk.identity.sign_in.end_all(who)
    return answers.signed_out(desk)


@router.delete("/sessions/{id}", status_code=204, responses=posting("NotSignedInAsPerson", "UnknownSession"))
async def end_session(desk: Desk, who: Who, session: SessionPath) -> Response:
    """Ends one of one's own sessions."""
    await desk.identity.sign_in.end(who, session)
    return Response(status_code=204)


@router.post(
    "/password",
    status_code=204,
    responses=posting("NotSignedInAsPerson", "PasswordWrong", "TooManyAttempts"),
)
async def change_password(desk: Desk, request: Request, who: Who, body: identity.PasswordBody) -> Response:
    """A new password; all other sessions end."""
    present, wanted = body.present.get_secret_value(), body.wanted.get_secret_value()
    await desk.identity.sign_in.change_password(who, present, wanted, client_address(request))
    return Response(status_code=204)


@router.get("/accounts", response_model=identity.Accounts, responses=reading("NotSignedInAsPerson"))
async def accounts(desk: Desk, who: Who) -> Response:
    """Accounts by which one can sign in."""
    return json_answer({"accounts": list(await desk.identity.wallets.accounts(who))})


@router.post("/accounts/nonces", response_model=identity.Nonce, responses=posting("NotSignedInAsPerson"))
async def link_nonce(desk: Desk, who: Who) -> Response:
    """A nonce for the message that links an account; it is this person's, and links only."""
    return json_answer(answers.nonce(desk, await desk.identity.wallets.link_nonce(who)))


@router.post(
    "/accounts",
    response_model=identity.Accounts,
    responses=posting(
        *("NotSignedInAsPerson", "SignInRefused", "SignInMessageInvalid", "SignInMessageRefused"),
        *("AccountOfOtherParty", "AccountLinked", "IndexMissing"),
    ),
)
async def link_account(desk: Desk, who: Who, body: identity.LinkBody) -> Response:
    """Links an account of one's company, proved by its signature, so that one can sign in by it."""
    wallets = desk.identity.wallets
    await wallets.link(who, body.message.get_secret_value(), body.signature)
    return json_answer({"accounts": list(await wallets.accounts(who))})


@router.delete("/accounts/{account}", status_code=204, responses=posting("NotSignedInAsPerson", "UnknownAccount"))
async def unlink_account(desk: Desk, who: Who, account: AccountPath) -> Response:
    """Unlinks an account; sessions that it opened end."""
    await desk.identity.wallets.unlink(who, account)
    return Response(status_code=204)


@router.get("/signing-key", response_model=identity.SigningKey, responses=reading("NotSignedInAsPerson"))
async def signing_key(desk: Desk, who: Who) -> Response:
    """The account of one's signing key in the service's keeping; null without one."""
    person = await desk.identity.sign_in.person(who)
    return json_answer({"account": await desk.identity.signing_keys.of(person)})


@router.post(
    "/signing-key",
    status_code=201,
    response_model=identity.SigningKey,
    responses=posting("NotSignedInAsPerson", "SigningKeyExists", "CodeRefused", "TooManyAttempts"),
)
async def create_signing_key(desk: Desk, who: Who, body: identity.SigningKeyBody) -> Response:
    """Makes one's signing key, kept encrypted by the service and used with a fresh one-time code each time. It signs
    approvals and nothing else: its account is nobody's on the chain."""
    person = await desk.identity.sign_in.person(who)
    return json_answer({"account": await desk.identity.signing_keys.create(person, body.code)}, 201)
