"""EIP-712 as wallets do it: typed data built here from the interfaces' words, not from the contracts' digests."""

from __future__ import annotations

from typing import Any

from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts.deployment import Contract
from tests.reference.assigning import Registration
from tests.reference.banking import Commitment, Payment
from tests.reference.financing import Quote
from tests.reference.invoices import CreditNote
from tests.reference.issuing import Confirmation
from tests.reference.pledging import LoanQuote

SECP256K1_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def _fields(signature: str) -> list[dict[str, str]]:
    pairs = (part.split(" ") for part in signature.split(","))
    return [{"type": kind, "name": name} for kind, name in pairs]


_AUTHORIZATION = "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce"
TYPES = {
    "AddAccount": _fields(
        "uint32 party,address account,uint8 rights,bytes32 evidenceHash,uint256 nonce,uint256 deadline"
    ),
    "RecoverParty": _fields(
        "uint32 party,address account,address[] removed,bytes32 evidenceHash,uint256 nonce,uint256 deadline"
    ),
    "ChangeSettlement": _fields("uint32 party,address account,bytes32 evidenceHash,uint256 nonce,uint256 deadline"),
    "Confirmation": _fields(
        "uint32 creditor,uint96 amount,uint16 deliveryDay,uint16 dueDay,bytes32 evidenceHash,InvoiceClaim[] invoices"
    ),
    "InvoiceClaim": _fields("bytes32 fingerprint,uint96 invoiceAmount,uint96 claimed"),
    "ConfirmationBatch": _fields(
        "uint32 debtor,address currency,Confirmation[] items,address signer,uint256 nonce,uint256 deadline"
    ),
    "CreditNote": _fields("bytes32 invoice,bytes32 fingerprint,uint96 amount"),
    "CreditNoteBatch": _fields("CreditNote[] items,address signer,uint256 nonce,uint256 deadline"),
    "Quote": _fields(
        "uint40 note,uint32 seller,uint32 financier,uint96 maxAmount,uint32 rateBps,bool recourse,address payer,"
        "bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,address signer"
    ),
    "LoanQuote": _fields(
        "uint40 note,uint32 holder,uint32 lender,uint96 pledgedValue,uint96 principal,uint32 rateBps,uint96 cap,"
        "address payer,bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,address signer"
    ),
    "Permit": _fields("address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"),
    "TransferWithAuthorization": _fields(_AUTHORIZATION),
    "ReceiveWithAuthorization": _fields(_AUTHORIZATION),
    "CancelAuthorization": _fields("address authorizer,bytes32 nonce"),
    "Registration": _fields(
        "uint40 note,bytes32 registryReference,uint64 registeredAt,uint64 replaces,address signer,uint256 nonce,"
        "uint256 deadline"
    ),
    "SaleReservation": _fields(
        "uint40 note,uint32 seller,uint32 financier,uint96 amount,uint96 price,address currency,bytes32 quote,"
        "uint32 bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline"
    ),
    "RepaymentReservation": _fields(
        "uint40[] notes,uint32 debtor,uint256 principal,address currency,"
        "uint32 bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline"
    ),
    "RoundReservation": _fields(
        "uint40 receivable,uint8 round,uint32 debtor,address currency,"
        "uint32 bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline"
    ),
    "Line": _fields("uint40 note,uint32 payee,uint128 amount,bool refused"),
    "Attestation": _fields(
        "uint32 bank,bytes32 reservation,address currency,uint16 valueDay,uint96 counted,bytes32 paymentReference,"
        "Line[] lines,address signer,uint256 deadline"
    ),
    "WalletMessage": _fields("bytes32 hash"),
    "WalletCall": _fields("address target,bytes data,uint256 nonce"),
    "ForwardRequest": _fields(
        "address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data"
    ),
}
NEEDS = {
    "ConfirmationBatch": ("ConfirmationBatch", "Confirmation", "InvoiceClaim"),
    "CreditNoteBatch": ("CreditNoteBatch", "CreditNote"),
    "Attestation": ("Attestation", "Line"),
}


def typed(contract: Contract, primary: str, message: dict[str, Any], **domain: Any) -> SignableMessage:
    """Typed data for a contract; ``domain`` replaces what an attacker would: chainId, verifyingContract, …"""
    _, name, version, chain_id, verifying, _, _ = contract.call("eip712Domain")
    fields = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": verifying} | domain
    types = {kind: TYPES[kind] for kind in NEEDS.get(primary, (primary,))}
    return encode_typed_data(domain_data=fields, message_types=types, message_data=message)


