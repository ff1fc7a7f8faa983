"""Each handler alone: what an event does to the tables, told by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.chain.bindings import Bindings
from api.domain.errors import CascadeError
from api.domain.operations import Contract
from api.indexer.fetch import Shifted
from tests.indexer.conftest import Where
from tests.indexer.logs import ADDRESSES, TOKEN, Script

C = Contract
NOTES = ADDRESSES[C.NOTES]
WIDEST = 2**96 - 1
HASH = b"\x07" * 32
OTHER = b"\x08" * 32
NONE = bytes(32)
POLICY = (183, 365, 60, 4, 5, 500, 30, 100, True)
PAYER = f"0x{0xAA:040x}"
PAYEE = f"0x{0xBB:040x}"


@pytest.fixture
def script(bindings: Bindings, where: Where) -> Iterator[Script]:
    script = Script(bindings, where("script"))
    script.say(
        (C.ISSUANCE, "PolicySet", 1, POLICY),
        (C.NOTES, "CurrencyAllowed", 1, TOKEN),
        (C.REGISTRY, "PartyAdmitted", 1, HASH, 1, 21_000, PAYER),
        (C.REGISTRY, "AccountSet", PAYER, 1, 15, HASH),
        tokens={bytes.fromhex(TOKEN[2:]): ("CNY", 2)},
    )
    yield script
    script.connection.close()


def confirm(script: Script, face: int, lapse: int = 20_020) -> None:
    """Receivable 1 with root note 1 of debtor 1 for creditor 2."""
    script.say(
        (C.NOTES, "ReceivableConfirmed", 1, 1, 1, (face, 1, 20_000, 20_090, 20_000, 1, 4, HASH)),
        (C.NOTES, "NoteOffered", 1, 0, 2, 1, face, 1, lapse, HASH),
    )


def note(script: Script, number: int) -> tuple[object, ...]:
    """(value, flags, accepted in block, closed in block)."""
    (row,) = script.rows(f"SELECT value, flags, accepted_block, closed_block FROM notes WHERE id = {number}")
    return int(row[0]), *row[1:]


def receivable(script: Script) -> dict[str, int]:
    names = ("face_value", "outstanding", "repaid", "extinguished", "cancelled", "flags", "notes", "deepest_tier")
    (row,) = script.rows(f"SELECT {', '.join(names)} FROM receivables WHERE id = 1")
    return dict(zip(names, map(int, row), strict=True))


def total(script: Script, name: str) -> int:
    rows = script.rows(f"SELECT amount FROM totals WHERE name = '{name}'")
    return int(rows[0][0]) if rows else 0


def test_the_widest_amounts_are_exact(script: Script) -> None:
    confirm(script, WIDEST)
    script.say((C.CREDIT, "LineSet", 1, TOKEN, WIDEST), (C.CREDIT, "LineUsed", 1, TOKEN, WIDEST - 1))
    assert receivable(script)["outstanding"] == WIDEST
    assert note(script, 1)[0] == WIDEST
    assert [tuple(map(int, r)) for r in script.rows("SELECT line_limit, used FROM lines")] == [(WIDEST, WIDEST - 1)]
    script.say((C.NOTES, "NoteAccepted", 1))
    script.say(
        (C.NOTES, "NoteRepaid", 1, 1, 2, WIDEST, WIDEST),
        (C.REPAYMENT, "Paid", 1, PAYER, PAYEE, TOKEN, 2 * WIDEST),
    )
    assert int(script.rows("SELECT amount FROM cash_legs")[0][0]) == 2 * WIDEST
    assert total(script, "repaid_in_1") == WIDEST


def test_a_refused_root_cancels(script: Script) -> None:
    confirm(script, 500)
    script.say((C.NOTES, "NoteReturned", 1, 0, 500, 2), (C.NOTES, "ReceivableCancelled", 1, 500))
    assert note(script, 1) == (0, 2, None, 3)
    assert receivable(script) == {
        "face_value": 500,
        "outstanding": 0,
        "repaid": 0,
        "extinguished": 0,
        "cancelled": 500,
        "flags": 5,
        "notes": 1,
        "deepest_tier": 1,
    }
    assert (total(script, "refused"), total(script, "outstanding_in_1")) == (1, 0)


def test_a_returned_offer_brings_a_spent_parent_back(script: Script) -> None:
    confirm(script, 500)
    script.say((C.NOTES, "NoteAccepted", 1))
    script.say((C.NOTES, "NoteOffered", 2, 1, 3, 1, 500, 2, 20_030, HASH))
    assert note(script, 1) == (0, 1, 3, 4)
    script.say((C.NOTES, "NoteReturned", 2, 1, 500, 4))
    assert note(script, 1) == (500, 1, 3, None)
    assert note(script, 2) == (0, 4, None, 5)
    assert total(script, "refused") == 0
    assert (total(script, "notes_tier_1"), total(script, "notes_tier_2")) == (1, 1)


def test_a_standing_consent_accepts_at_once_and_is_used_up(script: Script) -> None:
    script.say((C.NOTES, "ConsentSet", 2, 1, 1, 800, 30_000, 30_001))
    confirm(script, 500, lapse=0)
    assert note(script, 1) == (500, 1, 3, None)
    assert int(script.rows("SELECT amount FROM consents")[0][0]) == 300


def test_a_sale_and_an_early_payment(script: Script) -> None:
    confirm(script, 1_000)
    script.say((C.NOTES, "NoteAccepted", 1))
    deal = (2, 600, 590, 400, True, PAYER, PAYEE, TOKEN, HASH, 2**255)
    script.say(
        (C.NOTES, "NoteAssigned", 2, 1, 7, 1, 600, 1, 33),
        (C.FINANCING, "SaleRecorded", 2, (2, 600, 590, 400, 20_001)),
        (C.FINANCING, "NoteFinanced", 1, 2, 7, *deal),
    )
    early = (2, 400, 399, 100, False, PAYER, PAYEE, TOKEN, bytes(32), 9)
    script.say((C.NOTES, "ValueExtinguished", 1, 1, 400), (C.FINANCING, "NoteFinanced", 1, 0, 1, *early))
    legs = script.rows("SELECT note, child, amount, principal, discount, rate_bps, registry_reference FROM cash_legs")
    assert [(n, c, int(a), int(p), int(d), r, ref) for n, c, a, p, d, r, ref in legs] == [
        (1, 2, 590, 600, 10, 400, HASH),
        (1, None, 399, 400, 1, 100, None),
    ]
    assert quoted(script) == [2**255, 9]
    assert note(script, 1) == (0, 1, 3, 5)
    assert note(script, 2) == (600, 33, 4, None)
    assert receivable(script)["extinguished"] == 400
    assert (total(script, "financed_in_1"), total(script, "cash_paid_in_1")) == (1_000, 989)
    script.say((C.FINANCING, "QuoteCancelled", 7, 2**255))
    quotes = script.rows("SELECT financier, taken, cancelled FROM quotes ORDER BY financier")
    assert [(f, int(t), c) for f, t, c in quotes] == [(1, 400, 0), (7, 600, 1)]


def quoted(script: Script) -> list[int | None]:
    """Under which quotes cash was paid, by nonce."""
    nonces = (nonce for (nonce,) in script.rows("SELECT quote_nonce FROM cash_legs ORDER BY block, log"))
    return [None if nonce is None else int.from_bytes(nonce, "big") for nonce in nonces]


def sold(child: int, seller: int, amount: int, price: int, rate: int, day: int, nonce: int) -> list[Any]:
    """What FinancingDesk tells of a sale with recourse by which note `child` came about."""
    deal = (seller, amount, price, rate, True, PAYER, PAYEE, TOKEN, bytes(32), nonce)
    return [
        (C.FINANCING, "SaleRecorded", child, (seller, amount, price, rate, day)),
        (C.FINANCING, "NoteFinanced", child - 1, child, 6 + child - 1, *deal),
    ]


def test_a_sale_with_recourse_comes_back_link_by_link(script: Script) -> None:
    """Party 2 sold to 7, that to 8; 8 demands of 7, and 7 then of 2."""
    confirm(script, 1_000)
    script.say((C.NOTES, "NoteAccepted", 1))
    script.say((C.NOTES, "NoteAssigned", 2, 1, 7, 1, 1_000, 1, 33), *sold(2, 2, 1_000, 990, 400, 20_001, nonce=11))
    script.say((C.NOTES, "NoteAssigned", 3, 2, 8, 1, 600, 1, 33), *sold(3, 7, 600, 595, 300, 20_002, nonce=12))
    script.say((C.RECOURSE, "RecourseDemanded", 3, 8, 7, 20_099))
    sales = "SELECT note, origin, seller, amount, price, rate_bps, day, demand_day FROM sales ORDER BY note"
    kept = [(2, 2, 2, 1_000, 990, 400, 20_001, 0), (3, 3, 7, 600, 595, 300, 20_002, 20_099)]
    assert [tuple(map(int, row)) for row in script.rows(sales)] == kept
    script.say(
        (C.NOTES, "NoteAssigned", 4, 3, 7, 1, 600, 1, 2_081),
        (C.FINANCING, "SaleCarried", 4, 2),
        (C.RECOURSE, "RecourseHonoured", 3, 4, 7, PAYEE, PAYER, TOKEN, 610),
    )
    kept[1] = (*kept[1][:-1], 0)
    assert [tuple(map(int, row)) for row in script.rows(sales)] == [*kept, (4, 2, 2, 1_000, 990, 400, 20_001, 0)]
    columns = "kind, note, child, payer, payee, amount, principal, interest, discount"
    legs = script.rows(f"SELECT {columns} FROM cash_legs WHERE kind = 'recourse'")
    assert [(k, *map(int, row)) for k, *row in legs] == [("recourse", 3, 4, 7, 8, 610, 600, 10, 0)]
    script.say((C.RECOURSE, "RecourseDemanded", 4, 7, 2, 20_100))
    script.say(
        (C.NOTES, "NoteAssigned", 5, 4, 2, 1, 600, 1, 2_081),
        (C.RECOURSE, "RecourseHonoured", 4, 5, 2, PAYEE, PAYER, TOKEN, 590),
    )
    legs = script.rows("SELECT discount FROM cash_legs WHERE kind = 'recourse' ORDER BY block")
    assert [int(row[0]) for row in legs] == [0, 10]
    assert quoted(script) == [11, 12, 12, 11]
    assert script.rows("SELECT origin FROM notes WHERE id > 3") == [("recourse",), ("recourse",)]


def test_registration_and_notice(script: Script) -> None:
    confirm(script, 1_000)
    script.say((C.NOTES, "NoteAccepted", 1))
    script.say((C.NOTES, "NoteAssigned", 2, 1, 7, 1, 1_000, 1, 33))
    rows = "SELECT note, registry_reference, registered_at, recorded_at, debtor_notified_at FROM assignments"
    script.say((C.ASSIGNMENTS, "DebtorNotified", 2, 7, 4_000))
    assert script.rows(rows) == [(2, None, 0, 0, 4_000)]
    script.say((C.ASSIGNMENTS, "AssignmentRegistered", 2, HASH, PAYER, 77, 0, 1))
    assert script.rows(rows) == [(2, HASH, 77, 6_000, 4_000)]
    script.say((C.ASSIGNMENTS, "AssignmentRegistered", 2, OTHER, PAYER, 88, 77, 2))
    assert script.rows(rows) == [(2, OTHER, 88, 7_000, 4_000)]
    places = "SELECT registration_block, registration_time, notice_block, notice_time FROM assignments"
    assert script.rows(places) == [(7, 7_000, 5, 5_000)]


def test_a_payer_of_nobody_is_party_zero(script: Script) -> None:
    confirm(script, 10)
    script.say((C.NOTES, "NoteAccepted", 1))
    stranger = f"0x{0xEE:040x}"
    script.say((C.NOTES, "NoteRepaid", 1, 1, 2, 10, 0), (C.REPAYMENT, "Paid", 1, stranger, PAYEE, TOKEN, 10))
    assert script.rows("SELECT payer, payee FROM cash_legs") == [(0, 2)]


def test_cash_and_repayment_must_tell_of_each_other(script: Script) -> None:
    confirm(script, 10)
    with pytest.raises(CascadeError, match="PaymentUnexplained"):
        script.say((C.REPAYMENT, "Paid", 1, PAYER, PAYEE, TOKEN, 10))
    script.ledger.forget()
    with pytest.raises(CascadeError, match="PaymentUnexplained"):
        script.say((C.NOTES, "NoteRepaid", 1, 1, 2, 10, 0), (C.REPAYMENT, "Paid", 1, PAYER, PAYEE, TOKEN, 9))
    script.ledger.forget()
    with pytest.raises(CascadeError, match="RepaymentWithoutCash"):
        script.say((C.NOTES, "NoteRepaid", 1, 1, 2, 10, 0))


def test_an_overdue_receivable_and_its_count(script: Script) -> None:
    confirm(script, 10)
    script.say((C.NOTES, "OverdueDeclared", 1, 1), (C.CREDIT, "OverdueCounted", 1, 1))
    assert receivable(script)["flags"] == 6
    assert script.rows("SELECT overdue_count FROM parties") == [(1,)]


def test_a_party_through_its_life(script: Script) -> None:
    script.say(
        (C.REGISTRY, "PartySuspended", 1, HASH),
        (C.REGISTRY, "QuoteEpochRaised", 1, 3),
        (C.REGISTRY, "RolesSet", 1, 7),
        (C.REGISTRY, "IdentityRenewed", 1, 30_000),
        (C.REGISTRY, "AccountSet", PAYER, 1, 0, HASH),
    )
    state = "SELECT suspended, quote_epoch, roles, identity_expiry FROM parties"
    assert script.rows(state) == [(1, 3, 7, 30_000)]
    assert script.rows("SELECT rights FROM accounts") == [(0,)]
    script.say((C.REGISTRY, "PartyReinstated", 1))
    assert script.rows(state) == [(0, 3, 7, 30_000)]


def account(script: Script, address: str) -> tuple[Any, ...]:
    """(party, rights, evidence, nonce)."""
    row = script.ledger.accounts.get(bytes.fromhex(address[2:]))
    script.ledger.forget()
    return row.party, row.rights, row.evidence_hash, row.nonce


def test_an_account_keeps_its_evidence_when_rights_are_taken(script: Script) -> None:
    script.say((C.REGISTRY, "SignatureUsed", PAYEE, 4), (C.REGISTRY, "AccountSet", PAYEE, 1, 7, OTHER))
    assert account(script, PAYEE) == (1, 7, OTHER, 5)
    script.say((C.REGISTRY, "AccountSet", PAYEE, 1, 1, NONE))
    assert account(script, PAYEE) == (1, 1, OTHER, 5)
    script.say((C.REGISTRY, "AccountSet", PAYEE, 1, 3, HASH))
    assert account(script, PAYEE) == (1, 3, HASH, 5)


def test_a_signature_of_nobodys_account_is_counted(script: Script) -> None:
    script.say((C.REGISTRY, "SignatureUsed", PAYEE, 0))
    assert account(script, PAYEE) == (0, 0, NONE, 1)


def test_a_recovery_and_its_ends(script: Script) -> None:
    query = "SELECT party, account, ready_at, evidence_hash, removed_hash, removed, state FROM recoveries"
    account, removed = bytes.fromhex(PAYEE[2:]), bytes.fromhex(PAYER[2:])
    for event, state in (
        (("RecoveryVetoed", 1, PAYEE, PAYER), "vetoed"),
        (("RecoveryWithdrawn", 1, PAYEE), "withdrawn"),
        (("RecoveryFinished", 1, PAYEE), "finished"),
    ):
        script.say(
            (C.REGISTRY, "RecoveryAnnounced", 1, PAYEE, 2**47, HASH, OTHER), (C.REGISTRY, "RecoveryRemoves", 1, PAYER)
        )
        assert script.rows(query) == [(1, account, 2**47, HASH, OTHER, removed, "announced")]
        script.say((C.REGISTRY, *event))
        assert script.rows(query) == [(1, account, 2**47, HASH, OTHER, removed, state)]
    journal = script.rows("SELECT name FROM events WHERE name = 'RecoveryRemoves'")
    assert len(journal) == 3


def test_a_settlement_account_that_changes(script: Script) -> None:
    query = "SELECT party, account, ready_at, evidence_hash, state FROM settlement_changes"
    account = bytes.fromhex(PAYEE[2:])
    script.say((C.REGISTRY, "SettlementChangeAnnounced", 1, PAYEE, 9, HASH))
    script.say((C.REGISTRY, "SettlementChangeVetoed", 1, PAYEE, PAYER))
    assert script.rows(query) == [(1, account, 9, HASH, "vetoed")]
    script.say((C.REGISTRY, "SettlementChangeAnnounced", 1, PAYEE, 10, OTHER))
    assert script.rows("SELECT settlement_account FROM parties") == [(bytes.fromhex(PAYER[2:]),)]
    script.say((C.REGISTRY, "SettlementAccountChanged", 1, PAYEE, PAYER))
    assert script.rows(query) == [(1, account, 10, OTHER, "finished")]
    assert script.rows("SELECT settlement_account FROM parties") == [(account,)]


def used_of_invoice(script: Script) -> tuple[int, ...]:
    (row,) = script.rows("SELECT amount, claimed, credited FROM invoices")
    return tuple(map(int, row))


def test_invoices_are_credited_claimed_in_parts_and_released(script: Script) -> None:
    credit = C.CREDIT
    script.say((credit, "InvoiceCredited", HASH, b"\x08" * 32, 5, 0))
    assert used_of_invoice(script) == (0, 0, 5)
    script.say((credit, "InvoiceClaimed", HASH, NOTES, 1, 100, 60), (credit, "InvoiceClaimed", HASH, NOTES, 2, 100, 20))
    assert used_of_invoice(script) == (100, 80, 5)
    script.say((credit, "InvoiceReleased", HASH, NOTES, 1, 60), (credit, "InvoiceClaimed", HASH, NOTES, 3, 100, 75))
    assert used_of_invoice(script) == (100, 95, 5)
    claims = script.rows("SELECT receivable, amount, released FROM claims ORDER BY receivable")
    assert [(number, int(amount), released) for number, amount, released in claims] == [
        (1, 60, 1),
        (2, 20, 0),
        (3, 75, 0),
    ]
    assert [(bytes(i), int(a)) for i, a in script.rows("SELECT invoice, amount FROM credit_notes")] == [(HASH, 5)]


def test_switches_and_wiring(script: Script) -> None:
    script.say(
        (C.NOTES, "Paused", True),
        (C.FORWARDER, "SwitchedOff", True),
        (C.NOTES, "DeskSet", PAYER, True),
        (C.CREDIT, "WriterSet", PAYEE, NOTES),
    )
    script.say((C.NOTES, "Paused", False), (C.NOTES, "DeskSet", PAYER, False))
    assert script.rows("SELECT name, is_on FROM switches ORDER BY name") == [("forwarder_off", 1), ("paused", 0)]
    assert script.rows("SELECT kind, allowed FROM wiring ORDER BY kind") == [("desk", 0), ("writer", 1)]
    script.say((C.CREDIT, "WriterSet", PAYEE, f"0x{0:040x}"))
    assert script.rows("SELECT allowed FROM wiring WHERE kind = 'writer'") == [(0,)]


def test_the_journal_names_the_root_and_leaves_explorers_events_out(script: Script) -> None:
    confirm(script, 500)
    script.say(
        (C.NOTES, "NoteAccepted", 1),
        (C.NOTES, "TransferValue", 0, 1, 500),
        (C.CREDIT, "AttestationUsed", PAYER, 5, HASH),
    )
    journal = script.rows("SELECT block, name, root_id FROM events WHERE block > 1 ORDER BY block, log")
    assert journal == [
        (2, "ReceivableConfirmed", 1),
        (2, "NoteOffered", 1),
        (3, "NoteAccepted", 1),
        (3, "AttestationUsed", None),
    ]


def test_an_event_about_what_was_never_told_stops_by_name(script: Script) -> None:
    with pytest.raises(CascadeError, match=r"IndexIncomplete\(table=notes, key=9\)"):
        script.say((C.NOTES, "NoteAccepted", 9))


def test_a_range_that_does_not_continue_is_not_written(script: Script) -> None:
    fetched = script.range([])
    fetched.headers[fetched.first] = type(fetched.headers[fetched.first])(  # type: ignore[index]
        fetched.first, b"\x01" * 32, b"\x02" * 32, 5
    )
    with pytest.raises(Shifted):
        script.applier.apply(script.ledger, fetched, script.cursor)
    assert script.ledger.cursor() == script.cursor


def test_a_log_of_another_block_than_its_header_is_not_written(script: Script) -> None:
    log = script.log(C.NOTES, "Paused", True)
    fetched = script.range([log])
    fetched.logs[0]["blockHash"] = "0x" + "ee" * 32  # type: ignore[index]
    with pytest.raises(Shifted):
        script.applier.apply(script.ledger, fetched, script.cursor)
    assert script.rows("SELECT * FROM switches") == []


def test_a_freeze_and_what_an_order_passes_on(script: Script) -> None:
    confirm(script, 500)
    other = b"\x08" * 32
    script.say((C.NOTES, "NoteAccepted", 1))
    script.say((C.ORDER, "FreezeOrdered", 1, 9, HASH), (C.NOTES, "NoteMarked", 1, 256, True))
    assert note(script, 1)[1] == 257
    script.say((C.ORDER, "ReassignmentOrdered", 1, 1, HASH, 3, 200, 9, 1, 1_700_000_000))
    script.say((C.ORDER, "ReassignmentOrdered", 2, 1, HASH, 1, 50, 9, 1, 1_700_000_000))
    script.say((C.ORDER, "ReassignmentOrdered", 3, 1, HASH, 4, 250, 9, 1, 1_700_000_000))
    script.say((C.NOTES, "NoteAssigned", 2, 1, 3, 1, 200, 1, 1025), (C.ORDER, "ReassignmentExecuted", 1, 1, 2))
    script.say((C.NOTES, "ValueExtinguished", 1, 1, 50), (C.ORDER, "ReassignmentExecuted", 2, 1, 0))
    script.say((C.ORDER, "ReassignmentCancelled", 3, 8, other))
    rows = 'SELECT id, receiver, CAST(amount AS INTEGER), "freeze", state, child, cancel_hash FROM reassignments ORDER BY id'
    assert script.rows(rows) == [
        (1, 3, 200, 1, "executed", 2, None),
        (2, 1, 50, 1, "executed", None, None),
        (3, 4, 250, 1, "cancelled", None, other),
    ]
    assert (note(script, 1)[0], note(script, 2)[:2]) == (250, (200, 1025))
    assert script.rows("SELECT origin FROM notes WHERE id = 2") == [("order",)]
    freezes = "SELECT note, number, arbiter, order_hash, release_hash FROM freezes"
    assert script.rows(freezes) == [(1, 1, 9, HASH, None)]
    script.say((C.ORDER, "ReleaseOrdered", 1, 8, other), (C.NOTES, "NoteMarked", 1, 256, False))
    assert (script.rows(freezes), note(script, 1)[1]) == ([(1, 1, 9, HASH, other)], 1)
    script.say((C.ORDER, "FreezeOrdered", 1, 8, other), (C.NOTES, "NoteMarked", 1, 256, True))
    assert script.rows(freezes) == [(1, 2, 8, other, None)]
    assert {r[0] for r in script.rows("SELECT root_id FROM events WHERE contract = 'OrderDesk'")} == {1}


def loan(script: Script) -> tuple[object, ...]:
    """(principal, cap, accrued, since, paid, open, unpaid) of note 1."""
    names = "principal, cap, accrued, since, paid, open, unpaid"
    (row,) = script.rows(f"SELECT {names} FROM loans WHERE note = 1")
    return int(row[0]), int(row[1]), int.from_bytes(row[2], "big"), row[3], int(row[4]), bool(row[5]), int(row[6])


def pledge(script: Script, face: int, pledged: int, lent: int) -> None:
    """Note 1 of party 2 secures a loan of party 7's."""
    confirm(script, face)
    script.say((C.NOTES, "NoteAccepted", 1))
    terms = (pledged, lent, 600, pledged, PAYER, PAYEE, TOKEN, HASH, 2**255)
    script.say((C.PLEDGE, "PledgeMade", 1, 7, 2, *terms), (C.NOTES, "NotePledged", 1, pledged))


