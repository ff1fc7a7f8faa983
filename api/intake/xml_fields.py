"""What both XML syntaxes yield before any rule is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from api.domain.party_identity import PartyIdentity


@dataclass(frozen=True, slots=True)
class Fields:
    """The EN 16931 terms of a receivable: BT-1 number, BT-2 issue date, BT-3 type, BT-5 currency, BT-9 due date, BT-27
    and on the seller, BT-44 and on the buyer, BT-115 the payable amount. Empty strings and None where absent; `at` has
    the element path of each.
    """

    number: str
    type_code: str
    issued: date | None
    due: frozenset[date]
    currency: str
    payable: str
    payable_currency: str
    seller: PartyIdentity | None
    buyer: PartyIdentity | None
    at: Mapping[str, str]
