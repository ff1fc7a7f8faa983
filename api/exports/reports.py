"""Reports as books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from api.domain.calendar import date_of_day, instant
from api.domain.journal import Account, Entry, Journal
from api.domain.positions import Moment
from api.domain.reports import BucketRow, CoreReport, FinancierReport, NetworkReport, Reconciliation
from api.domain.views import CurrencyView, PartyName
from api.exports.beancount import ledger_text
from api.exports.book import Book, Cell, Money, Rate, Sheet, Words, columns
from api.exports.words import ACCOUNT, DEED, STATUS

_CURRENCY = ("currency", "币种", "Currency")


def core(report: CoreReport) -> Book:
    """A core enterprise: liabilities by due month and payee, what is due now by holder, credit lines."""
    due: list[list[Cell]] = [
        [
            r.currency.code,
            r.month,
            r.payee.id,
            _name(r.payee),
            r.debts,
            _money(r.outstanding, r.currency),
            _money(r.overdue, r.currency),
        ]
        for r in report.due
    ]
    pay = [[r.currency.code, r.holder.id, _name(r.holder), r.notes, _money(r.amount, r.currency)] for r in report.pay]
    lines: list[list[Cell]] = [
        [r.currency.code, *(_money(n, r.currency) for n in (r.limit, r.used, r.available))] for r in report.lines
    ]
    return Book(
        f"core-enterprise-{report.party.id}",
        [
            Sheet(
                "due",
                Words("应付到期（按月、按首位债权人）", "Liabilities by month and first creditor"),
                columns(
                    _CURRENCY,
                    ("month", "到期月", "Due month"),
                    ("payee", "债权人编号", "Creditor's id"),
                    ("payee_name", "债权人", "Creditor"),
                    ("debts", "笔数", "Debts"),
                    ("outstanding", "未付金额", "Outstanding"),
                    ("overdue", "其中逾期", "Of it overdue"),
                ),
                due,
            ),
            Sheet(
                "pay",
                Words("当前应兑付（按持有人）", "To be paid now, by holder"),
                columns(
                    _CURRENCY,
                    ("holder", "持有方编号", "Holder's id"),
                    ("holder_name", "持有方", "Holder"),
                    ("notes", "凭证数", "Notes"),
                    ("amount", "金额", "Amount"),
                ),
                pay,
            ),
            Sheet(
                "lines",
                Words("授信额度", "Credit lines"),
                columns(
                    _CURRENCY,
                    ("limit", "额度", "Limit"),
                    ("used", "已用", "Used"),
                    ("available", "可用", "Available"),
                ),
                lines,
            ),
        ],
        title=Words("核心企业应付报告", "Core enterprise: liabilities"),
        head=_head(report.moment, report.party),
    )


def financier(report: FinancierReport) -> Book:
    """A financier: yield, maturity ladder, concentration, and each note."""
    yields: list[list[Cell]] = [
        [
            r.currency.code,
            r.notes,
            _money(r.value, r.currency),
            _money(r.cost, r.currency),
            Rate(r.rate_bps),
            Rate(r.days, 1),
        ]
        for r in report.yields
    ]
    ladder: list[list[Cell]] = [
        [r.currency.code, _bucket(r), r.notes, _money(r.value, r.currency)] for r in report.ladder
    ]
    shares: list[list[Cell]] = [
        [
            r.currency.code,
            r.debtor.id,
            _name(r.debtor),
            r.notes,
            _money(r.value, r.currency),
            _money(r.overdue, r.currency),
            Rate(r.share_bps),
        ]
        for r in report.shares
    ]
    notes: list[list[Cell]] = [
        [
            b.note.note,
            b.note.receivable,
            b.note.debtor.id,
            _name(b.note.debtor),
            b.seller.id,
            _name(b.seller),
            b.note.currency.code,
            *(_money(n, b.note.currency) for n in (b.principal, b.price, b.note.value)),
            Rate(b.rate_bps),
            _date(b.bought_day),
            _date(b.note.due_day),
            b.term_days,
            STATUS[b.note.status],
        ]
        for b in report.notes
    ]
    return Book(
        f"financier-{report.party.id}",
        [
            Sheet(
                "yield",
                Words("组合与收益率", "Portfolio and yield"),
                columns(
                    _CURRENCY,
                    ("notes", "凭证数", "Notes"),
                    ("value", "余额", "Value left"),
                    ("cost", "对应买入成本", "Paid for it"),
                    ("rate_percent", "加权年利率（%）", "Weighted rate, % a year"),
                    ("days_left", "加权剩余天数", "Weighted days left"),
                ),
                yields,
            ),
            Sheet(
                "ladder",
                Words("期限结构", "Maturity ladder"),
                columns(
                    _CURRENCY,
                    ("days", "剩余天数", "Days left"),
                    ("notes", "凭证数", "Notes"),
                    ("value", "余额", "Value left"),
                ),
                ladder,
            ),
            Sheet(
                "debtors",
                Words("核心企业集中度", "Concentration by debtor"),
                columns(
                    _CURRENCY,
                    ("debtor", "核心企业编号", "Debtor's id"),
                    ("debtor_name", "核心企业", "Debtor"),
                    ("notes", "凭证数", "Notes"),
                    ("value", "余额", "Value left"),
                    ("past_due", "其中已过到期日", "Of it past due"),
                    ("share_percent", "占比（%）", "Share, %"),
                ),
                shares,
            ),
            Sheet(
                "notes",
                Words("凭证明细", "Notes"),
                columns(
                    ("note", "凭证", "Note"),
                    ("receivable", "应收账款", "Receivable"),
                    ("debtor", "核心企业编号", "Debtor's id"),
                    ("debtor_name", "核心企业", "Debtor"),
                    ("seller", "转让方编号", "Seller's id"),
                    ("seller_name", "转让方", "Seller"),
                    _CURRENCY,
                    ("principal", "买入面值", "Face bought"),
                    ("price", "买入价", "Price"),
                    ("value", "余额", "Value left"),
                    ("rate_percent", "年利率（%）", "Rate, % a year"),
                    ("bought", "买入日", "Bought"),
                    ("due_date", "到期日", "Due"),
                    ("term_days", "期限（天）", "Term, days"),
                    ("status", "状态", "Status"),
                ),
                notes,
            ),
        ],
        title=Words("资金方组合报告", "Financier: portfolio"),
        head=_head(report.moment, report.party),
    )


def _bucket(row: BucketRow) -> Words:
    if row.first is None:
        return Words("已过到期日", "past due")
    if row.last is None:
        return Words(f"{row.first} 天及以上", f"{row.first} and more")
    return Words(f"{row.first}–{row.last} 天", f"{row.first} to {row.last}")


def network(report: NetworkReport) -> Book:
    """The network: volumes by month, tiers reached, what financing costs and how long it takes by tier, refusals."""
    months: list[list[Cell]] = [
        [
            *(r.currency.code, r.month, r.debts, _money(r.confirmed, r.currency), r.sales),
            *(_money(n, r.currency) for n in (r.financed, r.cash, r.repaid)),
        ]
        for r in report.months
    ]
    tiers: list[list[Cell]] = [
        [
            r.tier,
            r.notes,
            r.sales,
            None if r.rate_bps is None else Rate(r.rate_bps),
            None if r.days is None else Rate(r.days, 1),
        ]
        for r in report.tiers
    ]
    totals = report.totals
    whole: list[list[Cell]] = [[totals.receivables, totals.notes, totals.max_tier, totals.refused]]
    return Book(
        "network",
        [
            Sheet(
                "months",
                Words("每月业务量", "Volumes by month"),
                columns(
                    _CURRENCY,
                    ("month", "月份", "Month"),
                    ("debts", "确权笔数", "Debts confirmed"),
                    ("confirmed", "确权金额", "Confirmed"),
                    ("sales", "贴现笔数", "Sales"),
                    ("financed", "贴现面值", "Face sold"),
                    ("cash", "贴现到账", "Cash for it"),
                    ("repaid", "兑付本金", "Principal repaid"),
                ),
                months,
            ),
            Sheet(
                "tiers",
                Words("各层级", "Tiers"),
                columns(
                    ("tier", "层级", "Tier"),
                    ("notes", "累计凭证数", "Notes so far"),
                    ("sales", "融资笔数", "Financings"),
                    ("rate_percent", "加权融资成本（年%）", "Cost of finance, % a year"),
                    ("days_to_cash", "确权至到账（天）", "Days from confirmation to cash"),
                ),
                tiers,
            ),
            Sheet(
                "totals",
                Words("累计", "So far"),
                columns(
                    ("receivables", "应收账款笔数", "Receivables"),
                    ("notes", "凭证数", "Notes"),
                    ("deepest_tier", "最深层级", "Deepest tier"),
                    ("refused", "拒收次数", "Refusals"),
                ),
                whole,
            ),
        ],
        title=Words("网络运行报告", "The network"),
        head=_head(report.moment, None),
    )


def journal(report: Journal) -> Book:
    """A party's books: entries and balances; in beancount's language too."""
    rows: list[list[Cell]] = []
    for number, entry in enumerate(report.entries, start=1):
        for account, amount in entry.postings:
            rows.append([number, *_entry_cells(entry), *_posted(account, amount, entry.currency), entry.source.tx_hash])
    closing = report.closing()
    known = {c.id: c for c in report.currencies}
    balances: list[list[Cell]] = []
    for number, account in sorted({*closing, *report.opening}):
        at = (number, account)
        before, after = report.opening.get(at, 0), closing.get(at, 0)
        currency = known[number]
        balances.append(
            [currency.code, account.value, ACCOUNT[account], _money(before, currency), _money(after, currency)]
        )
    since = None if report.since is None else _date(report.since)
    head = [*_head(report.position.moment, report.party)]
    if since is not None:
        head.append(Words(f"自 {since} 起", f"from {since} on"))
    return Book(
        f"journal-{report.party.id}",
        [
            Sheet(
                "entries",
                Words("会计分录", "Entries"),
                columns(
                    ("entry", "分录号", "Entry"),
                    ("date", "日期", "Date"),
                    ("time", "时间", "Time"),
                    ("deed", "事由", "What"),
                    ("note", "凭证", "Note"),
                    ("account", "科目", "Account"),
                    ("account_name", "科目名称", "Account's name"),
                    _CURRENCY,
                    ("debit", "借方", "Debit"),
                    ("credit", "贷方", "Credit"),
                    ("tx_hash", "交易哈希", "Transaction"),
                ),
                rows,
            ),
            Sheet(
                "balances",
                Words("科目余额（借方为正）", "Balances, debits positive"),
                columns(
                    _CURRENCY,
                    ("account", "科目", "Account"),
                    ("account_name", "科目名称", "Account's name"),
                    ("opening", "期初", "Opening"),
                    ("closing", "期末", "Closing"),
                ),
                balances,
            ),
        ],
        title=Words("会计分录", "Accounting journal"),
        head=head,
        text=ledger_text(report),
    )


def _entry_cells(entry: Entry) -> Sequence[Cell]:
    return _date(entry.day), instant(entry.source.time), DEED[entry.deed], entry.note


def _posted(account: Account, amount: int, currency: CurrencyView) -> Sequence[Cell]:
    debit, credit = (amount, None) if amount > 0 else (None, -amount)
    return account.value, ACCOUNT[account], currency.code, _money(debit, currency), _money(credit, currency)


def reconciliation(report: Reconciliation) -> Book:
    """A day's cash and the whole ledger against the chain."""
    verdict = Words("相符", "everything agrees") if report.clean else Words("有差异", "there are differences")
    unmatched: list[list[Cell]] = [
        [u.tx_hash, u.payer_account, u.payee_account, u.token, str(u.amount), u.legs, u.transfers]
        for u in report.unmatched
    ]
    balances: list[list[Cell]] = [
        [
            b.party.id,
            _name(b.party),
            b.currency.code,
            b.account,
            *(_money(n, b.currency) for n in (b.balance, b.paid, b.received)),
        ]
        for b in report.balances
    ]
    day = _date(report.day)
    return Book(
        f"reconciliation-{day}",
        [
            Sheet(
                "summary",
                Words("结果", "Result"),
                columns(
                    ("legs", "当日资金笔数", "Payments of the day"),
                    ("matched", "与存款代币转账相符", "Matched by token transfers"),
                    ("unmatched", "不符", "Not matched"),
                    ("compared", "账链比对次数", "Comparisons with the chain"),
                    ("differences", "差异", "Differences"),
                    ("verdict", "结论", "Verdict"),
                ),
                [
                    [
                        report.legs,
                        report.matched,
                        len(report.unmatched),
                        sum(report.compared.values()),
                        len(report.differences),
                        verdict,
                    ]
                ],
            ),
            Sheet(
                "unmatched",
                Words("未对上的付款", "Payments that do not match"),
                columns(
                    ("tx_hash", "交易哈希", "Transaction"),
                    ("payer_account", "付款账户", "Payer's account"),
                    ("payee_account", "收款账户", "Payee's account"),
                    ("token", "代币", "Token"),
                    ("amount", "金额（最小单位）", "Amount, minor units"),
                    ("legs", "查询库笔数", "In the read model"),
                    ("transfers", "链上笔数", "On the chain"),
                ),
                unmatched,
            ),
            Sheet(
                "differences",
                Words("账链差异", "Differences from the chain"),
                columns(
                    ("rule", "规则", "Rule"),
                    ("subject", "对象", "Subject"),
                    ("expected", "应为", "Expected"),
                    ("found", "实为", "Found"),
                ),
                [list(row) for row in report.differences],
            ),
            Sheet(
                "balances",
                Words("存款代币余额", "Deposit-token balances"),
                columns(
                    ("party", "参与方编号", "Party's id"),
                    ("party_name", "参与方", "Party"),
                    _CURRENCY,
                    ("account", "结算账户", "Settlement account"),
                    ("balance", "链上余额", "On the chain"),
                    ("paid", "当日付出", "Paid on the day"),
                    ("received", "当日收到", "Received on the day"),
                ),
                balances,
            ),
        ],
        title=Words("每日对账", "Daily reconciliation"),
        head=[Words(f"业务日 {day}，区块 {report.block}", f"business day {day}, block {report.block}"), verdict],
    )


