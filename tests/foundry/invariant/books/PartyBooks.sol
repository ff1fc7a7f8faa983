// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ControlBooks } from "./ControlBooks.sol";
import { Vm } from "../../base/Vm.sol";
import { IDelayedChanges } from "../../../../contracts/interfaces/IDelayedChanges.sol";
import { IParticipantRegistry } from "../../../../contracts/interfaces/IParticipantRegistry.sol";
import { Day, PartyId } from "../../../../contracts/types/Ids.sol";

/// @notice What the registry's events alone tell.
abstract contract PartyBooks is ControlBooks {
    uint32 internal partyCount_;
    mapping(PartyId => IParticipantRegistry.Party) internal party_;
    mapping(address => IParticipantRegistry.Account) internal account_;
    mapping(address => uint256) internal nonce_;
    mapping(bytes32 => PartyId) internal partyOfCode_;
    address[] internal accountsSeen;
    bytes32[] internal codesSeen;

    /// @return Whether it is an event of the registry.
    function _replayParty(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        PartyId id = PartyId.wrap(uint32(uint256(log.topics[1])));
        IParticipantRegistry.Party storage p = party_[id];
        if (topic == IParticipantRegistry.PartyAdmitted.selector) {
            ++partyCount_;
            p.status = IParticipantRegistry.Status.Active;
            (p.roles, p.identityExpiry, p.settlementAccount) = abi.decode(log.data, (uint16, Day, address));
            partyOfCode_[log.topics[2]] = id;
            codesSeen.push(log.topics[2]);
        } else if (topic == IParticipantRegistry.PartySuspended.selector) {
            p.status = IParticipantRegistry.Status.Suspended;
        } else if (topic == IParticipantRegistry.PartyReinstated.selector) {
            p.status = IParticipantRegistry.Status.Active;
        } else if (topic == IParticipantRegistry.RolesSet.selector) {
            p.roles = abi.decode(log.data, (uint16));
        } else if (topic == IParticipantRegistry.IdentityRenewed.selector) {
            p.identityExpiry = abi.decode(log.data, (Day));
        } else if (topic == IParticipantRegistry.QuoteEpochRaised.selector) {
            p.quoteEpoch = abi.decode(log.data, (uint32));
        } else if (topic == IParticipantRegistry.AccountSet.selector) {
            _setAccount(
                address(uint160(uint256(log.topics[1]))),
                PartyId.wrap(uint32(uint256(log.topics[2]))),
                log.data
            );
        } else if (topic == IParticipantRegistry.SignatureUsed.selector) {
            address account = address(uint160(uint256(log.topics[1])));
            nonce_[account] = abi.decode(log.data, (uint256)) + 1;
            accountsSeen.push(account);
        } else {
            if (topic == IDelayedChanges.SettlementAccountChanged.selector) {
                p.settlementAccount = address(uint160(uint256(log.topics[2])));
            }
            return _replayChange(log, id);
        }
        return true;
    }

    function _setAccount(address account, PartyId party, bytes memory data) private {
        (uint8 rights, ) = abi.decode(data, (uint8, bytes32));
        accountsSeen.push(account);
        account_[account] = IParticipantRegistry.Account(rights == 0 ? PartyId.wrap(0) : party, rights);
    }

    // -- what follows from it

    /// @return Whether the account may act for an active party in one of the roles (0: any), by the table of the protocol.
    function _mayAct(address account, uint8 right, uint16 role) internal view returns (bool) {
        IParticipantRegistry.Account memory a = account_[account];
        return a.rights & right != 0 && _isActive(a.party, role);
    }

    function _isActive(PartyId id, uint16 role) internal view returns (bool) {
        IParticipantRegistry.Party memory p = party_[id];
        uint256 today = (block.timestamp + 28_800) / 86_400;
        return
            p.status == IParticipantRegistry.Status.Active &&
            Day.unwrap(p.identityExpiry) >= today &&
            (role == 0 || p.roles & role != 0);
    }

    function _partyOf(address account) internal view returns (PartyId) {
        return account_[account].party;
    }
}
