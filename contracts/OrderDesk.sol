// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyContext } from "./PartyContext.sol";
import { IOrderDesk } from "./interfaces/IOrderDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "./interfaces/IRepaymentDesk.sol";
import { NoteId, OrderId, PartyId, ReceivableId } from "./types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "./types/NoteFlags.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IOrderDesk}.
contract OrderDesk is IOrderDesk, PartyContext {
    /// @inheritdoc IOrderDesk
    uint40 public constant override REASSIGN_DELAY = 2 days;

    IParticipantRegistry public immutable registry;
    IReceivableNotes public immutable notes;
    uint40 public override reassignmentCount;
    mapping(OrderId => Reassignment) private _reassignments;
    mapping(NoteId => uint16) public override freezeCount;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_
    ) PartyContext(authority, forwarder) {
        registry = registry_;
        notes = notes_;
    }

    // -- freezes

    /// @inheritdoc IOrderDesk
    function freeze(NoteId[] calldata ids, bytes32 orderHash) external override {
        PartyId arbiter = _arbiter(orderHash);
        if (ids.length == 0) revert IReceivableNotes.EmptyBatch();
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteId id = ids[i];
            if (_flags(id) & (NoteFlags.ACCEPTED | NoteFlags.FROZEN) != NoteFlags.ACCEPTED) {
                revert NotFreezable(id, notes.noteStatus(id));
            }
            ++freezeCount[id];
            emit FreezeOrdered(id, arbiter, orderHash);
            notes.setMark(id, NoteFlags.FROZEN, true);
        }
    }

    /// @inheritdoc IOrderDesk
    function release(NoteId[] calldata ids, bytes32 orderHash) external override {
        PartyId arbiter = _arbiter(orderHash);
        if (ids.length == 0) revert IReceivableNotes.EmptyBatch();
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteId id = ids[i];
            if (_flags(id) & NoteFlags.FROZEN == 0) revert IReceivableNotes.NoteNotFrozen(id);
            emit ReleaseOrdered(id, arbiter, orderHash);
            notes.setMark(id, NoteFlags.FROZEN, false);
        }
    }

    // -- reassignments

    /// @inheritdoc IOrderDesk
    function orderReassignment(
        NoteId note,
        PartyId to,
        uint96 amount,
        bytes32 orderHash
    ) external override returns (OrderId id) {
        PartyId arbiter = _arbiter(orderHash);
        IReceivableNotes.Note memory n = notes.note(note);
        if (n.flags & NoteFlags.FROZEN == 0) revert IReceivableNotes.NoteNotFrozen(note);
        if (amount == 0) revert IReceivableNotes.ZeroAmount();
        if (amount > n.value) revert IReceivableNotes.ValueExceeded(note, amount, n.value);
        if (to == n.holder) revert IReceivableNotes.SelfTransfer(note, to);
        _requireActive(to, 0);
        id = OrderId.wrap(++reassignmentCount);
        Reassignment memory r = Reassignment({
            note: note,
            to: to,
            amount: amount,
            arbiter: arbiter,
            freeze: freezeCount[note],
            readyAt: uint40(block.timestamp) + REASSIGN_DELAY
        });
        _reassignments[id] = r;
        emit ReassignmentOrdered(id, note, orderHash, to, amount, arbiter, r.freeze, r.readyAt);
    }

    /// @inheritdoc IOrderDesk
    function executeReassignment(OrderId id) external override returns (NoteId child) {
        Reassignment memory r = _known(id);
        if (block.timestamp < r.readyAt) revert ReassignmentNotDue(id, r.readyAt);
        if (r.freeze != freezeCount[r.note]) revert FreezeOver(r.note, r.freeze, freezeCount[r.note]);
        _requireActive(r.arbiter, Roles.ARBITER);
        address account = _requireActive(r.to, 0);
        _requireNoRest(r);
        delete _reassignments[id];
        (child, ) = notes.convey(r.note, r.to, account, r.amount, NoteFlags.REASSIGNED);
        emit ReassignmentExecuted(id, r.note, child);
    }

    /// @inheritdoc IOrderDesk
    function cancelReassignment(OrderId id, bytes32 orderHash) external override {
        PartyId arbiter = _arbiter(orderHash);
        _known(id);
        delete _reassignments[id];
        emit ReassignmentCancelled(id, arbiter, orderHash);
    }

    /// @inheritdoc IOrderDesk
    function reassignment(OrderId id) external view override returns (Reassignment memory) {
        return _reassignments[id];
    }

    // -- who, and on what

    function _arbiter(bytes32 orderHash) private view returns (PartyId arbiter) {
        (arbiter, ) = registry.actor(_msgSender(), Rights.ACT, Roles.ARBITER);
        if (orderHash == 0) revert OrderHashMissing();
    }

    function _requireActive(PartyId party, uint16 role) private view returns (address settlementAccount) {
        PartyId[] memory parties = new PartyId[](1);
        parties[0] = party;
        return registry.requireActive(parties, role)[0];
    }

    /// @dev Value that is extinguished would be missing among those who come first in an unfinished round.
    function _requireNoRest(Reassignment memory r) private view {
        ReceivableId id = notes.note(r.note).receivable;
        IReceivableNotes.Receivable memory owed = notes.receivable(id);
        if (r.to == owed.debtor && owed.flags & ReceivableFlags.ROUND_UNFINISHED != 0) {
            revert IRepaymentDesk.RoundUnfinished(id, owed.round);
        }
    }

    /// @dev None for a note that there is not.
    function _flags(NoteId id) private view returns (uint16) {
        return notes.note(id).flags;
    }

    function _known(OrderId id) private view returns (Reassignment memory r) {
        r = _reassignments[id];
        if (r.readyAt == 0) revert UnknownReassignment(id);
    }
}
