"""Settings: where each value comes from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.config import Identity, Settings, load_settings
from api.domain.errors import InvalidInput


def test_environment_wins_over_file_and_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('port = 9001\nhost = "127.0.0.1"\ndemo_keys = true\n', encoding="utf-8")
    settings = load_settings({"SCF_HOME": str(tmp_path), "SCF_PORT": "9002"}, rpc_url="http://127.0.0.1:1")
    assert (settings.port, settings.demo_keys, settings.confirmations) == (9002, True, 0)
    assert settings.sources["port"] == "environment SCF_PORT"
    assert settings.sources["demo_keys"] == str(tmp_path / "settings.toml")
    assert settings.sources["rpc_url"] == "command line"
    assert settings.sources["confirmations"] == "default"


def test_paths_are_below_home(tmp_path: Path) -> None:
    settings = load_settings({"SCF_HOME": str(tmp_path), "SCF_DOCUMENTS": "/elsewhere"})
    assert settings.app_db == f"sqlite:///{tmp_path}/app.db"
    assert settings.deployment_file == tmp_path / "deployment.json"
    assert settings.path(settings.documents) == Path("/elsewhere")
    assert load_settings({"SCF_APP_DB_URL": "postgresql://h/d"}).app_db == "postgresql://h/d"


@pytest.mark.parametrize(
    ("environment", "rule"),
    [
        ({"SCF_PORT": "many"}, "SettingInvalid"),
        ({"SCF_DEMO_KEYS": "maybe"}, "SettingInvalid"),
        ({"SCF_IDENTITY": "maybe"}, "SettingInvalid"),
    ],
)
def test_refuses_what_it_cannot_read(environment: dict[str, str], rule: str) -> None:
    with pytest.raises(InvalidInput, match=rule):
        load_settings(environment)


@pytest.mark.parametrize(("content", "rule"), [("prot = 1", "SettingUnknown"), ("port =", "SettingsFileInvalid")])
def test_refuses_a_bad_file(tmp_path: Path, content: str, rule: str) -> None:
    (tmp_path / "settings.toml").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=rule):
        load_settings({"SCF_HOME": str(tmp_path)})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_server_keys_stay_on_this_machine(host: str) -> None:
    Settings(host="127.0.0.1").require_loopback()
    with pytest.raises(InvalidInput, match="ServerKeysNeedLoopback"):
        Settings(host=host).require_loopback()
    Settings(host=host, identity=Identity.REQUIRED, origin="https://scf.example").require_loopback()


@pytest.mark.parametrize(
    "origin", ["", "http://scf.example", "https://scf.example/", "https://", "scf.example", "ftp://127.0.0.1"]
)
def test_nobody_signs_in_over_an_open_line(origin: str) -> None:
    for ours in ("http://127.0.0.1:8000", "https://scf.example:8443"):
        Settings(host="0.0.0.0", identity=Identity.REQUIRED, origin=ours).require_loopback()
    with pytest.raises(InvalidInput, match="OriginInvalid"):
        Settings(host="0.0.0.0", identity=Identity.REQUIRED, origin=origin).require_loopback()
