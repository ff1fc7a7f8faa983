// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BankSuite } from "../base/BankSuite.sol";
import { Actor } from "../base/Cast.sol";
import { Signing } from "../base/Signing.sol";
import { vm } from "../base/Vm.sol";
import { IBankDesk } from "../../../contracts/interfaces/IBankDesk.sol";
import { IBankProduct } from "../../../contracts/interfaces/IBankProduct.sol";
import { IBankSaleDesk } from "../../../contracts/interfaces/IBankSaleDesk.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IPledgeDesk } from "../../../contracts/interfaces/IPledgeDesk.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { ExactCash } from "../../../contracts/libraries/ExactCash.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { Roles } from "../../../contracts/types/Roles.sol";

/// @notice A note of tier 1's on the bank rail, and a deal for part of it.
abstract contract BankSaleSuite is BankSuite {
    // 400,000.07 at 3.6% for 90 days: 3,600.00063 of discount, rounded up to 3,600.01
    uint96 internal constant AMOUNT = 40_000_007;
    uint96 internal constant PRICE = AMOUNT - 360_001;

    function _reserve(IFinancingDesk.Quote memory q, IBankDesk.Commitment memory c) internal returns (bytes32) {
        IFinancingDesk.Deal memory deal = _deal(financier, q, AMOUNT);
        _by(tier1.account);
        return bankSales.reserveSale(deal, c);
    }

    /// @dev Under the bank's word for just these terms.
    function _reserveFor(IFinancingDesk.Quote memory q, uint16 daysAhead) internal returns (bytes32 id) {
        IBankDesk.Commitment memory c = _commitment(bank, daysAhead);
        id = _signSale(bank.key, _saleOf(q, AMOUNT, PRICE), q, c);
        _reserve(q, c);
    }

    function _refusedFor(IFinancingDesk.Quote memory q, IBankDesk.Commitment memory c, bytes memory reason) internal {
        _signSale(bank.key, _saleOf(q, AMOUNT, PRICE), q, c);
        IFinancingDesk.Deal memory deal = _deal(financier, q, AMOUNT);
        _refused(reason);
        _by(tier1.account);
        bankSales.reserveSale(deal, c);
    }

    function _paid() internal returns (IBankDesk.Attestation memory) {
        return _payment(bank, wait, _one(_line(root, tier1.id, PRICE)));
    }

    function _isReserved() internal view returns (bool) {
        return notes.noteStatus(root) == IReceivableNotes.NoteStatus.Reserved;
    }
}

