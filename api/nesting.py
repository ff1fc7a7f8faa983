"""How deep a JSON text is nested, told before anything parses it: parsers and validators call themselves once a level."""

from __future__ import annotations

import re

DEEPEST = 32
"""Levels that a body may have; what the API takes has six."""

# A string that never ends reaches to the end of the text, so each byte is looked at once.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")


def is_too_deep(text: bytes) -> bool:
    """Whether brackets outside strings are open more than DEEPEST levels at once."""
    if text.count(b"[") + text.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for token in _TOKEN.finditer(text):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif first in b"]}":
            depth -= 1
    return False


def is_utf8(text: bytes) -> bool:
    """False for UTF-16 and UTF-32, which JSON readers would take and in which brackets cannot be told from letters."""
    return b"\0" not in text and not text.startswith(_OTHER_ENCODINGS)
