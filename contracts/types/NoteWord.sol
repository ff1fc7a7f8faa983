// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, NoteId, PartyId, ReceivableId } from "./Ids.sol";

/// @dev A note in its one storage slot, from the lowest bit: value 96, parent 40, receivable 40, holder 32, tier 8,
/// flags 16, lapse day 16, round 8. Read and written as a word: a field access is a shift, and no act touches the slot
/// twice. 0 is no note.
type NoteWord is uint256;

using NoteWords for NoteWord global;

/// @notice The fields of a note. A setter takes what its type holds, so no field can spill into another.
library NoteWords {
    uint256 private constant VALUE_MASK = type(uint96).max;
    uint256 private constant ROUND_MASK = uint256(type(uint8).max) << ROUND_AT;
    uint256 private constant PARENT_AT = 96;
    uint256 private constant RECEIVABLE_AT = 136;
    uint256 private constant HOLDER_AT = 176;
    uint256 private constant TIER_AT = 208;
    uint256 private constant FLAGS_AT = 216;
    uint256 private constant LAPSE_AT = 232;
    uint256 private constant ROUND_AT = 248;

    function create(
        uint96 value_,
        NoteId parent_,
        ReceivableId receivable_,
        PartyId holder_,
        uint8 tier_
    ) internal pure returns (NoteWord) {
        return
            NoteWord.wrap(
                uint256(value_) |
                    (uint256(NoteId.unwrap(parent_)) << PARENT_AT) |
                    (uint256(ReceivableId.unwrap(receivable_)) << RECEIVABLE_AT) |
                    (uint256(PartyId.unwrap(holder_)) << HOLDER_AT) |
                    (uint256(tier_) << TIER_AT)
            );
    }

    function exists(NoteWord n) internal pure returns (bool) {
        return NoteWord.unwrap(n) != 0;
    }

    function value(NoteWord n) internal pure returns (uint96) {
        return uint96(NoteWord.unwrap(n));
    }

    function parent(NoteWord n) internal pure returns (NoteId) {
        return NoteId.wrap(uint40(NoteWord.unwrap(n) >> PARENT_AT));
    }

    function isRoot(NoteWord n) internal pure returns (bool) {
        return NoteId.unwrap(n.parent()) == 0;
    }

    function receivable(NoteWord n) internal pure returns (ReceivableId) {
        return ReceivableId.wrap(uint40(NoteWord.unwrap(n) >> RECEIVABLE_AT));
    }

    function holder(NoteWord n) internal pure returns (PartyId) {
        return PartyId.wrap(uint32(NoteWord.unwrap(n) >> HOLDER_AT));
    }

    function tier(NoteWord n) internal pure returns (uint8) {
        return uint8(NoteWord.unwrap(n) >> TIER_AT);
    }

    function flags(NoteWord n) internal pure returns (uint16) {
        return uint16(NoteWord.unwrap(n) >> FLAGS_AT);
    }

    /// @return Whether any of the bits of {NoteFlags} is set.
    function has(NoteWord n, uint16 bits) internal pure returns (bool) {
        return n.flags() & bits != 0;
    }

    function lapseDay(NoteWord n) internal pure returns (Day) {
        return Day.wrap(uint16(NoteWord.unwrap(n) >> LAPSE_AT));
    }

    function round(NoteWord n) internal pure returns (uint8) {
        return uint8(NoteWord.unwrap(n) >> ROUND_AT);
    }

    function withValue(NoteWord n, uint96 value_) internal pure returns (NoteWord) {
        return NoteWord.wrap((NoteWord.unwrap(n) & ~VALUE_MASK) | value_);
    }

    function set(NoteWord n, uint16 bits) internal pure returns (NoteWord) {
        return NoteWord.wrap(NoteWord.unwrap(n) | (uint256(bits) << FLAGS_AT));
    }

    function clear(NoteWord n, uint16 bits) internal pure returns (NoteWord) {
        return NoteWord.wrap(NoteWord.unwrap(n) & ~(uint256(bits) << FLAGS_AT));
    }

    /// @dev Of a note that has none yet.
    function withLapseDay(NoteWord n, Day day) internal pure returns (NoteWord) {
        return NoteWord.wrap(NoteWord.unwrap(n) | (uint256(Day.unwrap(day)) << LAPSE_AT));
    }

    function withRound(NoteWord n, uint8 round_) internal pure returns (NoteWord) {
        return NoteWord.wrap((NoteWord.unwrap(n) & ~ROUND_MASK) | (uint256(round_) << ROUND_AT));
    }
}