contract ReserveSaleTest is BankSaleSuite {
    function test_reserve_tellsItsTerms() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        q.recourse = true;
        IBankDesk.Commitment memory c = _commitment(bank, 10);
        IBankSaleDesk.Sale memory s = _saleOf(q, AMOUNT, PRICE);
        bytes32 id = _signSale(bank.key, s, q, c);
        _emits(address(financing));
        emit IFinancingDesk.QuoteAgreed(financier.id, q.nonce, AMOUNT);
        _emits(address(banks));
        emit IBankDesk.Reserved(id, bank.id, address(bankSales), _day(0), _day(10));
        _emits(address(bankSales));
        emit IBankSaleDesk.SaleReserved(id, root, financier.id, s);
        vm.assertEq(_reserve(q, c), id, "the digest");
        bytes32 terms = keccak256("terms");
        bytes32 digest = Signing.digest("Cascade BankDesk", address(banks), terms);
        vm.assertEq(banks.reservationDigest(terms), digest, "digest of a product's terms");
        _same(abi.encode(bankSales.sale(id)), abi.encode(s), "sale");
        IBankDesk.Reservation memory r = banks.reservation(id);
        _same(
            abi.encode(r),
            abi.encode(IBankDesk.Reservation(address(bankSales), bank.id, _day(0), _day(10), false)),
            "reservation"
        );
        vm.assertTrue(_isReserved(), "reserved");
        _eq(financing.taken(financier.id, q.nonce), AMOUNT, "taken");
    }

    function test_reserve_onlyForTheSeller() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier2, root);
        bytes memory reason = abi.encodeWithSelector(IFinancingDesk.QuoteForOtherSeller.selector, tier2.id, tier1.id);
        _refusedFor(q, _commitment(bank, 1), reason);
    }

    function test_reserve_namesNoPayer() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        q.payer = financier.cash;
        bytes memory reason = abi.encodeWithSelector(IFinancingDesk.PayerNotAsked.selector, financier.cash);
        _refusedFor(q, _commitment(bank, 1), reason);
    }

    function test_reserve_unknownNote() external {
        NoteId nowhere = NoteId.wrap(99);
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, nowhere);
        q.rateBps = 0;
        _refusedFor(q, _commitment(bank, 1), abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, nowhere));
    }

    function test_reserve_noTokens() external {
        (, NoteId other) = _found();
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, other);
        bytes memory reason = abi.encodeWithSelector(IBankProduct.NotOnBankRail.selector, address(cny));
        _refusedFor(q, _commitment(bank, 1), reason);
    }

    function test_reserve_whatTheLedgerWouldRefuse() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        q.registryReference = 0;
        bytes memory reason = abi.encodeWithSelector(IReceivableNotes.RegistryReferenceMissing.selector, root);
        _refusedFor(q, _commitment(bank, 1), reason);
    }

    function test_reserve_debtorsBuyTheirOwnOnly() external {
        IFinancingDesk.Quote memory q = _bankQuote(core2, tier1, root);
        IBankDesk.Commitment memory c = _commitment(bank, 1);
        _signSale(bank.key, _saleOf(q, AMOUNT, PRICE), q, c);
        IFinancingDesk.Deal memory deal = _deal(core2, q, AMOUNT);
        uint16 roles = Roles.CORE_ENTERPRISE | Roles.SUPPLIER;
        _refused(abi.encodeWithSelector(IParticipantRegistry.MissingRole.selector, core2.id, roles, Roles.FINANCIER));
        _by(tier1.account);
        bankSales.reserveSale(deal, c);
    }

    function test_reserve_lastDay() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        IBankDesk.Commitment memory c = _commitment(bank, 11);
        bytes memory reason = abi.encodeWithSelector(IBankDesk.LastDayInvalid.selector, _day(11), _day(0), _day(10));
        _refusedFor(q, c, reason);
        c.lastDay = Day.wrap(_today() - 1);
        _refusedFor(q, c, abi.encodeWithSelector(IBankDesk.LastDayInvalid.selector, c.lastDay, _day(0), _day(10)));
    }

    function test_reserve_neverIntoTheCutOff() external {
        Day dueDay = notes.receivable(debt).dueDay;
        vm.warp(_start(Day.unwrap(dueDay) - 8));
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        q.rateBps = 0;
        IBankDesk.Commitment memory c = _commitment(bank, 5);
        _signSale(bank.key, _saleOf(q, AMOUNT, AMOUNT), q, c);
        IFinancingDesk.Deal memory deal = _deal(financier, q, AMOUNT);
        _refused(abi.encodeWithSelector(IBankDesk.LastDayInvalid.selector, _day(5), _day(0), _day(4)));
        _by(tier1.account);
        bankSales.reserveSale(deal, c);
        c.lastDay = _day(4);
        _signSale(bank.key, _saleOf(q, AMOUNT, AMOUNT), q, c);
        _reserve(q, c);
    }

    function test_reserve_theWordIsABanks() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        IBankDesk.Commitment memory c = _commitment(bank, 1);
        c.bank = bank2.id;
        _refusedFor(
            q,
            c,
            abi.encodeWithSelector(IBankDesk.SignerOfOtherBank.selector, bank.account, bank2.id, bank.id)
        );
        (c.bank, c.signer) = (financier.id, financier.account);
        _refusedFor(
            q,
            c,
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRole.selector,
                financier.id,
                Roles.FINANCIER,
                Roles.SETTLEMENT_BANK
            )
        );
    }

    function test_reserve_theWordIsForJustThis() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        IBankDesk.Commitment memory c = _commitment(bank, 1);
        // The price of another day.
        _signSale(bank.key, _saleOf(q, AMOUNT, PRICE + 1), q, c);
        IFinancingDesk.Deal memory deal = _deal(financier, q, AMOUNT);
        bytes memory signature = c.signature;
        bytes32 digest = _signSale(bank.key, _saleOf(q, AMOUNT, PRICE), q, c);
        c.signature = signature;
        _refused(abi.encodeWithSelector(IBankDesk.BankSignatureInvalid.selector, bank.account, digest));
        _by(tier1.account);
        bankSales.reserveSale(deal, c);
    }

    function test_reserve_theWordEnds() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        IBankDesk.Commitment memory c = _commitment(bank, 1);
        vm.warp(c.deadline + 1);
        _refusedFor(q, c, abi.encodeWithSelector(IParticipantRegistry.DeadlinePassed.selector, c.deadline));
        vm.warp(c.deadline);
        _signSale(bank.key, _saleOf(q, AMOUNT, PRICE), q, c);
        _reserve(q, c);
    }

    function test_reserve_once() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        IBankDesk.Commitment memory c = _commitment(bank, 1);
        bytes32 id = _signSale(bank.key, _saleOf(q, AMOUNT, PRICE), q, c);
        _reserve(q, c);
        _by(bank.account);
        banks.decline(id, _one(root));
        _refusedFor(q, c, abi.encodeWithSelector(IBankDesk.ReservationExists.selector, id));
    }

    function test_reserve_onlyProducts() external {
        IBankDesk.Commitment memory c = _commitment(bank, 1);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotDesk.selector, stranger));
        _by(stranger);
        banks.reserve(c, bytes32(0), _day(1));
        IFinancingDesk.Deal memory deal = _deal(financier, _bankQuote(financier, tier1, root), AMOUNT);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotDesk.selector, stranger));
        _by(stranger);
        financing.agree(deal, tier1.id);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotDesk.selector, stranger));
        _by(stranger);
        financing.giveBack(financier.id, 1, 1);
    }
}

