"""The contracts' manual as pages: `python -m scripts.setup.contract_docs [--check]`.

The interfaces are the manual; this writes docs/contracts/ from their NatSpec, one page an interface, by the compiler's
own syntax tree. `--check` compares instead and exits 1 where a page is not what the sources say. Both name what NatSpec
is missing: every interface has a title and a notice; every struct's members are explained; every function says what it is
for or what it returns, and one that writes also what it emits and requires.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import solcx

from api.chain.compile import PROJECT, CompilerSettings

PAGES = PROJECT / "docs/contracts"
INTERFACES = PROJECT / "contracts/interfaces"
_HEADER = "<!-- Written by make docs from the NatSpec in contracts/interfaces: edit there. -->\n"
_TAG = re.compile(r"@(title|notice|dev|param|return)\s+")

Node = dict[str, Any]


@dataclass(frozen=True)
class NatSpec:
    """A comment, tag by tag; lines of one tag are joined."""

    title: str = ""
    notice: str = ""
    dev: str = ""
    params: dict[str, str] = field(default_factory=dict)
    returns: tuple[str, ...] = ()

    @classmethod
    def of(cls, node: Node) -> NatSpec:
        """The comment of a syntax tree's node, empty when it has none."""
        documentation = node.get("documentation")
        text = documentation if isinstance(documentation, str) else (documentation or {}).get("text", "")
        if text and not text.lstrip().startswith("@"):
            text = "@notice " + text
        parts = _TAG.split(" ".join(line.strip() for line in text.splitlines()))
        single: dict[str, str] = {}
        params: dict[str, str] = {}
        returns: list[str] = []
        for tag, said in zip(parts[1::2], parts[2::2], strict=True):
            said = said.strip()
            if tag == "param":
                name, _, meaning = said.partition(" ")
                params[name] = meaning
            elif tag == "return":
                returns.append(said)
            else:
                single[tag] = said
        return cls(single.get("title", ""), single.get("notice", ""), single.get("dev", ""), params, tuple(returns))


def syntax_trees(project: Path = PROJECT) -> dict[str, Node]:
    """Interface name → its node, as the compiler reads contracts/interfaces."""
    compiler = CompilerSettings.read(project)
    files = sorted((project / "contracts").rglob("*.sol"))
    sources = {path.relative_to(project).as_posix(): {"content": path.read_text(encoding="utf-8")} for path in files}
    selection = {"*": {"": ["ast"]}}
    answer = solcx.compile_standard(
        {"language": "Solidity", "sources": sources, "settings": {**compiler.settings, "outputSelection": selection}},
        solc_version=compiler.version,
        allow_paths=str(project),
    )
    return {
        node["name"]: node
        for name, source in answer["sources"].items()
        if name.startswith("contracts/interfaces/")
        for node in source["ast"]["nodes"]
        if node["nodeType"] == "ContractDefinition"
    }


def missing(interface: Node) -> Iterator[str]:
    """What the NatSpec of an interface does not say, by member."""
    name, own = interface["name"], NatSpec.of(interface)
    if not (own.title and own.notice):
        yield f"{name}: a title and a notice"
    for node in interface["nodes"]:
        said, where = NatSpec.of(node), f"{name}.{node.get('name', '')}"
        if node["nodeType"] == "StructDefinition":
            yield from (f"{where}: {m['name']}" for m in node["members"] if m["name"] not in said.params)
        if node["nodeType"] != "FunctionDefinition":
            continue
        if node["stateMutability"] in ("view", "pure"):
            if not _is_plain_getter(node) and not (said.notice or said.returns or said.dev):
                yield f"{where}: what it is for, or what it returns"
            continue
        if "Requirements:" not in said.dev:
            yield f"{where}: Requirements"
        if not re.search(r"Emits|Changes nothing|As \{", said.dev):
            yield f"{where}: Emits"


def _is_plain_getter(node: Node) -> bool:
    """A getter whose name and one answer say all: `note(id)`, `line(debtor, currency)`."""
    return len(node["returnParameters"]["parameters"]) == 1


