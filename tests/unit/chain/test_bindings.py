"""Every function, event and error of every ABI goes through the typed codec and comes back the same."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from eth_abi import encode

from api.chain.abi import Parameters, checksum, type_string
from api.chain.bindings import Bindings
from api.chain.deploy_plan import ROLE_FUNCTIONS
from api.chain.errors import decode_revert, revert_data
from api.domain.errors import InvalidInput
from api.domain.operations import Call, Contract


def value_of(parameter: Mapping[str, Any], rng: random.Random) -> Any:
    """A value of a type, at its edges now and then."""
    kind = parameter["type"]
    if kind.endswith("]"):
        item = {**parameter, "type": kind.rpartition("[")[0]}
        return [value_of(item, rng) for _ in range(rng.randrange(3))]
    if kind == "tuple":
        return {c["name"]: value_of(c, rng) for c in parameter["components"]}
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "string":
        return "票据" * rng.randrange(20)
    if kind == "address":
        return checksum("0x" + rng.randbytes(20).hex())
    if kind == "bytes":
        return "0x" + rng.randbytes(rng.randrange(70)).hex()
    if kind.startswith("bytes"):
        return "0x" + rng.randbytes(int(kind[5:])).hex()
    bits = int(kind.removeprefix("u")[3:])
    return rng.choice([0, 1, 2**bits - 1, rng.randrange(2**bits)])


def plain(parameter: Mapping[str, Any], value: Any) -> Any:
    """The same value as eth-abi takes it: an opinion of its own about the types."""
    kind = parameter["type"]
    if kind.endswith("]"):
        return [plain({**parameter, "type": kind.rpartition("[")[0]}, v) for v in value]
    if kind == "tuple":
        return tuple(plain(c, value[c["name"]]) for c in parameter["components"])
    return bytes.fromhex(value[2:]) if kind.startswith("bytes") else value


@pytest.mark.parametrize("contract", Contract)
def test_functions_round_trip(bindings: Bindings, contract: Contract) -> None:
    rng = random.Random(7)
    for entry in (e for e in bindings[contract].artifact.abi if e["type"] == "function"):
        functions = bindings[contract].functions
        binding = (
            functions.get(entry["name"])
            or functions[f"{entry['name']}({','.join(type_string(i) for i in entry['inputs'])})"]
        )
        args = tuple(value_of(i, rng) for i in entry["inputs"])
        data = binding.calldata(args)
        types = [type_string(i) for i in entry["inputs"]]
        assert data[4:] == encode(types, [plain(i, a) for i, a in zip(entry["inputs"], args, strict=True)])
        assert binding.arguments(data) == args
        results = tuple(value_of(o, rng) for o in entry["outputs"])
        found = binding.result(Parameters(entry["outputs"]).encode(results))
        assert found == (results[0] if len(results) == 1 else results or None)


@pytest.mark.parametrize("contract", Contract)
def test_events_decode_to_all_their_arguments(bindings: Bindings, contract: Contract) -> None:
    rng = random.Random(11)
    for entry in (e for e in bindings[contract].artifact.abi if e["type"] == "event"):
        values = {i["name"]: value_of(i, rng) for i in entry["inputs"]}
        binding = next(b for b in bindings[contract].events.values() if b.name == entry["name"])
        topics = [binding.topic]
        topics += ["0x" + Parameters([i]).encode([values[i["name"]]]).hex() for i in entry["inputs"] if i["indexed"]]
        data = [i for i in entry["inputs"] if not i["indexed"]]
        encoded = Parameters(data).encode([values[i["name"]] for i in data])
        assert binding.arguments(topics, "0x" + encoded.hex()) == values


def test_every_custom_error_decodes_with_its_evidence(bindings: Bindings) -> None:
    rng = random.Random(13)
    checked = 0
    for contract in Contract:
        for entry in (e for e in bindings[contract].artifact.abi if e["type"] == "error"):
            evidence = {i["name"]: value_of(i, rng) for i in entry["inputs"]}
            selector = next(s for s, e in bindings[contract].errors.items() if e.name == entry["name"])
            data = selector + Parameters(entry["inputs"]).encode(list(evidence.values()))
            error = decode_revert(bindings, data)
            assert (error.rule, dict(error.evidence)) == (entry["name"], evidence)
            checked += 1
    assert checked > 80


def test_reverts_without_a_custom_error(bindings: Bindings) -> None:
    message = bytes.fromhex("08c379a0") + encode(["string"], ["no"])
    assert decode_revert(bindings, message).evidence == {"message": "no"}
    panic = decode_revert(bindings, bytes.fromhex("4e487b71") + encode(["uint256"], [0x11]))
    assert (panic.rule, panic.evidence["code"]) == ("Panic", 0x11)
    assert decode_revert(bindings, b"").rule == "Reverted"
    assert decode_revert(bindings, b"\x01\x02\x03\x04\x05").evidence == {"data": "0x0102030405"}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"code": 3, "message": "execution reverted", "data": "0x01"}, b"\x01"),
        ({"message": "VM Exception while processing transaction: revert", "data": {"result": "0x02"}}, b"\x02"),
        ({"message": "VM Exception: revert", "data": {"0xab": {"return": "0x03"}, "stack": "…"}}, b"\x03"),
        ({"message": "execution reverted"}, b""),
        ({"message": "insufficient funds for gas"}, None),
    ],
)
def test_finds_revert_data_as_each_node_puts_it(error: dict[str, Any], expected: bytes | None) -> None:
    assert revert_data(error) == expected


@pytest.mark.parametrize(
    "args",
    [
        (),
        ([{"to": 1}],),
        ([{"note": 1, "portions": [{"to": 2**32, "amount": 1, "tradeHash": "0x" + "00" * 32}]}],),
        ([{"note": "x", "portions": []}],),
        (7,),
    ],
)
def test_arguments_that_do_not_fit_are_named(bindings: Bindings, args: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidInput, match="ArgumentsDoNotFit"):
        bindings.calldata(Call(Contract.NOTES, "split", args, ""))


def test_unknown_function_is_named(bindings: Bindings) -> None:
    with pytest.raises(InvalidInput, match="UnknownFunction"):
        bindings.calldata(Call(Contract.NOTES, "steal", (), ""))


def test_every_restricted_function_has_a_role(bindings: Bindings) -> None:
    """What the sources guard by `restricted` is what the plan gives to roles, no more and no less."""
    import re
    from pathlib import Path

    contracts = Path(__file__).resolve().parents[3] / "contracts"

    def sources(name: str) -> str:
        """A contract's own, and those of the contracts of ours that it is made of."""
        file = contracts / f"{name}.sol"
        if not file.exists():
            return ""
        text = file.read_text(encoding="utf-8")
        bases = re.findall(r"^(?:abstract )?contract \w+ is ([^{]+)\{", text, flags=re.MULTILINE)
        return text + "".join(sources(base.strip()) for found in bases for base in found.split(","))

    guarded: set[tuple[str, str]] = set()
    for contract in (c for c in Contract if c is not Contract.AUTHORITY):
        guarded |= {
            (contract.value, name)
            for name, modifiers in re.findall(r"function (\w+)\([^)]*\)([^{;]*)\{", sources(contract.value))
            if re.search(r"\brestricted\b", modifiers)
        }
    assigned = {
        (contract.value, function)
        for targets in ROLE_FUNCTIONS.values()
        for contract, functions in targets.items()
        for function in functions
    }
    assert assigned == guarded
