"""Every getter of every contract, and what the model says it returns. Read in one call, compared byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from eth_abi import decode, encode
from eth_utils import keccak

from tests.contracts.deployment import Deployment
from tests.reference.assigning import precedence
from tests.reference.banks import Product, Sale
from tests.reference.financing import taken
from tests.reference.invoices import Invoice
from tests.reference.notes import Consent, ReceivableFlag
from tests.reference.parties import Party, Recovery, Standing
from tests.reference.protocol import Protocol
from tests.reference.recourse import claim as seller_owes
from tests.reference.recourse import sale_of
from tests.reference.world import Assignment, World

if TYPE_CHECKING:
    from tests.contracts.twin import Seen

ZERO = "0x" + "00" * 20
NONE = bytes(32)
# (contract, function, arguments, what it returns); an Expected error instead of a value when it reverts
Reading = tuple[str, str, tuple[Any, ...], Any]
Key = tuple[str, str, tuple[Any, ...]]
Sample = Callable[[list[Key]], list[Key]]


class Error(tuple):  # type: ignore[type-arg]
    """A revert that a getter answers with: name, types, evidence."""


def compare(
    deployment: Deployment,
    model: Protocol,
    seen: Seen,
    known: dict[Key, Any] | None = None,
    sample: Sample | None = None,
) -> dict[Key, Any]:
    """Raises AssertionError naming every getter that differs from the model; returns what was expected.

    With ``known`` (what an earlier comparison returned) it reads only what the model has changed since, and of the rest
    as many as ``sample`` picks: ganache takes 2 ms a reading.
    """
    values = {
        (contract, function, args): value for contract, function, args, value in expected(deployment, model, seen)
    }
    keys = list(values)
    if known is not None:
        changed = [key for key in keys if key not in known or known[key] != values[key]]
        keys = changed + (sample(keys) if sample else [])
    reader = deployment["Reader"]
    calls = [(deployment[key[0]].address, _call_data(deployment, *key)) for key in keys]
    asked = reader.interface.functions["read"].selector + _encoded_reads(calls)
    answers = _decoded_answers(deployment.chain.call(reader.address, asked))
    wrong = [
        f"{key[0]}.{key[1]}{key[2]} is {_shown(deployment, *key[:2], answer)}, the model says {values[key]}"
        for key, answer in zip(keys, answers, strict=True)
        if answer != _encoded(deployment, *key[:2], values[key])
    ]
    assert not wrong, "\n".join(wrong)
    return values


def _call_data(deployment: Deployment, contract: str, function: str, args: tuple[Any, ...]) -> bytes:
    entry = deployment[contract].interface.functions[function]
    return _cached(entry.selector, entry.inputs, args)


@lru_cache(maxsize=200_000)
def _cached(selector: bytes, types: tuple[str, ...], args: tuple[Any, ...]) -> bytes:
    return selector + encode(types, args)


# Hundreds of readings after every act: eth_abi took half of all the contract tests' time over their envelope and over
# what it had encoded before.


def _encoded_reads(calls: list[tuple[str, bytes]]) -> bytes:
    """`(address,bytes)[]`, as the Reader takes it."""
    heads, tails, offset = [], [], 32 * len(calls)
    for address, data in calls:
        tail = _word(int(address, 16)) + _word(64) + _word(len(data)) + data + bytes(-len(data) % 32)
        heads.append(_word(offset))
        tails.append(tail)
        offset += len(tail)
    return b"".join((_word(32), _word(len(calls)), *heads, *tails))


def _decoded_answers(data: bytes) -> list[bytes]:
    """`bytes[]`, as the Reader gives it."""

    def number(at: int) -> int:
        return int.from_bytes(data[at : at + 32])

    first = number(0) + 32
    starts = [first + number(first + 32 * n) for n in range(number(first - 32))]
    return [data[start + 32 : start + 32 + number(start)] for start in starts]


def _word(number: int) -> bytes:
    return number.to_bytes(32)


def _encoded(deployment: Deployment, contract: str, function: str, value: Any) -> bytes:
    if isinstance(value, Error):
        name, types, evidence = value
        return _cached(keccak(text=f"{name}({','.join(types)})")[:4], types, evidence)
    outputs = deployment[contract].interface.functions[function].outputs
    return _cached(b"", outputs, (value,) if len(outputs) == 1 else tuple(value))


def _shown(deployment: Deployment, contract: str, function: str, answer: bytes) -> Any:
    try:
        return decode(deployment[contract].interface.functions[function].outputs, answer)
    except Exception:
        return deployment.errors.decode(answer)


def expected(deployment: Deployment, model: Protocol, seen: Seen) -> Iterator[Reading]:
    """All readings, with the model's answers."""
    world = model.world
    yield from _registry(world, seen)
    yield from _credit(deployment, world, seen)
    yield from _books(world, seen, model.today)
    yield from _notes(world, model.today)
    yield from _desks(world, seen)
    yield from _orders(world)
    yield from _pledges(world, seen, model.today)
    yield from _banks(deployment, world)
    yield from _recourse(world, model.today)
    yield from _assignments(world, seen)
    yield from _cash(deployment, world, seen)


