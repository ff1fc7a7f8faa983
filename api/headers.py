"""Headers as the server hands them over: pairs of bytes, names in lower case. Every request passes several readers of them,
and an object for each would cost more than they do."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Scope

Pair = tuple[bytes, bytes]


def first(headers: Iterable[Pair], name: bytes) -> str | None:
    """The value of the first header of this name (in lower case); None where there is none."""
    for known, value in headers:
        if known == name:
            return value.decode("latin-1")
    return None


def asked(scope: Scope, name: bytes) -> str | None:
    """The same of a request."""
    return first(scope["headers"], name)


def cookie(scope: Scope, name: str) -> str | None:
    """The value of the last cookie of this name, as it stands; None where there is none."""
    found = None
    for known, value in scope["headers"]:
        if known == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                said, is_one, rest = pair.partition("=")
                if is_one and said.strip() == name:
                    found = rest.strip()
    return found


def told(scope: Scope, name: bytes, otherwise: str) -> str:
    """The same, with what holds where there is none."""
    found = asked(scope, name)
    return otherwise if found is None else found
