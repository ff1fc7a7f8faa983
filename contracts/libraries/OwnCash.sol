// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IParticipantRegistry } from "../interfaces/IParticipantRegistry.sol";
import { IRepaymentDesk } from "../interfaces/IRepaymentDesk.sol";
import { PartyId } from "../types/Ids.sol";
import { Rights } from "../types/Roles.sol";

/// @notice Nobody spends another's allowance.
library OwnCash {
    /// @notice Checks that the caller pays itself, or acts for the party whose account pays. A suspended or expired party
    /// may still pay, so its status is not asked.
    function check(IParticipantRegistry registry, address payer, address caller) internal view {
        if (payer == caller) return;
        IParticipantRegistry.Account memory a = registry.account(caller);
        bool own = PartyId.unwrap(a.party) != 0 && registry.account(payer).party == a.party;
        if (!own || a.rights & Rights.ACT == 0) revert IRepaymentDesk.PayerNotAuthorised(payer, caller);
    }
}
