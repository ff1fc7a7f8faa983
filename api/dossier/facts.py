"""What the check in the browser must know of the protocol: the events and calls that it reads, where words of storage lie,
what is signed, and how a refusal is told. `python -m api.dossier.facts` writes it; a test compares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.chain.artifacts import Artifact, load_artifacts
from api.chain.bindings import Bindings
from api.chain.deploy_plan import DESKS
from api.domain import typed_data
from api.domain.catalogue_dossier import DOSSIER_TEXTS
from api.domain.operations import Contract
from api.dossier.quotes import DEALS
from api.dossier.story import CONTRACTS

TARGET = Path(__file__).resolve().parents[1] / "web/src/dossier/facts.json"
_NOBODY = "0x" + "00" * 20
_CALLS: Mapping[Contract, frozenset[str]] = {
    Contract.FORWARDER: frozenset({"executeBatch"}),
    Contract.ISSUANCE: frozenset({"confirm"}),
    **{
        c: frozenset(n for d in DEALS.values() for at, n in d.calls if at is c)
        for d in DEALS.values()
        for c, _ in d.calls
    },
}
_WRITING = ("NodeDisagrees", "DossierIncomplete", "ProofsNotOffered", "StatePruned", "UnknownBlock")


def facts(bindings: Bindings) -> Mapping[str, Any]:
    """As JSON."""
    return {
        "contracts": {c.value: _contract(bindings[c].artifact, _CALLS.get(c, frozenset())) for c in CONTRACTS},
        "desks": [desk.value for desk in DESKS],
        "signed": {
            "approval": _signed(typed_data.approval(0, _NOBODY, {})),
            "quote": _signed(typed_data.quote(0, _NOBODY, {})),
            "loanQuote": _signed(typed_data.loan_quote(0, _NOBODY, {})),
            "confirmation": {"types": _types(typed_data.CONFIRMATION)},
        },
        "refusals": {
            rule: {"zh": [text.zh, text.zh_detail], "en": [text.en, text.en_detail]}
            for rule, text in DOSSIER_TEXTS.items()
            if rule not in _WRITING
        },
    }


def _contract(artifact: Artifact, calls: frozenset[str]) -> Mapping[str, Any]:
    return {
        "events": [_entry(e) for e in artifact.abi if e["type"] == "event"],
        "calls": [_entry(e) for e in artifact.abi if e["type"] == "function" and e["name"] in calls],
        "slots": dict(artifact.slots),
    }


def _entry(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"name": entry["name"], "inputs": list(_inputs(entry["inputs"]))}


def _inputs(inputs: Sequence[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for one in inputs:
        found: dict[str, Any] = {"name": one["name"], "type": one["type"]}
        if one.get("indexed"):
            found["indexed"] = True
        if "components" in one:
            found["components"] = list(_inputs(one["components"]))
        yield found


def _signed(data: typed_data.TypedData) -> Mapping[str, Any]:
    return {"name": data["domain"]["name"], "primary": data["primaryType"], "types": _types(data["types"])}


def _types(types: Mapping[str, Sequence[Mapping[str, str]]]) -> Mapping[str, Any]:
    return {name: [[f["name"], f["type"]] for f in fields] for name, fields in types.items()}


def text(artifacts: Path) -> str:
    """The file, from the compiled contracts in a folder."""
    return json.dumps(facts(Bindings(load_artifacts(artifacts))), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(Path("build/artifacts")), encoding="utf-8")
