// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IPledgeDesk } from "../interfaces/IPledgeDesk.sol";
import { BusinessDay } from "./BusinessDay.sol";
import { Interest } from "./Interest.sol";
import { Day } from "../types/Ids.sol";

/// @notice The arithmetic of a loan.
/// @dev Interest is kept as principal × rate × days, and divided only where it is told or paid: rounding loses nothing from
/// one payment to the next. Principal is 96 bits, rate 32, and days from the first to the last 16, so 144 bits hold all
/// that ever accrues.
library Loans {
    /// @notice Adds the interest up to `today`.
    function accrue(IPledgeDesk.Loan memory l, Day today) internal pure {
        uint256 numDays = BusinessDay.daysBetween(l.since, today);
        l.accrued += uint144(uint256(l.principal) * l.rateBps * numDays);
        l.since = today;
    }

    /// @return Of a loan accrued up to today, what the lender may ask for, rounded down.
    function claimDown(IPledgeDesk.Loan memory l) internal pure returns (uint96) {
        uint256 owed = uint256(l.principal) + l.accrued / Interest.BASIS;
        return owed < l.cap ? uint96(owed) : l.cap;
    }

    /// @notice Takes a payment off: interest first.
    /// @param amount At most the claim.
    function pay(IPledgeDesk.Loan memory l, uint96 amount) internal pure {
        uint256 due = l.accrued / Interest.BASIS;
        uint256 interest = amount < due ? amount : due;
        l.accrued -= uint144(interest * Interest.BASIS);
        l.principal -= uint96(amount - interest);
        l.cap -= amount;
    }
}
