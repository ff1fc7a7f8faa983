"""Importing ledgers and invoices in the name of the party that owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile

from api.domain.calendar import date_of_day
from api.domain.errors import CascadeError, InvalidInput
from api.domain.invoices import Assumption, InvoiceItem, Refusal
from api.domain.ledgers import ColumnMap, LedgerOptions
from api.domain.party_identity import identify
from api.domain.records import ImportedItem
from api.domain.refusals import reason
from api.domain.views import PartyName
from api.errors import told
from api.routers.answers import Json, json_answer
from api.routers.deps import Cursor, Desk, Language, Limit, Seeing
from api.routers.documented import posting, reading
from api.schemas import imports, ledger, wire
from api.schemas.base import LARGEST_PARTY
from api.services.intake import ImportReport
from api.services.issuance import Confirmable
from api.services.sight import Sight

router = APIRouter(prefix="/imports", tags=["imports"])

Name = Annotated[str | None, Form(max_length=200)]


Upload = Annotated[UploadFile, File(description="A ledger (CSV) or an invoice (UBL 2.1 or CII XML).")]
Buyer = Annotated[
    int, Form(alias="party", ge=1, le=LARGEST_PARTY, description="The party that owes, in whose name it is read.")
]


async def _options(
    column: Annotated[
        list[str] | None,
        Form(
            max_length=20,
            description="Ledger column as ROLE=HEADER: number, vendor, vendor_vat, amount, date, due_date, currency, buyer.",
            examples=[["number=doc_no", "vendor=supplier"]],
        ),
    ] = None,
    encoding: Annotated[str, Form(max_length=40, description="Where a ledger has no byte order mark.")] = "utf-8",
    decimal_mark: Annotated[str, Form(pattern=r"^[.,]$")] = ".",
    currency: Annotated[str | None, Form(pattern=r"^[A-Z]{3}$", description="Where no column says.")] = None,
    buyer: Name = None,
    country: Annotated[
        str | None, Form(pattern=r"^[A-Z]{2}$", description="Of vendors' tax numbers without a prefix.")
    ] = None,
    assume_due_days: Annotated[
        str | None,
        Form(
            pattern=r"^[0-9]{1,4}(-[0-9]{1,4})?$",
            description="Assume due dates that no document states: so many days after the issue date.",
            examples=["30-90"],
        ),
    ] = None,
    seed: Annotated[int, Form(ge=0, le=2**31, description="Of the assumed due dates.")] = 0,
) -> LedgerOptions:
    return LedgerOptions(
        columns=_columns(column or ()),
        encoding=encoding,
        decimal_mark="," if decimal_mark == "," else ".",
        currency=currency,
        buyer=identify(name=buyer),
        country=country,
        assumption=_assumption(assume_due_days, seed),
    )


Options = Annotated[LedgerOptions, Depends(_options)]
_RULES = ("UnknownParty", "ImportOptionInvalid", "IndexMissing")


@router.post("", response_model=imports.Imported, responses=posting(*_RULES))
async def import_document(desk: Desk, see: Seeing, file: Upload, party: Buyer, options: Options) -> Response:
    """Reads a document; each invoice goes in once, whatever file it comes in (导入).

    Good items go in although others of the same document are refused; importing again imports nothing twice and
    answers with the same items as `known`. The original is kept under its hash.
    """
    see.acts_for(party)
    await desk.ledger.party(party)
    reader = desk.reader(options, await desk.parties.aliases())
    report = await desk.importing.import_document(party, _file_name(file), await file.read(), reader)
    stored = await desk.items.by_fingerprints([i.fingerprint for i in (*report.imported, *report.known)])
    return json_answer({"imported": _items(report.imported, stored), **_rest(see, report, stored)})


@router.post("/checks", response_model=imports.Checked, responses=posting(*_RULES))
async def check_document(desk: Desk, see: Seeing, file: Upload, party: Buyer, options: Options) -> Response:
    """What importing a document would come to (试导入): row by row, with what duplicates collide with. Nothing is kept."""
    see.acts_for(party)
    await desk.ledger.party(party)
    reader = desk.reader(options, await desk.parties.aliases())
    report = await desk.importing.check_document(_file_name(file), await file.read(), reader)
    stored = await desk.items.by_fingerprints([i.fingerprint for i in report.known])
    return json_answer({"new": [_draft(i) for i in report.imported], **_rest(see, report, stored)})


@router.get("/plan", response_model=ledger.Page[imports.Planned], responses=reading("CursorInvalid"))
async def plan(
    desk: Desk,
    see: Seeing,
    language: Language,
    buyer: Annotated[int, Query(ge=1, le=LARGEST_PARTY)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Imported invoices that no debt uses yet, and what confirming each now would come to (待确权). A page may be empty and
    not the last: what is confirmed is left out."""
    page = await see.items(buyer=buyer, cursor=cursor, limit=limit)
    found = await desk.issuance.plan(buyer, page.items)
    names = await desk.ledger.names(one.terms["creditor"] for one in found.ready)
    planned = {one.item.id: _ready(one, names) for one in found.ready}
    planned |= {i.id: _not_ready(i, e, language) for i, e in found.refused if e.rule != "AlreadyClaimed"}
    return json_answer({"items": [planned[i] for i in sorted(planned)], "next": page.next})


