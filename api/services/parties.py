"""Admission, suspension and credit lines: what the network operator does for and to parties."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.errors import InvalidInput
from api.domain.operations import Call, Contract, Operation
from api.domain.party_identity import AliasTable, is_credit_code, normal_key
from api.domain.ports import Profiles
from api.domain.records import Profile
from api.services.acts import OPERATOR, Acts, Request, UseCases

ROLES = {
    "core_enterprise": 1,
    "supplier": 2,
    "financier": 4,
    "auditor": 8,
    "registrar": 16,
    "arbiter": 32,
    "settlement_bank": 64,
}
"""Bits of Roles.sol by their names in the API."""

ADMISSION_BATCH = 50
"""Parties per transaction: each costs four storage slots, so fifty stay far under a block's gas."""


@dataclass(frozen=True, slots=True)
class Admission:
    """A party to admit. `roles` are bits, `identity_expiry` a business day, the accounts addresses, `evidence_hash` that of
    the evidence of the administrator's authority."""

    name_zh: str
    name_en: str
    credit_code: str
    roles: int
    identity_expiry: int
    settlement_account: str
    administrator: str
    evidence_hash: str
    identities: tuple[str, ...] = ()


class Parties(UseCases):
    """Use cases of the network operator on parties."""

    def __init__(self, acts: Acts, profiles: Profiles, network_key: bytes) -> None:
        super().__init__(acts)
        self._profiles = profiles
        self._key = network_key

    def credit_code_hash(self, credit_code: str) -> str:
        """Keyed hash of a credit code, so that the chain does not leak it to guessing. 0x-hex, 32 bytes."""
        keyed = hashlib.blake2b(credit_code.strip().upper().encode(), key=self._key, digest_size=32)
        return "0x" + keyed.hexdigest()

    async def admit(
        self, admissions: Sequence[Admission], request: Request | None = None, *, check: bool = True
    ) -> Sequence[Operation]:
        """Admits parties in batches; their names are kept off the chain. InvalidInput names the field that is wrong."""
        for index, admission in enumerate(admissions):
            self._validate(index, admission)

        async def keep() -> None:
            await self._profiles.put([self._profile(a) for a in admissions])

        async def build() -> Sequence[Call]:
            batches = [admissions[i : i + ADMISSION_BATCH] for i in range(0, len(admissions), ADMISSION_BATCH)]
            return [self._call("admit", [self._struct(a) for a in batch]) for batch in batches]

        return await self._acts.perform("admit", OPERATOR, request, build, check=check, keep=keep)

    async def learn_ids(self, operations: Sequence[Operation]) -> dict[str, int]:
        """Party ids by credit code hash, from the receipts of confirmed admissions; kept with the profiles."""
        ids: dict[str, int] = {}
        for operation in operations:
            for log in await self._acts.chain.events(operation.tx_hash or ""):
                if log.name == "PartyAdmitted":
                    ids[log.args["creditCodeHash"]] = log.args["party"]
        await self._profiles.assign(ids)
        return ids

    async def learn_from_ledger(self) -> None:
        """Party ids of every admitted party, from the read model: mends what a crash after an admission left out."""
        cursor: str | None = None
        while True:
            page = await self._acts.ledger.parties(role=None, cursor=cursor, limit=500)
            await self._profiles.assign({p.credit_code_hash: p.id for p in page.items})
            if (cursor := page.next) is None:
                return

    async def aliases(self) -> AliasTable:
        """Under which identities documents name one party, for every party that the network knows."""
        return AliasTable.of(await self._profiles.identities())

    async def suspend(self, party: int, reason_hash: str, request: Request | None = None) -> Sequence[Operation]:
        """Stops a party from starting anything but repayment, at once."""
        return await self._operate("suspend", self._call("suspend", party, reason_hash), request)

    async def reinstate(self, party: int, request: Request | None = None) -> Sequence[Operation]:
        """Lets a suspended party act again."""
        return await self._operate("reinstate", self._call("reinstate", party), request)

    async def set_line(
        self, debtor: int, currency_token: str, limit: int, request: Request | None = None
    ) -> Sequence[Operation]:
        """Sets how much a debtor may owe in one currency, minor units."""
        call = Call(Contract.CREDIT, "setLine", (debtor, currency_token, limit), self._acts.operator)
        return await self._operate("set_line", call, request)

    async def _operate(self, kind: str, call: Call, request: Request | None) -> Sequence[Operation]:
        async def build() -> Sequence[Call]:
            return [call]

        return await self._acts.perform(kind, OPERATOR, request, build)

    def _call(self, function: str, *args: object) -> Call:
        return Call(Contract.REGISTRY, function, args, self._acts.operator)

    def _profile(self, a: Admission) -> Profile:
        identities = tuple(map(normal_key, a.identities))
        return Profile(a.credit_code, self.credit_code_hash(a.credit_code), a.name_zh, a.name_en, identities)

    def _struct(self, a: Admission) -> dict[str, object]:
        return {
            "creditCodeHash": self.credit_code_hash(a.credit_code),
            "roles": a.roles,
            "identityExpiry": a.identity_expiry,
            "settlementAccount": a.settlement_account,
            "administrator": a.administrator,
            "evidenceHash": a.evidence_hash,
        }

    @staticmethod
    def _validate(index: int, a: Admission) -> None:
        if not is_credit_code(a.credit_code):
            raise InvalidInput("CreditCodeInvalid", field=f"parties[{index}].credit_code", value=a.credit_code)
        if not (a.name_zh or a.name_en):
            raise InvalidInput("NameMissing", field=f"parties[{index}].name_zh")
        for identity in a.identities:
            try:
                normal_key(identity)
            except ValueError:
                raise InvalidInput("IdentityInvalid", field=f"parties[{index}].identities", value=identity) from None
