"""`scf key init` and `scf key check`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.intake.keys import key_check_value, load_network_key
from scripts.network_key import app


def test_init_once_and_check_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys" / "network.key"
    monkeypatch.setenv("SCF_HOME", str(tmp_path))
    monkeypatch.delenv("SCF_NETWORK_KEY_FILE", raising=False)
    runner = CliRunner()
    made = runner.invoke(app, ["init", "--lang", "zh"])
    assert made.exit_code == 0
    value = key_check_value(load_network_key(path))
    assert value in made.stdout
    assert path.read_text().strip() not in made.output
    backup = tmp_path / "backup.key"
    shutil.copy(path, backup)
    assert runner.invoke(app, ["check", str(backup)]).stdout.strip() == value
    assert runner.invoke(app, ["check"]).stdout.strip() == value
    again = runner.invoke(app, ["init"])
    assert again.exit_code != 0
    assert "NetworkKeyExists" in str(again.exception)
    assert key_check_value(load_network_key(path)) == value
