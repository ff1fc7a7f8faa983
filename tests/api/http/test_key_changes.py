"""Recovery of a party whose keys are lost, and another account for its cash, over HTTP: announced, heard of, vetoed,
finished."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.domain.operations import Contract
from api.domain.typed_data import change_settlement
from tests.api.http.everybody import Everybody, everybody
from tests.api.http.receiver import Received, receiving
from tests.api.http.stack import CHAIN_ID
from tests.api.http.test_webhooks import register, remove, start
from tests.api.http.town import Town, check_problem
from tests.api.http.wallet import sign_transaction

EVIDENCE = "0x" + "5e" * 32
FAR = 2**40
HEARD = "party.key_change"


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


@pytest.fixture(scope="module")
def notifier(town: Town) -> Iterator[None]:
    """Carries what changes into the events. The last test waits for all of it: others find nothing that was left behind."""
    process = start(town.stack)
    yield
    process.terminate()
    assert process.wait(20) == 0


def announcement(town: Town, party: int, account: str, removed: list[str]) -> dict[str, Any]:
    """By the account's signature over what the API says it has to sign."""
    body = {"party": 0, "account": account, "removed": removed, "evidence_hash": EVIDENCE, "deadline": str(FAR)}
    typed = town.do(f"/parties/{party}/recovery/word", body)["typed_data"]
    message = {**typed["message"], **{name: int(typed["message"][name]) for name in ("party", "nonce", "deadline")}}
    types = {name: of for name, of in typed["types"].items() if name != "EIP712Domain"}
    signed = town.stack.signer.sign_typed_data(account, {**typed, "types": types, "message": message})
    return {**body, "signature": "0x" + signed.hex()}


def changes(town: Town, party: int) -> list[dict[str, Any]]:
    return [one for one in town.get("/key-changes", limit=500)["items"] if one["party"]["id"] == party]


