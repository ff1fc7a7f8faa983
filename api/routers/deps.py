"""What endpoints share: the services, paging, and the headers that a write may carry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header, Path, Query
from fastapi import Request as HttpRequest

from api.config import Identity
from api.domain.access import ENDPOINTS
from api.domain.calendar import day_of_date
from api.domain.errors import InvalidInput, Unauthenticated
from api.domain.messages import EN, ZH
from api.domain.positions import When
from api.domain.principal import LOCAL, Principal
from api.domain.views import Terms
from api.errors import language_of
from api.exports.formats import ANSWERS, MEDIA_TYPES, REPORTS, Format
from api.headers import cookie, told
from api.limits import Limits
from api.schemas.base import LARGEST_ID, LARGEST_PARTY, CurrencyCode, Day
from api.services import acts
from api.services.sight import Asked, Sight, Sights

if TYPE_CHECKING:
    from api.bootstrap import Services as Services
else:
    Services = Any

LONGEST_WAIT_S = 60
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?([0-9]{1,6})\"?(?=$|[,;\s])")


async def _services(request: HttpRequest) -> Services:
    services: Services = request.app.state.services
    return services


async def _language(request: HttpRequest) -> str:
    return language_of(request.headers.get("accept-language"))


SESSION, ATTEMPT = "session", "sign-in"
"""Cookies: of a session, and of a sign-in that is under way at a company's identity provider."""


def cookie_name(origin: str, name: str = SESSION) -> str:
    """Of a cookie. The prefix makes browsers refuse it without Secure, from a subdomain or another path."""
    return f"__Host-{name}" if origin.startswith("https://") else name


def presented(request: HttpRequest) -> str | None:
    """The credential that a request carries: a bearer token, else the session's cookie."""
    scheme, _, token = told(request.scope, b"authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    name: str = request.app.state.cookie
    return cookie(request.scope, name)


def client_address(request: HttpRequest) -> str:
    """Whence the request comes: what the trusted proxy says, or the other end of the connection."""
    services: Services = request.app.state.services
    peer = request.client.host if request.client is not None else "unknown"
    if peer == services.settings.trusted_proxy:
        return request.headers.get("x-forwarded-for", peer).rpartition(",")[2].strip()[:64]
    return peer


async def who(request: HttpRequest) -> Principal:
    """Who asks. Unauthenticated("NotAuthenticated") when identity is required and no valid credential came."""
    services: Services = request.app.state.services
    if services.settings.identity is Identity.OFF:
        return LOCAL
    token = presented(request)
    if token is None:
        raise Unauthenticated("NotAuthenticated")
    principal: Principal = await services.identity.sign_in.authenticate(token)
    return principal


Who = Annotated[Principal, Depends(who)]


async def admitted(request: HttpRequest, principal: Who) -> None:
    """What holds for all who are known: the log learns by which credential they came, and they do not ask too often."""
    request.scope["credential"] = principal.credential
    limits: Limits = request.app.state.limits
    limits.request(request.scope, principal)


async def way_in(request: HttpRequest) -> None:
    """What holds for all who want to become known: one address does not ask too often."""
    limits: Limits = request.app.state.limits
    limits.sign_in(request.scope, client_address(request))


Desk = Annotated[Services, Depends(_services)]


async def sight(request: HttpRequest, principal: Who) -> Sight:
    """What the principal sees and may name. Forbidden("NotPermitted") where it may not ask at all."""
    sights: Sights = request.app.state.services.sights
    if principal is LOCAL:
        return sights.local
    scope = request.scope
    endpoint = ENDPOINTS.get((scope["method"], scope["route"].path))
    asked = Asked(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), scope["request_id"])
    return await sights.of(principal, None if endpoint is None else endpoint.need, asked)


Seeing = Annotated[Sight, Depends(sight)]
Language = Annotated[str, Depends(_language)]

PartyPath = Annotated[int, Path(alias="id", ge=1, le=LARGEST_PARTY, examples=[3])]
ReceivablePath = Annotated[int, Path(alias="id", ge=1, le=LARGEST_ID, examples=[2])]
NotePath = Annotated[int, Path(alias="id", ge=1, le=LARGEST_ID, examples=[7])]
Cursor = Annotated[
    str | None,
    Query(max_length=200, pattern=r"^[A-Za-z0-9._:~-]+$", description="`next` of the page before.", examples=["50"]),
]
Limit = Annotated[int, Query(ge=1, le=500, description="Most items on a page.")]


