"""README's commands, run to the letter against a running demo: what it tells a stranger to type must work."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.e2e.conftest import Running
from tests.e2e.program import PROJECT, ask, surroundings

README = (PROJECT / "README.md").read_text(encoding="utf-8")
_SETTING_OUT = "export SCF_HOME=var/demo PATH=$PWD/.venv/bin:$PATH\n"


def commands(heading: str) -> str:
    """The shell block below a heading."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None, heading
    return block.group(1)


def typed(script: str, running: Running, folder: Path) -> subprocess.CompletedProcess[str]:
    """Types a block into bash, which stops at the first command that fails. Only the demo's folder and port are others."""
    moved = script.replace(_SETTING_OUT, "").replace("http://127.0.0.1:8000", running.address)
    path = f"{PROJECT / '.venv/bin'}:/usr/local/bin:/usr/bin:/bin"
    artifacts = str(PROJECT / "build/artifacts")
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", moved],
        env=surroundings(running.home, PATH=path, SCF_ARTIFACTS=artifacts),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def test_the_five_minute_walk(running: Running, tmp_path: Path) -> None:
    script = commands("Five minutes")
    assert script.startswith(_SETTING_OUT)
    walked = typed(script, running, tmp_path)
    assert walked.returncode == 0, walked.stdout + walked.stderr
    note = max(
        n["id"] for n in ask(f"{running.address}/notes?tier=1&limit=500")["items"] if n["origin"] == "confirmation"
    )
    trace = ask(f"{running.address}/notes/{note}/trace")
    kinds = [(n["origin"], n["tier"], n["status"]) for n in trace["nodes"]]
    assert ("confirmation", 1, "spent") in kinds or ("confirmation", 1, "held") in kinds
    assert any(origin == "split" and tier == 2 for origin, tier, _ in kinds)
    assert any(origin == "sale" for origin, _, _ in kinds), "sold for cash"
    assert "¤ finance" in walked.stdout


def test_the_integration_is_idempotent(running: Running, tmp_path: Path) -> None:
    before = {r["id"] for r in ask(f"{running.address}/receivables?limit=500")["items"]}
    done = typed(commands("From another system"), running, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    first, again = (json.loads(line) for line in done.stdout.splitlines() if line.strip())
    assert first == again, "a retry gets the first answer"
    after = {r["id"] for r in ask(f"{running.address}/receivables?limit=500")["items"]}
    assert len(after - before) == 1, "one receivable, not two"
    assert len(commands("From another system").strip().splitlines()) <= 10


def test_what_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (PROJECT / target).exists(), target
