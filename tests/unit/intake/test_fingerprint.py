"""The fingerprint: known answers, what it hangs on and what it does not."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.invoices import (
    DEMO_NETWORK_KEY,
    Assumption,
    Duplicates,
    InvoiceItem,
    Refusal,
    fingerprint,
    fingerprint_preimage,
    fold_number,
    salted_hash,
    shift_dates,
)
from api.domain.party_identity import AliasTable
from api.intake.reader import Reader
from tests.unit.intake.cases import CII, HEADER, UBL, item_of, swap

KEY = bytes(range(32))
DAY = date(2015, 1, 9)
SELLER = "vat:NL820098395B01"


@pytest.mark.parametrize(
    ("seller", "number", "day", "expected"),
    [
        (SELLER, "12115118", DAY, "0xe1e7ec28a2203bf65b21d3f27196fb15cf3e4ae3cc19972b5ab7838e9ff38692"),
        (
            "name:江澜座椅系统有限公司",
            "JL-2506-0012",
            date(2025, 6, 13),
            "0xe15c685a9769e09da6b45d7172c915f85d5d50a05c829f8bd8491b36addfab51",
        ),
        (
            "id:0106:57151520",
            "018304 / 28865",
            date(2019, 9, 23),
            "0x7902d7de88df756fb5de4b0398be93b6f0e40f0c42a4aef30f149860238a2e46",
        ),
    ],
)
def test_known_answers(seller: str, number: str, day: date, expected: str) -> None:
    """Recorded once: a change here is a change of every fingerprint on every chain."""
    assert fingerprint(KEY, seller, number, day) == expected


def test_preimage_is_spelled_out() -> None:
    """The encoding in docs/intake.md, written out by hand."""
    spelled = (
        b"\x00\x00\x00\x1e" + b"cascade/invoice-fingerprint/v1"
        b"\x00\x00\x00\x12" + b"vat:NL820098395B01"
        b"\x00\x00\x00\x04" + b"ab-1"
        b"\x00\x00\x00\x0a" + b"2015-01-09"
    )
    assert fingerprint_preimage(SELLER, "AB-1", DAY) == spelled
    assert fingerprint(KEY, SELLER, "AB-1", DAY) == "0x" + hmac.new(KEY, spelled, hashlib.sha256).hexdigest()


@given(st.text(), st.text(), st.dates(), st.text(), st.text(), st.dates())
def test_preimage_is_injective(s1: str, n1: str, d1: date, s2: str, n2: str, d2: date) -> None:
    same = (s1, fold_number(n1), d1) == (s2, fold_number(n2), d2)
    try:
        assert (fingerprint_preimage(s1, n1, d1) == fingerprint_preimage(s2, n2, d2)) is same
    except UnicodeEncodeError:
        assert any("\ud800" <= c <= "\udfff" for c in s1 + n1 + s2 + n2)


def test_fields_cannot_run_into_each_other() -> None:
    assert fingerprint(KEY, "name:ab", "c1", DAY) != fingerprint(KEY, "name:abc", "1", DAY)


def test_hangs_on_key_seller_number_and_date() -> None:
    base = fingerprint(KEY, SELLER, "A-1", DAY)
    others = {
        fingerprint(bytes(32), SELLER, "A-1", DAY),
        fingerprint(KEY, SELLER + "X", "A-1", DAY),
        fingerprint(KEY, SELLER, "A-2", DAY),
        fingerprint(KEY, SELLER, "A-1", DAY + timedelta(days=1)),
    }
    assert base not in others
    assert len(others) == 4


@pytest.mark.parametrize(
    "variant",
    ["ab-0012", " AB-0012 ", "AB - 0012", "ＡＢ－００１２", "AB–0012", "AB−0012", "AB\u200b-00\u00ad12", "Ab-0012\t"],
)
def test_number_variants_are_one_number(variant: str) -> None:
    assert fold_number(variant) == fold_number("AB-0012") == "ab-0012"


@pytest.mark.parametrize(
    ("one", "other"), [("1/21", "12/1"), ("A1", "A01"), ("A-1", "A1"), ("100", "1000"), ("0", "1")]
)
def test_different_numbers_stay_different(one: str, other: str) -> None:
    assert fold_number(one) != fold_number(other)


def test_leading_zeros_of_digits_fall_away() -> None:
    assert fold_number("00123") == fold_number("０0123") == "123"
    assert fold_number("000") == "0"


@given(st.text())
def test_number_folding_is_idempotent(number: str) -> None:
    assert fold_number(fold_number(number)) == fold_number(number)


@given(
    amount=st.integers(1, 10**12),
    currency=st.sampled_from(["EUR", "CNY", "GBP"]),
    due=st.dates(date(2025, 3, 2), date(2030, 1, 1)),
)
def test_independent_of_amount_currency_due_date_file_and_format(amount: int, currency: str, due: date) -> None:
    aliases = AliasTable.of([["vat:NL820098395B01", "name:Acme Ltd"]])
    reader = Reader(DEMO_NETWORK_KEY, aliases)
    money = f"{amount // 100}.{amount % 100:02d}"
    ubl = UBL.replace(">100.00<", f">{money}<").replace("2025-06-01", due.isoformat()).replace("EUR", currency)
    cii = CII.replace(">100.00<", f">{money}<").replace("20250601", f"{due:%Y%m%d}").replace("EUR", currency)
    csv = HEADER + f"a-1 ,ACME LTD.,x,{money},2025-03-01,{due},{currency}\n"
    read = [
        item_of(list(reader.read_document(str(i), text.encode()))) for i, text in enumerate((ubl, cii, csv, UBL, CII))
    ]
    assert len({item.fingerprint for item in read}) == 1
    assert [item.payable for item in read[:3]] == [amount] * 3
    assert len({item.file_hash for item in read}) >= 3


def test_file_hash_is_of_the_whole_file(read) -> None:
    for document in (UBL, HEADER + "A,B,C,1.00,2025-01-01,2025-02-01,EUR\n"):
        assert item_of(read(document)).file_hash == "0x" + hashlib.sha256(document.encode()).hexdigest()


def test_salted_hash_hides_the_file_hash() -> None:
    file_hash = "0x" + "ab" * 32
    assert salted_hash(file_hash, b"s" * 32) == "0x" + hashlib.sha256(b"s" * 32 + b"\xab" * 32).hexdigest()
    assert salted_hash(file_hash, b"s" * 32) != salted_hash(file_hash, b"t" * 32)


def test_duplicates_name_what_they_collide_with(read) -> None:
    found = Duplicates()
    first = item_of(read(UBL, name="one.xml"))
    assert found.check(first) is first
    second = found.check(item_of(read(swap(CII, ">100.00<", ">999.99<"), name="two.xml")))
    assert isinstance(second, Refusal)
    assert (second.file, second.rule, second.number) == ("two.xml", "duplicate-invoice", "A-1")
    assert second.params["other_file"] == "one.xml"
    other = found.check(item_of(read(swap(UBL, ">A-1<", ">A-2<"))))
    assert isinstance(other, InvoiceItem)


@given(st.integers(-400, 400), st.integers(0, 400), st.integers(0, 99), st.binary(min_size=32, max_size=32))
def test_assumed_due_dates_stay_within_their_window(first: int, width: int, seed: int, mark: bytes) -> None:
    assumption = Assumption(first, first + width, seed)
    due = assumption.due_date(DAY, "0x" + mark.hex())
    assert first <= (due - DAY).days <= first + width
    assert due == Assumption(first, first + width, seed).due_date(DAY, "0x" + mark.hex())


def test_assumed_due_dates_spread_and_can_start_from_one_day() -> None:
    assumption = Assumption(30, 180, 1, counted_from=date(2025, 1, 1))
    marks = [fingerprint(KEY, SELLER, str(i), DAY) for i in range(2_000)]
    days = [(assumption.due_date(DAY, mark) - date(2025, 1, 1)).days for mark in marks]
    assert set(days) == set(range(30, 181))
    with pytest.raises(ValueError, match="above"):
        Assumption(2, 1)


def test_shifting_dates_keeps_the_fingerprint_and_says_so(read) -> None:
    item = item_of(read(UBL))
    moved = shift_dates(item, 400)
    assert moved.fingerprint == item.fingerprint
    assert ((moved.issue_date - item.issue_date).days, (moved.due_date - item.due_date).days) == (400, 400)
    assert moved.assumed == ("issue_date", "due_date")
    assert shift_dates(item, 0) == item
