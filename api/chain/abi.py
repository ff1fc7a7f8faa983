"""Typed encoding and decoding compiled from an ABI. Structs are dicts by ABI name, bytes are 0x-hex strings, addresses
checksummed strings, numbers and user-defined value types plain ints; so every value is JSON-able."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eth_hash.auto import keccak
from faster_eth_abi import decode, encode

from api.domain.errors import InvalidInput

Convert = Callable[[Any], Any]
AbiEntry = Mapping[str, Any]


@lru_cache(maxsize=65_536)
def checksum(address: str) -> str:
    """The EIP-55 form of a 0x-hex address of any case."""
    digits = address[2:].lower()
    digest = keccak(digits.encode()).hex()
    return "0x" + "".join(c.upper() if int(digest[i], 16) >= 8 else c for i, c in enumerate(digits))


def type_string(parameter: AbiEntry) -> str:
    """The canonical type: tuples spelled out."""
    kind = str(parameter["type"])
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(type_string(c) for c in parameter["components"])
    return f"({inner}){kind[5:]}"


def _to_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else bytes.fromhex(str(value).removeprefix("0x"))


def _to_hex(value: bytes) -> str:
    return "0x" + value.hex()


def _same(value: Any) -> Any:
    return value


def _sequence(item: Convert) -> Convert:
    return lambda values: [item(v) for v in values]


def _element(parameter: AbiEntry) -> dict[str, Any]:
    return {**parameter, "type": str(parameter["type"]).rpartition("[")[0]}


def encoder(parameter: AbiEntry) -> Convert:
    """From a JSON-able value to what the codec takes."""
    kind = str(parameter["type"])
    if kind.endswith("]"):
        return _sequence(encoder(_element(parameter)))
    if kind == "tuple":
        parts = [(str(c["name"]), encoder(c)) for c in parameter["components"]]
        return lambda value: tuple(convert(value[name]) for name, convert in parts)
    if kind.startswith("bytes"):
        return _to_bytes
    return int if kind.startswith(("uint", "int")) else _same


def decoder(parameter: AbiEntry) -> Convert:
    """From the codec's value to the JSON-able one."""
    kind = str(parameter["type"])
    if kind.endswith("]"):
        return _sequence(decoder(_element(parameter)))
    if kind == "tuple":
        parts = [(str(c["name"]), decoder(c)) for c in parameter["components"]]
        return lambda value: {name: convert(v) for (name, convert), v in zip(parts, value, strict=True)}
    if kind.startswith("bytes"):
        return _to_hex
    return checksum if kind == "address" else _same


class Parameters:
    """An ordered list of ABI parameters, both ways."""

    def __init__(self, parameters: Sequence[AbiEntry]) -> None:
        self.names = tuple(str(p.get("name", "")) for p in parameters)
        self.types = tuple(type_string(p) for p in parameters)
        self._encoders = tuple(encoder(p) for p in parameters)
        self._decoders = tuple(decoder(p) for p in parameters)

    def encode(self, values: Sequence[Any]) -> bytes:
        """InvalidInput("ArgumentsDoNotFit") when number, names or ranges are wrong."""
        try:
            converted = [convert(v) for convert, v in zip(self._encoders, values, strict=True)]
            return encode(self.types, converted)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput("ArgumentsDoNotFit", expected=",".join(self.types), message=str(error)) from error
        except Exception as error:
            if type(error).__module__.startswith(("eth_abi", "faster_eth_abi")):
                raise InvalidInput("ArgumentsDoNotFit", expected=",".join(self.types), message=str(error)) from error
            raise

    def decode(self, data: bytes) -> tuple[Any, ...]:
        values = decode(self.types, data)
        return tuple(convert(v) for convert, v in zip(self._decoders, values, strict=True))

    def named(self, data: bytes) -> dict[str, Any]:
        """Decoded values by name; unnamed ones by position ("0", "1", …)."""
        values = self.decode(data)
        return {name or str(i): value for i, (name, value) in enumerate(zip(self.names, values, strict=True))}


@dataclass(frozen=True)
class FunctionBinding:
    """One contract function: calldata from arguments, and back; results as a value (one) or a tuple (several)."""

    name: str
    selector: bytes
    inputs: Parameters
    outputs: Parameters
    mutates: bool

    def calldata(self, args: Sequence[Any]) -> bytes:
        return self.selector + self.inputs.encode(args)

    def arguments(self, calldata: bytes) -> tuple[Any, ...]:
        return self.inputs.decode(calldata[4:])

    def result(self, data: bytes) -> Any:
        values = self.outputs.decode(data)
        if not values:
            return None
        return values[0] if len(values) == 1 else values


@dataclass(frozen=True)
class EventBinding:
    """One event: its topic, and how topics and data become named arguments in ABI order."""

    name: str
    topic: str
    order: tuple[str, ...]
    indexed: tuple[tuple[str, Parameters], ...]
    data: Parameters

    def arguments(self, topics: Sequence[str], data: str) -> dict[str, Any]:
        found = self.data.named(bytes.fromhex(data[2:])) if self.data.types else {}
        for (name, parameter), topic in zip(self.indexed, topics[1:], strict=True):
            found[name] = parameter.decode(bytes.fromhex(topic[2:]))[0]
        return {name: found[name] for name in self.order}


@dataclass(frozen=True)
class ErrorBinding:
    """One custom error."""

    name: str
    selector: bytes
    inputs: Parameters


def signature(entry: AbiEntry) -> str:
    return f"{entry['name']}({','.join(type_string(i) for i in entry['inputs'])})"


def bind_function(entry: AbiEntry) -> FunctionBinding:
    selector = keccak(signature(entry).encode())[:4]
    mutates = entry.get("stateMutability") not in {"view", "pure"}
    return FunctionBinding(
        str(entry["name"]), selector, Parameters(entry["inputs"]), Parameters(entry.get("outputs", [])), mutates
    )


def bind_event(entry: AbiEntry) -> EventBinding:
    inputs: Sequence[AbiEntry] = entry["inputs"]
    return EventBinding(
        name=str(entry["name"]),
        topic="0x" + keccak(signature(entry).encode()).hex(),
        order=tuple(str(i["name"]) for i in inputs),
        indexed=tuple((str(i["name"]), Parameters([i])) for i in inputs if i["indexed"]),
        data=Parameters([i for i in inputs if not i["indexed"]]),
    )


def bind_error(entry: AbiEntry) -> ErrorBinding:
    return ErrorBinding(str(entry["name"]), keccak(signature(entry).encode())[:4], Parameters(entry["inputs"]))