LENDERS = f"0x{0xDD:040x}"


def test_a_pledged_note_pays_the_lender_first(script: Script) -> None:
    pledge(script, 1_000, 600, 500)
    assert note(script, 1)[1] == 129
    assert loan(script) == (500, 600, 0, 0, 0, True, 0)
    assert script.rows("SELECT lender, nonce, cancelled FROM loan_quotes") == [(7, (2**255).to_bytes(32, "big"), 0)]
    script.say(
        (C.NOTES, "NoteRepaid", 1, 1, 2, 400, 10),
        (C.PLEDGE, "ClaimPaid", 1, 7, 410, 100, 2**143),
        (C.REPAYMENT, "Paid", 1, PAYER, LENDERS, TOKEN, 410),
    )
    assert loan(script) == (100, 190, 2**143, 0, 410, True, 0)
    script.say(
        (C.NOTES, "NoteRepaid", 1, 1, 2, 600, 60),
        (C.PLEDGE, "ClaimPaid", 1, 7, 190, 0, 0),
        (C.PLEDGE, "PledgeReleased", 1, 7, 0),
        (C.NOTES, "NotePledged", 1, 0),
        (C.REPAYMENT, "Paid", 1, PAYER, LENDERS, TOKEN, 190),
        (C.REPAYMENT, "Paid", 1, PAYER, PAYEE, TOKEN, 470),
    )
    legs = script.rows("SELECT kind, payee, amount, principal, interest FROM cash_legs ORDER BY block, log")
    assert [(kind, payee, *map(int, amounts)) for kind, payee, *amounts in legs] == [
        ("loan", 2, 500, 500, 0),
        ("repayment", 7, 410, 400, 10),
        ("repayment", 7, 190, 190, 0),
        ("repayment", 2, 470, 410, 60),
    ]
    assert quoted(script) == [2**255, 2**255, 2**255, None]
    assert (note(script, 1)[:2], loan(script)[5]) == ((0, 17), False)


