"""The operator's file of identity providers: what is read, and what is refused by the name of its field."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.credentials.provider_file import load_providers
from api.domain.errors import InvalidInput, NotFound
from api.domain.providers import Provider

TABLE = {
    "party": "3",
    "name_zh": '"江澜集团账号"',
    "name_en": '"Jianglan account"',
    "issuer": '"https://login.jianglan.example/realms/main"',
    "client_id": '"cascade"',
    "client_secret_file": '"own.secret"',
}


def written(home: Path, mode: int = 0o600, name: str = "jianglan", **changes: str) -> Path:
    (home / "own.secret").write_text("s3cret, 密\n", encoding="utf-8")
    (home / "own.secret").chmod(mode)
    lines = [f"{key} = {value}" for key, value in (TABLE | changes).items() if value]
    file = home / "providers.toml"
    file.write_text("\n".join([f"[{name}]", *lines]), encoding="utf-8")
    return file


def test_a_provider_is_a_companys(tmp_path: Path) -> None:
    providers, secrets = load_providers(written(tmp_path, only="true"), tmp_path, local=False)
    issuer = "https://login.jianglan.example/realms/main"
    own = Provider("jianglan", 3, "江澜集团账号", "Jianglan account", issuer, "cascade", only=True)
    assert (providers.all(), secrets) == ([own], {"jianglan": "s3cret, 密"})
    assert [providers.opens(by, 3) for by in ("jianglan", None, "another")] == [True, False, False]
    assert [providers.opens(by, 4) for by in ("jianglan", None)] == [False, True]
    with pytest.raises(NotFound, match="UnknownProvider"):
        providers.get("another")


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    providers, secrets = load_providers(tmp_path / "providers.toml", tmp_path, local=False)
    assert (providers.all(), secrets) == ([], {})
    assert providers.opens(None, 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("party", "-1"), ("party", '"3"'), ("party", ""), ("name_zh", '""'), ("name_en", "1"), ("client_id", "")),
        *(("issuer", '"http://login.jianglan.example"'), ("issuer", '"https://"'), ("issuer", '"login.example"')),
        *(
            ("issuer", '"https://a.example/?tenant=1"'),
            ("issuer", '"https://user@a.example"'),
            ("issuer", '"https://a/#b"'),
        ),
        *(
            ("issuer", '"http://127.0.0.1:8080"'),
            ("client_secret_file", '"none"'),
            ("only", '"yes"'),
            ("secret", '"x"'),
        ),
    ],
)
def test_a_field_that_is_wrong_is_named(tmp_path: Path, field: str, value: str) -> None:
    with pytest.raises(InvalidInput, match="ProviderSettingInvalid") as refused:
        load_providers(written(tmp_path, **{field: value}), tmp_path, local=False)
    assert refused.value.evidence == {"provider": "jianglan", "field": field}


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="client_secret_file"):
        load_providers(written(tmp_path, mode=0o640), tmp_path, local=False)


def test_this_machine_will_do_where_the_site_is_this_machine(tmp_path: Path) -> None:
    file = written(tmp_path, issuer='"http://127.0.0.1:8080"')
    assert load_providers(file, tmp_path, local=True)[0].get("jianglan").issuer == "http://127.0.0.1:8080"


@pytest.mark.parametrize("name", ["Jianglan", '"a/b"', "x" * 33])
def test_an_id_is_part_of_an_address(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="ProviderSettingInvalid"):
        load_providers(written(tmp_path, name=name), tmp_path, local=False)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text("[jianglan", encoding="utf-8")
    with pytest.raises(InvalidInput, match="SettingsFileInvalid"):
        load_providers(file, tmp_path, local=False)
