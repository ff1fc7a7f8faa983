"""kill -9 of each process in turn, in the middle of the story: the rest stops, the dead one is named, and starting again
goes on to the same end as a story that nobody disturbed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Played, held, listed
from tests.e2e.program import Program, last_json, lasting_demo, scf

KILLS = (("worker", "admit parties"), ("chain", "tier 1 accepts"), ("indexer", "tier 2 passes on"))
"""Which process is killed, and after which stage."""
ENDS = ((signal.SIGINT, "tier 3 accepts"), (signal.SIGTERM, "tier 4 accepts"), (signal.SIGKILL, "finance"))
"""With which signal the demo itself is ended, and after which stage."""


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Program, str]]:
    """Home, program and address of a demo that was killed again and again, and then told its story to the end."""
    home = tmp_path_factory.mktemp("survived")
    for name, stage in KILLS:
        with lasting_demo(home) as demo:
            demo.wait_for(stage)
            demo.named(name).kill()
            stopped_because_of(demo, name)
    for number, stage in ENDS:
        with lasting_demo(home) as demo:
            demo.wait_for(stage)
            demo.processes()
            if number == signal.SIGINT:
                demo.interrupt()
            else:
                os.kill(demo.process.pid, number)
            demo.end()
            assert demo.left() == [], f"outlived {number.name}"
            assert "Traceback" not in demo.output, demo.output
            if number != signal.SIGKILL:
                assert held(home) == []
    with lasting_demo(home) as demo:
        yield home, demo, demo.serving()


def stopped_because_of(demo: Program, name: str) -> None:
    """The demo ends by itself: non-zero, naming the process, with nothing left behind."""
    code = demo.end()
    assert code != 0, demo.output
    named = [line for line in demo.output.splitlines() if "[ProcessDied]" in line]
    assert len(named) == 1, demo.output
    assert name in named[0]
    assert demo.left() == []
    assert "Traceback" not in demo.output, demo.output


def test_the_story_ends_as_if_nothing_had_happened(survived: tuple[Path, Program, str], played: Played) -> None:
    _, demo, address = survived
    disturbed, calm = last_json(demo.output), last_json(played.output)
    assert disturbed["verify_ok"] is True
    for name in ("receivables", "notes", "notes_per_tier", "refused", "repaid", "outstanding"):
        assert disturbed[name] == calm[name], name
    assert holdings(listed(address, "notes")) == holdings(played.ledger["notes"])


def holdings(notes: list[dict[str, Any]]) -> list[tuple[str, int, str, str]]:
    """What came into being, without ids and times: holder, tier, face value, status."""
    return sorted((n["holder"]["name_en"], n["tier"], n["face"], n["status"]) for n in notes if n["origin"] != "sale")


def test_verify_from_outside_is_clean_after_all_kills(survived: tuple[Path, Program, str]) -> None:
    home, _, _ = survived
    verified = scf(home / "demo", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_killed_api_stops_the_demo_by_name(survived: tuple[Path, Program, str]) -> None:
    _, demo, _ = survived
    demo.named("api").kill()
    stopped_because_of(demo, "api")


def test_a_chain_that_cannot_start_is_named(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/chain").write_text("not a folder")
    with lasting_demo(tmp_path) as demo:
        assert demo.end() != 0
        assert demo.left() == []
        assert "Traceback" not in demo.output, demo.output
