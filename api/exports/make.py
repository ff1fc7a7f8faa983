"""Reports by their names, as whoever asks sees them."""

from __future__ import annotations

from api.domain.positions import When
from api.domain.reports import ReportName
from api.exports import reports
from api.exports.book import Book
from api.services.sight import Sight


async def make(see: Sight, name: ReportName, party: int | None, when: When, since: int | None) -> Book:
    """`party` is whose it is, the asker's own by default; network and journal begin with day `since`. NotFound for what the
    asker does not see."""
    if name is ReportName.NETWORK:
        return reports.network(await see.network_report(when, since))
    if name is ReportName.RECONCILIATION:
        return reports.reconciliation(await see.reconciliation(when))
    of = see.own(party, name)
    if name is ReportName.CORE:
        return reports.core(await see.core_report(of, when))
    if name is ReportName.FINANCIER:
        return reports.financier(await see.financier_report(of, when))
    return reports.journal(await see.journal(of, when, since))
