"""People, credentials and nonces as answered."""

from __future__ import annotations

from typing import Literal

from fastapi import Response
from fastapi.responses import RedirectResponse

from api.domain.calendar import instant
from api.domain.errors import CascadeError
from api.domain.people import ApiKey, Person, Session
from api.domain.principal import Principal
from api.domain.providers import Provider
from api.errors import TYPE_PREFIX, problem_type
from api.routers.answers import Json, json_answer
from api.routers.deps import ATTEMPT, SESSION, Services, cookie_name
from api.services.people import Invited
from api.services.providers import BEGUN_S, Arrived, Departure
from api.services.sign_in import SignedIn, principal_of
from api.services.wallets import Nonce


def me(who: Principal, name: str | None) -> Json:
    return {
        "party": who.party,
        "person": who.person,
        "name": name,
        "roles": sorted(who.roles),
        "scopes": sorted(who.scopes),
        "means": who.means,
        "account": who.account,
        "provider": who.provider,
    }


def signed_in(desk: Services, new: SignedIn, keep: str) -> Response:
    """A new session: its token in the answer, or in a cookie that no script reads and no other site's page sends."""
    session, person = new.session, new.person
    in_cookie = keep == "cookie"
    response = json_answer(
        {
            "session": session.id,
            "token": None if in_cookie else new.token.text,
            "expires_at": instant(session.expires_at),
            "idle_s": desk.identity.sign_in.lifetimes.idle_s,
            "me": me(principal_of(session, person), person.name),
        },
        201,
    )
    if in_cookie:
        _keep_session(desk, response, new.token.text)
    return response


def departing(desk: Services, departure: Departure) -> Response:
    """Where to sign in. The attempt's cookie is sent along when another site leads back here, but with nothing else."""
    response = json_answer({"address": departure.address})
    _set_cookie(desk, response, ATTEMPT, departure.secret, BEGUN_S, samesite="lax")
    return response


def arrived(desk: Services, new: Arrived) -> Response:
    """Back in the page, with a session. By an address of this site, whatever was asked for."""
    response = RedirectResponse(f"/{new.view}", 303)
    _set_cookie(desk, response, ATTEMPT, "", 0, samesite="lax")
    _keep_session(desk, response, new.signed_in.token.text)
    return response


def refused(error: CascadeError) -> Response:
    """Back in the page, which tells why by the problem's type. An attempt that another answer may be on its way to stays."""
    return RedirectResponse(f"/#/?problem={problem_type(error.rule).removeprefix(TYPE_PREFIX)}", 303)


def signed_out(desk: Services) -> Response:
    """Nothing, and a browser forgets the session."""
    response = Response(status_code=204)
    _set_cookie(desk, response, SESSION, "", 0)
    return response


def session(view: Session, who: Principal) -> Json:
    return {
        "id": view.id,
        "current": view.id == who.credential,
        "account": view.account,
        "provider": view.provider,
        "created_at": instant(view.created_at),
        "seen_at": instant(view.seen_at),
        "expires_at": instant(view.expires_at),
    }


def nonce(desk: Services, new: Nonce) -> Json:
    site = desk.identity.wallets.site
    return {
        "nonce": new.text,
        "domain": site.domain,
        "uri": site.origin,
        "chain_id": site.chain_id,
        "expires_at": instant(new.expires_at),
    }


def person(view: Person) -> Json:
    return {
        "id": view.id,
        "email": view.email,
        "name": view.name,
        "roles": sorted(view.roles),
        "active": view.active,
        "enrolled": view.enrolled,
        "created_at": instant(view.created_at),
    }


def invitation(invited: Invited) -> Json:
    return {
        "person": person(invited.person),
        "set_up_token": invited.token.text,
        "expires_at": instant(invited.expires_at),
    }


def api_key(view: ApiKey) -> Json:
    return {
        "id": view.id,
        "name": view.name,
        "scopes": sorted(view.scopes),
        "created_by": view.created_by,
        "created_at": instant(view.created_at),
        "expires_at": instant(view.expires_at),
        "used_at": None if view.used_at is None else instant(view.used_at),
        "revoked_at": None if view.revoked_at is None else instant(view.revoked_at),
    }


def provider(view: Provider) -> Json:
    return {"id": view.id, "name_zh": view.name_zh, "name_en": view.name_en}


def _keep_session(desk: Services, response: Response, token: str) -> None:
    _set_cookie(desk, response, SESSION, token, desk.identity.sign_in.lifetimes.absolute_s)


def _set_cookie(
    desk: Services,
    response: Response,
    name: str,
    value: str,
    max_age: int,
    samesite: Literal["strict", "lax"] = "strict",
) -> None:
    origin = desk.settings.web_origin
    full, secure = cookie_name(origin, name), origin.startswith("https://")
    response.set_cookie(full, value, max_age, path="/", secure=secure, httponly=True, samesite=samesite)
