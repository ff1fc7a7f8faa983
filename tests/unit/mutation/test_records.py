"""What is known of a mutant stays known for as long as the code and, for a survivor, the tests are the same."""

from __future__ import annotations

from pathlib import Path

from bench.mutation.records import Outcome, Record, Records, _bare


def test_what_was_said_last_counts_in_the_next_run(tmp_path: Path) -> None:
    records = Records(tmp_path / "made" / "records.jsonl")
    records.keep(Record("a", Outcome.SURVIVED, tests="t1"))
    records.keep(Record("a", Outcome.KILLED, by="test_x", tests="t2"))
    found = Records(tmp_path / "made" / "records.jsonl").of("a", "t3")
    assert found == Record("a", Outcome.KILLED, by="test_x", tests="t2")


def test_a_survivor_is_tried_again_by_other_tests(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.jsonl")
    records.keep(Record("a", Outcome.SURVIVED, tests="t1"))
    assert records.of("a", "t1") is not None
    assert records.of("a", "t2") is None
    assert records.of("b", "t1") is None


def test_comments_and_layout_are_no_code() -> None:
    one = '/// @notice Says.\nfunction f()   {\n  x = "// no comment"; /* none */ y = 1; // end\n}'
    other = 'function f() { x = "// no comment"; y = 1; }'
    assert _bare(one) == _bare(other)
    assert _bare(one) != _bare(other.replace("y = 1", "y = 2"))
    assert _bare(one) != _bare(other.replace("// no", "// some"))
