// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IIssuanceDesk } from "../interfaces/IIssuanceDesk.sol";
import { PartyId } from "../types/Ids.sol";

/// @notice EIP-712 struct hash of what a registrar attests.
library ConfirmationHash {
    bytes32 internal constant ITEM_TYPEHASH = keccak256(
        "Confirmation(uint32 creditor,uint96 amount,uint16 deliveryDay,uint16 dueDay,bytes32 evidenceHash,bytes32[] fingerprints)"
    );
    bytes32 internal constant BATCH_TYPEHASH = keccak256(
        "ConfirmationBatch(uint32 debtor,address currency,Confirmation[] items,address signer,uint256 nonce,uint256 deadline)Confirmation(uint32 creditor,uint96 amount,uint16 deliveryDay,uint16 dueDay,bytes32 evidenceHash,bytes32[] fingerprints)"
    );

    function batch(
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](items.length);
        for (uint256 i = 0; i < items.length; ++i) hashes[i] = _item(items[i]);
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

    function _item(IIssuanceDesk.Confirmation calldata c) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    ITEM_TYPEHASH,
                    c.creditor,
                    c.amount,
                    c.deliveryDay,
                    c.dueDay,
                    c.evidenceHash,
                    keccak256(abi.encodePacked(c.fingerprints))
                )
            );
    }
}
