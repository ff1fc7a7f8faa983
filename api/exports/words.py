"""Words of the ledger for people, by the names that answers use."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.journal import Account, Deed
from api.exports.book import Words

STATUS: Mapping[str, Words] = {
    "offered": Words("待签收", "offered"),
    "lapsable": Words("已过期待退回", "lapsable"),
    "held": Words("持有中", "held"),
    "spent": Words("已全部转出", "spent"),
    "refused": Words("已拒收", "refused"),
    "withdrawn": Words("已撤回", "withdrawn"),
    "lapsed": Words("已失效", "lapsed"),
    "repaid": Words("已兑付", "repaid"),
    "reserved": Words("银行处理中", "reserved"),
    "pledged": Words("已质押", "pledged"),
    "frozen": Words("已冻结", "frozen"),
    "cancelled": Words("已取消", "cancelled"),
    "outstanding": Words("未到期或待兑付", "outstanding"),
    "overdue": Words("逾期", "overdue"),
    "settled": Words("已结清", "settled"),
}
"""Of notes and of receivables."""

ORIGIN: Mapping[str, Words] = {
    "confirmation": Words("确权", "confirmation"),
    "split": Words("拆分流转", "split"),
    "sale": Words("贴现", "sale"),
    "order": Words("司法划转", "order"),
    "recourse": Words("追索退回", "recourse"),
}

LEG: Mapping[str, Words] = {
    "finance": Words("贴现付款", "finance"),
    "repayment": Words("兑付", "repayment"),
    "recourse": Words("追索付款", "recourse"),
    "loan": Words("质押放款", "loan"),
    "loan_repayment": Words("归还质押融资", "loan repayment"),
}

ACCOUNT: Mapping[Account, Words] = {
    Account.CASH: Words("存款代币", "deposit tokens"),
    Account.NOTES: Words("应收账款电子凭证", "notes receivable"),
    Account.TRADE_IN: Words("应收货款（待收凭证）", "trade receivables before notes"),
    Account.LENT: Words("质押融资放款", "loans given on pledged notes"),
    Account.PAID_FOR_OTHERS: Words("代付款项", "paid for others"),
    Account.OWED: Words("应付凭证", "notes payable"),
    Account.TRADE_OUT: Words("应付货款（待付凭证）", "trade payables before notes"),
    Account.BORROWED: Words("质押融资借款", "loans taken on pledged notes"),
    Account.PAID_BY_OTHERS: Words("他人代付", "paid by others"),
    Account.DISCOUNT_EARNED: Words("贴现收入", "discount earned"),
    Account.INTEREST_EARNED: Words("利息收入", "interest earned"),
    Account.ORDERS_IN: Words("司法划入", "received by order"),
    Account.DISCOUNT_GIVEN: Words("贴现支出", "discount given"),
    Account.INTEREST_PAID: Words("利息支出", "interest paid"),
    Account.ORDERS_OUT: Words("司法划出", "taken by order"),
    Account.OPENING: Words("期初余额", "opening balances"),
}

DEED: Mapping[Deed, Words] = {
    Deed.CONFIRMED: Words("确权", "confirmation"),
    Deed.PASSED: Words("拆分流转", "passed on"),
    Deed.ORDERED: Words("司法划转", "moved by order"),
    Deed.RETURNED: Words("退回", "returned"),
    Deed.SOLD: Words("贴现", "sold"),
    Deed.REPAID: Words("兑付", "repaid"),
    Deed.TURNED_BACK: Words("追索", "recourse"),
    Deed.LENT: Words("质押放款", "lent"),
    Deed.LOAN_REPAID: Words("归还质押融资", "loan repaid"),
    Deed.EXTINGUISHED: Words("债务抵消", "extinguished"),
    Deed.OPENING: Words("期初", "opening"),
}
