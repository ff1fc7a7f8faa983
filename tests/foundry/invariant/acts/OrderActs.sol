// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { vm } from "../../base/Vm.sol";
import { IOrderDesk } from "../../../../contracts/interfaces/IOrderDesk.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { NoteId, OrderId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice A court's orders: notes frozen and released, and value given to whom the order names.
abstract contract OrderActs is World {
    bytes32 private constant ORDER = keccak256("order");

    constructor() {
        _declareAct("freeze");
        _declareAct("release of a freeze");
        _declareAct("orderReassignment");
        _declareAct("executeReassignment");
        _declareAct("cancelReassignment");
        _declareState("pledge taken by an order");
        _declareState("value extinguished by an order");
    }

    function order(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        // What was begun is mostly gone on with.
        bool pending = reassignment_[_pending(d)].readyAt != 0;
        uint256 pick = d.below(8);
        if (pick < 3) _freeze(d);
        else if (pick == 3) _release(d);
        else if (pick < 6 && !pending) _reassign(d);
        else if (pick < 7) _execute(d);
        else _cancel(d);
    }

    function _freeze(Dice memory d) private {
        bool wild = d.oneIn(6);
        uint256 statuses = _bit(IReceivableNotes.NoteStatus.Held) | _bit(IReceivableNotes.NoteStatus.Pledged);
        if (d.oneIn(2)) statuses = _bit(IReceivableNotes.NoteStatus.Pledged);
        NoteId[] memory ids = new NoteId[](wild ? d.below(3) : 1);
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = _note(d, statuses, wild);
        if (ids.length != 0 && d.oneIn(3)) ids[0] = _offering(d, ids[0]);
        (address sender, bytes32 hash, bool may) = _arbiter(d, wild);
        may = may && ids.length != 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            uint16 flags = note_[ids[i]].flags;
            may = may && flags & NoteFlags.ACCEPTED != 0 && flags & NoteFlags.FROZEN == 0;
            for (uint256 j = 0; j < i; ++j) may = may && ids[j] != ids[i];
        }
        bytes memory data = abi.encodeCall(orders.freeze, (ids, hash));
        (bool done, ) = _do("freeze", sender, address(orders), data, _debtsOf(ids));
        vm.assertTrue(done == may, "I-11: an arbiter freezes what was accepted");
    }

    /// @dev A note with an offer open, which freezes with it; else the one given.
    function _offering(Dice memory d, NoteId other) private view returns (NoteId) {
        NoteId offer = _note(d, _bit(IReceivableNotes.NoteStatus.Offered), false);
        NoteId parent = note_[offer].parent;
        bool found = _statusOf(offer) == IReceivableNotes.NoteStatus.Offered && NoteId.unwrap(parent) != 0;
        return found ? parent : other;
    }

    function _release(Dice memory d) private {
        bool wild = d.oneIn(6);
        NoteId[] memory ids = new NoteId[](wild ? d.below(3) : 1);
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = _note(d, _bit(IReceivableNotes.NoteStatus.Frozen), wild);
        (address sender, bytes32 hash, bool may) = _arbiter(d, wild);
        may = may && ids.length != 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            may = may && note_[ids[i]].flags & NoteFlags.FROZEN != 0;
            for (uint256 j = 0; j < i; ++j) may = may && ids[j] != ids[i];
        }
        bytes memory data = abi.encodeCall(orders.release, (ids, hash));
        (bool done, ) = _do("release of a freeze", sender, address(orders), data, _debtsOf(ids));
        vm.assertTrue(done == may, "I-11: an arbiter releases what is frozen");
    }

    function _reassign(Dice memory d) private {
        bool wild = d.oneIn(6);
        NoteId note = _note(d, _bit(IReceivableNotes.NoteStatus.Frozen), wild);
        for (uint256 i = 0; i < 3 && !wild && pledgedValue_[note] == 0; ++i) {
            note = _note(d, _bit(IReceivableNotes.NoteStatus.Frozen), false);
        }
        IReceivableNotes.Note memory n = note_[note];
        PartyId to = d.oneIn(6) ? receivable_[n.receivable].debtor : _anybody(d).id;
        uint96 amount = d.oneIn(2) ? n.value : d.near(n.value, 1);
        (address sender, bytes32 hash, bool may) = _arbiter(d, wild);
        bool isFrozen = n.flags & NoteFlags.FROZEN != 0;
        may = may && isFrozen && amount != 0 && amount <= n.value && to != n.holder && _isActive(to, 0);
        bytes memory data = abi.encodeCall(orders.orderReassignment, (note, to, amount, hash));
        (bool done, ) = _do("orderReassignment", sender, address(orders), data, _none());
        vm.assertTrue(done == may, "I-11: an arbiter names a receiver of what is frozen");
        if (!done) return;
        uint256 readyAt = reassignment_[OrderId.wrap(reassignmentCount_)].readyAt;
        vm.assertEq(readyAt, block.timestamp + 2 days, "I-14: an order's delay");
    }

    function _execute(Dice memory d) private {
        OrderId id = _pending(d);
        IOrderDesk.Reassignment memory r = reassignment_[id];
        if (r.readyAt > block.timestamp && !d.oneIn(3)) vm.warp(uint256(r.readyAt) + d.below(3) - 1);
        if (block.timestamp < clock) vm.warp(clock);
        IReceivableNotes.Note memory n = note_[r.note];
        uint96 pledged = pledgedValue_[r.note];
        bool may =
            r.readyAt != 0 &&
                block.timestamp >= r.readyAt &&
                r.freeze == freezeCount_[r.note] &&
                n.flags & NoteFlags.FROZEN != 0 &&
                r.amount <= n.value &&
                _isActive(r.arbiter, Roles.ARBITER) &&
                _isActive(r.to, 0) &&
                _roundsAllow(r.to, n.receivable);
        bytes memory data = abi.encodeCall(orders.executeReassignment, (id));
        address sender = _anyAccount(d);
        (bool done, bytes memory result) = _do(
            "executeReassignment",
            sender,
            address(orders),
            data,
            _list(n.receivable)
        );
        vm.assertTrue(done == may, "I-14: anyone executes an order from its moment on, while its freeze lasts");
        if (done) _checkExecuted(r, n, pledged, abi.decode(result, (NoteId)));
    }

    /// @dev None open; and where the order extinguishes, none unfinished.
    function _roundsAllow(PartyId to, ReceivableId id) private view returns (bool) {
        uint8 flags = receivable_[id].flags;
        bool extinguishes = to == receivable_[id].debtor;
        return flags & (ReceivableFlags.ROUND_OPEN | (extinguishes ? ReceivableFlags.ROUND_UNFINISHED : 0)) == 0;
    }

    function _checkExecuted(
        IOrderDesk.Reassignment memory r,
        IReceivableNotes.Note memory n,
        uint96 pledged,
        NoteId child
    ) private {
        uint96 rest = n.value - r.amount;
        vm.assertEq(note_[r.note].value, rest, "I-1: the order took its amount");
        vm.assertEq(pledgedValue_[r.note], pledged < rest ? pledged : rest, "an order outranks a pledge");
        if (pledged > rest) _see("pledge taken by an order");
        if (NoteId.unwrap(child) == 0) {
            vm.assertTrue(r.to == receivable_[n.receivable].debtor, "extinguished for another than the debtor");
            _see("value extinguished by an order");
            return;
        }
        IReceivableNotes.Note memory c = note_[child];
        vm.assertTrue(c.holder == r.to && c.value == r.amount && c.tier == n.tier, "I-3: the receiver's note");
        vm.assertTrue(c.flags & NoteFlags.REASSIGNED != 0, "not marked as reassigned");
        vm.assertEq(c.flags & (NoteFlags.FROZEN | NoteFlags.PLEDGED), 0, "reassigned and not free");
    }

    function _cancel(Dice memory d) private {
        OrderId id = _pending(d);
        (address sender, bytes32 hash, bool may) = _arbiter(d, d.oneIn(6));
        may = may && reassignment_[id].readyAt != 0;
        bytes memory data = abi.encodeCall(orders.cancelReassignment, (id, hash));
        (bool done, ) = _do("cancelReassignment", sender, address(orders), data, _none());
        vm.assertTrue(done == may, "I-11: an arbiter strikes an order");
    }

    /// @dev One that is recorded still, mostly the last ones.
    function _pending(Dice memory d) private view returns (OrderId id) {
        for (uint40 i = 0; i < 8 && i < reassignmentCount_; ++i) {
            id = OrderId.wrap(reassignmentCount_ - i);
            if (reassignment_[id].readyAt != 0 && !d.oneIn(3)) return id;
        }
        return OrderId.wrap(uint40(d.below(uint256(reassignmentCount_) + 2)));
    }

    /// @return sender Mostly an arbiter's account.
    /// @return hash The order's, or none.
    /// @return may Whether they may order at all.
    function _arbiter(Dice memory d, bool wild) private view returns (address sender, bytes32 hash, bool may) {
        sender = wild && d.oneIn(2) ? _anyAccount(d) : _anyArbiter(d);
        hash = wild && d.oneIn(4) ? bytes32(0) : ORDER;
        may = hash != 0 && _mayAct(sender, Rights.ACT, Roles.ARBITER);
    }

    /// @dev Whoever has the role now: the operator gives and takes roles.
    function _anyArbiter(Dice memory d) private view returns (address account) {
        uint256 start = d.below(everybody.length);
        for (uint256 i = 0; i < everybody.length; ++i) {
            account = everybody[(start + i) % everybody.length].account;
            if (_mayAct(account, Rights.ACT, Roles.ARBITER)) return account;
        }
        return arbiter.account;
    }
}