def _registry(world: World, seen: Seen) -> Iterator[Reading]:
    name, registry = "ParticipantRegistry", world.registry
    yield name, "partyCount", (), len(registry.parties)
    nobody = Party(ZERO, 0, Standing.NONE, 0)
    for party_id in range(len(registry.parties) + 2):
        party = registry.parties.get(party_id, nobody)
        facts = (party.settlement, party.roles, int(party.standing), party.identity_expiry, party.epoch)
        yield name, "party", (party_id,), facts
        recovery = registry.recoveries.get(party_id)
        yield name, "recovery", (party_id,), _recovery(recovery) if recovery else (ZERO, 0, NONE, NONE)
        change = registry.settlement_changes.get(party_id)
        told = (change.account, change.ready_at, change.evidence) if change else (ZERO, 0, NONE)
        yield name, "settlementChange", (party_id,), told
    for address in seen.accounts:
        account = registry.account(address)
        yield name, "account", (address,), (account.party, account.rights)
        yield name, "nonces", (address,), account.nonce
    for code in seen.codes:
        yield name, "partyOfCreditCode", (code,), registry.codes.get(code, 0)


def _recovery(pending: Recovery) -> tuple[Any, ...]:
    words = b"".join(bytes(12) + bytes.fromhex(address[2:]) for address in pending.removed)
    return pending.account, pending.ready_at, pending.evidence, keccak(words)


def _credit(deployment: Deployment, world: World, seen: Seen) -> Iterator[Reading]:
    name, credit = "CreditRegister", world.credit
    for debtor, token in credit.lines:
        line = credit.line(debtor, token)
        yield name, "line", (debtor, token), (line.limit, line.used)
    for debtor in world.registry.parties:
        yield name, "overdueCount", (debtor,), credit.overdue.get(debtor, 0)
    for mark in seen.invoices | {claim.fingerprint for claim in seen.claims}:
        invoice = world.invoices.known.get(mark, Invoice())
        yield name, "invoice", (mark,), (invoice.amount, invoice.used)
    for claim in seen.claims:
        held = world.invoices.known.get(claim.fingerprint, Invoice()).claims
        key = (claim.fingerprint, claim.notes, claim.receivable)
        yield name, "claimOf", key, held.get((claim.notes, claim.receivable), 0)
    counted = world.invoices.credit_notes()
    for mark in seen.credit_notes:
        yield name, "creditNote", (mark,), counted.get(mark, 0)
    for word in seen.attestations:
        yield name, "isAttestationNonceUsed", word, word in world.attestations


