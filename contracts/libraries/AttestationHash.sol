// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ICreditRegister } from "../interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "../interfaces/IIssuanceDesk.sol";
import { PartyId } from "../types/Ids.sol";

/// @notice EIP-712 struct hashes of what a registrar attests: the invoices behind new debts, and credit notes.
library AttestationHash {
    bytes32 internal constant CLAIM_TYPEHASH = keccak256(
        "InvoiceClaim(bytes32 fingerprint,uint96 invoiceAmount,uint96 claimed)"
    );
    bytes32 internal constant ITEM_TYPEHASH = keccak256(
        "Confirmation(uint32 creditor,uint96 amount,uint16 deliveryDay,uint16 dueDay,bytes32 evidenceHash,InvoiceClaim[] invoices)InvoiceClaim(bytes32 fingerprint,uint96 invoiceAmount,uint96 claimed)"
    );
    bytes32 internal constant BATCH_TYPEHASH = keccak256(
        "ConfirmationBatch(uint32 debtor,address currency,Confirmation[] items,address signer,uint256 nonce,uint256 deadline)Confirmation(uint32 creditor,uint96 amount,uint16 deliveryDay,uint16 dueDay,bytes32 evidenceHash,InvoiceClaim[] invoices)InvoiceClaim(bytes32 fingerprint,uint96 invoiceAmount,uint96 claimed)"
    );
    bytes32 internal constant CREDIT_NOTE_TYPEHASH = keccak256(
        "CreditNote(bytes32 invoice,bytes32 fingerprint,uint96 amount)"
    );
    bytes32 internal constant CREDIT_BATCH_TYPEHASH = keccak256(
        "CreditNoteBatch(CreditNote[] items,address signer,uint256 nonce,uint256 deadline)CreditNote(bytes32 invoice,bytes32 fingerprint,uint96 amount)"
    );

    function confirmations(
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](items.length);
        for (uint256 i = 0; i < items.length; ++i) hashes[i] = _confirmation(items[i]);
        return
            keccak256(
                abi.encode(
                    BATCH_TYPEHASH,
                    debtor,
                    currency,
                    keccak256(abi.encodePacked(hashes)),
                    signer,
                    nonce,
                    deadline
                )
            );
    }

    function creditNotes(
        ICreditRegister.CreditNote[] calldata items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](items.length);
        for (uint256 i = 0; i < items.length; ++i) hashes[i] = keccak256(abi.encode(CREDIT_NOTE_TYPEHASH, items[i]));
        return
            keccak256(abi.encode(CREDIT_BATCH_TYPEHASH, keccak256(abi.encodePacked(hashes)), signer, nonce, deadline));
    }

    function _confirmation(IIssuanceDesk.Confirmation calldata c) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    ITEM_TYPEHASH,
                    c.creditor,
                    c.amount,
                    c.deliveryDay,
                    c.dueDay,
                    c.evidenceHash,
                    _claims(c.invoices)
                )
            );
    }

    function _claims(IIssuanceDesk.InvoiceClaim[] calldata claims) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](claims.length);
        for (uint256 i = 0; i < claims.length; ++i) hashes[i] = keccak256(abi.encode(CLAIM_TYPEHASH, claims[i]));
        return keccak256(abi.encodePacked(hashes));
    }
}
