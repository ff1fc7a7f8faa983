// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Vm } from "../../base/Vm.sol";
import { IAssignmentRegister } from "../../../../contracts/interfaces/IAssignmentRegister.sol";
import { IFinancingDesk } from "../../../../contracts/interfaces/IFinancingDesk.sol";
import { IRecourseDesk } from "../../../../contracts/interfaces/IRecourseDesk.sol";
import { Day, NoteId } from "../../../../contracts/types/Ids.sol";

/// @notice What the events alone tell of sales with recourse, of demands, and of registration and notice.
abstract contract RecourseBooks {
    struct WordKey {
        address signer;
        uint256 nonce;
    }

    mapping(NoteId origin => IFinancingDesk.Sale) internal undertaking_;
    /// @dev The note that the sale brought into being, by the note for which the sale holds.
    mapping(NoteId => NoteId) internal origin_;
    mapping(NoteId => Day) internal demandDay_;
    mapping(NoteId => IAssignmentRegister.Assignment) internal assignment_;
    WordKey[] internal wordsSeen;

    /// @return Whether it is an event about one of them.
    function _replayRecourse(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        NoteId note = NoteId.wrap(uint40(uint256(log.topics[1])));
        if (topic == IFinancingDesk.SaleRecorded.selector) {
            undertaking_[note] = abi.decode(log.data, (IFinancingDesk.Sale));
            origin_[note] = note;
        } else if (topic == IFinancingDesk.SaleCarried.selector) {
            origin_[note] = NoteId.wrap(uint40(uint256(log.topics[2])));
        } else if (topic == IRecourseDesk.RecourseDemanded.selector) {
            demandDay_[note] = abi.decode(log.data, (Day));
        } else if (topic == IRecourseDesk.RecourseHonoured.selector) {
            demandDay_[note] = Day.wrap(0);
        } else if (topic == IAssignmentRegister.AssignmentRegistered.selector) {
            (uint64 registeredAt, , uint256 nonce) = abi.decode(log.data, (uint64, uint64, uint256));
            IAssignmentRegister.Assignment storage a = assignment_[note];
            (a.registeredAt, a.recordedAt) = (registeredAt, uint64(block.timestamp));
            wordsSeen.push(WordKey(address(uint160(uint256(log.topics[3]))), nonce));
        } else if (topic == IAssignmentRegister.DebtorNotified.selector) {
            assignment_[note].debtorNotifiedAt = abi.decode(log.data, (uint64));
        } else {
            return false;
        }
        return true;
    }
}