def test_a_leg_that_is_not_of_the_repayment_stops_by_name(script: Script) -> None:
    pledge(script, 1_000, 600, 500)
    repaid, first = (C.NOTES, "NoteRepaid", 1, 1, 2, 1_000, 0), (C.PLEDGE, "ClaimPaid", 1, 7, 500, 0, 0)
    for legs in ((501, 499), (499, 501), (500, 499), (1_000,)):
        with pytest.raises(CascadeError, match="PaymentUnexplained"):
            script.say(repaid, first, *((C.REPAYMENT, "Paid", 1, PAYER, PAYEE, TOKEN, leg) for leg in legs))
        script.ledger.forget()
    with pytest.raises(CascadeError, match="RepaymentWithoutCash"):
        script.say(repaid, first, (C.REPAYMENT, "Paid", 1, PAYER, LENDERS, TOKEN, 500))


def test_a_loan_repaid_before_its_note(script: Script) -> None:
    pledge(script, 1_000, 600, 500)
    script.say((C.PLEDGE, "ClaimPaid", 1, 7, 30, 475, 9), (C.PLEDGE, "LoanRepaid", 1, PAYER, LENDERS, TOKEN, 30))
    assert loan(script) == (475, 570, 9, 0, 30, True, 0)
    script.say((C.PLEDGE, "PledgeReleased", 1, 7, 475), (C.NOTES, "NotePledged", 1, 0))
    assert (loan(script)[5:], note(script, 1)[1]) == ((False, 475), 1)
    legs = script.rows("SELECT kind, payer, payee, amount, principal, interest, rate_bps FROM cash_legs ORDER BY block")
    assert [(kind, payer, payee, *map(int, money), rate) for kind, payer, payee, *money, rate in legs] == [
        ("loan", 7, 2, 500, 500, 0, 600),
        ("loan_repayment", 1, 7, 30, 25, 5, None),
    ]
    assert quoted(script) == [2**255, 2**255]
    with pytest.raises(CascadeError, match="PaymentUnexplained"):
        script.say((C.PLEDGE, "LoanRepaid", 1, PAYER, LENDERS, TOKEN, 30))
    script.ledger.forget()
    with pytest.raises(CascadeError, match="RepaymentWithoutCash"):
        script.say((C.PLEDGE, "ClaimPaid", 1, 7, 30, 445, 9))


