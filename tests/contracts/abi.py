"""Encoding for the contracts: functions, custom errors and events by name, structs as plain tuples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address

Entry = dict[str, Any]


def type_of(parameter: Entry) -> str:
    """The canonical type of an ABI parameter, tuples unfolded."""
    if not parameter["type"].startswith("tuple"):
        return str(parameter["type"])
    inner = ",".join(type_of(component) for component in parameter["components"])
    return f"({inner}){parameter['type'][5:]}"


def plain(value: Any) -> Any:
    """Decoded values with checksummed addresses, structs and lists as tuples."""
    if isinstance(value, str) and value.startswith("0x") and len(value) == 42:
        return _checksummed(value)
    if isinstance(value, list | tuple):
        return tuple(plain(item) for item in value)
    return value


@lru_cache(maxsize=10_000)
def _checksummed(address: str) -> str:
    return to_checksum_address(address)


def signature_of(entry: Entry) -> str:
    """``name(type,…)``."""
    return f"{entry['name']}({','.join(type_of(parameter) for parameter in entry['inputs'])})"


@dataclass(frozen=True)
class Function:
    """One function of one contract."""

    name: str
    selector: bytes
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    writes: bool

    @classmethod
    def of(cls, entry: Entry) -> Function:
        """From an ABI entry."""
        return cls(
            name=entry["name"],
            selector=keccak(text=signature_of(entry))[:4],
            inputs=tuple(type_of(parameter) for parameter in entry["inputs"]),
            outputs=tuple(type_of(parameter) for parameter in entry["outputs"]),
            writes=entry["stateMutability"] in ("nonpayable", "payable"),
        )

    def data(self, *args: Any) -> bytes:
        """Call data."""
        return self.selector + encode(self.inputs, args)

    def result(self, data: bytes) -> Any:
        """The returned value; a tuple when there are several."""
        values = plain(decode(self.outputs, data))
        return values[0] if len(values) == 1 else values


def _by_name(entries: list[Entry]) -> Iterator[tuple[str, Function]]:
    """A name that stands for several functions is known by its signature alone."""
    names = [entry["name"] for entry in entries]
    for entry in entries:
        yield entry["name"] if names.count(entry["name"]) == 1 else signature_of(entry), Function.of(entry)


class Interface:
    """All functions and events of one contract."""

    def __init__(self, abi: list[Entry]) -> None:
        self.abi = abi
        self.functions = dict(_by_name([entry for entry in abi if entry["type"] == "function"]))
        self.events = {keccak(text=signature_of(entry)): entry for entry in abi if entry["type"] == "event"}

    def event(self, log: Entry) -> tuple[str, dict[str, Any]] | None:
        """The name and the fields of a log, None when it is no event of this contract."""
        entry = self.events.get(bytes.fromhex(log["topics"][0][2:]))
        if entry is None:
            return None
        indexed = [parameter for parameter in entry["inputs"] if parameter["indexed"]]
        others = [parameter for parameter in entry["inputs"] if not parameter["indexed"]]
        fields = {
            parameter["name"]: plain(decode([type_of(parameter)], bytes.fromhex(topic[2:]))[0])
            for parameter, topic in zip(indexed, log["topics"][1:], strict=True)
        }
        values = decode([type_of(parameter) for parameter in others], bytes.fromhex(log["data"][2:]))
        fields |= {parameter["name"]: plain(value) for parameter, value in zip(others, values, strict=True)}
        return entry["name"], fields


class Errors:
    """Every custom error of every contract, by selector."""

    def __init__(self, abis: list[list[Entry]]) -> None:
        self.known: dict[bytes, tuple[str, tuple[str, ...]]] = {
            keccak(text="Error(string)")[:4]: ("Error", ("string",)),
            keccak(text="Panic(uint256)")[:4]: ("Panic", ("uint256",)),
        }
        for abi in abis:
            for entry in abi:
                if entry["type"] == "error":
                    types = tuple(type_of(parameter) for parameter in entry["inputs"])
                    self.known[keccak(text=signature_of(entry))[:4]] = (entry["name"], types)

    def decode(self, data: bytes) -> tuple[str, tuple[Any, ...]]:
        """Name and evidence of revert data."""
        name, types = self.known[data[:4]] if data[:4] in self.known else (f"unknown 0x{data.hex()}", ())
        return name, plain(decode(types, data[4:])) if types else ()
