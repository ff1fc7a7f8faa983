"""`scf demo --once`: the main job from the shipped sample to repayment, on a chain that is thrown away."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.program import PROJECT, Program, last_json, scf

SAMPLES = PROJECT / "scripts/samples"
KEYS = {
    "receivables",
    "notes",
    "max_tier",
    "notes_per_tier",
    "refused",
    "financed",
    "cash_paid",
    "repaid",
    "outstanding",
    "conservation_ok",
    "custody_zero",
    "verify_ok",
    "elapsed_s",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """The figures of one run, and what it printed."""
    folder = tmp_path_factory.mktemp("once")
    output = folder / "demo.json"
    with Program(folder / "home", "demo", "--once", "--output", str(output)) as demo:
        demo.wait_for("verify")
        demo.processes()
        assert demo.end() == 0, demo.output
        assert demo.left() == []
    assert not (folder / "home").exists(), "a throwaway run must leave nothing in the home folder"
    figures: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return figures, demo.output


def expected() -> tuple[int, int, int]:
    """From the documents alone: how many invoices can be confirmed, their sum, and the sum of the refused one."""
    story = json.loads((SAMPLES / "story.json").read_text(encoding="utf-8"))
    files = [str(SAMPLES / "ledger.csv"), *(str(SAMPLES / "invoices" / name) for name in story["invoices"])]
    answered = scf(
        Path("unused"), "fingerprint", "--json", "--aliases", str(SAMPLES / "story.json"), "--currency", "CNY", *files
    )
    items: dict[str, dict[str, str]] = {}
    for line in answered.stdout.splitlines():
        answer = json.loads(line)
        if "refused" not in answer and date.fromisoformat(answer["due_date"]) >= date.fromisoformat(
            story["reference_day"]
        ):
            items.setdefault(answer["fingerprint"], answer)
    refused = [i for i in items.values() if i["number"] == story["refusal"]["number"]]
    assert len(refused) == 1
    return len(items), sum(int(i["payable"]) for i in items.values()), int(refused[0]["payable"])


def test_the_figures_have_the_stated_shape(run: tuple[dict[str, Any], str]) -> None:
    figures, _ = run
    assert set(figures) == KEYS
    for name in KEYS - {"notes_per_tier", "conservation_ok", "custody_zero", "verify_ok"}:
        assert type(figures[name]) is int, name
    assert all(type(count) is int for count in figures["notes_per_tier"].values())


def test_every_confirmed_cent_is_repaid_but_the_refused_note(run: tuple[dict[str, Any], str]) -> None:
    figures, _ = run
    invoices, face, refused = expected()
    assert figures["receivables"] == invoices
    assert figures["refused"] == 1
    assert figures["repaid"] == face - refused
    assert figures["outstanding"] == 0


def test_credit_reaches_tier_4_and_cash_comes_back(run: tuple[dict[str, Any], str]) -> None:
    figures, _ = run
    per_tier = figures["notes_per_tier"]
    assert figures["max_tier"] == 4
    assert sorted(per_tier) == ["1", "2", "3", "4"]
    assert all(per_tier.values())
    assert sum(per_tier.values()) == figures["notes"]
    # Half a year at 4.55% is 2.3%: more discount than that would be wrong.
    assert 0 < 0.975 * figures["financed"] < figures["cash_paid"] < figures["financed"]


def test_the_chain_agrees(run: tuple[dict[str, Any], str]) -> None:
    figures, _ = run
    assert figures["conservation_ok"] is True
    assert figures["custody_zero"] is True
    assert figures["verify_ok"] is True


def test_it_prints_who_got_what_and_one_trace(run: tuple[dict[str, Any], str]) -> None:
    figures, printed = run
    assert last_json(printed) == figures
    for name in ("Tuoye Haulage", "Yuanzhou Bank", "Hengdu Factoring", "Qisui Supply Chain Finance"):
        assert name in printed
    assert "tier 4 accepts" in printed
    assert re.search(r"^ +#\d+ T4 ", printed, re.MULTILINE), "the trace reaches tier 4"
    assert "Traceback" not in printed
