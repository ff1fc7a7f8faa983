"""kill -9 of each process in turn, in the middle of the story: the rest stops, the dead one is named, and starting
again goes on to the same end as a story that nobody disturbed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.processes import left
from tests.e2e.program import Program, ask, last_json, scf

ROUNDS = (
    ("worker", "admit parties"),
    ("chain", "tier 1 accepts"),
    ("indexer", "tier 2 passes on"),
    ("worker", "quote"),
)
"""Which process is killed, and after which stage."""


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose demo was killed again and again, and then told its story to the end."""
    home = tmp_path_factory.mktemp("killed")
    for name, stage in ROUNDS:
        with Program(home, "demo") as demo:
            demo.wait_for(stage)
            demo.named(name).kill()
            stopped_because_of(demo, name)
    with Program(home, "demo") as demo:
        demo.wait_for("finance")
        demo.processes()
        demo.process.kill()
        demo.end()
        assert demo.left() == [], "nothing outlives a killed demo"
    with Program(home, "demo") as demo:
        demo.serving()
        demo.named("api").kill()
        stopped_because_of(demo, "api")
    return home


def stopped_because_of(demo: Program, name: str) -> None:
    """The demo ends by itself: non-zero, naming the process, with nothing left behind."""
    demo.processes()
    code = demo.end()
    assert code not in (0, None), demo.output
    assert "[ProcessDied]" in demo.output, demo.output
    assert any(f"{name}" in line and "[ProcessDied]" in line for line in demo.output.splitlines()), demo.output
    assert demo.left() == []
    assert "Traceback" not in demo.output, demo.output


def test_the_story_ends_as_if_nothing_had_happened(survived: Path, told: Path) -> None:
    with Program(survived, "demo") as demo:
        address = demo.serving()
        disturbed = last_json(demo.output)
        notes = holdings(address)
        assert disturbed["verify_ok"] is True
        demo.interrupt()
        assert demo.end() == 0, demo.output
    with Program(told, "demo") as demo:
        address = demo.serving()
        calm = last_json(demo.output)
        assert notes == holdings(address)
    for name in ("receivables", "notes", "notes_per_tier", "refused", "repaid", "outstanding"):
        assert disturbed[name] == calm[name], name


def holdings(address: str) -> list[tuple[str, int, str, str]]:
    """What came into being, without ids and times: holder, tier, face value, status. Sales are left out: their terms hang
    on the hour of the quote."""
    found: list[tuple[str, int, str, str]] = []
    cursor = ""
    while True:
        page = ask(f"{address}/notes?limit=100{cursor}")
        found += [
            (n["holder"]["name_en"], n["tier"], n["face"], n["status"]) for n in page["items"] if n["origin"] != "sale"
        ]
        if not page["next"]:
            return sorted(found)
        cursor = f"&cursor={page['next']}"


def test_verify_from_outside_is_clean_after_all_kills(survived: Path) -> None:
    with Program(survived, "demo") as demo:
        demo.serving()
        verified = scf(survived / "demo", "verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_process_that_cannot_start_is_named(tmp_path: Path, told: Path) -> None:
    """A chain folder that is no folder: the chain does not start, and nothing stays behind."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/chain").write_text("not a folder")
    with Program(tmp_path, "demo") as demo:
        assert demo.end() not in (0, None)
        assert left(demo.processes()) == []
        assert "Traceback" not in demo.output, demo.output
