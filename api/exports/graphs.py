"""Graphs as GraphML and Mermaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from api.exports.book import Edge, Graph, Node, legal

_NS = "http://graphml.graphdrawing.org/xmlns"
_SPECIAL = frozenset("\"'`<>&#;|[](){}\\%@$^~*")
Facts = Mapping[str, str | int | None]


def as_graphml(graph: Graph, language: str) -> bytes:
    """GraphML 1.0. Each fact is data of its own: ids and counts as `long`, everything else, amounts too, as text."""
    root = etree.Element(f"{{{_NS}}}graphml", nsmap={None: _NS})
    keys = {
        (kind, name): f"{kind[0]}{number}"
        for kind, items in (("node", graph.nodes), ("edge", graph.edges))
        for number, name in enumerate(dict.fromkeys(["label", *(n for item in items for n in item.facts)]))
    }
    numbers = {
        (kind, name)
        for kind, items in (("node", graph.nodes), ("edge", graph.edges))
        for name in {n for item in items for n in item.facts}
        if all(isinstance(item.facts.get(name), int | None) for item in items)
    }
    for (kind, name), key in keys.items():
        kind_of_value = "long" if (kind, name) in numbers else "string"
        etree.SubElement(root, f"{{{_NS}}}key", {"id": key, "for": kind, "attr.name": name, "attr.type": kind_of_value})
    whole = etree.SubElement(root, f"{{{_NS}}}graph", {"edgedefault": "directed"})
    for node in graph.nodes:
        _told(etree.SubElement(whole, f"{{{_NS}}}node", {"id": legal(node.id)}), keys, "node", node, language)
    for number, edge in enumerate(graph.edges):
        ends = {"id": f"e{number}", "source": legal(edge.source), "target": legal(edge.target)}
        _told(etree.SubElement(whole, f"{{{_NS}}}edge", ends), keys, "edge", edge, language)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _told(
    element: etree._Element, keys: Mapping[tuple[str, str], str], kind: str, what: Node | Edge, language: str
) -> None:
    for name, value in (("label", what.label(language)), *what.facts.items()):
        if value is not None:
            etree.SubElement(element, f"{{{_NS}}}data", {"key": keys[kind, name]}).text = legal(str(value))


def as_mermaid(graph: Graph, language: str) -> bytes:
    """A flowchart. Labels are other people's text: all that Mermaid might read as its own is written as character codes."""
    return "\n".join(["flowchart TD", *_lines(graph, language), ""]).encode()


def _lines(graph: Graph, language: str) -> Iterable[str]:
    short = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        yield f'  {short[node.id]}["{_quoted(node.label(language))}"]'
    for edge in graph.edges:
        label = _quoted(edge.label(language))
        yield f'  {short[edge.source]} -->|"{label}"| {short[edge.target]}'


def _quoted(text: str) -> str:
    lines = legal(text).replace("\r", "").split("\n")
    return "<br/>".join("".join(f"#{ord(c)};" if c in _SPECIAL else c for c in line) for line in lines)
