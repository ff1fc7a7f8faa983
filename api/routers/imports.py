"""Importing ledgers and invoices in the name of the party that owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from api.domain.errors import InvalidInput
from api.domain.invoices import Assumption, InvoiceItem, Refusal
from api.domain.ledgers import ColumnMap, LedgerOptions
from api.domain.party_identity import identify
from api.domain.records import ImportedItem
from api.domain.refusals import reason
from api.routers.answers import Json, json_answer
from api.routers.deps import Cursor, Desk, Limit, Seeing
from api.routers.documented import posting, reading
from api.schemas import imports, ledger, wire
from api.schemas.base import LARGEST_PARTY

router = APIRouter(prefix="/imports", tags=["imports"])

Name = Annotated[str | None, Form(max_length=200)]


@router.post(
    "",
    response_model=imports.Imported,
    responses=posting("UnknownParty", "ImportOptionInvalid", "IndexMissing"),
)
async def import_document(
    desk: Desk,
    see: Seeing,
    file: Annotated[UploadFile, File(description="A ledger (CSV) or an invoice (UBL 2.1 or CII XML).")],
    party: Annotated[int, Form(ge=1, le=LARGEST_PARTY, description="The party that owes, in whose name it is read.")],
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
) -> Response:
    """Reads a document; each invoice goes in once, whatever file it comes in (导入).

    Good items go in although others of the same document are refused; importing again imports nothing twice and
    answers with the same items as `known`. The original is kept under its hash.
    """
    see.acts_for(party)
    await desk.ledger.party(party)
    options = LedgerOptions(
        columns=_columns(column or ()),
        encoding=encoding,
        decimal_mark="," if decimal_mark == "," else ".",
        currency=currency,
        buyer=identify(name=buyer),
        country=country,
        assumption=_assumption(assume_due_days, seed),
    )
    reader = desk.reader(options, await desk.parties.aliases())
    report = await desk.importing.import_document(party, _file_name(file), await file.read(), reader)
    stored = await desk.items.by_fingerprints([i.fingerprint for i in (*report.imported, *report.known)])
    known = [i for i in report.known if see.sees_item(stored[i.fingerprint])]
    others = [Refusal(i.file, i.item, "invoice-taken", {}, i.number) for i in report.known if i not in known]
    return json_answer(
        {
            "imported": _items(report.imported, stored),
            "known": _items(known, stored),
            "refused": [_refusal(r) for r in (*report.refused, *others)],
        }
    )


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


def _item(stored: ImportedItem) -> Json:
    item = stored.item
    return {
        "id": stored.id,
        "buyer": stored.buyer,
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
        "evidence_hash": stored.evidence_hash,
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
