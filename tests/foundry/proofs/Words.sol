// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { Claimant, Claimants, InvoiceWord, InvoiceWords } from "../../../contracts/types/InvoiceWord.sol";
import { NoteWord, NoteWords } from "../../../contracts/types/NoteWord.sol";
import { OwedWord, OwedWords } from "../../../contracts/types/OwedWord.sol";

/// @notice Packing of a note: for every word and every value of the fields' types, a getter gives back what was set, and a
/// setter changes no other field. No bounds: there is no loop.
contract NoteWordProof {
    /// @dev The fields as a struct would hold them, read by plain arithmetic instead of the library.
    function _field(NoteWord n, uint256 from, uint256 bits) private pure returns (uint256) {
        return (NoteWord.unwrap(n) >> from) % (1 << bits);
    }

    /// @dev Whether two words agree but for some of their bits.
    function _sameBut(NoteWord a, NoteWord b, uint256 from, uint256 bits) private pure returns (bool) {
        uint256 mask = ((1 << bits) - 1) << from;
        return (NoteWord.unwrap(a) | mask) == (NoteWord.unwrap(b) | mask);
    }

    function check_create(uint96 value, uint40 parent, uint40 receivable, uint32 holder, uint8 tier) external pure {
        NoteWord n = NoteWords.create(
            value,
            NoteId.wrap(parent),
            ReceivableId.wrap(receivable),
            PartyId.wrap(holder),
            tier
        );
        assert(n.value() == value);
        assert(NoteId.unwrap(n.parent()) == parent);
        assert(ReceivableId.unwrap(n.receivable()) == receivable);
        assert(PartyId.unwrap(n.holder()) == holder);
        assert(n.tier() == tier);
        assert(n.flags() == 0 && Day.unwrap(n.lapseDay()) == 0 && n.round() == 0);
        assert(n.isRoot() == (parent == 0));
    }

    function check_getters(uint256 word) external pure {
        NoteWord n = NoteWord.wrap(word);
        assert(n.value() == _field(n, 0, 96));
        assert(NoteId.unwrap(n.parent()) == _field(n, 96, 40));
        assert(ReceivableId.unwrap(n.receivable()) == _field(n, 136, 40));
        assert(PartyId.unwrap(n.holder()) == _field(n, 176, 32));
        assert(n.tier() == _field(n, 208, 8));
        assert(n.flags() == _field(n, 216, 16));
        assert(Day.unwrap(n.lapseDay()) == _field(n, 232, 16));
        assert(n.round() == _field(n, 248, 8));
        assert(n.exists() == (word != 0));
    }

    function check_withValue(uint256 word, uint96 value) external pure {
        NoteWord n = NoteWord.wrap(word).withValue(value);
        assert(n.value() == value);
        assert(_sameBut(n, NoteWord.wrap(word), 0, 96));
    }

    function check_setAndClear(uint256 word, uint16 bits) external pure {
        NoteWord before = NoteWord.wrap(word);
        NoteWord n = before.set(bits);
        assert(n.flags() == before.flags() | bits);
        assert(_sameBut(n, before, 216, 16));
        n = before.clear(bits);
        assert(n.flags() == before.flags() & ~bits);
        assert(_sameBut(n, before, 216, 16));
        assert(before.has(bits) == (before.flags() & bits != 0));
    }

    /// @dev Of a note that has no lapse day yet, as {NoteWords.withLapseDay} asks.
    function check_withLapseDay(uint256 word, uint16 day) external pure {
        NoteWord before = NoteWord.wrap(word & ~(uint256(type(uint16).max) << 232));
        NoteWord n = before.withLapseDay(Day.wrap(day));
        assert(Day.unwrap(n.lapseDay()) == day);
        assert(_sameBut(n, before, 232, 16));
    }

    function check_withRound(uint256 word, uint8 round) external pure {
        NoteWord n = NoteWord.wrap(word).withRound(round);
        assert(n.round() == round);
        assert(_sameBut(n, NoteWord.wrap(word), 248, 8));
    }
}

