// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { DueSuite } from "./Repayment.t.sol";
import { vm } from "../base/Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../contracts/types/NoteFlags.sol";

/// @notice Pro rata rounds (I-10).
contract RoundsTest is DueSuite {
    uint96 private constant TOTAL = 33_333_333;

    function setUp() public override {
        super.setUp();
        _late(0);
    }

    function _open(uint96 total) private {
        _by(core.account);
        repayment.openRound(debt, total);
    }

    function _payShares(NoteId[] memory ids) private returns (uint256) {
        _by(core.account);
        return repayment.payRound(debt, ids, core.cash, type(uint256).max);
    }

    function _flags() private view returns (uint8) {
        return notes.receivable(debt).flags & (ReceivableFlags.ROUND_OPEN | ReceivableFlags.ROUND_UNFINISHED);
    }

    function _isRound(uint96 total, uint96 base, uint96 counted, uint16 lastDay) private view {
        IRepaymentDesk.Round memory r = repayment.round(debt);
        _eq(r.total, total, "total");
        _eq(r.base, base, "base");
        _eq(r.counted, counted, "counted");
        _eq(Day.unwrap(r.lastDay), lastDay, "last day");
    }

    function _mustBeOpen() private {
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundNotOpen.selector, debt));
    }

    // -- opening

    function test_openRound() external {
        uint8 before = notes.receivable(debt).flags;
        _emits(address(repayment));
        emit IRepaymentDesk.RoundOpened(debt, 1, TOTAL, FACE, _day(30));
        _emits(address(notes));
        emit IReceivableNotes.RoundMarked(debt, 1, before | ReceivableFlags.ROUND_OPEN);
        _open(TOTAL);
        _isRound(TOTAL, FACE, 0, _today() + 30);
        _eq(notes.receivable(debt).round, 1, "number");
        _eq(_flags(), ReceivableFlags.ROUND_OPEN, "open");
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundOpen.selector, debt));
        _open(TOTAL);
    }

    function test_openRound_isTheDebtors() external {
        _refused(abi.encodeWithSelector(IRepaymentDesk.NotDebtor.selector, debt, core.id, core2.id));
        _by(core2.account);
        repayment.openRound(debt, TOTAL);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NotDebtor.selector, debt, core.id, core.id));
        _by(core.cash);
        repayment.openRound(debt, TOTAL);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownReceivable.selector, 99));
        _by(core.account);
        repayment.openRound(ReceivableId.wrap(99), TOTAL);
        // in any standing
        _by(urgentOfficer);
        registry.suspend(core.id, EVIDENCE);
        _open(TOTAL);
    }

    function test_openRound_total() external {
        _refused(abi.encodeWithSelector(IRepaymentDesk.RoundTotalInvalid.selector, debt, 0, FACE));
        _open(0);
        _refused(abi.encodeWithSelector(IRepaymentDesk.RoundTotalInvalid.selector, debt, FACE + 1, FACE));
        _open(FACE + 1);
        _open(FACE);
        _eq(_payShares(_all()), FACE, "all of it");
        _eq(notes.receivable(debt).outstanding, 0, "outstanding");
        _refused(abi.encodeWithSelector(IRepaymentDesk.NothingOwed.selector, debt));
        _open(1);
    }

    function test_openRound_fromTheDueDayOn() external {
        vm.warp(_start(_dueDay()) - 1);
        _refused(abi.encodeWithSelector(IRepaymentDesk.RoundBeforeDueDay.selector, debt, _dueDay()));
        _open(TOTAL);
        vm.warp(block.timestamp + 1);
        _open(TOTAL);
    }

    function test_openRound_notOfAnUnansweredRoot() external {
        ReceivableId id = _confirmUntil(core, tier1, 5_000, _day(0));
        _refused(abi.encodeWithSelector(IRepaymentDesk.NothingOwed.selector, id));
        _by(core.account);
        repayment.openRound(id, 1);
    }

    // -- shares

    function test_payRound_inOneGo() external {
        _open(TOTAL);
        // 33,333,333 of 100,000,000: of 99,950,000, of 30,000 and of 20,000
        _emits(address(repayment));
        emit IRepaymentDesk.RoundCounted(debt, FACE);
        _emits(address(notes));
        emit IReceivableNotes.NoteInRound(root, 1);
        _emits(address(notes));
        emit IReceivableNotes.NoteRepaid(root, debt, tier1.id, 33_316_666, 0);
        _emits(address(notes));
        emit IReceivableNotes.NoteInRound(held, 1);
        _emits(address(notes));
        emit IReceivableNotes.NoteRepaid(held, debt, tier2.id, 10_000, 0);
        _emits(address(notes));
        emit IReceivableNotes.NoteInRound(open, 1);
        _emits(address(notes));
        emit IReceivableNotes.NoteRepaid(open, debt, tier1.id, 6_667, 0);
        _emits(address(repayment));
        emit IRepaymentDesk.RoundClosed(debt, FACE, true);
        _emits(address(repayment));
        emit IRepaymentDesk.Paid(root, core.cash, tier1.cash, address(cny), 33_316_666);
        _eq(_payShares(_all()), TOTAL, "the sum is exact");
        _eq(_flags(), 0, "closed");
        _eq(notes.receivable(debt).outstanding, FACE - TOTAL, "outstanding");
        _eq(notes.note(held).value, PART - 10_000, "value");
        _eq(notes.note(held).round, 1, "round");
        _eq(notes.note(held).flags, NoteFlags.ACCEPTED, "not repaid");
        _eq(credit.line(core.id, address(cny)).used, FACE - TOTAL, "line");
        _mustBeOpen();
        _payShares(_all());
    }

    function test_payRound_byAnyoneInAnyOrder() external {
        _open(TOTAL);
        _give(stranger, cny);
        _by(stranger);
        uint256 first = repayment.payRound(debt, _one(open), stranger, 7_000);
        _eq(first, 6_666, "first");
        _isRound(TOTAL, FACE, OPEN, _today() + 30);
        _eq(_flags(), ReceivableFlags.ROUND_OPEN, "open");
        uint256 second = _payShares(_one(held));
        _eq(second, 10_000, "second");
        uint256 third = _payShares(_one(root));
        _eq(first + second + third, TOTAL, "the sum is exact");
        _eq(_flags(), 0, "closed by its last share");
    }

    function test_payRound_withInterest() external {
        _late(10);
        _open(TOTAL);
        _eq(_payShares(_one(held)), 9_999 + _interest(9_999, 10), "principal and its interest");
    }

    function test_payRound_refused() external {
        _mustBeOpen();
        _payShares(_all());
        _open(TOTAL);
        _payShares(_one(held));
        _refused(abi.encodeWithSelector(IReceivableNotes.SharedAlready.selector, held, 1));
        _payShares(_two(root, held));
        (ReceivableId other, NoteId foreign) = _found();
        _refused(abi.encodeWithSelector(IRepaymentDesk.OtherReceivable.selector, foreign, other));
        _payShares(_two(root, foreign));
        _refused(_error(IReceivableNotes.EmptyBatch.selector));
        _payShares(new NoteId[](0));
        _refused(abi.encodeWithSelector(IRepaymentDesk.PayerNotAuthorised.selector, core.cash, stranger));
        _by(stranger);
        repayment.payRound(debt, _one(root), core.cash, FACE);
        _refused(abi.encodeWithSelector(IRepaymentDesk.TotalExceeded.selector, 33_316_667, 33_316_666));
        _by(core.account);
        repayment.payRound(debt, _one(root), core.cash, 33_316_666);
    }

    function test_payRound_aWithheldShareCountsAndIsTendered() external {
        _setDesk(address(this));
        notes.setMark(held, NoteFlags.FROZEN, true);
        _open(TOTAL);
        _eq(_payShares(_all()), TOTAL - 10_000, "the others");
        _eq(_flags(), 0, "closed");
        _eq(notes.note(held).value, PART, "value");
        _eq(notes.note(held).round, 1, "counted");
        _eq(notes.tenderedValue(debt), PART, "tendered");
    }

    function test_round_waitsForNothingElse() external {
        _setDesk(address(this));
        _open(TOTAL);
        _refusedFor(_all(), abi.encodeWithSelector(IReceivableNotes.RoundOpen.selector, debt));
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundOpen.selector, debt));
        notes.convey(held, tier3.id, tier3.cash, PART, NoteFlags.RETURNED);
        _payShares(_all());
        _repay(core, _all());
        _eq(notes.receivable(debt).outstanding, 0, "outstanding");
    }

    /// @dev A round's shares pay an overdue debt in part; nothing else does.
    function test_round_ofAnOverdueDebt() external {
        _late(GRACE + 1);
        repayment.declareOverdue(debt);
        _open(TOTAL);
        _payShares(_all());
        _eq(credit.overdueCount(core.id), 1, "still overdue");
        _refusedFor(
            _one(root),
            abi.encodeWithSelector(IReceivableNotes.PaidInPart.selector, debt, PART - 10_000 + OPEN - 6_667)
        );
        _open(FACE - TOTAL);
        _eq(notes.receivable(debt).round, 2, "number");
        _payShares(_all());
        _eq(credit.overdueCount(core.id), 0, "paid");
    }

    // -- closing and taking up again

    function test_closeRound_afterItsLastDay() external {
        uint8 before = notes.receivable(debt).flags;
        _open(TOTAL);
        _payShares(_one(held));
        vm.warp(_start(_today() + 31) - 1);
        _refused(abi.encodeWithSelector(IRepaymentDesk.RoundNotOver.selector, debt, _today()));
        _by(stranger);
        repayment.closeRound(debt);
        vm.warp(block.timestamp + 1);
        _emits(address(repayment));
        emit IRepaymentDesk.RoundClosed(debt, PART, false);
        _emits(address(notes));
        emit IReceivableNotes.RoundMarked(debt, 1, before | ReceivableFlags.ROUND_UNFINISHED);
        _by(stranger);
        repayment.closeRound(debt);
        _eq(_flags(), ReceivableFlags.ROUND_UNFINISHED, "unfinished");
        _mustBeOpen();
        repayment.closeRound(debt);
    }

    function test_resumeRound_theUnpaidComeFirst() external {
        _open(TOTAL);
        _payShares(_one(held));
        vm.warp(_start(_today() + 31));
        repayment.closeRound(debt);
        _refused(abi.encodeWithSelector(IRepaymentDesk.RoundUnfinished.selector, debt, 1));
        _open(TOTAL);
        _refusedFor(_one(held), abi.encodeWithSelector(IReceivableNotes.PaidInPart.selector, debt, FACE - PART));
        _emits(address(repayment));
        emit IRepaymentDesk.RoundOpened(debt, 1, TOTAL, FACE, _day(30));
        _by(core.account);
        repayment.resumeRound(debt);
        _isRound(TOTAL, FACE, PART, _today() + 30);
        _eq(_flags(), ReceivableFlags.ROUND_OPEN, "open");
        _refused(abi.encodeWithSelector(IReceivableNotes.SharedAlready.selector, held, 1));
        _payShares(_one(held));
        uint256 rest = _payShares(_two(root, open));
        _eq(rest, TOTAL - 9_999 + _interest(33_316_667, 31) + _interest(6_667, 31), "the rest of the total");
        _eq(_flags(), 0, "finished");
        _eq(notes.receivable(debt).outstanding, FACE - TOTAL, "outstanding");
    }

    function test_resumeRound_refused() external {
        _by(core.account);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NoUnfinishedRound.selector, debt));
        repayment.resumeRound(debt);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NotDebtor.selector, debt, core.id, tier1.id));
        _by(tier1.account);
        repayment.resumeRound(debt);
    }

    /// @dev With a round left unfinished, all of it may be paid at once instead.
    function test_unfinishedRound_paidInFull() external {
        _open(TOTAL);
        _payShares(_one(held));
        vm.warp(_start(_today() + 31));
        repayment.closeRound(debt);
        _repay(core, _all());
        _eq(notes.receivable(debt).outstanding, 0, "outstanding");
        _by(core.account);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NothingOwed.selector, debt));
        repayment.resumeRound(debt);
    }

    /// @dev Found by a random life: what was paid outside the round would never be counted in it, and it could not end.
    function test_unfinishedRound_isOverWhenTheRestWasTendered() external {
        _open(TOTAL);
        vm.warp(_start(_today() + 31));
        repayment.closeRound(debt);
        _setDesk(address(this));
        notes.setMark(held, NoteFlags.FROZEN, true);
        _repay(core, _all());
        _eq(notes.receivable(debt).outstanding, PART, "what an order withholds");
        _eq(_flags(), ReceivableFlags.ROUND_UNFINISHED, "unfinished");
        _by(core.account);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NoUnfinishedRound.selector, debt));
        repayment.resumeRound(debt);
        notes.setMark(held, NoteFlags.FROZEN, false);
        _open(10_000);
        _isRound(10_000, PART, 0, _today() + 30);
        _eq(notes.receivable(debt).round, 2, "a round of its own");
        _eq(_flags(), ReceivableFlags.ROUND_OPEN, "open");
        _payShares(_one(held));
        _eq(_flags(), 0, "finished");
        _eq(notes.receivable(debt).outstanding, PART - 10_000, "outstanding");
    }

    // -- another desk's rail

    function test_takeShares_isForDesks() external {
        _open(TOTAL);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotDesk.selector, address(this)));
        repayment.takeShares(debt, _all(), _day(0));
        _setDesk(address(this));
        vm.warp(block.timestamp + 5 days);
        (address token, IReceivableNotes.Due[] memory dues) = repayment.takeShares(debt, _all(), _day(0));
        vm.assertEq(token, address(cny), "token");
        _eq(dues.length, 3, "dues");
        _eq(dues[1].payee, tier2.id, "payee");
        _eq(dues[1].principal, 10_000, "principal");
        _eq(dues[1].interest, _interest(10_000, 5), "interest to the day of payment");
        _eq(_flags(), 0, "closed");
    }

    /// @dev Within a unit of its part for every note, the sum exact, in any order.
    function testFuzz_payRound_pariPassu(uint96 total, uint96 a, uint96 b, uint8 order) external {
        vm.warp(_start(_dueDay()) - 1 days);
        NoteId first = _split(tier1, root, tier4, uint96(MINIMUM + (a % 40_000_000)));
        NoteId second = _split(tier1, root, tier5, uint96(MINIMUM + (b % 40_000_000)));
        _late(0);
        total = 1 + (total % FACE);
        _open(total);
        NoteId[] memory ids = new NoteId[](5);
        (ids[0], ids[1], ids[2], ids[3], ids[4]) = (root, held, open, first, second);
        uint256 sum;
        for (uint256 i = 0; i < 5; ++i) {
            NoteId id = ids[(i + order) % 5];
            uint256 value = notes.note(id).value;
            uint256 share = _payShares(_one(id));
            vm.assertTrue(share * FACE < value * total + FACE, "not more than a unit above");
            vm.assertTrue(value * total < share * FACE + FACE, "not more than a unit below");
            sum += share;
        }
        _eq(sum, total, "sum");
        _eq(_flags(), 0, "finished");
    }
}
