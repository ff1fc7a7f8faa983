// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { vm } from "../../base/Vm.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice Passing value on to suppliers.
abstract contract SplitActs is World {
    constructor() {
        _declareAct("split");
    }

    function split(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(6);
        IReceivableNotes.Split[] memory splits = new IReceivableNotes.Split[](d.oneIn(6) ? d.below(3) : 1);
        ReceivableId[] memory named = new ReceivableId[](splits.length);
        for (uint256 i = 0; i < splits.length; ++i) {
            splits[i] = _splitOf(d, wild);
            named[i] = note_[splits[i].note].receivable;
        }
        PartyId holder = splits.length == 0 ? tier1.id : note_[splits[0].note].holder;
        bool found = PartyId.unwrap(holder) != 0;
        address sender = (wild && d.oneIn(2)) || !found ? _anyAccount(d) : _actor(holder).account;
        uint40 before = noteCount_;
        bool may = _mayAct(sender, Rights.ACT, 0) && !isPaused_;
        bool[] memory passable = new bool[](splits.length);
        for (uint256 i = 0; i < splits.length; ++i) passable[i] = _isPassable(splits[i], _partyOf(sender));
        (bool done, bytes memory result) = _do(
            "split",
            sender,
            address(notes),
            abi.encodeCall(notes.split, (splits)),
            named
        );
        if (!done) return;
        vm.assertTrue(may, "I-11: split without authority");
        for (uint256 i = 0; i < splits.length; ++i) vm.assertTrue(passable[i], "split against the table");
        NoteId first = abi.decode(result, (NoteId));
        vm.assertEq(NoteId.unwrap(first), noteCount_ == before ? 0 : before + 1, "first child");
    }

    function _splitOf(Dice memory d, bool wild) private view returns (IReceivableNotes.Split memory s) {
        s.note = _passable(d, wild);
        IReceivableNotes.Note memory n = note_[s.note];
        s.portions = new IReceivableNotes.Portion[](d.oneIn(3) ? d.below(4) : 1);
        for (uint256 i = 0; i < s.portions.length; ++i) {
            IReceivableNotes.Portion memory p = s.portions[i];
            p.to =
                d.oneIn(12)
                    ? receivable_[n.receivable].debtor
                    : wild
                        ? _anybody(d).id
                        : _supplier(d).id;
            p.amount = d.near(n.value / uint96(s.portions.length), receivable_[n.receivable].minChildValue);
            p.tradeHash = wild && d.oneIn(4) ? bytes32(0) : TRADE;
        }
    }

    /// @dev Mostly a note that may be passed on.
    function _passable(Dice memory d, bool wild) private view returns (NoteId id) {
        uint256 held = _bit(IReceivableNotes.NoteStatus.Held) | _bit(IReceivableNotes.NoteStatus.Pledged);
        for (uint256 i = 0; i < 6; ++i) {
            id = _note(d, held, wild);
            IReceivableNotes.Note memory n = note_[id];
            IReceivableNotes.Receivable memory r = receivable_[n.receivable];
            bool early = _today() < Day.unwrap(r.dueDay);
            if (early && n.flags & NoteFlags.FINANCED == 0 && n.tier < r.tierLimit) return id;
        }
    }

    /// @dev By the table of the protocol, for one note by itself: what must have been so if it went through.
    function _isPassable(IReceivableNotes.Split memory s, PartyId caller) private view returns (bool) {
        IReceivableNotes.Note memory n = note_[s.note];
        IReceivableNotes.Receivable memory r = receivable_[n.receivable];
        if (n.holder != caller || !_isHeld(s.note)) return false;
        if (n.flags & NoteFlags.FINANCED != 0 || _today() >= Day.unwrap(r.dueDay)) return false;
        uint256 total;
        for (uint256 i = 0; i < s.portions.length; ++i) {
            IReceivableNotes.Portion memory p = s.portions[i];
            total += p.amount;
            if (!_isActive(p.to, Roles.SUPPLIER) || p.to == n.holder || p.tradeHash == 0) return false;
            if (p.amount == 0 || p.amount < r.minChildValue) return false;
            if (p.to != r.debtor && n.tier >= r.tierLimit) return false;
        }
        uint256 rest = total <= n.value ? n.value - total : 1;
        return s.portions.length != 0 && total <= _freeOf(s.note) && (rest == 0 || rest >= r.minChildValue);
    }
}
