"""All contracts' functions, events and errors, found by name, selector or topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.chain.abi import (
    ErrorBinding,
    EventBinding,
    FunctionBinding,
    Parameters,
    bind_error,
    bind_event,
    bind_function,
)
from api.chain.artifacts import Artifact
from api.domain.errors import InvalidInput
from api.domain.operations import Call, Contract


@dataclass(frozen=True)
class ContractBinding:
    """One contract's interface."""

    artifact: Artifact
    functions: Mapping[str, FunctionBinding]
    events: Mapping[str, EventBinding]
    """By topic, 0x-hex."""
    errors: Mapping[bytes, ErrorBinding]
    """By selector."""

    @cached_property
    def selectors(self) -> Mapping[bytes, FunctionBinding]:
        return {f.selector: f for f in self.functions.values()}

    def function(self, name: str) -> FunctionBinding:
        """By name, or by full signature where a name is overloaded."""
        found = self.functions.get(name)
        if found is None:
            raise InvalidInput("UnknownFunction", contract=self.artifact.name, function=name)
        return found

    def creation(self, args: Sequence[Any]) -> bytes:
        """Creation code with constructor arguments."""
        inputs = [i for e in self.artifact.abi if e["type"] == "constructor" for i in e["inputs"]]
        return self.artifact.bytecode + Parameters(inputs).encode(args)


def bind_contract(artifact: Artifact) -> ContractBinding:
    """Compiles an artifact's ABI. A name that stands for several functions is bound by its signature alone."""
    entries = [e for e in artifact.abi if e["type"] == "function"]
    names = [e["name"] for e in entries]
    functions: dict[str, FunctionBinding] = {}
    for entry in entries:
        bound = bind_function(entry)
        key = bound.name if names.count(bound.name) == 1 else f"{bound.name}({','.join(bound.inputs.types)})"
        functions[key] = bound
    events = [bind_event(e) for e in artifact.abi if e["type"] == "event"]
    errors = [bind_error(e) for e in artifact.abi if e["type"] == "error"]
    return ContractBinding(artifact, functions, {e.topic: e for e in events}, {e.selector: e for e in errors})


class Bindings:
    """The interfaces of all contracts of the product."""

    def __init__(self, artifacts: Mapping[Contract, Artifact]) -> None:
        self.artifacts = artifacts
        self.contracts = {contract: bind_contract(a) for contract, a in artifacts.items()}

    def __getitem__(self, contract: Contract) -> ContractBinding:
        return self.contracts[contract]

    @cached_property
    def errors(self) -> Mapping[bytes, ErrorBinding]:
        """Every custom error of every contract by selector: what one contract reverts with passes through others."""
        return {selector: e for c in self.contracts.values() for selector, e in c.errors.items()}

    def calldata(self, call: Call) -> bytes:
        return self.contracts[call.contract].function(call.function).calldata(call.args)
