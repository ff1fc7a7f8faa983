"""Graphs, read back by networkx and by Mermaid's own rules for labels."""

from __future__ import annotations

import io
import re

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exports.book import Edge, Graph, Node, Words, legal
from api.exports.graphs import as_graphml, as_mermaid

GRAPH = Graph(
    [
        Node("1", Words("甲 & <乙>", 'A "quoted"'), {"face": "792281625142643375935439503.35", "tier": 1}),
        Node("2", Words("丙", "C"), {"face": None, "tier": 2}),
    ],
    [Edge("1", "2", Words("拆分", "split"), {"note": 2}), Edge("1", "2", Words("贴现", "sale"), {"note": 3})],
)


def test_networkx_reads_what_was_written() -> None:
    graph = networkx.read_graphml(io.BytesIO(as_graphml(GRAPH, "zh")), force_multigraph=True)
    assert graph.nodes["1"] == {"label": "甲 & <乙>", "face": "792281625142643375935439503.35", "tier": 1}
    assert graph.nodes["2"] == {"label": "丙", "tier": 2}
    assert sorted((a, b, data["note"], data["label"]) for a, b, data in graph.edges(data=True)) == [
        ("1", "2", 2, "拆分"),
        ("1", "2", 3, "贴现"),
    ]
    assert graph.is_directed()


@given(st.text(), st.text())
def test_any_text_is_carried(one: str, other: str) -> None:
    graph = Graph([Node("a", Words(one, one)), Node("b", Words(other, other))], [])
    read = networkx.read_graphml(io.BytesIO(as_graphml(graph, "en")))
    for node, text in (("a", one), ("b", other)):
        assert read.nodes[node].get("label", "") == legal(text)


@given(st.text())
def test_a_label_in_mermaid_is_nothing_but_a_label(text: str) -> None:
    lines = as_mermaid(Graph([Node("x", Words(text, text))], []), "en").decode().splitlines()
    assert lines[0] == "flowchart TD"
    drawn = as_mermaid(Graph([Node("x", Words(text, text))], []), "en").decode()
    label = drawn.removeprefix('flowchart TD\n  n0["').removesuffix('"]\n')
    assert re.fullmatch(r"(?:[^\"'`<>&#;|\[\](){}\\%@$^~*\n]|#\d+;|<br/>)*", label)
    read = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label.replace("<br/>", "\n"))
    assert read == legal(text).replace("\r", "")


@pytest.mark.parametrize(("language", "edge"), [("zh", '  n0 -->|"拆分"| n1'), ("en", '  n0 -->|"split"| n1')])
def test_mermaid_speaks_both_languages(language: str, edge: str) -> None:
    assert edge in as_mermaid(GRAPH, language).decode().splitlines()
