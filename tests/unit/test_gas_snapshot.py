"""What `make check` tells about gas that is not as in the snapshot."""

from __future__ import annotations

from pathlib import Path

from bench.snapshot import differences, read_snapshot, write_snapshot


def test_nothing_is_told_when_every_act_costs_the_same() -> None:
    assert differences({"accept": 38_649, "confirm": 215_563}, {"confirm": 215_563, "accept": 38_649}) == []


def test_each_act_that_differs_is_told_with_both_figures_and_by_how_much() -> None:
    told = differences({"accept": 1_000, "confirm": 200_000}, {"accept": 1_000, "confirm": 195_000})
    assert [line.split() for line in told] == [
        ["act", "before", "after", "difference", "%"],
        ["confirm", "200,000", "195,000", "-5,000", "-2.50%"],
    ]


def test_one_unit_is_a_difference() -> None:
    assert differences({"accept": 100_000}, {"accept": 100_001})[1].split()[-2:] == ["+1", "+0.00%"]


def test_acts_that_come_and_go_are_told() -> None:
    told = differences({"gone": 1_000}, {"fresh": 2_000})
    assert [line.split() for line in told[1:]] == [["fresh", "–", "2,000", "new"], ["gone", "1,000", "–", "gone"]]


def test_the_file_has_one_act_a_line_in_order(tmp_path: Path) -> None:
    file = tmp_path / "snapshot.json"
    write_snapshot({"split_4": 2, "accept": 1}, file)
    assert file.read_text(encoding="utf-8") == '{\n  "accept": 1,\n  "split_4": 2\n}\n'
    assert read_snapshot(file) == {"accept": 1, "split_4": 2}
