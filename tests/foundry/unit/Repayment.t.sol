// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import { Actor } from "../base/Cast.sol";
import { IMoney } from "../base/Network.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";
import { ExactCash } from "../../../contracts/libraries/ExactCash.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../contracts/types/NoteFlags.sol";

/// @dev Money whose bank blocks accounts.
interface IBlockable {
    function setBlocked(address account, bool blocked) external;
}

/// @notice One debt in three hands: tier 1 holds its rest, tier 2 a part, tier 3 was offered one.
abstract contract DueSuite is Suite {
    uint96 internal constant PART = 30_000;
    uint96 internal constant OPEN = 20_000;
    uint96 internal constant REST = FACE - PART - OPEN;

    ReceivableId internal debt;
    NoteId internal root;
    NoteId internal held;
    NoteId internal open;

    function setUp() public virtual override {
        super.setUp();
        (debt, root) = _found();
        held = _pass(tier1, root, tier2, PART);
        open = _split(tier1, root, tier3, OPEN);
    }

    function _dueDay() internal view returns (uint16) {
        return Day.unwrap(notes.receivable(debt).dueDay);
    }

    /// @dev A second after so many days from the due day have begun.
    function _late(uint16 numDays) internal {
        vm.warp(_start(_dueDay() + numDays) + 1);
    }

    function _all() internal view returns (NoteId[] memory list) {
        list = new NoteId[](3);
        (list[0], list[1], list[2]) = (root, held, open);
    }

    function _isStatus(NoteId id, IReceivableNotes.NoteStatus status) internal view {
        _eq(uint256(notes.noteStatus(id)), uint256(status), "status");
    }

    function _refusedFor(NoteId[] memory ids, bytes memory reason) internal {
        _refused(reason);
        _repay(core, ids);
    }

    /// @dev 18.25% a year on 360 days: five ten-thousandths and a bit more a day.
    function _interest(uint96 principal, uint256 numDays) internal pure returns (uint256) {
        return (uint256(principal) * 1_825 * numDays) / 3_600_000;
    }
}

