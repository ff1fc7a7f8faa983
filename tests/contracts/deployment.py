"""The product on a test chain: deployed, wired and administered by one key per administrative role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eth_abi import encode
from eth_account.signers.local import LocalAccount

from tests.contracts.abi import Errors, Interface, type_of
from tests.contracts.chain import Chain, Receipt, RpcError, key_of
from tests.contracts.constants import ADMIN_ROLES

# Wei for each test key: some hundred transactions.
FUNDS = 2 * 10**18

Artifact = Mapping[str, Any]


class Reverted(Exception):
    """A call was refused: the custom error's name and evidence."""

    def __init__(self, name: str, evidence: tuple[Any, ...]) -> None:
        super().__init__(f"{name}{evidence}")
        self.name = name
        self.evidence = evidence


@dataclass
class Contract:
    """A deployed contract."""

    name: str
    address: str
    interface: Interface
    chain: Chain
    errors: Errors

    def data(self, function: str, *args: Any) -> bytes:
        """Call data."""
        return self.interface.functions[function].data(*args)

    def call(self, function: str, *args: Any, sender: str | None = None) -> Any:
        """What the function returns at the last block; raises :class:`Reverted`."""
        try:
            data = self.chain.call(self.address, self.data(function, *args), sender)
        except RpcError as error:
            raise Reverted(*self.errors.decode(error.data)) from error
        return self.interface.functions[function].result(data) if data else None

    def send(self, sender: LocalAccount, function: str, *args: Any, **options: Any) -> Receipt:
        """A transaction; a revert shows in the receipt."""
        return self.chain.send(sender, self.address, self.data(function, *args), **options)

    def do(self, sender: LocalAccount, function: str, *args: Any, **options: Any) -> Receipt:
        """A transaction that must succeed."""
        receipt = self.send(sender, function, *args, **options)
        if not receipt.ok:
            self.call(function, *args, sender=sender.address)
            raise AssertionError(f"{self.name}.{function} failed, and would not fail now")
        return receipt

    def refusal(self, function: str, *args: Any, sender: str) -> tuple[str, tuple[Any, ...]] | None:
        """The error that answers this call now; None when it would go through."""
        try:
            self.call(function, *args, sender=sender)
        except Reverted as error:
            return error.name, error.evidence
        return None

    def refusal_of_forwarded(
        self, forwarder: str, function: str, *args: Any, sender: str
    ) -> tuple[str, tuple[Any, ...]] | None:
        """The same of the call that the forwarder at that address would make for `sender`, which is appended to it."""
        try:
            self.chain.call(self.address, self.data(function, *args) + bytes.fromhex(sender[2:]), forwarder)
        except RpcError as error:
            name, evidence = self.errors.decode(error.data)
            return name, evidence
        return None

    def events(self, receipt: Receipt, name: str) -> list[dict[str, Any]]:
        """The fields of this contract's events of that name, in order."""
        decoded = [self.interface.event(log) for log in receipt.logs if log["address"].lower() == self.address.lower()]
        return [event[1] for event in decoded if event is not None and event[0] == name]


