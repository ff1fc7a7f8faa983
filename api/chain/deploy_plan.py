"""What a deployment consists of: contracts in creation order, then the wiring, the roles and their delays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.chain.bindings import Bindings
from api.chain.transactions import created_address
from api.config import LOCAL_CHAIN_IDS
from api.domain.administration import AT_ONCE, ROLE_FUNCTIONS
from api.domain.errors import InvalidInput
from api.domain.operations import Contract

ADMIN_ROLE = 0
ROLES: Mapping[str, int] = {
    "ADMISSION": 1,
    "URGENT": 2,
    "CREDIT": 3,
    "POLICY": 4,
    "WIRING": 5,
    "TOKEN_ISSUER": 6,
}
"""Role name → id in the AccessManager."""

WRITERS = (Contract.NOTES, Contract.ISSUANCE)
DESKS = (
    *(Contract.ISSUANCE, Contract.FINANCING, Contract.ORDER, Contract.PLEDGE, Contract.REPAYMENT),
    *(Contract.BANK_SALE, Contract.BANK_REPAYMENT, Contract.RECOURSE),
)
SYSTEM = tuple(c for c in Contract if c is not Contract.TOKEN)

DEFAULT_POLICY: Mapping[str, int | bool] = {
    "defaultTenorDays": 183,
    "hardTenorDays": 365,
    "termsDays": 60,
    "tierLimit": 4,
    "graceDays": 5,
    "overdueRateBps": 500,
    "offerLifetimeDays": 30,
    "minChildValue": 100,
    "registryReferenceRequired": True,
}


@dataclass(frozen=True)
class Plan:
    """How to deploy. `tokens` are deposit tokens to create (ISO code → name), test money; `existing_tokens` are banks'
    own that are there already (code → address). Empty holders are the deployer. Delays are in seconds."""

    deployer: str
    tokens: Mapping[str, str] = field(default_factory=dict)
    existing_tokens: Mapping[str, str] = field(default_factory=dict)
    token_decimals: int = 2
    policy: Mapping[str, int | bool] = field(default_factory=lambda: dict(DEFAULT_POLICY))
    holders: Mapping[str, str] = field(default_factory=dict)
    administrator: str = ""
    admin_delay_s: int = 0
    role_delay_s: int = 0

    def holder(self, role: str) -> str:
        return self.holders.get(role) or self.deployer

    def check(self, chain_id: int) -> None:
        """InvalidInput when it would put test money, or administration without delay, on a public chain."""
        if chain_id in LOCAL_CHAIN_IDS:
            return
        if self.tokens:
            raise InvalidInput("TestMoneyOnPublicChain", chain_id=chain_id)
        if self.admin_delay_s <= 0 or self.role_delay_s <= 0:
            raise InvalidInput("DelayMissing", chain_id=chain_id)


@dataclass(frozen=True)
class Step:
    """One transaction. `to` None creates; `data` is calldata or creation code."""

    key: str
    to: str | None
    data: bytes


@dataclass(frozen=True)
class Blueprint:
    """All steps, and the addresses that they lead to."""

    first_nonce: int
    steps: tuple[Step, ...]
    addresses: Mapping[Contract, str]
    tokens: Mapping[str, str]


class Planner:
    """Lays out steps from a nonce on. Addresses follow from deployer and nonce, so everything can be signed at once."""

    def __init__(self, plan: Plan, bindings: Bindings, first_nonce: int) -> None:
        self._plan = plan
        self._bindings = bindings
        self._first = self._nonce = first_nonce
        self._steps: list[Step] = []
        self.addresses: dict[Contract, str] = {}
        self.tokens: dict[str, str] = {}

    def blueprint(self) -> Blueprint:
        """The whole deployment."""
        for contract in SYSTEM:
            self.addresses[contract] = self._create(contract.value, contract, self._arguments(contract))
        self._wire()
        self._add_tokens()
        self._assign_functions()
        self._grant()
        return self._done()

    def more_tokens(self, addresses: Mapping[Contract, str]) -> Blueprint:
        """Only the plan's tokens, onto a deployment that is there."""
        self.addresses = dict(addresses)
        self._add_tokens()
        return self._done()

    def _done(self) -> Blueprint:
        first_token = next(iter(self.tokens.values()), None)
        if first_token is not None:
            self.addresses.setdefault(Contract.TOKEN, first_token)
        return Blueprint(self._first, tuple(self._steps), self.addresses, self.tokens)

    def _arguments(self, contract: Contract) -> tuple[Any, ...]:
        at = self.addresses
        if contract is Contract.AUTHORITY:
            return (self._plan.deployer,)
        if contract is Contract.FORWARDER:
            return (at[Contract.AUTHORITY],)
        known: dict[str, str] = {
            "authority": at[Contract.AUTHORITY],
            "forwarder": at[Contract.FORWARDER],
            "registry_": at.get(Contract.REGISTRY, ""),
            "credit_": at.get(Contract.CREDIT, ""),
            "notes_": at.get(Contract.NOTES, ""),
            "pledges_": at.get(Contract.PLEDGE, ""),
            "financing_": at.get(Contract.FINANCING, ""),
            "repayment_": at.get(Contract.REPAYMENT, ""),
            "banks_": at.get(Contract.BANK, ""),
        }
        return tuple(known[name] for name in self._constructor_names(contract))

    def _constructor_names(self, contract: Contract) -> Sequence[str]:
        abi = self._bindings[contract].artifact.abi
        return [i["name"] for e in abi if e["type"] == "constructor" for i in e["inputs"]]

    def _create(self, key: str, contract: Contract, args: Sequence[Any]) -> str:
        address = created_address(self._plan.deployer, self._nonce)
        self._add(f"create {key}", None, self._bindings[contract].creation(args))
        return address

    def _call(self, key: str, contract: Contract, function: str, *args: Any) -> None:
        data = self._bindings[contract].function(function).calldata(args)
        self._add(key, self.addresses[contract], data)

    def _add(self, key: str, to: str | None, data: bytes) -> None:
        self._steps.append(Step(key, to, data))
        self._nonce += 1

    def _wire(self) -> None:
        """Before the functions get their roles, while the administrator may call them directly."""
        for writer in WRITERS:
            self._call(
                f"writer {writer}", Contract.CREDIT, "setWriter", self.addresses[writer], self.addresses[Contract.NOTES]
            )
        for desk in DESKS:
            self._call(f"desk {desk}", Contract.NOTES, "setDesk", self.addresses[desk], True)
        self._call("policy", Contract.ISSUANCE, "setPolicy", dict(self._plan.policy))

    def _add_tokens(self) -> None:
        for code, name in self._plan.tokens.items():
            args = (name, code, self._plan.token_decimals, self.addresses[Contract.AUTHORITY])
            self.tokens[code] = self._create(f"token {code}", Contract.TOKEN, args)
            self._allow(code)
            self._assign(f"role TOKEN_ISSUER of {code}", self.tokens[code], Contract.TOKEN, "TOKEN_ISSUER")
        for code, address in self._plan.existing_tokens.items():
            self.tokens[code] = address
            self._allow(code)

    def _allow(self, code: str) -> None:
        self._call(f"currency {code}", Contract.ISSUANCE, "allowCurrency", self.tokens[code])

    def _assign(self, key: str, target: str, contract: Contract, role: str) -> None:
        binding = self._bindings[contract]
        selectors = ["0x" + binding.function(f).selector.hex() for f in ROLE_FUNCTIONS[role][contract]]
        self._call(key, Contract.AUTHORITY, "setTargetFunctionRole", target, selectors, ROLES[role])

    def _assign_functions(self) -> None:
        for role, targets in ROLE_FUNCTIONS.items():
            for contract in targets:
                if contract is not Contract.TOKEN:
                    self._assign(f"role {role} of {contract}", self.addresses[contract], contract, role)

    def _grant(self) -> None:
        plan = self._plan
        for role, number in ROLES.items():
            delay = 0 if role in AT_ONCE else plan.role_delay_s
            self._call(f"label {role}", Contract.AUTHORITY, "labelRole", number, role)
            self._call(f"grant {role}", Contract.AUTHORITY, "grantRole", number, plan.holder(role), delay)
            if plan.role_delay_s:
                self._call(f"delay {role}", Contract.AUTHORITY, "setGrantDelay", number, plan.role_delay_s)
        administrator = plan.administrator or plan.deployer
        if administrator != plan.deployer or plan.admin_delay_s:
            args = (ADMIN_ROLE, administrator, plan.admin_delay_s)
            self._call("grant ADMIN", Contract.AUTHORITY, "grantRole", *args)
        if administrator != plan.deployer:
            self._call("renounce ADMIN", Contract.AUTHORITY, "renounceRole", ADMIN_ROLE, plan.deployer)
