"""The invariants, read from the chain alone: getters and events, not the model. docs/invariants.md lists them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, TENOR
from tests.contracts.story import story
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import MAX_UINT96, overdue_down
from tests.reference.financing import Deal, price_down
from tests.reference.invoices import CreditNote, InvoiceClaim
from tests.reference.notes import NoteFlag, ReceivableFlag
from tests.reference.passing import Portion

# (value, parent, receivable, holder, tier, flags, lapse day)
VALUE, PARENT, RECEIVABLE, HOLDER, TIER, FLAGS = range(6)


def notes_of(twin: Twin) -> dict[int, tuple[Any, ...]]:
    contract = twin.deployment["ReceivableNotes"]
    return {note: contract.call("note", note) for note in range(1, contract.call("noteCount") + 1)}


def receivables_of(twin: Twin) -> dict[int, tuple[Any, ...]]:
    contract = twin.deployment["ReceivableNotes"]
    return {
        receivable: contract.call("receivable", receivable)
        for receivable in range(1, contract.call("receivableCount") + 1)
    }


class Flows:
    """What left the trees, by receivable, as the events tell it."""

    def __init__(self) -> None:
        self.gone: Counter[int] = Counter()
        self.paid: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    def take(self, twin: Twin) -> None:
        """Adds the events of the last transaction."""
        assert twin.last is not None
        contract = twin.deployment["ReceivableNotes"]
        for event in contract.events(twin.last, "NoteRepaid"):
            self.gone[event["receivable"]] += event["principal"]
            self.paid[event["note"]].append((event["principal"], event["interest"]))
        for event in contract.events(twin.last, "ValueExtinguished"):
            self.gone[event["receivable"]] += event["value"]
        for event in contract.events(twin.last, "ReceivableCancelled"):
            self.gone[event["receivable"]] += event["value"]


def test_i_01_conservation(twin: Twin) -> None:
    flows = Flows()
    for act in story(twin):
        flows.take(twin)
        live: Counter[int] = Counter()
        for note in notes_of(twin).values():
            live[note[RECEIVABLE]] += note[VALUE]
        for receivable, facts in receivables_of(twin).items():
            face, outstanding = facts[1], facts[2]
            assert live[receivable] == outstanding, act
            assert face == live[receivable] + flows.gone[receivable], act


def test_i_02_no_custody(twin: Twin, core: Actor) -> None:
    # stray tokens change nothing
    stray = {name: 11 + i for i, name in enumerate(("ReceivableNotes", "FinancingDesk", "RepaymentDesk"))}
    token = twin.deployment["DepositToken"]
    for name, amount in stray.items():
        token.do(core.cash, "transfer", twin.deployment[name].address, amount)
    twin.comparing = False
    for act in story(twin):
        for name, contract in twin.deployment.contracts.items():
            for currency in ("DepositToken", "SecondToken"):
                held = twin.deployment[currency].call("balanceOf", contract.address)
                assert held == (stray.get(name, 0) if currency == "DepositToken" else 0), act


def test_i_03_lineage(twin: Twin) -> None:
    for act in story(twin):
        notes, receivables = notes_of(twin), receivables_of(twin)
        for note_id, note in notes.items():
            path, at = [note_id], note
            while at[PARENT]:
                assert at[PARENT] < path[-1], act
                path.append(at[PARENT])
                at = notes[at[PARENT]]
            assert receivables[note[RECEIVABLE]][5] == path[-1], "every note reaches its root"
            assert {notes[step][RECEIVABLE] for step in path} == {note[RECEIVABLE]}
            aside = NoteFlag.FINANCED | NoteFlag.REASSIGNED | NoteFlag.RETURNED
            hops = sum(not notes[step][FLAGS] & aside for step in path)
            assert note[TIER] == hops <= receivables[note[RECEIVABLE]][6]
    assert max(note[TIER] for note in notes_of(twin).values()) == 4


def test_i_04_holder_for_life(twin: Twin) -> None:
    born: dict[int, tuple[Any, ...]] = {}
    for act in story(twin):
        for note_id, note in notes_of(twin).items():
            fixed = (note[PARENT], note[RECEIVABLE], note[HOLDER], note[TIER])
            assert born.setdefault(note_id, fixed) == fixed, act


def test_i_05_credit_line(twin: Twin) -> None:
    register, notes = twin.deployment["CreditRegister"], twin.deployment["ReceivableNotes"]
    for act in story(twin):
        owed: Counter[tuple[int, int]] = Counter()
        for facts in receivables_of(twin).values():
            owed[facts[0], facts[4]] += facts[2]
        for (debtor, currency), outstanding in owed.items():
            limit, used = register.call("line", debtor, notes.call("currencyToken", currency))
            assert used == outstanding, act
            assert used <= limit, act


def backed_by(twin: Twin, mark: bytes) -> list[int]:
    """What each receivable that is not cancelled holds of an invoice."""
    register, notes = twin.deployment["CreditRegister"], twin.deployment["ReceivableNotes"]
    live = [number for number, facts in receivables_of(twin).items() if not facts[13] & ReceivableFlag.CANCELLED]
    parts = [register.call("claimOf", mark, notes.address, number) for number in live]
    return [part for part in parts if part]


def cancel(twin: Twin, receivable: int) -> None:
    """The first creditor refuses, and anyone releases."""
    root = twin.deployment["ReceivableNotes"].call("receivable", receivable)[5]
    twin.refuse(twin.actors["tier1"].key, root)
    twin.release(key_of("rando"), twin.claims_of(receivable))


def test_i_06_one_claim(twin: Twin, core: Actor, core2: Actor, tier1: Actor) -> None:
    """An invoice taken whole backs nothing else, whoever asks, until its receivable is cancelled and the claim released."""
    item = twin.item(tier1.party, FACE, TENOR)
    mark, notes = item.invoices[0].fingerprint, twin.deployment["ReceivableNotes"]
    for debtor in (core, core2, core):
        receivable = twin.confirm(debtor.key, [item])
        assert backed_by(twin, mark) == [FACE]
        with twin.refused("OverInvoice", mark, FACE, 0):
            twin.confirm(debtor.key, [item])
        twin.refuse(tier1.key, notes.call("receivable", receivable)[5])
        with twin.refused("OverInvoice", mark, FACE, 0):
            twin.confirm(debtor.key, [item])
        twin.release(key_of("rando"), twin.claims_of(receivable))
        assert backed_by(twin, mark) == []
    twin.confirm(core.key, [item])
    assert backed_by(twin, mark) == [FACE]


def test_i_06_one_claim_of_each_unit(twin: Twin, core: Actor, core2: Actor, tier1: Actor) -> None:
    """One invoice behind receivables of two debtors, through refusals, releases and credit notes: what backs them stays
    within its amount less what is credited. A credit note that comes too late takes that bound below what is claimed
    already, and what is released then makes it good before anything can be claimed."""
    amount, mark, register = 1_000, keccak(text="shared"), twin.deployment["CreditRegister"]
    held: list[int] = []
    credited = over = 0
    acts = [
        *(("core", 400), ("core2", 350), ("cancel", 0), ("core2", 600), ("credit", 30), ("core", 20)),
        *(("credit", 200), ("cancel", 2), ("cancel", 0), ("core", 170), ("credit", 599)),
        *(("cancel", 1), ("cancel", 0), ("core2", 171), ("credit", 1)),
    ]

    def confirm(debtor: Actor, part: int) -> int:
        return twin.confirm(
            debtor.key, [twin.item(tier1.party, part, TENOR, invoices=(InvoiceClaim(mark, amount, part),))]
        )

    for act, number in acts:
        left = max(0, amount - credited - sum(backed_by(twin, mark)))
        with twin.refused("OverInvoice", mark, left + 1, left):
            confirm(core, left + 1)
        if act == "credit":
            twin.credit(key_of("rando"), [CreditNote(mark, keccak(text=f"after {credited}"), number)])
            credited += number
        elif act == "cancel":
            cancel(twin, held.pop(number))
        else:
            held.append(confirm(twin.actors[act], number))
        backed = sum(backed_by(twin, mark))
        assert register.call("invoice", mark) == (amount, backed + credited), act
        before, over = over, max(0, backed + credited - amount)
        assert over <= before or act == "credit"
        assert backed <= amount
    assert (credited, over) == (830, 1), "both sides of the bound were seen"


@pytest.mark.parametrize("amount", [FACE, FACE - 100, 100, 12_345])
@pytest.mark.parametrize("rate", [0, 1, 599, 3_600])
def test_i_07_delivery_against_payment(
    twin: Twin, held: int, tier1: Actor, financier: Actor, amount: int, rate: int
) -> None:
    token, notes = twin.deployment["DepositToken"], twin.deployment["ReceivableNotes"]

    def legs() -> tuple[int, ...]:
        return (
            token.call("balanceOf", tier1.cash.address),
            token.call("balanceOf", financier.cash.address),
            notes.call("note", held)[VALUE],
        )

    before = legs()
    quote = twin.quote(financier, held, rate_bps=rate)
    price = price_down(amount, rate, twin.today, notes.call("receivable", 1)[3])
    with twin.refused("PriceTooLow", price, price + 1):
        twin.finance(tier1.key, Deal(quote, amount, min_price=price + 1))
    assert legs() == before, "or nothing"
    child = twin.finance(tier1.key, Deal(quote, amount, min_price=price))[0]
    assert legs() == (before[0] + price, before[1] - price, before[2] - amount)
    assert notes.call("note", child)[VALUE] == amount
    exact = amount * rate * TENOR
    assert 0 <= price * 3_600_000 - (amount * 3_600_000 - exact) + 3_600_000 <= 3_600_000, "within one minor unit"


def test_i_08_quotes_never_more_than_offered(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    desk = twin.deployment["FinancingDesk"]
    quote, sold = twin.quote(financier, held, max_amount=1_000), 0
    for amount in (300, 701, 699, 300, 100, 600, 1, 1_000):
        try:
            twin.finance(tier1.key, Deal(quote, amount))
        except Exception as refusal:
            assert refusal.names <= {"QuoteUsedUp", "BelowMinimum", "PriceTooLow"}  # type: ignore[attr-defined]
        else:
            sold += amount
        assert desk.call("taken", financier.party, quote.nonce) == sold <= 1_000
    assert sold == 999
    twin.cancel_quote(financier.key, quote.nonce)
    assert desk.call("taken", financier.party, quote.nonce) == MAX_UINT96


def test_i_09_repayment_once_to_whom_it_is_due(twin: Twin) -> None:
    """Σ paid = Σ received, per payee; and every unit of principal that was paid was once confirmed, and paid once."""
    token = twin.deployment["DepositToken"]
    desk, notes = twin.deployment["RepaymentDesk"], twin.deployment["ReceivableNotes"]
    pledges, registry = twin.deployment["PledgeDesk"], twin.deployment["ParticipantRegistry"]
    flows, lenders = Flows(), 0
    for act in story(twin):
        flows.take(twin)
        assert twin.last is not None
        paid = desk.events(twin.last, "Paid")
        repaid = notes.events(twin.last, "NoteRepaid")
        assert {leg["note"] for leg in paid} == {entry["note"] for entry in repaid}, act
        claims = {claim["note"]: claim for claim in pledges.events(twin.last, "ClaimPaid")}
        for entry in repaid:
            legs = [leg for leg in paid if leg["note"] == entry["note"]]
            assert sum(leg["amount"] for leg in legs) == entry["principal"] + entry["interest"], act
            assert entry["payee"] == notes.call("note", entry["note"])[HOLDER], "no offer was open"
            if entry["note"] in claims:
                claim, first = claims[entry["note"]], legs.pop(0)
                assert first["amount"] == claim["amount"], act
                assert first["payee"] == registry.call("settlementAccountOf", claim["lender"]), act
                lenders += 1
            assert {leg["payee"] for leg in legs} <= {notes.call("ownerOf", entry["note"])}, act
            assert len(legs) <= 1, act
        if paid:
            received: Counter[str] = Counter()
            for log in twin.last.logs:
                event = token.interface.event(log)
                if event and event[0] == "Transfer" and "value" in event[1]:
                    received[event[1]["to"]] += event[1]["value"]
            owed: Counter[str] = Counter()
            for leg in paid:
                owed[leg["payee"]] += leg["amount"]
            assert received == owed, act
    assert lenders == 2
    for receivable, facts in receivables_of(twin).items():
        assert flows.gone[receivable] == facts[1], "all is paid, extinguished or cancelled, and no more"


def test_i_09_repayment_interest_is_per_unit_and_day(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor
) -> None:
    """Splitting never pays: the interest of the parts is at most that of the whole, and within a unit each."""
    twin.split(tier1.key, (held, [Portion(tier2.party, 333), Portion(tier2.party, 334)]))
    twin.accept(tier2.key, 2, 3)
    rate = twin.deployment["ReceivableNotes"].call("receivable", 1)[8]
    twin.move_to(twin.chain.now + (TENOR + 7) * 86_400)
    total = twin.repay(core.key, 1, 2, 3, payer=core.cash.address)
    whole = overdue_down(FACE, rate, 7)
    assert FACE + whole - 3 < total <= FACE + whole


def test_i_13_liveness_whatever_others_do(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, tier3: Actor, rando: Actor
) -> None:
    """Offers left open, parties suspended and expired, the protocol paused, notes split on: the holder is paid."""
    twin.split(tier1.key, (held, [Portion(tier2.party, 50_000), Portion(tier3.party, 10_000)]))
    twin.accept(tier2.key, 2)
    twin.split(tier2.key, (2, [Portion(tier3.party, 100 + i) for i in range(12)]))
    for actor in (core, tier1, tier2, tier3):
        twin.suspend(actor.party)
    twin.set_paused(True)
    twin.move_to(twin.chain.now + 2_000 * 86_400)
    twin.lapse(rando.key, *range(3, 16, 2))
    live = [note for note, facts in notes_of(twin).items() if facts[VALUE]]
    twin.repay(core.key, *live, payer=core.cash.address)
    assert twin.deployment["ReceivableNotes"].call("receivable", 1)[2] == 0


def test_i_13_liveness_gas_depends_on_the_act_alone(twin: Twin, core: Actor, tier1: Actor, tier2: Actor) -> None:
    """The same acts cost the same after two hundred others (craft.md, trap 10: no loop over holders)."""
    twin.comparing = False

    def cost(root: int) -> list[int]:
        spent = []
        twin.split(tier1.key, (root, [Portion(tier2.party, 500)]))
        assert twin.last is not None
        spent.append(twin.last.gas_used)
        note = twin.deployment["ReceivableNotes"].call("noteCount")
        twin.accept(tier2.key, note)
        spent.append(twin.last.gas_used)
        twin.repay(core.key, note, payer=core.cash.address)
        spent.append(twin.last.gas_used)
        return spent

    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR), twin.item(tier1.party, FACE, TENOR)])
    twin.accept(tier1.key, 1, 2)
    cost(2)  # so that the payee's balance is not its first
    first = cost(1)
    for _ in range(4):
        twin.split(tier1.key, (1, [Portion(tier2.party, 100) for _ in range(50)]))
    later = cost(1)
    assert all(abs(after - before) < 500 for before, after in zip(first, later, strict=True)), (first, later)


def test_i_16_independence(twin: Twin) -> None:
    """What an act tells of is all that changes: notes and debts of which no event speaks stay as they were."""
    contract = twin.deployment["ReceivableNotes"]
    notes, receivables = notes_of(twin), receivables_of(twin)
    for act in story(twin):
        assert twin.last is not None
        own = [log for log in twin.last.logs if log["address"].lower() == contract.address.lower()]
        decoded = [contract.interface.event(log) for log in own]
        told = [event[1] for event in decoded if event is not None]
        after = notes_of(twin)
        spoken = {event["receivable"] for event in told if "receivable" in event}
        spoken |= {after[event["note"]][RECEIVABLE] for event in told if event.get("note") in after}
        assert len(spoken) <= 3, act
        for note, facts in notes.items():
            assert after[note] == facts or facts[RECEIVABLE] in spoken, act
        now = receivables_of(twin)
        assert all(now[number] == facts or number in spoken for number, facts in receivables.items()), act
        notes, receivables = after, now


# -- traps of public projects (craft.md) that no test above names


def test_nobody_moves_a_note_by_a_token_standard(twin: Twin, held: int) -> None:
    """No transferFrom, approve or setStatus exists to be called (traps 1, 4)."""
    functions = twin.deployment["ReceivableNotes"].interface.functions
    writing = {name for name, function in functions.items() if function.writes}
    assert not {name for name in writing if "transfer" in name.lower() or "approv" in name.lower()}
    assert not {name for name in writing if "status" in name.lower()}


def test_every_event_can_be_read_back(twin: Twin, artifacts: dict[str, Any]) -> None:
    """No indexed string or bytes, and one name, one meaning (trap 3)."""
    from tests.contracts.constants import PRODUCT

    for name in PRODUCT:
        events = [entry for entry in artifacts[name]["abi"] if entry["type"] == "event"]
        assert len(events) == len({entry["name"] for entry in events}), name
        for entry in events:
            for parameter in entry["inputs"]:
                assert not (parameter["indexed"] and parameter["type"] in ("string", "bytes")), entry["name"]
