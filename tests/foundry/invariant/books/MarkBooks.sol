// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { LoanBooks } from "./LoanBooks.sol";
import { NoteBooks } from "./NoteBooks.sol";
import { Vm } from "../../base/Vm.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";

/// @notice What the events of the notes alone tell: what stands in the way of a note or a debt.
abstract contract MarkBooks is NoteBooks, LoanBooks {
    mapping(NoteId => uint96) internal pledgedValue_;

    /// @return Whether it is an event of the note contract or the issuance desk.
    function _replayNotes(Vm.Log memory log) internal returns (bool) {
        return _replayValue(log) || _replayFacts(log) || _replaySwitches(log) || _replayMarks(log) || _replayDebt(log);
    }

    function _replayMarks(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        IReceivableNotes.Note storage n = note_[_noteAt(log, 1)];
        if (topic == IReceivableNotes.NoteTendered.selector) {
            (uint96 value, Day day) = abi.decode(log.data, (uint96, Day));
            n.flags |= NoteFlags.TENDERED;
            tenderDay_[_noteAt(log, 1)] = day;
            tenderedValue_[n.receivable] += value;
        } else if (topic == IReceivableNotes.NoteMarked.selector) {
            uint16 flag = uint16(uint256(log.topics[2]));
            n.flags = abi.decode(log.data, (bool)) ? n.flags | flag : n.flags & ~flag;
        } else if (topic == IReceivableNotes.NotePledged.selector) {
            uint96 value = abi.decode(log.data, (uint96));
            pledgedValue_[_noteAt(log, 1)] = value;
            // An order may take all that is pledged: the note secures nothing, but its loan is not over.
            bool isLoaned = PartyId.unwrap(loan_[_noteAt(log, 1)].lender) != 0;
            n.flags = value != 0 || isLoaned ? n.flags | NoteFlags.PLEDGED : n.flags & ~NoteFlags.PLEDGED;
        } else if (topic == IReceivableNotes.NoteInRound.selector) {
            n.round = abi.decode(log.data, (uint8));
        } else {
            return false;
        }
        touched.push(n.receivable);
        return true;
    }

    function _replayDebt(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        ReceivableId id = _receivableAt(log, 1);
        IReceivableNotes.Receivable storage r = receivable_[id];
        if (topic == IReceivableNotes.OverdueDeclared.selector) {
            r.flags |= ReceivableFlags.OVERDUE;
        } else if (topic == IReceivableNotes.OverdueEnded.selector) {
            r.flags &= ~ReceivableFlags.OVERDUE;
        } else if (topic == IReceivableNotes.RoundMarked.selector) {
            (r.round, r.flags) = abi.decode(log.data, (uint8, uint8));
        } else {
            return false;
        }
        touched.push(id);
        return true;
    }
}
