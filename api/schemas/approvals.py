"""Approvals as asked for, signed and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from api.domain.approvals import ActKind, ApprovalStatus, KeyKind, Part
from api.schemas import acts, ledger
from api.schemas.base import Address, Amount, Answer, Body, CurrencyCode, Hash, Hex, Instant, PartyId
from api.schemas.identity import Code
from api.schemas.network import CancelBody, ExecuteBody, OrderBody, ReassignBody
from api.schemas.recourse import HonourBody

ApprovalId = Annotated[
    str,
    Field(pattern=r"^[0-9a-f]{32}$", description="An approval's id.", examples=["0f1e2d3c4b5a69788796a5b4c3d2e1f0"]),
]
_ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
_WORD: dict[str, JsonValue] = {
    "account": "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
    "evidence_hash": "0x" + "5e" * 32,
    "deadline": "1751422200",
    "signature": "0x" + "1b" * 65,
}
Rights = Annotated[
    list[Literal["act", "quote", "administer"]], Field(max_length=3, description="The whole set from now on.")
]


class _Word(Body):
    party: PartyId
    account: Address
    evidence_hash: Hash
    deadline: Annotated[Amount, Field(description="Unix seconds until which the account's signature counts.")]
    signature: Annotated[Hex, Field(description="The account's own, over the registry's typed data.")]


class AddAccountBody(_Word):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"party": 3, **_WORD, "rights": ["act", "quote"]}]}
    )

    rights: Rights


class SettlementBody(_Word):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"party": 3, **_WORD}]})


class RightsBody(Body):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"party": 3, "account": _ACCOUNT, "rights": ["act"], "evidence_hash": "0x" + "00" * 32}]
        },
    )

    party: PartyId
    account: Address
    rights: Rights
    evidence_hash: Hash


class ApprovedBody(Body):
    """An approved act whose account signs outside."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"party": 3, "approval": "0f1e2d3c4b5a69788796a5b4c3d2e1f0"}]},
    )

    party: PartyId
    approval: ApprovalId


class _Asked(Body):
    account: Annotated[
        Address | None, Field(description="The account that acts; left out: one whose key the service has.")
    ] = None


class AskConfirm(_Asked):
    act: Literal["confirm"]
    request: acts.ConfirmBody


class AskFinance(_Asked):
    act: Literal["finance"]
    request: acts.FinanceBody


class AskRepay(_Asked):
    act: Literal["repay"]
    request: acts.RepayBody


class AskApprove(_Asked):
    act: Literal["approve"]
    request: acts.ApprovalBody


class AskAddAccount(_Asked):
    act: Literal["add_account"]
    request: AddAccountBody


class AskRights(_Asked):
    act: Literal["set_rights"]
    request: RightsBody


class AskHonour(_Asked):
    act: Literal["honour_recourse"]
    request: HonourBody


class AskRelease(_Asked):
    act: Literal["release"]
    request: OrderBody


class AskReassign(_Asked):
    act: Literal["reassign"]
    request: ReassignBody


class AskExecuteReassignment(_Asked):
    act: Literal["execute_reassignment"]
    request: ExecuteBody


class AskCancelReassignment(_Asked):
    act: Literal["cancel_reassignment"]
    request: CancelBody


class AskSettlement(_Asked):
    act: Literal["change_settlement"]
    request: SettlementBody


AskBody = Annotated[
    AskConfirm
    | AskFinance
    | AskRepay
    | AskApprove
    | AskHonour
    | AskRelease
    | AskReassign
    | AskExecuteReassignment
    | AskCancelReassignment
    | AskAddAccount
    | AskRights
    | AskSettlement,
    Field(
        discriminator="act",
        examples=[{"act": "repay", "request": {"party": 1, "receivables": [2], "max_total": "12500000"}}],
    ),
]


class ThresholdBody(Body):
    kind: Literal["confirm", "finance", "pay"]
    currency: CurrencyCode
    amount: Annotated[Amount, Field(description="From this amount on two people are needed, minor units; 0: always.")]


class ThresholdsBody(Body):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"party": 3, "thresholds": [{"kind": "finance", "currency": "CNY", "amount": "5000000"}]}]
        },
    )

    party: PartyId
    thresholds: Annotated[list[ThresholdBody], Field(min_length=1, max_length=100)]


class SignByWallet(Body):
    by: Literal["wallet"]
    part: Part
    account: Annotated[Address, Field(description="One's own linked account.")]
    signature: Annotated[Hex, Field(description="Over the approval's typed data (EIP-712).")]


class SignByCode(Body):
    by: Literal["code"]
    part: Part
    code: Code


SignBody = Annotated[
    SignByWallet | SignByCode,
    Field(discriminator="by", examples=[{"by": "code", "part": "checker", "code": "492039"}]),
]


class Threshold(Answer):
    """`used` is what acts by one person came to in the last 24 hours: it counts with the next one."""

    kind: ActKind
    currency: str
    amount: str
    used: str


class Thresholds(Answer):
    """Kinds and currencies that are not named always need two people."""

    thresholds: list[Threshold]


class Signature(Answer):
    """Who signed, with which key, when (by the server's clock)."""

    part: Part
    person: str
    means: KeyKind
    account: str
    signature: str
    at: Instant


class Sum(Answer):
    currency: str
    amount: str


class ApprovalLine(Answer):
    zh: str
    en: str


class ApprovalSummary(Answer):
    """An act that needs two people: `prepared` (asked for), `signed` (by its maker), `approved` (by both; the account signs
    outside), `executed` (see its operations, or its job), `refused`, `withdrawn` or `expired`."""

    id: str
    party: int
    kind: ActKind
    status: ApprovalStatus
    digest: str
    """What both sign: the EIP-712 digest of the typed data."""
    amounts: list[Sum]
    deadline: Instant
    prepared_by: str
    """A person's id, or an API key's, as `prepared_means` says."""
    prepared_means: str
    ended_by: str | None
    """The person who refused or withdrew it."""
    signatures: list[Signature]
    operations: list[str]
    job: str | None
    """The bulk job that waits for it, or that it released."""
    request_id: str | None
    created_at: Instant
    updated_at: Instant


class ApprovedRow(Answer):
    """A row of a bulk job as it was signed. `terms` are IIssuanceDesk.Confirmation, as the contract is called with it, and
    `hash` their EIP-712 hashStruct; `token` is the currency's address, `operation` the last that was to carry the row out."""

    position: int
    token: str
    terms: dict[str, Any]
    hash: str
    operation: str | None


class Approval(ApprovalSummary):
    """`typed_data` is as eth_signTypedData_v4 takes it. `lines` and `counterparties` are read out of its calls."""

    typed_data: dict[str, Any]
    lines: list[ApprovalLine]
    counterparties: list[ledger.PartyName]
