"""What backs a debt: parts of invoices, credit notes, releases, across versions of the note contract. Each rule alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, TENOR, ZERO_ADDRESS
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import MAX_UINT96
from tests.reference.invoices import Claim, CreditNote, InvoiceClaim
from tests.reference.issuing import Confirmation
from tests.reference.parties import Role

HALF = FACE // 2
MARK = keccak(text="the invoice")
NOTE = keccak(text="the credit note")


def part_of(twin: Twin, creditor: Actor, part: int, amount: int = FACE, mark: bytes = MARK) -> Confirmation:
    """A debt backed by a part of the invoice."""
    return twin.item(creditor.party, part, TENOR, invoices=(InvoiceClaim(mark, amount, part),))


def cancelled(twin: Twin, debtor: Actor, creditor: Actor, part: int) -> int:
    """A receivable that holds a part, and whose creditor refused it."""
    receivable = twin.confirm(debtor.key, [part_of(twin, creditor, part)])
    twin.refuse(creditor.key, twin.model.world.ledger.receivables[receivable].root)
    return receivable


# -- claiming


def test_one_invoice_backs_several_debts_up_to_its_amount(
    twin: Twin, core: Actor, core2: Actor, tier1: Actor, tier2: Actor
) -> None:
    twin.confirm(core.key, [part_of(twin, tier1, HALF)])
    twin.confirm(core2.key, [part_of(twin, tier2, HALF - 1)])
    for debtor, creditor in ((core, tier1), (core2, tier2)):
        with twin.refused("OverInvoice", MARK, 2, 1):
            twin.confirm(debtor.key, [part_of(twin, creditor, 2)])
    twin.confirm(core2.key, [part_of(twin, tier1, 1)])
    with twin.refused("OverInvoice", MARK, 1, 0):
        twin.confirm(core.key, [part_of(twin, tier1, 1)])


def test_one_debt_is_backed_by_several_invoices(twin: Twin, core: Actor, tier1: Actor) -> None:
    invoices = (twin.invoice(FACE), twin.invoice(FACE, HALF), twin.invoice(MAX_UINT96, 1))
    twin.confirm(core.key, [twin.item(tier1.party, FACE + HALF + 1, TENOR, invoices=invoices)])


def test_two_debts_of_a_batch_share_an_invoice(twin: Twin, core: Actor, tier1: Actor) -> None:
    items = [part_of(twin, tier1, HALF), part_of(twin, tier1, HALF)]
    with twin.refused("OverInvoice", MARK, 1, 0):
        twin.confirm(core.key, [*items, part_of(twin, tier1, 1)])
    twin.confirm(core.key, items)


def test_refuses_an_invoice_twice_in_one_debt(twin: Twin, core: Actor, tier1: Actor) -> None:
    half = InvoiceClaim(MARK, FACE, HALF)
    with twin.refused("AlreadyClaimed", MARK, 1):
        twin.confirm(core.key, [twin.item(tier1.party, 2 * HALF, TENOR, invoices=(half, half))])
    twin.confirm(core.key, [part_of(twin, tier1, 1)])
    with twin.refused("AlreadyClaimed", MARK, 2):
        quarter = replace(half, claimed=HALF // 2)
        twin.confirm(core.key, [twin.item(tier1.party, HALF, TENOR, invoices=(quarter, quarter))])


def test_refuses_no_invoice(twin: Twin, core: Actor, tier1: Actor) -> None:
    with twin.refused("InvoiceMissing"):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR, invoices=())])


@pytest.mark.parametrize("backed", [FACE - 1, FACE + 1])
def test_refuses_parts_that_do_not_make_the_amount(twin: Twin, core: Actor, tier1: Actor, backed: int) -> None:
    invoices = (twin.invoice(HALF), twin.invoice(FACE, backed - HALF))
    with twin.refused("ClaimsNotExact", backed, FACE):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR, invoices=invoices)])


def test_parts_of_two_debts_do_not_make_up_for_each_other(twin: Twin, core: Actor, tier1: Actor) -> None:
    items = [
        twin.item(tier1.party, FACE, TENOR, invoices=(twin.invoice(FACE, FACE - 1),)),
        twin.item(tier1.party, FACE, TENOR, invoices=(twin.invoice(FACE + 1),)),
    ]
    with pytest.raises(Exception, match="ClaimsNotExact"):
        twin.confirm(core.key, items)


def test_refuses_a_part_of_nothing(twin: Twin, core: Actor, tier1: Actor) -> None:
    invoices = (twin.invoice(FACE), twin.invoice(FACE, 0))
    with twin.refused("ZeroAmount"):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR, invoices=invoices)])


def test_refuses_more_than_the_invoice_is_for(twin: Twin, core: Actor, tier1: Actor) -> None:
    for amount in (FACE - 1, 0):
        with twin.refused("OverInvoice", MARK, FACE, amount):
            twin.confirm(core.key, [part_of(twin, tier1, FACE, amount)])


@pytest.mark.parametrize("stated", [FACE + 1, FACE - 1, MAX_UINT96, HALF])
def test_an_invoice_keeps_the_amount_first_attested(
    twin: Twin, core: Actor, core2: Actor, tier1: Actor, rando: Actor, stated: int
) -> None:
    """Also when nothing holds it any more: a second word raises it never."""
    receivable = cancelled(twin, core, tier1, 1)
    with twin.refused("InvoiceAmountDiffers", MARK, FACE, stated):
        twin.confirm(core2.key, [part_of(twin, tier1, 1, stated)])
    twin.release(rando.key, twin.claims_of(receivable))
    with twin.refused("InvoiceAmountDiffers", MARK, FACE, stated):
        twin.confirm(core.key, [part_of(twin, tier1, 1, stated)])
    twin.confirm(core.key, [part_of(twin, tier1, FACE)])


def test_the_largest_invoice_is_used_to_its_last_unit(twin: Twin, core: Actor, core2: Actor, tier1: Actor) -> None:
    twin.set_line(core.party, 1, MAX_UINT96)
    twin.confirm(core.key, [part_of(twin, tier1, MAX_UINT96 - 1, MAX_UINT96)])
    with twin.refused("OverInvoice", MARK, 2, 1):
        twin.confirm(core2.key, [part_of(twin, tier1, 2, MAX_UINT96)])
    twin.confirm(core2.key, [part_of(twin, tier1, 1, MAX_UINT96)])


# -- releasing


def test_what_a_cancelled_debt_held_is_released_by_anyone_once(
    twin: Twin, core: Actor, core2: Actor, tier1: Actor, rando: Actor
) -> None:
    kept = twin.confirm(core.key, [part_of(twin, tier1, HALF)])
    gone = twin.confirm(core.key, [part_of(twin, tier1, 10)])
    notes = twin.model.world.note_contract
    claims = [Claim(MARK, notes, gone)]
    with twin.refused("ReceivableNotCancelled", gone):
        twin.release(rando.key, claims)
    twin.refuse(tier1.key, twin.model.world.ledger.receivables[gone].root)
    with twin.refused("ReceivableNotCancelled", kept):
        twin.release(rando.key, [*claims, Claim(MARK, notes, kept)])
    with twin.refused("OverInvoice", MARK, FACE - HALF, FACE - HALF - 10):
        twin.confirm(core2.key, [part_of(twin, tier1, FACE - HALF)])
    with twin.refused("NotClaimed", MARK, notes, gone):
        twin.release(rando.key, claims * 2)
    twin.release(rando.key, claims)
    with twin.refused("NotClaimed", MARK, notes, gone):
        twin.release(rando.key, claims)
    twin.confirm(core2.key, [part_of(twin, tier1, FACE - HALF)])


def test_nothing_is_released_that_was_not_claimed(twin: Twin, core: Actor, tier1: Actor, rando: Actor) -> None:
    receivable = cancelled(twin, core, tier1, HALF)
    notes = twin.model.world.note_contract
    for mark, contract, number in (
        (keccak(text="never"), notes, receivable),
        (MARK, notes, receivable + 1),
        (MARK, notes, 0),
        (MARK, rando.address, receivable),
        (MARK, ZERO_ADDRESS, 0),
    ):
        with twin.refused("NotClaimed", mark, contract, number):
            twin.release(rando.key, [Claim(mark, contract, number)])


def test_claims_are_released_in_any_order(twin: Twin, core: Actor, tier1: Actor, rando: Actor) -> None:
    """The first that claimed, while others use the invoice; then the others; then it is taken whole again."""
    first, second, third = (cancelled(twin, core, tier1, part) for part in (3, 5, 7))
    for receivable in (first, third, second):
        twin.release(rando.key, twin.claims_of(receivable))
    twin.confirm(core.key, [part_of(twin, tier1, FACE)])
    for receivable in (first, second, third):
        with twin.refused("NotClaimed", MARK, ..., receivable):
            twin.release(rando.key, [Claim(MARK, twin.model.world.note_contract, receivable)])


# -- credit notes


def test_a_credit_note_lowers_what_is_left(twin: Twin, core: Actor, tier1: Actor, rando: Actor) -> None:
    twin.confirm(core.key, [part_of(twin, tier1, HALF)])
    twin.credit(rando.key, [CreditNote(MARK, NOTE, 10)])
    with twin.refused("OverInvoice", MARK, HALF, HALF - 10):
        twin.confirm(core.key, [part_of(twin, tier1, HALF)])
    twin.confirm(core.key, [part_of(twin, tier1, HALF - 10)])


def test_a_credit_note_counts_before_its_invoice_is_known(twin: Twin, core: Actor, tier1: Actor, rando: Actor) -> None:
    twin.credit(rando.key, [CreditNote(MARK, NOTE, 10)])
    with twin.refused("OverInvoice", MARK, FACE, FACE - 10):
        twin.confirm(core.key, [part_of(twin, tier1, FACE)])
    for amount in (9, 10):
        with twin.refused("OverInvoice", MARK, 1, 0):
            twin.confirm(core.key, [part_of(twin, tier1, 1, amount)])
    receivable = twin.confirm(core.key, [part_of(twin, tier1, FACE - 10)])
    twin.refuse(tier1.key, twin.model.world.ledger.receivables[receivable].root)
    twin.release(rando.key, twin.claims_of(receivable))
    with twin.refused("OverInvoice", MARK, FACE, FACE - 10):
        twin.confirm(core.key, [part_of(twin, tier1, FACE)])


def test_what_is_credited_too_late_is_told_and_worked_off(
    twin: Twin, core: Actor, tier1: Actor, registrar: Actor, rando: Actor
) -> None:
    kept, gone = (cancelled(twin, core, tier1, part) for part in (HALF, FACE - HALF))
    twin.credit(rando.key, [CreditNote(MARK, NOTE, 10), CreditNote(MARK, keccak(text="another"), 20)])
    assert twin.last is not None
    told = twin.deployment["CreditRegister"].events(twin.last, "InvoiceCredited")
    assert [(event["amount"], event["excess"]) for event in told] == [(10, 10), (20, 30)]
    with twin.refused("OverInvoice", MARK, 1, 0):
        twin.confirm(core.key, [part_of(twin, tier1, 1)])
    twin.release(rando.key, twin.claims_of(gone))
    with twin.refused("OverInvoice", MARK, FACE - HALF, FACE - HALF - 30):
        twin.confirm(core.key, [part_of(twin, tier1, FACE - HALF)])
    twin.confirm(core.key, [part_of(twin, tier1, FACE - HALF - 30)])
    twin.release(rando.key, twin.claims_of(kept))


def test_a_credit_note_counts_once(twin: Twin, rando: Actor) -> None:
    """Not twice in a batch, not again under another word, not for another invoice."""
    note = CreditNote(MARK, NOTE, 10)
    with twin.refused("CreditNoteCounted", NOTE):
        twin.credit(rando.key, [note, note])
    twin.credit(rando.key, [note])
    for again in (note, replace(note, amount=11), replace(note, invoice=keccak(text="another"))):
        with twin.refused("CreditNoteCounted", NOTE):
            twin.credit(rando.key, [again])


def test_refuses_a_credit_note_of_nothing(twin: Twin, rando: Actor) -> None:
    with twin.refused("ZeroAmount"):
        twin.credit(rando.key, [CreditNote(MARK, NOTE, 0)])


def test_refuses_a_credit_note_beyond_any_amount(twin: Twin, core: Actor, tier1: Actor, rando: Actor) -> None:
    twin.confirm(core.key, [part_of(twin, tier1, 5)])
    with twin.refused("CreditTooLarge", MARK, MAX_UINT96, MAX_UINT96 - 5):
        twin.credit(rando.key, [CreditNote(MARK, NOTE, MAX_UINT96)])
    twin.credit(rando.key, [CreditNote(MARK, NOTE, MAX_UINT96 - 5)])
    with twin.refused("CreditTooLarge", MARK, 1, 0):
        twin.credit(rando.key, [CreditNote(MARK, keccak(text="another"), 1)])


def test_credit_notes_need_the_registrars_word(
    twin: Twin, core: Actor, tier1: Actor, registrar: Actor, rando: Actor
) -> None:
    notes = [CreditNote(MARK, NOTE, 10)]
    with twin.refused("AttestationExpired", twin.chain.now - 1):
        twin.credit(rando.key, notes, attestation=twin.attest(deadline=twin.chain.now - 1))
    with twin.refused("MissingRole", core.party, int(Role.CORE_ENTERPRISE), int(Role.REGISTRAR)):
        twin.credit(rando.key, notes, attestation=twin.attest(signer=core.address))
    word = twin.attest()
    signature = twin.sign_credit(notes, word)
    for others in (
        [replace(notes[0], amount=11)],
        [replace(notes[0], invoice=keccak(text="another"))],
        [replace(notes[0], fingerprint=keccak(text="another"))],
        [*notes, CreditNote(MARK, keccak(text="another"), 1)],
        [],
    ):
        with twin.refused("AttestationInvalid", registrar.address, ...):
            twin.credit(rando.key, others, attestation=replace(word, valid=False), signature=signature)
    for domain in ({"chainId": 1}, {"verifyingContract": key_of("another register").address}):
        with twin.refused("AttestationInvalid", registrar.address, ...):
            foreign = twin.sign_credit(notes, word, **domain)
            twin.credit(rando.key, notes, attestation=replace(word, valid=False), signature=foreign)
    twin.credit(rando.key, notes, attestation=word)
    with twin.refused("AttestationUsedAlready", registrar.address, word.nonce):
        twin.credit(rando.key, [CreditNote(MARK, keccak(text="another"), 1)], attestation=word)
    with twin.refused("AttestationUsedAlready", registrar.address, word.nonce):
        twin.confirm(core.key, [part_of(twin, tier1, 1)], attestation=word)


def test_the_credit_digest_is_the_wallets(twin: Twin) -> None:
    register, word = twin.deployment["CreditRegister"], twin.attest()
    notes = [CreditNote(MARK, NOTE, 10), CreditNote(keccak(text="another"), keccak(text="more"), MAX_UINT96)]
    rows = [(note.invoice, note.fingerprint, note.amount) for note in notes]
    fields = signing.credit_message(notes, word.signer, word.nonce, word.deadline)
    digest = register.call("creditDigest", rows, word.signer, word.nonce, word.deadline)
    assert digest == signing.digest_of(signing.typed(register, "CreditNoteBatch", fields))


# -- versions of the note contract


class Version:
    """Another note contract with its issuing desk on the same credit register, beside the model's."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        deployment = twin.deployment
        common = [deployment[name].address for name in ("AccessManager", "Forwarder", "ParticipantRegistry")]
        register = deployment["CreditRegister"].address
        self.notes = deployment.deploy("ReceivableNotes", *common, register, alias="next notes")
        self.desk = deployment.deploy("IssuanceDesk", *common, register, self.notes.address, alias="next desk")
        twin.comparing = False
        # no function of theirs is given to a role yet, so they are the administrator's
        self.notes.do(deployment.operator, "setDesk", self.desk.address, True)
        self.desk.do(deployment.operator, "setPolicy", deployment["IssuanceDesk"].call("policy")[1])
        self.desk.do(deployment.operator, "allowCurrency", twin.token(1))
        for writer in (self.desk, self.notes):
            deployment.administer("CreditRegister", "setWriter", writer.address, self.notes.address)

    def confirm(self, debtor: Actor, item: Confirmation) -> tuple[str, tuple[object, ...]] | None:
        """Confirms; the refusal if there is one."""
        word = self.twin.attest()
        signature = self.twin.sign_batch(debtor.party, 1, [item], word)
        args = (1, [signing.confirmation_tuple(item)], (word.signer, word.nonce, word.deadline, signature))
        refusal = self.desk.refusal("confirm", *args, sender=debtor.address)
        if refusal is None:
            self.desk.do(debtor.key, "confirm", *args)
        return refusal


