// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { NoteStore } from "./NoteStore.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { BusinessDay } from "../libraries/BusinessDay.sol";
import { Day, NoteId, ReceivableId } from "../types/Ids.sol";
import { ReceivableFlags } from "../types/NoteFlags.sol";
import { NoteWord } from "../types/NoteWord.sol";
import { OwedWord } from "../types/OwedWord.sol";

/// @notice What anyone may read of receivables and notes.
abstract contract NoteReading is NoteStore {
    /// @inheritdoc IReceivableNotes
    function note(NoteId id) external view override returns (Note memory) {
        NoteWord n = _notes[id];
        return
            Note({
                value: n.value(),
                parent: n.parent(),
                receivable: n.receivable(),
                holder: n.holder(),
                tier: n.tier(),
                flags: n.flags(),
                lapseDay: n.lapseDay(),
                round: n.round()
            });
    }

    /// @inheritdoc IReceivableNotes
    function noteStatus(NoteId id) external view override returns (NoteStatus) {
        return _status(id);
    }

    /// @inheritdoc IReceivableNotes
    function receivable(ReceivableId id) external view override returns (Receivable memory) {
        OwedWord r = _owed[id];
        Agreed memory a = _agreed[id];
        return
            Receivable({
                debtor: r.debtor(),
                faceValue: a.faceValue,
                outstanding: r.outstanding(),
                dueDay: r.dueDay(),
                currency: r.currency(),
                root: a.root,
                tierLimit: r.tierLimit(),
                graceDays: r.graceDays(),
                overdueRateBps: r.overdueRateBps(),
                offerLifetimeDays: r.offerLifetimeDays(),
                minChildValue: a.minChildValue,
                deliveryDay: a.deliveryDay,
                confirmedDay: a.confirmedDay,
                flags: r.flags(),
                round: r.round()
            });
    }

    /// @inheritdoc IReceivableNotes
    function receivableStatus(ReceivableId id) external view override returns (ReceivableStatus) {
        OwedWord r = _owed[id];
        if (!r.exists()) return ReceivableStatus.None;
        if (r.has(ReceivableFlags.CANCELLED)) return ReceivableStatus.Cancelled;
        if (r.outstanding() == 0) return ReceivableStatus.Settled;
        return r.has(ReceivableFlags.OVERDUE) ? ReceivableStatus.Overdue : ReceivableStatus.Outstanding;
    }

    /// @inheritdoc IReceivableNotes
    function isCancelled(ReceivableId id) external view override returns (bool) {
        return _owed[id].has(ReceivableFlags.CANCELLED);
    }

    /// @inheritdoc IReceivableNotes
    function today() external view override returns (Day) {
        return BusinessDay.today();
    }

    /// @inheritdoc IReceivableNotes
    function ownerOf(uint256 tokenId) external view override returns (address) {
        return registry.settlementAccountOf(_known(_noteId(tokenId)).holder());
    }

    /// @inheritdoc IReceivableNotes
    function balanceOf(uint256 tokenId) external view override returns (uint256) {
        return _known(_noteId(tokenId)).value();
    }

    /// @inheritdoc IReceivableNotes
    function slotOf(uint256 tokenId) external view override returns (uint256) {
        return ReceivableId.unwrap(_known(_noteId(tokenId)).receivable());
    }

    function _noteId(uint256 tokenId) private pure returns (NoteId) {
        if (tokenId > type(uint40).max) revert UnknownNote(NoteId.wrap(0));
        return NoteId.wrap(uint40(tokenId));
    }
}
