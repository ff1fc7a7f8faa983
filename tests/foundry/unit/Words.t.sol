// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { vm } from "../base/Vm.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteWord, NoteWords } from "../../../contracts/types/NoteWord.sol";
import { OwedWord, OwedWords } from "../../../contracts/types/OwedWord.sol";

/// @notice A note and what is owed, as words: every field keeps what it was given, and no setter spills into another.
contract WordsTest {
    function testFuzz_note_keepsWhatItWasGiven(
        uint96 value,
        uint40 parent,
        uint40 receivable,
        uint32 holder,
        uint8 tier
    ) external pure {
        NoteWord n = NoteWords.create(
            value,
            NoteId.wrap(parent),
            ReceivableId.wrap(receivable),
            PartyId.wrap(holder),
            tier
        );
        vm.assertTrue(n.value() == value && NoteId.unwrap(n.parent()) == parent, "value, parent");
        vm.assertTrue(ReceivableId.unwrap(n.receivable()) == receivable, "receivable");
        vm.assertTrue(PartyId.unwrap(n.holder()) == holder && n.tier() == tier, "holder, tier");
        vm.assertTrue(n.flags() == 0 && Day.unwrap(n.lapseDay()) == 0 && n.round() == 0, "the rest");
    }

    function testFuzz_note_settersSpillIntoNoNeighbour(
        uint256 word,
        uint96 value,
        uint16 bits,
        uint8 round
    ) external pure {
        NoteWord n = NoteWord.wrap(word);
        uint256 flagsAt = 216;
        _onlyChanges(word, NoteWord.unwrap(n.withValue(value)), type(uint96).max);
        _onlyChanges(word, NoteWord.unwrap(n.set(bits)), uint256(bits) << flagsAt);
        _onlyChanges(word, NoteWord.unwrap(n.clear(bits)), uint256(bits) << flagsAt);
        _onlyChanges(word, NoteWord.unwrap(n.withRound(round)), uint256(type(uint8).max) << 248);
        vm.assertTrue(n.withValue(value).value() == value && n.withRound(round).round() == round, "set");
        vm.assertTrue(n.set(bits).flags() == n.flags() | bits && n.clear(bits).flags() == n.flags() & ~bits, "flags");
    }

    function testFuzz_owed_keepsWhatItWasGiven(
        uint32 debtor,
        uint16 currency,
        uint8 tierLimit,
        uint8 graceDays,
        uint16 rate,
        uint16 lifetime
    ) external pure {
        OwedWord r = OwedWords.create(PartyId.wrap(debtor), currency, tierLimit, graceDays, rate, lifetime);
        r = r.withDebt(type(uint96).max, Day.wrap(type(uint16).max), type(uint8).max);
        vm.assertTrue(PartyId.unwrap(r.debtor()) == debtor && r.currency() == currency, "debtor, currency");
        vm.assertTrue(r.tierLimit() == tierLimit && r.graceDays() == graceDays, "limits");
        vm.assertTrue(r.overdueRateBps() == rate && r.offerLifetimeDays() == lifetime && r.round() == 0, "terms");
        vm.assertTrue(r.outstanding() == type(uint96).max && Day.unwrap(r.dueDay()) == type(uint16).max, "debt");
    }

    function testFuzz_owed_settersSpillIntoNoNeighbour(
        uint256 word,
        uint96 outstanding,
        uint8 bits,
        uint8 round
    ) external pure {
        OwedWord r = OwedWord.wrap(word);
        _onlyChanges(word, OwedWord.unwrap(r.withOutstanding(outstanding)), uint256(type(uint96).max) << 32);
        _onlyChanges(word, OwedWord.unwrap(r.set(bits)), uint256(bits) << 160);
        _onlyChanges(word, OwedWord.unwrap(r.clear(bits)), uint256(bits) << 160);
        _onlyChanges(word, OwedWord.unwrap(r.withRound(round)), uint256(type(uint8).max) << 216);
        vm.assertTrue(r.withOutstanding(outstanding).outstanding() == outstanding, "outstanding");
        vm.assertTrue(r.withRound(round).round() == round, "round");
    }

    function _onlyChanges(uint256 before, uint256 after_, uint256 mask) private pure {
        vm.assertTrue((before ^ after_) & ~mask == 0, "a neighbour changed");
    }
}
