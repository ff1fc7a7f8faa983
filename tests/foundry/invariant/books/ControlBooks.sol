// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Vm } from "../../base/Vm.sol";
import { IDelayedChanges } from "../../../../contracts/interfaces/IDelayedChanges.sol";
import { PartyId } from "../../../../contracts/types/Ids.sol";

/// @notice What the registry's events tell of changes that are announced.
abstract contract ControlBooks {
    mapping(PartyId => IDelayedChanges.Recovery) internal recovery_;
    mapping(PartyId => IDelayedChanges.SettlementChange) internal settlementChange_;
    /// @dev The accounts that a recovery will remove, as its events name them.
    mapping(PartyId => address[]) internal removedBy_;

    /// @return Whether it is one of these events.
    function _replayChange(Vm.Log memory log, PartyId id) internal returns (bool) {
        bytes32 topic = log.topics[0];
        address account = address(uint160(uint256(log.topics[2])));
        if (topic == IDelayedChanges.RecoveryAnnounced.selector) {
            (uint48 readyAt, bytes32 evidence, bytes32 removed) = abi.decode(log.data, (uint48, bytes32, bytes32));
            recovery_[id] = IDelayedChanges.Recovery(account, readyAt, evidence, removed);
            delete removedBy_[id];
        } else if (topic == IDelayedChanges.RecoveryRemoves.selector) {
            removedBy_[id].push(account);
        } else if (
            topic == IDelayedChanges.RecoveryVetoed.selector ||
            topic == IDelayedChanges.RecoveryWithdrawn.selector ||
            topic == IDelayedChanges.RecoveryFinished.selector
        ) {
            delete recovery_[id];
            delete removedBy_[id];
        } else if (topic == IDelayedChanges.SettlementChangeAnnounced.selector) {
            (uint48 readyAt, bytes32 evidence) = abi.decode(log.data, (uint48, bytes32));
            settlementChange_[id] = IDelayedChanges.SettlementChange(account, readyAt, evidence);
        } else if (
            topic == IDelayedChanges.SettlementChangeVetoed.selector ||
            topic == IDelayedChanges.SettlementAccountChanged.selector
        ) {
            delete settlementChange_[id];
        } else {
            return false;
        }
        return true;
    }
}
