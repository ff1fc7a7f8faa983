"""The key service that needs nothing but a folder: keystore v3 files of people's signing keys, in a folder of their own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread

from api.chain.signer import KeyfileSigner, create_keyfile
from api.domain.errors import Unavailable
from api.secret_files import write_once

_AT_ONCE = 2
"""Opening a keyfile takes a core for a while (scrypt): more at once is only a way to exhaust the server."""


class FolderKeys:
    """Implements KeyService. Every use opens the one keyfile anew: no key stays in memory. `password_file` is made at first
    use and belongs into the backup, apart from the folder."""

    def __init__(self, folder: Path, password_file: Path) -> None:
        self._folder = folder
        self._password_file = password_file
        self._limiter: anyio.CapacityLimiter | None = None

    async def accounts(self) -> Sequence[str]:
        return self._signer().accounts()

    async def create(self) -> str:
        return await to_thread.run_sync(self._create, limiter=self._limit())

    async def sign_typed_data(self, account: str, typed_data: Mapping[str, Any]) -> bytes:
        signer = self._signer()
        return await to_thread.run_sync(signer.sign_typed_data, account, typed_data, limiter=self._limit())

    async def sign_transaction(self, account: str, transaction: Mapping[str, Any]) -> bytes:
        signer = self._signer()
        return await to_thread.run_sync(signer.sign_transaction, account, transaction, limiter=self._limit())

    def _signer(self) -> KeyfileSigner:
        return KeyfileSigner(self._folder, self._password_file)

    def _create(self) -> str:
        try:
            write_once(self._password_file, secrets.token_hex(32).encode() + b"\n")
            return create_keyfile(self._folder, self._password_file)
        except OSError as error:
            raise Unavailable("KeyServiceUnavailable", message=error.strerror or str(error)) from error

    def _limit(self) -> anyio.CapacityLimiter:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(_AT_ONCE)
        return self._limiter
