"""Which identity providers there are: a TOML file of the operator's, one table for each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api.domain.errors import InvalidInput
from api.domain.providers import Provider, Providers

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_REQUIRED: Mapping[str, type] = {
    "party": int,
    "name_zh": str,
    "name_en": str,
    "issuer": str,
    "client_id": str,
    "client_secret_file": str,
}
_KNOWN: Mapping[str, type] = {**_REQUIRED, "only": bool}
LONGEST = 255


def load_providers(file: Path, home: Path, *, local: bool) -> tuple[Providers, Mapping[str, str]]:
    """The providers, and this client's secret at each. No file, no providers. `local`: one on this machine, without https,
    will do. InvalidInput("ProviderSettingInvalid") names provider and field, InvalidInput("SettingsFileInvalid") the file."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput("SettingsFileInvalid", file=str(file), message=str(error)) from error
    providers, secrets = [], {}
    for name, table in tables.items():
        if not _ID.fullmatch(name) or not isinstance(table, dict):
            raise _invalid(name, "")
        _check(name, table, local)
        secrets[name] = _secret(name, home / table.pop("client_secret_file"))
        providers.append(Provider(name, **table))
    return Providers(providers), secrets


def _check(name: str, table: Mapping[str, Any], local: bool) -> None:
    for field in [*_REQUIRED, *table]:
        kind = _KNOWN.get(field)
        if kind is None or type(table.get(field)) is not kind:
            raise _invalid(name, field)
        if kind is str and not 0 < len(table[field]) <= LONGEST:
            raise _invalid(name, field)
    if table["party"] < 0:
        raise _invalid(name, "party")
    if not _is_issuer(table["issuer"], local):
        raise _invalid(name, "issuer")


def _is_issuer(issuer: str, local: bool) -> bool:
    parts = urlsplit(issuer)
    here = local and parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    plain = not parts.query and not parts.fragment and parts.username is None
    return bool(parts.hostname) and plain and (parts.scheme == "https" or here)


def _secret(name: str, file: Path) -> str:
    """For its owner's eyes alone."""
    if not file.is_file() or file.stat().st_mode & 0o077 or not (secret := file.read_text(encoding="utf-8").strip()):
        raise _invalid(name, "client_secret_file")
    return secret


def _invalid(name: str, field: str) -> InvalidInput:
    return InvalidInput("ProviderSettingInvalid", provider=name, field=field)