def test_i_06_one_claim_across_versions(twin: Twin, core: Actor, core2: Actor, tier1: Actor, rando: Actor) -> None:
    """Receivable 1 of the old contract and receivable 1 of the new one hold parts of one invoice, each its own."""
    receivable = twin.confirm(core.key, [part_of(twin, tier1, HALF)])
    register, old = twin.deployment["CreditRegister"], twin.deployment["ReceivableNotes"]
    version = Version(twin)
    assert version.confirm(core2, part_of(twin, tier1, FACE)) == ("OverInvoice", (MARK, FACE, HALF))
    assert version.confirm(core2, part_of(twin, tier1, HALF - 7)) is None
    assert version.confirm(core, part_of(twin, tier1, 8)) == ("OverInvoice", (MARK, 8, 7))
    held = [register.call("claimOf", MARK, notes.address, receivable) for notes in (old, version.notes)]
    assert held == [HALF, HALF - 7]

    rows = [(MARK, version.notes.address, 1)]
    assert register.refusal("release", rows, sender=rando.address) == ("ReceivableNotCancelled", (1,))
    version.notes.do(tier1.key, "refuse", [1])
    old_rows = [(MARK, old.address, 1)]
    assert register.refusal("release", old_rows, sender=rando.address) == ("ReceivableNotCancelled", (1,))
    register.do(rando.key, "release", rows)
    assert register.refusal("release", rows, sender=rando.address) == ("NotClaimed", rows[0])
    assert register.call("invoice", MARK) == (FACE, HALF)
    assert version.confirm(core2, part_of(twin, tier1, HALF)) is None


def test_a_writer_claims_for_its_own_note_contract(twin: Twin, core: Actor, tier1: Actor) -> None:
    register, version = twin.deployment["CreditRegister"], Version(twin)
    issuance, notes = twin.deployment["IssuanceDesk"].address, twin.deployment["ReceivableNotes"].address
    assert [register.call("notesOf", writer) for writer in (issuance, notes)] == [notes, notes]
    assert register.call("notesOf", version.desk.address) == version.notes.address
    assert register.call("notesOf", key_of("rando").address) == ZERO_ADDRESS
    twin.deployment.administer("CreditRegister", "setWriter", version.desk.address, ZERO_ADDRESS)
    assert register.call("notesOf", version.desk.address) == ZERO_ADDRESS
    refusal = version.confirm(core, part_of(twin, tier1, 1))
    assert refusal == ("NotWriter", (version.desk.address,))
    twin.deployment.administer("CreditRegister", "setWriter", version.desk.address, version.notes.address)
    assert version.confirm(core, part_of(twin, tier1, 1)) is None
    assert register.call("claimOf", MARK, version.notes.address, 1) == 1
