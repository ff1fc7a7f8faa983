"""Certificates of notes: printed for their holders, checked by anyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Response

from api.domain.calendar import date_of_day
from api.domain.operations import Contract
from api.domain.views import PartyName
from api.exports.book import Money
from api.routers.answers import json_answer
from api.routers.deps import Desk, NotePath, Seeing
from api.routers.documented import posting, refusals
from api.schemas import acts
from api.schemas.certificates import Certificate, certificate, in_capitals
from api.services.certificates import Certified

if TYPE_CHECKING:
    from api.exports.certificate import Row

router = APIRouter(tags=["notes"])
open_router = APIRouter(tags=["notes"])
"""What is told without asking who wants to know."""

_PDF = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}


@router.post(
    "/notes/{id}/certificates",
    response_class=Response,
    status_code=201,
    responses={201: _PDF, **posting("UnknownNote", "NotHeld", "FontMissing")},
)
async def certify(desk: Desk, see: Seeing, note_id: NotePath, body: acts.PartyBody) -> Response:
    """A certificate of a note for its holder to print (持有证明), as PDF; `Location` is what anyone who has it can check."""
    from api.exports.certificate import certificate_pdf  # half a second, for whoever prints

    see.acts_for(body.party)
    found = await desk.certificates.certify((await see.note(note_id)).view, body.party)
    address = f"{desk.settings.web_origin}/#/certificate?code={found.code}"
    contract = desk.chain.addresses[Contract.NOTES]
    file = certificate_pdf(_rows(found, desk.chain.chain_id, contract), address)
    name = f"certificate-{note_id}.pdf"
    headers = {"Location": f"/certificates/{found.code}", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file, 201, headers, "application/pdf")


@open_router.get(
    "/certificates/{code}",
    response_model=Certificate,
    responses=refusals("UnknownCertificate", "RequestInvalid", "TooManyRequests"),
)
async def check(
    desk: Desk,
    code: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{58}$", examples=["A" * 58])],
) -> Response:
    """What a certificate says, for whoever has its code, and whether the note is still as printed. One address may ask as
    often as it may try to sign in."""
    return json_answer(certificate(await desk.certificates.check(code)))


def _rows(found: Certified, chain_id: int, contract: str) -> list[Row]:
    told, receivable = found.certificate, found.receivable
    value = Money(told.value, receivable.currency.decimals)
    capitals = in_capitals(found)
    return [
        ("凭证编号", "Note", str(told.note)),
        ("金额", "Amount", f"{receivable.currency.code} {value.grouped()}"),
        *([("大写", "In capitals", capitals)] if capitals else []),
        ("付款人（核心企业）", "To be paid by", _names(receivable.debtor)),
        ("持有人", "Holder", _names(found.holder)),
        ("到期日", "Due date", date_of_day(receivable.due_day).isoformat()),
        ("截至区块", "As of block", f"{told.block} · {chain_id} · {contract}"),
    ]


def _names(party: PartyName) -> str:
    return " · ".join(dict.fromkeys(filter(None, (party.name_zh, party.name_en)))) or f"#{party.id}"
