// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { vm } from "../../base/Vm.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, ReceivableId } from "../../../../contracts/types/Ids.sol";

/// @notice Time passes: some, or up to a second before, at or after a boundary.
abstract contract ClockActs is World {
    constructor() {
        _declareAct("wait");
        _declareAct("wait for a boundary");
    }

    function wait(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        vm.warp(block.timestamp + d.among(1, d.below(1 days), d.below(3 days), 1 hours));
        _count("wait", true);
    }

    function waitForBoundary(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        if (receivableCount_ == 0) return;
        IReceivableNotes.Receivable memory r = receivable_[_receivable(d)];
        NoteId note = NoteId.wrap(uint40(1 + d.below(noteCount_)));
        uint256 day = d.among(
            Day.unwrap(r.dueDay),
            uint256(Day.unwrap(r.dueDay)) + 1,
            uint256(Day.unwrap(r.dueDay)) + r.graceDays + 1,
            uint256(Day.unwrap(note_[note].lapseDay)) + 1
        );
        uint256 moment = _start(uint16(day)) + d.below(3) - 1;
        // A life is some months long: a boundary that is far is for later.
        if (moment <= block.timestamp || moment > block.timestamp + 45 days) return;
        vm.warp(moment);
        _count("wait for a boundary", true);
        for (uint40 i = 1; i <= receivableCount_; ++i) _survey(ReceivableId.wrap(i));
    }
}
