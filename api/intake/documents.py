"""Original files by content address, in a folder: `<root>/sha256/ab/cd/abcd…`. A key names its bytes for ever."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

import anyio.to_thread

from api.domain.errors import InvalidInput, NotFound, Unavailable

_HASH = re.compile(r"0x[0-9a-f]{64}")


class FolderDocumentStore:
    """A `DocumentStore` in a folder. The same bytes again change nothing; a killed write leaves no document."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, data: bytes) -> str:
        """Keep the bytes; their SHA-256 as 0x-hex, which is also their key."""
        return await anyio.to_thread.run_sync(self._put, data)

    async def get(self, file_hash: str) -> bytes:
        """The bytes under a key. Raises NotFound("DocumentMissing"), Unavailable("DocumentDamaged")."""
        return await anyio.to_thread.run_sync(self._get, file_hash)

    async def exists(self, file_hash: str) -> bool:
        """Whether there is a document under a key."""
        return await anyio.to_thread.run_sync(self._path(file_hash).is_file)

    def _path(self, file_hash: str) -> Path:
        if not _HASH.fullmatch(file_hash):
            raise InvalidInput("DocumentKeyMalformed", key=file_hash)
        name = file_hash[2:]
        return self._root / "sha256" / name[:2] / name[2:4] / name

    def _put(self, data: bytes) -> str:
        file_hash = "0x" + hashlib.sha256(data).hexdigest()
        path = self._path(file_hash)
        if not path.is_file():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_whole(path, data)
        return file_hash

    def _get(self, file_hash: str) -> bytes:
        try:
            data = self._path(file_hash).read_bytes()
        except FileNotFoundError:
            raise NotFound("DocumentMissing", key=file_hash) from None
        if "0x" + hashlib.sha256(data).hexdigest() != file_hash:
            raise Unavailable("DocumentDamaged", key=file_hash)
        return data


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, rename: after a crash at any point the document is there whole or not at all."""
    partial = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def new_salt() -> bytes:
    """32 random bytes for one document's salted hash; they belong in the app database beside it."""
    return secrets.token_bytes(32)
