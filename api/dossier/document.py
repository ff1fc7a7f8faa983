"""What stands in a dossier, and its one way of being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from api.chain.abi import checksum
from api.domain.errors import InvalidInput

FORMAT = "cascade-dossier/1"
_CANONICAL = orjson.OPT_SORT_KEYS
_MOST = 2**48 - 1


def _checksummed(value: str) -> str:
    if value != checksum(value):
        raise ValueError("not spelled as EIP-55 asks")
    return value


Hex = Annotated[str, Field(pattern=r"^0x(?:[0-9a-f]{2})+$")]
Address = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$"), AfterValidator(_checksummed)]
Number = Annotated[int, Field(ge=0, le=_MOST)]
Digits = Annotated[str, Field(pattern=r"^(?:0|[1-9][0-9]*)$", max_length=78)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ProvenTransaction(_Part):
    """A transaction: `index` in block `block`. Its proof is the way to it in that block's two tries."""

    block: Number
    index: Number


class ApprovedAmount(_Part):
    currency: str
    amount: Digits


class ApprovedCall(_Part):
    contract: Address
    account: Address
    data: Hex


class ApprovedRows(_Part):
    currency: str
    token: Address
    count: Digits
    amount: Digits
    first_due: str = Field(alias="firstDue")
    last_due: str = Field(alias="lastDue")
    rows_hash: Hex = Field(alias="rowsHash")


class ApprovedThreshold(_Part):
    kind: str
    currency: str
    amount: Digits


class ApprovedAct(_Part):
    """The message of an approval's typed data, see api.domain.typed_data.approval."""

    id: str
    party: Digits
    kind: str
    amounts: list[ApprovedAmount]
    calls: list[ApprovedCall]
    rows: list[ApprovedRows]
    thresholds: list[ApprovedThreshold]
    deadline: Digits


class ApprovalSignature(_Part):
    part: Literal["maker", "checker"]
    account: Address
    signature: Hex


class ApprovalProof(_Part):
    """What two people signed before an act of the story, and their signatures: the maker's, the checker's. `rows`: by token
    the hashes of a bulk job's rows, in their order, which `rowsHash` is the hash of."""

    message: ApprovedAct
    rows: dict[Address, list[Hex]]
    signatures: Annotated[list[ApprovalSignature], Field(min_length=2, max_length=2)]


class Dossier(_Part):
    """The whole file. `story` is what the proofs tell, for those who read no RLP: the check tells it again and compares."""

    format: Literal["cascade-dossier/1"]
    chain: Number
    note: Number
    block: Number
    contracts: dict[str, Address]
    headers: list[Hex]
    transactions: list[ProvenTransaction]
    approvals: list[ApprovalProof]
    nodes: list[Hex]
    story: dict[str, Any]

    @classmethod
    def read(cls, file: bytes) -> Self:
        """InvalidInput("DossierUnreadable") when it is no JSON or not written as `canonical` writes; ("DossierMalformed")
        names a field that is missing, too much, or of another shape."""
        try:
            content = orjson.loads(file)
        except orjson.JSONDecodeError as error:
            raise InvalidInput("DossierUnreadable", message=str(error)) from error
        try:
            exact = canonical(content) == file
        except orjson.JSONEncodeError as error:
            raise InvalidInput("DossierUnreadable", message=str(error)) from error
        if not exact:
            raise InvalidInput("DossierUnreadable", message="not in the canonical spelling")
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise InvalidInput("DossierMalformed", field=field, message=first["msg"]) from error


def canonical(content: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no space, UTF-8: the only spelling that is taken."""
    return orjson.dumps(content, option=_CANONICAL)
