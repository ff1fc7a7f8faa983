"""The network key: the secret under every fingerprint. Made once, backed up, never rotated (see docs/intake.md)."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from api.domain.errors import Conflict, InvalidInput, NotFound
from api.secret_files import write_once

_FORM = re.compile(r"[0-9a-f]{64}\n?")


def create_network_key(path: Path) -> bytes:
    """Make a new key of 32 random bytes and keep it, as hex, in a new file that only its owner can read.

    The file appears whole or not at all. Raises Conflict("NetworkKeyExists") rather than replace one.
    """
    key = secrets.token_bytes(32)
    if not write_once(path, key.hex().encode() + b"\n"):
        raise Conflict("NetworkKeyExists", path=str(path))
    return key


def load_network_key(path: Path) -> bytes:
    """The 32 bytes of the key in `path`.

    Raises NotFound("NetworkKeyMissing"), InvalidInput("NetworkKeyExposed") when others than its owner can read the
    file, InvalidInput("NetworkKeyMalformed") when it is not 64 hex digits.
    """
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(100)
    except FileNotFoundError:
        raise NotFound("NetworkKeyMissing", path=str(path)) from None
    if mode & 0o077:
        raise InvalidInput("NetworkKeyExposed", path=str(path), mode=f"{mode:04o}")
    if not _FORM.fullmatch(text):
        raise InvalidInput("NetworkKeyMalformed", path=str(path))
    return bytes.fromhex(text.strip())


def key_check_value(key: bytes) -> str:
    """Eight hex digits that tell one key from another (is this backup the key in use?) and nothing else about it."""
    return hmac.digest(key, b"cascade/network-key-check/v1", "sha256").hex()[:8]
