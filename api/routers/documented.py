"""What the OpenAPI document says about refusals: one example for each rule that an endpoint may answer with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.encoders import jsonable_encoder
from pydantic.json_schema import models_json_schema

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
from api.errors import MEDIA_TYPE, problem, problem_type, status_of
from api.exports.formats import ANSWERS, DATA, MEDIA_TYPES, Format
from api.schemas.problems import Problem

Responses = dict[int | str, dict[str, Any]]

_SAMPLES: Mapping[str, CascadeError] = {
    error.rule: error
    for error in (
        RuleBroken("AlreadyClaimed", fingerprint="0x" + "5a" * 32, receivable=2),
        RuleBroken("AlreadyDeclared", receivable=2),
        RuleBroken("BelowMinimum", note=7, value=50, minimum=100),
        RuleBroken("CreditCodeAlreadyAdmitted", creditCodeHash="0x" + "5a" * 32, party=3),
        RuleBroken("CreditorIsDebtor", party=1),
        RuleBroken("CurrencyWithoutToken", currency="CHF"),
        RuleBroken("DebtorOverdue", debtor=1, count=1),
        RuleBroken("DueDayPast", dueDay=20_270, today=20_271),
        RuleBroken("EmptyBatch"),
        RuleBroken("FinancedNote", note=12),
        RuleBroken("IdentityExpired", party=3, identityExpiry=20_270),
        RuleBroken(
            "InvoiceAmountDiffers", fingerprint="0x" + "5a" * 32, attestedBefore=12_500_000, attestedNow=12_600_000
        ),
        RuleBroken("ItemOfOtherBuyer", item=11, buyer=2),
        RuleBroken("MissingRight", account="0x" + "11" * 20, party=3, rights=2, required=1),
        RuleBroken("MissingRole", party=4, roles=1, required=2),
        RuleBroken("NotBeforeDueDay", note=7, dueDay=20_399),
        RuleBroken("NotDue", note=7, status=1),
        RuleBroken("NotHeld", note=7, status=1),
        RuleBroken("NotBoughtNote", note=12),
        RuleBroken("NotAssigneeNorDebtor", note=12, caller=5),
        RuleBroken("DebtorNotifiedAlready", note=12, debtorNotifiedAt=1_751_335_200),
        RuleBroken("DealNotKept", note=12),
        RuleBroken("ReferenceOfOtherDeal", note=12, registryReference="0x" + "5a" * 32, dealReference="0x" + "5b" * 32),
        RuleBroken("RegistrationReplaced", note=12, registeredAt=1_751_335_200, replaces=0),
        RuleBroken("RegistrationTimeInvalid", note=12, registeredAt=1_751_335_200),
        RuleBroken("NotHolder", note=7, holder=3, caller=5),
        RuleBroken("NotOffered", note=7, status=3),
        RuleBroken("NotOfferor", note=7, offeror=1, caller=5),
        RuleBroken("NotOverdue", receivable=2, today=20_271, lastGraceDay=20_404),
        RuleBroken("NothingToConfirm"),
        RuleBroken("OfferLapsed", note=7, lapseDay=20_300),
        RuleBroken("OfferNotLapsed", note=7, lapseDay=20_300),
        RuleBroken("OverInvoice", fingerprint="0x" + "5a" * 32, asked=8_000_000, left=4_500_000),
        RuleBroken("OverLine", debtor=1, currency="0x" + "22" * 20, asked=38_000_000, available=1_000_000),
        RuleBroken("PartyIsSuspended", party=3),
        RuleBroken("PartyNotSuspended", party=3),
        RuleBroken("PriceTooLow", price=3_948_000, minPrice=4_000_000),
        RuleBroken("QuoteEpochOver", financier=9, epoch=0, current=1),
        RuleBroken("QuoteExpired", validUntil=1_751_335_200),
        RuleBroken("QuoteForOtherSeller", seller=3, caller=5),
        RuleBroken("QuoteIsCancelled", financier=9, nonce=17),
        RuleBroken("QuoteUsedUp", financier=9, nonce=17, asked=4_000_000, available=0),
        RuleBroken("RegistryReferenceMissing", note=7),
        RuleBroken("SelfTransfer", note=7, party=3),
        RuleBroken("SellerNotAdmitted", identity="name:江澜座椅系统有限公司"),
        RuleBroken("TenorOverPolicy", tenorDays=400, hardTenorDays=365),
        RuleBroken("TierLimitReached", note=7, tier=4, tierLimit=4),
        RuleBroken("TotalExceeded", total=12_500_000, maxTotal=12_000_000),
        RuleBroken("TradeHashMissing", note=7),
        RuleBroken("ValueExceeded", note=7, asked=5_000_000, available=4_000_000),
        RuleBroken("ZeroAmount"),
        Conflict("IdempotencyKeyReused", key="erp-2025-07-01-000417"),
        Conflict("TooManyRequests", limit=1_200, wait_s=3),
        Conflict("TooManyWebhooks", party=3, most=10),
        Conflict("IdentityTaken", parties=["Jianglan Seating Systems Co., Ltd."]),
        Conflict("RelayNonceNotNext", next=5, given=4),
        InvalidInput("ActNotRelayable", contract="DepositToken", function="approve"),
        InvalidInput("SignatureInvalid", message="the signature has a high s"),
        InvalidInput("SignedRequestMismatch", field="data", expected="0x19c2", found="0x19c3"),
        RuleBroken("ERC2771ForwarderExpiredRequest", deadline=1_751_335_800),
        InvalidInput("ActNotSignable", contract="AccessManager", function="execute"),
        InvalidInput("BodyTooDeep", limit=32),
        InvalidInput("BodyTooLarge", limit=1_048_576),
        InvalidInput("CreditCodeInvalid", field="parties[0].credit_code", value="91990000MAHGY5HW10"),
        InvalidInput("CursorInvalid", cursor="x"),
        InvalidInput("CrossOriginRefused", origin="https://elsewhere.example"),
        InvalidInput("HostNotAllowed", host="elsewhere.example"),
        InvalidInput("IdempotencyKeyInvalid", field="header.Idempotency-Key"),
        InvalidInput("ImportOptionInvalid", field="column", message="'supplier': want ROLE=HEADER"),
        InvalidInput("MediaTypeNotSupported", expected="application/json"),
        InvalidInput("NameMissing", field="parties[0].name_zh"),
        InvalidInput("RequestInvalid"),
        InvalidInput("SignedTransactionMismatch", field="data", expected="0x19c2", found="0x19c3"),
        InvalidInput("TestMoneyOnPublicChain", chain_id=1),
        Forbidden("NotPermitted", needed="actor"),
        Forbidden("NotYourParty", party=3, yours=5),
        InvalidInput("UnknownFormat", format="pdf", known="json, columns, csv, xlsx, graphml, mermaid"),
        InvalidInput("UnknownTable", table="notes", known="cash, totals"),
        InvalidInput("WebhookAddressRefused", url="https://10.0.0.7/hook", reason="address"),
        NotFound("UnknownBlock", block=52),
        NotFound("UnknownDay", day=20_300),
        InvalidInput("MomentAmbiguous", block=52, day=20_300),
        NotFound("UnknownCertificate"),
        NotFound("UnknownItem", item=11),
        NotFound("UnknownAlert", alert=3),
        NotFound("UnknownChange", change="0x" + "4d" * 32),
        RuleBroken("AccessManagedUnauthorized", caller="0x" + "11" * 20),
        RuleBroken("AccessManagerAlreadyScheduled", operationId="0x" + "4d" * 32),
        RuleBroken("AccessManagerNotReady", operationId="0x" + "4d" * 32),
        RuleBroken("AccessManagerNotScheduled", operationId="0x" + "4d" * 32),
        RuleBroken("AccountBoundElsewhere", account="0x" + "11" * 20, party=5),
        RuleBroken("ChangeNotReady", party=3, readyAt=1_752_000_000),
        RuleBroken("DeadlinePassed", deadline=1_751_335_200),
        RuleBroken("EvidenceMissing"),
        RuleBroken("InvalidAccount", account="0x" + "11" * 20),
        RuleBroken("InvalidSignature", signer="0x" + "11" * 20),
        RuleBroken("NothingAnnounced", party=3),
        RuleBroken("ReassignmentNotDue", reassignment=2, readyAt=1_752_000_000),
        RuleBroken("UnknownReassignment", reassignment=2),
        RuleBroken("NotFreezable", note=7, status=1),
        RuleBroken("NoteNotFrozen", note=7),
        RuleBroken("OrderHashMissing"),
        RuleBroken("AlreadyDemanded", note=12, day=20_300),
        RuleBroken("NotDeclaredOverdue", note=12),
        RuleBroken("NotDemanded", note=12),
        RuleBroken("NotSeller", note=12, seller=5, caller=3),
        RuleBroken("PaymentTendered", note=12),
        RuleBroken("SoldWithoutRecourse", note=12),
        RuleBroken("PolicyOutOfBounds", parameter="hardTenorDays", value=400, bound=365),
        NotFound("UnknownReport", report="network"),
        InvalidInput("ReportPartyMissing", report="journal"),
        Unavailable("FontMissing", file="NotoSansSC_400Regular.ttf"),
        NotFound("UnknownJob", job="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        NotFound("UnknownNote", note=7),
        NotFound("UnknownOperation", operation="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        NotFound("UnknownParty", party=3),
        NotFound("UnknownQuoteRequest", note=7),
        NotFound("UnknownQuote", quote="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        NotFound("UnknownReceivable", receivable=2),
        NotFound("UnknownWebhook", webhook="7c9e6679742540de944be07fc1f90ae7"),
        Conflict("ApprovalAltered", approval="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        Conflict("ApprovalMismatch", approval="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        Conflict("ApprovalNeeded", kind="pay"),
        Conflict("ApprovalNotWaiting", approval="0f1e2d3c4b5a69788796a5b4c3d2e1f0", found="executed"),
        Conflict("SameKey", account="0x" + "11" * 20),
        Conflict("SamePerson", approval="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        Conflict("SignatureVoid", part="maker", person="0f1e2d3c4b5a69788796a5b4c3d2e1f0", reason="disabled"),
        Conflict("SigningKeyExists"),
        RuleBroken("ApprovalExpired", approval="0f1e2d3c4b5a69788796a5b4c3d2e1f0", deadline=1_751_335_800),
        InvalidInput("NothingToApprove"),
        NotFound("NoSigningKey"),
        NotFound("UnknownApproval", approval="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        Forbidden("ApprovalSignatureInvalid", account="0x" + "11" * 20),
        Forbidden("CodeRefused"),
        Forbidden("PersonRoleMissing", needed=["checker"]),
        Conflict("AccountLinked", account="0x" + "11" * 20),
        Conflict("EmailTaken", email="li.wei@jianglan.example"),
        Conflict("LastAdmin", party=3),
        Conflict("TooManyAttempts", wait_s=30),
        InvalidInput("CodeInvalid"),
        InvalidInput("SignInMessageInvalid", message="the message has not the form of EIP-4361"),
        InvalidInput("SignInMessageRefused", field="chain-id", expected=31_337, found=1),
        NotFound("UnknownAccount", account="0x" + "11" * 20),
        NotFound("UnknownApiKey", key="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        NotFound("UnknownPerson", person="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        NotFound("UnknownProvider", provider="jianglan"),
        NotFound("UnknownSession", session="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        Forbidden("AccountOfOtherParty", account="0x" + "11" * 20),
        Forbidden("NotCompanyAdmin"),
        Forbidden("NotSignedInAsPerson"),
        Forbidden("PasswordWrong"),
        Forbidden("ProviderDemanded"),
        Forbidden("ProviderOfOtherParty", provider="jianglan"),
        Unauthenticated("NotAuthenticated"),
        Unauthenticated("SetUpTokenInvalid"),
        Unauthenticated("SignInRefused"),
        Unavailable("ChainUnreachable", url="http://127.0.0.1:8545", message="connection refused"),
        Unavailable(
            "DossierIncomplete", rule="DossierStoryBeginsNowhere", evidence="DossierStoryBeginsNowhere(note=7)"
        ),
        Unavailable("NodeDisagrees", what="block 52"),
        Unavailable("ProofsNotOffered", message="the method eth_getProof does not exist"),
        Unavailable("StatePruned", block=52, message="missing trie node"),
        Unavailable("IndexMissing", file="chain.db"),
        Unavailable("NoRegistrar"),
        Unavailable("ProviderUnavailable", issuer="https://login.jianglan.example", reason="timeout"),
        Unavailable("NoSigningAccount", party=3, right=1),
        Unavailable("NotReady", missing=["chain", "index"]),
    )
}
_ANY_READ = ("RequestInvalid", "IndexMissing", "HostNotAllowed", "NotAuthenticated", "TooManyRequests", "NotPermitted")
_ANY_POST = (
    *("RequestInvalid", "NotAuthenticated", "TooManyRequests", "NotPermitted", "NotYourParty"),
    *("HostNotAllowed", "CrossOriginRefused", "BodyTooDeep", "BodyTooLarge", "MediaTypeNotSupported"),
)
_ANY_WRITE = (
    *_ANY_POST,
    *("NoSigningAccount", "IdempotencyKeyReused", "IdempotencyKeyInvalid", "ChainUnreachable", "IndexMissing"),
)


def refusals(*rules: str) -> Responses:
    """Problem responses by status, with an example for each of these rules."""
    found: dict[int, dict[str, Any]] = {}
    for rule in dict.fromkeys(rules):
        examples = found.setdefault(status_of(_SAMPLES[rule]), {})
        examples[rule] = {"$ref": f"#/components/examples/{rule}"}
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        status: {
            "description": ", ".join(problem_type(rule) for rule in examples),
            # By name: of a model given here the framework would make a validator for every refusal of every route.
            "content": {"application/json": {"schema": schema}, MEDIA_TYPE: {"schema": schema, "examples": examples}},
        }
        for status, examples in sorted(found.items())
    }


def schemas() -> dict[str, Any]:
    """The schemas that the refusals name, for the components of the OpenAPI document."""
    _, found = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    return dict(jsonable_encoder(found["$defs"], exclude_none=True))


def examples() -> dict[str, Any]:
    """One example of each problem, for the components of the OpenAPI document."""
    documents = {rule: problem(error) for rule, error in _SAMPLES.items()}
    return {rule: {"summary": d["title"], "value": d} for rule, d in documents.items()}


def reading(*rules: str) -> Responses:
    """Responses of a read: these rules, and those that any read may meet."""
    return refusals(*rules, *_ANY_READ)


_COLUMNS = (
    "The same answer by columns: a list of objects is `$rows` (how many) and `$columns` (by field, what it is in each); a "
    "column of what repeats, or may be null, is `$of` (each once) and `$at` (which one stands where, null for none); a column "
    "of lists is `$lengths` and `$of` (all of them in a row)."
)


def in_forms(*rules: str, forms: Sequence[Format] = ANSWERS) -> dict[str, Any]:
    """What the route of a read that is answered in other forms too says of itself: its responses and their choice."""
    files = {
        MEDIA_TYPES[form]: {"schema": {"type": "string", "format": "binary"}} for form in forms if form not in DATA
    }
    if Format.COLUMNS in forms:
        files[MEDIA_TYPES[Format.COLUMNS]] = {"schema": {"type": "object", "description": _COLUMNS}}
    choice = {
        "name": "format",
        "in": "query",
        "required": False,
        "description": "In which form; goes before `Accept`.",
        "schema": {"type": "string", "enum": [form.value for form in forms], "default": "json"},
    }
    table = {
        "name": "table",
        "in": "query",
        "required": False,
        "description": "With `format=csv`: which of the tables; the first by default.",
        "schema": {"type": "string"},
    }
    return {
        "responses": {200: {"content": files}, **reading(*rules, "UnknownFormat", "UnknownTable")},
        "openapi_extra": {"parameters": [choice, table]},
    }


def posting(*rules: str) -> Responses:
    """Responses of a POST that stores nothing on its way to the chain: these rules, and those of any body."""
    return refusals(*rules, *_ANY_POST)


def writing(model: type, *rules: str) -> Responses:
    """Responses of a write: 200 when it was waited for, 202 when it is under way, these rules and those of any write."""
    taken = {"model": model, "description": "Under way; `Location` is the first operation."}
    return {202: taken, **refusals(*rules, *_ANY_WRITE)}
