"""`scf doctor`: is everything there that the product needs? One line a check, the next command for what is missing."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.config import load_settings
from scripts.command import emit, guarded, show
from scripts.intake_flags import LanguageFlag, language

PROJECT = Path(__file__).resolve().parents[1]
MINIMUM_PYTHON = (3, 11)
MINIMUM_NODE = (20, 19)
MINIMUM_DISK_BYTES = 2 * 1024**3
_PROBE = "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\ncontract Probe {}\n"


class Verdict(StrEnum):
    """`warn` is worth knowing but stops nothing; `fail` stops the demo."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """The outcome of one check. `next` is a command to copy, empty when all is well."""

    check: str
    verdict: Verdict
    english: str
    chinese: str
    next: str = ""


def doctor(
    json_: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False, lang: LanguageFlag = None
) -> None:
    """Check versions, ports, compiler, fonts and disk. 检查运行环境。Exits with 1 when something needed is missing."""
    spoken = language(lang)
    findings = [finding for check in CHECKS for finding in check()]

    def lines() -> str:
        texts = [(f, f.chinese if spoken == "zh" else f.english) for f in findings]
        following = "请执行" if spoken == "zh" else "next"
        return "\n".join(
            f"{f.verdict.value:5} {f.check:10} {text}" + (f"\n{'':17}{following}: {f.next}" if f.next else "")
            for f, text in texts
        )

    if json_:
        emit([asdict(finding) for finding in findings], True, lines)
    else:
        show(lines())
    if any(finding.verdict is Verdict.FAIL for finding in findings):
        raise typer.Exit(1)


def _system() -> Iterator[Finding]:
    found = f"{platform.system()} {platform.machine()}"
    if found == "Linux x86_64":
        yield Finding("system", Verdict.OK, found, found)
    else:
        yield Finding("system", Verdict.FAIL, f"{found}: runs on Linux x86-64 only", f"{found}:只支持 Linux x86-64")


def _python() -> Iterator[Finding]:
    found = platform.python_version()
    if sys.version_info >= MINIMUM_PYTHON:
        yield Finding("python", Verdict.OK, found, found)
    else:
        command = "sudo apt-get install python3 python3-venv && make clean ALL=1 && make setup"
        yield Finding("python", Verdict.FAIL, f"{found}, 3.11 is needed", f"{found},需要 3.11", command)


def _node() -> Iterator[Finding]:
    found = _answer(["node", "--version"])
    version = tuple(int(part) for part in found.lstrip("v").split(".")[:2]) if found else ()
    if version >= MINIMUM_NODE:
        yield Finding("node", Verdict.OK, found, found)
    else:
        wanted = ".".join(map(str, MINIMUM_NODE))
        yield Finding(
            "node",
            Verdict.FAIL,
            f"Node.js {found or 'missing'}, {wanted} is needed",
            f"Node.js {found or '缺失'},需要 {wanted}",
            "sudo apt-get install nodejs npm",
        )


def _chains() -> Iterator[Finding]:
    for program in ("anvil", "ganache"):
        answer = _answer([str(PROJECT / "node_modules/.bin" / program), "--version"])
        if answer:
            yield Finding(program, Verdict.OK, answer, answer)
        else:
            yield Finding(program, Verdict.FAIL, "does not start", "无法启动", "npm ci")


def _compiler() -> Iterator[Finding]:
    version = json.loads((PROJECT / "scripts/setup/compiler.json").read_text(encoding="utf-8"))["version"]
    folder = Path(os.environ.get("SOLCX_BINARY_PATH", PROJECT / ".cache/solcx"))
    question = {
        "language": "Solidity",
        "sources": {"Probe.sol": {"content": _PROBE}},
        "settings": {"outputSelection": {"*": {"*": ["evm.bytecode.object"]}}},
    }
    answer = _answer([str(folder / f"solc-v{version}"), "--standard-json"], json.dumps(question))
    try:
        compiled = bool(json.loads(answer)["contracts"]["Probe.sol"]["Probe"]["evm"]["bytecode"]["object"])
    except (ValueError, KeyError):
        compiled = False
    if compiled:
        yield Finding("compiler", Verdict.OK, f"solc {version} compiles offline", f"solc {version} 可离线编译")
    else:
        yield Finding(
            "compiler", Verdict.FAIL, f"solc {version} does not compile", f"solc {version} 不能编译", "make setup"
        )


def _built() -> Iterator[Finding]:
    for name, file, command in (
        ("contracts", PROJECT / "build/artifacts/index.json", "make artifacts"),
        ("page", PROJECT / "api/web/dist/index.html", "make setup-run"),
    ):
        if file.exists():
            yield Finding(name, Verdict.OK, "built", "已构建")
        else:
            yield Finding(name, Verdict.FAIL, "not built", "尚未构建", command)


def _ports() -> Iterator[Finding]:
    settings = guarded(load_settings)
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", settings.port)) == 0
    if taken:
        yield Finding(
            "port",
            Verdict.WARN,
            f"{settings.port} is taken; the demo takes the next free one, `scf up` does not",
            f"{settings.port} 已被占用;演示会改用下一个空闲端口,scf up 不会",
            f"SCF_PORT={settings.port + 1} scf up",
        )
    else:
        yield Finding("port", Verdict.OK, f"{settings.port} is free", f"{settings.port} 空闲")


def _browser() -> Iterator[Finding]:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser:
        yield Finding("browser", Verdict.OK, browser, browser)
    else:
        yield Finding(
            "browser",
            Verdict.WARN,
            "no Chromium: test-web cannot run",
            "没有 Chromium:test-web 无法运行",
            "sudo apt-get install chromium",
        )


def _fonts() -> Iterator[Finding]:
    if _answer(["fc-list", ":lang=zh"]):
        yield Finding("fonts", Verdict.OK, "a Chinese font is there", "有中文字体")
    else:
        yield Finding(
            "fonts",
            Verdict.WARN,
            "no Chinese font: a browser on this machine shows boxes",
            "没有中文字体:本机浏览器会显示方块",
            "sudo apt-get install fonts-noto-cjk",
        )


def _disk() -> Iterator[Finding]:
    home = guarded(load_settings).home.absolute()
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    gigabytes = f"{free / 1024**3:.1f} GiB"
    if not os.access(existing, os.W_OK):
        yield Finding(
            "disk", Verdict.FAIL, f"{home} cannot be written", f"{home} 不可写", "export SCF_HOME=<folder of yours>"
        )
    elif free < MINIMUM_DISK_BYTES:
        yield Finding(
            "disk",
            Verdict.FAIL,
            f"{gigabytes} free, 2 GiB are needed",
            f"剩余 {gigabytes},需要 2 GiB",
            "make clean && df -h .",
        )
    else:
        yield Finding("disk", Verdict.OK, f"{gigabytes} free", f"剩余 {gigabytes}")


def _answer(command: list[str], question: str | None = None) -> str:
    """First line a program prints, or its whole answer to `question`; empty when it is missing or fails."""
    try:
        result = subprocess.run(command, input=question, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return result.stdout.strip() if question else result.stdout.strip().partition("\n")[0]


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _system,
    _python,
    _node,
    _chains,
    _compiler,
    _built,
    _ports,
    _browser,
    _fonts,
    _disk,
)
