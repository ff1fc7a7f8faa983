"""Reports as pages and PDFs: both languages, no letter missing, nothing that runs; journals that beancount takes."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
from beancount import loader
from beancount.core.data import Balance, Open, Transaction
from pypdf import PdfReader

from api.domain.calendar import time_of_day
from api.domain.journal import Account, Deeds, Extinguished, Given, Paid, journal
from api.domain.positions import CashSum, HeldNote, Moment, OwedDebt, Position, position_sums
from api.domain.views import CashLeg, CurrencyView, PartyName, Source
from api.exports import reports
from api.exports.book import Book, Money, Rate, Sheet, Words, columns
from api.exports.documents import as_html, as_pdf

ATTACK = "<script>alert(1)</script>\"&'{{ 7*7 }}"
BOOK = Book(
    "report",
    [
        Sheet(
            "s",
            Words("明细", "Details"),
            columns(("name", "名称", "Name"), ("amount", "金额", "Amount"), ("rate", "利率", "Rate")),
            [
                (Words("江澜座椅系统有限公司（苏州）", ATTACK), Money(123_456_789, 2), Rate(425)),
                ("二级供应商", None, None),
            ],
        ),
        Sheet("empty", Words("空表", "Empty"), columns(("a", "甲", "A")), []),
    ],
    title=Words("核心企业应付报告", "Liabilities & lines"),
    head=[Words("截至 2025-07-01，区块 52", "as of 2025-07-01, block 52")],
)


class Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_escapes_all_text_and_runs_nothing(language: str) -> None:
    page = as_html(BOOK, language).decode()
    reading = Reading()
    reading.feed(page)
    assert not {"script", "link", "img", "iframe"} & set(reading.tags)
    expected = ("江澜座椅系统有限公司（苏州）", "无") if language == "zh" else (ATTACK, "none")
    assert all(text in reading.text for text in expected)
    assert "1,234,567.89" in reading.text and "4.25" in reading.text
    assert "{{ 7*7 }}" in page or language == "zh"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pdf_has_every_letter_in_a_font_that_it_carries(language: str) -> None:
    file = as_pdf(BOOK, language)
    reader = PdfReader(io.BytesIO(file))
    text = "".join(page.extract_text() for page in reader.pages)
    squeezed = re.sub(r"\s", "", text)
    words = [BOOK.title, BOOK.head[0], *(sheet.title for sheet in BOOK.sheets), BOOK.sheets[0].rows[0][0]]
    for word in words:
        assert isinstance(word, Words)
        assert re.sub(r"\s", "", word(language)) in squeezed
    assert "1,234,567.89" in squeezed
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    ours = [font for font in fonts if "NotoSansSC" in font["/BaseFont"]]
    assert ours and all("/FontFile2" in font["/FontDescriptor"] for font in ours)
    assert len(file) < 200_000, "the letters that are used, not the whole font"


def test_a_letter_that_the_font_lacks_would_be_seen() -> None:
    """Every letter of the words that reports are made of has a glyph."""
    from reportlab.pdfbase import pdfmetrics

    as_pdf(BOOK, "zh")
    font = pdfmetrics.getFont("NotoSansSC").face
    from api.exports import words

    said = "".join(
        w.zh + w.en for t in (words.STATUS, words.ORIGIN, words.LEG, words.ACCOUNT, words.DEED) for w in t.values()
    )
    assert {c for c in said + "（）、，–·￥¥" if ord(c) not in font.charToGlyph} == set()


def test_long_tables_repeat_their_headings() -> None:
    rows = [(f"row {number}", Money(number, 2), Rate(1)) for number in range(400)]
    one = Sheet("s", Words("明细", "Details"), BOOK.sheets[0].columns, rows)
    reader = PdfReader(io.BytesIO(as_pdf(Book("x", [one], title=BOOK.title, head=BOOK.head), "en")))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 3
    assert all("Amount" in page for page in pages)
    assert "row 399" in pages[-1]


# -- beancount

CNY, NAME = CurrencyView(1, "0x" + "cc" * 20, "CNY", 2), PartyName(2, '甲"乙\\', 'A "B" \\ C')
DAY = 20_000


def at(block: int, day: int) -> Source:
    return Source(f"0x{block:064x}", block, 0, time_of_day(day))


def leg(kind: str, payer: int, payee: int, amount: int, principal: int, block: int, day: int, **more: int) -> CashLeg:
    return CashLeg(
        kind,
        note=1,
        child=2 if kind == "finance" else None,
        payer=PartyName(payer),
        payee=PartyName(payee),
        payer_account=None,
        payee_account=None,
        token=CNY.token,
        amount=amount,
        principal=principal,
        interest=more.get("interest", 0),
        discount=more.get("discount", 0),
        rate_bps=400,
        registry_reference=None,
        source=at(block, day),
    )


def told(since: int | None = None) -> Book:
    given = Given(1, "confirmation", 100_000, 1, 2, CNY, at(1, DAY), None)
    back = Given(3, "split", 20_000, 2, 5, CNY, at(2, DAY + 1), (at(3, DAY + 2), 20_000))
    sold = Paid(leg("finance", 7, 2, 49_000, 50_000, 4, DAY + 3, discount=1_000), 2, 1, CNY)
    repaid = Paid(leg("repayment", 1, 2, 10_050, 10_000, 5, DAY + 40, interest=50), 2, 1, CNY)
    gone = Extinguished(1, 5_000, 2, 1, CNY, at(6, DAY + 41))
    note = HeldNote(1, 1, PartyName(1), CNY, DAY + 30, 1, "confirmation", 100_000, 35_000, 0, "held")
    cash = (CashSum(CNY, "finance", 0, 49_000), CashSum(CNY, "repayment", 0, 10_050))
    debts: tuple[OwedDebt, ...] = ()
    moment = Moment(6, time_of_day(DAY + 41), DAY + 41)
    position = Position(NAME, moment, position_sums([note], debts, cash), (note,), debts, cash)
    return reports.journal(journal(Deeds((given, back), (sold, repaid), (gone,)), position, since))


@pytest.mark.parametrize("since", [None, DAY + 3, DAY + 41])
def test_beancount_takes_the_journal_and_it_closes_at_the_position(since: int | None) -> None:
    book = told(since)
    entries, errors, options = loader.load_string(book.text)
    assert errors == []
    assert options["title"] == 'A "B" \\ C'
    assert sum(isinstance(e, Balance) for e in entries) == 2
    assert {e.account for e in entries if isinstance(e, Open)} == {account.value for account in Account}
    transactions = [e for e in entries if isinstance(e, Transaction)]
    assert len(transactions) == {None: 6, DAY + 3: 4, DAY + 41: 2}[since]
    for one in transactions:
        assert sum(posting.units.number for posting in one.postings) == 0


def test_beancount_would_refuse_another_figure() -> None:
    wrong = told().text.replace("Assets:Notes  350.00 ~ 0 CNY", "Assets:Notes  350.01 ~ 0 CNY")
    assert wrong != told().text
    assert loader.load_string(wrong)[1]


def test_the_tables_of_a_journal_balance() -> None:
    entries, balances = told(DAY + 3).sheets
    by_entry: dict[object, int] = {}
    for row in entries.rows:
        number, debit, credit = row[0], row[8], row[9]
        amount = debit.amount if isinstance(debit, Money) else -credit.amount  # type: ignore[union-attr]
        by_entry[number] = by_entry.get(number, 0) + amount
    assert by_entry and set(by_entry.values()) == {0}
    for place in (3, 4):
        assert sum(row[place].amount for row in balances.rows if isinstance(row[place], Money)) == 0  # type: ignore[union-attr]