@router.get("/items", response_model=ledger.Page[imports.Item], responses=reading("CursorInvalid"))
async def items(
    see: Seeing,
    buyer: Annotated[int | None, Query(ge=1, le=LARGEST_PARTY)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Imported invoices, in the order of their import."""
    return json_answer(wire.page(await see.items(buyer=buyer, cursor=cursor, limit=limit), _item))


def _columns(assignments: Sequence[str]) -> ColumnMap:
    try:
        return ColumnMap.of(assignments)
    except ValueError as error:
        raise InvalidInput("ImportOptionInvalid", field="column", message=str(error)) from None


def _assumption(days: str | None, seed: int) -> Assumption | None:
    if days is None:
        return None
    first, _, last = days.partition("-")
    try:
        return Assumption(int(first), int(last or first), seed)
    except ValueError as error:
        raise InvalidInput("ImportOptionInvalid", field="assume_due_days", message=str(error)) from None


def _file_name(file: UploadFile) -> str:
    """The file's own name, safe to show: no folders, nothing invisible."""
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:200] or "upload"


def _items(found: Sequence[InvoiceItem], stored: Mapping[str, ImportedItem]) -> list[Json]:
    return [_item(stored[i.fingerprint]) for i in found]


def _rest(see: Sight, report: ImportReport, stored: Mapping[str, ImportedItem]) -> Json:
    """What is not new. An invoice that another party's people imported is theirs: it is taken, and no more is told."""
    known = [i for i in report.known if see.sees_item(stored[i.fingerprint])]
    others = [Refusal(i.file, i.item, "invoice-taken", {}, i.number) for i in report.known if i not in known]
    return {"known": _items(known, stored), "refused": [_refusal(r) for r in (*report.refused, *others)]}


def _ready(one: Confirmable, names: Mapping[int, PartyName]) -> Json:
    return {
        "item": _item(one.item),
        "creditor": wire.party_name(names[one.terms["creditor"]]),
        "currency": wire.currency(one.currency),
        "amount": str(one.terms["amount"]),
        "due_date": date_of_day(one.terms["dueDay"]).isoformat(),
        "refused": None,
    }


def _not_ready(item: ImportedItem, error: CascadeError, language: str) -> Json:
    nothing = dict.fromkeys(("creditor", "currency", "amount", "due_date"))
    return {"item": _item(item), **nothing, "refused": told(error.rule, error.evidence, language)}


def _item(stored: ImportedItem) -> Json:
    return {
        "id": stored.id,
        "buyer": stored.buyer,
        **_draft(stored.item),
        "evidence_hash": stored.evidence_hash,
    }


def _draft(item: InvoiceItem) -> Json:
    return {
        "file": item.file,
        "item": item.item,
        "seller": item.seller.key,
        "seller_name": item.seller.name,
        "number": item.number,
        "issue_date": item.issue_date.isoformat(),
        "due_date": None if item.due_date is None else item.due_date.isoformat(),
        "currency": item.currency,
        "payable": str(item.payable),
        "fingerprint": item.fingerprint,
        "file_hash": item.file_hash,
        "assumed": list(item.assumed),
    }


def _refusal(refusal: Refusal) -> Json:
    return {
        "file": refusal.file,
        "item": refusal.item,
        "number": refusal.number,
        "rule": refusal.rule,
        "reason": reason(refusal),
        "reason_zh": reason(refusal, "zh"),
        "params": dict(refusal.params),
    }
