// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Actor } from "../base/Cast.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IOrderDesk } from "../../../contracts/interfaces/IOrderDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";
import { Day, NoteId, OrderId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../contracts/types/Roles.sol";

/// @notice Orders of courts: freezes at once, reassignments after their delay (I-12).
contract OrdersTest is Suite {
    bytes32 private constant ORDER = keccak256("order");
    uint96 private constant PART = 30_000;
    Actor private arbiter;
    ReceivableId private debt;
    NoteId private root;
    NoteId private held;

    function setUp() public override {
        super.setUp();
        arbiter = _admit("arbiter", Roles.ARBITER);
        (debt, root) = _found();
        held = _pass(tier1, root, tier2, PART);
    }

    function _freeze(NoteId id) private {
        _by(arbiter.account);
        orders.freeze(_one(id), ORDER);
    }

    function _release(NoteId id) private {
        _by(arbiter.account);
        orders.release(_one(id), ORDER);
    }

    function _order(NoteId id, Actor memory to, uint96 amount) private returns (OrderId) {
        _by(arbiter.account);
        return orders.orderReassignment(id, to.id, amount, ORDER);
    }

    function _notFrozen(NoteId id) private {
        _refused(abi.encodeWithSelector(IReceivableNotes.NoteNotFrozen.selector, id));
    }

    function _unknown(OrderId id) private {
        _refused(abi.encodeWithSelector(IOrderDesk.UnknownReassignment.selector, id));
    }

    // -- freezes

    function test_freeze() external {
        _eq(orders.freezeCount(held), 0, "never");
        _emits(address(orders));
        emit IOrderDesk.FreezeOrdered(held, arbiter.id, ORDER);
        _emits(address(notes));
        emit IReceivableNotes.NoteMarked(held, NoteFlags.FROZEN, true);
        _freeze(held);
        _eq(uint256(notes.noteStatus(held)), uint256(IReceivableNotes.NoteStatus.Frozen), "frozen");
        _eq(orders.freezeCount(held), 1, "once");
        _release(held);
        _freeze(held);
        _eq(orders.freezeCount(held), 2, "twice");
    }

    function test_freeze_refused() external {
        NoteId open = _split(tier2, held, tier3, 10_000);
        NoteId none = NoteId.wrap(99);
        _refused(abi.encodeWithSelector(IOrderDesk.NotFreezable.selector, open, IReceivableNotes.NoteStatus.Offered));
        _freeze(open);
        _refused(abi.encodeWithSelector(IOrderDesk.NotFreezable.selector, none, IReceivableNotes.NoteStatus.None));
        _freeze(none);
        _freeze(held);
        _refused(abi.encodeWithSelector(IOrderDesk.NotFreezable.selector, held, IReceivableNotes.NoteStatus.Frozen));
        _freeze(held);
        _refused(_error(IReceivableNotes.EmptyBatch.selector));
        _by(arbiter.account);
        orders.freeze(new NoteId[](0), ORDER);
    }

    function test_release() external {
        _notFrozen(held);
        _release(held);
        _freeze(held);
        _emits(address(orders));
        emit IOrderDesk.ReleaseOrdered(held, arbiter.id, ORDER);
        _emits(address(notes));
        emit IReceivableNotes.NoteMarked(held, NoteFlags.FROZEN, false);
        _release(held);
        _eq(uint256(notes.noteStatus(held)), uint256(IReceivableNotes.NoteStatus.Held), "held");
        _refused(_error(IReceivableNotes.EmptyBatch.selector));
        _by(arbiter.account);
        orders.release(new NoteId[](0), ORDER);
    }

    /// @dev I-11: an arbiter alone, and it names its order.
    function test_orders_areAnArbiters() external {
        bytes[] memory acts = new bytes[](4);
        acts[0] = abi.encodeCall(orders.freeze, (_one(held), ORDER));
        acts[1] = abi.encodeCall(orders.release, (_one(held), ORDER));
        acts[2] = abi.encodeCall(orders.orderReassignment, (held, tier3.id, 1, ORDER));
        acts[3] = abi.encodeCall(orders.cancelReassignment, (OrderId.wrap(1), ORDER));
        bytes[] memory unfounded = new bytes[](4);
        unfounded[0] = abi.encodeCall(orders.freeze, (_one(held), bytes32(0)));
        unfounded[1] = abi.encodeCall(orders.release, (_one(held), bytes32(0)));
        unfounded[2] = abi.encodeCall(orders.orderReassignment, (held, tier3.id, 1, bytes32(0)));
        unfounded[3] = abi.encodeCall(orders.cancelReassignment, (OrderId.wrap(1), bytes32(0)));
        bytes memory noArbiter = abi.encodeWithSelector(
            IParticipantRegistry.MissingRole.selector,
            tier1.id,
            Roles.SUPPLIER,
            Roles.ARBITER
        );
        bytes memory noRight = abi.encodeWithSelector(
            IParticipantRegistry.MissingRight.selector,
            arbiter.cash,
            arbiter.id,
            Rights.SETTLE,
            Rights.ACT
        );
        for (uint256 i = 0; i < acts.length; ++i) {
            _mustRefuse(tier1.account, acts[i], noArbiter);
            _mustRefuse(arbiter.cash, acts[i], noRight);
            _mustRefuse(arbiter.account, unfounded[i], _error(IOrderDesk.OrderHashMissing.selector));
        }
    }

    function _mustRefuse(address sender, bytes memory act, bytes memory reason) private {
        _by(sender);
        (bool done, bytes memory result) = address(orders).call(act);
        vm.assertFalse(done, "done");
        _same(result, reason, "reason");
    }

    // -- reassignments

    function test_reassignment() external {
        _freeze(held);
        uint40 readyAt = uint40(block.timestamp) + 2 days;
        _eq(orders.REASSIGN_DELAY(), 2 days, "delay");
        _emits(address(orders));
        emit IOrderDesk.ReassignmentOrdered(OrderId.wrap(1), held, ORDER, tier3.id, 10_000, arbiter.id, 1, readyAt);
        OrderId id = _order(held, tier3, 10_000);
        _eq(OrderId.unwrap(id), 1, "first");
        _eq(orders.reassignmentCount(), 1, "count");
        _same(
            abi.encode(orders.reassignment(id)),
            abi.encode(IOrderDesk.Reassignment(held, tier3.id, 10_000, arbiter.id, 1, readyAt)),
            "as recorded"
        );
        vm.warp(readyAt - 1);
        _refused(abi.encodeWithSelector(IOrderDesk.ReassignmentNotDue.selector, id, readyAt));
        orders.executeReassignment(id);
        vm.warp(readyAt);
        NoteId next = NoteId.wrap(notes.noteCount() + 1);
        _emits(address(notes));
        emit IReceivableNotes.NoteAssigned(
            next,
            held,
            tier3.id,
            debt,
            10_000,
            2,
            NoteFlags.ACCEPTED | NoteFlags.REASSIGNED
        );
        _emits(address(orders));
        emit IOrderDesk.ReassignmentExecuted(id, held, next);
        _eq(orders.executeReassignment(id), next, "child");
        _eq(notes.note(held).value, PART - 10_000, "rest");
        _eq(uint256(notes.noteStatus(next)), uint256(IReceivableNotes.NoteStatus.Held), "free");
        _unknown(id);
        orders.executeReassignment(id);
        _same(abi.encode(orders.reassignment(id)), abi.encode(orders.reassignment(OrderId.wrap(9))), "gone");
    }

    function test_reassignment_toTheDebtorExtinguishes() external {
        _freeze(held);
        OrderId id = _order(held, core, PART);
        vm.warp(block.timestamp + 2 days);
        _emits(address(orders));
        emit IOrderDesk.ReassignmentExecuted(id, held, NoteId.wrap(0));
        _eq(orders.executeReassignment(id), NoteId.wrap(0), "no child");
        _eq(notes.receivable(debt).outstanding, FACE - PART, "outstanding");
    }

    function test_orderReassignment_refused() external {
        _notFrozen(held);
        _order(held, tier3, 1);
        _freeze(held);
        _refused(_error(IReceivableNotes.ZeroAmount.selector));
        _order(held, tier3, 0);
        _refused(abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, held, PART + 1, PART));
        _order(held, tier3, PART + 1);
        _refused(abi.encodeWithSelector(IReceivableNotes.SelfTransfer.selector, held, tier2.id));
        _order(held, tier2, 1);
        _by(urgentOfficer);
        registry.suspend(tier3.id, EVIDENCE);
        _refused(abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, tier3.id));
        _order(held, tier3, 1);
    }

    /// @dev It falls with the freeze that it was ordered under, even if the note is frozen again.
    function test_executeReassignment_underItsOwnFreeze() external {
        _freeze(held);
        OrderId id = _order(held, tier3, 1);
        vm.warp(block.timestamp + 2 days);
        _release(held);
        _notFrozen(held);
        orders.executeReassignment(id);
        _freeze(held);
        _refused(abi.encodeWithSelector(IOrderDesk.FreezeOver.selector, held, 1, 2));
        orders.executeReassignment(id);
    }

    /// @dev It stops with its arbiter, and waits for its receiver.
    function test_executeReassignment_standing() external {
        _freeze(held);
        OrderId id = _order(held, tier3, 1);
        vm.warp(block.timestamp + 2 days);
        _by(admissionOfficer);
        registry.setRoles(arbiter.id, Roles.AUDITOR);
        _refused(
            abi.encodeWithSelector(IParticipantRegistry.MissingRole.selector, arbiter.id, Roles.AUDITOR, Roles.ARBITER)
        );
        orders.executeReassignment(id);
        _by(admissionOfficer);
        registry.setRoles(arbiter.id, Roles.ARBITER);
        _by(urgentOfficer);
        registry.suspend(tier3.id, EVIDENCE);
        _refused(abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, tier3.id));
        orders.executeReassignment(id);
        _by(admissionOfficer);
        registry.reinstate(tier3.id);
        orders.executeReassignment(id);
    }

    /// @dev Extinguished, its value would be missing among those who come first; to anybody else it goes.
    function test_executeReassignment_extinguishesNothingOfAnUnfinishedRound() external {
        _freeze(held);
        OrderId toDebtor = _order(held, core, 1_000);
        OrderId toOther = _order(held, tier3, 1_000);
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay)));
        _by(core.account);
        repayment.openRound(debt, 50_000);
        vm.warp(_start(_today() + 31));
        repayment.closeRound(debt);
        _refused(abi.encodeWithSelector(IRepaymentDesk.RoundUnfinished.selector, debt, 1));
        orders.executeReassignment(toDebtor);
        orders.executeReassignment(toOther);
        _eq(notes.note(held).value, PART - 1_000, "to another");
    }

    function test_cancelReassignment() external {
        _unknown(OrderId.wrap(1));
        _by(arbiter.account);
        orders.cancelReassignment(OrderId.wrap(1), ORDER);
        _freeze(held);
        OrderId id = _order(held, tier3, 1);
        Actor memory other = _admit("another arbiter", Roles.ARBITER);
        _emits(address(orders));
        emit IOrderDesk.ReassignmentCancelled(id, other.id, ORDER);
        _by(other.account);
        orders.cancelReassignment(id, ORDER);
        vm.warp(block.timestamp + 2 days);
        _unknown(id);
        orders.executeReassignment(id);
    }
}
