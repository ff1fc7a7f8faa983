"""`scf demo`: plays the story once, keeps it, serves it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.conftest import Played, Running
from tests.e2e.program import ask, fetch, last_json, scf


def test_ctrl_c_leaves_no_process_and_no_lock(played: Played) -> None:
    assert played.code == 0, played.output
    assert played.processes >= 4, "chain, indexer, worker and API"
    assert played.left == []
    assert played.locks == []
    assert "Traceback" not in played.output


def test_its_data_stay_in_its_folder(played: Played) -> None:
    assert {entry.name for entry in played.home.iterdir()} == {"demo"}
    deployment = json.loads((played.home / "demo/deployment.json").read_text(encoding="utf-8"))
    assert deployment["chain_id"] == 1337


def test_it_serves_the_page_and_the_ledger(running: Running) -> None:
    status, kind, page = fetch(f"{running.address}/")
    assert (status, kind) == (200, "text/html")
    assert b"<script" in page
    statuses = {r["status"] for r in ask(f"{running.address}/receivables?limit=100")["items"]}
    assert {"settled", "cancelled"} <= statuses


def test_a_taken_port_gives_way_to_the_next_free_one(running: Running) -> None:
    served = int(running.address.rpartition(":")[2])
    assert running.wanted_port < served < running.wanted_port + 100


def test_started_again_it_replays_nothing_and_verifies(played: Played, running: Running) -> None:
    assert running.ledger == played.ledger
    figures = last_json(running.program.output)
    assert figures["verify_ok"] is True
    assert figures["outstanding"] == 0
    assert "confirm: " in played.output
    assert "confirm: " not in running.program.output


def test_a_second_demo_on_the_same_home_is_refused_by_name(played: Played, running: Running) -> None:
    for arguments in (("demo",), ("demo", "--reset")):
        second = scf(played.home, *arguments)
        assert second.returncode == 1
        assert "[AlreadyRunning]" in second.stderr
    assert fetch(f"{running.address}/")[0] == 200, "the first one goes on"


def test_reset_clears_the_demo_and_nothing_else(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    (home / "chain").mkdir(parents=True)
    (home / "chain/blocks").write_text("x")
    (home / "story.json").write_text("{}")
    other = tmp_path / "app.db"
    other.write_text("kept")
    assert scf(tmp_path, "demo", "--reset").returncode == 0
    assert not home.exists() or list(home.iterdir()) == []
    assert other.read_text() == "kept"
    assert scf(tmp_path, "demo", "--reset").returncode == 0, "clearing nothing is no error"
