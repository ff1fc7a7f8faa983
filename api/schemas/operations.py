"""Operations as answered, and acts whose account signs outside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from api.domain.operations import Contract, OperationStatus
from api.schemas import acts, approvals, network, recourse
from api.schemas.base import Address, Amount, Answer, Body, Hex, Instant, WideAmount

OperationId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]

EXAMPLE: dict[str, JsonValue] = {
    "id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "kind": "accept",
    "party": 3,
    "status": "confirmed",
    "contract": "ReceivableNotes",
    "function": "accept",
    "account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "relayed_for": None,
    "nonce": 4,
    "tx_hash": "0x9b2f4c1d6e8a0b3c5d7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c",
    "block": 57,
    "gas_used": 36102,
    "final": True,
    "error": None,
    "approval": None,
    "request_id": "erp-2025-07-01-000417",
    "created_at": "2025-07-01T02:00:00Z",
    "updated_at": "2025-07-01T02:00:01Z",
}


class Failure(Answer):
    """Why an operation failed, as a problem names it."""

    type: str
    title: str
    title_zh: str
    detail: str
    detail_zh: str
    evidence: dict[str, Any]


class Operation(Answer):
    """What a party asked the chain to do: `queued` (stored), `submitted` (signed and sent), `confirmed` (mined, as asked) or
    `failed` (`error` says why). `created_at` and `updated_at` are of the server's clock."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    id: str
    kind: str
    party: int
    status: OperationStatus
    contract: Contract
    function: str
    account: str
    """Who sends the transaction."""
    relayed_for: str | None
    """The account whose signed request it carries; null where the account sends itself."""
    nonce: int | None
    tx_hash: str | None
    block: int | None
    gas_used: int | None
    final: Annotated[
        bool,
        Field(
            description="Whether how it ended stands for good. Until then its block may be replaced: it is `submitted` again "
            "then, and the same signed transaction is sent again."
        ),
    ]
    error: Failure | None
    approval: str | None = Field(
        description="The approval by which two people of the party asked for it, if it took two."
    )
    request_id: str | None = Field(description="X-Request-ID of the answer to the request that asked for it.")
    created_at: Instant
    updated_at: Instant


class Operations(Answer):
    """What a request became: one operation per transaction, or an approval that two people are to sign first."""

    operations: list[Operation]
    approval: str | None


class RefusedItem(Answer):
    """An imported item that was left out, and why."""

    item: int
    type: str
    title: str
    title_zh: str
    detail: str
    detail_zh: str
    evidence: dict[str, Any]


class Confirmation(Operations):
    refused: list[RefusedItem]


class Admitted(Answer):
    """`party` is null until the admission is confirmed."""

    credit_code: str
    party: int | None


class Admissions(Operations):
    parties: list[Admitted]


class CallBody(Body):
    """A contract call as `POST /operations/unsigned` gave it: whole numbers are decimal strings."""

    contract: Contract
    function: Annotated[str, Field(pattern=r"^[A-Za-z]{1,40}$")]
    args: Annotated[list[Any], Field(max_length=16)]
    account: Address
    at: Address | None = None


class Unsigned(Answer):
    """`transaction` is as eth_signTransaction takes it (quantities in hex); `call` goes back with it once signed."""

    call: dict[str, Any]
    transaction: dict[str, str]


class UnsignedTransactions(Answer):
    transactions: list[Unsigned]


class _Outside(Body):
    account: Annotated[Address, Field(description="The account that signs, with the right to act for the party.")]


class UnsignedConfirm(_Outside):
    act: Literal["confirm"]
    request: acts.ConfirmBody


class UnsignedAccept(_Outside):
    act: Literal["accept"]
    request: acts.NotesBody


class UnsignedRefuse(_Outside):
    act: Literal["refuse"]
    request: acts.NotesBody


class UnsignedWithdraw(_Outside):
    act: Literal["withdraw"]
    request: acts.NotesBody


class UnsignedSplit(_Outside):
    act: Literal["split"]
    request: acts.SplitBody


class UnsignedConsent(_Outside):
    act: Literal["consent"]
    request: acts.ConsentBody


class UnsignedFinance(_Outside):
    act: Literal["finance"]
    request: acts.FinanceBody


class UnsignedRepay(_Outside):
    act: Literal["repay"]
    request: acts.RepayBody