def after_the_veto_period(town: Town) -> None:
    now = int(town.stack.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
    town.pass_to(now + town.stack.view(Contract.REGISTRY, "vetoPeriod") + 1)


def heard(seen: list[Received]) -> list[str]:
    return [r.message["data"]["state"] for r in seen if r.message["type"] == HEARD]


def test_a_takeover_is_heard_of_and_vetoed(be: Everybody, notifier: None) -> None:
    """By webhooks of the party, and of nobody else; by its own reading, and the operator's and auditors'."""
    town = be.town
    party = town.new_party("forgetful", "supplier")
    old, new = town.get(f"/parties/{party}")["settlement_account"], next(town._accounts)
    path = f"/parties/{party}/recovery"
    body = announcement(town, party, new, [old])
    town.refused(path, {**body, "signature": "0x" + "1b" * 65}, "invalid-signature", 422)
    town.refused(path, {**body, "deadline": "1"}, "deadline-passed", 409)
    town.refused(f"{path}/finish", {"party": 0}, "nothing-announced", 409)
    check_problem(be.ask("forgetful", "POST", f"{path}/veto"), "nothing-announced", 409)
    with receiving() as own, receiving() as strangers:
        hooks = [register(town, own.url, party), register(town, strangers.url, town.ids["tier1"])]
        (operation,) = town.do(path, body, **{"Idempotency-Key": "lost-keys"})["operations"]
        assert (operation["kind"], operation["party"]) == ("announce_recovery", 0)
        assert town.do(path, body, **{"Idempotency-Key": "lost-keys"})["operations"][0]["id"] == operation["id"]
        (told,) = changes(town, party)
        assert (told["kind"], told["account"], told["removed"]) == ("recovery", new, [old])
        assert told["status"] == "waiting"
        assert be.get("forgetful", "/key-changes")["items"] == [told]
        assert be.get("tier1", "/key-changes")["items"] == []
        for who in ("operator", "auditor"):
            assert told in be.all_of(who, "/key-changes", limit=1)
        (one,) = [r for r in own.until(lambda seen: heard(seen) != []) if r.message["type"] == HEARD]
        shown = {"party": party, "state": "announced"}
        assert one.message["data"] == {**{n: v for n, v in told.items() if n != "status"}, **shown}
        town.refused(f"{path}/finish", {"party": 0}, "change-not-ready", 409)
        check_problem(be.ask("tier1", "POST", f"{path}/veto"), "not-your-party", 403)
        check_problem(be.ask("operator", "POST", f"{path}/veto"), "not-your-party", 403)
        vetoed = be.ask("forgetful", "POST", f"{path}/veto", {"Idempotency-Key": "never-so"})
        assert (vetoed.status_code, vetoed.json()["operations"][0]["kind"]) == (200, "veto_recovery")
        again = be.ask("forgetful", "POST", f"{path}/veto", {"Idempotency-Key": "never-so"})
        assert again.json()["operations"][0]["id"] == vetoed.json()["operations"][0]["id"]
        assert changes(town, party) == []
        own.until(lambda seen: len(heard(seen)) == 2)
        assert (heard(own.received), heard(strangers.received)) == (["announced", "vetoed"], [])
        for hook in hooks:
            remove(town, hook)
    # A signature is used up by the announcement that it was given for.
    town.refused(path, body, "invalid-signature", 422)


def test_a_suspended_party_vetoes_and_the_operator_withdraws(be: Everybody) -> None:
    town = be.town
    party = town.new_party("stopped-meanwhile", "supplier")
    new, path = next(town._accounts), f"/parties/{party}/recovery"
    town.do(f"/parties/{party}/suspend", {"party": 0, "reason_hash": EVIDENCE})
    town.do(path, announcement(town, party, new, []))
    assert be.ask("stopped-meanwhile", "POST", f"{path}/veto").status_code == 200
    town.do(path, announcement(town, party, new, []))
    (operation,) = town.do(f"{path}/withdraw", {"party": 0})["operations"]
    assert (operation["kind"], changes(town, party)) == ("withdraw_recovery", [])
    town.refused(f"{path}/withdraw", {"party": 0}, "nothing-announced", 409)


def test_what_nobody_vetoes_is_finished(be: Everybody, notifier: None) -> None:
    """A recovery by the operator; a settlement change by the company, as transactions that its account signs outside: the
    register takes no relayed requests."""
    town = be.town
    lost, mover = town.new_party("lost", "supplier"), town.new_party("mover", "supplier")
    gone, old = (town.get(f"/parties/{party}")["settlement_account"] for party in (lost, mover))
    rescue, new = next(town._accounts), next(town._accounts)
    path = f"/parties/{mover}/settlement-change"

    def announce() -> None:
        nonce = town.stack.view(Contract.REGISTRY, "nonces", new)
        terms = {"party": mover, "account": new, "evidenceHash": EVIDENCE, "nonce": nonce, "deadline": FAR}
        typed = change_settlement(CHAIN_ID, town.stack.address(Contract.REGISTRY), terms)
        signature = "0x" + town.stack.signer.sign_typed_data(new, typed).hex()
        town.stack.send(old, Contract.REGISTRY, "announceSettlementChange", new, EVIDENCE, FAR, signature)
        assert town.until(lambda: changes(town, mover), bool)[0]["account"] == new

    def outside(act: str) -> dict[str, Any]:
        asking = {"act": act, "account": old, "request": {"party": mover}}
        town.refused("/operations/requests", asking, "act-not-relayable", 422)
        (made,) = town.do("/operations/unsigned", asking)["transactions"]
        raw = sign_transaction(town.stack.signer.accounts().index(old), made["transaction"])
        return dict(town.do("/operations/signed", {"signed": [{"call": made["call"], "raw": raw}]})["operations"][0])

    announce()
    operation = outside("veto_settlement")
    assert (operation["kind"], operation["party"], operation["status"]) == ("veto_settlement", mover, "confirmed")
    town.refused(f"{path}/veto", None, "nothing-announced", 409)
    announce()
    town.refused(f"{path}/finish", None, "change-not-ready", 409)
    town.do(f"/parties/{lost}/recovery", announcement(town, lost, rescue, [gone]))
    after_the_veto_period(town)
    assert [changes(town, party)[0]["status"] for party in (lost, mover)] == ["ready", "ready"]
    check_problem(be.ask("tier1", "POST", f"{path}/finish"), "not-your-party", 403)
    with receiving() as everything:
        hook = register(town, everything.url)
        assert outside("finish_settlement")["status"] == "confirmed"
        (operation,) = town.do(f"/parties/{lost}/recovery/finish", {"party": 0})["operations"]
        assert operation["kind"] == "finish_recovery"
        everything.until(lambda seen: heard(seen).count("finished") == 2)
        assert heard(everything.received).count("finished") == 2
        remove(town, hook)
    assert changes(town, lost) == changes(town, mover) == []
    assert town.get(f"/parties/{mover}")["settlement_account"] == new
    rights = {a["address"]: a["rights"] for a in town.get(f"/parties/{lost}")["accounts"]}
    assert rights == {rescue: 7, gone: 8}  # acts, quotes and administers; and cash goes where it went
