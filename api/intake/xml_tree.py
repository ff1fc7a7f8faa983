"""Untrusted XML into a tree: no DTD, no entities, nothing fetched, bounded in size, depth and number of elements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.ElementTree import DefusedXMLParser

from api.intake.refused import Refused
from api.intake.text import byte_order_mark, encoding_named

LARGEST_XML = 10_000_000
DEEPEST = 64
MOST_ELEMENTS = 250_000

_ENCODINGS = {"utf-8", "utf-16", "ascii", "iso8859-1", "iso8859-15", "cp1252", "gb18030", "gbk", "gb2312"}
_DECLARED = re.compile(rb"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


class _BoundedBuilder(TreeBuilder):
    """Builds the tree, but never deeper or larger than an invoice can sensibly be."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST:
            raise Refused("xml-too-deep", limit=DEEPEST)
        if self._elements > MOST_ELEMENTS:
            raise Refused("xml-too-many-elements", limit=MOST_ELEMENTS)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse_xml(data: bytes) -> Element:
    """The root element of a document. Raises Refused, naming the line where the parser stopped."""
    if len(data) > LARGEST_XML:
        raise Refused("file-too-large", limit=LARGEST_XML)
    text = decode_xml(data)
    parser: Any = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=True)
    try:
        parser.feed(text)
        root: Element = parser.close()
    except ParseError as error:
        raise Refused("xml-malformed", error=str(error), where=f"line {error.position[0]}") from None
    except DTDForbidden:
        raise Refused("xml-doctype", where=_line(parser)) from None
    except (EntitiesForbidden, ExternalReferenceForbidden):
        raise Refused("xml-entity", where=_line(parser)) from None
    except Refused as refused:
        raise Refused(refused.rule, **{**refused.params, "where": _line(parser)}) from None
    return root


def _line(parser: Any) -> str:
    return f"line {parser.parser.CurrentLineNumber}"


def decode_xml(data: bytes) -> str:
    """The document's text by its byte order mark or declaration, strictly. Raises Refused."""
    mark = byte_order_mark(data)
    declaration = _DECLARED.match(data) if mark is None else None
    declared = declaration[1].decode() if declaration else ""
    name = encoding_named(mark[1] if mark else declared or "utf-8", _ENCODINGS)
    if name == "utf-16" and mark is None:
        raise Refused("encoding-unknown", encoding=name, where="line 1")
    try:
        text = data.decode("utf-8-sig" if mark and name == "utf-8" else name)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused("encoding-invalid", encoding=name, where=f"line {line}") from None
    if "\0" in text:  # UTF-16 without its mark: the parser would guess, we do not
        raise Refused("encoding-unknown", encoding=name, where="line 1")
    if mark is not None:
        _must_agree(text, name)
    return text


def _must_agree(text: str, name: str) -> None:
    declaration = _DECLARED.match(text[:300].encode("utf-8", "replace"))
    declared = declaration[1].decode().lower() if declaration else name
    if not declared.startswith(name):
        raise Refused("encoding-contradicted", mark=name, declared=declared, where="line 1")


class Reading:
    """Reads single values out of an element by paths of prefixed names, and names those paths when it refuses."""

    def __init__(self, root: Element, label: str, namespaces: Mapping[str, str]) -> None:
        self._root = root
        self._label = label
        self._namespaces = dict(namespaces)

    def where(self, path: str) -> str:
        """The path as people read it, from the root element's name."""
        return f"{self._label}/{path}"

    def elements(self, path: str) -> list[Element]:
        """All elements at a path."""
        return self._root.findall(path, self._namespaces)

    def child_text(self, element: Element, path: str) -> str:
        """The stripped text at a path below `element`; empty when there is none."""
        return (element.findtext(path, "", self._namespaces) or "").strip()

    def text(self, path: str) -> str:
        """The one stripped value at a path; empty when there is none. Raises Refused for two different values."""
        return self.one(path, (self.plain(element, path) for element in self.elements(path)))

    def attribute(self, path: str, name: str) -> str:
        """The one value of an attribute at a path, or "". Raises Refused for two different values."""
        return self.one(f"{path}/@{name}", (element.get(name, "").strip() for element in self.elements(path)))

    def one(self, path: str, values: Iterable[str]) -> str:
        """The one different value among `values` that is not empty, or "". Raises Refused when there are several."""
        found = list(dict.fromkeys(value for value in values if value))
        if len(found) > 1:
            raise Refused("element-repeated", where=self.where(path), values="; ".join(found))
        return found[0] if found else ""

    def plain(self, element: Element, path: str) -> str:
        """The stripped text of an element that holds nothing else. Raises Refused when it has child elements."""
        if len(element):
            raise Refused("xml-malformed", where=self.where(path), error="elements where a value should stand")
        return (element.text or "").strip()
