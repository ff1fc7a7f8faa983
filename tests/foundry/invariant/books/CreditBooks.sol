// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Vm } from "../../base/Vm.sol";
import { ICreditRegister } from "../../../../contracts/interfaces/ICreditRegister.sol";
import { PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";

/// @notice What the credit register's events alone tell.
abstract contract CreditBooks {
    struct Nonce {
        address signer;
        uint256 nonce;
    }

    mapping(PartyId => mapping(address => ICreditRegister.Line)) internal line_;
    /// @dev What an invoice is for, and what claims and credit notes use of it.
    mapping(bytes32 => uint96) internal invoiceAmount_;
    mapping(bytes32 => uint96) internal invoiceUsed_;
    mapping(bytes32 => uint256) internal claimants_;
    mapping(bytes32 claim => uint96) internal claimed_;
    mapping(bytes32 => uint96) internal creditNote_;
    mapping(PartyId => uint32) internal overdueCount_;
    mapping(address => address) internal writesFor_;
    bytes32[] internal invoicesSeen;
    ICreditRegister.Claim[] internal claimsSeen;
    bytes32[] internal creditNotesSeen;
    mapping(bytes32 => bool) private _isInvoiceSeen;
    address[] internal writersSeen;
    Nonce[] internal noncesSeen;

    /// @return Whether it is an event of the credit register.
    function _replayCredit(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == ICreditRegister.LineSet.selector) {
            _lineOf(log).limit = abi.decode(log.data, (uint96));
        } else if (topic == ICreditRegister.LineUsed.selector) {
            _lineOf(log).used = abi.decode(log.data, (uint96));
        } else if (topic == ICreditRegister.InvoiceClaimed.selector) {
            ICreditRegister.Claim memory c = _claimOf(log);
            (uint96 amount, uint96 part) = abi.decode(log.data, (uint96, uint96));
            _meet(c.fingerprint);
            claimsSeen.push(c);
            ++claimants_[c.fingerprint];
            claimed_[_key(c)] = part;
            invoiceAmount_[c.fingerprint] = amount;
            invoiceUsed_[c.fingerprint] += part;
        } else if (topic == ICreditRegister.InvoiceReleased.selector) {
            ICreditRegister.Claim memory c = _claimOf(log);
            --claimants_[c.fingerprint];
            delete claimed_[_key(c)];
            invoiceUsed_[c.fingerprint] -= abi.decode(log.data, (uint96));
        } else if (topic == ICreditRegister.InvoiceCredited.selector) {
            (uint96 amount, ) = abi.decode(log.data, (uint96, uint96));
            _meet(log.topics[1]);
            invoiceUsed_[log.topics[1]] += amount;
            creditNote_[log.topics[2]] = amount;
            creditNotesSeen.push(log.topics[2]);
        } else if (topic == ICreditRegister.OverdueCounted.selector) {
            overdueCount_[PartyId.wrap(uint32(uint256(log.topics[1])))] = abi.decode(log.data, (uint32));
        } else if (topic == ICreditRegister.AttestationUsed.selector) {
            (uint256 nonce, ) = abi.decode(log.data, (uint256, bytes32));
            noncesSeen.push(Nonce(address(uint160(uint256(log.topics[1]))), nonce));
        } else if (topic == ICreditRegister.WriterSet.selector) {
            address writer = address(uint160(uint256(log.topics[1])));
            writersSeen.push(writer);
            writesFor_[writer] = address(uint160(uint256(log.topics[2])));
        } else {
            return false;
        }
        return true;
    }

    function _lineOf(Vm.Log memory log) private view returns (ICreditRegister.Line storage) {
        return line_[PartyId.wrap(uint32(uint256(log.topics[1])))][address(uint160(uint256(log.topics[2])))];
    }

    function _claimOf(Vm.Log memory log) private pure returns (ICreditRegister.Claim memory) {
        return
            ICreditRegister.Claim(
                log.topics[1],
                address(uint160(uint256(log.topics[2]))),
                ReceivableId.wrap(uint40(uint256(log.topics[3])))
            );
    }

    function _key(ICreditRegister.Claim memory c) internal pure returns (bytes32) {
        return keccak256(abi.encode(c));
    }

    function _meet(bytes32 invoice) private {
        if (!_isInvoiceSeen[invoice]) invoicesSeen.push(invoice);
        _isInvoiceSeen[invoice] = true;
    }

    /// @dev By how much claims and credit notes exceed an invoice that is known.
    function _excessOf(bytes32 invoice) internal view returns (uint96) {
        uint96 amount = invoiceAmount_[invoice];
        return amount != 0 && invoiceUsed_[invoice] > amount ? invoiceUsed_[invoice] - amount : 0;
    }
}
