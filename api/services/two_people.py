"""Where it is held that certain acts of a company take two of its people: every operation comes through this box, whatever
route, job or script it is from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from api.domain.approvals import WITH_THRESHOLD, ActKind, ApprovalBook, Lone, Threshold, kind_of
from api.domain.errors import Conflict
from api.domain.operations import Call, Contract, Operation
from api.domain.ports import Chain, OperationBox, ReadModel
from api.domain.views import Page

OPERATOR = 0
Sums = Mapping[str, int]


class Amounts:
    """What calls come to, by currency code, as the read model knows notes and currencies."""

    def __init__(self, ledger: ReadModel) -> None:
        self._ledger = ledger

    async def of(self, calls: Sequence[Call]) -> Sums:
        """Minor units by currency; empty where no amount is known of any."""
        sums: dict[str, int] = {}
        for call in calls:
            for currency, amount in (await self._of(call)).items():
                sums[currency] = sums.get(currency, 0) + amount
        return dict(sorted(sums.items()))

    async def _of(self, call: Call) -> Sums:
        match call.contract, call.function:
            case Contract.ISSUANCE, "confirm":
                by_id = {view.id: view.code for view in await self._ledger.currencies()}
                return {by_id[call.args[0]]: sum(terms["amount"] for terms in call.args[1])}
            case Contract.FINANCING, "finance":
                sold = [(deal["quote"]["note"], deal["amount"]) for deal in call.args[0]]
                codes = await self.currencies_of([note for note, _ in sold])
                return _summed([(codes[note], amount) for note, amount in sold if note in codes])
            case Contract.REPAYMENT, "repay":
                codes = await self.currencies_of(call.args[0])
                return dict.fromkeys(set(codes.values()), call.args[2])
            case Contract.RECOURSE, "honour":
                return dict.fromkeys((await self.currencies_of(call.args[:1])).values(), call.args[2])
            case Contract.TOKEN, "approve":
                return {v.code: call.args[1] for v in await self._ledger.currencies() if v.token == call.at}
        return {}

    async def currencies_of(self, notes: Sequence[int]) -> Mapping[int, str]:
        """Currency codes of notes; unknown notes are left out."""
        found = {n.id: n.receivable for n in await self._ledger.notes_by_id(sorted(set(notes)))}
        views = await self._ledger.receivables_by_id(sorted(set(found.values())))
        codes = {view.id: view.currency.code for view in views}
        return {note: codes[receivable] for note, receivable in found.items() if receivable in codes}


class TwoPeople:
    """The rule, as each company has set it. `required` is False where nobody signs in: then nothing needs two."""

    def __init__(self, book: ApprovalBook, amounts: Amounts, chain: Chain, *, required: bool) -> None:
        self._book = book
        self._amounts = amounts
        self._chain = chain
        self.required = required

    async def takes_two(self, party: int, kind: ActKind, sums: Sums) -> bool:
        """Whether an act of this kind that comes to `sums` needs two people, with what was done alone before."""
        if not self.required or party == OPERATOR:
            return False
        done = await self.done_alone(party)
        whole = {currency: amount + done.get((kind, currency), 0) for currency, amount in sums.items()}
        return _reaches(kind, whole, await self._book.thresholds(party))

    async def done_alone(self, party: int) -> Mapping[tuple[ActKind, str], int]:
        """What counts to the thresholds of a party now, minor units by kind and currency."""
        return await self._book.lone(party, (await self._chain.head()).time)

    async def lone(self, party: int, operations: Sequence[Operation]) -> Sequence[Lone]:
        """What these of a party come to, where one person may ask for them: the box counts it, and has the last word.
        Conflict("ApprovalNeeded") where they reach a threshold already without what was done before."""
        if not self.required:
            return ()
        calls = [(operation, effect_of(self._chain, operation.call)) for operation in operations]
        some = [(operation, call, kind) for operation, call in calls if (kind := self._kind(party, call)) is not None]
        if not some:
            return ()
        thresholds, at = await self._book.thresholds(party), (await self._chain.head()).time
        whole: dict[ActKind, Counter[str]] = defaultdict(Counter)
        found: list[Lone] = []
        for operation, call, kind in some:
            sums = await self._amounts.of([call])
            whole[kind].update(sums)
            if not sums or _reaches(kind, whole[kind], thresholds):
                raise Conflict("ApprovalNeeded", kind=kind.value)
            if not self._counts_when_drawn(call):
                found += [Lone(operation.id, party, kind, code, amount, at) for code, amount in sums.items()]
        return found

    @staticmethod
    def _kind(party: int, call: Call) -> ActKind | None:
        """The network operator admits, suspends and sets lines by one of its people; what changes the rules takes two."""
        kind = kind_of(call)
        return None if party == OPERATOR and kind is not ActKind.NETWORK else kind

    def _counts_when_drawn(self, call: Call) -> bool:
        """Leave for a desk that draws on the company's own word alone: the act that draws is counted."""
        own_word = {self._chain.addresses[desk] for desk in (Contract.REPAYMENT, Contract.RECOURSE)}
        return (call.contract, call.function) == (Contract.TOKEN, "approve") and call.args[0] in own_word


