"""EIP-712 typed data that parties sign, exactly as the contracts hash it: {domain, types, primaryType, message}.

Sources: ERC2771Forwarder (OpenZeppelin), ICreditRegister.Attestation, IFinancingDesk.Quote, IPledgeDesk.LoanQuote,
IAssignmentRegister.Registration, IParticipantRegistry.addAccount, IDelayedChanges. A test compares the digests with
the contracts' own. An approval is the one that no contract reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TypedData = Mapping[str, Any]

_INVOICE_CLAIM = (
    ("fingerprint", "bytes32"),
    ("invoiceAmount", "uint96"),
    ("claimed", "uint96"),
)
_CONFIRMATION = (
    ("creditor", "uint32"),
    ("amount", "uint96"),
    ("deliveryDay", "uint16"),
    ("dueDay", "uint16"),
    ("evidenceHash", "bytes32"),
    ("invoices", "InvoiceClaim[]"),
)
_CONFIRMATION_TYPES = {"Confirmation": _CONFIRMATION, "InvoiceClaim": _INVOICE_CLAIM}
_BATCH = (
    ("debtor", "uint32"),
    ("currency", "address"),
    ("items", "Confirmation[]"),
    ("signer", "address"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_CREDIT_NOTE = (
    ("invoice", "bytes32"),
    ("fingerprint", "bytes32"),
    ("amount", "uint96"),
)
_CREDIT_NOTES = (
    ("items", "CreditNote[]"),
    ("signer", "address"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_QUOTE = (
    ("note", "uint40"),
    ("seller", "uint32"),
    ("financier", "uint32"),
    ("maxAmount", "uint96"),
    ("rateBps", "uint32"),
    ("recourse", "bool"),
    ("payer", "address"),
    ("registryReference", "bytes32"),
    ("validUntil", "uint256"),
    ("nonce", "uint256"),
    ("epoch", "uint32"),
    ("signer", "address"),
)
_LOAN_QUOTE = (
    ("note", "uint40"),
    ("holder", "uint32"),
    ("lender", "uint32"),
    ("pledgedValue", "uint96"),
    ("principal", "uint96"),
    ("rateBps", "uint32"),
    ("cap", "uint96"),
    ("payer", "address"),
    ("registryReference", "bytes32"),
    ("validUntil", "uint256"),
    ("nonce", "uint256"),
    ("epoch", "uint32"),
    ("signer", "address"),
)
_REGISTRATION = (
    ("note", "uint40"),
    ("registryReference", "bytes32"),
    ("registeredAt", "uint64"),
    ("replaces", "uint64"),
    ("signer", "address"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_ADD_ACCOUNT = (
    ("party", "uint32"),
    ("account", "address"),
    ("rights", "uint8"),
    ("evidenceHash", "bytes32"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_RECOVER_PARTY = (
    ("party", "uint32"),
    ("account", "address"),
    ("removed", "address[]"),
    ("evidenceHash", "bytes32"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_CHANGE_SETTLEMENT = (
    ("party", "uint32"),
    ("account", "address"),
    ("evidenceHash", "bytes32"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_FORWARD_REQUEST = (
    ("from", "address"),
    ("to", "address"),
    ("value", "uint256"),
    ("gas", "uint256"),
    ("nonce", "uint256"),
    ("deadline", "uint48"),
    ("data", "bytes"),
)
_APPROVAL = (
    ("id", "string"),
    ("party", "uint32"),
    ("kind", "string"),
    ("amounts", "Amount[]"),
    ("calls", "Call[]"),
    ("rows", "Rows[]"),
    ("thresholds", "Threshold[]"),
    ("deadline", "uint256"),
)
_APPROVED_AMOUNT = (("currency", "string"), ("amount", "uint256"))
_APPROVED_CALL = (("contract", "address"), ("account", "address"), ("data", "bytes"))
_APPROVED_ROWS = (
    ("currency", "string"),
    ("token", "address"),
    ("count", "uint32"),
    ("amount", "uint256"),
    ("firstDue", "string"),
    ("lastDue", "string"),
    ("rowsHash", "bytes32"),
)
_APPROVED_THRESHOLD = (("kind", "string"), ("currency", "string"), ("amount", "uint256"))
_REGISTRY = "Cascade ParticipantRegistry"


def confirmation_batch(
    chain_id: int,
    credit_register: str,
    *,
    debtor: int,
    currency: str,
    items: Sequence[Mapping[str, Any]],
    signer: str,
    nonce: int,
    deadline: int,
) -> TypedData:
    """The registrar's attestation. `currency` is the token's address, `items` as IIssuanceDesk.Confirmation."""
    message = {
        "debtor": debtor,
        "currency": currency,
        "items": list(items),
        "signer": signer,
        "nonce": nonce,
        "deadline": deadline,
    }
    types = {"ConfirmationBatch": _BATCH, **_CONFIRMATION_TYPES}
    return _typed("Cascade CreditRegister", chain_id, credit_register, types, "ConfirmationBatch", message)


def credit_notes(
    chain_id: int,
    credit_register: str,
    *,
    items: Sequence[Mapping[str, Any]],
    signer: str,
    nonce: int,
    deadline: int,
) -> TypedData:
    """The registrar's attestation of credit notes, `items` as ICreditRegister.CreditNote."""
    message = {"items": list(items), "signer": signer, "nonce": nonce, "deadline": deadline}
    types = {"CreditNoteBatch": _CREDIT_NOTES, "CreditNote": _CREDIT_NOTE}
    return _typed("Cascade CreditRegister", chain_id, credit_register, types, "CreditNoteBatch", message)


