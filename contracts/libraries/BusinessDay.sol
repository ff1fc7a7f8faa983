// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day } from "../types/Ids.sol";

/// @notice The one clock of the protocol.
library BusinessDay {
    /// @dev The business zone: UTC+8, in seconds.
    uint256 internal constant ZONE_OFFSET = 8 hours;

    /// @return Today's business day: it began at 00:00 and ends at 24:00 in the business zone.
    function today() internal view returns (Day) {
        return Day.wrap(uint16((block.timestamp + ZONE_OFFSET) / 1 days));
    }

    /// @return Whole days from `start` to `end`; 0 when `end` is not later.
    function daysBetween(Day start, Day end) internal pure returns (uint256) {
        return end > start ? Day.unwrap(end) - Day.unwrap(start) : 0;
    }
}