@dataclass
class Deployment:
    """All contracts by name, and the keys that administer them."""

    chain: Chain
    artifacts: Mapping[str, Artifact]
    contracts: dict[str, Contract] = field(default_factory=dict)
    errors: Errors = field(init=False)

    def __post_init__(self) -> None:
        self.errors = Errors([artifact["abi"] for artifact in self.artifacts.values()])
        self.operator = key_of("operator")
        self.officers = {role: key_of(f"{role} officer") for role in ADMIN_ROLES}

    def __getitem__(self, name: str) -> Contract:
        return self.contracts[name]

    def deploy(self, name: str, *args: Any, alias: str | None = None) -> Contract:
        """Deploys one contract; ``alias`` is the name it is known by here."""
        artifact = self.artifacts[name]
        constructor: list[dict[str, Any]] = next(
            (entry["inputs"] for entry in artifact["abi"] if entry["type"] == "constructor"), []
        )
        code = bytes.fromhex(artifact["bytecode"].removeprefix("0x"))
        data = code + encode([type_of(parameter) for parameter in constructor], args)
        receipt = self.chain.send(self.operator, None, data)
        assert receipt.ok, f"{name} did not deploy"
        assert receipt.created is not None
        contract = Contract(name, receipt.created, Interface(artifact["abi"]), self.chain, self.errors)
        self.contracts[alias or name] = contract
        return contract

    def fund(self, *addresses: str) -> None:
        """Gives each address test ether."""
        for address in addresses:
            self.chain.give(address, FUNDS)

    def deploy_all(self) -> None:
        """The product, one deposit token, and the reader; wired and administered."""
        authority = self.deploy("AccessManager", self.operator.address).address
        forwarder = self.deploy("Forwarder", authority).address
        registry = self.deploy("ParticipantRegistry", authority, forwarder).address
        credit = self.deploy("CreditRegister", authority, forwarder, registry).address
        notes = self.deploy("ReceivableNotes", authority, forwarder, registry, credit).address
        self.deploy("IssuanceDesk", authority, forwarder, registry, credit, notes)
        financing = self.deploy("FinancingDesk", authority, forwarder, registry, notes).address
        self.deploy("OrderDesk", authority, forwarder, registry, notes)
        pledges = self.deploy("PledgeDesk", authority, forwarder, registry, credit, notes).address
        repayment = self.deploy("RepaymentDesk", authority, forwarder, registry, notes, pledges).address
        banks = self.deploy("BankDesk", authority, forwarder, registry, notes).address
        self.deploy("BankSaleDesk", authority, forwarder, registry, notes, banks, financing)
        self.deploy("BankRepaymentDesk", authority, forwarder, registry, notes, banks, repayment)
        self.deploy("RecourseDesk", authority, forwarder, registry, notes, financing)
        self.deploy("AssignmentRegister", authority, forwarder, registry, notes, financing)
        self.deploy("DepositToken", "Deposit CNY", "dCNY", 2, authority)
        self.deploy("BlockableToken", "Deposit EUR", "dEUR", 2, authority, alias="SecondToken")
        self.deploy("Reader")
        self._grant()
        self._wire()

    def _grant(self) -> None:
        authority = self["AccessManager"]
        for role, (role_id, functions) in ADMIN_ROLES.items():
            targets: dict[str, list[bytes]] = {}
            for contract, function in functions:
                selector = self[contract].interface.functions[function].selector
                targets.setdefault(contract, []).append(selector)
            for contract, selectors in targets.items():
                authority.do(self.operator, "setTargetFunctionRole", self[contract].address, selectors, role_id)
            authority.do(self.operator, "grantRole", role_id, self.officers[role].address, 0)
        second, mint = self["SecondToken"], ADMIN_ROLES["issuer"][0]
        selector = second.interface.functions["mint"].selector
        authority.do(self.operator, "setTargetFunctionRole", second.address, [selector], mint)

    def _wire(self) -> None:
        for writer in ("IssuanceDesk", "ReceivableNotes"):
            self.administer("CreditRegister", "setWriter", self[writer].address, self["ReceivableNotes"].address)
        desks = ("IssuanceDesk", "FinancingDesk", "OrderDesk", "PledgeDesk", "RepaymentDesk")
        for desk in (*desks, "BankSaleDesk", "BankRepaymentDesk", "RecourseDesk"):
            self.administer("ReceivableNotes", "setDesk", self[desk].address, True)

    def officer_of(self, contract: str, function: str) -> LocalAccount:
        """The key whose role may call a restricted function."""
        for role, (_, functions) in ADMIN_ROLES.items():
            if (contract, function) in functions:
                return self.officers[role]
        raise LookupError(f"{contract}.{function} is nobody's")

    def administer(self, contract: str, function: str, *args: Any, **options: Any) -> Receipt:
        """An administrative act by the key whose role it is."""
        return self[contract].do(self.officer_of(contract, function), function, *args, **options)