class UnsignedNotice(_Outside):
    act: Literal["notify_debtor"]
    request: acts.NotesBody


class UnsignedApprove(_Outside):
    act: Literal["approve"]
    request: acts.ApprovalBody


class UnsignedDemand(_Outside):
    act: Literal["demand_recourse"]
    request: acts.NotesBody


class UnsignedHonour(_Outside):
    act: Literal["honour_recourse"]
    request: recourse.HonourBody


class UnsignedFreeze(_Outside):
    act: Literal["freeze"]
    request: network.OrderBody


class UnsignedRelease(_Outside):
    act: Literal["release"]
    request: network.OrderBody


class UnsignedReassign(_Outside):
    act: Literal["reassign"]
    request: network.ReassignBody


class UnsignedExecuteReassignment(_Outside):
    act: Literal["execute_reassignment"]
    request: network.ExecuteBody


class UnsignedCancelReassignment(_Outside):
    act: Literal["cancel_reassignment"]
    request: network.CancelBody


class UnsignedKeyChange(_Outside):
    """For transactions alone: the register of parties takes no relayed requests."""

    act: Literal["veto_recovery", "veto_settlement", "finish_settlement"]
    request: acts.PartyBody


class UnsignedApproved(_Outside):
    """What two people have approved, for the account to sign."""

    act: Literal["approved"]
    request: approvals.ApprovedBody


UnsignedBody = Annotated[
    UnsignedConfirm
    | UnsignedAccept
    | UnsignedRefuse
    | UnsignedWithdraw
    | UnsignedSplit
    | UnsignedConsent
    | UnsignedFinance
    | UnsignedRepay
    | UnsignedNotice
    | UnsignedDemand
    | UnsignedHonour
    | UnsignedFreeze
    | UnsignedRelease
    | UnsignedReassign
    | UnsignedExecuteReassignment
    | UnsignedCancelReassignment
    | UnsignedKeyChange
    | UnsignedApprove
    | UnsignedApproved,
    Field(
        discriminator="act",
        examples=[
            {
                "act": "accept",
                "account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
                "request": {"party": 3, "notes": [7]},
            }
        ],
    ),
]


class SignedOne(Body):
    call: CallBody
    raw: Annotated[Hex, Field(description="The raw signed transaction.")]


class SignedBody(Body):
    """Transactions of one act, each with the call it was made for, in order."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "signed": [
                        {
                            "call": {
                                "contract": "ReceivableNotes",
                                "function": "accept",
                                "args": [["7"]],
                                "account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
                                "at": None,
                            },
                            "raw": "0x02f8b1827a69",
                        }
                    ]
                }
            ]
        },
    )

    signed: Annotated[list[SignedOne], Field(min_length=1, max_length=200)]
    approval: approvals.ApprovalId | None = None


_MESSAGE: dict[str, JsonValue] = {
    "from": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "to": "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
    "value": "0",
    "gas": "118408",
    "nonce": "4",
    "deadline": "1751335800",
    "data": "0x19c2",
}


class DraftedRequest(Answer):
    """`typed_data` is as eth_signTypedData_v4 takes it; `call` and its message go back, signed."""

    call: dict[str, Any]
    typed_data: dict[str, Any]


class DraftedRequests(Answer):
    requests: list[DraftedRequest]


class ForwardMessage(Body):
    """The message of the typed data, as it was signed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_MESSAGE]})

    sender: Annotated[Address, Field(alias="from")]
    to: Address
    value: WideAmount
    gas: WideAmount
    nonce: WideAmount
    deadline: Annotated[Amount, Field(description="Unix seconds.")]
    data: Hex


class RelayedOne(Body):
    call: CallBody
    message: ForwardMessage
    signature: Annotated[Hex, Field(description="65 bytes r, s, v.")]


class RelayedBody(Body):
    """Requests of one act, each with the call it was made for, in order."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "relayed": [
                        {
                            "call": {
                                "contract": "ReceivableNotes",
                                "function": "accept",
                                "args": [["7"]],
                                "account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
                                "at": None,
                            },
                            "message": _MESSAGE,
                            "signature": "0x" + "1b" * 65,
                        }
                    ]
                }
            ]
        },
    )

    relayed: Annotated[list[RelayedOne], Field(min_length=1, max_length=200)]
    approval: approvals.ApprovalId | None = None
