"""Reports: figures of a party, of the network, of a day, as documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.domain.calendar import day_of_date
from api.domain.reports import ReportName
from api.exports import reports as exports
from api.exports.formats import REPORTS, Format
from api.exports.make import make
from api.routers.answers import filed, json_answer
from api.routers.deps import Past, Seeing, WantingReport
from api.routers.documented import in_forms
from api.schemas.base import LARGEST_PARTY, Day
from api.schemas.reports import Report

router = APIRouter(tags=["reports"])


@router.get(
    "/reports/{name}",
    response_model=Report,
    **in_forms(
        *("UnknownReport", "UnknownParty", "ReportPartyMissing", "UnknownBlock", "UnknownDay", "MomentAmbiguous"),
        *("ChainUnreachable", "FontMissing"),
        forms=REPORTS,
    ),
)
async def report(
    see: Seeing,
    want: WantingReport,
    when: Past,
    name: Annotated[ReportName, Path(examples=["network"])],
    party: Annotated[
        int | None, Query(ge=1, le=LARGEST_PARTY, description="Of whom; one's own by default.", examples=[1])
    ] = None,
    since: Annotated[
        Day | None,
        Query(alias="from", description="Network and journal: from this day on; the ledger's first by default."),
    ] = None,
) -> Response:
    """A report (报告): of a core enterprise its liabilities by due month and payee and its credit lines; of a financier its
    portfolio, yield, maturity ladder, concentration and what is past due; of any party its accounting journal; of the network
    volumes, tiers, cost and time of financing; the reconciliation of a day."""
    book = await make(see, name, party, when, None if since is None else day_of_date(since))
    if want.form is Format.JSON:
        return json_answer(exports.told(book, want.language))
    return await filed(want, book)