/// @notice Sales on the bank rail whose seller answers for the debtor.
contract RecourseOnRailTest is BankSaleSuite {
    function test_saleWithRecourse_isKeptAsOfTheDayOfPayment() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        q.recourse = true;
        wait = _reserveFor(q, 10);
        IBankDesk.Attestation memory a = _paid();
        vm.warp(block.timestamp + 1 days);
        a.deadline = block.timestamp;
        _emits(address(financing));
        emit IFinancingDesk.SaleRecorded(
            NoteId.wrap(NoteId.unwrap(root) + 1),
            IFinancingDesk.Sale(tier1.id, AMOUNT, PRICE, 360, a.valueDay)
        );
        _attest(a);
    }

    /// @dev What the debtor bought is extinguished: nobody answers for it.
    function test_saleWithRecourse_toTheDebtorIsNotKept() external {
        IFinancingDesk.Quote memory q = _bankQuote(core, tier1, root);
        q.recourse = true;
        IBankDesk.Commitment memory c = _commitment(bank, 10);
        wait = _signSale(bank.key, _saleOf(q, AMOUNT, PRICE), q, c);
        IFinancingDesk.Deal memory deal = _deal(core, q, AMOUNT);
        _by(tier1.account);
        bankSales.reserveSale(deal, c);
        _attest(_paid());
        _eq(notes.noteCount(), NoteId.unwrap(root), "no child");
        (IFinancingDesk.Sale memory kept, ) = financing.saleOf(NoteId.wrap(0));
        _eq(kept.seller, PartyId.wrap(0), "no sale, not even of no note");
    }

    function test_saleWithRecourse_isDemandedAndPaidElsewhere() external {
        IFinancingDesk.Quote memory q = _bankQuote(financier, tier1, root);
        q.recourse = true;
        wait = _reserveFor(q, 10);
        _attest(_paid());
        NoteId sold = NoteId.wrap(NoteId.unwrap(root) + 1);
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay) + GRACE + 1));
        repayment.declareOverdue(debt);
        _by(financier.account);
        recourse.demand(_one(sold));
        _refused(abi.encodeWithSelector(ExactCash.OnBankRail.selector, RAIL_CNY));
        _by(tier1.account);
        recourse.honour(sold, tier1.cash, type(uint256).max);
    }
}