def test_an_order_that_takes_all_leaves_the_loan_open(script: Script) -> None:
    pledge(script, 1_000, 600, 500)
    script.say((C.NOTES, "NotePledged", 1, 0), (C.NOTES, "NoteAssigned", 2, 1, 3, 1, 1_000, 1, 1025))
    assert (note(script, 1)[:2], loan(script)[5]) == ((0, 129), True)
    script.say((C.PLEDGE, "PledgeReleased", 1, 7, 500), (C.NOTES, "NotePledged", 1, 0))
    assert note(script, 1)[1] == 1


def test_a_lenders_quote_ends_unseen(script: Script) -> None:
    script.say((C.PLEDGE, "LoanQuoteCancelled", 7, 5))
    script.say((C.PLEDGE, "LoanQuoteCancelled", 7, 5))
    assert script.rows("SELECT lender, nonce, cancelled FROM loan_quotes") == [(7, (5).to_bytes(32, "big"), 1)]


RESERVATION = b"\x0a" * 32
REFERENCE = b"\x0b" * 32
RAIL = "0x" + "00" * 17 + b"CNY".hex()


@pytest.fixture
def bank(script: Script) -> Script:
    """A receivable in a bank's currency, its root accepted, and a reservation of bank 9's."""
    script.say((C.NOTES, "CurrencyAllowed", 2, RAIL), tokens={bytes.fromhex(RAIL[2:]): ("CNY", 2)})
    script.say(
        (C.NOTES, "ReceivableConfirmed", 1, 1, 1, (1_000, 2, 20_000, 20_090, 20_000, 1, 4, HASH)),
        (C.NOTES, "NoteOffered", 1, 0, 2, 1, 1_000, 1, 20_030, HASH),
        (C.NOTES, "NoteAccepted", 1),
        (C.BANK, "Reserved", RESERVATION, 9, PAYEE, 20_001, 20_003),
    )
    return script


