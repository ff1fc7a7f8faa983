"""`scf key`: make the network key of invoice fingerprints once, and tell whether a backup is the key in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.config import load_settings
from api.intake.keys import create_network_key, key_check_value, load_network_key
from scripts.intake_flags import LanguageFlag, language

app = typer.Typer(
    name="key", help="The network key of invoice fingerprints. 发票指纹的网络密钥。", no_args_is_help=True
)

_MADE = {
    "en": "made {path}, check value {check}. Back it up now, off this machine: it can never be made again or changed",
    "zh": "已生成 {path}，校验值 {check}。请立即异地备份：该密钥无法重建，也不可更换",
}


@app.command()
def init(lang: LanguageFlag = None) -> None:
    """Make the key in the file that SCF_NETWORK_KEY_FILE names; never replaces one. 生成网络密钥（不覆盖）。"""
    settings = load_settings()
    path = settings.path(settings.network_key_file)
    check = key_check_value(create_network_key(path))
    typer.echo(_MADE[language(lang)].format(path=path, check=check))


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A key file, such as a backup. 密钥文件，例如备份。")] = None,
) -> None:
    """Print a key's check value: two keys with the same one are the same key. 输出密钥的校验值。"""
    settings = load_settings()
    typer.echo(key_check_value(load_network_key(file or settings.path(settings.network_key_file))))
