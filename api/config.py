"""Settings: a frozen dataclass read once. Each value comes from the environment (`SCF_…`), else from `settings.toml` in
the home folder, else it is the default; `Settings.sources` says which. No setting holds a
key: at most the name of a file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from api.domain.errors import InvalidInput

PREFIX = "SCF_"
FILE_NAME = "settings.toml"
LOCAL_CHAIN_IDS = frozenset({1337, 31337})
"""Chain ids of ganache and anvil: the only ones on which published demo keys and zero delays are allowed."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Identity(StrEnum):
    """Whether requests must say who asks."""

    OFF = "off"
    """Nobody signs in; the server's own keys sign, so the API stays on the loopback address."""
    REQUIRED = "required"
    """Every request carries a session or an API key."""


@dataclass(frozen=True)
class Settings:
    """Everything a process may be told from outside. Paths that are not absolute are taken below `home`."""

    home: Path = Path("var")
    """Where a deployment's data lives."""
    artifacts: Path = Path("build/artifacts")
    """Compiled contracts, one JSON file each; relative to the working folder."""
    host: str = "127.0.0.1"
    port: int = 8000
    identity: Identity = Identity.OFF
    """`off` or `required`: whether people and programs sign in; see docs/identity.md."""
    origin: str = ""
    """Web origin under which the API is reached, https unless local; empty: http at host and port."""
    trusted_proxy: str = ""
    """Address of the proxy whose last X-Forwarded-For entry is the client's address."""
    identity_key_file: Path = Path("keys/identity.key")
    """Key that seals the secrets of authenticators: made at first use, backed up apart from the database."""
    identity_providers: Path = Path("identity-providers.toml")
    """Companies' own identity providers (OpenID Connect), a table for each; no file: none. See docs/identity.md."""
    provider_timeout_s: float = 10.0
    """How long one of them may take to answer."""
    session_idle_s: int = 1_800
    """How long a session lasts without use."""
    session_absolute_s: int = 43_200
    """How long a session lasts at most."""
    requests_per_minute: int = 1_200
    """Most requests of one session or API key, on average and at once; 0: any number."""
    local_requests_per_minute: int = 0
    """The same where nobody signs in."""
    sign_ins_per_minute: int = 60
    """Most attempts to sign in from one address."""
    metrics_open: bool = False
    """Tell /metrics to whoever asks, also where people sign in; without identity they are open to this machine."""
    traces_url: str = ""
    """Where traces are collected (OTLP over HTTP, as http://127.0.0.1:4318/v1/traces); empty: nothing is traced."""
    traces_ratio: float = 1.0
    """How large a part of the traces that begin here is kept."""
    rpc_url: str = "http://127.0.0.1:8545"
    rpc_timeout_s: float = 30.0
    chain_id: int = 0
    """The chain id that must be found at `rpc_url`; 0 takes what is there."""
    deployment: Path = Path("deployment.json")
    app_db_url: str = "sqlite:///app.db"
    chain_db_url: str = "sqlite:///chain.db"
    documents: Path = Path("documents")
    network_key_file: Path = Path("keys/network.key")
    """Key of the invoice fingerprints: made once, backed up, never rotated."""
    keystore: Path = Path("keys/accounts")
    """Folder of eth-account keystore v3 files."""
    keystore_password_file: Path = Path("keys/password")
    person_keys: Path = Path("keys/people")
    """Folder of the keyfiles that people sign approvals with, where they leave them here; never the keystore's."""
    person_keys_password_file: Path = Path("keys/people.password")
    """Their password: made at first use, backed up apart from the folder."""
    demo_keys: bool = False
    """Sign with the published test mnemonic; local chain ids alone."""
    demo_accounts: int = 1000
    """How many accounts of the test mnemonic are known."""
    operator: str = ""
    """The network operator's account; empty: the signer's first."""
    relayer: str = ""
    """The account that carries parties' signed requests and pays their gas; empty: the operator's."""
    confirmations: int = 0
    """Blocks on top of a transaction's own before its operation counts as confirmed."""
    finality_depth: int = 0
    """Blocks on top of a transaction's own after which nothing can take its operation back: it is `final` then. 0: at once
    (chains that finalise each block, and local ones)."""
    max_fee_gwei: int = 1000
    """Most that is offered per unit of gas; the fee paid is the chain's."""
    worker_batch: int = 400
    """Most operations taken in one go."""
    worker_in_flight: int = 1000
    """Most unmined transactions of one account; public nodes allow few (64)."""
    stuck_s: float = 60.0
    """How long a transaction may be passed over by new blocks before it is replaced by one at a higher price."""
    lease_s: float = 10.0
    """How long a worker's lease of an account lasts when it stops renewing it."""
    admin_delay_s: int = 259_200
    """Seconds between scheduling and executing an administrator's act; zero is allowed on local chains only."""
    role_delay_s: int = 86_400
    """The same for admission, credit, policy and wiring acts."""
    index_depth: int = 128
    """How many of the last blocks the indexer can take back when the chain changes its mind; at least 64."""
    index_poll_s: float = 0.015
    """How soon after a block the indexer asks for the next; a hundredth later each time that there is none."""
    index_idle_poll_s: float = 0.25
    """How rarely it asks at most."""
    index_range: int = 2_000
    """Most blocks asked for at once."""
    index_behind_s: float = 3.0
    """How long the node's head may be below the index before its blocks count as gone; until then the node is behind."""
    webhook_key_file: Path = Path("keys/webhooks.key")
    """Key of the webhooks' secrets; made when first needed."""
    webhook_timeout_s: float = 10.0
    """How long a webhook's receiver may take to answer."""
    webhook_retry_s: float = 5.0
    """The first wait before a failed delivery is tried again; later ones are longer."""
    log_level: str = "info"
    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Name of each value → "default", "environment SCF_…" or the settings file."""

    def path(self, value: Path) -> Path:
        """A path of these settings, below `home` unless absolute."""
        return value if value.is_absolute() else self.home / value

    @property
    def deployment_file(self) -> Path:
        return self.path(self.deployment)

    @property
    def app_db(self) -> str:
        """SQLAlchemy URL of the app database."""
        return self._database(self.app_db_url)

    @property
    def chain_db(self) -> str:
        """SQLAlchemy URL of the read model."""
        return self._database(self.chain_db_url)

    def _database(self, url: str) -> str:
        scheme, _, rest = url.partition(":///")
        if not scheme.startswith("sqlite") or not rest or rest == ":memory:":
            return url
        return f"{scheme}:///{self.path(Path(rest))}"

    def require_loopback(self) -> None:
        """InvalidInput("ServerKeysNeedLoopback") when the API would listen elsewhere while nobody has to sign in;
        InvalidInput("OriginInvalid") when people would sign in over a line that others can read."""
        if self.identity is Identity.OFF and self.host not in LOOPBACK:
            raise InvalidInput("ServerKeysNeedLoopback", host=self.host)
        origin = urlsplit(self.web_origin)
        local = origin.hostname in LOOPBACK
        exact = self.web_origin == f"{origin.scheme}://{origin.netloc}" and origin.netloc != ""
        if not exact or origin.scheme not in ({"http", "https"} if local else {"https"}):
            raise InvalidInput("OriginInvalid", origin=self.web_origin)

    @property
    def web_origin(self) -> str:
        """Scheme, host and port that a browser sees."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.origin or f"http://{host}:{self.port}"