contract RepayTest is DueSuite {
    function test_repay_inTime() external {
        _late(0);
        _emits(address(notes));
        emit IReceivableNotes.NoteRepaid(root, debt, tier1.id, REST, 0);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(1, 0, REST);
        _emits(address(notes));
        emit IReceivableNotes.NoteRepaid(held, debt, tier2.id, PART, 0);
        _emits(address(notes));
        emit IReceivableNotes.NoteRepaid(open, debt, tier1.id, OPEN, 0);
        _emits(address(credit));
        emit ICreditRegister.LineUsed(core.id, address(cny), 0);
        _emits(address(repayment));
        emit IRepaymentDesk.Paid(root, core.cash, tier1.cash, address(cny), REST);
        _emits(address(repayment));
        emit IRepaymentDesk.Paid(held, core.cash, tier2.cash, address(cny), PART);
        _emits(address(repayment));
        emit IRepaymentDesk.Paid(open, core.cash, tier1.cash, address(cny), OPEN);
        _eq(_repay(core, _all()), FACE, "total");
        _eq(cny.balanceOf(core.cash), CASH - FACE, "payer");
        _eq(cny.balanceOf(tier1.cash), CASH + REST + OPEN, "an open offer pays its offeror");
        _eq(cny.balanceOf(tier2.cash), CASH + PART, "holder");
        _eq(notes.receivable(debt).outstanding, 0, "outstanding");
        _eq(uint256(notes.receivableStatus(debt)), uint256(IReceivableNotes.ReceivableStatus.Settled), "settled");
        _isStatus(root, IReceivableNotes.NoteStatus.Repaid);
        _isStatus(open, IReceivableNotes.NoteStatus.Repaid);
        _eq(notes.note(open).flags, NoteFlags.REPAID, "flags");
        _eq(notes.note(held).flags, NoteFlags.ACCEPTED | NoteFlags.REPAID, "flags");
        _eq(credit.line(core.id, address(cny)).used, 0, "line");
    }

    function test_repay_beforeItsTime() external {
        _eq(_repay(core, _one(held)), PART, "total");
        _eq(notes.receivable(debt).outstanding, FACE - PART, "outstanding");
        _eq(uint256(notes.receivableStatus(debt)), uint256(IReceivableNotes.ReceivableStatus.Outstanding), "status");
    }

    function test_repay_interestByWholeDaysLate() external {
        _late(1);
        vm.warp(block.timestamp - 2);
        _eq(notes.due(held).interest, 0, "the due day's last second");
        vm.warp(block.timestamp + 2);
        _eq(notes.due(held).interest, 15, "a day late");
        _late(7);
        IReceivableNotes.Due memory d = notes.due(held);
        _eq(d.payee, tier2.id, "payee");
        _eq(d.principal, PART, "principal");
        _eq(d.interest, _interest(PART, 7), "interest");
        _eq(d.flags, NoteFlags.ACCEPTED, "flags");
        _emits(address(notes));
        emit IReceivableNotes.NoteRepaid(held, debt, tier2.id, PART, uint128(_interest(PART, 7)));
        _eq(_repay(core, _one(held)), PART + _interest(PART, 7), "total");
        _eq(cny.balanceOf(tier2.cash), CASH + PART + _interest(PART, 7), "cash");
        _eq(credit.line(core.id, address(cny)).used, FACE - PART, "the line is freed by principal");
    }

    function testFuzz_repay_interestWithinAUnit(uint16 numDays) external {
        numDays %= 20_000;
        _late(numDays);
        uint256 interest = notes.due(root).interest;
        uint256 exact = uint256(REST) * 1_825 * numDays;
        vm.assertTrue(interest * 3_600_000 <= exact && (interest + 1) * 3_600_000 > exact, "interest");
    }

    function test_repay_severalDebtsOfSeveralDebtors() external {
        ReceivableId other = _confirm(core2, tier2, 7_000);
        NoteId second = notes.receivable(other).root;
        _accept(tier2, second);
        ReceivableId third = _confirm(core, tier3, 9_000);
        NoteId last = notes.receivable(third).root;
        _accept(tier3, last);
        NoteId[] memory ids = new NoteId[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (held, second, last, open);
        _eq(_repay(core, ids), PART + 7_000 + 9_000 + OPEN, "total");
        _eq(notes.receivable(debt).outstanding, REST, "first");
        _eq(notes.receivable(other).outstanding, 0, "second");
        _eq(notes.receivable(third).outstanding, 0, "third");
        _eq(credit.line(core.id, address(cny)).used, REST, "line");
        _eq(credit.line(core2.id, address(cny)).used, 0, "the other's line");
    }

    function test_repay_refusedForNotes() external {
        _refusedFor(new NoteId[](0), _error(IReceivableNotes.EmptyBatch.selector));
        _refusedFor(_one(NoteId.wrap(99)), abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        NoteId offered = notes.receivable(_confirm(core, tier1, 5_000)).root;
        _refusedFor(
            _one(offered),
            abi.encodeWithSelector(IReceivableNotes.NotDue.selector, offered, IReceivableNotes.NoteStatus.Offered)
        );
        _refusedFor(
            _two(held, held),
            abi.encodeWithSelector(IReceivableNotes.NotDue.selector, held, IReceivableNotes.NoteStatus.Repaid)
        );
        NoteId foreign = notes.receivable(_confirm(core, EUR, _one(_item(tier1, 5_000)))).root;
        _accept(tier1, foreign);
        _refusedFor(_two(held, foreign), abi.encodeWithSelector(IReceivableNotes.MixedCurrencies.selector, CNY, EUR));
        _eq(_repay(core, _one(foreign)), 5_000, "by itself");
        _eq(eur.balanceOf(tier1.cash), CASH + 5_000, "in its currency");
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        notes.due(NoteId.wrap(99));
    }

    function test_repay_notWhatABankHasReserved() external {
        _setDesk(address(this));
        notes.setMark(held, NoteFlags.RESERVED, true);
        _refusedFor(
            _one(held),
            abi.encodeWithSelector(IReceivableNotes.NotDue.selector, held, IReceivableNotes.NoteStatus.Reserved)
        );
    }

    function test_repay_atMost() external {
        _by(core.account);
        _refused(abi.encodeWithSelector(IRepaymentDesk.TotalExceeded.selector, PART, PART - 1));
        repayment.repay(_one(held), core.cash, PART - 1);
        _by(core.account);
        repayment.repay(_one(held), core.cash, PART);
    }

    function test_repay_fromWhoseAccount() external {
        bytes memory reason = abi.encodeWithSelector(
            IRepaymentDesk.PayerNotAuthorised.selector,
            core.cash,
            core2.account
        );
        _refused(reason);
        _by(core2.account);
        repayment.repay(_one(held), core.cash, PART);
        _refused(abi.encodeWithSelector(IRepaymentDesk.PayerNotAuthorised.selector, core.cash, stranger));
        _by(stranger);
        repayment.repay(_one(held), core.cash, PART);
        // a stranger's other account is nobody's either
        _refused(abi.encodeWithSelector(IRepaymentDesk.PayerNotAuthorised.selector, issuerOfficer, stranger));
        _by(stranger);
        repayment.repay(_one(held), issuerOfficer, PART);
        // an account of the party without the right to act
        _refused(abi.encodeWithSelector(IRepaymentDesk.PayerNotAuthorised.selector, core.account, core.cash));
        _by(core.cash);
        repayment.repay(_one(held), core.account, PART);
        // anyone pays from its own
        _give(stranger, cny);
        _by(stranger);
        repayment.repay(_one(held), stranger, PART);
        _eq(cny.balanceOf(stranger), CASH - PART, "stranger");
        _by(core.cash);
        repayment.repay(_one(open), core.cash, OPEN);
    }

    function test_repay_whateverStands() external {
        _by(urgentOfficer);
        notes.setPaused(true);
        _by(urgentOfficer);
        registry.suspend(core.id, EVIDENCE);
        _by(urgentOfficer);
        registry.suspend(tier2.id, EVIDENCE);
        vm.warp(_start(_today() + 2_000));
        _repay(core, _one(held));
        vm.assertTrue(cny.balanceOf(tier2.cash) > CASH + PART, "paid with interest");
    }

    function test_repay_shortOfCash() external {
        vm.prank(core.cash);
        cny.transfer(stranger, CASH - PART + 1);
        _refusedFor(
            _one(held),
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, core.cash, PART - 1, PART)
        );
        vm.prank(core2.cash);
        cny.approve(address(repayment), PART - 1);
        _by(core2.account);
        _refused(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(repayment), PART - 1, PART)
        );
        repayment.repay(_one(held), core2.cash, PART);
    }

    /// @dev The payer's own shortfall on the second payment takes back the first.
    function test_repay_allOrNone() external {
        vm.prank(core.cash);
        cny.transfer(stranger, CASH - PART - OPEN + 1);
        _refusedFor(
            _two(held, open),
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, core.cash, OPEN - 1, OPEN)
        );
        _eq(cny.balanceOf(tier2.cash), CASH, "nothing moved");
        _eq(notes.note(held).value, PART, "nothing moved");
    }

    /// @dev However little gas a caller leaves: paid or reverted, never taken for a payee's refusal.
    function test_repay_withTooLittleGas() external {
        bytes memory data = abi.encodeCall(repayment.repay, (_one(held), core.cash, PART));
        bool tooLittle;
        for (uint256 gas_ = 100_000; gas_ < 700_000; gas_ += 20_000) {
            uint256 here = vm.snapshotState();
            _by(core.account);
            (bool done, bytes memory reason) = address(repayment).call{ gas: gas_ }(data);
            if (done) _eq(notes.note(held).value, 0, "paid");
            tooLittle = tooLittle || bytes4(reason) == ExactCash.TooLittleGas.selector;
            vm.revertToState(here);
        }
        vm.assertTrue(tooLittle, "said why");
    }

    /// @dev Who is payer and payee pays nothing, and no balance tells that.
    function test_repay_notToItself() external {
        _refused(abi.encodeWithSelector(ExactCash.CashNotExact.selector, address(cny), tier2.cash, CASH + PART, CASH));
        _by(tier2.account);
        repayment.repay(_one(held), tier2.cash, PART);
    }

    function test_repay_notOnABankRail() external {
        uint16 currency = _allow(address(0x555344));
        _by(creditOfficer);
        credit.setLine(core.id, address(0x555344), LINE);
        NoteId id = notes.receivable(_confirm(core, currency, _one(_item(tier1, 5_000)))).root;
        _accept(tier1, id);
        _refusedFor(_one(id), abi.encodeWithSelector(ExactCash.OnBankRail.selector, address(0x555344)));
    }

    function test_probe_isTheDesksOwn() external {
        _refused(abi.encodeWithSelector(IRepaymentDesk.PayerNotAuthorised.selector, core.cash, address(this)));
        repayment.probe(address(cny), core.cash, 1);
        _refused(_error(IRepaymentDesk.PayerAble.selector));
        _by(address(repayment));
        repayment.probe(address(cny), core.cash, 1);
    }
}

