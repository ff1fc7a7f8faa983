// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, PartyId } from "./Ids.sol";

/// @dev What a receivable's acts read and change, in one storage slot, from the lowest bit: debtor 32, outstanding 96,
/// due day 16, currency 16, flags 8, tier limit 8, grace days 8, overdue rate 16, offer lifetime 16, round 8. Bits 224 and
/// up are zero. 0 is no receivable.
type OwedWord is uint256;

using OwedWords for OwedWord global;

/// @notice The fields of what is owed. A setter takes what its type holds, so no field can spill into another.
library OwedWords {
    uint256 private constant OUTSTANDING_MASK = uint256(type(uint96).max) << OUTSTANDING_AT;
    uint256 private constant ROUND_MASK = uint256(type(uint8).max) << ROUND_AT;
    uint256 private constant OUTSTANDING_AT = 32;
    uint256 private constant DUE_AT = 128;
    uint256 private constant CURRENCY_AT = 144;
    uint256 private constant FLAGS_AT = 160;
    uint256 private constant TIER_LIMIT_AT = 168;
    uint256 private constant GRACE_AT = 176;
    uint256 private constant RATE_AT = 184;
    uint256 private constant LIFETIME_AT = 200;
    uint256 private constant ROUND_AT = 216;

    /// @dev What all debts of one confirmation have in common; see {withDebt} for the rest.
    function create(
        PartyId debtor_,
        uint16 currency_,
        uint8 tierLimit_,
        uint8 graceDays_,
        uint16 overdueRateBps_,
        uint16 offerLifetimeDays_
    ) internal pure returns (OwedWord) {
        return
            OwedWord.wrap(
                uint256(PartyId.unwrap(debtor_)) |
                    (uint256(currency_) << CURRENCY_AT) |
                    (uint256(tierLimit_) << TIER_LIMIT_AT) |
                    (uint256(graceDays_) << GRACE_AT) |
                    (uint256(overdueRateBps_) << RATE_AT) |
                    (uint256(offerLifetimeDays_) << LIFETIME_AT)
            );
    }

    /// @dev Of a word that {create} made.
    function withDebt(OwedWord r, uint96 outstanding_, Day dueDay_, uint8 flags_) internal pure returns (OwedWord) {
        return
            OwedWord.wrap(
                OwedWord.unwrap(r) |
                    (uint256(outstanding_) << OUTSTANDING_AT) |
                    (uint256(Day.unwrap(dueDay_)) << DUE_AT) |
                    (uint256(flags_) << FLAGS_AT)
            );
    }

    function exists(OwedWord r) internal pure returns (bool) {
        return OwedWord.unwrap(r) != 0;
    }

    function debtor(OwedWord r) internal pure returns (PartyId) {
        return PartyId.wrap(uint32(OwedWord.unwrap(r)));
    }

    function outstanding(OwedWord r) internal pure returns (uint96) {
        return uint96(OwedWord.unwrap(r) >> OUTSTANDING_AT);
    }

    function dueDay(OwedWord r) internal pure returns (Day) {
        return Day.wrap(uint16(OwedWord.unwrap(r) >> DUE_AT));
    }

    function currency(OwedWord r) internal pure returns (uint16) {
        return uint16(OwedWord.unwrap(r) >> CURRENCY_AT);
    }

    function flags(OwedWord r) internal pure returns (uint8) {
        return uint8(OwedWord.unwrap(r) >> FLAGS_AT);
    }

    /// @return Whether any of the bits of {ReceivableFlags} is set.
    function has(OwedWord r, uint8 bits) internal pure returns (bool) {
        return r.flags() & bits != 0;
    }

    function tierLimit(OwedWord r) internal pure returns (uint8) {
        return uint8(OwedWord.unwrap(r) >> TIER_LIMIT_AT);
    }

    function graceDays(OwedWord r) internal pure returns (uint8) {
        return uint8(OwedWord.unwrap(r) >> GRACE_AT);
    }

    function overdueRateBps(OwedWord r) internal pure returns (uint16) {
        return uint16(OwedWord.unwrap(r) >> RATE_AT);
    }

    function offerLifetimeDays(OwedWord r) internal pure returns (uint16) {
        return uint16(OwedWord.unwrap(r) >> LIFETIME_AT);
    }

    function round(OwedWord r) internal pure returns (uint8) {
        return uint8(OwedWord.unwrap(r) >> ROUND_AT);
    }

    function withOutstanding(OwedWord r, uint96 outstanding_) internal pure returns (OwedWord) {
        return OwedWord.wrap((OwedWord.unwrap(r) & ~OUTSTANDING_MASK) | (uint256(outstanding_) << OUTSTANDING_AT));
    }

    function set(OwedWord r, uint8 bits) internal pure returns (OwedWord) {
        return OwedWord.wrap(OwedWord.unwrap(r) | (uint256(bits) << FLAGS_AT));
    }

    function clear(OwedWord r, uint8 bits) internal pure returns (OwedWord) {
        return OwedWord.wrap(OwedWord.unwrap(r) & ~(uint256(bits) << FLAGS_AT));
    }

    function withRound(OwedWord r, uint8 round_) internal pure returns (OwedWord) {
        return OwedWord.wrap((OwedWord.unwrap(r) & ~ROUND_MASK) | (uint256(round_) << ROUND_AT));
    }
}
