// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Simple interest, ACT/360 on whole days (People's Bank of China convention for RMB money-market discounting).
/// @dev Rounding never pays the party that chose the split, so each direction has its own name. Both are within one
/// minor unit of the exact value. Principal is at most 96 bits, rate 32, days 16: no product passes 144 bits.
library Interest {
    uint256 internal constant BASIS = 10_000 * 360;

    /// @param principal Minor units.
    /// @param rateBps Annual rate in basis points.
    /// @param numDays Whole days.
    /// @return Minor units, rounded up: what a buyer deducts.
    function discountUp(uint256 principal, uint256 rateBps, uint256 numDays) internal pure returns (uint256) {
        return (principal * rateBps * numDays + BASIS - 1) / BASIS;
    }

    /// @param principal Minor units.
    /// @param rateBps Annual rate in basis points.
    /// @param numDays Whole days late.
    /// @return Minor units, rounded down: what a late payer adds.
    function overdueDown(uint256 principal, uint256 rateBps, uint256 numDays) internal pure returns (uint256) {
        return (principal * rateBps * numDays) / BASIS;
    }
}