# -- cells


def _head(moment: Moment, party: PartyName | None) -> list[Words]:
    day = _date(moment.day)
    at = Words(f"截至 {day}，区块 {moment.block}", f"as of {day}, block {moment.block}")
    return [at] if party is None else [_name(party), at]


def _name(party: PartyName) -> Words:
    number = f"#{party.id}"
    return Words(party.name_zh or party.name_en or number, party.name_en or party.name_zh or number)


def _money(amount: int | None, currency: CurrencyView) -> Money | None:
    return None if amount is None else Money(amount, currency.decimals)


def _date(day: int) -> str:
    return date_of_day(day).isoformat()


def told(book: Book, language: str) -> Mapping[str, object]:
    """A report as JSON: money and figures as decimal text, words in the asked language."""
    return {
        "name": book.name,
        "title": book.title(language),
        "head": [line(language) for line in book.head],
        "tables": [
            {
                "key": sheet.key,
                "title": sheet.title(language),
                "columns": [{"key": c.key, "title": c.title(language)} for c in sheet.columns],
                "rows": [_row(row, language) for row in sheet.rows],
            }
            for sheet in book.sheets
        ],
    }


def _row(row: Iterable[Cell], language: str) -> list[str | int | None]:
    return [cell if cell is None or isinstance(cell, str | int) else _word(cell, language) for cell in row]


def _word(cell: Money | Rate | Words, language: str) -> str:
    return cell(language) if isinstance(cell, Words) else str(cell)