def quote(chain_id: int, financing_desk: str, terms: Mapping[str, Any]) -> TypedData:
    """A financier's quote. `terms` as IFinancingDesk.Quote."""
    return _typed("Cascade FinancingDesk", chain_id, financing_desk, {"Quote": _QUOTE}, "Quote", terms)


def loan_quote(chain_id: int, pledge_desk: str, terms: Mapping[str, Any]) -> TypedData:
    """A lender's quote. `terms` as IPledgeDesk.LoanQuote."""
    return _typed("Cascade PledgeDesk", chain_id, pledge_desk, {"LoanQuote": _LOAN_QUOTE}, "LoanQuote", terms)


def registration(chain_id: int, assignment_register: str, terms: Mapping[str, Any]) -> TypedData:
    """A registrar's word that an assignment stands in the registry. `terms` as IAssignmentRegister.Registration."""
    types = {"Registration": _REGISTRATION}
    return _typed("Cascade AssignmentRegister", chain_id, assignment_register, types, "Registration", terms)


def add_account(chain_id: int, registry: str, terms: Mapping[str, Any]) -> TypedData:
    """A new account's word to act for a party. `nonce` is its next one in the registry."""
    return _typed(_REGISTRY, chain_id, registry, {"AddAccount": _ADD_ACCOUNT}, "AddAccount", terms)


def recover_party(chain_id: int, registry: str, terms: Mapping[str, Any]) -> TypedData:
    """An account's word to take over a party whose keys are lost."""
    return _typed(_REGISTRY, chain_id, registry, {"RecoverParty": _RECOVER_PARTY}, "RecoverParty", terms)


def change_settlement(chain_id: int, registry: str, terms: Mapping[str, Any]) -> TypedData:
    """An account's word to receive a party's cash."""
    return _typed(_REGISTRY, chain_id, registry, {"ChangeSettlement": _CHANGE_SETTLEMENT}, "ChangeSettlement", terms)


def forward_request(chain_id: int, forwarder: str, terms: Mapping[str, Any]) -> TypedData:
    """What an account signs so that a relayer may bring its act. `nonce` is its next one at the forwarder."""
    return _typed(
        "Cascade Forwarder", chain_id, forwarder, {"ForwardRequest": _FORWARD_REQUEST}, "ForwardRequest", terms
    )


def approval(chain_id: int, forwarder: str, terms: Mapping[str, Any]) -> TypedData:
    """What two people of a company sign before its act is carried out: the calls, byte for byte, or of a bulk job's rows,
    for each currency, how many, how much, the first and last due date, and `rowsHash`: EIP-712's of Confirmation[], in the
    order of the rows. No contract reads it; the forwarder's address binds it to this deployment. `currency` is an ISO code,
    `token` the address as ConfirmationBatch has it, `amount` minor units."""
    types = {
        "Approval": _APPROVAL,
        "Amount": _APPROVED_AMOUNT,
        "Call": _APPROVED_CALL,
        "Rows": _APPROVED_ROWS,
        "Threshold": _APPROVED_THRESHOLD,
    }
    return _typed("Cascade Approval", chain_id, forwarder, types, "Approval", terms)


def for_wallets(typed_data: TypedData) -> TypedData:
    """As eth_signTypedData_v4 takes it: the domain's type among the types, and the message's whole numbers as decimal
    strings."""
    kinds = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
    domain = [{"name": name, "type": kinds[name]} for name in typed_data["domain"]]
    return {
        **typed_data,
        "types": {"EIP712Domain": domain, **typed_data["types"]},
        "message": as_text(typed_data["message"]),
    }


def as_text(value: Any) -> Any:
    """JSON with whole numbers as decimal strings: they are larger than JSON readers keep exactly."""
    if isinstance(value, Mapping):
        return {k: as_text(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_text(v) for v in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _typed(
    name: str,
    chain_id: int,
    contract: str,
    types: Mapping[str, Sequence[tuple[str, str]]],
    primary: str,
    message: Mapping[str, Any],
) -> TypedData:
    return {
        "domain": {"name": name, "version": "1", "chainId": chain_id, "verifyingContract": contract},
        "types": _named(types),
        "primaryType": primary,
        "message": dict(message),
    }


def _named(types: Mapping[str, Sequence[tuple[str, str]]]) -> Mapping[str, Sequence[Mapping[str, str]]]:
    return {k: [{"name": n, "type": t} for n, t in fields] for k, fields in types.items()}


CONFIRMATION = _named(_CONFIRMATION_TYPES)
"""The types of "Confirmation", IIssuanceDesk.Confirmation: what is hashed of a row."""
