// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IReceivableNotes } from "./IReceivableNotes.sol";
import { NoteId, OrderId, PartyId } from "../types/Ids.sol";

/// @title Orders of courts and other authorities over notes
/// @notice An arbiter carries them out: freezes notes at once, releases them, and, after a delay in which everybody can see
/// it coming, passes frozen value to whom the order names. Each act bears the hash of the order that it rests on. A freeze
/// outranks a bank's reservation and a lender's pledge; these stay as they are until it is released.
/// @dev A freeze covers the note and its open offers: they neither move nor collect ({IReceivableNotes.NoteStatus.Frozen}).
/// What its offers give back comes to it and is frozen too. Payment of a frozen note is tendered from the due day on, so
/// no interest runs, and a freeze makes nobody overdue. Any arbiter may release or cancel what another has ordered: offices
/// change hands, and the order's hash tells by what right. Works while paused. No token is held or called here.
interface IOrderDesk {
    /// @notice Value of a frozen note that an order names a receiver for. All zero once executed or cancelled.
    /// @param note The note it is taken from.
    /// @param to The party that the order names.
    /// @param amount Minor units.
    /// @param arbiter The party that recorded it.
    /// @param freeze Under which freeze of the note, see {freezeCount}: it falls with it.
    /// @param readyAt Unix seconds: it may be executed from then on.
    struct Reassignment {
        NoteId note;
        PartyId to;
        uint96 amount;
        PartyId arbiter;
        uint16 freeze;
        uint40 readyAt;
    }

    event FreezeOrdered(NoteId indexed note, PartyId indexed arbiter, bytes32 indexed orderHash);
    event ReleaseOrdered(NoteId indexed note, PartyId indexed arbiter, bytes32 indexed orderHash);
    /// @dev `freeze` and `readyAt` as in {Reassignment}.
    event ReassignmentOrdered(
        OrderId indexed reassignment,
        NoteId indexed note,
        bytes32 indexed orderHash,
        PartyId to,
        uint96 amount,
        PartyId arbiter,
        uint16 freeze,
        uint40 readyAt
    );
    /// @param child The receiver's note; 0 when the order named the debtor itself, and the value was extinguished.
    event ReassignmentExecuted(OrderId indexed reassignment, NoteId indexed note, NoteId indexed child);
    event ReassignmentCancelled(OrderId indexed reassignment, PartyId indexed arbiter, bytes32 indexed orderHash);

    error OrderHashMissing();
    error NotFreezable(NoteId note, IReceivableNotes.NoteStatus status);
    error UnknownReassignment(OrderId reassignment);
    error ReassignmentNotDue(OrderId reassignment, uint256 readyAt);
    error FreezeOver(NoteId note, uint256 freeze, uint256 current);

    /// @notice Freezes notes, at once.
    /// @dev Emits {FreezeOrdered}, {IReceivableNotes.NoteMarked} each. Requirements: caller has the act right of an active
    /// arbiter; a hash; notes accepted (spent ones too: their offers may come back; of an open offer freeze the parent, of
    /// a root the debtor still offers nothing belongs to anybody), not frozen.
    /// @param orderHash Hash of the order; not zero.
    function freeze(NoteId[] calldata notes, bytes32 orderHash) external;

    /// @notice Ends freezes, at once, and with each the reassignments recorded under it.
    /// @dev Emits {ReleaseOrdered}, {IReceivableNotes.NoteMarked} each. Requirements: caller has the act right of an active
    /// arbiter; a hash; notes frozen.
    function release(NoteId[] calldata notes, bytes32 orderHash) external;

    /// @notice Records that an order gives value of a frozen note to a party, to be executed after {REASSIGN_DELAY}.
    /// @dev Emits {ReassignmentOrdered}. Requirements: caller has the act right of an active arbiter; a hash; note frozen;
    /// amount positive and within its value; `to` active and not the holder. What a pledge secures is not spared.
    /// @param to The receiver; the debtor itself extinguishes.
    /// @param amount Minor units; no minimum, an order is an order.
    /// @return id For {executeReassignment} and {cancelReassignment}.
    function orderReassignment(NoteId note, PartyId to, uint96 amount, bytes32 orderHash) external returns (OrderId id);

    /// @notice Carries out a reassignment whose delay has passed: the receiver gets a note of its own, marked so, neither
    /// frozen nor pledged. Anyone may: all that it does was fixed and public for the delay.
    /// @dev Emits {ReassignmentExecuted}, and what {IReceivableNotes.convey} does. Requirements: recorded, not executed nor
    /// cancelled; its time has come; the note frozen by the same freeze still; arbiter and receiver active, the arbiter
    /// still one (an arbiter suspended in the meantime stops with its orders); amount within the note's value; no pro rata
    /// round open, nor, where it extinguishes, unfinished. Refused, it can be tried again.
    /// @return child The receiver's note; 0 when extinguished.
    function executeReassignment(OrderId id) external returns (NoteId child);

    /// @notice Strikes a reassignment that is not executed yet.
    /// @dev Emits {ReassignmentCancelled}. Requirements: caller has the act right of an active arbiter; a hash; recorded,
    /// not executed nor cancelled.
    function cancelReassignment(OrderId id, bytes32 orderHash) external;

    /// @return Seconds between the order and its execution.
    function REASSIGN_DELAY() external view returns (uint40);

    function reassignment(OrderId id) external view returns (Reassignment memory);

    /// @return How many reassignments were recorded; ids count from 1.
    function reassignmentCount() external view returns (uint40);

    /// @return How often a note was frozen.
    function freezeCount(NoteId note) external view returns (uint16);
}