async def _debt_terms(
    currency: CurrencyCode | None = None,
    due_from: Annotated[Day | None, Query(description="Due on this day or later.")] = None,
    due_until: Annotated[Day | None, Query(description="Due on this day or earlier.")] = None,
) -> Terms:
    first, last = (None if day is None else day_of_date(day) for day in (due_from, due_until))
    return Terms(currency, first, last)


DebtTerms = Annotated[Terms, Depends(_debt_terms)]


async def _when(
    block: Annotated[
        int | None, Query(ge=0, le=LARGEST_ID, description="As of the end of this block.", examples=[52])
    ] = None,
    date: Annotated[Day | None, Query(description="As of the end of this day.")] = None,
) -> When:
    """InvalidInput("MomentAmbiguous") for both."""
    day = None if date is None else day_of_date(date)
    if block is not None and day is not None:
        raise InvalidInput("MomentAmbiguous", block=block, day=day)
    return When(block, day)


Past = Annotated[When, Depends(_when)]


@dataclass(frozen=True, slots=True)
class Want:
    """In which form an answer is wanted, and people's words in which language."""

    form: Format
    table: str | None
    language: str


_AS_JSON = {language: Want(Format.JSON, None, language) for language in (EN, ZH)}
_WEIGHT = re.compile(r"(?:^|;)\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)")


def _wanted(forms: Sequence[Format]) -> Callable[[HttpRequest, Language], Awaitable[Want]]:
    by_media_type = {MEDIA_TYPES[form]: form for form in forms}

    async def want(request: HttpRequest, language: Language) -> Want:
        """What the query's `format` names, else the first of the forms that `Accept` names that there is. It reads both
        itself: declared, they would send the endpoint the framework's slow way. InvalidInput("UnknownFormat")."""
        query = request.query_params if request.scope["query_string"] else None
        form = None if query is None else query.get("format")
        if form is None:
            chosen = _accepted(told(request.scope, b"accept", ""), by_media_type)
        elif form in forms:
            chosen = Format(form)
        else:
            raise InvalidInput("UnknownFormat", format=form, known=", ".join(forms))
        if chosen is Format.JSON:
            return _AS_JSON[language]
        return Want(chosen, None if query is None else query.get("table"), language)

    return want


def _accepted(accept: str, known: Mapping[str, Format]) -> Format:
    ranked: list[tuple[float, Format]] = []
    for part in accept.split(","):
        media, _, parameters = part.strip().partition(";")
        if (form := known.get(media.strip().lower())) is not None:
            weight = _WEIGHT.search(parameters)
            ranked.append((float(weight[1]) if weight else 1.0, form))
    best = max(ranked, key=lambda one: one[0], default=(0.0, Format.JSON))
    return best[1] if best[0] else Format.JSON


Wanting = Annotated[Want, Depends(_wanted(ANSWERS))]
WantingReport = Annotated[Want, Depends(_wanted(REPORTS))]


@dataclass(frozen=True, slots=True)
class Write:
    """How a write is to be carried out: under which idempotency key, and how long to wait for its end (seconds)."""

    request: acts.Request | None
    wait_s: int
    language: str


async def _write(
    request: HttpRequest,
    principal: Who,
    language: Language,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="The same key with the same request gives the first answer again; with another request 409. "
            "8 to 128 letters, digits or `. _ : -`.",
            examples=["erp-2025-07-01-000417"],
        ),
    ] = None,
    prefer: Annotated[
        str | None,
        Header(
            description="`wait=N` waits up to N seconds (at most 60) until the operations are confirmed and indexed.",
            examples=["wait=30"],
        ),
    ] = None,
) -> Write:
    found = _WAIT.search(prefer or "")
    wait_s = min(int(found[1]), LONGEST_WAIT_S) if found else 0
    if idempotency_key is None:
        return Write(None, wait_s, language)
    if _KEY.fullmatch(idempotency_key) is None:
        raise InvalidInput("IdempotencyKeyInvalid", field="header.Idempotency-Key")
    said = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    said.update(await request.body())
    owner = "" if principal is LOCAL else f"{principal.party}/"
    return Write(acts.Request(idempotency_key, said.hexdigest(), owner), wait_s, language)


Writing = Annotated[Write, Depends(_write)]
