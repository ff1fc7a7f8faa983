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
    mapping(bytes32 => ICreditRegister.Claim) internal claim_;
    mapping(PartyId => uint32) internal overdueCount_;
    mapping(address => bool) internal isWriter_;
    bytes32[] internal fingerprintsSeen;
    address[] internal writersSeen;
    Nonce[] internal noncesSeen;

    /// @return Whether it is an event of the credit register.
    function _replayCredit(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == ICreditRegister.LineSet.selector) {
            _lineOf(log).limit = abi.decode(log.data, (uint96));
        } else if (topic == ICreditRegister.LineUsed.selector) {
            _lineOf(log).used = abi.decode(log.data, (uint96));
        } else if (topic == ICreditRegister.FingerprintClaimed.selector) {
            fingerprintsSeen.push(log.topics[1]);
            claim_[log.topics[1]] = ICreditRegister.Claim(
                address(uint160(uint256(log.topics[2]))),
                ReceivableId.wrap(uint40(uint256(log.topics[3])))
            );
        } else if (topic == ICreditRegister.FingerprintReleased.selector) {
            delete claim_[log.topics[1]];
        } else if (topic == ICreditRegister.OverdueCounted.selector) {
            overdueCount_[PartyId.wrap(uint32(uint256(log.topics[1])))] = abi.decode(log.data, (uint32));
        } else if (topic == ICreditRegister.AttestationUsed.selector) {
            (uint256 nonce, ) = abi.decode(log.data, (uint256, bytes32));
            noncesSeen.push(Nonce(address(uint160(uint256(log.topics[1]))), nonce));
        } else if (topic == ICreditRegister.WriterSet.selector) {
            address writer = address(uint160(uint256(log.topics[1])));
            writersSeen.push(writer);
            isWriter_[writer] = abi.decode(log.data, (bool));
        } else {
            return false;
        }
        return true;
    }

    function _lineOf(Vm.Log memory log) private view returns (ICreditRegister.Line storage) {
        return line_[PartyId.wrap(uint32(uint256(log.topics[1])))][address(uint160(uint256(log.topics[2])))];
    }
}