def test_a_sale_that_a_bank_carries(bank: Script) -> None:
    sale = (1, 2, 7, 600, 400, True, 590, HASH, 5)
    bank.say((C.FINANCING, "QuoteAgreed", 7, 5, 600), (C.BANK_SALE, "SaleReserved", RESERVATION, 1, 7, sale))
    assert [int(row[0]) for row in bank.rows("SELECT taken FROM quotes")] == [600]
    bank.say(
        (C.NOTES, "NoteAssigned", 2, 1, 7, 1, 600, 1, 33),
        (C.FINANCING, "SaleRecorded", 2, (2, 600, 590, 400, 20_001)),
        (C.BANK_SALE, "SaleDelivered", RESERVATION, 1, 2, REFERENCE),
        (C.BANK, "PaymentDelivered", 9, REFERENCE, RESERVATION, HASH),
    )
    money = "CAST(amount AS INTEGER), CAST(principal AS INTEGER), CAST(discount AS INTEGER)"
    legs = bank.rows(
        f"SELECT kind, child, payer, payee, payer_account, bank, payment_reference, {money} FROM cash_legs"
    )
    assert legs == [("finance", 2, 7, 2, None, 9, REFERENCE, 590, 600, 10)]
    assert quoted(bank) == [5]
    assert bank.rows("SELECT quote_nonce FROM sales") == [((5).to_bytes(32, "big"),)]
    assert (total(bank, "financed_in_2"), total(bank, "cash_paid_in_2")) == (600, 590)
    assert bank.rows("SELECT state FROM bank_sales") == [("delivered",)]
    assert bank.rows("SELECT outcome, reason FROM bank_records") == [("delivered", None)]


