"""Signing in, people and API keys as asked and answered. What is secret is told once and never again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, SecretStr

from api.domain.principal import PersonRole
from api.schemas.base import Address, Answer, Body, Instant

Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}$",
        description="The name to sign in by; upper and lower case are one.",
        examples=["li.wei@jianglan.example"],
    ),
]
Password = Annotated[SecretStr, Field(max_length=256, description="As it was chosen.")]
NewPassword = Annotated[SecretStr, Field(min_length=12, max_length=256, description="Long rather than complicated.")]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="Of the authenticator, now.", examples=["492039"])]
SetUpToken = Annotated[SecretStr, Field(max_length=200, description="As the administrator handed it over.")]
PersonName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$", examples=["李伟"])]
Roles = Annotated[set[PersonRole], Field(max_length=4, description="What the person may do for the company.")]
Scopes = Annotated[set[Literal["read", "write"]], Field(min_length=1, description="What the key is for.")]
Keep = Annotated[
    Literal["bearer", "cookie"],
    Field(
        description="`bearer`: the token is in the answer. `cookie`: in an HttpOnly cookie, where no script reads it."
    ),
]
SiweMessage = Annotated[
    SecretStr, Field(max_length=2_000, description="The EIP-4361 message, exactly as it was signed.")
]
Signature = Annotated[
    str, Field(pattern=r"^0x([0-9a-fA-F]{2})+$", max_length=4_098, description="r, s, v; or a contract account's own.")
]


def _example(**fields: JsonValue) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [fields]})


_SET_UP, _PASSWORD, _SIWE = (
    "as it was handed over",
    "a long sentence that nobody guesses",
    "cascade.example wants you to …",
)


class SignInBody(Body):
    model_config = _example(email="li.wei@jianglan.example", password=_PASSWORD, code="492039", keep="cookie")

    email: Email
    password: Password
    code: Code
    keep: Keep = "bearer"


class WalletSignInBody(Body):
    model_config = _example(message=_SIWE, signature="0x" + "1b" * 65, keep="bearer")

    message: SiweMessage
    signature: Signature
    keep: Keep = "bearer"


class LinkBody(Body):
    model_config = _example(message=_SIWE, signature="0x" + "1b" * 65)

    message: SiweMessage
    signature: Signature


class EnrolBody(Body):
    model_config = _example(token=_SET_UP, password=_PASSWORD)

    token: SetUpToken
    password: NewPassword


class EnrolConfirmBody(Body):
    model_config = _example(token=_SET_UP, code="492039")

    token: SetUpToken
    code: Code


class ProviderEnrolBody(Body):
    model_config = _example(token=_SET_UP)

    token: SetUpToken


class DepartBody(Body):
    model_config = _example(view="#/parties")

    view: Annotated[
        str,
        Field(
            max_length=300,
            pattern=r"^#/[A-Za-z0-9/?=&%._~-]*$",
            description="Where in the page it goes on afterwards.",
        ),
    ] = "#/"


class PasswordBody(Body):
    model_config = _example(present=_PASSWORD, wanted="another long sentence of one's own")

    present: Password
    wanted: NewPassword


class SigningKeyBody(Body):
    model_config = _example(code="492039")

    code: Code


class InviteBody(Body):
    model_config = _example(email="li.wei@jianglan.example", name="李伟", roles=["maker"])

    email: Email
    name: PersonName
    roles: Roles


class RolesBody(Body):
    model_config = _example(roles=["checker", "viewer"])

    roles: Roles


class ApiKeyBody(Body):
    model_config = _example(name="ERP, read only", scopes=["read"], days=90)

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$", examples=["ERP, read only"])]
    scopes: Scopes
    days: Annotated[int, Field(ge=1, le=366, strict=True, description="How long it holds.", examples=[90])]


class Me(Answer):
    """Who asks, as the server sees it."""

    party: int
    person: str | None
    name: str | None
    roles: list[PersonRole]
    scopes: list[str]
    means: Literal["local", "session", "api_key"]
    account: str | None
    provider: str | None


class SigningKey(Answer):
    account: str | None


class SignedIn(Answer):
    """`token` is null when it was kept in a cookie."""

    session: str
    token: str | None
    expires_at: Instant
    idle_s: int
    me: Me


class Session(Answer):
    id: str
    current: bool
    account: str | None
    provider: str | None
    created_at: Instant
    seen_at: Instant
    expires_at: Instant


class Sessions(Answer):
    sessions: list[Session]


class Enrolment(Answer):
    """For the authenticator; told this once."""

    totp_secret: str
    otpauth: str


class Provider(Answer):
    id: str
    name_zh: str
    name_en: str


class Providers(Answer):
    providers: list[Provider]


class Departure(Answer):
    """Where the browser goes to sign in."""

    address: str


class Nonce(Answer):
    """What the message to sign has to say."""

    nonce: str
    domain: str
    uri: str
    chain_id: int
    expires_at: Instant


class Accounts(Answer):
    accounts: list[Address]


class Person(Answer):
    id: str
    email: str
    name: str
    roles: list[PersonRole]
    active: bool
    enrolled: bool
    created_at: Instant


class People(Answer):
    people: list[Person]


class Invitation(Answer):
    """`set_up_token` is told this once: hand it over by another way."""

    person: Person
    set_up_token: str
    expires_at: Instant


class ApiKey(Answer):
    id: str
    name: str
    scopes: list[str]
    created_by: str
    created_at: Instant
    expires_at: Instant
    used_at: Instant | None
    revoked_at: Instant | None


class ApiKeys(Answer):
    keys: list[ApiKey]


class NewApiKey(Answer):
    """`token` is told this once."""

    key: ApiKey
    token: str
