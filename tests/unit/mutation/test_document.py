"""docs/mutation.md: reasons outlive a renewal, and nothing stands without one."""

from __future__ import annotations

from bench.mutation.document import DOCUMENT, reasons, renewed, unexplained

EMPTY = "# M\n<!-- figures -->\n<!-- /figures -->\ntext\n<!-- survivors -->\n<!-- /survivors -->\nend\n"


def survivor(name: str, after: str = "a && b") -> dict[str, str]:
    return {"id": f"C.f:logical:{name}", "file": "contracts/C.sol", "before": "a || b", "after": after}


def test_reasons_stay_and_the_gone_go() -> None:
    first = renewed(EMPTY, "none", [survivor("1"), survivor("2", after="")])
    assert reasons(first) == {"C.f:logical:1": "", "C.f:logical:2": ""}
    told = first.replace("`a && b` |  |", "`a && b` | both are always equal |")
    second = renewed(told, "some", [survivor("1"), survivor("3")])
    assert reasons(second) == {"C.f:logical:1": "both are always equal", "C.f:logical:3": ""}
    assert "some" in second and "none" not in second and second.endswith("end\n") and "\ntext\n" in second


def test_who_has_no_reason() -> None:
    text = renewed(EMPTY, "", [survivor("1"), survivor("2")]).replace("`a && b` |  |", "`a && b` | said |", 1)
    assert unexplained(text) == ["C.f:logical:2"]
    assert unexplained(text, [survivor("1"), survivor("4")]) == ["C.f:logical:2", "C.f:logical:4"]


def test_each_survivor_in_the_document_has_its_reason() -> None:
    assert unexplained(DOCUMENT.read_text(encoding="utf-8")) == []