def test_a_sale_that_a_bank_declined(bank: Script) -> None:
    sale = (1, 2, 7, 600, 400, True, 590, HASH, 5)
    bank.say((C.FINANCING, "QuoteAgreed", 7, 5, 600), (C.BANK_SALE, "SaleReserved", RESERVATION, 1, 7, sale))
    bank.say(
        (C.BANK, "ReservationDeclined", RESERVATION),
        (C.BANK_SALE, "SaleReleased", RESERVATION, 1),
        (C.FINANCING, "QuoteGivenBack", 7, 5, 600),
    )
    assert bank.rows("SELECT declined FROM bank_reservations") == [(1,)]
    assert bank.rows("SELECT state FROM bank_sales") == [("released",)]
    assert [int(row[0]) for row in bank.rows("SELECT taken FROM quotes")] == [0]


def test_a_repayment_that_a_bank_carries(bank: Script) -> None:
    bank.say((C.BANK_REPAYMENT, "NoteReserved", RESERVATION, 1, 2, 1_000))
    bank.say(
        (C.NOTES, "NoteRepaid", 1, 1, 2, 1_000, 5),
        (C.BANK_REPAYMENT, "PayeeNotPaid", RESERVATION, 1, 2, 1_005, REFERENCE),
        (C.NOTES, "NoteRestored", 1, 1, 1_000),
    )
    assert bank.rows("SELECT state FROM bank_repayments") == [("refused",)]
    assert bank.rows("SELECT * FROM cash_legs") == []
    bank.say(
        (C.NOTES, "NoteRepaid", 1, 1, 2, 1_000, 5),
        (C.BANK_REPAYMENT, "PaidByBank", RESERVATION, 1, 2, 1_005, 20_091, REFERENCE),
    )
    legs = "SELECT kind, payer, payee, bank, CAST(amount AS INTEGER), CAST(interest AS INTEGER) FROM cash_legs"
    assert bank.rows(legs) == [("repayment", 1, 2, 9, 1_005, 5)]
    assert bank.rows("SELECT state, rests_until FROM bank_repayments") == [("paid", 0)]


