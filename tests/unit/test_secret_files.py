"""Files that hold a secret."""

from __future__ import annotations

import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from api.secret_files import write_once


def _write(file: Path, number: int) -> bool:
    return write_once(file, bytes([number]) * 4096)


def test_of_processes_at_once_one_makes_it_and_whole(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "secret"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        made = list(pool.map(_write, [file] * 40, range(40)))
    assert made.count(True) == 1
    assert file.read_bytes() == bytes([made.index(True)]) * 4096
    assert [entry.name for entry in file.parent.iterdir()] == ["secret"]


def test_its_owner_alone_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "secret"
    assert write_once(file, b"x")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"old")
    assert not write_once(file, b"new")
    assert file.read_bytes() == b"old"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_once(tmp_path / "secret", b"x")
    assert not list(tmp_path.iterdir())
