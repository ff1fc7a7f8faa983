// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { NoteStore } from "./NoteStore.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { NoteId } from "../types/Ids.sol";
import { NoteFlags } from "../types/NoteFlags.sol";
import { NoteWord } from "../types/NoteWord.sol";

/// @notice What keeps a note where it is: an arbiter's order, a bank's reservation, a lender's pledge, in this ranking.
abstract contract NoteMarks is NoteStore {
    /// @inheritdoc IReceivableNotes
    function setMark(NoteId id, uint16 mark, bool on) external override onlyDesk {
        NoteWord n = _known(id);
        mark &= NoteFlags.FROZEN | NoteFlags.RESERVED;
        _notes[id] = on ? n.set(mark) : n.clear(mark);
        emit NoteMarked(id, mark, on);
    }

    /// @inheritdoc IReceivableNotes
    function setPledge(NoteId id, uint96 amount) external override onlyDesk {
        NoteWord n = _known(id);
        _notes[id] = amount != 0 ? n.set(NoteFlags.PLEDGED) : n.clear(NoteFlags.PLEDGED);
        _setPledged(id, amount);
    }
}
