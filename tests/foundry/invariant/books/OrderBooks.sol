// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Vm } from "../../base/Vm.sol";
import { IOrderDesk } from "../../../../contracts/interfaces/IOrderDesk.sol";
import { NoteId, OrderId, PartyId } from "../../../../contracts/types/Ids.sol";

/// @notice What the events of orders alone tell.
abstract contract OrderBooks {
    uint40 internal reassignmentCount_;
    mapping(OrderId => IOrderDesk.Reassignment) internal reassignment_;
    mapping(NoteId => uint16) internal freezeCount_;

    /// @return Whether it is an event of the order desk.
    function _replayOrder(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == IOrderDesk.FreezeOrdered.selector) {
            ++freezeCount_[NoteId.wrap(uint40(uint256(log.topics[1])))];
        } else if (topic == IOrderDesk.ReassignmentOrdered.selector) {
            ++reassignmentCount_;
            IOrderDesk.Reassignment storage r = reassignment_[_orderAt(log)];
            r.note = NoteId.wrap(uint40(uint256(log.topics[2])));
            (r.to, r.amount, r.arbiter, r.freeze, r.readyAt) = abi.decode(
                log.data,
                (PartyId, uint96, PartyId, uint16, uint40)
            );
        } else if (
            topic == IOrderDesk.ReassignmentExecuted.selector || topic == IOrderDesk.ReassignmentCancelled.selector
        ) {
            delete reassignment_[_orderAt(log)];
        } else {
            return topic == IOrderDesk.ReleaseOrdered.selector;
        }
        return true;
    }

    function _orderAt(Vm.Log memory log) private pure returns (OrderId) {
        return OrderId.wrap(uint40(uint256(log.topics[1])));
    }
}