contract SettleSaleTest is BankSaleSuite {
    function setUp() public override {
        super.setUp();
        wait = _reserveFor(_bankQuote(financier, tier1, root), 5);
    }

    function test_attest_delivers() external {
        IBankDesk.Attestation memory a = _paid();
        bytes32 digest = banks.attestationDigest(a);
        NoteId child = NoteId.wrap(2);
        _emits(address(bankSales));
        emit IBankSaleDesk.SaleDelivered(wait, root, child, a.paymentReference);
        _emits(address(banks));
        emit IBankDesk.PaymentDelivered(bank.id, a.paymentReference, wait, digest);
        _attest(a);
        _eq(notes.note(child).value, AMOUNT, "the buyer's");
        _eq(notes.note(root).value, FACE - AMOUNT, "the seller's");
        vm.assertFalse(_isReserved(), "free");
        _eq(bankSales.sale(wait).amount, 0, "over");
        IBankDesk.Record memory r = banks.record(bank.id, a.paymentReference);
        vm.assertTrue(r.outcome == IBankDesk.Outcome.Delivered && r.digest == bytes31(digest), "delivered");
    }

    function test_attest_onTheLastDay() external {
        vm.warp(_start(Day.unwrap(banks.reservation(wait).lastDay) + 1) - 1);
        _attest(_paid());
        _eq(notes.note(NoteId.wrap(2)).value, AMOUNT, "delivered");
    }

    function test_attest_tooLate() external {
        Day lastDay = banks.reservation(wait).lastDay;
        vm.warp(_start(Day.unwrap(lastDay) + 1));
        IBankDesk.Attestation memory a = _paid();
        bytes memory reason = abi.encodeWithSelector(IBankDesk.ReservationOver.selector, wait, lastDay);
        _excepted(a, reason);
        // A second time there is nothing new to write down.
        _refusedToAttest(a, reason);
        banks.lapse(wait, _one(root));
        vm.assertFalse(_isReserved(), "free");
    }

    function test_attest_unmatched() external {
        IBankDesk.Attestation memory a = _paid();
        a.reservation = bytes32(uint256(1));
        _excepted(a, abi.encodeWithSelector(IBankDesk.UnknownReservation.selector, a.reservation));
        a = _payment(bank2, wait, _one(_line(root, tier1.id, PRICE)));
        bytes memory signature = abi.encodeWithSelector(IBankDesk.OtherBank.selector, bank.id, bank2.id);
        _attestBy(bank2.key, a);
        vm.assertTrue(banks.record(bank2.id, a.paymentReference).outcome == IBankDesk.Outcome.Exception, "other bank");
        vm.assertTrue(signature.length != 0 && _isReserved(), "still reserved");
        a = _paid();
        a.valueDay = Day.wrap(_today() - 1);
        _excepted(a, abi.encodeWithSelector(IBankDesk.ValueDayInvalid.selector, a.valueDay, _day(0), _day(0)));
        a = _paid();
        a.lines[0].payee = tier2.id;
        _excepted(a, abi.encodeWithSelector(IBankProduct.OtherPayee.selector, root, tier1.id, tier2.id));
        a = _payment(bank, wait, _two(_line(root, tier1.id, PRICE), _line(NoteId.wrap(7), tier1.id, 1)));
        _excepted(a, abi.encodeWithSelector(IBankProduct.NotReservedUnder.selector, NoteId.wrap(7), wait));
        a = _payment(bank, wait, _one(_line(NoteId.wrap(7), tier1.id, PRICE)));
        _excepted(a, abi.encodeWithSelector(IBankProduct.NotReservedUnder.selector, NoteId.wrap(7), wait));
    }

    function test_attest_whatStoodAgainstItPasses() external {
        _by(urgentOfficer);
        notes.setPaused(true);
        IBankDesk.Attestation memory a = _paid();
        _excepted(a, _error(IReceivableNotes.ProtocolPaused.selector));
        _refusedToAttest(a, _error(IReceivableNotes.ProtocolPaused.selector));
        _by(urgentOfficer);
        notes.setPaused(false);
        _attest(a);
        vm.assertTrue(banks.record(bank.id, a.paymentReference).outcome == IBankDesk.Outcome.Delivered, "delivered");
        _refusedToAttest(a, abi.encodeWithSelector(IBankDesk.ReferenceUsed.selector, bank.id, a.paymentReference));
    }

    function test_attest_itsFiguresAreExact() external {
        IBankDesk.Attestation memory a = _paid();
        a.lines[0].amount = PRICE + 1;
        _refusedToAttest(
            a,
            abi.encodeWithSelector(IBankProduct.AmountNotExact.selector, root, uint256(PRICE), uint256(PRICE) + 1)
        );
        a.lines[0].amount = PRICE;
        a.lines[0].refused = true;
        _refusedToAttest(
            a,
            abi.encodeWithSelector(IBankProduct.AmountNotExact.selector, root, uint256(PRICE), uint256(0))
        );
        a.lines[0].refused = false;
        a.counted = 1;
        _refusedToAttest(
            a,
            abi.encodeWithSelector(IBankProduct.CountNotExact.selector, ReceivableId.wrap(0), uint256(0), uint256(1))
        );
        a.counted = 0;
        a.currency = address(uint160(0x555344));
        _refusedToAttest(a, abi.encodeWithSelector(IBankProduct.OtherCurrency.selector, RAIL_CNY, a.currency));
        a.currency = RAIL_CNY;
        _attest(a);
    }

    function test_attest_itsForm() external {
        IBankDesk.Attestation memory a = _paid();
        bytes32 paymentReference = a.paymentReference;
        a.paymentReference = 0;
        _refusedToAttest(a, _error(IBankDesk.ReferenceMissing.selector));
        a.paymentReference = paymentReference;
        a.valueDay = _day(1);
        _refusedToAttest(a, abi.encodeWithSelector(IBankDesk.ValueDayInvalid.selector, _day(1), Day.wrap(0), _day(0)));
        a.valueDay = _day(0);
        a.lines = new IBankDesk.Line[](0);
        _refusedToAttest(a, _error(IReceivableNotes.EmptyBatch.selector));
        a = _paid();
        a.deadline = block.timestamp - 1;
        _refusedToAttest(a, abi.encodeWithSelector(IParticipantRegistry.DeadlinePassed.selector, a.deadline));
    }

    function test_decline_freesTheNoteAndTheQuote() external {
        uint256 nonce = bankSales.sale(wait).quoteNonce;
        _emits(address(banks));
        emit IBankDesk.ReservationDeclined(wait);
        _emits(address(bankSales));
        emit IBankSaleDesk.SaleReleased(wait, root);
        _emits(address(financing));
        emit IFinancingDesk.QuoteGivenBack(financier.id, nonce, AMOUNT);
        _by(bank.account);
        banks.decline(wait, _one(root));
        vm.assertFalse(_isReserved(), "free");
        _eq(financing.taken(financier.id, nonce), 0, "given back");
        vm.assertTrue(banks.reservation(wait).declined, "declined");
        Day lastDay = banks.reservation(wait).lastDay;
        _refused(abi.encodeWithSelector(IBankDesk.ReservationOver.selector, wait, lastDay));
        _by(bank.account);
        banks.decline(wait, _one(root));
        _excepted(_paid(), abi.encodeWithSelector(IBankDesk.ReservationOver.selector, wait, lastDay));
    }

    function test_decline_aCancelledQuoteStaysSo() external {
        uint256 nonce = bankSales.sale(wait).quoteNonce;
        _by(financier.account);
        financing.cancelQuote(nonce);
        _by(bank.account);
        banks.decline(wait, _one(root));
        _eq(financing.taken(financier.id, nonce), type(uint96).max, "cancelled");
    }

    function test_decline_byItsBankAlone() external {
        _refused(abi.encodeWithSelector(IBankDesk.OtherBank.selector, bank.id, bank2.id));
        _by(bank2.account);
        banks.decline(wait, _one(root));
        _refused(abi.encodeWithSelector(IBankDesk.UnknownReservation.selector, bytes32(0)));
        _by(bank.account);
        banks.decline(0, _one(root));
    }

    function test_lapse_afterItsLastDay() external {
        Day lastDay = banks.reservation(wait).lastDay;
        vm.warp(_start(Day.unwrap(lastDay) + 1) - 1);
        _refused(abi.encodeWithSelector(IBankDesk.ReservationNotOver.selector, wait, lastDay));
        banks.lapse(wait, _one(root));
        vm.warp(_start(Day.unwrap(lastDay) + 1));
        _refused(abi.encodeWithSelector(IBankProduct.NotReservedUnder.selector, NoteId.wrap(7), wait));
        banks.lapse(wait, _one(NoteId.wrap(7)));
        banks.lapse(wait, _one(root));
        vm.assertFalse(_isReserved(), "free");
    }

    function test_reserved_doesNotMove() external {
        bytes memory reason = abi.encodeWithSelector(
            IReceivableNotes.NotHeld.selector,
            root,
            IReceivableNotes.NoteStatus.Reserved
        );
        IReceivableNotes.Split[] memory splits = _one(IReceivableNotes.Split(root, _one(_portion(tier2, FACE / 4))));
        _refused(reason);
        _by(tier1.account);
        notes.split(splits);
        IPledgeDesk.LoanQuote memory q;
        (q.note, q.holder, q.lender, q.signer) = (root, tier1.id, financier.id, financier.account);
        q.payer = financier.cash;
        _refused(reason);
        _by(tier1.account);
        pledges.pledge(q, "");
    }

    function test_deliver_forTheBankDeskAlone() external {
        IBankDesk.Attestation memory a = _paid();
        _refused(abi.encodeWithSelector(IBankProduct.NotBankDesk.selector, stranger));
        _by(stranger);
        bankSales.deliver(a);
        _refused(abi.encodeWithSelector(IBankProduct.NotBankDesk.selector, stranger));
        _by(stranger);
        bankSales.release(wait, root);
        _refused(abi.encodeWithSelector(IBankSaleDesk.OnlyItself.selector, stranger));
        _by(stranger);
        bankSales.rehearse(wait);
    }
}
