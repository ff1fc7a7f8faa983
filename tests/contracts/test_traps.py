"""The traps that public supply-chain-finance projects fell into, one test each. Two more are in tests/unit/test_traps.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.abi import Interface
from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, PRODUCT, TENOR
from tests.contracts.story import story
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.financing import Deal
from tests.reference.invoices import InvoiceClaim
from tests.reference.parties import Role
from tests.reference.passing import Portion
from tests.reference.refusals import Refused


def test_trap_01_no_caller_check(twin: Twin, held: int, rando: Actor) -> None:
    """Nobody moves another's note, nobody admits itself as a bank, and nobody is the owner of what has none."""
    notes, registry = twin.deployment["ReceivableNotes"], twin.deployment["ParticipantRegistry"]
    split = [(held, [(twin.actors["tier2"].party, 1_000, b"\x01" * 32)])]
    assert notes.refusal("split", split, sender=rando.address)[0] == "MissingRight"
    row = (b"\x05" * 32, int(Role.SETTLEMENT_BANK), twin.today + 9, rando.address, rando.address, b"\x06" * 32)
    assert registry.refusal("admit", [row], sender=rando.address)[0] == "AccessManagedUnauthorized"
    zero = "0x" + "00" * 20
    for function, args in (("accept", [[held]]), ("split", [split]), ("refuse", [[held]])):
        assert notes.refusal(function, *args, sender=zero)[0] == "MissingRight"
    assert notes.refusal("accept", [999], sender=twin.actors["tier1"].address) == ("UnknownNote", (999,))


def test_trap_02_money_is_invented(twin: Twin, core: Actor, financier: Actor, tier1: Actor) -> None:
    """Registration gives no balance, financing moves cash, and what is owed falls by what is paid."""
    token = twin.deployment["DepositToken"]
    newcomer = key_of("a newcomer's cash").address
    assert token.call("balanceOf", newcomer) == 0
    supply = token.call("totalSupply")
    for _ in story(twin):
        pass
    assert token.call("totalSupply") == supply, "only the bank makes money"
    assert twin.deployment["ReceivableNotes"].call("receivable", 1)[2] == 0
    assert token.call("balanceOf", twin.actors["tier4"].cash.address) > 0


def test_trap_03_codes_for_reverts_and_one_event_for_all(twin: Twin, artifacts: dict[str, Any]) -> None:
    """A refused act reverts with its own error; one event name has one meaning; no indexed text."""
    for name in PRODUCT:
        abi = artifacts[name]["abi"]
        events = [entry for entry in abi if entry["type"] == "event"]
        assert len(events) == len({entry["name"] for entry in events}), name
        indexed = [p["type"] for entry in events for p in entry["inputs"] if p["indexed"]]
        assert not {"string", "bytes"} & set(indexed), name
        if name in ("AccessManager", "DepositToken", "Forwarder"):
            continue
        for function in Interface(abi).functions.values():
            assert not (function.writes and "bool" in function.outputs), f"{name}.{function.name} answers with a code"


def test_trap_04_status_is_stored(twin: Twin, held: int, core: Actor) -> None:
    """Nobody sets a status, and what time changes is so without an act."""
    for contract in twin.deployment.contracts.values():
        writing = {function.name for function in contract.interface.functions.values() if function.writes}
        assert not {name for name in writing if "status" in name.lower()}
    twin.split(twin.actors["tier1"].key, (held, [Portion(twin.actors["tier2"].party, 1_000)]))
    notes = twin.deployment["ReceivableNotes"]
    assert notes.call("noteStatus", 2) == 1
    twin.move_to(start_of(twin.model.world.ledger.notes[2].lapse_day + 1))
    assert notes.call("noteStatus", 2) == 2


def test_trap_05_lineage_is_lost(twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor) -> None:
    """A note of the same party, tier and debt stays a note of its own, and names its parent for ever."""
    twin.split(tier1.key, (held, [Portion(tier2.party, 10_000), Portion(tier2.party, 10_000)]))
    twin.accept(tier2.key, 2, 3)
    twin.finance(tier2.key, Deal(twin.quote(financier, 2), 10_000), Deal(twin.quote(financier, 3), 10_000))
    notes = twin.deployment["ReceivableNotes"]
    assert [notes.call("note", note)[1] for note in (2, 3, 4, 5)] == [held, held, 2, 3]
    assert notes.call("note", 2)[0] == 0, "spent, and still named by its child"


def test_trap_06_the_amount_in_the_duplicate_key(twin: Twin, core: Actor, core2: Actor, tier1: Actor) -> None:
    """The same invoice with one cent changed is the same invoice, whoever confirms it; and the cent is not to be had."""
    item = twin.item(tier1.party, FACE, TENOR)
    mark = item.invoices[0].fingerprint
    twin.confirm(core.key, [item])
    for debtor in (core, core2):
        with twin.refused("OverInvoice", mark, FACE, 0):
            twin.confirm(debtor.key, [twin.item(tier1.party, FACE, TENOR, invoices=item.invoices)])
        for amount, part in ((FACE - 1, FACE - 1), (FACE + 1, FACE + 1), (FACE + 1, 1)):
            again = twin.item(tier1.party, part, TENOR, invoices=(InvoiceClaim(mark, amount, part),))
            with pytest.raises(Refused, match="InvoiceAmountDiffers"):
                twin.confirm(debtor.key, [again])


def test_trap_08_a_backend_key_that_may_do_everything(twin: Twin, held: int) -> None:
    """The operator and its officers, together, cannot move a note, take a quote, or pay from another's account."""
    notes, desk = twin.deployment["ReceivableNotes"], twin.deployment["RepaymentDesk"]
    split = [(held, [(twin.actors["tier2"].party, 1_000, b"\x01" * 32)])]
    payer = twin.actors["core"].cash.address
    for officer in (twin.deployment.operator, *twin.deployment.officers.values()):
        assert notes.refusal("split", split, sender=officer.address)[0] == "MissingRight"
        assert notes.refusal("settle", [held], [], 0, twin.today, sender=officer.address)[0] == "NotDesk"
        assert desk.refusal("repay", [held], payer, FACE, sender=officer.address)[0] == "PayerNotAuthorised"


def test_trap_10_one_holder_stops_the_payment_of_all(twin: Twin, core: Actor, tier1: Actor, tier2: Actor) -> None:
    """A blocked account keeps its own payment back, and no other; no act loops over holders."""
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=2)
    twin.accept(tier1.key, 1)
    twin.split(tier1.key, (1, [Portion(tier2.party, 40_000)]))
    twin.accept(tier2.key, 2)
    twin.set_blocked(tier1.cash.address, True)
    assert twin.repay(core.key, 1, 2, payer=core.cash.address) == 40_000
