"""People, credentials and nonces as answered."""

from __future__ import annotations

from fastapi import Response

from api.domain.calendar import instant
from api.domain.people import ApiKey, Person, Session
from api.domain.principal import Principal
from api.routers.answers import Json, json_answer
from api.routers.deps import Services, cookie_name
from api.services.people import Invited
from api.services.sign_in import SignedIn
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
    }


def signed_in(desk: Services, new: SignedIn, keep: str) -> Response:
    """A new session: its token in the answer, or in a cookie that no script reads and no other site's page sends."""
    session, person = new.session, new.person
    who = Principal(person.party, person.id, person.roles, frozenset(), "session", session.id, session.account)
    in_cookie = keep == "cookie"
    response = json_answer(
        {
            "session": session.id,
            "token": None if in_cookie else new.token.text,
            "expires_at": instant(session.expires_at),
            "idle_s": desk.identity.sign_in.lifetimes.idle_s,
            "me": me(who, person.name),
        },
        201,
    )
    if in_cookie:
        _set_cookie(desk, response, new.token.text, desk.identity.sign_in.lifetimes.absolute_s)
    return response


def signed_out(desk: Services) -> Response:
    """Nothing, and a browser forgets the session."""
    response = Response(status_code=204)
    _set_cookie(desk, response, "", 0)
    return response


def session(view: Session, who: Principal) -> Json:
    return {
        "id": view.id,
        "current": view.id == who.credential,
        "account": view.account,
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


def _set_cookie(desk: Services, response: Response, value: str, max_age: int) -> None:
    origin = desk.settings.web_origin
    secure = origin.startswith("https://")
    response.set_cookie(cookie_name(origin), value, max_age, path="/", secure=secure, httponly=True, samesite="strict")
