"""The network key's file and the store of original files."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import anyio
import pytest

from api.domain.errors import Conflict, InvalidInput, NotFound, Unavailable
from api.domain.invoices import DocumentStore
from api.intake import documents
from api.intake.documents import FolderDocumentStore, new_salt
from api.intake.keys import create_network_key, key_check_value, load_network_key


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "network.key"
    key = create_network_key(path)
    assert len(key) == 32
    assert load_network_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(Conflict, match="NetworkKeyExists"):
        create_network_key(path)
    assert load_network_key(path) == key
    assert files_in(path.parent) == [path]
    assert create_network_key(tmp_path / "other.key") != key


def test_keys_that_must_not_be_used(tmp_path: Path) -> None:
    path = tmp_path / "network.key"
    with pytest.raises(NotFound, match="NetworkKeyMissing"):
        load_network_key(path)
    path.write_text("ab" * 32)
    path.chmod(0o640)
    with pytest.raises(InvalidInput, match="NetworkKeyExposed"):
        load_network_key(path)
    path.chmod(0o600)
    assert load_network_key(path) == b"\xab" * 32
    for content in ("", "ab" * 31, "ab" * 33, "AB" * 32, "zz" * 32, "ab" * 32 + "\n\n"):
        path.write_text(content)
        with pytest.raises(InvalidInput, match="NetworkKeyMalformed"):
            load_network_key(path)


def test_check_value_tells_keys_apart() -> None:
    assert key_check_value(bytes(32)) == key_check_value(bytes(32))
    assert key_check_value(bytes(32)) != key_check_value(bytes(31) + b"\x01")
    assert len(key_check_value(bytes(32))) == 8


def test_documents_are_kept_by_their_hash(tmp_path: Path) -> None:
    async def story() -> None:
        store: DocumentStore = FolderDocumentStore(tmp_path)
        data = b"<Invoice/>"
        digest = hashlib.sha256(data).hexdigest()
        assert not await store.exists("0x" + digest)
        key = await store.put(data)
        assert key == "0x" + digest
        assert await store.put(data) == key
        assert await store.exists(key)
        assert await store.get(key) == data
        assert files_in(tmp_path) == [tmp_path / "sha256" / digest[:2] / digest[2:4] / digest]

    anyio.run(story)


def test_missing_damaged_and_malformed(tmp_path: Path) -> None:
    async def story() -> None:
        store = FolderDocumentStore(tmp_path)
        with pytest.raises(NotFound, match="DocumentMissing"):
            await store.get("0x" + "0" * 64)
        for key in ("0" * 64, "0x" + "0" * 63, "0x../../etc/passwd", "0x" + "A" * 64):
            with pytest.raises(InvalidInput, match="DocumentKeyMalformed"):
                await store.exists(key)
        key = await store.put(b"whole")
        files_in(tmp_path)[0].write_bytes(b"wh")
        with pytest.raises(Unavailable, match="DocumentDamaged"):
            await store.get(key)

    anyio.run(story)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    async def story() -> None:
        store = FolderDocumentStore(tmp_path)
        monkeypatch.setattr(documents.os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            await store.put(b"data")
        assert files_in(tmp_path) == []
        monkeypatch.undo()
        assert await store.get(await store.put(b"data")) == b"data"

    anyio.run(story)


def test_salts_differ() -> None:
    assert len(new_salt()) == 32
    assert new_salt() != new_salt()