def test_what_waits_for_a_bank_no_longer(bank: Script) -> None:
    bank.say((C.BANK_REPAYMENT, "NoteReserved", RESERVATION, 1, 2, 1_000))
    bank.say((C.BANK_REPAYMENT, "NoteReleased", RESERVATION, 1, 20_005))
    assert bank.rows("SELECT state, rests_until FROM bank_repayments") == [("released", 20_005)]


def test_a_round_that_a_bank_carries_may_share_out_nothing(bank: Script) -> None:
    other = b"\x0c" * 32
    bank.say((C.BANK_REPAYMENT, "RoundReserved", other, 1, 1), (C.BANK_REPAYMENT, "RoundReserved", RESERVATION, 1, 1))
    bank.say((C.BANK_REPAYMENT, "PaidByBank", RESERVATION, 1, 2, 0, 20_091, REFERENCE))
    assert bank.rows("SELECT receivable, reservation, round FROM bank_rounds") == [(1, RESERVATION, 1)]
    assert bank.rows("SELECT * FROM cash_legs") == bank.rows("SELECT * FROM bank_repayments") == []


def test_bank_s_cash_and_repayment_must_tell_of_each_other(bank: Script) -> None:
    for principal in (None, 999):
        repaid = () if principal is None else ((C.NOTES, "NoteRepaid", 1, 1, 2, principal, 0),)
        with pytest.raises(CascadeError, match="PaymentUnexplained"):
            bank.say(*repaid, (C.BANK_REPAYMENT, "PaidByBank", RESERVATION, 1, 2, 1_000, 20_091, REFERENCE))
        bank.ledger.forget()


def test_an_exception_keeps_what_stood_against_it(bank: Script) -> None:
    reason, line = b"\x01\x02\x03\x04" + HASH, (1, 2, WIDEST, False)
    told = (9, REFERENCE, RESERVATION, HASH, RAIL, 20_002, [line], reason)
    bank.say((C.BANK, "BankException", *told))
    facts = "SELECT outcome, digest, currency, value_day, lines, reason FROM bank_records"
    lines = f'[{{"note":1,"payee":2,"amount":"{WIDEST}","refused":false}}]'
    rest = (HASH, bytes.fromhex(RAIL[2:]), 20_002, lines, reason)
    assert bank.rows(facts) == [("exception", *rest)]
    bank.say((C.BANK, "PaymentDelivered", 9, REFERENCE, RESERVATION, HASH))
    assert bank.rows(facts) == [("delivered", *rest)]
