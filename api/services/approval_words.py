"""What an approval does, in words: read out of the very bytes that are signed, not out of what somebody asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.domain.approvals import ActKind, Approval, ApprovalBook, Threshold
from api.domain.calendar import date_of_day
from api.domain.currencies import MINOR_DIGITS
from api.domain.errors import InvalidInput
from api.domain.messages import EN, RIGHTS, ZH
from api.domain.operations import Call, Contract
from api.domain.ports import Chain
from api.domain.views import PartyName
from api.services.ledger import Ledger
from api.services.repayment import UNLIMITED
from api.services.two_people import Amounts, effect_of

_KINDS = {
    ActKind.CONFIRM: ("确认应付", "confirming"),
    ActKind.FINANCE: ("融资", "financing"),
    ActKind.PAY: ("付款", "paying"),
}
_DESKS = {
    Contract.FINANCING: ("融资合约", "financing desk"),
    Contract.REPAYMENT: ("兑付合约", "repayment desk"),
    Contract.RECOURSE: ("追索合约", "recourse desk"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is done."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Told:
    """All of it, and the other parties that it names."""

    lines: Sequence[Line]
    counterparties: Sequence[PartyName]


class ApprovalWords:
    """Reads approvals out loud."""

    def __init__(self, chain: Chain, ledger: Ledger, amounts: Amounts, book: ApprovalBook) -> None:
        self._chain = chain
        self._ledger = ledger
        self._amounts = amounts
        self._book = book

    async def of(self, approval: Approval) -> Told:
        """What the typed data of an approval says, and does once it is carried out."""
        calls = [self._read(call) for call in approval.message["calls"]]
        signed_rows = approval.message["rows"]
        creditors = {row.terms["creditor"] for row in await self._book.rows(approval.id)} if signed_rows else set()
        parties = sorted({party for call in calls if call for party in _parties(call)} | creditors)
        names = await self._ledger.names(parties)
        lines: list[Line] = []
        for call, signed in zip(calls, approval.message["calls"], strict=True):
            lines += [_unread(signed)] if call is None else await self._lines(call, names)
        lines += [*map(_rows, signed_rows), *map(_threshold, approval.thresholds)]
        return Told(lines, [names[party] for party in parties])

    def _read(self, call: Mapping[str, str]) -> Call | None:
        try:
            return self._chain.decoded(call["account"], call["contract"], call["data"])
        except InvalidInput:
            return None

    async def _lines(self, call: Call, names: Mapping[int, PartyName]) -> Sequence[Line]:
        match call.contract, call.function:
            case Contract.ISSUANCE, "confirm":
                codes = {view.id: view.code for view in await self._ledger.model.currencies()}
                return [_confirmed(terms, codes[call.args[0]], names) for terms in call.args[1]]
            case Contract.FINANCING, "finance":
                notes = await self._amounts.currencies_of([deal["quote"]["note"] for deal in call.args[0]])
                return [_sold(deal, notes.get(deal["quote"]["note"], ""), names) for deal in call.args[0]]
            case Contract.REPAYMENT, "repay":
                paid = await self._amounts.currencies_of(call.args[0])
                return [_paid(call, next(iter(paid.values()), ""))]
            case Contract.TOKEN, "approve":
                codes_at = {view.token: view.code for view in await self._ledger.model.currencies()}
                desk = next((d for d, address in self._chain.addresses.items() if address == call.args[0]), None)
                return [_allowed(call, codes_at.get(call.at or "", ""), desk)]
            case Contract.REGISTRY, "addAccount":
                return [_rights("登记新账户", "Add account", call.args[0], call.args[1])]
            case Contract.REGISTRY, "setRights":
                return [_rights("变更账户", "Change account", call.args[0], call.args[1])]
            case Contract.REGISTRY, "announceSettlementChange":
                return [
                    Line(f"公告将收款账户改为 {call.args[0]}", f"Announce {call.args[0]} as the settlement account")
                ]
            case Contract.RECOURSE, "honour":
                owed = await self._amounts.currencies_of(call.args[:1])
                return [_honoured(call, next(iter(owed.values()), ""))]
            case Contract.ORDER, "release":
                return [_released(call)]
            case Contract.ISSUANCE, "setPolicy":
                return [_policy(call.args[0])]
            case Contract.ORDER, "orderReassignment":
                note, to, amount, order = call.args
                given = await self._amounts.currencies_of([note])
                return [_reassigned(note, to, amount, order, given.get(note, ""), names)]
            case Contract.ORDER, ("executeReassignment" | "cancelReassignment"):
                return [await self._of_reassignment(call)]
            case Contract.REGISTRY, "announceRecovery":
                return [_recovered(call, names)]
            case Contract.NOTES, "setPaused":
                return [Line("恢复签发、拆分与融资", "Let issues, splits and sales go on")]
            case Contract.AUTHORITY, ("schedule" | "execute") as step:
                zh, en = (
                    ("公告", "Announce") if step == "schedule" else ("执行所公告的变更", "Carry out what was announced")
                )
                within = await self._lines(effect_of(self._chain, call), names)
                return [Line(f"{zh}:{line.zh}", f"{en}: {line.en}") for line in within]
        return [Line(f"{call.contract.value}.{call.function}", f"{call.contract.value}.{call.function}")]

    async def _of_reassignment(self, call: Call) -> Line:
        """What it gives to whom stands in the record of what was ordered: what is signed names it by its number."""
        number, *order = call.args
        found = await self._ledger.model.reassignment(number)
        told = Line(f"第 {number} 号", f"{number}")
        if found is not None:
            names = await self._ledger.names([found.to.id])
            told = _reassigned(found.note, found.to.id, found.amount, found.order_hash, found.currency.code, names)
        if order:
            return Line(f"依裁定 {order[0]} 撤销划转({told.zh})", f"Strike, under the order {order[0]}: {told.en}")
        return Line(f"执行划转({told.zh})", f"Carry out: {told.en}")


def money(amount: int, currency: str) -> str:
    """12,345.00 CNY"""
    digits = MINOR_DIGITS.get(currency, 2)
    whole, part = divmod(amount, 10**digits)
    return f"{whole:,}{f'.{part:0{digits}d}' if digits else ''} {currency}".rstrip()


def _parties(call: Call) -> Sequence[int]:
    match call.contract, call.function:
        case Contract.ISSUANCE, "confirm":
            return [terms["creditor"] for terms in call.args[1]]
        case Contract.FINANCING, "finance":
            return [deal["quote"]["financier"] for deal in call.args[0]]
        case Contract.ORDER, "orderReassignment":
            return call.args[1:2]
        case Contract.REGISTRY, "announceRecovery":
            return call.args[:1]
    return ()


def _confirmed(terms: Mapping[str, int], currency: str, names: Mapping[int, PartyName]) -> Line:
    amount, due = money(terms["amount"], currency), date_of_day(terms["dueDay"]).isoformat()
    zh, en = _name(names, terms["creditor"])
    return Line(f"向{zh}确认应付 {amount},到期日 {due}", f"Confirm to owe {en} {amount}, due {due}")


def _rows(signed: Mapping[str, Any]) -> Line:
    count, total = signed["count"], money(int(signed["amount"]), signed["currency"])
    first, last, mark = signed["firstDue"], signed["lastDue"], signed["rowsHash"]
    return Line(
        f"以一项任务逐笔确认应付 {count} 笔,合计 {total},到期日 {first} 至 {last},各行哈希 {mark}",
        f"Confirm {count} debts as one job, {total} in all, due {first} to {last}, rows {mark}",
    )


def _sold(deal: Mapping[str, Mapping[str, int]], currency: str, names: Mapping[int, PartyName]) -> Line:
    quote = deal["quote"]
    face, least = (money(int(str(deal[name])), currency) for name in ("amount", "minPrice"))
    zh, en = _name(names, quote["financier"])
    recourse = (",有追索权", ", with recourse") if quote["recourse"] else (",无追索权", ", without recourse")
    return Line(
        f"将凭证 {quote['note']} 的 {face} 以不低于 {least} 的价款转让给{zh}{recourse[0]}",
        f"Sell {face} of note {quote['note']} to {en} for at least {least}{recourse[1]}",
    )


def _paid(call: Call, currency: str) -> Line:
    notes, payer, most = call.args
    shown, limit = ", ".join(map(str, notes)), money(most, currency)
    return Line(f"从 {payer} 兑付凭证 {shown},合计不超过 {limit}", f"Pay notes {shown} from {payer}, {limit} at most")


def _allowed(call: Call, currency: str, desk: Contract | None) -> Line:
    spender, amount = call.args
    zh, en = _DESKS.get(desk, (spender, spender)) if desk is not None else (spender, spender)
    if amount >= UNLIMITED:
        return Line(
            f"允许{zh}从 {call.account} 支取 {currency},不限金额",
            f"Let the {en} draw any amount of {currency} from {call.account}",
        )
    most = money(amount, currency)
    return Line(f"允许{zh}从 {call.account} 支取至多 {most}", f"Let the {en} draw up to {most} from {call.account}")


def _rights(zh: str, en: str, account: str, rights: int) -> Line:
    held = {lang: [name for bit, name in enumerate(RIGHTS[lang]) if rights >> bit & 1] for lang in (ZH, EN)}
    return Line(
        f"{zh} {account},权限:{'、'.join(held[ZH]) or '无'}", f"{en} {account}, rights: {', '.join(held[EN]) or 'none'}"
    )


def _honoured(call: Call, currency: str) -> Line:
    note, payer, most = call.args
    return Line(
        f"从 {payer} 支付凭证 {note} 的追索款,至多 {money(most, currency)}",
        f"Pay the recourse for note {note} from {payer}, {money(most, currency)} at most",
    )


def _released(call: Call) -> Line:
    notes, order = ", ".join(map(str, call.args[0])), call.args[1]
    return Line(f"依裁定 {order} 解除凭证 {notes} 的冻结", f"Release notes {notes} under the order {order}")


def _reassigned(note: int, to: int, amount: int, order: str, currency: str, names: Mapping[int, PartyName]) -> Line:
    zh, en = _name(names, to)
    sum_ = money(amount, currency)
    return Line(
        f"依裁定 {order} 将冻结凭证 {note} 中的 {sum_} 划转给{zh}",
        f"Give {sum_} of the frozen note {note} to {en} under the order {order}",
    )


def _recovered(call: Call, names: Mapping[int, PartyName]) -> Line:
    party, account, removed, *_ = call.args
    zh, en = _name(names, party)
    return Line(
        f"公告由账户 {account} 接管{zh},移除的账户:{'、'.join(removed) or '无'}",
        f"Announce that account {account} takes over {en}; accounts that are removed: {', '.join(removed) or 'none'}",
    )


def _policy(terms: Mapping[str, Any]) -> Line:
    told = ", ".join(f"{name} {value}" for name, value in terms.items())
    return Line(f"设定规则:{told}", f"Set the policy: {told}")


def _threshold(threshold: Threshold) -> Line:
    zh, en = _KINDS.get(threshold.kind, (threshold.kind.value, threshold.kind.value))
    if not threshold.amount:
        return Line(f"{zh}({threshold.currency}):一律须两人", f"{en} in {threshold.currency}: always two people")
    amount = money(threshold.amount, threshold.currency)
    return Line(f"{zh}:自 {amount} 起须两人", f"{en}: two people from {amount} on")


def _unread(call: Mapping[str, str]) -> Line:
    return Line(f"无法解读的调用 {call['contract']}", f"A call that cannot be read, to {call['contract']}")


def _name(names: Mapping[int, PartyName], party: int) -> tuple[str, str]:
    found = names[party]
    return found.name_zh or found.name_en or f"参与方 {party}", found.name_en or found.name_zh or f"party {party}"
