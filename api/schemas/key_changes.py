"""Changes of who controls a party, or where its cash goes, as asked for and answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue

from api.domain.administration import ChangeStatus
from api.domain.key_changes import KeyChange as KeyChangeView
from api.domain.key_changes import KeyChangeKind
from api.schemas import telling, wire
from api.schemas.acts import Operator
from api.schemas.base import BATCH, Address, Amount, Answer, Body, Hash, Hex, Instant
from api.schemas.ledger import PartyName

_WORD: dict[str, JsonValue] = {
    "party": 0,
    "account": "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
    "removed": ["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
    "evidence_hash": "0x" + "5e" * 32,
    "deadline": "1751422200",
}


class RecoveryWordBody(Body):
    """What an account shall say to take over a party whose keys are lost."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_WORD]})

    party: Operator = 0
    account: Annotated[Address, Field(description="Shall administer the party: a new account, or one that it has.")]
    removed: Annotated[
        list[Address], Field(max_length=BATCH, description="Accounts that lose every right when it is finished.")
    ]
    evidence_hash: Annotated[Hash, Field(description="Hash of the evidence of the account's authority; not zero.")]
    deadline: Annotated[
        Amount,
        Field(
            description="Unix seconds until which the account's signature counts: beyond the delay of the operator's role, "
            "where it has one."
        ),
    ]


class RecoveryBody(RecoveryWordBody):
    """The same, with the account's signature."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{**_WORD, "signature": "0x" + "1b" * 65}]}
    )

    signature: Annotated[Hex, Field(description="The account's own, over the typed data.")]


class RecoveryWord(Answer):
    """EIP-712 typed data, as eth_signTypedData_v4 takes it."""

    typed_data: dict[str, Any]


class KeyChange(Answer):
    """Announced: an administering account of the party may veto it until it is finished, which it may be from `ready_at` on."""

    party: PartyName
    kind: KeyChangeKind
    account: str
    removed: list[str]
    evidence_hash: str
    ready_at: Instant
    status: ChangeStatus


def key_change(view: KeyChangeView, time: int) -> dict[str, Any]:
    status = ChangeStatus.READY if time >= view.ready_at else ChangeStatus.WAITING
    return {**telling.key_change(view), "party": wire.party_name(view.party), "status": status}
