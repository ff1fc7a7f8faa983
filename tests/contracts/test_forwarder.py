"""The ERC-2771 forwarder: a party's act without gas, no administration, and a switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.constants import FACE, TENOR
from tests.contracts.deployment import Contract
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.notes import NoteFlag
from tests.reference.passing import Portion

Request = tuple[str, str, int, int, int, bytes, bytes]


@pytest.fixture
def request_for(twin: Twin) -> Callable[..., Request]:
    """Builds a signed forward request; keyword arguments change it after signing."""
    forwarder = twin.deployment["Forwarder"]

    def build(signer: LocalAccount, target: Contract, function: str, *args: Any, **changes: Any) -> Request:
        message = {
            "from": signer.address,
            "to": target.address,
            "value": 0,
            "gas": 3_000_000,
            "nonce": forwarder.call("nonces", signer.address),
            "deadline": twin.chain.now + 600,
            "data": target.data(function, *args),
        }
        signature = signing.sign(signer, signing.typed(forwarder, "ForwardRequest", message))
        sent = message | {"signature": signature} | changes
        return tuple(  # type: ignore[return-value]
            sent[name] for name in ("from", "to", "value", "gas", "deadline", "data", "signature")
        )

    return build


def test_a_supplier_acts_without_gas(
    twin: Twin, offered: int, tier1: Actor, tier2: Actor, rando: Actor, request_for: Callable[..., Request]
) -> None:
    notes, forwarder = twin.deployment["ReceivableNotes"], twin.deployment["Forwarder"]
    forwarder.do(rando.key, "execute", request_for(tier1.key, notes, "accept", [offered]))
    twin.model.now = twin.chain.now
    twin.model.accept(tier1.address, [offered])
    twin.compare()

    rows = [(offered, [(tier2.party, 500, keccak(text="trade"))])]
    forwarder.do(rando.key, "execute", request_for(tier1.key, notes, "split", rows))
    twin.model.now = twin.chain.now
    twin.model.split(tier1.address, [(offered, [Portion(tier2.party, 500)])])
    twin.compare()


def test_every_party_contract_takes_forwarded_acts(
    twin: Twin, held: int, core: Actor, financier: Actor, rando: Actor, request_for: Callable[..., Request]
) -> None:
    forwarder = twin.deployment["Forwarder"]
    repayment, registry = twin.deployment["RepaymentDesk"], twin.deployment["ParticipantRegistry"]
    financing = twin.deployment["FinancingDesk"]
    twin.seen.quotes.add((financier.party, 5))
    forwarder.do(rando.key, "execute", request_for(financier.key, financing, "cancelQuote", 5))
    forwarder.do(rando.key, "execute", request_for(financier.key, registry, "raiseQuoteEpoch"))
    forwarder.do(rando.key, "execute", request_for(core.key, repayment, "repay", [held], core.cash.address, FACE))
    twin.model.now = twin.chain.now
    twin.model.cancel_quote(financier.address, 5)
    twin.model.raise_epoch(financier.address)
    twin.model.repay(core.address, [held], core.cash.address, FACE)
    twin.compare()


def test_a_debtor_opens_a_round_without_gas(
    twin: Twin, held: int, core: Actor, rando: Actor, request_for: Callable[..., Request]
) -> None:
    forwarder, repayment = twin.deployment["Forwarder"], twin.deployment["RepaymentDesk"]
    twin.move_to(start_of(twin.today + TENOR))
    forwarder.do(rando.key, "execute", request_for(core.key, repayment, "openRound", 1, FACE // 2))
    twin.model.now = twin.chain.now
    twin.model.open_round(core.address, 1, FACE // 2)
    twin.compare()


def test_a_request_is_carried_once_and_unchanged(
    twin: Twin, offered: int, tier1: Actor, rando: Actor, request_for: Callable[..., Request]
) -> None:
    notes, forwarder = twin.deployment["ReceivableNotes"], twin.deployment["Forwarder"]
    good = request_for(tier1.key, notes, "accept", [offered])
    for changes in (
        {"data": notes.data("refuse", [offered])},
        {"to": twin.deployment["RepaymentDesk"].address},
        {"from": rando.address},
        {"deadline": twin.chain.now + 6_000},
        {"gas": 2_000_000},
        {"signature": signing.malleate(good[6])},
        {"signature": bytes(65)},
    ):
        bad = request_for(tier1.key, notes, "accept", [offered], **changes)
        refusal = forwarder.refusal("execute", bad, sender=rando.address)
        assert refusal is not None, changes
        assert refusal[0].startswith(("ERC2771ForwarderInvalidSigner", "ERC2771UntrustfulTarget")), refusal
    forwarder.do(rando.key, "execute", good)
    assert not forwarder.send(rando.key, "execute", good).ok
    twin.model.now = twin.chain.now
    twin.model.accept(tier1.address, [offered])


def test_a_late_request_is_not_carried(
    twin: Twin, offered: int, tier1: Actor, rando: Actor, request_for: Callable[..., Request]
) -> None:
    late = request_for(tier1.key, twin.deployment["ReceivableNotes"], "accept", [offered])
    twin.move_to(twin.chain.now + 601)
    refusal = twin.deployment["Forwarder"].refusal("execute", late, sender=rando.address)
    assert refusal == ("ERC2771ForwarderExpiredRequest", (late[4],))


def test_administration_refuses_the_forwarder(
    twin: Twin, tier1: Actor, rando: Actor, request_for: Callable[..., Request]
) -> None:
    forwarder, officers = twin.deployment["Forwarder"], twin.deployment.officers
    registry, notes = twin.deployment["ParticipantRegistry"], twin.deployment["ReceivableNotes"]
    for signer, target, function, args in (
        (officers["urgent"], registry, "suspend", (tier1.party, bytes(32))),
        (officers["admission"], registry, "setRoles", (tier1.party, 1)),
        (officers["urgent"], notes, "setPaused", (True,)),
        (officers["wiring"], notes, "setDesk", (rando.address, True)),
        (officers["credit"], twin.deployment["CreditRegister"], "setLine", (1, rando.address, 1)),
    ):
        # the act itself is right, only the way is not
        assert target.refusal(function, *args, sender=signer.address) is None
        assert not forwarder.send(rando.key, "execute", request_for(signer, target, function, *args)).ok
    twin.compare()


def test_who_appends_an_address_gains_nothing(twin: Twin, offered: int, tier1: Actor, rando: Actor) -> None:
    """Only the trusted forwarder's appended sender counts."""
    notes = twin.deployment["ReceivableNotes"]
    data = notes.data("accept", [offered]) + bytes.fromhex(tier1.address[2:])
    assert not twin.chain.send(rando.key, notes.address, data).ok
    twin.compare()
    assert not twin.model.world.ledger.notes[offered].flags & NoteFlag.ACCEPTED


def test_the_forwarder_can_be_switched_off(
    twin: Twin, offered: int, tier1: Actor, rando: Actor, request_for: Callable[..., Request]
) -> None:
    notes, forwarder = twin.deployment["ReceivableNotes"], twin.deployment["Forwarder"]
    twin.deployment.administer("Forwarder", "setOff", True)
    good = request_for(tier1.key, notes, "accept", [offered])
    assert forwarder.refusal("execute", good, sender=rando.address) == ("ForwarderOff", ())
    assert forwarder.refusal("executeBatch", [good], rando.address, sender=rando.address) == ("ForwarderOff", ())
    twin.accept(tier1.key, offered)
    twin.deployment.administer("Forwarder", "setOff", False)
    refusing = request_for(tier1.key, notes, "setConsent", 1, 1, 1, 1, 1)
    forwarder.do(rando.key, "execute", refusing)
    twin.comparing = False
