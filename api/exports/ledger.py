"""Traces, fund flows, positions and paths as books, out of what was answered: what was not shown stays empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.exports.book import Book, Cell, Edge, Graph, Money, Node, Rate, Sheet, Words, columns
from api.exports.words import LEG, ORIGIN, STATUS

Json = Mapping[str, Any]

_NOTE = columns(
    ("note", "凭证", "Note"),
    ("parent", "上级凭证", "Parent"),
    ("receivable", "应收账款", "Receivable"),
    ("tier", "层级", "Tier"),
    ("holder", "持有方编号", "Holder's id"),
    ("holder_name", "持有方", "Holder"),
    ("currency", "币种", "Currency"),
    ("face", "面值", "Face value"),
    ("value", "余额", "Value left"),
    ("status", "状态", "Status"),
    ("origin", "来源", "Origin"),
    ("lapse_date", "签收截止日", "Offer lapses"),
    ("trade_hash", "贸易背景哈希", "Hash of the trade"),
    ("tx_hash", "交易哈希", "Transaction"),
    ("block", "区块", "Block"),
    ("time", "时间", "Time"),
    ("accepted", "签收时间", "Accepted"),
    ("closed", "结清时间", "Closed"),
)
_CASH = columns(
    ("kind", "类型", "Kind"),
    ("note", "凭证", "Note"),
    ("child", "受让凭证", "Buyer's note"),
    ("payer", "付款方编号", "Payer's id"),
    ("payer_name", "付款方", "Payer"),
    ("payee", "收款方编号", "Payee's id"),
    ("payee_name", "收款方", "Payee"),
    ("currency", "币种", "Currency"),
    ("amount", "金额", "Amount"),
    ("principal", "本金", "Principal"),
    ("interest", "利息", "Interest"),
    ("discount", "贴现息", "Discount"),
    ("rate_percent", "年利率（%）", "Rate, % a year"),
    ("quote_financier", "报价方编号", "Quote: financier's id"),
    ("quote_nonce", "报价编号", "Quote: its number"),
    ("registry_reference", "登记编号哈希", "Registry reference"),
    ("bank", "结算银行编号", "Settlement bank's id"),
    ("payment_reference", "银行流水哈希", "Payment reference"),
    ("tx_hash", "交易哈希", "Transaction"),
    ("block", "区块", "Block"),
    ("time", "时间", "Time"),
)


def trace(answer: Json) -> Book:
    """Of `GET /notes/{id}/trace`: notes and cash; the tree."""
    currency = answer["receivable"]["currency"]
    notes = answer["nodes"]
    return Book(f"trace-{answer['note']}", _notes_and_cash(notes, currency), _tree(notes, currency))


def _notes_and_cash(notes: Sequence[Json], currency: Json) -> list[Sheet]:
    legs = {(leg["source"]["block"], leg["source"]["log_index"]): leg for note in notes for leg in note["cash"]}
    return [
        Sheet("notes", Words("凭证", "Notes"), _NOTE, [_note(note, currency) for note in notes]),
        _cash_sheet([legs[place] for place in sorted(legs)], currency),
    ]


def _note(note: Json, currency: Json) -> list[Cell]:
    holder = note["holder"]
    return [
        *(note["id"], note["parent"], note["receivable"], note["tier"]),
        *((None, None) if holder is None else (holder["id"], party(holder))),
        currency["code"],
        money(note["face"], currency),
        money(note["value"], currency),
        STATUS.get(note["status"]),
        ORIGIN[note["origin"]],
        note["lapse_date"],
        note["trade_hash"],
        *(note["source"][name] for name in ("tx_hash", "block", "time")),
        *(None if note[name] is None else note[name]["time"] for name in ("accepted", "closed")),
    ]


def _cash_sheet(legs: Iterable[Json], currency: Json) -> Sheet:
    return Sheet("cash", Words("资金", "Cash"), _CASH, [_leg(leg, currency) for leg in legs])


def _leg(leg: Json, currency: Json) -> list[Cell]:
    return [
        *(LEG[leg["kind"]], leg["note"], leg["child"]),
        *(leg["payer"]["id"], party(leg["payer"]), leg["payee"]["id"], party(leg["payee"])),
        currency["code"],
        *(money(leg[name], currency) for name in ("amount", "principal", "interest", "discount")),
        None if leg["rate_bps"] is None else Rate(leg["rate_bps"]),
        *_quote(leg).values(),
        leg["registry_reference"],
        None if leg["bank"] is None else leg["bank"]["id"],
        leg["payment_reference"],
        *(leg["source"][name] for name in ("tx_hash", "block", "time")),
    ]


def _quote(leg: Json) -> dict[str, str | int | None]:
    """Under which it was paid."""
    quote = leg["quote"]
    return {
        "quote_financier": None if quote is None else quote["financier"]["id"],
        "quote_nonce": None if quote is None else quote["nonce"],
    }


def _tree(notes: Sequence[Json], currency: Json) -> Graph:
    """Notes, and value that went from each to those below it; of a parent that is not shown there is no edge."""
    there = {note["id"] for note in notes}
    return Graph(
        [_note_node(note, currency) for note in notes],
        [_note_edge(note, currency) for note in notes if note["parent"] in there],
    )


def _note_node(note: Json, currency: Json) -> Node:
    holder, face = note["holder"], money(note["face"], currency)
    name = Words("", "") if holder is None else party(holder)
    worth = "" if face is None else f"{face.grouped()} {currency['code']}"
    label = Words(*("\n".join(filter(None, (f"#{note['id']} T{note['tier']}", one, worth))) for one in _both(name)))
    facts = {
        "note": note["id"],
        "tier": note["tier"],
        "receivable": note["receivable"],
        "holder": None if holder is None else holder["id"],
        "face": _text(face),
        "value": _text(money(note["value"], currency)),
        "currency": currency["code"],
        "status": note["status"],
        "origin": note["origin"],
        "trade_hash": note["trade_hash"],
        "tx_hash": note["source"]["tx_hash"],
        "block": note["source"]["block"],
    }
    return Node(str(note["id"]), label, facts)


def _note_edge(note: Json, currency: Json) -> Edge:
    face, origin = money(note["face"], currency), ORIGIN[note["origin"]]
    sale = next((leg for leg in note["cash"] if leg["child"] == note["id"]), None)
    paid = None if sale is None else money(sale["amount"], currency)
    worth = "" if face is None else f" {face.grouped()}"
    cash = "" if paid is None else f" ¤{paid.grouped()}"
    facts = {"origin": note["origin"], "amount": _text(face), "currency": currency["code"], "cash": _text(paid)}
    facts |= {} if sale is None else _quote(sale)
    label = Words(*(one + worth + cash for one in _both(_under(origin, sale))))
    return Edge(str(note["parent"]), str(note["id"]), label, facts)


def _under(what: Words, leg: Json | None) -> Words:
    """What it is, and under which quote."""
    if leg is None or leg["quote"] is None:
        return what
    financier, nonce = _quote(leg).values()
    return Words(f"{what.zh}（报价 {financier}/{nonce}）", f"{what.en} (quote {financier}/{nonce})")


def fund_flow(answer: Json) -> Book:
    """Of `GET /receivables/{id}/fund-flow`: every leg, and sums; parties and the cash between them."""
    debt = answer["receivable"]
    currency = debt["currency"]
    sums = Sheet(
        "totals",
        Words("汇总", "Totals"),
        columns(
            ("kind", "类型", "Kind"),
            ("payer", "付款方编号", "Payer's id"),
            ("payer_name", "付款方", "Payer"),
            ("payee", "收款方编号", "Payee's id"),
            ("payee_name", "收款方", "Payee"),
            ("currency", "币种", "Currency"),
            ("amount", "金额", "Amount"),
            ("legs", "笔数", "Payments"),
        ),
        [
            [
                *(LEG[t["kind"]], t["payer"]["id"], party(t["payer"]), t["payee"]["id"], party(t["payee"])),
                *(currency["code"], money(t["amount"], currency), t["legs"]),
            ]
            for t in answer["totals"]
        ],
    )
    edges = [
        Edge(
            str(leg["payer"]["id"]),
            str(leg["payee"]["id"]),
            _worth(_under(LEG[leg["kind"]], leg), money(leg["amount"], currency), currency),
            {
                "kind": leg["kind"],
                "note": leg["note"],
                "child": leg["child"],
                "amount": leg_amount(leg, currency),
                "currency": currency["code"],
                "rate_bps": leg["rate_bps"],
                **_quote(leg),
                "tx_hash": leg["source"]["tx_hash"],
                "block": leg["source"]["block"],
                "time": leg["source"]["time"],
            },
        )
        for leg in answer["legs"]
    ]
    parties = {end["id"]: end for leg in answer["legs"] for end in (leg["payer"], leg["payee"])}
    graph = Graph([_party_node(one) for one in parties.values()], edges)
    return Book(f"fund-flow-{debt['id']}", [_cash_sheet(answer["legs"], currency), sums], graph)


def leg_amount(leg: Json, currency: Json) -> str:
    """What was paid, as decimal digits."""
    return str(Money(int(leg["amount"]), currency["decimals"]))


def position(answer: Json) -> Book:
    """Of `GET /parties/{id}/position`: notes, debts, cash, sums; who owes the party, and whom it owes."""
    me = answer["party"]
    notes = Sheet(
        "notes",
        Words("持有凭证", "Notes held"),
        columns(
            ("note", "凭证", "Note"),
            ("receivable", "应收账款", "Receivable"),
            ("debtor", "核心企业编号", "Debtor's id"),
            ("debtor_name", "核心企业", "Debtor"),
            ("due_date", "到期日", "Due"),
            ("tier", "层级", "Tier"),
            ("origin", "来源", "Origin"),
            ("currency", "币种", "Currency"),
            ("face", "面值", "Face value"),
            ("value", "余额", "Value left"),
            ("pledged", "已质押", "Pledged"),
            ("status", "状态", "Status"),
        ),
        [
            [
                *(n["note"], n["receivable"], n["debtor"]["id"], party(n["debtor"]), n["due_date"], n["tier"]),
                *(ORIGIN[n["origin"]], n["currency"]["code"]),
                *(money(n[name], n["currency"]) for name in ("face", "value", "pledged")),
                STATUS[n["status"]],
            ]
            for n in answer["notes"]
        ],
    )
    debts = Sheet(
        "debts",
        Words("应付账款", "Debts"),
        columns(
            ("receivable", "应收账款", "Receivable"),
            ("creditor", "首位债权人编号", "First creditor's id"),
            ("creditor_name", "首位债权人", "First creditor"),
            ("due_date", "到期日", "Due"),
            ("currency", "币种", "Currency"),
            ("face_value", "面值", "Face value"),
            ("outstanding", "未付金额", "Outstanding"),
            ("status", "状态", "Status"),
        ),
        [
            [
                *(d["receivable"], d["creditor"]["id"], party(d["creditor"]), d["due_date"], d["currency"]["code"]),
                *(money(d[name], d["currency"]) for name in ("face_value", "outstanding")),
                STATUS[d["status"]],
            ]
            for d in answer["debts"]
        ],
    )
    cash = Sheet(
        "cash",
        Words("累计收付", "Cash to date"),
        columns(
            ("currency", "币种", "Currency"),
            ("kind", "类型", "Kind"),
            ("paid", "付出", "Paid"),
            ("received", "收到", "Received"),
        ),
        [
            [
                c["currency"]["code"],
                LEG[c["kind"]],
                money(c["paid"], c["currency"]),
                money(c["received"], c["currency"]),
            ]
            for c in answer["cash"]
        ],
    )
    return Book(
        f"position-{me['id']}-{answer['moment']['block']}",
        [notes, debts, cash, _sums(answer["sums"])],
        _owing(answer),
    )


def _sums(sums: Sequence[Json]) -> Sheet:
    amounts = ("held", "accepted", "pledged", "owed", "overdue", "paid", "received")
    return Sheet(
        "sums",
        Words("汇总", "Sums"),
        columns(
            ("currency", "币种", "Currency"),
            ("notes", "凭证数", "Notes"),
            ("debts", "应付笔数", "Debts"),
            ("held", "持有余额", "Held"),
            ("accepted", "其中已签收", "Of it accepted"),
            ("pledged", "其中已质押", "Of it pledged"),
            ("owed", "应付未付", "Owed"),
            ("overdue", "其中逾期", "Of it overdue"),
            ("paid", "累计付出", "Paid to date"),
            ("received", "累计收到", "Received to date"),
        ),
        [
            [s["currency"]["code"], s["notes"], s["debts"], *(money(s[name], s["currency"]) for name in amounts)]
            for s in sums
        ],
    )


def _owing(answer: Json) -> Graph:
    """From who owes to whom: by debtor, creditor and currency."""
    me = answer["party"]
    parties: dict[int, Json] = {me["id"]: me}
    owed: dict[tuple[int, int, str], list[Any]] = {}

    def add(debtor: Json, creditor: Json, currency: Json, amount: str) -> None:
        parties.setdefault(debtor["id"], debtor)
        parties.setdefault(creditor["id"], creditor)
        sums = owed.setdefault((debtor["id"], creditor["id"], currency["code"]), [currency, 0, 0])
        sums[1] += int(amount)
        sums[2] += 1

    for note in answer["notes"]:
        add(note["debtor"], me, note["currency"], note["value"])
    for debt in answer["debts"]:
        add(me, debt["creditor"], debt["currency"], debt["outstanding"])
    edges = []
    for (debtor, creditor, code), (currency, amount, count) in owed.items():
        worth = Money(amount, currency["decimals"])
        facts = {"amount": str(worth), "currency": code, "count": count}
        edges.append(Edge(str(debtor), str(creditor), _worth(Words("欠", "owes"), worth, currency), facts))
    return Graph([_party_node(one) for one in parties.values()], edges)


def paths(answer: Json, source: int, target: int) -> Book:
    """Of a page of `GET /paths`: one row a note of each path, in its order; the notes as a graph."""
    rows: list[list[Cell]] = []
    notes: dict[int, tuple[Json, Json]] = {}
    for number, path in enumerate(answer["items"], start=1):
        currency = path["receivable"]["currency"]
        for step, note in enumerate(path["notes"], start=1):
            notes[note["id"]] = (note, currency)
            rows.append([number, step, money(path["amount"], currency), *_note(note, currency)])
    led = columns(("path", "路径", "Path"), ("step", "步", "Step"), ("amount", "到达金额", "Amount that arrived"))
    graph = Graph(
        [_note_node(note, currency) for note, currency in notes.values()],
        [_note_edge(note, currency) for note, currency in notes.values() if note["parent"] in notes],
    )
    sheet = Sheet("paths", Words("流转路径", "Paths"), (*led, *_NOTE), rows)
    return Book(f"paths-{source}-{target}", [sheet], graph)


# -- cells


def money(amount: str | None, currency: Json) -> Money | None:
    """An answer's amount."""
    return None if amount is None else Money(int(amount), currency["decimals"])


def party(name: Json) -> Words:
    """How a party is called; its number where nobody named it."""
    number = f"#{name['id']}"
    return Words(name["name_zh"] or name["name_en"] or number, name["name_en"] or name["name_zh"] or number)


def _party_node(name: Json) -> Node:
    facts = {"party": name["id"], "name_zh": name["name_zh"], "name_en": name["name_en"]}
    return Node(str(name["id"]), party(name), facts)


def _worth(what: Words, amount: Money | None, currency: Json) -> Words:
    worth = "" if amount is None else f" {amount.grouped()} {currency['code']}"
    return Words(what.zh + worth, what.en + worth)


def _both(words: Words) -> tuple[str, str]:
    return words.zh, words.en


def _text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)
