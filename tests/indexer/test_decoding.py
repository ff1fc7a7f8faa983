"""Reading logs: every event of the ABIs, held against the general codec; and what is no log of ours."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.chain.artifacts import Artifact
from api.chain.bindings import Bindings
from api.domain.errors import CascadeError
from api.domain.messages import TEXTS
from api.domain.operations import Contract
from api.indexer.decoder import compile_event, entry_of, snake
from api.indexer.events import HANDLED, LEFT_OUT, WRITTEN_DOWN, compile_table
from tests.indexer.logs import topics_and_data

PROJECT = Path(__file__).resolve().parents[2]
EVENTS = [(contract, entry.payload) for contract, entries in HANDLED.items() for entry in entries]


def some(kind: Mapping[str, Any], chance: random.Random) -> Any:
    """A value of an ABI type: often an extreme one."""
    if kind["type"].endswith("[]"):
        return [some({**kind, "type": kind["type"][:-2]}, chance) for _ in range(chance.randrange(4))]
    if kind["type"] == "bytes":
        return chance.randbytes(chance.randrange(70))
    if kind["type"] == "tuple":
        return tuple(some(c, chance) for c in kind["components"])
    if kind["type"] == "address":
        return f"0x{chance.getrandbits(160):040x}"
    if kind["type"] == "bool":
        return chance.random() < 0.5
    if kind["type"].startswith("bytes"):
        return chance.randbytes(int(kind["type"][5:]))
    bits = int(kind["type"][4:])
    return chance.choice([0, 1, 2**bits - 1, chance.getrandbits(bits)])


def plain(value: Any) -> Any:
    """As the general codec says it, by name."""
    if isinstance(value, dict):
        return {snake(name): plain(v) for name, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def named(payload: Any) -> Any:
    """As the payload says it, bytes as the general codec writes them."""
    if isinstance(payload, tuple):
        return {name: named(v) for name, v in payload._asdict().items()}  # type: ignore[attr-defined]
    if isinstance(payload, list):
        return [plain(v) for v in payload]
    return "0x" + payload.hex() if isinstance(payload, bytes) else payload


def lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: lowered(v) for name, v in value.items()}
    if isinstance(value, list):
        return [lowered(v) for v in value]
    return value.lower() if isinstance(value, str) else value


@pytest.mark.parametrize(("contract", "payload"), EVENTS, ids=lambda e: getattr(e, "__name__", str(e)))
def test_compiled_decoders_agree_with_the_general_codec(bindings: Bindings, contract: Contract, payload: type) -> None:
    chance = random.Random(payload.__name__)
    entry = entry_of(bindings[contract], payload.__name__)
    event = next(e for e in bindings[contract].events.values() if e.name == payload.__name__)
    decode, describe = compile_event(event, entry, payload)
    for _ in range(50):
        values = [some(i, chance) for i in entry["inputs"]]
        topics, data = topics_and_data(bindings, contract, payload.__name__, values)
        general = event.arguments(topics, data)
        found = decode(topics, data)
        assert lowered(named(found)) == lowered(plain(general))
        described = json.loads(describe(found))
        assert list(described) == [i["name"] for i in entry["inputs"]]
        for wide in (i["name"] for i in entry["inputs"] if i["type"] in {"uint96", "uint256", "uint64"}):
            assert described[wide] == str(general[wide])
        for wrong in (data[:-2], data + "00" * 32, data[:-64] if len(data) > 2 else data + "00"):
            with pytest.raises(CascadeError, match="MalformedLog"):
                decode(topics, wrong)
        with pytest.raises(CascadeError, match="MalformedLog"):
            decode([*topics, topics[0]], data)


def test_every_event_of_every_contract_is_thought_of(bindings: Bindings) -> None:
    for contract in Contract:
        if contract is not Contract.TOKEN:
            known = {entry.payload.__name__ for entry in HANDLED[contract]}
            for event in bindings[contract].events.values():
                places = [event.name in known, event.name in WRITTEN_DOWN, event.name in LEFT_OUT]
                assert places.count(True) == 1, (contract, event.name)
            compile_table(bindings, contract)


class _Replaced(Bindings):
    """Bindings with another ABI for one contract."""

    def __init__(self, bindings: Bindings, contract: Contract, abi: list[Mapping[str, Any]]) -> None:
        artifact = replace(bindings.artifacts[contract], abi=tuple(abi))
        super().__init__({**bindings.artifacts, contract: Artifact(artifact.name, artifact.abi, artifact.bytecode)})


def test_an_abi_that_grew_or_shrank_is_refused_at_start(bindings: Bindings) -> None:
    abi = list(bindings.artifacts[Contract.REPAYMENT].abi)
    grown = [*abi, {"type": "event", "name": "Pledged", "inputs": [], "anonymous": False}]
    with pytest.raises(CascadeError, match=r"EventNotHandled\(contract=RepaymentDesk, event=Pledged\)"):
        compile_table(_Replaced(bindings, Contract.REPAYMENT, grown), Contract.REPAYMENT)
    shrunk = [e for e in abi if e.get("name") != "Paid"]
    with pytest.raises(CascadeError, match=r"EventNotInAbi\(contract=RepaymentDesk, event=Paid\)"):
        compile_table(_Replaced(bindings, Contract.REPAYMENT, shrunk), Contract.REPAYMENT)


def test_a_payload_that_does_not_fit_is_refused(bindings: Bindings) -> None:
    class Paid(NamedTuple):
        note: int
        payee: bytes
        payer: bytes
        token: bytes
        amount: int

    binding = bindings[Contract.REPAYMENT]
    event = next(e for e in binding.events.values() if e.name == "Paid")
    with pytest.raises(CascadeError, match="PayloadDoesNotFit"):
        compile_event(event, entry_of(binding, "Paid"), Paid)


def test_what_stops_the_indexer_is_told_in_both_languages() -> None:
    raised = re.compile(r'(?:CascadeError|Conflict|Unavailable|InvalidInput)\(\s*"(\w+)"')
    sources = [*(PROJECT / "api/indexer").glob("*.py"), *(PROJECT / "api/store/ledger").glob("*.py")]
    rules = {rule for file in sources for rule in raised.findall(file.read_text(encoding="utf-8"))}
    assert "UnknownEvent" in rules
    assert rules <= set(TEXTS)


def test_the_manual_names_every_event() -> None:
    manual = (PROJECT / "docs/events.md").read_text(encoding="utf-8")
    for entries in HANDLED.values():
        for entry in entries:
            assert f"`{entry.payload.__name__}(" in manual
            assert f"`{entry.handle.__name__}`" in manual
    for name in WRITTEN_DOWN | LEFT_OUT:
        assert f"`{name}`" in manual
