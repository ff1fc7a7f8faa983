// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../contracts/types/NoteFlags.sol";

/// @notice What desks may do to notes, as one of them; and that nobody else may.
contract DeskActsTest is Suite {
    NoteId private root;
    ReceivableId private debt;

    function setUp() public override {
        super.setUp();
        (debt, root) = _found();
        _setDesk(address(this));
    }

    function _isStatus(NoteId id, IReceivableNotes.NoteStatus status) private view {
        _eq(uint256(notes.noteStatus(id)), uint256(status), "status");
    }

    /// @dev I-11: each act of a desk, by a contract that is none.
    function test_onlyDesks() external {
        bytes[] memory acts = new bytes[](9);
        acts[0] = abi.encodeCall(notes.setMark, (root, NoteFlags.FROZEN, true));
        acts[1] = abi.encodeCall(notes.setPledge, (root, 1));
        acts[2] = abi.encodeCall(notes.setOverdue, (debt));
        acts[3] = abi.encodeCall(notes.setRound, (debt, 1, true, false));
        acts[4] = abi.encodeCall(notes.restore, (root, 1));
        acts[5] = abi.encodeCall(notes.setCurrency, (9, address(cny)));
        acts[6] = abi.encodeCall(notes.convey, (root, tier2.id, tier2.cash, 1, NoteFlags.RETURNED));
        acts[7] = abi.encodeCall(notes.settle, (_one(root), new uint96[](0), 0, _day(0)));
        acts[8] = abi.encodeCall(notes.assign, (root, tier1.id, tier2.id, tier2.cash, 100, TRADE));
        bytes32 reason = keccak256(abi.encodeWithSelector(IReceivableNotes.NotDesk.selector, stranger));
        for (uint256 i = 0; i < acts.length; ++i) {
            _by(stranger);
            (bool done, bytes memory said) = address(notes).call(acts[i]);
            vm.assertTrue(!done && keccak256(said) == reason, "not a desk");
        }
        IReceivableNotes.Debt[] memory debts = new IReceivableNotes.Debt[](1);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotDesk.selector, stranger));
        _by(stranger);
        notes.issue(core.id, IReceivableNotes.Conditions(CNY, 1, 1, 1, 1, 1), debts);
    }

    // -- marks

    function test_setMark() external {
        uint16[2] memory marks = [NoteFlags.FROZEN, NoteFlags.RESERVED];
        IReceivableNotes.NoteStatus[2] memory statuses = [
            IReceivableNotes.NoteStatus.Frozen,
            IReceivableNotes.NoteStatus.Reserved
        ];
        for (uint256 i = 0; i < 2; ++i) {
            _emits(address(notes));
            emit IReceivableNotes.NoteMarked(root, marks[i], true);
            notes.setMark(root, marks[i], true);
            _eq(notes.note(root).flags, NoteFlags.ACCEPTED | marks[i], "marked");
            _isStatus(root, statuses[i]);
            _emits(address(notes));
            emit IReceivableNotes.NoteMarked(root, marks[i], false);
            notes.setMark(root, marks[i], false);
            _eq(notes.note(root).flags, NoteFlags.ACCEPTED, "unmarked");
        }
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        notes.setMark(NoteId.wrap(99), NoteFlags.FROZEN, true);
    }

    /// @dev No other fact can be set as a mark.
    function test_setMark_noOtherFlag() external {
        notes.setMark(root, type(uint16).max, true);
        _eq(notes.note(root).flags, NoteFlags.ACCEPTED | NoteFlags.FROZEN | NoteFlags.RESERVED, "flags");
        notes.setMark(root, type(uint16).max, false);
        _eq(notes.note(root).flags, NoteFlags.ACCEPTED, "flags");
    }

    /// @dev An order before a bank's reservation before a pledge.
    function test_marks_ranking() external {
        notes.setPledge(root, 1);
        _isStatus(root, IReceivableNotes.NoteStatus.Pledged);
        notes.setMark(root, NoteFlags.RESERVED, true);
        _isStatus(root, IReceivableNotes.NoteStatus.Reserved);
        notes.setMark(root, NoteFlags.FROZEN, true);
        _isStatus(root, IReceivableNotes.NoteStatus.Frozen);
    }

    function test_setPledge() external {
        _emits(address(notes));
        emit IReceivableNotes.NotePledged(root, 40_000);
        notes.setPledge(root, 40_000);
        _eq(notes.pledgedValue(root), 40_000, "pledged");
        _eq(notes.note(root).flags, NoteFlags.ACCEPTED | NoteFlags.PLEDGED, "flags");
        _emits(address(notes));
        emit IReceivableNotes.NotePledged(root, 0);
        notes.setPledge(root, 0);
        _eq(notes.pledgedValue(root), 0, "released");
        _eq(notes.note(root).flags, NoteFlags.ACCEPTED, "flags");
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        notes.setPledge(NoteId.wrap(99), 1);
    }

    // -- conveying: an order, or a recourse

    function test_convey_back() external {
        _emits(address(notes));
        emit IReceivableNotes.NoteAssigned(
            NoteId.wrap(2),
            root,
            tier2.id,
            debt,
            30,
            1,
            NoteFlags.ACCEPTED | NoteFlags.RETURNED
        );
        _emits(address(notes));
        emit IReceivableNotes.Transfer(address(0), tier2.cash, 2);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(1, 2, 30);
        (NoteId child, address token) = notes.convey(root, tier2.id, tier2.cash, 30, NoteFlags.RETURNED);
        _eq(child, NoteId.wrap(2), "child");
        vm.assertEq(token, address(cny), "token");
        _eq(notes.note(child).value, 30, "value: no minimum");
        _eq(notes.note(root).value, FACE - 30, "rest");
        _eq(notes.note(child).tier, 1, "tier");
    }

    function test_convey_refused() external {
        _refused(abi.encodeWithSelector(IReceivableNotes.SelfTransfer.selector, root, tier1.id));
        notes.convey(root, tier1.id, tier1.cash, 30, NoteFlags.RETURNED);
        _refused(_error(IReceivableNotes.ZeroAmount.selector));
        notes.convey(root, tier2.id, tier2.cash, 0, NoteFlags.RETURNED);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        notes.convey(NoteId.wrap(99), tier2.id, tier2.cash, 1, NoteFlags.RETURNED);
        _refused(abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, FACE + 1, FACE));
        notes.convey(root, tier2.id, tier2.cash, FACE + 1, NoteFlags.RETURNED);
        notes.setMark(root, NoteFlags.FROZEN, true);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHeld.selector, root, IReceivableNotes.NoteStatus.Frozen));
        notes.convey(root, tier2.id, tier2.cash, 30, NoteFlags.RETURNED);
    }

    function test_convey_byOrder() external {
        _refused(abi.encodeWithSelector(IReceivableNotes.NoteNotFrozen.selector, root));
        notes.convey(root, tier2.id, tier2.cash, 30, NoteFlags.REASSIGNED);
        notes.setMark(root, NoteFlags.FROZEN, true);
        _refused(abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, FACE + 1, FACE));
        notes.convey(root, tier2.id, tier2.cash, FACE + 1, NoteFlags.REASSIGNED);
        (NoteId child, ) = notes.convey(root, tier2.id, tier2.cash, FACE, NoteFlags.REASSIGNED);
        _eq(notes.note(child).flags, NoteFlags.ACCEPTED | NoteFlags.REASSIGNED, "not frozen");
        _eq(notes.note(root).value, 0, "all of it");
    }

    /// @dev An order outranks a pledge: what it takes secures nothing any more.
    function test_convey_byOrderFromAPledge() external {
        notes.setPledge(root, FACE - 100);
        notes.setMark(root, NoteFlags.FROZEN, true);
        notes.convey(root, tier2.id, tier2.cash, 100, NoteFlags.REASSIGNED);
        _eq(notes.pledgedValue(root), FACE - 100, "what is left is what is pledged");
        _emits(address(notes));
        emit IReceivableNotes.NotePledged(root, FACE - 150);
        notes.convey(root, tier2.id, tier2.cash, 50, NoteFlags.REASSIGNED);
        _eq(notes.pledgedValue(root), FACE - 150, "pledged");
    }

    /// @dev A recourse takes nothing of a pledge.
    function test_convey_backLeavesAPledge() external {
        notes.setPledge(root, FACE - 100);
        _refused(abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, 101, 100));
        notes.convey(root, tier2.id, tier2.cash, 101, NoteFlags.RETURNED);
        notes.convey(root, tier2.id, tier2.cash, 100, NoteFlags.RETURNED);
    }

    /// @dev What was financed stays so; the day of tender goes with the value.
    function test_convey_keepsWhatTheNoteIs() external {
        NoteId bought = _finance(financier, tier1, root, 10_000, 1);
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay)));
        notes.setMark(bought, NoteFlags.FROZEN, true);
        _repay(core, _one(bought));
        uint16 day = _today();
        vm.warp(block.timestamp + 3 days);
        (NoteId child, ) = notes.convey(bought, tier2.id, tier2.cash, 4_000, NoteFlags.REASSIGNED);
        _eq(
            notes.note(child).flags,
            NoteFlags.ACCEPTED | NoteFlags.FINANCED | NoteFlags.TENDERED | NoteFlags.REASSIGNED,
            "flags"
        );
        _eq(Day.unwrap(notes.tenderDay(child)), day, "day of tender");
        _eq(notes.tenderedValue(debt), 10_000, "tendered");
        (child, ) = notes.convey(bought, core.id, core.cash, 1_000, NoteFlags.REASSIGNED);
        _eq(child, NoteId.wrap(0), "extinguished");
        _eq(notes.tenderedValue(debt), 9_000, "tendered");
        _eq(notes.receivable(debt).outstanding, FACE - 1_000, "outstanding");
    }

    function test_convey_keepsItsPlaceInRounds() external {
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay)));
        _by(core.account);
        repayment.openRound(debt, 1_000);
        notes.setMark(root, NoteFlags.FROZEN, true);
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundOpen.selector, debt));
        notes.convey(root, tier2.id, tier2.cash, 4_000, NoteFlags.REASSIGNED);
        _by(core.account);
        repayment.payRound(debt, _one(root), core.cash, 1_000);
        (NoteId child, ) = notes.convey(root, tier2.id, tier2.cash, 4_000, NoteFlags.REASSIGNED);
        _eq(notes.note(child).round, 1, "round");
    }

    // -- settling and restoring

    function test_settle_partsOfNotes() external {
        uint96[] memory parts = new uint96[](1);
        parts[0] = 400;
        (address token, IReceivableNotes.Due[] memory dues) = notes.settle(_one(root), parts, 0, _day(0));
        vm.assertEq(token, address(cny), "token");
        _eq(dues[0].principal, 400, "principal");
        _eq(dues[0].payee, tier1.id, "payee");
        _eq(notes.note(root).value, FACE - 400, "value");
        _isStatus(root, IReceivableNotes.NoteStatus.Held);
        parts[0] = FACE - 399;
        _refused(abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, FACE - 399, FACE - 400));
        notes.settle(_one(root), parts, 0, _day(0));
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundNotOpen.selector, debt));
        notes.settle(_one(root), parts, 1, _day(0));
    }

    /// @dev A round's number alone is no open round.
    function test_settle_inItsOpenRoundAlone() external {
        uint96[] memory parts = new uint96[](1);
        notes.setRound(debt, 3, true, false);
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundNotOpen.selector, debt));
        notes.settle(_one(root), parts, 2, _day(0));
        notes.setRound(debt, 3, false, true);
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundNotOpen.selector, debt));
        notes.settle(_one(root), parts, 3, _day(0));
        notes.setRound(debt, 3, true, false);
        notes.settle(_one(root), parts, 3, _day(0));
        _eq(notes.note(root).round, 3, "round");
    }

    function test_settle_interestToTheDayOfPayment() external {
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay) + 20));
        Day asOf = Day.wrap(_today() - 10);
        (, IReceivableNotes.Due[] memory dues) = notes.settle(_one(root), new uint96[](0), 0, asOf);
        _eq(dues[0].interest, (uint256(FACE) * OVERDUE_RATE * 10) / 3_600_000, "ten days");
    }

    function test_restore() external {
        uint96[] memory parts = new uint96[](1);
        parts[0] = FACE;
        notes.settle(_one(root), parts, 0, _day(0));
        _isStatus(root, IReceivableNotes.NoteStatus.Repaid);
        _emits(address(notes));
        emit IReceivableNotes.NoteRestored(root, debt, FACE);
        _emits(address(credit));
        emit ICreditRegister.LineUsed(core.id, address(cny), FACE);
        notes.restore(root, FACE);
        _isStatus(root, IReceivableNotes.NoteStatus.Held);
        _eq(notes.receivable(debt).outstanding, FACE, "outstanding");
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        notes.restore(NoteId.wrap(99), 1);
    }

    // -- the debt as a whole

    function test_setOverdue() external {
        _emits(address(notes));
        emit IReceivableNotes.OverdueDeclared(debt, core.id);
        _emits(address(credit));
        emit ICreditRegister.OverdueCounted(core.id, 1);
        notes.setOverdue(debt);
        _eq(uint256(notes.receivableStatus(debt)), uint256(IReceivableNotes.ReceivableStatus.Overdue), "status");
    }

    function test_setRound() external {
        uint8 before = notes.receivable(debt).flags;
        _emits(address(notes));
        emit IReceivableNotes.RoundMarked(debt, 7, before | ReceivableFlags.ROUND_OPEN);
        notes.setRound(debt, 7, true, true);
        _eq(notes.receivable(debt).round, 7, "round");
        _eq(notes.receivable(debt).flags, before | ReceivableFlags.ROUND_OPEN, "flags");
        notes.setRound(debt, 7, false, false);
        _eq(notes.receivable(debt).flags, before | ReceivableFlags.ROUND_UNFINISHED, "flags");
        notes.setRound(debt, 8, false, true);
        _eq(notes.receivable(debt).flags, before, "flags");
        _eq(notes.receivable(debt).round, 8, "round");
    }

    function test_issue_refused() external {
        IReceivableNotes.Debt[] memory debts = new IReceivableNotes.Debt[](1);
        _refused(_error(IReceivableNotes.ZeroAmount.selector));
        notes.issue(core.id, IReceivableNotes.Conditions(CNY, 4, 3, 1, 10, 100), debts);
    }
}

