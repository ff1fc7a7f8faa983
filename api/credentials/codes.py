"""One-time codes of authenticators (TOTP), their secrets sealed by a key of this deployment."""

from __future__ import annotations

import base64
import hmac
import os
from pathlib import Path

import pyotp
from Crypto.Cipher import AES

from api.domain.errors import Unavailable
from api.secret_files import write_once

STEP_S = 30
_KEY_BYTES, _NONCE_BYTES, _TAG_BYTES = 32, 12, 16
_ISSUER = "Cascade"


class TotpCodes:
    """Implements Codes. `key_file` is made at first use and belongs into the backup, apart from the database: without it
    everybody enrols anew."""

    def __init__(self, key_file: Path) -> None:
        self._file = key_file
        self._key: bytes | None = None

    def secret(self) -> str:
        return pyotp.random_base32()

    def seal(self, person: str, secret: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        cipher = AES.new(self._opened(), AES.MODE_GCM, nonce=nonce)
        cipher.update(person.encode())
        sealed, tag = cipher.encrypt_and_digest(secret.encode())
        return base64.b64encode(nonce + tag + sealed).decode()

    def address(self, secret: str, email: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)

    def step(self, person: str, sealed: str, code: str, at: int) -> int | None:
        totp = pyotp.TOTP(self._open(person, sealed))
        now = at // STEP_S
        found: int | None = None
        for step in (now - 1, now, now + 1):
            if hmac.compare_digest(totp.generate_otp(step), code):
                found = step
        return found

    def _open(self, person: str, sealed: str) -> str:
        data = base64.b64decode(sealed)
        nonce, tag = data[:_NONCE_BYTES], data[_NONCE_BYTES : _NONCE_BYTES + _TAG_BYTES]
        cipher = AES.new(self._opened(), AES.MODE_GCM, nonce=nonce)
        cipher.update(person.encode())
        try:
            return cipher.decrypt_and_verify(data[_NONCE_BYTES + _TAG_BYTES :], tag).decode()
        except ValueError as error:
            raise Unavailable("IdentityKeyWrong", file=str(self._file)) from error

    def _opened(self) -> bytes:
        if self._key is None:
            self._key = _load(self._file)
        return self._key


def _load(file: Path) -> bytes:
    """The key in the file, made at first use."""
    write_once(file, os.urandom(_KEY_BYTES))
    key = file.read_bytes()
    if len(key) != _KEY_BYTES or file.stat().st_mode & 0o077:
        raise Unavailable("IdentityKeyWrong", file=str(file))
    return key
