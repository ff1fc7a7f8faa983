"""What the relayer's own key can do: nothing. On a network of its own, since it sends past the worker."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from api.domain.operations import Call, Contract
from tests.api.http.stack import running
from tests.api.http.test_relaying import account_of, drafted, signed
from tests.api.http.town import Town
from tests.api.http.wallet import sign_typed_data

NOBODY = "0x" + "00" * 20


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running(tmp_path_factory.mktemp("relayer")) as stack:
        town = Town(stack)
        town.found()
        yield town


def test_the_relayers_key_moves_nothing_of_anyones(town: Town) -> None:
    """Whoever holds it tries: acts of its own, requests made up, altered, replayed, and to contracts that trust nobody."""
    note, relayer = town.offered(), town.stack.settings.relayer
    index = town.stack.signer.accounts().index(relayer)
    tier1, core = account_of(town, "tier1"), account_of(town, "core")
    (request,) = drafted(town, "accept", "tier1", {"notes": [note["id"]]})
    (real,) = signed(town, [request])["relayed"]
    message = {k: v if k in ("from", "to", "data") else int(v) for k, v in real["message"].items() if k != "nonce"}
    notes = town.stack.address(Contract.NOTES)
    token = next(c["token"] for c in town.get("/status")["currencies"] if c["code"] == "CNY")
    refuse = town.stack.bindings.calldata(Call(Contract.NOTES, "refuse", ([note["id"]],), tier1))
    steal = town.stack.bindings.calldata(Call(Contract.TOKEN, "transfer", (relayer, 1), core))
    mint = town.stack.bindings.calldata(Call(Contract.TOKEN, "mint", (relayer, 1), core))

    def own(changes: dict[str, Any]) -> str:
        """A signature of the relayer's own key over the request with these changes."""
        altered = copy.deepcopy(request["typed_data"])
        altered["message"] |= {k: str(v) for k, v in changes.items()}
        return sign_typed_data(index, altered)

    made_up = {"data": "0x" + refuse.hex()}
    to_token = {"to": token, "data": "0x" + steal.hex(), "from": core}
    as_itself = {"from": relayer, "to": token, "data": "0x" + mint.hex()}
    attempts = [
        (Contract.NOTES, "accept", ([note["id"]],)),
        (Contract.NOTES, "refuse", ([note["id"]],)),
        (Contract.TOKEN, "transfer", (relayer, 1)),
        (Contract.TOKEN, "transferFrom", (core, relayer, 1)),
        (Contract.TOKEN, "mint", (relayer, 1)),
        (Contract.REGISTRY, "suspend", (town.ids["tier1"], "0x" + "00" * 32)),
        (Contract.FORWARDER, "setOff", (True,)),
        *[
            (Contract.FORWARDER, way, arguments)
            for altered in (
                {**message, **made_up, "signature": real["signature"]},
                {**message, **made_up, "signature": own(made_up)},
                {**message, "from": relayer, "signature": real["signature"]},
                {**message, "gas": 1_000_000, "signature": real["signature"]},
                {**message, "deadline": 2**48 - 1, "signature": real["signature"]},
                {**message, **to_token, "signature": own(to_token)},
                {**message, **as_itself, "signature": own(as_itself)},
            )
            for way, arguments in (("execute", (altered,)), ("executeBatch", ([altered], NOBODY)))
        ],
    ]

    def facts() -> list[Any]:
        return [
            town.stack.view(Contract.NOTES, "note", note["id"]),
            [town.stack.view(Contract.TOKEN, "balanceOf", a, at=token) for a in (tier1, core, relayer)],
            town.stack.view(Contract.FORWARDER, "isOff"),
            town.stack.view(Contract.REGISTRY, "party", town.ids["tier1"]),
            town.stack.rpc("eth_getCode", notes, "latest"),
        ]

    before = facts()
    for contract, function, args in attempts:
        at = token if contract is Contract.TOKEN else None
        assert not town.stack.tried(relayer, contract, function, *args, at=at), (contract, function)
        assert facts() == before, (contract, function)

    # The real one goes through by whoever's hand, and once.
    batch = ([{**message, "signature": real["signature"]}], relayer)
    assert town.stack.tried(relayer, Contract.FORWARDER, "executeBatch", *batch)
    after = facts()
    assert after != before
    town.stack.tried(relayer, Contract.FORWARDER, "executeBatch", *batch)
    assert facts() == after