def _books(world: World, seen: Seen, today: int) -> Iterator[Reading]:
    name, ledger = "ReceivableNotes", world.ledger
    yield name, "isPaused", (), world.paused
    yield name, "today", (), today
    yield name, "noteCount", (), len(ledger.notes)
    yield name, "receivableCount", (), len(ledger.receivables)
    for number, token in enumerate([*world.currencies, ZERO], start=1):
        yield name, "currencyToken", (number,), token
    for key in seen.consents:
        consent = ledger.consents.get(key, Consent())
        yield name, "consent", key, (consent.amount, consent.latest_due_day, consent.expiry_day)
    for receivable_id, r in ledger.receivables.items():
        terms = r.policy
        facts = (
            *(r.debtor, r.face, r.outstanding, r.due_day, r.currency, r.root),
            *(terms.tier_limit, terms.grace_days, terms.overdue_rate_bps, terms.offer_lifetime_days),
            *(terms.min_child_value, r.delivery_day, r.confirmed_day, r.flags, r.round),
        )
        yield name, "receivable", (receivable_id,), facts
        yield name, "receivableStatus", (receivable_id,), int(ledger.receivable_status(receivable_id))
        yield name, "isCancelled", (receivable_id,), bool(r.flags & ReceivableFlag.CANCELLED)
        yield name, "tenderedValue", (receivable_id,), ledger.tendered(receivable_id)
        if receivable_id in world.rounds:
            round_ = world.rounds[receivable_id]
            place = (round_.total, round_.base, round_.counted, round_.last_day)
            yield "RepaymentDesk", "round", (receivable_id,), place
    beyond = len(ledger.receivables) + 1
    yield name, "receivable", (beyond,), (0,) * 15
    yield name, "receivableStatus", (beyond,), 0


def _notes(world: World, today: int) -> Iterator[Reading]:
    name, ledger = "ReceivableNotes", world.ledger
    for note_id, note in ledger.notes.items():
        facts = (
            note.value,
            note.parent,
            note.receivable,
            note.holder,
            note.tier,
            int(note.flags),
            note.lapse_day,
            note.round,
        )
        status = int(ledger.status(note_id, today))
        due = ledger.due(note_id, today)
        yield name, "note", (note_id,), facts
        yield name, "noteStatus", (note_id,), status
        not_due = Error(("NotDue", ("uint40", "uint8"), (note_id, status)))
        yield (
            name,
            "due",
            (note_id,),
            not_due
            if due is None
            else (
                due.payee,
                due.principal,
                due.interest,
                due.flags,
            ),
        )
        yield name, "pledgedValue", (note_id,), note.pledged
        yield name, "tenderDay", (note_id,), note.tender_day
        yield name, "ownerOf", (note_id,), world.registry.parties[note.holder].settlement
        yield name, "balanceOf", (note_id,), note.value
        yield name, "slotOf", (note_id,), note.receivable
    beyond = len(ledger.notes) + 1
    unknown = Error(("UnknownNote", ("uint40",), (beyond,)))
    yield name, "note", (beyond,), (0,) * 8
    yield name, "noteStatus", (beyond,), 0
    for getter in ("due", "ownerOf", "balanceOf", "slotOf"):
        yield name, getter, (beyond,), unknown


def _desks(world: World, seen: Seen) -> Iterator[Reading]:
    policy = world.policy
    terms = tuple(getattr(policy, field) for field in policy.__dataclass_fields__)
    yield "IssuanceDesk", "policy", (), (world.policy_number, terms)
    yield "IssuanceDesk", "currencyCount", (), len(world.currencies)
    for number, token in enumerate(world.currencies, start=1):
        yield "IssuanceDesk", "currencyOf", (token,), number
    for financier, nonce in seen.quotes:
        yield "FinancingDesk", "taken", (financier, nonce), taken(world, financier, nonce)


def _orders(world: World) -> Iterator[Reading]:
    name = "OrderDesk"
    yield name, "reassignmentCount", (), world.reassignment_count
    for reassignment in range(world.reassignment_count + 2):
        order = world.reassignments.get(reassignment)
        facts = (order.note, order.to, order.amount, order.arbiter, order.freeze, order.ready_at) if order else (0,) * 6
        yield name, "reassignment", (reassignment,), facts
    for note in world.ledger.notes:
        yield name, "freezeCount", (note,), world.freezes.get(note, 0)


