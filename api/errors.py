"""The one error map: every named error as an RFC 9457 problem, with a stable type and a text in both languages.

Status by class, and for a broken rule by its family:

* 403 the acting account or party is not the one that may (`NotHolder`, `MissingRight`, …);
* 404 the thing named does not exist;
* 422 what was asked can never be done as asked (`ZeroAmount`, `TenorOverPolicy`, `BelowMinimum`, …);
* 409 it cannot be done as things stand now (`NotHeld`, `OverLine`, `QuoteExpired`, `PartyIsSuspended`, …).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from api.domain.errors import (
    CascadeError,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    RuleBroken,
    Unauthenticated,
    Unavailable,
)
from api.domain.messages import EN, ZH, explain, title
from api.schemas.wire import evidence as written

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/problems/"

NOT_YOURS = frozenset(
    {
        *("AccessManagedUnauthorized", "ItemOfOtherBuyer", "MissingRight", "NotDesk", "NotHolder", "NotOfferor"),
        *("NotAssigneeNorDebtor", "NotWriter", "PayerNotAuthorised", "QuoteForOtherSeller"),
    }
)
UNKNOWN = frozenset({"UnknownCurrency", "UnknownNote", "UnknownParty", "UnknownReassignment", "UnknownReceivable"})
NEVER = frozenset(
    {
        *("AttestationInvalid", "BelowMinimum", "BuyerIsSeller", "CreditCodeMissing", "CreditorIsDebtor"),
        *("CurrencyWithoutToken", "DeliveryAfterToday", "DueDateMissing", "DueDayPast", "EmptyBatch"),
        *("ClaimsNotExact", "EvidenceMissing", "InvoiceMissing", "InvalidAccount", "InvalidRights", "InvalidRoles"),
        *("InvalidSignature", "MixedCurrencies", "NoDeals", "NothingToConfirm", "OrderHashMissing"),
        *(
            "PolicyOutOfBounds",
            "PriceTooLow",
            "QuoteSignatureInvalid",
            "RegistryReferenceMissing",
            "RemovedNotAsAnnounced",
            "SelfTransfer",
        ),
        *("ReferenceOfOtherDeal", "RegistrationTimeInvalid"),
        *("TenorOverPolicy", "TotalExceeded", "TradeHashMissing", "ValueExceeded", "ZeroAmount"),
    }
)
_STATUS_OF_RULE = {
    **dict.fromkeys(NOT_YOURS, 403),
    **dict.fromkeys(UNKNOWN, 404),
    **dict.fromkeys(NEVER, 422),
    "NoSigningAccount": 403,
    "KeyUnavailable": 403,
    "UnknownPath": 404,
    "MethodNotAllowed": 405,
    "BodyTooDeep": 400,
    "BodyTooLarge": 413,
    "MediaTypeNotSupported": 415,
    "HostNotAllowed": 421,
    "TooManyRequests": 429,
    "CrossOriginRefused": 403,
    "TooManyAttempts": 429,
    "InternalError": 500,
}
_STATUS_OF_CLASS: tuple[tuple[type[CascadeError], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (InvalidInput, 422),
    (Unavailable, 503),
    (RuleBroken, 409),
)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def problem_type(rule: str) -> str:
    """A rule's stable type: NotHolder → /problems/not-holder."""
    return TYPE_PREFIX + _WORD.sub("-", rule).lower()


def status_of(error: CascadeError) -> int:
    """The HTTP status of a named error."""
    if error.rule in _STATUS_OF_RULE:
        return _STATUS_OF_RULE[error.rule]
    return next((status for kind, status in _STATUS_OF_CLASS if isinstance(error, kind)), 500)


def told(rule: str, evidence: Mapping[str, Any], language: str = EN) -> dict[str, Any]:
    """Type, texts and evidence of a rule: what problems, failed operations and refused items share."""
    return {
        "type": problem_type(rule),
        "title": title(rule, language),
        "title_zh": title(rule, ZH),
        "detail": explain(rule, evidence, language),
        "detail_zh": explain(rule, evidence, ZH),
        "evidence": written(evidence),
    }


def problem(error: CascadeError, language: str = EN) -> dict[str, Any]:
    """The problem document of a named error."""
    document = told(error.rule, error.evidence, language)
    return {"type": document.pop("type"), "status": status_of(error), **document}


def language_of(accept_language: str | None) -> str:
    """ "zh" when the header prefers Chinese over English, else "en"."""
    best, chosen = 0.0, EN
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.split("-")[0].lower()
        weight = _weight(parameter)
        if language in (ZH, EN) and weight > best:
            best, chosen = weight, language
    return chosen


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
