"""Commands that need no chain, and what a wrong setting gets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.program import PROJECT, scf


def test_config_show_names_the_source_of_each_value(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('log_level = "warning"\n', encoding="utf-8")
    shown = scf(tmp_path, "config", "show", "--json", SCF_PORT="8123")
    assert shown.returncode == 0, shown.stderr
    settings = json.loads(shown.stdout)
    assert settings["port"] == {"value": "8123", "source": "environment SCF_PORT"}
    assert settings["log_level"] == {"value": "warning", "source": str(tmp_path / "settings.toml")}
    assert settings["host"] == {"value": "127.0.0.1", "source": "default"}


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    shown = scf(tmp_path, "config", "show", SCF_PORT="eight")
    assert shown.returncode == 1
    assert "SCF_PORT" in shown.stderr
    assert "[SettingInvalid]" in shown.stderr


def test_doctor_finds_everything_the_demo_needs(tmp_path: Path) -> None:
    checked = scf(tmp_path, "doctor", "--json", timeout=120)
    findings = {f["check"]: f for f in json.loads(checked.stdout)}
    assert checked.returncode == 0, checked.stdout
    assert {"python", "node", "anvil", "ganache", "compiler", "contracts", "page", "port", "disk"} <= set(findings)
    assert [name for name, finding in findings.items() if finding["verdict"] == "fail"] == []


def test_fingerprint_answers_every_item_of_the_sample(tmp_path: Path) -> None:
    files = [PROJECT / "scripts/samples/ledger.csv", *sorted((PROJECT / "scripts/samples/invoices").glob("*.xml"))]
    asked = scf(tmp_path, "fingerprint", "--json", "--currency", "CNY", *map(str, files))
    assert asked.returncode == 0, asked.stderr
    assert "demo key" in asked.stderr
    answers = [json.loads(line) for line in asked.stdout.splitlines()]
    assert {a["file"] for a in answers} == {str(f) for f in files}
    refused = {a["rule"] for a in answers if "refused" in a}
    assert {"credit-note", "total-not-positive", "due-date-missing", "document-number-missing"} <= refused
    for answer in answers:
        assert "refused" in answer or answer["fingerprint"].startswith("0x")


def test_a_command_without_a_deployment_says_so(tmp_path: Path) -> None:
    asked = scf(tmp_path, "trace", "1")
    assert asked.returncode == 1
    assert asked.stderr.strip().endswith("]"), "the error is named"
    assert "Traceback" not in asked.stderr


@pytest.mark.parametrize("rows", ["0", "some"])
def test_rows_that_are_no_number_are_refused(tmp_path: Path, rows: str) -> None:
    asked = scf(tmp_path, "demo", "--once", "--rows", rows)
    assert asked.returncode == 2
    assert "--rows" in asked.stderr


def test_a_ledger_that_is_not_there_is_named(tmp_path: Path) -> None:
    asked = scf(tmp_path, "demo", "--once", "--ledger", str(tmp_path / "none.csv"))
    assert asked.returncode == 1
    assert "none.csv" in asked.stderr
    assert "[FileMissing]" in asked.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_errors_speak_the_users_language(tmp_path: Path, lang: str) -> None:
    asked = scf(tmp_path, "demo", "--once", "--ledger", str(tmp_path / "none.csv"), SCF_LANG=lang)
    chinese = any("一" <= letter <= "鿿" for letter in asked.stderr)
    assert chinese is (lang == "zh")


def test_the_api_refuses_an_open_address_while_it_holds_keys(tmp_path: Path) -> None:
    asked = scf(tmp_path, "up", SCF_HOST="0.0.0.0")
    assert asked.returncode == 1
    assert "[ServerKeysNeedLoopback]" in asked.stderr
