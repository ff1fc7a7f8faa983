"""How deep a text is nested, as the parser would find."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.nesting import DEEPEST, is_too_deep, is_utf8


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max((depth(v) for v in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth(v) for v in value), default=0)
    return 0


def nested(levels: int, core: Any) -> Any:
    for level in range(levels):
        core = [core] if level % 2 else {'k"[{\\': core}
    return core


@given(
    st.integers(0, DEEPEST + 4),
    st.recursive(st.text(alphabet='[]{}"\\ax\n', max_size=20), lambda inner: st.lists(inner, max_size=4)),
)
def test_agrees_with_the_parser(levels: int, core: Any) -> None:
    value = nested(levels, core)
    assert is_too_deep(json.dumps(value).encode()) == (depth(value) > DEEPEST)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("unit", [b"[", b'"', b'\\"', b'"\\', b"]", b'["', b"\\", b'"[\\"'])
def test_no_text_keeps_it_busy(unit: bytes) -> None:
    """A pattern that starts over at each quote would need hours for this; one that does not, a second."""
    text = b"[]" * DEEPEST + unit * (8_000_000 // len(unit))
    assert is_too_deep(text) == (unit in (b"[", b'["', b'"[\\"'))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-le"])
def test_other_encodings_are_told(encoding: str) -> None:
    assert not is_utf8(json.dumps({"a": ["字"]}).encode(encoding))
    assert is_utf8('{"a": ["字"]}'.encode())
