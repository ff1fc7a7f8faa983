// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Simple interest, ACT/360 on whole days (People's Bank of China convention for RMB money-market discounting).
/// @dev Rounding never pays the party that chose the split, so each direction has its own name. Both are within one
/// minor unit of the exact value. Principal is at most 96 bits, rate 32, days 16: no product of the three passes 144 bits.
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

    /// @notice What was paid for a part of a sale, with interest.
    /// @dev One rounding. At most 96 + 96 + 32 bits: no overflow.
    /// @param paid What was paid for all of it, minor units; at most 96 bits.
    /// @param amount Face value of all of it, minor units.
    /// @param part Face value of the part, minor units; at most 96 bits.
    /// @param rateBps Annual rate in basis points; at most 16 bits.
    /// @param numDays Whole days since the sale; at most 16 bits.
    /// @return Minor units, rounded down.
    function refundDown(
        uint256 paid,
        uint256 amount,
        uint256 part,
        uint256 rateBps,
        uint256 numDays
    ) internal pure returns (uint256) {
        return (paid * part * (BASIS + rateBps * numDays)) / (amount * BASIS);
    }
}