/// @notice Packing of what is owed, likewise.
contract OwedWordProof {
    function _field(OwedWord r, uint256 from, uint256 bits) private pure returns (uint256) {
        return (OwedWord.unwrap(r) >> from) % (1 << bits);
    }

    function _sameBut(OwedWord a, OwedWord b, uint256 from, uint256 bits) private pure returns (bool) {
        uint256 mask = ((1 << bits) - 1) << from;
        return (OwedWord.unwrap(a) | mask) == (OwedWord.unwrap(b) | mask);
    }

    function check_create(
        uint32 debtor,
        uint16 currency,
        uint8 tierLimit,
        uint8 graceDays,
        uint16 rate,
        uint16 lifetime
    ) external pure {
        OwedWord r = OwedWords.create(PartyId.wrap(debtor), currency, tierLimit, graceDays, rate, lifetime);
        assert(PartyId.unwrap(r.debtor()) == debtor);
        assert(r.currency() == currency);
        assert(r.tierLimit() == tierLimit);
        assert(r.graceDays() == graceDays);
        assert(r.overdueRateBps() == rate);
        assert(r.offerLifetimeDays() == lifetime);
        assert(r.outstanding() == 0 && Day.unwrap(r.dueDay()) == 0 && r.flags() == 0 && r.round() == 0);
    }

    function check_withDebt(
        uint32 debtor,
        uint16 currency,
        uint96 outstanding,
        uint16 dueDay,
        uint8 flags
    ) external pure {
        OwedWord before = OwedWords.create(PartyId.wrap(debtor), currency, 1, 2, 3, 4);
        OwedWord r = before.withDebt(outstanding, Day.wrap(dueDay), flags);
        assert(r.outstanding() == outstanding);
        assert(Day.unwrap(r.dueDay()) == dueDay);
        assert(r.flags() == flags);
        assert(PartyId.unwrap(r.debtor()) == debtor && r.currency() == currency);
        assert(r.tierLimit() == 1 && r.graceDays() == 2 && r.overdueRateBps() == 3 && r.offerLifetimeDays() == 4);
        assert(r.round() == 0);
    }

    function check_getters(uint256 word) external pure {
        OwedWord r = OwedWord.wrap(word);
        assert(PartyId.unwrap(r.debtor()) == _field(r, 0, 32));
        assert(r.outstanding() == _field(r, 32, 96));
        assert(Day.unwrap(r.dueDay()) == _field(r, 128, 16));
        assert(r.currency() == _field(r, 144, 16));
        assert(r.flags() == _field(r, 160, 8));
        assert(r.tierLimit() == _field(r, 168, 8));
        assert(r.graceDays() == _field(r, 176, 8));
        assert(r.overdueRateBps() == _field(r, 184, 16));
        assert(r.offerLifetimeDays() == _field(r, 200, 16));
        assert(r.round() == _field(r, 216, 8));
        assert(r.exists() == (word != 0));
    }

    function check_setters(uint256 word, uint96 outstanding, uint8 bits, uint8 round) external pure {
        OwedWord before = OwedWord.wrap(word);
        OwedWord r = before.withOutstanding(outstanding);
        assert(r.outstanding() == outstanding && _sameBut(r, before, 32, 96));
        r = before.set(bits);
        assert(r.flags() == before.flags() | bits && _sameBut(r, before, 160, 8));
        r = before.clear(bits);
        assert(r.flags() == before.flags() & ~bits && _sameBut(r, before, 160, 8));
        r = before.withRound(round);
        assert(r.round() == round && _sameBut(r, before, 216, 8));
        assert(before.has(bits) == (before.flags() & bits != 0));
    }
}

/// @notice Packing of an invoice and of who claims it, likewise.
contract InvoiceWordProof {
    function check_create(uint96 amount, uint96 used, uint64 sole) external pure {
        InvoiceWord i = InvoiceWords.create(amount, used, Claimant.wrap(sole));
        assert(i.amount() == amount);
        assert(i.used() == used);
        assert(Claimant.unwrap(i.sole()) == sole);
    }

    function check_getters(uint256 word) external pure {
        InvoiceWord i = InvoiceWord.wrap(word);
        assert(i.amount() == word % (1 << 96));
        assert(i.used() == (word >> 96) % (1 << 96));
        assert(Claimant.unwrap(i.sole()) == word >> 192);
    }

    /// @dev Two debts are never one claimant, and none is nobody.
    function check_claimants(uint24 a, uint40 debtOfA, uint24 b, uint40 debtOfB) external pure {
        Claimant one = Claimants.create(a, ReceivableId.wrap(debtOfA));
        Claimant other = Claimants.create(b, ReceivableId.wrap(debtOfB));
        assert(one.isNobody() == (a == 0));
        if (a != 0 && b != 0) assert(one.same(other) == (a == b && debtOfA == debtOfB));
    }
}