def digest_of(message: SignableMessage) -> bytes:
    """The 32 bytes that are signed."""
    return keccak(b"\x19" + message.version + message.header + message.body)


def sign(key: LocalAccount, message: SignableMessage) -> bytes:
    """65 bytes: r, s, v."""
    return bytes(key.sign_message(message).signature)


def malleate(signature: bytes) -> bytes:
    """The other signature that recovers to the same key: s in the high half."""
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    return r + (SECP256K1_N - s).to_bytes(32, "big") + bytes([55 - v])


def batch_message(
    debtor: int, token: str, items: list[Confirmation], signer: str, nonce: int, deadline: int
) -> dict[str, Any]:
    """What the registrar attests."""
    return {
        "debtor": debtor,
        "currency": token,
        "items": [
            {
                "creditor": item.creditor,
                "amount": item.amount,
                "deliveryDay": item.delivery_day,
                "dueDay": item.due_day,
                "evidenceHash": item.evidence,
                "invoices": [
                    {"fingerprint": c.fingerprint, "invoiceAmount": c.invoice_amount, "claimed": c.claimed}
                    for c in item.invoices
                ],
            }
            for item in items
        ],
        "signer": signer,
        "nonce": nonce,
        "deadline": deadline,
    }


def confirmation_tuple(item: Confirmation) -> tuple[Any, ...]:
    """The debt as the contract takes it."""
    invoices = [(claim.fingerprint, claim.invoice_amount, claim.claimed) for claim in item.invoices]
    return (item.creditor, item.amount, item.delivery_day, item.due_day, item.evidence, invoices)


def credit_message(notes: list[CreditNote], signer: str, nonce: int, deadline: int) -> dict[str, Any]:
    """What the registrar attests of credit notes."""
    items = [{"invoice": n.invoice, "fingerprint": n.fingerprint, "amount": n.amount} for n in notes]
    return {"items": items, "signer": signer, "nonce": nonce, "deadline": deadline}


def quote_message(quote: Quote) -> dict[str, Any]:
    """What the financier signs."""
    return {
        "note": quote.note,
        "seller": quote.seller,
        "financier": quote.financier,
        "maxAmount": quote.max_amount,
        "rateBps": quote.rate_bps,
        "recourse": quote.recourse,
        "payer": quote.payer,
        "registryReference": quote.registry_reference,
        "validUntil": quote.valid_until,
        "nonce": quote.nonce,
        "epoch": quote.epoch,
        "signer": quote.signer,
    }


def registration_message(word: Registration) -> dict[str, Any]:
    """What the registrar signs of a registered assignment."""
    return {
        "note": word.note,
        "registryReference": word.registry_reference,
        "registeredAt": word.registered_at,
        "replaces": word.replaces,
        "signer": word.signer,
        "nonce": word.nonce,
        "deadline": word.deadline,
    }


def quote_tuple(quote: Quote) -> tuple[Any, ...]:
    """The quote as the contract takes it."""
    return tuple(quote_message(quote).values())


def loan_quote_message(quote: LoanQuote) -> dict[str, Any]:
    """What the lender signs, in the order in which the contract takes it."""
    return {
        "note": quote.note,
        "holder": quote.holder,
        "lender": quote.lender,
        "pledgedValue": quote.pledged_value,
        "principal": quote.principal,
        "rateBps": quote.rate_bps,
        "cap": quote.cap,
        "payer": quote.payer,
        "registryReference": quote.registry_reference,
        "validUntil": quote.valid_until,
        "nonce": quote.nonce,
        "epoch": quote.epoch,
        "signer": quote.signer,
    }


def commitment_message(word: Commitment) -> dict[str, Any]:
    """What ends every reservation."""
    return {
        "bank": word.bank,
        "lastDay": word.last_day,
        "signer": word.signer,
        "nonce": word.nonce,
        "deadline": word.deadline,
    }


def payment_message(payment: Payment) -> dict[str, Any]:
    """What a bank attests."""
    return {
        "bank": payment.bank,
        "reservation": payment.reservation,
        "currency": payment.currency,
        "valueDay": payment.value_day,
        "counted": payment.counted,
        "paymentReference": payment.reference,
        "lines": [
            {"note": line.note, "payee": line.payee, "amount": line.amount, "refused": line.refused}
            for line in payment.lines
        ],
        "signer": payment.signer,
        "deadline": payment.deadline,
    }


def payment_tuple(payment: Payment) -> tuple[Any, ...]:
    """The attestation as the contract takes it."""
    message = payment_message(payment)
    message["lines"] = [tuple(line.values()) for line in message["lines"]]
    return tuple(message.values())