def _pledges(world: World, seen: Seen, today: int) -> Iterator[Reading]:
    name = "PledgeDesk"
    for note in range(1, len(world.ledger.notes) + 2):
        loan = world.loans.get(note)
        yield name, "loan", (note,), loan.facts() if loan else (0,) * 6
        yield name, "claim", (note,), loan.claim(today) if loan else 0
    for quote in seen.loan_quotes:
        yield name, "isQuoteUsed", quote, quote in world.loan_quotes


def _banks(deployment: Deployment, world: World) -> Iterator[Reading]:
    banks, nothing = world.banks, Sale(0, 0, 0, 0, 0, False, 0, bytes(32), 0)
    desks = {Product.SALE: "BankSaleDesk", Product.REPAYMENT: "BankRepaymentDesk"}
    for digest, r in banks.reservations.items():
        product = deployment[desks[r.product]].address
        yield "BankDesk", "reservation", (digest,), (product, r.bank, r.day, r.last_day, r.declined)
        yield "BankSaleDesk", "sale", (digest,), astuple(banks.sales.get(digest, nothing))
    for (digest, note), principal in banks.reserved.items():
        yield "BankRepaymentDesk", "reservedPrincipal", (digest, note), principal
    for receivable, bank in banks.rounds.items():
        yield "BankRepaymentDesk", "roundBank", (receivable,), bank
    for note in world.ledger.notes:
        yield "BankRepaymentDesk", "restsUntil", (note,), banks.rests.get(note, 0)
    for key, (outcome, digest) in banks.records.items():
        yield "BankDesk", "record", key, (int(outcome), digest[:31])


def _recourse(world: World, today: int) -> Iterator[Reading]:
    for note_id in world.ledger.notes:
        sale, origin = sale_of(world, note_id)
        terms = (sale.seller, sale.amount, sale.price, sale.rate_bps, sale.day) if sale else (0,) * 5
        yield "FinancingDesk", "saleOf", (note_id,), (terms, origin)
        yield "RecourseDesk", "demandDay", (note_id,), world.demands.get(note_id, 0)
        owed: Any = Error(("SoldWithoutRecourse", ("uint40",), (note_id,)))
        if sale:
            status = int(world.ledger.status(note_id, today))
            owed = Error(("NotDue", ("uint40", "uint8"), (note_id, status)))
            if world.ledger.due(note_id, today):
                owed = seller_owes(world, note_id, today)
        yield "RecourseDesk", "claim", (note_id,), owed


def _assignments(world: World, seen: Seen) -> Iterator[Reading]:
    name, notes = "AssignmentRegister", [*world.assignments, len(world.ledger.notes) + 1]
    for note_id in notes:
        row = world.assignments.get(note_id, Assignment())
        yield name, "assignmentOf", (note_id,), (row.registered_at, row.recorded_at, row.debtor_notified_at)
    for first, second in zip(notes, notes[1:] + notes[:1], strict=True):
        yield name, "precedence", (first, second), precedence(world, first, second)
        yield name, "precedence", (second, first), precedence(world, second, first)
    for word in seen.registrations:
        yield name, "isRegistrationNonceUsed", word, word in world.registrations


def _cash(deployment: Deployment, world: World, seen: Seen) -> Iterator[Reading]:
    for name in ("DepositToken", "SecondToken"):
        token = world.tokens.get(deployment[name].address)
        if token is None:
            continue
        for address in seen.accounts:
            yield name, "balanceOf", (address,), token.balances[address]
            yield name, "nonces", (address,), token.permits[address]
        for (owner, spender), allowed in token.allowances.items():
            yield name, "allowance", (owner, spender), allowed
        for (where, payer, nonce), deal in seen.authorizations.items():
            if where == deployment[name].address:
                yield name, "authorizationState", (payer, nonce), (payer, deal) in token.spent
        for contract in deployment.contracts.values():
            yield name, "balanceOf", (contract.address,), 0