/// @notice What an order withholds, or a payee's own bank refuses: tendered, and the others are paid.
contract TenderTest is Suite {
    uint96 private constant PART = 30_000;
    IMoney private money;
    uint16 private currency;
    ReceivableId private debt;
    NoteId private root;
    NoteId private held;

    function setUp() public override {
        super.setUp();
        bytes memory arguments = abi.encode("Blockable", "BLK", uint8(2), authority);
        money = IMoney(vm.deployCode("BlockableToken.sol:BlockableToken", arguments));
        _assign(address(money), IMoney.mint.selector, TOKEN_ISSUER);
        currency = _allow(address(money));
        _setLine(core, address(money));
        _give(core.cash, money);
        debt = _confirm(core, currency, _one(_item(tier1, FACE)));
        root = notes.receivable(debt).root;
        _accept(tier1, root);
        held = _pass(tier1, root, tier2, PART);
        _setDesk(address(this));
    }

    function _block(address account, bool blocked) private {
        IBlockable(address(money)).setBlocked(account, blocked);
    }

    function _late(uint16 numDays) private {
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay) + numDays));
    }

    function test_tender_whatThePayeesBankRefuses() external {
        _late(2);
        _block(tier2.cash, true);
        uint128 interest = uint128((uint256(PART) * 1_825 * 2) / 3_600_000);
        _emits(address(notes));
        emit IReceivableNotes.NoteRepaid(held, debt, tier2.id, PART, interest);
        _emits(address(credit));
        emit ICreditRegister.LineUsed(core.id, address(money), 0);
        _emits(address(repayment));
        emit IRepaymentDesk.PaymentRefused(held, core.cash, tier2.cash, address(money), PART + interest);
        _emits(address(notes));
        emit IReceivableNotes.NoteRestored(held, debt, PART);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(0, NoteId.unwrap(held), PART);
        _emits(address(notes));
        emit IReceivableNotes.NoteTendered(held, debt, PART, _day(0));
        _emits(address(credit));
        emit ICreditRegister.LineUsed(core.id, address(money), PART);
        _emits(address(repayment));
        emit IRepaymentDesk.Paid(root, core.cash, tier1.cash, address(money), FACE - PART + _of(FACE - PART, 2));
        _repay(core, _two(held, root));
        IReceivableNotes.Note memory n = notes.note(held);
        _eq(n.value, PART, "value");
        _eq(n.flags, NoteFlags.ACCEPTED | NoteFlags.TENDERED, "flags");
        _eq(Day.unwrap(notes.tenderDay(held)), _today(), "day");
        _eq(notes.tenderedValue(debt), PART, "tendered");
        _eq(notes.receivable(debt).outstanding, PART, "outstanding");
        _eq(credit.line(core.id, address(money)).used, PART, "line");
        _eq(money.balanceOf(tier2.cash), 0, "blocked");
        _eq(notes.note(root).value, 0, "the other is paid");
    }

    function _of(uint96 principal, uint256 numDays) private pure returns (uint256) {
        return (uint256(principal) * 1_825 * numDays) / 3_600_000;
    }

    /// @dev From the day of tender on: no interest, no overdue, and no second tender.
    function test_tender_stopsInterestAndOverdue() external {
        _late(2);
        _block(tier2.cash, true);
        _repay(core, _two(root, held));
        uint16 tendered = _today();
        _late(60);
        _eq(notes.due(held).interest, _of(PART, 2), "interest");
        _refused(
            abi.encodeWithSelector(
                IRepaymentDesk.NotOverdue.selector,
                debt,
                _today(),
                Day.unwrap(notes.receivable(debt).dueDay) + GRACE
            )
        );
        repayment.declareOverdue(debt);
        _repay(core, _one(held));
        _eq(Day.unwrap(notes.tenderDay(held)), tendered, "the first day stays");
        _eq(notes.tenderedValue(debt), PART, "not twice");
        _block(tier2.cash, false);
        _eq(_repay(core, _one(held)), PART + _of(PART, 2), "paid in the end");
        _eq(money.balanceOf(tier2.cash), PART + _of(PART, 2), "cash");
        _eq(notes.tenderedValue(debt), 0, "nothing is tendered");
        _eq(uint256(notes.noteStatus(held)), uint256(IReceivableNotes.NoteStatus.Repaid), "status");
    }

    /// @dev Before the due day a refused payment changes nothing.
    function test_tender_notBeforeTheDueDay() external {
        _late(0);
        vm.warp(block.timestamp - 1);
        _block(tier2.cash, true);
        _eq(_repay(core, _one(held)), 0, "nothing");
        _eq(notes.note(held).flags, NoteFlags.ACCEPTED, "free to move");
        _eq(notes.note(held).value, PART, "value");
        _eq(notes.tenderedValue(debt), 0, "not tendered");
        vm.warp(block.timestamp + 1);
        _repay(core, _one(held));
        _eq(notes.note(held).flags, NoteFlags.ACCEPTED | NoteFlags.TENDERED, "from the due day on");
    }

    function test_tender_aBlockedPayerIsNoPayee() external {
        _late(0);
        _block(core.cash, true);
        _refused(abi.encodeWithSignature("AccountBlocked(address)", core.cash));
        _repay(core, _one(held));
    }

    function test_tender_whatAnOrderWithholds() external {
        _late(1);
        notes.setMark(held, NoteFlags.FROZEN, true);
        _emits(address(notes));
        emit IReceivableNotes.NoteTendered(held, debt, PART, _day(0));
        _eq(_repay(core, _one(held)), 0, "nothing is paid");
        _eq(notes.note(held).value, PART, "value");
        _eq(notes.tenderedValue(debt), PART, "tendered");
        _eq(credit.line(core.id, address(money)).used, FACE, "line");
        IReceivableNotes.Due memory d = notes.due(held);
        _eq(d.flags, NoteFlags.ACCEPTED | NoteFlags.FROZEN | NoteFlags.TENDERED, "flags");
        _eq(d.interest, _of(PART, 1), "interest to the day of tender");
        notes.setMark(held, NoteFlags.FROZEN, false);
        _late(9);
        _eq(_repay(core, _one(held)), PART + _of(PART, 1), "released");
    }

    function test_tender_anOpenOfferOfAFrozenNote() external {
        NoteId open = _split(tier1, root, tier3, 1_000);
        _late(0);
        notes.setMark(root, NoteFlags.FROZEN, true);
        _repay(core, _one(open));
        _eq(notes.note(open).value, 1_000, "value");
        _eq(notes.note(open).flags, NoteFlags.TENDERED, "flags");
        _refused(
            abi.encodeWithSelector(IReceivableNotes.NotOffered.selector, open, IReceivableNotes.NoteStatus.Lapsable)
        );
        _accept(tier3, open);
    }

    /// @dev Overdue ends when the last value that is not tendered is tendered.
    function test_tender_endsOverdue() external {
        _late(GRACE + 1);
        repayment.declareOverdue(debt);
        _block(tier2.cash, true);
        _emits(address(notes));
        emit IReceivableNotes.OverdueEnded(debt, core.id);
        _emits(address(credit));
        emit ICreditRegister.OverdueCounted(core.id, 0);
        _repay(core, _two(root, held));
        _eq(notes.receivable(debt).flags & ReceivableFlags.OVERDUE, 0, "ended");
        _eq(credit.overdueCount(core.id), 0, "count");
    }

    function test_tender_byAnOrderEndsOverdue() external {
        _late(GRACE + 1);
        repayment.declareOverdue(debt);
        notes.setMark(root, NoteFlags.FROZEN, true);
        notes.setMark(held, NoteFlags.FROZEN, true);
        _repay(core, _two(root, held));
        _eq(credit.overdueCount(core.id), 0, "count");
        _eq(notes.receivable(debt).flags & ReceivableFlags.OVERDUE, 0, "ended");
    }
}

