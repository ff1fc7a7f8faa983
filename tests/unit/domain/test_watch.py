"""Each rule of the watch: what it finds, and what looks alike and is not it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from api.domain import watch
from api.domain.watch import Born, Debt, Exposure, Invoice, Overdue, Portion, Sale, Step, Stretch, alerts

T = 1_750_000_000
DAY = 86_400


def found(**facts: Any) -> list[str]:
    return [alert.rule for alert in alerts(Stretch(100, T, **{k: tuple(v) for k, v in facts.items()}))]


def born(note: int, holder: int, *above: tuple[int, int], origin: str = "split") -> Born:
    steps = tuple(Step(n, h, "split", 100) for n, h in above)
    return Born(note, 1, holder, origin, 100, 50, T, steps)


def portion(note: int, giver: int = 2, holder: int = 3, time: int = T, face: int = 100, **more: Any) -> Portion:
    return Portion(more.get("parent", 1), giver, 1, note, holder, more.get("origin", "split"), face, 50, time)


# -- circular transfers


def test_value_that_comes_back_is_circular() -> None:
    (alert,) = alerts(Stretch(100, T, born=(born(4, 2, (1, 9), (2, 2), (3, 5)),)))
    assert (alert.rule, alert.facts["notes"], alert.parties) == ("circular_transfer", [2, 3, 4], (2, 5))


@pytest.mark.parametrize(
    "note",
    [
        born(4, 7, (1, 9), (2, 2), (3, 5)),  # a new holder
        born(4, 2, (1, 9), (2, 2), (3, 5), origin="recourse"),  # back by the rules
        born(4, 2, (1, 9), (2, 2), (3, 5), origin="order"),
        born(1, 2, origin="confirmation"),
    ],
)
def test_not_circular(note: Born) -> None:
    assert found(born=[note]) == []


# -- wash splitting


def test_one_note_split_again_and_again_to_the_same_receiver() -> None:
    portions = [portion(n, time=T + n * 3_600) for n in range(2, 6)]
    (alert,) = alerts(Stretch(100, T, born=(born(5, 3, (1, 2)),), portions=tuple(portions)))
    assert (alert.rule, alert.facts["count"], alert.facts["amount"]) == ("wash_splitting", 4, 400)


@pytest.mark.parametrize(
    "portions",
    [
        [portion(n, holder=n) for n in range(2, 6)],  # to four receivers
        [portion(n, time=T + n * 2 * DAY) for n in range(2, 6)],  # over a week
        [portion(n) for n in range(2, 5)],  # three
        [portion(n, parent=n) for n in range(2, 6)],  # of four notes
        [portion(n, origin="sale") for n in range(2, 6)],  # a quote taken in parts
    ],
)
def test_not_washing(portions: list[Portion]) -> None:
    assert found(born=[born(5, 3, (1, 2))], portions=portions) == []


def test_old_washing_is_not_told_again() -> None:
    assert found(born=[born(9, 3, (8, 2))], portions=[portion(n) for n in range(2, 6)]) == []


# -- near duplicates


def debt(receivable: int, day: int = 20_000, **more: Any) -> Debt:
    usual = {"debtor": 1, "creditor": 2, "currency": 1, "face": 500, "flags": 4, "new": True}
    facts = usual | more
    return Debt(receivable, confirmed_day=day, block=50, time=T, **facts)


def test_same_parties_same_amount_within_days() -> None:
    (alert,) = alerts(Stretch(100, T, debts=(debt(1, new=False), debt(2, 20_007))))
    assert (alert.rule, alert.key, alert.receivable) == ("near_duplicate", "twins:1:2", 2)


@pytest.mark.parametrize(
    "other",
    [
        debt(2, 20_008),  # later
        debt(2, face=501),
        debt(2, creditor=3),
        debt(2, debtor=4),
        debt(2, currency=2),
        debt(2, flags=5),  # cancelled
        debt(2, new=False),  # told when it came
    ],
)
def test_no_twins(other: Debt) -> None:
    assert found(debts=[debt(1, new=False), other]) == []


def invoice(number: str, issued: int = 700_000, **more: Any) -> Invoice:
    usual = {"id": 1, "buyer": 1, "seller": "code:A", "currency": "CNY", "payable": 9_900, "file": "a.xml"}
    facts = usual | {"file_hash": number, "fingerprint": number} | more
    return Invoice(number=number, issued=issued, **facts)


@pytest.mark.parametrize(
    ("one", "other"),
    [("INV-2025-0417A", "INV-2025-0417B"), ("INV20250417", "lNV20250417"), ("8800123456", "8800923456")],
)
def test_an_edited_number(one: str, other: str) -> None:
    (alert,) = alerts(Stretch(100, T, invoices=(invoice(one), invoice(other, id=2, receivables=(7,)))))
    assert (alert.rule, alert.receivable, alert.facts["items"]) == ("edited_number", 7, [1, 2])


@pytest.mark.parametrize(
    "other",
    [
        invoice("INV-2025-0418", id=2),  # the next of the series
        invoice("INV-2025-0499", id=2),
        invoice("PO-77312", id=2),
        invoice("INV-2025-O417", id=2, payable=9_901),
        invoice("INV-2025-O417", id=2, seller="code:B"),
        invoice("INV-2025-O417", id=2, issued=700_008),
        invoice("INV-2025-O417", id=2, currency="GBP"),
    ],
)
def test_no_edited_number(other: Invoice) -> None:
    assert found(invoices=[invoice("INV-2025-0417"), other]) == []


def test_the_same_file_under_another_name() -> None:
    one, other = invoice("A-100001", file_hash="h"), invoice("ZZ-93", id=2, file_hash="h", file="copy.xml")
    assert found(invoices=[one, other]) == ["same_file"]
    assert found(invoices=[one, replace(other, file="a.xml")]) == []
    assert found(invoices=[one, replace(other, file_hash="g")]) == []


# -- concentration


def exposure(by_debtor: dict[int, int], notes: int = 5) -> Exposure:
    return Exposure(7, 1, by_debtor, notes, 50, T)


def test_more_than_half_is_one_debtors() -> None:
    (alert,) = alerts(Stretch(100, T, exposures=(exposure({1: 51, 2: 49}),)))
    assert (alert.rule, alert.parties, alert.facts["percent"]) == ("concentration", (7, 1), 51)


@pytest.mark.parametrize(
    "one", [exposure({1: 50, 2: 50}), exposure({1: 90, 2: 10}, notes=4), exposure({1: 100}), exposure({})]
)
def test_not_concentrated(one: Exposure) -> None:
    """Half, too few notes to say, a network of one debtor, nothing."""
    assert found(exposures=[one]) == []


# -- velocity


def history(faces: list[int], today: int) -> list[Portion]:
    before = [portion(10 + i, holder=20 + i, time=T - (i + 1) * DAY, face=f, parent=i) for i, f in enumerate(faces)]
    return [*before, portion(5, time=T, face=today, parent=99)]


def test_many_times_the_usual() -> None:
    (alert,) = alerts(Stretch(100, T, born=(born(5, 3, (1, 2)),), portions=tuple(history([100, 110, 90], 501))))
    assert (alert.rule, alert.facts["amount"], alert.facts["usual"]) == ("velocity", 501, 100)


@pytest.mark.parametrize(
    ("faces", "today"),
    [([100, 110, 90], 500), ([100, 110], 5_000), ([], 5_000), ([1_000, 10, 10], 1_500)],
)
def test_not_unusual(faces: list[int], today: int) -> None:
    assert found(born=[born(5, 3, (1, 2))], portions=history(faces, today)) == []


# -- policy, rates, overdue


def test_what_policy_flags() -> None:
    assert found(debts=[debt(1, flags=4 | 8)]) == ["long_tenor"]
    assert found(debts=[debt(1, flags=16)]) == ["long_terms"]
    assert found(debts=[debt(1, flags=24)]) == ["long_tenor", "long_terms"]
    assert found(debts=[debt(1)]) == found(debts=[debt(1, flags=24, new=False)]) == []


def test_dear_financing() -> None:
    sale = Sale(5, 1, 3, 7, 1_000, 2_401, 50, T)
    assert found(sales=[sale]) == ["high_rate"]
    assert found(sales=[replace(sale, rate_bps=2_400)]) == []


def test_an_overdue_chain_tells_who_waits() -> None:
    (alert,) = alerts(Stretch(100, T, overdue=(Overdue(1, 1, 900, (2, 3, 4), 3, 50, T),)))
    assert (alert.rule, alert.facts["count"], alert.parties) == ("overdue_chain", 3, (1, 2, 3, 4))
    assert found() == []


# -- all


def test_the_same_stretch_gives_the_same_alerts_each_once() -> None:
    stretch = Stretch(100, T, debts=(debt(1), debt(2), debt(3)), sales=(Sale(5, 1, 3, 7, 1, 9_999, 50, T),))
    first = alerts(stretch)
    assert first == alerts(stretch)
    assert len({a.key for a in first}) == len(first) == 3


@pytest.mark.parametrize("rule", watch.RULES, ids=lambda rule: rule.name)
def test_rules_speak_both_languages_of_the_same_facts(rule: watch.Rule) -> None:
    places = [set(re.findall(r"\{(\w+)\}", text)) for text in rule.why]
    assert places[0] == places[1] != set()
    for zh, en in (rule.title, rule.why):
        assert any("一" <= letter <= "鿿" for letter in zh)
        assert not any("一" <= letter <= "鿿" for letter in en)


def test_every_rule_is_tried_above() -> None:
    tried = {
        *("circular_transfer", "wash_splitting", "near_duplicate", "edited_number", "same_file", "concentration"),
        *("velocity", "long_tenor", "long_terms", "high_rate", "overdue_chain"),
    }
    assert set(watch.BY_NAME) == tried
