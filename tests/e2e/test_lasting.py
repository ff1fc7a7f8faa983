"""`scf demo`: plays the story once, keeps it, serves it."""

from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path

from tests.e2e.program import PROJECT, Program, ask, fetch, last_json, scf


def test_it_serves_the_page_and_the_ledger(told: Path) -> None:
    with Program(told, "demo") as demo:
        address = demo.serving()
        status, kind, page = fetch(f"{address}/")
        assert (status, kind) == (200, "text/html")
        assert b"<script" in page
        receivables = ask(f"{address}/receivables")["items"]
        assert receivables
        assert {r["status"] for r in receivables} <= {"settled", "cancelled"}
        demo.interrupt()
        assert demo.end() == 0, demo.output


def test_started_again_it_replays_nothing_and_verifies(told: Path) -> None:
    with Program(told, "demo") as first:
        address = first.serving()
        before = (ask(f"{address}/receivables?limit=200"), ask(f"{address}/notes?limit=200"))
        operations = ask(f"{address}/operations?limit=200")
        first.interrupt()
        assert first.end() == 0, first.output
        assert first.left() == []
    with Program(told, "demo") as again:
        address = again.serving()
        after = (ask(f"{address}/receivables?limit=200"), ask(f"{address}/notes?limit=200"))
        assert after == before
        assert ask(f"{address}/operations?limit=200") == operations
        figures = last_json(again.output)
        assert figures["verify_ok"] is True
        assert figures["outstanding"] == 0
        assert "confirm: " not in again.output
        again.interrupt()
        assert again.end() == 0, again.output


def test_ctrl_c_leaves_no_process_and_no_lock(told: Path) -> None:
    with Program(told, "demo") as demo:
        demo.serving()
        assert len(demo.processes()) >= 4, "chain, indexer, worker and API"
        demo.interrupt()
        assert demo.end() == 0, demo.output
        assert demo.left() == []
        assert "Traceback" not in demo.output
    assert list(told.rglob("lock")) == []


def test_ctrl_c_in_the_middle_of_the_story_ends_in_order(tmp_path: Path) -> None:
    with Program(tmp_path, "demo") as demo:
        demo.wait_for("admit parties")
        demo.interrupt()
        demo.end()
        assert demo.left() == []
        assert "Traceback" not in demo.output
    assert list(tmp_path.rglob("lock")) == []


def test_being_terminated_leaves_no_process(told: Path) -> None:
    with Program(told, "demo") as demo:
        demo.serving()
        os.kill(demo.process.pid, signal.SIGTERM)
        demo.end()
        assert demo.left() == []


def test_a_taken_port_gives_way_to_the_next_free_one(told: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with Program(told, "demo", "--port", str(port)) as demo:
            address = demo.serving()
            served = int(address.rpartition(":")[2])
            assert port < served < port + 100
            assert fetch(f"{address}/")[0] == 200


def test_a_second_demo_on_the_same_home_is_refused_by_name(told: Path) -> None:
    with Program(told, "demo") as first:
        address = first.serving()
        second = scf(told, "demo")
        assert second.returncode == 1
        assert "[AlreadyRunning]" in second.stderr
        reset = scf(told, "demo", "--reset")
        assert reset.returncode == 1
        assert "[AlreadyRunning]" in reset.stderr
        assert fetch(f"{address}/")[0] == 200, "the first one goes on"


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


def test_its_data_stay_in_its_folder(told: Path) -> None:
    assert {entry.name for entry in told.iterdir()} == {"demo"}
    deployment = json.loads((told / "demo/deployment.json").read_text(encoding="utf-8"))
    assert deployment["chain_id"] == 1337
    assert not (PROJECT / "var/demo").is_relative_to(told)
