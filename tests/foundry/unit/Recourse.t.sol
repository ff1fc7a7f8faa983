// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Actor } from "../base/Cast.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IRecourseDesk } from "../../../contracts/interfaces/IRecourseDesk.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../contracts/types/NoteFlags.sol";
import { Rights } from "../../../contracts/types/Roles.sol";

/// @notice Sellers that answer for their debtor.
contract RecourseTest is Suite {
    uint96 private constant SOLD = 400_000_00;
    // 400,000.00 less 3.6% for 90 days
    uint96 private constant PRICE = 396_400_00;
    NoteId private root;
    NoteId private sold;
    ReceivableId private debt;

    function setUp() public override {
        super.setUp();
        (debt, root) = _found();
        sold = _sell(tier1, financier, root, SOLD);
    }

    function _sell(Actor memory seller, Actor memory buyer, NoteId note, uint96 amount) private returns (NoteId) {
        IFinancingDesk.Quote memory q = _quote(buyer, seller, note);
        q.recourse = true;
        IFinancingDesk.Deal[] memory deals = _one(_deal(buyer, q, amount));
        vm.prank(seller.account);
        return financing.finance(deals)[0];
    }

    function _default() private {
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay) + GRACE + 1));
        repayment.declareOverdue(debt);
    }

    function _demand(NoteId id) private {
        vm.prank(financier.account);
        recourse.demand(_one(id));
    }

    function _honour(Actor memory seller, NoteId id) private returns (NoteId child, uint256 total) {
        vm.prank(seller.account);
        return recourse.honour(id, seller.cash, type(uint256).max);
    }

    function _demandRefused(NoteId id, bytes memory reason) private {
        _refused(reason);
        _demand(id);
    }

    function test_sale_isKeptWithRecourseAlone() external {
        (IFinancingDesk.Sale memory sale, NoteId origin) = financing.saleOf(sold);
        _same(
            abi.encode(sale),
            abi.encode(IFinancingDesk.Sale(tier1.id, SOLD, PRICE, 360, _day(0))),
            "the terms of the sale"
        );
        _eq(origin, sold, "origin");
        NoteId free = _finance(financier, tier1, root, 1_000, 2);
        (sale, origin) = financing.saleOf(free);
        _eq(sale.seller, PartyId.wrap(0), "no sale");
        _eq(origin, NoteId.wrap(0), "no origin");
        IFinancingDesk.Quote memory q = _quote(core, tier1, root);
        q.recourse = true;
        IFinancingDesk.Deal[] memory deals = _one(_deal(core, q, 1_000));
        vm.prank(tier1.account);
        _eq(financing.finance(deals)[0], NoteId.wrap(0), "extinguished, and nothing to answer for");
        (sale, ) = financing.saleOf(NoteId.wrap(0));
        _eq(sale.seller, PartyId.wrap(0), "no sale, not even of no note");
    }

    function test_sale_rateThatTheBookHolds() external {
        IFinancingDesk.Quote memory q = _quote(financier, tier1, root);
        (q.recourse, q.rateBps, q.nonce) = (true, 65_536, 9);
        IFinancingDesk.Deal[] memory deals = _one(_deal(financier, q, 1_000));
        _refused(abi.encodeWithSelector(IFinancingDesk.RecourseRateTooHigh.selector, 65_536, 65_535));
        vm.prank(tier1.account);
        financing.finance(deals);
    }

    function test_sale_isWrittenByDesksAlone() external {
        IFinancingDesk.Sale memory sale = IFinancingDesk.Sale(tier1.id, 1, 1, 1, _day(0));
        bytes memory reason = abi.encodeWithSelector(IReceivableNotes.NotDesk.selector, stranger);
        _refused(reason);
        vm.prank(stranger);
        financing.recordSale(root, sale);
        _refused(reason);
        vm.prank(stranger);
        financing.carrySale(root, sold);
        _setDesk(address(this));
        _emits(address(financing));
        emit IFinancingDesk.SaleRecorded(root, sale);
        financing.recordSale(root, sale);
        (, NoteId origin) = financing.saleOf(root);
        _eq(origin, root, "recorded");
    }

    // -- the demand

    function test_demand_onceDeclaredOverdue() external {
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay) + GRACE + 1));
        _demandRefused(sold, abi.encodeWithSelector(IRecourseDesk.NotDeclaredOverdue.selector, sold));
        repayment.declareOverdue(debt);
        _emits(address(recourse));
        emit IRecourseDesk.RecourseDemanded(sold, financier.id, tier1.id, _day(0));
        _demand(sold);
        _eq(Day.unwrap(recourse.demandDay(sold)), _today(), "day");
        _demandRefused(sold, abi.encodeWithSelector(IRecourseDesk.AlreadyDemanded.selector, sold, _day(0)));
    }

    function test_demand_byTheHolderOfWhatWasSoldSo() external {
        NoteId free = _finance(financier, tier1, root, 1_000, 2);
        _default();
        _demandRefused(free, abi.encodeWithSelector(IRecourseDesk.SoldWithoutRecourse.selector, free));
        _demandRefused(root, abi.encodeWithSelector(IReceivableNotes.NotHolder.selector, root, tier1.id, financier.id));
        _refused(_error(IRecourseDesk.NothingToDemand.selector));
        vm.prank(financier.account);
        recourse.demand(new NoteId[](0));
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                financier.cash,
                financier.id,
                Rights.SETTLE,
                Rights.ACT
            )
        );
        vm.prank(financier.cash);
        recourse.demand(_one(sold));
    }

    function test_demand_ofWhatIsHeldOrPledged() external {
        _default();
        _setDesk(address(this));
        notes.setMark(sold, NoteFlags.FROZEN, true);
        _demandRefused(
            sold,
            abi.encodeWithSelector(IReceivableNotes.NotHeld.selector, sold, IReceivableNotes.NoteStatus.Frozen)
        );
        notes.setMark(sold, NoteFlags.FROZEN, false);
        notes.setPledge(sold, 1_000);
        _demand(sold);
        _refused(abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, sold, SOLD, SOLD - 1_000));
        _honour(tier1, sold);
        notes.setPledge(sold, 0);
        _honour(tier1, sold);
    }

    /// @dev The debtor offered payment, which an order kept from the holder: the seller does not answer for that.
    function test_demand_notOfWhatWasTendered() external {
        _setDesk(address(this));
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay)));
        notes.setMark(sold, NoteFlags.FROZEN, true);
        _repay(core, _one(sold));
        notes.setMark(sold, NoteFlags.FROZEN, false);
        _default();
        _demandRefused(sold, abi.encodeWithSelector(IRecourseDesk.PaymentTendered.selector, sold));
    }

    // -- the payment

    function test_honour_theNoteComesBack() external {
        _default();
        _demand(sold);
        // 396,400.00 with 3.6% for 94 days: 3,726.16 of interest
        uint256 claim = PRICE + 3_726_16;
        _eq(recourse.claim(sold), claim, "claim");
        uint256 before = cny.balanceOf(tier1.cash);
        _emits(address(recourse));
        emit IRecourseDesk.RecourseHonoured(
            sold,
            NoteId.wrap(3),
            tier1.id,
            tier1.cash,
            financier.cash,
            address(cny),
            claim
        );
        (NoteId child, uint256 total) = _honour(tier1, sold);
        _eq(total, claim, "total");
        _eq(cny.balanceOf(tier1.cash), before - claim, "the seller paid");
        _eq(cny.balanceOf(financier.cash), CASH - PRICE + claim, "the buyer got it");
        IReceivableNotes.Note memory n = notes.note(child);
        _eq(n.holder, tier1.id, "holder");
        _eq(n.parent, sold, "parent");
        _eq(n.value, SOLD, "value");
        _eq(n.flags, NoteFlags.ACCEPTED | NoteFlags.FINANCED | NoteFlags.RETURNED, "flags");
        _eq(notes.note(sold).value, 0, "given back");
        _eq(Day.unwrap(recourse.demandDay(sold)), 0, "over");
        _refused(abi.encodeWithSelector(IRecourseDesk.NotDemanded.selector, sold));
        _honour(tier1, sold);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotDue.selector, sold, IReceivableNotes.NoteStatus.Spent));
        recourse.claim(sold);
    }

    /// @dev The interest of the sale would be more than what the debtor owes.
    function test_claim_atMostWhatTheDebtorOwes() external {
        IFinancingDesk.Quote memory q = _quote(financier, tier1, root);
        (q.recourse, q.rateBps, q.nonce) = (true, 20_000, 5);
        IFinancingDesk.Deal[] memory deals = _one(_deal(financier, q, SOLD));
        vm.prank(tier1.account);
        NoteId dear = financing.finance(deals)[0];
        // half the face, and two years' rate on it for a quarter and 15 months
        vm.warp(block.timestamp + 600 days);
        IReceivableNotes.Due memory due = notes.due(dear);
        _eq(recourse.claim(dear), uint256(due.principal) + due.interest, "as the debtor owes");
    }

    function test_claim_ofASaleWithoutRecourse() external {
        _refused(abi.encodeWithSelector(IRecourseDesk.SoldWithoutRecourse.selector, root));
        recourse.claim(root);
    }

    function testFuzz_claim_withinOneUnitAndTheDebt(uint96 amount, uint16 rate, uint16 later) external {
        amount = MINIMUM + (amount % (FACE - SOLD - 2 * uint96(MINIMUM)));
        IFinancingDesk.Quote memory q = _quote(financier2, tier1, root);
        (q.recourse, q.rateBps) = (true, rate % 30_000);
        IFinancingDesk.Deal[] memory deals = _one(_deal(financier2, q, amount));
        vm.prank(tier1.account);
        NoteId id = financing.finance(deals)[0];
        (IFinancingDesk.Sale memory sale, ) = financing.saleOf(id);
        uint256 held = later % 400;
        vm.warp(block.timestamp + held * 1 days);
        uint256 exact = uint256(sale.price) * (3_600_000 + q.rateBps * held);
        IReceivableNotes.Due memory due = notes.due(id);
        uint256 owed = uint256(due.principal) + due.interest;
        uint256 claim = recourse.claim(id);
        vm.assertLe(claim, owed, "more than the debtor owes");
        vm.assertLe(claim * 3_600_000, exact, "more than was paid, with interest");
        vm.assertTrue(claim == owed || (claim + 1) * 3_600_000 > exact, "a unit more would be above");
    }

    function test_honour_isTheSellers() external {
        _default();
        _refused(abi.encodeWithSelector(IRecourseDesk.NotDemanded.selector, sold));
        _honour(tier1, sold);
        _demand(sold);
        _refused(abi.encodeWithSelector(IRecourseDesk.NotSeller.selector, sold, tier1.id, tier2.id));
        _honour(tier2, sold);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                tier1.cash,
                tier1.id,
                Rights.SETTLE,
                Rights.ACT
            )
        );
        vm.prank(tier1.cash);
        recourse.honour(sold, tier1.cash, type(uint256).max);
        _refused(abi.encodeWithSelector(IRepaymentDesk.PayerNotAuthorised.selector, financier2.cash, tier1.account));
        vm.prank(tier1.account);
        recourse.honour(sold, financier2.cash, type(uint256).max);
        uint256 claim = recourse.claim(sold);
        _refused(abi.encodeWithSelector(IRepaymentDesk.TotalExceeded.selector, claim, claim - 1));
        vm.prank(tier1.account);
        recourse.honour(sold, tier1.cash, claim - 1);
        // It is repayment: a suspended seller may.
        vm.prank(urgentOfficer);
        registry.suspend(tier1.id, EVIDENCE);
        vm.prank(tier1.account);
        recourse.honour(sold, tier1.cash, claim);
    }

    function test_honour_fromTheCallersOwnAccount() external {
        _default();
        _demand(sold);
        _give(tier1.account, cny);
        vm.prank(tier1.account);
        recourse.honour(sold, tier1.account, type(uint256).max);
    }

    /// @dev Link by link: who had bought with recourse turns to its own seller with the note that came back.
    function test_honour_carriesTheSaleBefore() external {
        NoteId onward = _sell(financier, financier2, sold, SOLD);
        _default();
        vm.prank(financier2.account);
        recourse.demand(_one(onward));
        _emits(address(financing));
        emit IFinancingDesk.SaleCarried(NoteId.wrap(4), sold);
        (NoteId back, ) = _honour(financier, onward);
        (IFinancingDesk.Sale memory sale, NoteId origin) = financing.saleOf(back);
        _eq(origin, sold, "the sale to the financier");
        _eq(sale.seller, tier1.id, "its seller");
        _demand(back);
        (NoteId home, ) = _honour(tier1, back);
        _eq(notes.note(home).holder, tier1.id, "home");
        (, origin) = financing.saleOf(home);
        _eq(origin, NoteId.wrap(0), "nobody before");
        // The debtor pays at last, and pays the seller.
        uint256 before = cny.balanceOf(tier1.cash);
        _repay(core, _two(root, home));
        vm.assertTrue(cny.balanceOf(tier1.cash) > before + FACE - 1, "paid to whom it came back");
    }

    function test_honour_refusedWhileARoundIsOpen() external {
        _default();
        _demand(sold);
        vm.prank(core.account);
        repayment.openRound(debt, FACE / 2);
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundOpen.selector, debt));
        _honour(tier1, sold);
    }
}