def _boolean(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError(text)


_PARSERS: Mapping[type, Callable[[str], Any]] = {
    bool: _boolean,
    int: int,
    float: float,
    str: str,
    Path: Path,
    Identity: Identity,
}


def _expected(kind: type) -> str:
    return " | ".join(kind) if issubclass(kind, StrEnum) else kind.__name__


def _convert(name: str, kind: type, value: Any) -> Any:
    try:
        if kind is not bool and isinstance(value, bool):
            raise ValueError(value)
        return _PARSERS[kind](str(value))
    except ValueError as error:
        raise InvalidInput(
            "SettingInvalid", name=PREFIX + name.upper(), value=str(value), expected=_expected(kind)
        ) from error


def _file_values(home: Path) -> tuple[Mapping[str, Any], str]:
    file = home / FILE_NAME
    if not file.is_file():
        return {}, ""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")), str(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput("SettingsFileInvalid", file=str(file), message=str(error)) from error


def load_settings(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """The settings of this process. `overrides` win (command line options); InvalidInput names what cannot be read."""
    env = os.environ if environment is None else environment
    kinds = get_type_hints(Settings)
    names = [f.name for f in fields(Settings) if f.name != "sources"]
    home = Path(str(overrides.get("home") or env.get(PREFIX + "HOME") or Settings.home))
    from_file, file = _file_values(home)
    unknown = sorted(set(from_file) - set(names))
    if unknown:
        raise InvalidInput("SettingUnknown", name=unknown[0], file=file)
    values: dict[str, Any] = {}
    sources = dict.fromkeys(names, "default")
    for name in names:
        key = PREFIX + name.upper()
        if overrides.get(name) is not None:
            values[name], sources[name] = _convert(name, kinds[name], overrides[name]), "command line"
        elif key in env:
            values[name], sources[name] = _convert(name, kinds[name], env[key]), f"environment {key}"
        elif name in from_file:
            values[name], sources[name] = _convert(name, kinds[name], from_file[name]), file
    return Settings(**values, sources=sources)
