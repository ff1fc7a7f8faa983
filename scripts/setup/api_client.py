"""Writes the Python client out of the API's OpenAPI document: `python -m scripts.setup.api_client [FILE]`.

What every client does (keys, retries, tags, pages, problems) is written by hand in client_transport.py and comes first in
the file; then a TypedDict for each schema and a method for each operation. Made when asked for and not kept: it cannot be
out of date.
"""

from __future__ import annotations

import argparse
import keyword
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.config import Settings
from api.main import create_app

PROJECT = Path(__file__).resolve().parents[2]
TRANSPORT = Path(__file__).with_name("client_transport.py")
TARGET = PROJECT / "build/client/cascade_client.py"

Schema = Mapping[str, Any]

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_HEADERS = {"idempotency-key", "prefer"}
"""What the transport sets itself."""
_REFUSALS = {"Problem", "FieldProblem"}
"""Never answers of an operation that went well: the transport raises them."""
_WORD = re.compile(r"[^A-Za-z0-9]+")


def client_source(document: Mapping[str, Any]) -> str:
    """The module's text."""
    schemas = document["components"]["schemas"]
    parts = [
        _transport(),
        *(_type(n, s) for n, s in schemas.items() if n not in _REFUSALS),
        *_client(document["paths"]),
    ]
    return "\n".join(parts)


def _transport() -> str:
    text = TRANSPORT.read_text(encoding="utf-8")
    return text.replace(
        "from typing import Any, Self",
        "from typing import Any, Literal, NotRequired, Required, Self, TypeAlias, TypedDict",
    )


# -- types


def type_name(schema: str) -> str:
    """Page_Note_ → PageNote."""
    return "".join(part[:1].upper() + part[1:] for part in _WORD.split(schema.replace("_", " ")))


def annotation(schema: Schema) -> str:
    """A schema as a Python type; `Any` where it says nothing that Python can say."""
    if "$ref" in schema:
        return type_name(str(schema["$ref"]).rpartition("/")[2])
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " | ".join(dict.fromkeys(annotation(one) for one in schema[choice]))
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    kind = schema.get("type")
    if kind == "array":
        return f"list[{annotation(schema.get('items', {}))}]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {annotation(inner) if isinstance(inner, Mapping) else 'Any'}]"
    return _PLAIN.get(str(kind), "Any")


def _type(name: str, schema: Schema) -> str:
    """A class for an object, an alias for everything else. Quoted throughout: schemas name each other in any order."""
    if "properties" not in schema:
        return f"{type_name(name)}: TypeAlias = {annotation(schema)!r}\n"
    required = set(schema.get("required", ()))
    fields = {
        field: f"{'Required' if field in required else 'NotRequired'}[{annotation(one)}]"
        for field, one in schema["properties"].items()
    }
    if any(keyword.iskeyword(field) for field in fields):
        told = ", ".join(f"{field!r}: {kind!r}" for field, kind in fields.items())
        return f"{type_name(name)} = TypedDict({type_name(name)!r}, {{{told}}})\n"
    lines = [f"class {type_name(name)}(TypedDict):"]
    if text := schema.get("description"):
        lines.append(_docstring(text, 4))
    lines += [f"    {field}: {kind}" for field, kind in fields.items()]
    return "\n".join([*lines, "", ""])


# -- methods


def _client(paths: Mapping[str, Any]) -> Iterator[str]:
    yield 'class Client(Transport):\n    """The operations of the API, named as its document names them."""\n'
    for path, methods in paths.items():
        for verb, operation in methods.items():
            if (made := _method(path, verb, operation)) is not None:
                yield made


def _method(path: str, verb: str, operation: Mapping[str, Any]) -> str | None:
    """None for streams of events, which are read with a library for them, and for addresses that only lead browsers on."""
    answer = next((found for status, found in operation["responses"].items() if status.startswith("2")), None)
    if answer is None or "text/event-stream" in (content := answer.get("content", {})):
        return None
    result = annotation(content["application/json"].get("schema", {})) if "application/json" in content else "Any"
    parameters = [p for p in operation.get("parameters", ()) if p["name"].lower() not in _HEADERS]
    inside = [p for p in parameters if p["in"] == "path"]
    query = [p for p in parameters if p["in"] == "query"]
    body = operation.get("requestBody", {}).get("content", {})
    signature = ["self", *(f"{_name(p)}: {annotation(p['schema'])}" for p in inside), *_body_arguments(body)]
    named = [_query_argument(p) for p in query]
    writes = verb != "get"
    if writes:
        named += ["idempotency_key: str | None = None", "wait_s: int = 0"]
    if named:
        signature += ["*", *named]
    address = f'f"{path}"' if inside else f'"{path}"'
    for one in inside:
        address = address.replace(f"{{{one['name']}}}", f"{{{_name(one)}}}")
    told = ", ".join(f'"{p["name"]}": {_name(p)}' for p in query)
    sent = [f'"{verb.upper()}", ' if writes else "", f"{address}, {{{told}}}"]
    if writes:
        sent.append(", idempotency_key=idempotency_key, wait_s=wait_s" + _body_values(body))
    lines = [
        f"    def {_WORD.sub('_', operation['operationId'])}({', '.join(signature)}) -> {result}:",
        _docstring(operation.get("description") or operation["summary"], 8),
        f"        found: {result} = self.{'write' if writes else 'read'}({''.join(sent)})",
        "        return found",
        "",
    ]
    return "\n".join(lines)


def _body_arguments(body: Mapping[str, Any]) -> Sequence[str]:
    if "application/json" in body:
        return [f"body: {annotation(body['application/json']['schema'])}"]
    return ["form: Mapping[str, Any]", "files: Mapping[str, Any]"] if body else []


def _body_values(body: Mapping[str, Any]) -> str:
    if "application/json" in body:
        return ", json=body"
    return ", data=form, files=files" if body else ""


def _query_argument(parameter: Mapping[str, Any]) -> str:
    kind = annotation(parameter["schema"])
    if parameter.get("required"):
        return f"{_name(parameter)}: {kind}"
    return f"{_name(parameter)}: {kind if 'None' in kind.split(' | ') else kind + ' | None'} = None"


def _name(parameter: Mapping[str, Any]) -> str:
    name = _WORD.sub("_", str(parameter["name"]))
    return f"{name}_" if keyword.iskeyword(name) else name


def _docstring(text: str, indent: int) -> str:
    told = text.strip().replace("\\", "\\\\").replace('"""', "'''")
    wrapped = textwrap.indent(told, " " * indent).lstrip()
    closing = f"\n{' ' * indent}" if "\n" in told or told.endswith('"') else ""
    return f'{" " * indent}"""{wrapped}{closing}"""'


def write_client(file: Path, document: Mapping[str, Any] | None = None) -> Path:
    """Writes the client of this API, or of `document`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(client_source(document or create_app(Settings()).openapi()), encoding="utf-8")
    return file


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.setup.api_client", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=TARGET)
    print(write_client(parser.parse_args(arguments).file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