/// @notice The operator's switches on notes and currencies.
contract SwitchesTest is Suite {
    function test_setPaused() external {
        _emits(address(notes));
        emit IReceivableNotes.Paused(true);
        _by(urgentOfficer);
        notes.setPaused(true);
        vm.assertTrue(notes.isPaused(), "paused");
        _emits(address(notes));
        emit IReceivableNotes.Paused(false);
        _by(urgentOfficer);
        notes.setPaused(false);
        vm.assertFalse(notes.isPaused(), "on again");
        _refused(_unauthorised(policyOfficer));
        _by(policyOfficer);
        notes.setPaused(true);
    }

    function test_setDesk() external {
        _emits(address(notes));
        emit IReceivableNotes.DeskSet(stranger, true);
        _by(wiringOfficer);
        notes.setDesk(stranger, true);
        vm.assertTrue(notes.isDesk(stranger), "a desk");
        _by(wiringOfficer);
        notes.setDesk(stranger, false);
        vm.assertFalse(notes.isDesk(stranger), "none");
        _refused(_unauthorised(stranger));
        _by(stranger);
        notes.setDesk(stranger, true);
    }

    function test_allowCurrency() external {
        address token = vm.deployCode("HostileTokens.sol:SilentToken", "");
        _emits(address(notes));
        emit IReceivableNotes.CurrencyAllowed(3, token);
        _by(policyOfficer);
        _eq(issuance.allowCurrency(token), 3, "number");
        vm.assertEq(notes.currencyToken(3), token, "token");
        _eq(issuance.currencyOf(token), 3, "number of it");
        _eq(issuance.currencyCount(), 3, "count");
        _refused(abi.encodeWithSelector(IIssuanceDesk.CurrencyAlreadyAllowed.selector, token, 3));
        _by(policyOfficer);
        issuance.allowCurrency(token);
        _refused(abi.encodeWithSelector(IIssuanceDesk.InvalidToken.selector, stranger));
        _by(policyOfficer);
        issuance.allowCurrency(stranger);
        _refused(_unauthorised(stranger));
        _by(stranger);
        issuance.allowCurrency(token);
    }

    /// @dev A bank-rail currency is three capital letters; "@" and "[" stand beside "A" and "Z".
    function test_allowCurrency_onTheBankRail() external {
        address[6] memory wrong = [
            address(0),
            address(0x404141),
            address(0x414041),
            address(0x414140),
            address(0x5b4141),
            address(0x1414141)
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _refused(abi.encodeWithSelector(IIssuanceDesk.InvalidToken.selector, wrong[i]));
            _by(policyOfficer);
            issuance.allowCurrency(wrong[i]);
        }
        _eq(_allow(address(0x414141)), 3, "AAA");
        _eq(_allow(address(0x5a5a5a)), 4, "ZZZ");
    }
}

