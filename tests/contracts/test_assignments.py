"""Registration and notice of bought notes, and which of two comes first: each rule tried alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.constants import FACE, POLICY, TENOR, ZERO_ADDRESS, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.contracts.twin_assigning import HOUR
from tests.reference.assigning import FIRST, IN_PROPORTION, SECOND
from tests.reference.financing import Deal, Quote
from tests.reference.notes import NoteFlag
from tests.reference.parties import Right, Role

Bought = tuple[int, Quote]
OTHER = keccak(text="another registration")


@pytest.fixture
def bought(twin: Twin, held: int, tier1: Actor, financier: Actor) -> Bought:
    """Half of a note, and the quote by which it was bought."""
    quote = twin.quote(financier, held)
    return twin.finance(tier1.key, Deal(quote, FACE // 2))[0], quote


@pytest.fixture
def other(twin: Twin, bought: Bought, held: int, tier1: Actor, financier2: Actor) -> Bought:
    """The other half, of the other financier."""
    quote = twin.quote(financier2, held, registry_reference=OTHER)
    return twin.finance(tier1.key, Deal(quote, FACE // 2))[0], quote


# -- registration


def test_a_registrar_attests_when_the_deal_was_registered(
    twin: Twin, bought: Bought, registrar: Actor, rando: Actor
) -> None:
    note, quote = bought
    word = twin.registration(note, quote)
    twin.register(rando.key, (word, quote))
    assert twin.last is not None
    register = twin.deployment["AssignmentRegister"]
    assert register.call("assignmentOf", note) == (word.registered_at, twin.last.timestamp, 0)
    assert register.events(twin.last, "AssignmentRegistered") == [
        {
            "note": note,
            "registryReference": quote.registry_reference,
            "signer": registrar.address,
            "registeredAt": word.registered_at,
            "replaced": 0,
            "nonce": word.nonce,
        }
    ]


def test_a_correction_shows_what_it_replaced(twin: Twin, bought: Bought, rando: Actor) -> None:
    note, quote = bought
    first = twin.registration(note, quote)
    twin.register(rando.key, (first, quote))
    later = twin.registration(note, quote, registered_at=first.registered_at + 60)
    twin.register(rando.key, (later, quote))
    assert twin.last is not None
    (event,) = twin.deployment["AssignmentRegister"].events(twin.last, "AssignmentRegistered")
    assert (event["registeredAt"], event["replaced"]) == (later.registered_at, first.registered_at)


def test_an_older_word_undoes_no_correction(twin: Twin, bought: Bought, rando: Actor) -> None:
    note, quote = bought
    first, unused = twin.registration(note, quote), twin.registration(note, quote, registered_at=5)
    twin.register(rando.key, (first, quote))
    correction = twin.registration(note, quote, registered_at=9)
    twin.register(rando.key, (correction, quote))
    with twin.refused("RegistrationReplaced", note, 9, 0):
        twin.register(rando.key, (unused, quote))


def test_a_word_counts_once(twin: Twin, bought: Bought, other: Bought, registrar: Actor, rando: Actor) -> None:
    word = twin.registration(*bought, nonce=7)
    twin.register(rando.key, (word, bought[1]))
    with twin.refused("RegistrationUsedAlready", registrar.address, 7):
        twin.register(rando.key, (twin.registration(*other, nonce=7), other[1]))
    # a word that replaces what it says itself has its nonce against it alone
    same = twin.registration(*bought, registered_at=word.registered_at)
    twin.register(rando.key, (same, bought[1]))
    with twin.refused("RegistrationUsedAlready", registrar.address, same.nonce):
        twin.register(rando.key, (same, bought[1]))


def test_words_are_brought_together_and_all_or_nothing(twin: Twin, bought: Bought, other: Bought, rando: Actor) -> None:
    words = [(twin.registration(*each), each[1]) for each in (bought, other)]
    late = replace(words[1][0], deadline=twin.chain.now - 1)
    with twin.refused("RegistrationExpired", late.deadline):
        twin.register(rando.key, words[0], (late, other[1]))
    twin.register(rando.key, *words)
    with twin.refused("NothingToRecord"):
        twin.register(rando.key)


@pytest.mark.parametrize("moment", [0, 1])
def test_a_registration_lies_in_the_past(twin: Twin, bought: Bought, rando: Actor, moment: int) -> None:
    at = twin.chain.now + 10
    time = at + 1 if moment else 0
    with twin.refused("RegistrationTimeInvalid", bought[0], time):
        twin.register(rando.key, (twin.registration(*bought, registered_at=time), bought[1]), at=at)
    twin.register(rando.key, (twin.registration(*bought, registered_at=at + 1), bought[1]), at=at + 1)


def test_the_reference_is_the_deals(twin: Twin, bought: Bought, rando: Actor) -> None:
    note, quote = bought
    for said in (OTHER, ZERO_HASH):
        with twin.refused("ReferenceOfOtherDeal", note, said, quote.registry_reference):
            twin.register(rando.key, (twin.registration(note, quote, registry_reference=said), quote))


def test_a_deal_without_a_reference_gets_its_first(twin: Twin, core: Actor, tier1: Actor, financier: Actor) -> None:
    """Where policy asked for none, it may be registered all the same, later."""
    twin.set_policy(replace(POLICY, registry_required=False))
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    twin.accept(tier1.key, 1)
    quote = twin.quote(financier, 1, registry_reference=ZERO_HASH)
    note = twin.finance(tier1.key, Deal(quote, FACE))[0]
    with twin.refused("ReferenceOfOtherDeal", note, ZERO_HASH, ZERO_HASH):
        twin.register(financier.key, (twin.registration(note, quote), quote))
    word = twin.registration(note, quote, registry_reference=OTHER)
    third = replace(word, registry_reference=keccak(text="a third"), valid=False)
    with twin.refused("RegistrationInvalid", word.signer, ...):
        twin.register(financier.key, (third, quote), signatures=[twin.sign_registration(word)])
    twin.register(financier.key, (word, quote))


def test_the_quote_is_the_one_by_which_the_note_was_bought(
    twin: Twin, bought: Bought, other: Bought, held: int, financier: Actor, rando: Actor
) -> None:
    note, quote = bought
    never = twin.quote(financier, held, registry_reference=quote.registry_reference)
    changed = replace(quote, registry_reference=OTHER)
    for wrong in (never, changed, other[1]):
        word = twin.registration(note, quote, registry_reference=wrong.registry_reference)
        digest = twin.deployment["FinancingDesk"].call("quoteDigest", signing.quote_tuple(wrong))
        with twin.refused("QuoteOfOtherDeal", note, digest):
            twin.register(rando.key, (word, wrong))


def test_a_quote_taken_for_another_note_of_the_same_financier_is_another(
    twin: Twin, bought: Bought, core: Actor, tier1: Actor, financier: Actor, rando: Actor
) -> None:
    note, quote = bought
    receivable = twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    root = twin.model.world.ledger.receivables[receivable].root
    twin.accept(tier1.key, root)
    second = twin.quote(financier, root, registry_reference=quote.registry_reference)
    twin.finance(tier1.key, Deal(second, FACE // 2))
    with twin.refused("QuoteOfOtherDeal", note, ...):
        twin.register(rando.key, (twin.registration(note, second), second))
    twin.register(rando.key, (twin.registration(note, quote), quote))


def test_a_quote_proves_its_deal_after_it_was_cancelled(twin: Twin, bought: Bought, financier: Actor) -> None:
    note, quote = bought
    twin.cancel_quote(financier.key, quote.nonce)
    twin.register(financier.key, (twin.registration(note, quote), quote))


def test_a_quote_cancelled_before_it_was_taken_proves_nothing(twin: Twin, bought: Bought, financier: Actor) -> None:
    note, quote = bought
    never = twin.quote(financier, quote.note)
    twin.cancel_quote(financier.key, never.nonce)
    with twin.refused("QuoteOfOtherDeal", note, ...):
        twin.register(financier.key, (twin.registration(note, never), never))
    desk = twin.deployment["FinancingDesk"]
    assert [desk.call("wasTaken", signing.quote_tuple(q)) for q in (quote, never)] == [True, False]


def test_the_quote_of_the_note_it_was_sold_on_from_is_another(
    twin: Twin, bought: Bought, financier: Actor, financier2: Actor
) -> None:
    note, quote = bought
    onward = twin.quote(financier2, note, registry_reference=quote.registry_reference)
    child = twin.finance(financier.key, Deal(onward, FACE // 2))[0]
    with twin.refused("QuoteOfOtherDeal", child, ...):
        twin.register(financier2.key, (twin.registration(child, quote), quote))
    twin.register(financier2.key, (twin.registration(child, onward), onward))
    twin.register(financier2.key, (twin.registration(note, quote), quote))


def test_what_was_not_bought_is_not_registered(twin: Twin, bought: Bought, held: int, rando: Actor) -> None:
    desk, quote = twin.deployment["AssignmentRegister"], bought[1]
    for note in (held, 99):
        word = twin.registration(note, quote)
        row = (
            tuple(signing.registration_message(word).values()),
            twin.sign_registration(word),
            signing.quote_tuple(quote),
        )
        assert desk.refusal("register", [row], sender=rando.address) == ("NotBoughtNote", (note,))


@pytest.mark.parametrize("flag", [NoteFlag.REASSIGNED, NoteFlag.RETURNED])
def test_a_note_that_came_by_order_or_recourse_has_no_registration_of_its_own(
    twin: Twin, bought: Bought, tier1: Actor, financier: Actor, rando: Actor, flag: NoteFlag
) -> None:
    """Even where a quote would fit it: the seller buys a part of its own back, and gets the rest otherwise."""
    note, _ = bought
    twin.set_roles(tier1.party, int(Role.SUPPLIER | Role.FINANCIER))
    again = twin.quote(tier1, note)
    twin.mint(1, tier1.cash.address, FACE)
    twin.approve(tier1.cash, 1, "FinancingDesk", FACE)
    twin.finance(financier.key, Deal(again, FACE // 4))
    twin.comparing = False
    notes = twin.deployment["ReceivableNotes"]
    twin.deployment.administer("ReceivableNotes", "setDesk", rando.address, True)
    if flag == NoteFlag.REASSIGNED:
        notes.do(rando.key, "setMark", note, int(NoteFlag.FROZEN), True)
    notes.do(rando.key, "convey", note, tier1.party, tier1.cash.address, FACE // 4, int(flag))
    child = notes.call("noteCount")
    word, register = twin.registration(child, again), twin.deployment["AssignmentRegister"]
    row = (tuple(signing.registration_message(word).values()), twin.sign_registration(word), signing.quote_tuple(again))
    assert register.refusal("register", [row], sender=rando.address) == ("NotBoughtNote", (child,))
    assert register.refusal("notifyDebtor", [child], sender=tier1.address) == ("NotBoughtNote", (child,))


# -- who signs


def test_the_digest_is_the_wallets(twin: Twin, bought: Bought) -> None:
    word, register = twin.registration(*bought), twin.deployment["AssignmentRegister"]
    message = signing.registration_message(word)
    digest = register.call("registrationDigest", tuple(message.values()))
    assert digest == signing.digest_of(signing.typed(register, "Registration", message))


@pytest.mark.parametrize(
    "change",
    [
        {"registered_at": 77},
        {"nonce": 99_999},
        {"deadline": 2**40},
        {"note": 3},
        {"replaces": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_term_is_signed(
    twin: Twin, bought: Bought, registrar: Actor, rando: Actor, change: dict[str, object]
) -> None:
    """Each word would count, had it been signed."""
    note, quote = bought
    if "replaces" in change:
        twin.register(rando.key, (twin.registration(note, quote, registered_at=1), quote))
    word = twin.registration(note, quote)
    signature = twin.sign_registration(replace(word, replaces=0) if "replaces" in change else word)
    changed = replace(word, valid=False, **change)
    if changed.note != note:
        twin.finance(twin.actors["tier1"].key, Deal(quote, FACE // 4))
    with twin.refused("RegistrationInvalid", registrar.address, ...):
        twin.register(rando.key, (changed, quote), signatures=[signature])


@pytest.mark.parametrize("spoil", ["key", "chain", "contract", "high s", "empty"])
def test_a_spoiled_word_is_nobodys(twin: Twin, bought: Bought, registrar: Actor, rando: Actor, spoil: str) -> None:
    word = replace(twin.registration(*bought), valid=False)
    signature = {
        "key": lambda: twin.sign_registration(word, rando.key),
        "chain": lambda: twin.sign_registration(word, chainId=1),
        "contract": lambda: twin.sign_registration(word, verifyingContract=rando.address),
        "high s": lambda: signing.malleate(twin.sign_registration(word)),
        "empty": lambda: b"",
    }[spoil]()
    with twin.refused("RegistrationInvalid", registrar.address, ...):
        twin.register(rando.key, (word, bought[1]), signatures=[signature])


def test_only_an_active_registrars_account_attests(
    twin: Twin, bought: Bought, registrar: Actor, financier: Actor, rando: Actor
) -> None:
    twin.signers[rando.address] = rando.key
    for signer, refusal in (
        (financier.address, ("MissingRole", financier.party, int(Role.FINANCIER), int(Role.REGISTRAR))),
        (rando.address, ("MissingRight", rando.address, 0, 0, int(Right.ACT))),
        (registrar.cash.address, ("MissingRight", registrar.cash.address, registrar.party, 8, int(Right.ACT))),
    ):
        with twin.refused(*refusal):
            twin.register(rando.key, (twin.registration(*bought, signer=signer), bought[1]))
    zero = twin.registration(*bought, signer=ZERO_ADDRESS)
    row = (tuple(signing.registration_message(zero).values()), bytes(65), signing.quote_tuple(bought[1]))
    found = twin.deployment["AssignmentRegister"].refusal("register", [row], sender=rando.address)
    assert found == ("MissingRight", (ZERO_ADDRESS, 0, 0, int(Right.ACT)))
    twin.suspend(registrar.party)
    with twin.refused("PartyIsSuspended", registrar.party):
        twin.register(rando.key, (twin.registration(*bought), bought[1]))


# -- notice


def test_the_assignee_gives_notice(twin: Twin, bought: Bought, financier: Actor) -> None:
    twin.notify_debtor(financier.key, bought[0])
    assert twin.last is not None
    expected = {"note": bought[0], "party": financier.party, "debtorNotifiedAt": twin.last.timestamp}
    assert twin.deployment["AssignmentRegister"].events(twin.last, "DebtorNotified") == [expected]


def test_the_first_notice_counts(twin: Twin, bought: Bought, other: Bought, core: Actor, financier: Actor) -> None:
    twin.notify_debtor(core.key, bought[0], other[0])
    assert twin.last is not None
    first = twin.last.timestamp
    for caller in (core, financier):
        with twin.refused("DebtorNotifiedAlready", bought[0], first):
            twin.notify_debtor(caller.key, bought[0])
    with twin.refused("NothingToRecord"):
        twin.notify_debtor(core.key)


def test_nobody_else_gives_notice(
    twin: Twin, bought: Bought, held: int, core2: Actor, tier1: Actor, financier: Actor, financier2: Actor, rando: Actor
) -> None:
    for caller in (core2, tier1, financier2):
        with twin.refused("NotAssigneeNorDebtor", bought[0], caller.party):
            twin.notify_debtor(caller.key, bought[0])
    with twin.refused("MissingRight", rando.address, 0, 0, int(Right.ACT)):
        twin.notify_debtor(rando.key, bought[0])
    with twin.refused("NotBoughtNote", held):
        twin.notify_debtor(tier1.key, held)
    twin.suspend(financier.party)
    with twin.refused("PartyIsSuspended", financier.party):
        twin.notify_debtor(financier.key, bought[0])


# -- 民法典 第768条


def precedence(twin: Twin, first: int, second: int) -> tuple[int, int]:
    register = twin.deployment["AssignmentRegister"]
    return register.call("precedence", first, second), register.call("precedence", second, first)


def test_unregistered_and_unnoticed_share_in_proportion(twin: Twin, bought: Bought, other: Bought) -> None:
    assert precedence(twin, bought[0], other[0]) == (IN_PROPORTION, IN_PROPORTION)


def test_the_first_notice_comes_first_among_the_unregistered(
    twin: Twin, bought: Bought, other: Bought, core: Actor, financier2: Actor
) -> None:
    twin.notify_debtor(financier2.key, other[0])
    assert precedence(twin, bought[0], other[0]) == (SECOND, FIRST)
    twin.notify_debtor(core.key, bought[0])
    assert precedence(twin, bought[0], other[0]) == (SECOND, FIRST)


def test_notices_of_one_moment_share_in_proportion(twin: Twin, bought: Bought, other: Bought, core: Actor) -> None:
    twin.notify_debtor(core.key, bought[0], other[0])
    assert precedence(twin, bought[0], other[0]) == (IN_PROPORTION, IN_PROPORTION)


def test_registered_comes_before_noticed(
    twin: Twin, bought: Bought, other: Bought, financier2: Actor, rando: Actor
) -> None:
    twin.notify_debtor(financier2.key, other[0])
    twin.register(rando.key, (twin.registration(*bought), bought[1]))
    assert precedence(twin, bought[0], other[0]) == (FIRST, SECOND)


def test_the_earlier_registration_comes_before_the_later_whatever_was_recorded_or_noticed(
    twin: Twin, bought: Bought, other: Bought, financier: Actor, rando: Actor
) -> None:
    late, early = twin.chain.now - HOUR, twin.chain.now - HOUR - 1
    twin.register(rando.key, (twin.registration(*bought, registered_at=late), bought[1]))
    twin.notify_debtor(financier.key, bought[0])
    twin.register(rando.key, (twin.registration(*other, registered_at=early), other[1]))
    assert precedence(twin, bought[0], other[0]) == (SECOND, FIRST)
    twin.register(rando.key, (twin.registration(*other, registered_at=late), other[1]))
    assert precedence(twin, bought[0], other[0]) == (IN_PROPORTION, IN_PROPORTION)


def test_it_is_information_and_moves_nothing(twin: Twin, bought: Bought, core: Actor, rando: Actor) -> None:
    """Registered or not, noticed or not, a note pays and passes as ever: nothing but the register has an event."""
    twin.register(rando.key, (twin.registration(*bought), bought[1]))
    assert twin.last is not None
    register = twin.deployment["AssignmentRegister"].address.lower()
    assert {log["address"].lower() for log in twin.last.logs} == {register}
    twin.notify_debtor(core.key, bought[0])
    assert {log["address"].lower() for log in twin.last.logs} == {register}