/// @notice The declaration of overdue, and what it stops.
contract OverdueTest is DueSuite {
    function test_declareOverdue() external {
        _late(GRACE);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NotOverdue.selector, debt, _today(), _dueDay() + GRACE));
        repayment.declareOverdue(debt);
        vm.warp(_start(_dueDay() + GRACE + 1) - 1);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NotOverdue.selector, debt, _today(), _dueDay() + GRACE));
        repayment.declareOverdue(debt);
        vm.warp(block.timestamp + 1);
        _emits(address(notes));
        emit IReceivableNotes.OverdueDeclared(debt, core.id);
        _emits(address(credit));
        emit ICreditRegister.OverdueCounted(core.id, 1);
        _by(stranger);
        repayment.declareOverdue(debt);
        _eq(uint256(notes.receivableStatus(debt)), uint256(IReceivableNotes.ReceivableStatus.Overdue), "status");
        _eq(credit.overdueCount(core.id), 1, "count");
        _refused(abi.encodeWithSelector(IRepaymentDesk.AlreadyDeclared.selector, debt));
        repayment.declareOverdue(debt);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownReceivable.selector, 99));
        repayment.declareOverdue(ReceivableId.wrap(99));
    }

    function test_declareOverdue_notOfWhatNobodyIsOwed() external {
        ReceivableId unanswered = _confirm(core, tier1, 5_000);
        ReceivableId paid = _confirm(core, tier1, 5_000);
        _accept(tier1, notes.receivable(paid).root);
        _repay(core, _one(notes.receivable(paid).root));
        _late(GRACE + 1);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NotOverdue.selector, unanswered, _today(), _dueDay() + GRACE));
        repayment.declareOverdue(unanswered);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NotOverdue.selector, paid, _today(), _dueDay() + GRACE));
        repayment.declareOverdue(paid);
    }

    function test_overdue_stopsIssuesAndSales() external {
        ReceivableId other = _confirmUntil(core, tier1, 5_000, _day(TENOR + 60));
        NoteId note = notes.receivable(other).root;
        _accept(tier1, note);
        _late(GRACE + 1);
        repayment.declareOverdue(debt);
        bytes memory reason = abi.encodeWithSelector(ICreditRegister.DebtorOverdue.selector, core.id, 1);
        IFinancingDesk.Deal[] memory deals = _one(_deal(financier, _quote(financier, tier1, note), 1_000));
        _refused(reason);
        _by(tier1.account);
        financing.finance(deals);
        IIssuanceDesk.Confirmation[] memory items = _one(_item(tier1, 100));
        ICreditRegister.Attestation memory word = _attest(core, address(cny), items);
        _refused(reason);
        _by(core.account);
        issuance.confirm(CNY, items, word);
        _repay(core, _all());
        _eq(credit.overdueCount(core.id), 0, "count");
        _by(core.account);
        issuance.confirm(CNY, items, word);
        _by(tier1.account);
        financing.finance(deals);
    }

    /// @dev Once overdue, all of what is left is paid at once, or in rounds.
    function test_overdue_paidInFull() external {
        _late(GRACE + 1);
        repayment.declareOverdue(debt);
        _refusedFor(_one(held), abi.encodeWithSelector(IReceivableNotes.PaidInPart.selector, debt, FACE - PART));
        _refusedFor(_two(root, held), abi.encodeWithSelector(IReceivableNotes.PaidInPart.selector, debt, OPEN));
        _emits(address(notes));
        emit IReceivableNotes.OverdueEnded(debt, core.id);
        _repay(core, _all());
        _eq(uint256(notes.receivableStatus(debt)), uint256(IReceivableNotes.ReceivableStatus.Settled), "settled");
        _eq(notes.receivable(debt).flags & ReceivableFlags.OVERDUE, 0, "ended");
    }

    /// @dev Each of two overdue debts is paid in full, in one transaction.
    function test_overdue_twoAtOnce() external {
        ReceivableId other = _confirm(core, tier1, 5_000);
        NoteId second = notes.receivable(other).root;
        _accept(tier1, second);
        _late(GRACE + 1);
        repayment.declareOverdue(debt);
        repayment.declareOverdue(other);
        _eq(credit.overdueCount(core.id), 2, "both");
        NoteId[] memory ids = new NoteId[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (second, root, held, open);
        _repay(core, ids);
        _eq(credit.overdueCount(core.id), 0, "neither");
    }
}
