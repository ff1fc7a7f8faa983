// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Actor } from "../base/Cast.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../contracts/types/Roles.sol";

/// @notice Passing value on to suppliers.
contract SplitTest is Suite {
    NoteId private root;
    ReceivableId private debt;

    function setUp() public override {
        super.setUp();
        (debt, root) = _found();
    }

    function _refusedFor(IReceivableNotes.Portion[] memory portions, bytes memory reason) private {
        _refused(reason);
        _by(tier1.account);
        notes.split(_one(IReceivableNotes.Split(root, portions)));
    }

    function test_split_inTwo() external {
        IReceivableNotes.Portion[] memory portions = _two(_portion(tier2, 30_000), _portion(tier3, 777));
        Day lapseDay = _day(LIFETIME);
        _emits(address(notes));
        emit IReceivableNotes.NoteOffered(NoteId.wrap(2), root, tier2.id, debt, 30_000, 2, lapseDay, TRADE);
        _emits(address(notes));
        emit IReceivableNotes.Transfer(address(0), tier2.cash, 2);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(1, 2, 30_000);
        _emits(address(notes));
        emit IReceivableNotes.NoteOffered(NoteId.wrap(3), root, tier3.id, debt, 777, 2, lapseDay, TRADE);
        _emits(address(notes));
        emit IReceivableNotes.Transfer(address(0), tier3.cash, 3);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(1, 3, 777);
        _by(tier1.account);
        _eq(notes.split(_one(IReceivableNotes.Split(root, portions))), NoteId.wrap(2), "first");
        _eq(notes.note(root).value, FACE - 30_777, "parent");
        _eq(notes.noteCount(), 3, "notes");
        _eq(notes.receivable(debt).outstanding, FACE, "outstanding");
        IReceivableNotes.Note memory n = notes.note(NoteId.wrap(3));
        _eq(n.value, 777, "value");
        _eq(n.parent, root, "parent");
        _eq(n.receivable, debt, "receivable");
        _eq(n.holder, tier3.id, "holder");
        _eq(n.tier, 2, "tier");
        _eq(n.flags, 0, "flags");
        _eq(Day.unwrap(n.lapseDay), Day.unwrap(lapseDay), "lapse day");
    }

    function test_split_severalNotesAtOnce() external {
        (, NoteId other) = _found();
        IReceivableNotes.Split[] memory splits = new IReceivableNotes.Split[](2);
        splits[0] = IReceivableNotes.Split(root, _one(_portion(tier2, FACE)));
        splits[1] = IReceivableNotes.Split(other, _two(_portion(tier2, 100), _portion(tier3, 200)));
        _by(tier1.account);
        _eq(notes.split(splits), NoteId.wrap(3), "first");
        _eq(notes.noteCount(), 5, "notes");
        _eq(notes.note(root).value, 0, "whole");
        _eq(notes.note(NoteId.wrap(3)).parent, root, "first child");
        _eq(notes.note(NoteId.wrap(4)).parent, other, "second child");
        _eq(notes.note(NoteId.wrap(5)).value, 200, "third child");
        _eq(notes.note(other).value, FACE - 300, "rest");
    }

    /// @dev Value that reaches its own debtor is extinguished, at any tier.
    function test_split_toTheDebtorExtinguishes() external {
        IReceivableNotes.Portion[] memory portions = _two(_portion(core, 30_000), _portion(tier2, 100));
        _emits(address(notes));
        emit IReceivableNotes.ValueExtinguished(root, debt, 30_000);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(1, 0, 30_000);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(1, 2, 100);
        _emits(address(credit));
        emit ICreditRegister.LineUsed(core.id, address(cny), FACE - 30_000);
        _by(tier1.account);
        notes.split(_one(IReceivableNotes.Split(root, portions)));
        _eq(notes.receivable(debt).outstanding, FACE - 30_000, "outstanding");
        _eq(notes.note(root).value, FACE - 30_100, "value");
        _eq(credit.line(core.id, address(cny)).used, FACE - 30_000, "line");
        _eq(notes.noteCount(), 2, "one child");
        _eq(_split(tier1, root, core, 100), NoteId.wrap(0), "no child at all");
    }

    function test_split_downToTheTierLimit() external {
        NoteId second = _pass(tier1, root, tier2, 5_000);
        NoteId third = _pass(tier2, second, tier3, 4_000);
        NoteId fourth = _pass(tier3, third, tier4, 3_000);
        _eq(notes.note(fourth).tier, TIERS, "tier");
        _refused(abi.encodeWithSelector(IReceivableNotes.TierLimitReached.selector, fourth, TIERS, TIERS));
        _split(tier4, fourth, tier5, 1_000);
        _split(tier4, fourth, core, 1_000);
        _eq(notes.note(fourth).value, 2_000, "to the debtor it may");
    }

    function test_split_refusedForValue() external {
        _refusedFor(
            _one(_portion(tier2, FACE + 1)),
            abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, FACE + 1, FACE)
        );
        _refusedFor(
            _two(_portion(tier2, FACE), _portion(tier3, 100)),
            abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, FACE + 100, FACE)
        );
        _refusedFor(
            _two(_portion(tier2, type(uint96).max), _portion(tier3, type(uint96).max)),
            abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, 2 * uint256(type(uint96).max), FACE)
        );
        _refusedFor(_one(_portion(tier2, 0)), _error(IReceivableNotes.ZeroAmount.selector));
        _refusedFor(
            _one(_portion(tier2, 99)),
            abi.encodeWithSelector(IReceivableNotes.BelowMinimum.selector, root, 99, 100)
        );
        _refusedFor(
            _one(_portion(tier2, FACE - 99)),
            abi.encodeWithSelector(IReceivableNotes.BelowMinimum.selector, root, 99, 100)
        );
        _split(tier1, root, tier2, FACE - 100);
        _split(tier1, root, tier2, 100);
    }

    function test_split_refusedForReceivers() external {
        _refusedFor(
            _one(_portion(tier1, 100)),
            abi.encodeWithSelector(IReceivableNotes.SelfTransfer.selector, root, tier1.id)
        );
        _refusedFor(
            _one(_portion(financier, 100)),
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRole.selector,
                financier.id,
                Roles.FINANCIER,
                Roles.SUPPLIER
            )
        );
        _by(urgentOfficer);
        registry.suspend(tier2.id, EVIDENCE);
        _refusedFor(
            _two(_portion(tier3, 100), _portion(tier2, 100)),
            abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, tier2.id)
        );
        IReceivableNotes.Portion memory p = _portion(tier3, 100);
        p.tradeHash = 0;
        _refusedFor(_one(p), abi.encodeWithSelector(IReceivableNotes.TradeHashMissing.selector, root));
    }

    function test_split_refusedForNothing() external {
        _refused(_error(IReceivableNotes.EmptyBatch.selector));
        _by(tier1.account);
        notes.split(new IReceivableNotes.Split[](0));
        _refusedFor(new IReceivableNotes.Portion[](0), _error(IReceivableNotes.EmptyBatch.selector));
    }

    function test_split_refusedForTheHolder() external {
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHolder.selector, root, tier1.id, tier2.id));
        _split(tier2, root, tier3, 100);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        _split(tier1, NoteId.wrap(99), tier3, 100);
        NoteId open = _split(tier1, root, tier2, 1_000);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHeld.selector, open, IReceivableNotes.NoteStatus.Offered));
        _split(tier2, open, tier3, 100);
        _split(tier1, root, tier2, FACE - 1_000);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHeld.selector, root, IReceivableNotes.NoteStatus.Spent));
        _split(tier1, root, tier3, 100);
        IReceivableNotes.Split[] memory splits = _one(IReceivableNotes.Split(root, _one(_portion(tier2, 1))));
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                tier1.cash,
                tier1.id,
                Rights.SETTLE,
                Rights.ACT
            )
        );
        _by(tier1.cash);
        notes.split(splits);
    }

    function test_split_beforeTheDueDay() external {
        Day dueDay = notes.receivable(debt).dueDay;
        vm.warp(_start(Day.unwrap(dueDay)));
        _refusedFor(
            _one(_portion(tier2, 100)),
            abi.encodeWithSelector(IReceivableNotes.NotBeforeDueDay.selector, root, dueDay)
        );
        vm.warp(block.timestamp - 1);
        NoteId child = _split(tier1, root, tier2, 100);
        _eq(Day.unwrap(notes.note(child).lapseDay), Day.unwrap(dueDay), "the offer ends with the due day");
    }

    function test_split_notWhilePaused() external {
        _by(urgentOfficer);
        notes.setPaused(true);
        _refusedFor(_one(_portion(tier2, 100)), _error(IReceivableNotes.ProtocolPaused.selector));
    }

    function test_split_notOfMarkedNotes() external {
        _setDesk(address(this));
        notes.setMark(root, NoteFlags.FROZEN, true);
        _refusedFor(
            _one(_portion(tier2, 100)),
            abi.encodeWithSelector(IReceivableNotes.NotHeld.selector, root, IReceivableNotes.NoteStatus.Frozen)
        );
        notes.setMark(root, NoteFlags.FROZEN, false);
        notes.setMark(root, NoteFlags.RESERVED, true);
        _refusedFor(
            _one(_portion(tier2, 100)),
            abi.encodeWithSelector(IReceivableNotes.NotHeld.selector, root, IReceivableNotes.NoteStatus.Reserved)
        );
    }

    /// @dev What is pledged does not move; what is free does.
    function test_split_leavesWhatIsPledged() external {
        _setDesk(address(this));
        notes.setPledge(root, 40_000);
        _refusedFor(
            _one(_portion(tier2, FACE - 39_999)),
            abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, FACE - 39_999, FACE - 40_000)
        );
        _split(tier1, root, tier2, FACE - 40_000);
        _eq(notes.note(root).value, 40_000, "value");
        _eq(uint256(notes.noteStatus(root)), uint256(IReceivableNotes.NoteStatus.Pledged), "status");
    }

    /// @dev I-1 over any split: nothing is made and nothing is lost.
    function testFuzz_split_conserves(uint96 first, uint96 second) external {
        first = uint96(MINIMUM + (first % (FACE / 2 - MINIMUM)));
        second = uint96(MINIMUM + (second % (FACE / 2 - 2 * MINIMUM)));
        IReceivableNotes.Portion[] memory portions = _two(_portion(tier2, first), _portion(tier3, second));
        _by(tier1.account);
        notes.split(_one(IReceivableNotes.Split(root, portions)));
        uint256 sum =
            uint256(notes.note(root).value) + notes.note(NoteId.wrap(2)).value + notes.note(NoteId.wrap(3)).value;
        _eq(sum, FACE, "sum");
        _eq(notes.note(NoteId.wrap(2)).value, first, "first");
        _eq(notes.note(NoteId.wrap(3)).value, second, "second");
    }

    function testFuzz_split_minimum(uint96 amount) external {
        amount = uint96(amount % (uint256(FACE) + 2));
        bool fits = amount >= MINIMUM && (amount == FACE || (amount < FACE && FACE - amount >= MINIMUM));
        IReceivableNotes.Split[] memory splits = _one(IReceivableNotes.Split(root, _one(_portion(tier2, amount))));
        _by(tier1.account);
        (bool done, ) = address(notes).call(abi.encodeCall(notes.split, (splits)));
        vm.assertTrue(done == fits, "minimum");
    }
}
