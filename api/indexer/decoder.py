"""Logs into typed payloads, by one function per event compiled from the ABI: no codec runs per log, only slices of
its hex text. A log that does not have just the shape of its event is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast, get_type_hints

import orjson

from api.chain.abi import EventBinding
from api.chain.bindings import ContractBinding
from api.domain.errors import CascadeError

Decode = Callable[[Sequence[str], str], Any]
"""From topics and data (0x-hex) to the payload."""
Describe = Callable[[Any], bytes]
"""From the payload to JSON by ABI name."""
_WORD = 64
_EXACT_BITS = 48
"""Wider numbers are strings in JSON, as other languages read them as floats."""


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def entry_of(binding: ContractBinding, name: str) -> Mapping[str, Any]:
    """The ABI's entry of an event."""
    found = [e for e in binding.artifact.abi if e["type"] == "event" and e["name"] == name]
    if len(found) != 1:
        raise CascadeError("EventNotInAbi", contract=binding.artifact.name, event=name)
    return found[0]


def compile_event(event: EventBinding, entry: Mapping[str, Any], payload: type[Any]) -> tuple[Decode, Describe]:
    """CascadeError("PayloadDoesNotFit") when the payload's fields are not the event's parameters."""
    if _is_dynamic(entry):
        return _compile_dynamic(event, entry, payload)
    build, names, words, topics = _expression(entry, payload)
    source = f"lambda t, d: {build} if len(t) == {topics} and len(d) == {2 + words * _WORD} else refuse(t, d)"
    decode = eval(source, {**names, "new": tuple.__new__, "fromhex": bytes.fromhex, "refuse": _refuse})
    described = "{" + ", ".join(_described(entry["inputs"], "e")) + "}"
    describe = eval(f"lambda e: dumps({described})", {"dumps": orjson.dumps})
    return cast(Decode, decode), cast(Describe, describe)


def _is_dynamic(entry: Mapping[str, Any]) -> bool:
    """Whether a parameter has a length of its own."""
    return any(p["type"] in ("bytes", "string") or p["type"].endswith("]") for p in entry["inputs"])


def _compile_dynamic(event: EventBinding, entry: Mapping[str, Any], payload: type[Any]) -> tuple[Decode, Describe]:
    """For the rare events with members of any length: read by the codec, whose values the payload takes as they are."""
    _check_fields(event.name, entry["inputs"], payload)

    def decode(topics: Sequence[str], data: str) -> Any:
        try:
            found = event.arguments(topics, data)
            exact = event.data.encode([found[name] for name in event.data.names]).hex() == data[2:]
        except Exception as error:
            if not isinstance(error, ValueError) and not type(error).__module__.startswith("faster_eth_abi"):
                raise
            exact = False
        return payload(*found.values()) if exact else _refuse(topics, data)

    return decode, lambda e: orjson.dumps({p["name"]: _spelled(p, v) for p, v in zip(entry["inputs"], e, strict=True)})


def _spelled(parameter: Mapping[str, Any], value: Any) -> Any:
    """A codec's value with wide numbers as strings, however deep."""
    kind = str(parameter["type"])
    if kind.endswith("]"):
        element = {**parameter, "type": kind.rpartition("[")[0]}
        return [_spelled(element, v) for v in value]
    if kind == "tuple":
        return {c["name"]: _spelled(c, value[c["name"]]) for c in parameter["components"]}
    return str(value) if _is_wide(kind) else value


def describe_plain(entry: Mapping[str, Any]) -> Describe:
    """For arguments by ABI name, as EventBinding gives them: the same JSON as a payload's."""
    wide = {i["name"] for i in entry["inputs"] if _is_wide(i["type"])}
    return lambda e: orjson.dumps({name: str(value) if name in wide else value for name, value in e.items()})


def _is_wide(kind: str) -> bool:
    return re.fullmatch(r"uint\d+", kind) is not None and int(kind[4:]) > _EXACT_BITS


def _refuse(topics: Sequence[str], data: str) -> Any:
    raise CascadeError("MalformedLog", topics=list(topics), data=data)


def _expression(entry: Mapping[str, Any], payload: type[Any]) -> tuple[str, dict[str, Any], int, int]:
    """Python that makes the payload from topics `t` and data `d`; the names it uses; how many words and topics it
    reads."""
    _check_fields(entry["name"], entry["inputs"], payload)
    names: dict[str, Any] = {payload.__name__: payload}
    hints = get_type_hints(payload)
    topics, words = iter(range(1, 9)), iter(range(1_000))
    parts: list[str] = []
    for parameter in entry["inputs"]:
        if parameter["indexed"]:
            parts.append(_word(parameter["type"], f"t[{next(topics)}]", 2))
        elif parameter["type"] == "tuple":
            inner = hints[snake(parameter["name"])]
            _check_fields(parameter["name"], parameter["components"], inner)
            names[inner.__name__] = inner
            parts.append(_built(inner, [_data_word(c["type"], words) for c in parameter["components"]]))
        else:
            parts.append(_data_word(parameter["type"], words))
    return _built(payload, parts), names, next(words), next(topics)


def _built(payload: type[Any], values: Sequence[str]) -> str:
    """As `payload(…)`, at a third of its time: the fields are known to fit."""
    return f"new({payload.__name__}, ({', '.join(values)},))"


def _check_fields(name: str, parameters: Sequence[Mapping[str, Any]], payload: type[Any]) -> None:
    expected = tuple(snake(p["name"]) for p in parameters)
    if expected != payload._fields:
        raise CascadeError("PayloadDoesNotFit", event=name, expected=expected, found=payload._fields)


def _data_word(kind: str, words: Iterator[int]) -> str:
    return _word(kind, "d", 2 + next(words) * _WORD)


def _word(kind: str, text: str, start: int) -> str:
    end = start + _WORD
    if kind == "address":
        return f"fromhex({text}[{end - 40}:{end}])"
    if re.fullmatch(r"bytes\d+", kind):
        return f"fromhex({text}[{start}:{start + 2 * int(kind[5:])}])"
    if kind == "bool":
        return f"{text}[{end - 1}] == '1'"
    if re.fullmatch(r"uint\d+", kind):
        return f"int({text}[{start}:{end}], 16)"
    raise CascadeError("PayloadDoesNotFit", event=kind, expected="a type of one word", found=kind)


def _described(parameters: Sequence[Mapping[str, Any]], owner: str) -> Iterator[str]:
    for i, parameter in enumerate(parameters):
        kind, value = parameter["type"], f"{owner}[{i}]"
        if kind == "tuple":
            value = "{" + ", ".join(_described(parameter["components"], value)) + "}"
        elif kind == "address" or kind.startswith("bytes"):
            value = f"'0x' + {value}.hex()"
        elif _is_wide(kind):
            value = f"str({value})"
        yield f"{parameter['name']!r}: {value}"
