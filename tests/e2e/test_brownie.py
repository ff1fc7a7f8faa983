"""Every command is a brownie script too; tests/e2e/test_brownie_run.py runs some of them."""

from __future__ import annotations

import pytest

from tests.e2e.program import PROJECT

SCRIPTS = ("deploy", "import", "confirm", "accept", "split", "finance", "repay", "trace", "verify", "demo")


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_act_is_a_script(name: str) -> None:
    text = (PROJECT / f"scripts/{name}.py").read_text(encoding="utf-8")
    assert "def main(*arguments: str) -> None:" in text
