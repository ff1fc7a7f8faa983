// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBankDesk } from "../interfaces/IBankDesk.sol";
import { IBankSaleDesk } from "../interfaces/IBankSaleDesk.sol";
import { NoteId, PartyId, ReceivableId } from "../types/Ids.sol";

/// @notice EIP-712 struct hashes of what a settlement bank signs.
library BankHash {
    bytes32 internal constant SALE_TYPEHASH = keccak256(
        "SaleReservation(uint40 note,uint32 seller,uint32 financier,uint96 amount,uint96 price,address currency,bytes32 quote,uint32 bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline)"
    );
    bytes32 internal constant REPAYMENT_TYPEHASH = keccak256(
        "RepaymentReservation(uint40[] notes,uint32 debtor,uint256 principal,address currency,uint32 bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline)"
    );
    bytes32 internal constant ROUND_TYPEHASH = keccak256(
        "RoundReservation(uint40 receivable,uint8 round,uint32 debtor,address currency,uint32 bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline)"
    );
    bytes32 internal constant LINE_TYPEHASH = keccak256("Line(uint40 note,uint32 payee,uint128 amount,bool refused)");
    bytes32 internal constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(uint32 bank,bytes32 reservation,address currency,uint16 valueDay,uint96 counted,bytes32 paymentReference,Line[] lines,address signer,uint256 deadline)Line(uint40 note,uint32 payee,uint128 amount,bool refused)"
    );

    function sale(
        IBankSaleDesk.Sale memory s,
        bytes32 quote,
        address currency,
        IBankDesk.Commitment calldata c
    ) internal pure returns (bytes32) {
        return
            keccak256(
                bytes.concat(
                    abi.encode(SALE_TYPEHASH, s.note, s.seller, s.financier, s.amount, s.price, currency, quote),
                    _commitment(c)
                )
            );
    }

    function repayment(
        NoteId[] calldata notes,
        PartyId debtor,
        uint256 principal,
        address currency,
        IBankDesk.Commitment calldata c
    ) internal pure returns (bytes32) {
        bytes32 list = keccak256(abi.encodePacked(notes));
        return
            keccak256(bytes.concat(abi.encode(REPAYMENT_TYPEHASH, list, debtor, principal, currency), _commitment(c)));
    }

    function round(
        ReceivableId receivable,
        uint8 number,
        PartyId debtor,
        address currency,
        IBankDesk.Commitment calldata c
    ) internal pure returns (bytes32) {
        return
            keccak256(bytes.concat(abi.encode(ROUND_TYPEHASH, receivable, number, debtor, currency), _commitment(c)));
    }

    function attestation(IBankDesk.Attestation calldata a) internal pure returns (bytes32) {
        bytes32[] memory lines = new bytes32[](a.lines.length);
        for (uint256 i = 0; i < lines.length; ++i) lines[i] = keccak256(abi.encode(LINE_TYPEHASH, a.lines[i]));
        return
            keccak256(
                abi.encode(
                    ATTESTATION_TYPEHASH,
                    a.bank,
                    a.reservation,
                    a.currency,
                    a.valueDay,
                    a.counted,
                    a.paymentReference,
                    keccak256(abi.encodePacked(lines)),
                    a.signer,
                    a.deadline
                )
            );
    }

    /// @dev The members that end every reservation's type.
    function _commitment(IBankDesk.Commitment calldata c) private pure returns (bytes memory) {
        return abi.encode(c.bank, c.lastDay, c.signer, c.nonce, c.deadline);
    }
}