/// @notice What anyone may read.
contract ReadingTest is Suite {
    function test_nothingThere() external {
        _eq(uint256(notes.noteStatus(NoteId.wrap(1))), uint256(IReceivableNotes.NoteStatus.None), "note");
        _eq(
            uint256(notes.receivableStatus(ReceivableId.wrap(1))),
            uint256(IReceivableNotes.ReceivableStatus.None),
            "receivable"
        );
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 1));
        notes.ownerOf(1);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 1));
        notes.balanceOf(1);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 1));
        notes.slotOf(1);
    }

    /// @dev A token id that is larger than any note's is not cut down to one that is.
    function test_tokenIdsAreNotCut() external {
        _found();
        uint256 id = (1 << 40) + 1;
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 0));
        notes.ownerOf(id);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 0));
        notes.balanceOf(id);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 0));
        notes.slotOf(id);
    }

    function testFuzz_today(uint40 time) external {
        vm.warp(time);
        _eq(Day.unwrap(notes.today()), uint16((uint256(time) + 28_800) / 86_400), "today");
    }

    function test_settlementAccountOf() external view {
        vm.assertEq(registry.settlementAccountOf(tier1.id), tier1.cash, "cash");
        vm.assertEq(registry.settlementAccountOf(PartyId.wrap(99)), address(0), "nobody's");
    }
}