def page(interface: Node) -> str:
    """An interface as Markdown."""
    own = NatSpec.of(interface)
    lines = [f"# {interface['name']}: {own.title}", "", own.notice, ""]
    if own.dev:
        lines += [own.dev, ""]
    nodes: Sequence[Node] = interface["nodes"]
    functions = [n for n in nodes if n["nodeType"] == "FunctionDefinition"]
    reading = ("view", "pure")
    lines += _section("Acts", [n for n in functions if n["stateMutability"] not in reading])
    lines += _section("Reading", [n for n in functions if n["stateMutability"] in reading])
    lines += _section("Structs", [n for n in nodes if n["nodeType"] == "StructDefinition"])
    lines += _section("Enums", [n for n in nodes if n["nodeType"] == "EnumDefinition"])
    lines += _section("Events", [n for n in nodes if n["nodeType"] == "EventDefinition"])
    errors = [n for n in nodes if n["nodeType"] == "ErrorDefinition"]
    if errors:
        lines += ["## Errors", "", *(f"- `{_signature(n)}`{_told(n)}" for n in errors), ""]
    return _HEADER + "\n".join(lines).replace("{", "`").replace("}", "`").rstrip() + "\n"


def _told(node: Node) -> str:
    said = NatSpec.of(node)
    text = " ".join(filter(None, (said.notice, said.dev)))
    return f": {text}" if text else ""


def _section(title: str, nodes: Sequence[Node]) -> list[str]:
    if not nodes:
        return []
    lines = [f"## {title}", ""]
    for node in nodes:
        said = NatSpec.of(node)
        lines += [f"### {node['name']}", "", f"`{_signature(node)}`", ""]
        lines += [text + "\n" for text in (said.notice, said.dev) if text]
        lines += [f"- `{name}`: {meaning}" for name, meaning in said.params.items()]
        lines += [f"- returns {_returned(node, meaning)}" for meaning in said.returns]
        if said.params or said.returns:
            lines.append("")
    return lines


def _returned(node: Node, meaning: str) -> str:
    """NatSpec of a named answer begins with its name."""
    name, _, rest = meaning.partition(" ")
    if name in {p["name"] for p in node["returnParameters"]["parameters"]}:
        return f"`{name}`: {rest}"
    return meaning[:1].lower() + meaning[1:]


def _signature(node: Node) -> str:
    kind = node["nodeType"]
    if kind == "StructDefinition":
        return f"struct {node['name']}(" + ", ".join(_variable(m) for m in node["members"]) + ")"
    if kind == "EnumDefinition":
        return f"enum {node['name']}(" + ", ".join(m["name"] for m in node["members"]) + ")"
    given = ", ".join(_variable(p) for p in node["parameters"]["parameters"])
    answers = node.get("returnParameters", {}).get("parameters", [])
    returned = f" → ({', '.join(_variable(p) for p in answers)})" if answers else ""
    return f"{node['name']}({given}){returned}"


def _variable(node: Node) -> str:
    type_ = node["typeDescriptions"]["typeString"].removeprefix("struct ").removeprefix("contract ")
    type_ = re.sub(r"^(enum )?(I\w+\.)?", "", type_)
    indexed = " indexed" if node.get("indexed") else ""
    return f"{type_}{indexed} {node['name']}".rstrip()


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 when NatSpec is missing something or, with --check, a page is not up to date."""
    trees, bad = syntax_trees(), False
    for interface in trees.values():
        for gap in missing(interface):
            bad = True
            print(f"NatSpec: {gap}", file=sys.stderr)
    pages = {f"{name}.md": page(node) for name, node in trees.items()}
    listed = "\n".join(f"- [{name[:-3]}]({name}): {NatSpec.of(trees[name[:-3]]).title}" for name in sorted(pages))
    pages["README.md"] = (
        _HEADER + "# The contracts' manual\n\nOne page an interface, from its NatSpec.\n\n" + listed + "\n"
    )
    stale = {file.name for file in PAGES.glob("*.md")} - set(pages)
    if "--check" in arguments:
        off = [n for n, text in pages.items() if not (PAGES / n).exists() or (PAGES / n).read_text("utf-8") != text]
        for name in sorted({*off, *stale}):
            bad = True
            print(f"docs/contracts/{name} is not what the sources say; next: make docs", file=sys.stderr)
        return int(bad)
    PAGES.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (PAGES / name).unlink()
    for name, text in pages.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
