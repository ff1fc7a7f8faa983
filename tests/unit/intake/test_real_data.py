"""The real ledger and the official example invoices: what is taken, what is refused, which invoices are one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from api.domain.invoices import DEMO_NETWORK_KEY, Answer, Assumption, Duplicates, InvoiceItem
from api.domain.ledgers import LedgerOptions
from api.domain.party_identity import AliasTable
from api.intake.reader import Reader
from tests.unit.intake.cases import item_of, items_of, refusal_of, refusals_of


@pytest.fixture
def ledger(real_ledger: Path) -> list[Answer]:
    """Every answer about the real ledger, due dates assumed."""
    options = LedgerOptions(assumption=Assumption(30, 180, seed=1))
    return list(Reader(DEMO_NETWORK_KEY, AliasTable(), options).read_files([real_ledger]))


def test_counts_of_the_real_ledger(ledger: list[Answer]) -> None:
    items, refusals = items_of(ledger), refusals_of(ledger)
    assert Counter(refusal.rule for refusal in refusals) == {
        "document-number-missing": 6_245,
        "total-not-positive": 393,
        "several-vendors": 10,
    }
    assert len(items) == 20_597 - 10
    documents = [answer for answer in ledger if isinstance(answer, InvoiceItem) or answer.number]
    assert len(documents) == 20_990
    assert len({answer.number for answer in documents}) == 20_990
    assert sum(" " in answer.item and "," in answer.item for answer in documents) == 783
    assert len({item.seller.name for item in items} | {"first of the ten"}) > 2_800
    assert {item.currency for item in items} == {"GBP"}
    assert all(item.assumed == ("due_date",) for item in items)
    assert all(30 <= (item.due_date - item.issue_date).days <= 180 for item in items)
    assert len({item.fingerprint for item in items}) == len(items)


def test_lines_without_a_number_are_named(ledger: list[Answer]) -> None:
    missing = [refusal.item for refusal in refusals_of(ledger) if refusal.rule == "document-number-missing"]
    assert missing[:2_483] == [f"line {n}" for n in range(2, 2_485)]


def test_sums_of_the_real_ledger(ledger: list[Answer]) -> None:
    by_number = {item.number: item for item in items_of(ledger)}
    assert by_number["5107422831"].payable == 951_000
    assert by_number["5107422831"].issue_date.isoformat() == "2011-10-04"
    assert by_number["5107789349"].payable == 1_270_000_000
    refused = {refusal.number: refusal for refusal in refusals_of(ledger) if refusal.number}
    assert refused["1900000899"].params["values"] == "BARRATT DEVELOPMENTS PLC; COLT TELECOMMUNICATIONS"


def test_without_assumptions_the_real_ledger_is_refused(real_ledger: Path) -> None:
    answers = list(Reader(DEMO_NETWORK_KEY).read_files([real_ledger]))
    assert not items_of(answers)
    assert sum(refusal.rule == "due-date-missing" for refusal in refusals_of(answers)) == 20_587


def test_the_assumption_does_not_touch_fingerprints(ledger: list[Answer], real_ledger: Path) -> None:
    options = LedgerOptions(let_pass_without_due_column=True)
    bare = items_of(list(Reader(DEMO_NETWORK_KEY, AliasTable(), options).read_files([real_ledger])))
    assert [item.fingerprint for item in bare] == [item.fingerprint for item in items_of(ledger)]


EXPECTED = {
    1: ("12115118", "2015-01-09", "2015-01-09", "EUR", 25_033, 25_033),
    2: ("TOSL108", "2013-06-30", "2013-07-20", "NOK", 80_178, 80_178),
    3: ("TOSL108", "2013-04-10", "2013-05-10", "DKK", 200_500, 112_500),
    4: ("TOSL110", "2013-04-10", "2013-05-10", "DKK", 467_500, 467_500),
    5: ("TOSL110", "2013-04-10", "2013-05-10", "DKK", 233_750, 233_750),
}


@pytest.fixture
def official(real_invoices: Path) -> dict[str, InvoiceItem]:
    """The ten official invoices by file name."""
    reader = Reader(DEMO_NETWORK_KEY)
    names = [f"{syntax}-example{n}.xml" for n in EXPECTED for syntax in ("ubl", "cii")]
    return {name: item_of(list(reader.read_files([real_invoices / name]))) for name in names}


@pytest.mark.parametrize("n", EXPECTED)
def test_official_examples(official: dict[str, InvoiceItem], n: int) -> None:
    ubl, cii = official[f"ubl-example{n}.xml"], official[f"cii-example{n}.xml"]
    number, issued, due, currency, ubl_amount, cii_amount = EXPECTED[n]
    for item, amount in ((ubl, ubl_amount), (cii, cii_amount)):
        assert (item.number, str(item.issue_date), str(item.due_date)) == (number, issued, due)
        assert (item.currency, item.payable) == (currency, amount)
    assert ubl.fingerprint == cii.fingerprint
    assert ubl.file_hash != cii.file_hash


def test_official_examples_are_five_invoices(official: dict[str, InvoiceItem]) -> None:
    assert len({item.fingerprint for item in official.values()}) == 5
    assert official["ubl-example4.xml"].fingerprint != official["ubl-example5.xml"].fingerprint
    assert official["ubl-example4.xml"].seller.name == official["ubl-example5.xml"].seller.name
    duplicates = Duplicates()
    taken = [isinstance(duplicates.check(item), InvoiceItem) for item in official.values()]
    assert taken == [True, False] * 5


def test_the_official_credit_note_is_refused(real_invoices: Path) -> None:
    refusal = refusal_of(list(Reader(DEMO_NETWORK_KEY).read_files([real_invoices / "ubl-creditnote1.xml"])))
    assert (refusal.rule, refusal.item) == ("credit-note", "CreditNote")
