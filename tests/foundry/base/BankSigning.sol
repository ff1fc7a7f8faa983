// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Signing } from "./Signing.sol";
import { IBankDesk } from "../../../contracts/interfaces/IBankDesk.sol";
import { IBankSaleDesk } from "../../../contracts/interfaces/IBankSaleDesk.sol";
import { NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";

/// @notice What a settlement bank's wallet signs, built from the type strings that the interfaces document.
library BankSigning {
    string private constant COMMITMENT = "uint32 bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline)";
    string private constant LINE = "Line(uint40 note,uint32 payee,uint128 amount,bool refused)";

    function sale(
        address desk,
        IBankSaleDesk.Sale memory s,
        address currency,
        bytes32 quote,
        IBankDesk.Commitment memory c
    ) internal view returns (bytes32) {
        string memory terms =
            "SaleReservation(uint40 note,uint32 seller,uint32 financier,uint96 amount,uint96 price,address currency,bytes32 quote,";
        bytes memory head = abi.encode(s.note, s.seller, s.financier, s.amount, s.price, currency, quote);
        return _reservation(desk, terms, head, c);
    }

    function repayment(
        address desk,
        NoteId[] memory notes,
        PartyId debtor,
        uint256 principal,
        address currency,
        IBankDesk.Commitment memory c
    ) internal view returns (bytes32) {
        string memory terms = "RepaymentReservation(uint40[] notes,uint32 debtor,uint256 principal,address currency,";
        bytes memory head = abi.encode(keccak256(abi.encodePacked(notes)), debtor, principal, currency);
        return _reservation(desk, terms, head, c);
    }

    function round(
        address desk,
        ReceivableId receivable,
        uint8 number,
        PartyId debtor,
        address currency,
        IBankDesk.Commitment memory c
    ) internal view returns (bytes32) {
        string memory terms = "RoundReservation(uint40 receivable,uint8 round,uint32 debtor,address currency,";
        return _reservation(desk, terms, abi.encode(receivable, number, debtor, currency), c);
    }

    function _reservation(
        address desk,
        string memory terms,
        bytes memory head,
        IBankDesk.Commitment memory c
    ) private view returns (bytes32) {
        bytes memory tail = abi.encode(c.bank, c.lastDay, c.signer, c.nonce, c.deadline);
        bytes32 typeHash = keccak256(abi.encodePacked(terms, COMMITMENT));
        return Signing.digest("Cascade BankDesk", desk, keccak256(bytes.concat(typeHash, head, tail)));
    }

    function attestation(address desk, IBankDesk.Attestation memory a) internal view returns (bytes32) {
        string memory terms =
            "Attestation(uint32 bank,bytes32 reservation,address currency,uint16 valueDay,uint96 counted,bytes32 paymentReference,Line[] lines,address signer,uint256 deadline)";
        bytes memory lines;
        for (uint256 i = 0; i < a.lines.length; ++i) {
            IBankDesk.Line memory l = a.lines[i];
            lines = bytes.concat(
                lines,
                keccak256(abi.encode(keccak256(bytes(LINE)), l.note, l.payee, l.amount, l.refused))
            );
        }
        bytes memory head = abi.encode(a.bank, a.reservation, a.currency, a.valueDay, a.counted, a.paymentReference);
        bytes memory tail = abi.encode(keccak256(lines), a.signer, a.deadline);
        bytes32 typeHash = keccak256(abi.encodePacked(terms, LINE));
        return Signing.digest("Cascade BankDesk", desk, keccak256(bytes.concat(typeHash, head, tail)));
    }
}