class Carrier(Protocol):
    """Carries out what two people approved."""

    async def carry(self, operations: Sequence[Operation]) -> Sequence[Operation]:
        """The operations of one approval, held against it."""
        ...


class CountingBox(OperationBox, Protocol):
    """A box that counts what one person does alone."""

    async def put(self, operations: Sequence[Operation], lone: Sequence[Lone] = ()) -> Sequence[Operation]:
        """As OperationBox.put, with what the operations come to that one person asks for: Conflict("ApprovalNeeded") when
        that, with what counts already, reaches a threshold of the company. Of requests at once each finds the others
        counted; one that is known is not counted again."""
        ...


class CheckedBox:
    """An OperationBox that takes in nothing which needs two people, but for what they approved."""

    def __init__(self, box: CountingBox, rule: TwoPeople) -> None:
        self._box = box
        self._rule = rule
        self.carrier: Carrier | None = None

    async def put(self, operations: Sequence[Operation]) -> Sequence[Operation]:
        """Conflict("ApprovalNeeded")."""
        if any(o.approval is not None for o in operations):
            assert self.carrier is not None
            return await self.carrier.carry(operations)
        found: list[Lone] = []
        for party in {o.party for o in operations}:
            found += await self._rule.lone(party, [o for o in operations if o.party == party])
        return await self._box.put(operations, found)

    async def get(self, operation_id: str) -> Operation | None:
        return await self._box.get(operation_id)

    async def find(self, idempotency_key: str) -> Operation | None:
        return await self._box.find(idempotency_key)

    async def listing(
        self,
        *,
        status: str | None,
        kind: str | None,
        cursor: str | None,
        limit: int,
        party: int | None = None,
        tx_hash: str | None = None,
        request_id: str | None = None,
    ) -> Page[Operation]:
        return await self._box.listing(
            status=status,
            kind=kind,
            cursor=cursor,
            limit=limit,
            party=party,
            tx_hash=tx_hash,
            request_id=request_id,
        )

    async def last_relayed(self, account: str) -> int | None:
        return await self._box.last_relayed(account)

    async def wait(self, operation_ids: Sequence[str], timeout: float) -> Sequence[Operation]:
        return await self._box.wait(operation_ids, timeout)


def effect_of(chain: Chain, call: Call) -> Call:
    """What a call does in the name of its party: itself, or what it carries to the forwarder, announces or carries out."""
    if call.contract is Contract.FORWARDER:
        (request,) = call.args[0]
        return chain.decoded(request["from"], request["to"], request["data"])
    if call.contract is Contract.AUTHORITY and call.function in ("schedule", "execute"):
        return chain.decoded(call.account, call.args[0], call.args[1])
    return call


def _reaches(kind: ActKind, sums: Sums, thresholds: Collection[Threshold]) -> bool:
    """Whether any currency's sum is at or above its threshold; without one, or without a known amount, always."""
    if kind not in WITH_THRESHOLD or not sums:
        return True
    limits = {t.currency: t.amount for t in thresholds if t.kind is kind}
    return any(not limits.get(currency) or amount >= limits[currency] for currency, amount in sums.items())


def _summed(pairs: Sequence[tuple[str, int]]) -> Sums:
    sums: dict[str, int] = {}
    for currency, amount in pairs:
        sums[currency] = sums.get(currency, 0) + amount
    return sums
