"""Words of the ledger for people, by the names that answers use."""

from __future__ import annotations

from collections.abc import Mapping

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
