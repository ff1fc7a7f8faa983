"""Secrets are compared in constant time, as the code reads: where they are at hand, none is an operand of `==`, `!=` or
`in`. How long a comparison takes is not measured."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SECRET = re.compile(r"token|secret|password|totp|otp|mac$|hash$|api_?key|(^|_)code$|digest", re.IGNORECASE)
"""Names of what an attacker guesses."""
AT_HAND = (
    *("api/credentials/*.py", "api/domain/tokens.py", "api/domain/people.py", "api/domain/webhooks.py"),
    *("api/services/sign_in.py", "api/services/people.py", "api/services/api_keys.py", "api/services/wallets.py"),
    *("api/domain/providers.py", "api/services/providers.py", "api/routers/providers.py"),
    *("api/services/webhooks.py", "api/store/app/people.py", "api/store/app/credentials.py", "api/routers/deps.py"),
    *("api/routers/auth.py", "api/routers/people.py", "api/routers/api_keys.py"),
)
NO_SECRETS = {
    "token.kind == API_KEY",  # the prefix
    # In the database, of the invitation that was read and proved before: whether it is still the same.
    "invitations.c.token_hash == invitation.token_hash",
    "invitations.c.totp == invitation.totp",
}


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return name_of(node.value) if isinstance(node, ast.Subscript) else ""


def comparisons(source: str) -> list[str]:
    """Those of what is called like a secret, and of nothing with it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare):
            continue
        plain = any(isinstance(op, (ast.Eq, ast.NotEq, ast.In, ast.NotIn)) for op in node.ops)
        if plain and any(SECRET.search(name_of(side)) for side in (node.left, *node.comparators)):
            found.append(ast.unparse(node))
    return found


def test_none_is_compared_with_an_operator() -> None:
    files = {file for pattern in AT_HAND for file in PROJECT.glob(pattern)}
    assert len(files) >= len(AT_HAND)
    found = {c for file in files for c in comparisons(file.read_text(encoding="utf-8"))}
    assert found - NO_SECRETS == set()


@pytest.mark.parametrize(
    "source",
    [
        "key.token_hash == token.hash",
        "code != found.code",
        "presented in api_keys",
        "a.digest() == b",
        "secrets[0] == x",
    ],
)
def test_the_reader_sees_one(source: str) -> None:
    assert comparisons(source) == [source]


@pytest.mark.parametrize(
    "source", ["token is None", "kind == SESSION", "hmac.compare_digest(a, b)", "token.fits(kept)"]
)
def test_and_nothing_else(source: str) -> None:
    assert comparisons(source) == []
