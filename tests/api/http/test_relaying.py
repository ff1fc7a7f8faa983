"""Acts that a party signs and the relayer carries."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import pytest

from api.domain.operations import Contract
from tests.api.http.town import Town
from tests.api.http.wallet import sign_typed_data

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def account_of(town: Town, party: str) -> str:
    return str(town.get(f"/parties/{town.ids[party]}")["settlement_account"])


def drafted(town: Town, act: str, party: str, request: dict[str, Any]) -> list[dict[str, Any]]:
    body = {"act": act, "account": account_of(town, party), "request": {"party": town.ids[party], **request}}
    answer = town.http.post("/operations/requests", json=body)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["requests"])


def signed(town: Town, requests: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the account's wallet makes of them."""
    accounts = town.stack.signer.accounts()
    return {
        "relayed": [
            {
                "call": one["call"],
                "message": one["typed_data"]["message"],
                "signature": sign_typed_data(accounts.index(one["call"]["account"]), one["typed_data"]),
            }
            for one in requests
        ]
    }


def relay(town: Town, act: str, party: str, request: dict[str, Any]) -> list[dict[str, Any]]:
    return list(town.do("/operations/relayed", signed(town, drafted(town, act, party, request)))["operations"])


def forwarder_nonce(town: Town, account: str) -> int:
    return int(town.stack.view(Contract.FORWARDER, "nonces", account))


def test_a_supplier_without_gas_accepts_and_passes_on(town: Town) -> None:
    account = account_of(town, "tier3")
    note = town.passed(town.passed(town.held(amount=90_000_00, due_in=90), "tier2", 80_000_00), "tier3", 50_000_00)
    assert note["status"] == "held"
    town.stack.rpc("anvil_setBalance", account, "0x0")
    try:
        portions = [{"to": town.ids["tier4"], "amount": "2000000", "trade_hash": "0x" + "7a" * 32}]
        (operation,) = relay(town, "split", "tier3", {"splits": [{"note": note["id"], "portions": portions}]})
    finally:
        town.stack.rpc("anvil_setBalance", account, hex(10**20))
    assert (operation["kind"], operation["party"]) == ("split", town.ids["tier3"])
    assert (operation["relayed_for"], operation["account"]) == (account, town.stack.settings.relayer)
    assert town.note(note["id"])["value"] == "3000000"
    offered = town.get("/notes", holder=town.ids["tier4"], status="offered")["items"]
    assert "2000000" in {n["value"] for n in offered}


def test_several_requests_of_one_account_under_way(town: Town) -> None:
    """The second is drafted before the first is mined: it gets the next nonce."""
    notes = [town.offered()["id"] for _ in range(3)]
    account = account_of(town, "tier1")
    before = forwarder_nonce(town, account)
    nonces = []
    for note in notes:
        requests = drafted(town, "accept", "tier1", {"notes": [note]})
        nonces.append(int(requests[0]["typed_data"]["message"]["nonce"]))
        answer = town.http.post("/operations/relayed", json=signed(town, requests))
        assert answer.status_code in (200, 202), answer.text
    assert nonces == [before, before + 1, before + 2]
    town.until(lambda: forwarder_nonce(town, account), lambda nonce: nonce == before + 3)
    assert [town.until(lambda n=n: town.note(n)["status"], lambda s: s == "held") for n in notes] == ["held"] * 3


def test_the_same_key_gives_the_first_answer(town: Town) -> None:
    body = signed(town, drafted(town, "accept", "tier1", {"notes": [town.offered()["id"]]}))
    first = town.do("/operations/relayed", body, **{"Idempotency-Key": "relayed-accept-1"})
    again = town.do("/operations/relayed", body, **{"Idempotency-Key": "relayed-accept-1"})
    assert again["operations"][0]["id"] == first["operations"][0]["id"]


def test_a_request_is_carried_once(town: Town) -> None:
    body = signed(town, drafted(town, "accept", "tier1", {"notes": [town.offered()["id"]]}))
    town.do("/operations/relayed", body)
    problem = town.refused("/operations/relayed", body, "relay-nonce-not-next", 409)
    assert int(problem["evidence"]["next"]) == int(problem["evidence"]["given"]) + 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("from", "0x" + "11" * 20), ("to", "0x" + "11" * 20), ("value", "1"), ("gas", "9000000"), ("data", "0x19c2")],
)
def test_what_was_not_drafted_is_refused_by_the_field(town: Town, field: str, value: str) -> None:
    (request,) = drafted(town, "accept", "tier1", {"notes": [town.offered()["id"]]})
    request["typed_data"]["message"][field] = value
    problem = town.refused("/operations/relayed", signed(town, [request]), "signed-request-mismatch", 422)
    assert problem["evidence"]["field"] == field


def test_a_signature_of_another_domain_message_or_key(town: Town) -> None:
    (request,) = drafted(town, "accept", "tier1", {"notes": [town.offered()["id"]]})
    good = signed(town, [request])

    def mismatched(signature: str) -> None:
        body = copy.deepcopy(good)
        body["relayed"][0]["signature"] = signature
        problem = town.refused("/operations/relayed", body, "signed-request-mismatch", 422)
        assert problem["evidence"]["field"] == "signature"

    index = town.stack.signer.accounts().index(request["call"]["account"])
    for name, value in (("chainId", 1), ("verifyingContract", "0x" + "22" * 20), ("name", "Other"), ("version", "2")):
        other = copy.deepcopy(request["typed_data"])
        other["domain"][name] = value
        mismatched(sign_typed_data(index, other))
    later = copy.deepcopy(request["typed_data"])
    later["message"]["deadline"] = str(int(later["message"]["deadline"]) + 1)
    mismatched(sign_typed_data(index, later))
    mismatched(sign_typed_data(index + 1, request["typed_data"]))

    signature = bytes.fromhex(good["relayed"][0]["signature"][2:])
    high = ORDER - int.from_bytes(signature[32:64], "big")
    malleated = signature[:32] + high.to_bytes(32, "big") + bytes([55 - signature[64]])
    for bad in (malleated, signature[:64], signature[:64] + b"\x00"):
        body = copy.deepcopy(good)
        body["relayed"][0]["signature"] = "0x" + bad.hex()
        town.refused("/operations/relayed", body, "signature-invalid", 422)
    town.do("/operations/relayed", good)


def test_a_request_after_its_deadline(town: Town) -> None:
    (request,) = drafted(town, "accept", "tier1", {"notes": [town.offered()["id"]]})
    request["typed_data"]["message"]["deadline"] = "1"
    town.refused("/operations/relayed", signed(town, [request]), "erc2771-forwarder-expired-request", 409)


def test_what_no_party_may_have_relayed(town: Town) -> None:
    request = {"desk": "repayment", "currency": "CNY", "party": town.ids["core"]}
    body = {"act": "approve", "account": account_of(town, "core"), "request": request}
    town.refused("/operations/requests", body, "act-not-relayable", 422)
    (one,) = drafted(town, "accept", "tier1", {"notes": [town.offered()["id"]]})
    body = signed(town, [one])
    body["relayed"][0]["call"] |= {"contract": "ParticipantRegistry", "function": "admit"}
    town.refused("/operations/relayed", body, "act-not-signable", 422)
