"""The traps of public supply-chain-finance projects that no contract can fall into: the projector and the repository.
The others are in tests/contracts/test_traps.py."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.domain.errors import CascadeError
from api.domain.operations import Contract
from api.indexer import events
from api.store.app.tables import metadata as app
from api.store.ledger.tables import metadata as ledger

ROOT = Path(__file__).resolve().parents[2]


def tracked() -> list[str]:
    """What git keeps."""
    answer = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        pytest.skip("not a git checkout")
    return answer.stdout.splitlines()


def test_trap_07_one_giant_projector(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler an event, each short; an event that nobody handles stops by name; chain facts and drafts share no table."""
    bindings = Bindings(load_artifacts(ROOT / "build/artifacts"))
    for contract in Contract:
        if contract is not Contract.TOKEN:
            events.compile_table(bindings, contract)
    monkeypatch.setattr(events, "HANDLED", {**events.HANDLED, Contract.NOTES: events.HANDLED[Contract.NOTES][1:]})
    with pytest.raises(CascadeError, match="EventNotHandled"):
        events.compile_table(bindings, Contract.NOTES)
    for file in (ROOT / "api/indexer").glob("*_events.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{file.name}: {node.name}"
    # These stand in both databases: quotes as signed, and what the chain says was taken of them; reorganisations as the
    # index wrote them down, and under the ids of events by which subscribers are told.
    assert set(app.tables) & set(ledger.tables) == {"quotes", "reorganisations"}


def test_trap_09_secrets_and_leftovers_in_git() -> None:
    """No environment file, key or build output; no copies by version; no private key in what deploys."""
    files = tracked()
    assert not [
        f for f in files if re.search(r"(^|/)\.env(\.|$)|\.keystore\.json$|(^|/)(build|node_modules|var|keys)/", f)
    ]
    assert not [f for f in files if re.search(r"(V\d|Minimal|Simplified|Old|Copy)\.(sol|py|ts)$", f)]
    for file in files:
        if file.startswith(("scripts/", "api/chain/")) and file.endswith(".py"):
            text = (ROOT / file).read_text(encoding="utf-8")
            assert not re.search(r"[\"'](0x)?[0-9a-fA-F]{64}[\"']", text), f"{file}: a key in the source"
