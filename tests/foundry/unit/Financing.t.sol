// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Actor } from "../base/Cast.sol";
import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../contracts/types/Roles.sol";

/// @notice What a sale does, and what quotes are worth.
abstract contract SaleSuite is Suite {
    NoteId internal root;
    ReceivableId internal debt;

    function setUp() public override {
        super.setUp();
        (debt, root) = _found();
    }

    function _bid() internal view returns (IFinancingDesk.Quote memory) {
        return _quote(financier, tier1, root);
    }

    function _take(IFinancingDesk.Quote memory q, uint96 amount) internal returns (NoteId) {
        return _take(_deal(financier, q, amount));
    }

    function _take(IFinancingDesk.Deal memory deal) internal returns (NoteId) {
        _by(tier1.account);
        NoteId[] memory children = financing.finance(_one(deal));
        // a call that is refused, as expected, returns nothing
        return children.length == 0 ? NoteId.wrap(0) : children[0];
    }

    function _refusedFor(IFinancingDesk.Quote memory q, uint96 amount, bytes memory reason) internal {
        IFinancingDesk.Deal memory deal = _deal(financier, q, amount);
        _refused(reason);
        _take(deal);
    }
}

contract FinanceTest is SaleSuite {
    uint96 private constant AMOUNT = 40_000_007;

    function test_finance_part() external {
        IFinancingDesk.Quote memory q = _bid();
        IFinancingDesk.Deal memory deal = _deal(financier, q, AMOUNT);
        // 400,000.07 at 3.6% for 90 days: 3,600.00063 of discount, rounded up to 3,600.01
        uint96 price = AMOUNT - 360_001;
        deal.minPrice = price;
        NoteId child = NoteId.wrap(2);
        _emits(address(notes));
        emit IReceivableNotes.NoteAssigned(
            child,
            root,
            financier.id,
            debt,
            AMOUNT,
            1,
            NoteFlags.ACCEPTED | NoteFlags.FINANCED
        );
        _emits(address(notes));
        emit IReceivableNotes.Transfer(address(0), financier.cash, 2);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(1, 2, AMOUNT);
        _emits(address(financing));
        _emitFinanced(AMOUNT, child, price, tier1.cash, address(cny), q);
        _eq(_take(deal), child, "child");
        _eq(cny.balanceOf(tier1.cash), CASH + price, "seller's cash");
        _eq(cny.balanceOf(financier.cash), CASH - price, "buyer's cash");
        _eq(notes.note(root).value, FACE - AMOUNT, "seller's note");
        IReceivableNotes.Note memory n = notes.note(child);
        _eq(n.value, AMOUNT, "value");
        _eq(n.parent, root, "parent");
        _eq(n.receivable, debt, "receivable");
        _eq(n.holder, financier.id, "holder");
        _eq(n.tier, 1, "tier");
        _eq(n.flags, NoteFlags.ACCEPTED | NoteFlags.FINANCED, "flags");
        _eq(Day.unwrap(n.lapseDay), 0, "lapse day");
        _eq(financing.taken(financier.id, q.nonce), AMOUNT, "taken");
        _eq(notes.receivable(debt).outstanding, FACE, "outstanding");
        _eq(notes.noteCount(), 2, "notes");
    }

    function _emitFinanced(
        uint96 amount,
        NoteId child,
        uint96 price,
        address payee,
        address token,
        IFinancingDesk.Quote memory q
    ) private {
        emit IFinancingDesk.NoteFinanced(
            q.note,
            child,
            q.financier,
            q.seller,
            amount,
            price,
            q.rateBps,
            q.recourse,
            q.payer,
            payee,
            token,
            q.registryReference,
            q.nonce
        );
    }

    function test_finance_whole() external {
        _take(_bid(), FACE);
        _eq(notes.note(root).value, 0, "value");
        _eq(uint256(notes.noteStatus(root)), uint256(IReceivableNotes.NoteStatus.Spent), "status");
    }

    function test_finance_severalQuotesAtOnce() external {
        IFinancingDesk.Deal[] memory deals = new IFinancingDesk.Deal[](2);
        deals[0] = _deal(financier, _bid(), 1_000);
        deals[1] = _deal(financier2, _quote(financier2, tier1, root), 2_000);
        _by(tier1.account);
        NoteId[] memory children = financing.finance(deals);
        _eq(children.length, 2, "children");
        _eq(notes.note(children[0]).holder, financier.id, "first");
        _eq(notes.note(children[1]).holder, financier2.id, "second");
        _eq(notes.note(root).value, FACE - 3_000, "value");
    }

    function test_finance_onwardBetweenFinanciers() external {
        NoteId bought = _take(_bid(), 10_000);
        NoteId sold = _finance(financier2, financier, bought, 10_000, 1);
        _eq(notes.note(sold).parent, bought, "parent");
        _eq(notes.note(sold).holder, financier2.id, "holder");
        _eq(notes.note(sold).tier, 1, "tier");
        IReceivableNotes.Split[] memory splits = _one(IReceivableNotes.Split(sold, _one(_portion(tier2, 10_000))));
        _refused(abi.encodeWithSelector(IReceivableNotes.FinancedNote.selector, sold));
        _by(financier2.account);
        notes.split(splits);
    }

    /// @dev The debtor buys back what it owes: early payment, without a registry reference.
    function test_finance_byTheDebtorExtinguishes() external {
        IFinancingDesk.Quote memory q = _quote(core, tier1, root);
        q.registryReference = 0;
        IFinancingDesk.Deal memory deal = _deal(core, q, 30_000);
        _emits(address(notes));
        emit IReceivableNotes.ValueExtinguished(root, debt, 30_000);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(1, 0, 30_000);
        _emits(address(credit));
        emit ICreditRegister.LineUsed(core.id, address(cny), FACE - 30_000);
        _eq(_take(deal), NoteId.wrap(0), "no child");
        _eq(notes.note(root).value, FACE - 30_000, "value");
        _eq(notes.receivable(debt).outstanding, FACE - 30_000, "outstanding");
        _eq(credit.line(core.id, address(cny)).used, FACE - 30_000, "line");
        _eq(cny.balanceOf(tier1.cash), CASH + 30_000 - 270, "cash");
    }

    function test_finance_byAnotherCoreEnterpriseIsNot() external {
        IFinancingDesk.Deal memory deal = _deal(core2, _quote(core2, tier1, root), 30_000);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRole.selector,
                core2.id,
                Roles.CORE_ENTERPRISE | Roles.SUPPLIER,
                Roles.FINANCIER
            )
        );
        _take(deal);
    }

    function test_finance_priceAtLeastWhatTheSellerAsks() external {
        IFinancingDesk.Deal memory deal = _deal(financier, _bid(), 10_000);
        deal.minPrice = 9_911;
        _refused(abi.encodeWithSelector(IFinancingDesk.PriceTooLow.selector, 9_910, 9_911));
        _take(deal);
        deal.minPrice = 9_910;
        _take(deal);
        _eq(cny.balanceOf(tier1.cash), CASH + 9_910, "cash");
    }

    function test_finance_neverForNothing() external {
        IFinancingDesk.Quote memory q = _bid();
        q.rateBps = 40_000;
        IFinancingDesk.Deal memory deal = _deal(financier, q, 10_000);
        deal.minPrice = 0;
        _refused(abi.encodeWithSelector(IFinancingDesk.PriceTooLow.selector, 0, 0));
        _take(deal);
    }

    function testFuzz_price_withinOneUnit(uint96 amount, uint32 rate, uint16 day, uint16 dueDay) external view {
        uint256 numDays = dueDay > day ? dueDay - day : 0;
        uint256 exact = uint256(amount) * rate * numDays;
        uint256 price = financing.price(amount, rate, Day.wrap(day), Day.wrap(dueDay));
        if (exact >= uint256(amount) * 3_600_000) return _eq(price, 0, "nothing is left");
        uint256 worth = uint256(amount) * 3_600_000 - exact;
        vm.assertLe(price * 3_600_000, worth, "never above");
        vm.assertTrue((price + 1) * 3_600_000 > worth, "a unit more would be above");
    }

    function test_finance_refusedForTime() external {
        IFinancingDesk.Quote memory q = _bid();
        q.validUntil = _start(_today() + TENOR) + 1 days;
        IFinancingDesk.Deal memory deal = _deal(financier, q, 1_000);
        vm.warp(_start(_today() + TENOR));
        _refused(abi.encodeWithSelector(IReceivableNotes.NotBeforeDueDay.selector, root, _today()));
        _take(deal);
        vm.warp(block.timestamp - 1);
        _take(deal);
        // a day's discount on 10.00 is a tenth of a cent, rounded up
        _eq(cny.balanceOf(tier1.cash), CASH + 999, "a day before");
    }

    function test_finance_refusedForValue() external {
        _refusedFor(_bid(), 0, _error(IReceivableNotes.ZeroAmount.selector));
        _refusedFor(_bid(), 99, abi.encodeWithSelector(IReceivableNotes.BelowMinimum.selector, root, 99, 100));
        _refusedFor(_bid(), FACE - 99, abi.encodeWithSelector(IReceivableNotes.BelowMinimum.selector, root, 99, 100));
        IFinancingDesk.Quote memory q = _bid();
        q.maxAmount = type(uint96).max;
        _refusedFor(q, FACE + 1, abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, root, FACE + 1, FACE));
        _take(_bid(), FACE - 100);
    }

    function test_finance_refusedWithoutRegistryReference() external {
        IFinancingDesk.Quote memory q = _bid();
        q.registryReference = 0;
        _refusedFor(q, 1_000, abi.encodeWithSelector(IReceivableNotes.RegistryReferenceMissing.selector, root));
    }

    function test_finance_refusedForWhatTheSellerDoesNotHold() external {
        NoteId open = _split(tier1, root, tier2, 1_000);
        IFinancingDesk.Deal memory deal = _deal(financier, _quote(financier, tier2, open), 1_000);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHeld.selector, open, IReceivableNotes.NoteStatus.Offered));
        _by(tier2.account);
        financing.finance(_one(deal));
        deal = _deal(financier, _quote(financier, tier2, root), 1_000);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHolder.selector, root, tier1.id, tier2.id));
        _by(tier2.account);
        financing.finance(_one(deal));
        IFinancingDesk.Quote memory q = _quote(financier, tier1, NoteId.wrap(99));
        _refusedFor(q, 1_000, abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
    }

    function test_finance_refusedForNoDeals() external {
        _refused(_error(IFinancingDesk.NoDeals.selector));
        _by(tier1.account);
        financing.finance(new IFinancingDesk.Deal[](0));
    }

    function test_finance_refusedForParties() external {
        IFinancingDesk.Deal memory deal = _deal(financier, _bid(), 1_000);
        _refused(abi.encodeWithSelector(IFinancingDesk.QuoteForOtherSeller.selector, tier1.id, tier2.id));
        _by(tier2.account);
        financing.finance(_one(deal));
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
        financing.finance(_one(deal));
        _by(urgentOfficer);
        registry.suspend(tier1.id, EVIDENCE);
        _refused(abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, tier1.id));
        _take(deal);
    }

    function test_finance_refusedWhilePausedOrOverdue() external {
        IFinancingDesk.Deal memory deal = _deal(financier, _bid(), 1_000);
        _by(urgentOfficer);
        notes.setPaused(true);
        _refused(_error(IReceivableNotes.ProtocolPaused.selector));
        _take(deal);
    }
}

contract QuoteTest is SaleSuite {
    function test_quote_digestIsTheDocumentedOne() external view {
        IFinancingDesk.Quote memory q = _bid();
        vm.assertEq(financing.quoteDigest(q), Signing.quote(address(financing), q), "digest");
    }

    function test_quote_countsToItsSecond() external {
        IFinancingDesk.Quote memory q = _bid();
        IFinancingDesk.Deal memory deal = _deal(financier, q, 1_000);
        vm.warp(q.validUntil + 1);
        _refused(abi.encodeWithSelector(IFinancingDesk.QuoteExpired.selector, q.validUntil));
        _take(deal);
        vm.warp(q.validUntil);
        _take(deal);
    }

    /// @dev Every term is bound: the signature of the quote does for no other.
    function test_quote_signatureBindsEveryTerm() external {
        IFinancingDesk.Quote memory q = _bid();
        bytes memory signature = Signing.sign(financier.key, Signing.quote(address(financing), q));
        for (uint256 term = 0; term < 5; ++term) {
            IFinancingDesk.Quote memory other = _bid();
            if (term == 0) other.maxAmount += 1;
            if (term == 1) other.rateBps -= 1;
            if (term == 2) other.recourse = true;
            if (term == 3) other.validUntil += 1;
            if (term == 4) other.registryReference = TRADE;
            bytes32 digest = financing.quoteDigest(other);
            _refused(abi.encodeWithSelector(IFinancingDesk.QuoteSignatureInvalid.selector, financier.account, digest));
            _take(IFinancingDesk.Deal(other, signature, 1_000, 1));
        }
        bytes32 elsewhere = Signing.quote(address(repayment), q);
        _refusedSignature(q, Signing.sign(financier.key, elsewhere));
        _refusedSignature(q, Signing.sign(financier.cashKey, financing.quoteDigest(q)));
        vm.chainId(99);
        signature = Signing.sign(financier.key, financing.quoteDigest(q));
        vm.chainId(31_337);
        _refusedSignature(q, signature);
    }

    function _refusedSignature(IFinancingDesk.Quote memory q, bytes memory signature) private {
        bytes32 digest = financing.quoteDigest(q);
        _refused(abi.encodeWithSelector(IFinancingDesk.QuoteSignatureInvalid.selector, q.signer, digest));
        _take(IFinancingDesk.Deal(q, signature, 1_000, 1));
    }

    function test_quote_takenUpToItsAmount() external {
        IFinancingDesk.Quote memory q = _bid();
        q.maxAmount = 5_000;
        _take(q, 3_000);
        _eq(financing.taken(financier.id, q.nonce), 3_000, "taken");
        _refusedFor(
            q,
            2_001,
            abi.encodeWithSelector(IFinancingDesk.QuoteUsedUp.selector, financier.id, q.nonce, 2_001, 2_000)
        );
        _take(q, 2_000);
        _eq(financing.taken(financier.id, q.nonce), 5_000, "taken");
        _refusedFor(q, 100, abi.encodeWithSelector(IFinancingDesk.QuoteUsedUp.selector, financier.id, q.nonce, 100, 0));
    }

    function test_quote_neverUpToTheMarkOfCancellation() external {
        IFinancingDesk.Quote memory q = _bid();
        q.maxAmount = type(uint96).max;
        _refusedFor(
            q,
            type(uint96).max,
            abi.encodeWithSelector(
                IFinancingDesk.QuoteUsedUp.selector,
                financier.id,
                q.nonce,
                type(uint96).max,
                type(uint96).max
            )
        );
    }

    function test_quote_aNonceIsOneQuote() external {
        IFinancingDesk.Quote memory q = _bid();
        _take(q, 1_000);
        q.rateBps = 100;
        _refusedFor(q, 1_000, abi.encodeWithSelector(IFinancingDesk.QuoteNonceTaken.selector, financier.id, q.nonce));
        q.nonce = 2;
        _take(q, 1_000);
    }

    function test_cancelQuote() external {
        IFinancingDesk.Quote memory q = _bid();
        _take(q, 1_000);
        _emits(address(financing));
        emit IFinancingDesk.QuoteCancelled(financier.id, q.nonce);
        _by(financier.account);
        financing.cancelQuote(q.nonce);
        _eq(financing.taken(financier.id, q.nonce), type(uint96).max, "cancelled");
        _refusedFor(q, 1_000, abi.encodeWithSelector(IFinancingDesk.QuoteIsCancelled.selector, financier.id, q.nonce));
        // another's nonce is another quote
        _by(financier2.account);
        financing.cancelQuote(2);
        q.nonce = 2;
        _take(q, 1_000);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                financier.cash,
                financier.id,
                Rights.SETTLE,
                Rights.QUOTE
            )
        );
        _by(financier.cash);
        financing.cancelQuote(3);
    }

    function test_quote_endsWithItsEpoch() external {
        IFinancingDesk.Quote memory q = _bid();
        _by(financier.account);
        registry.raiseQuoteEpoch();
        _refusedFor(q, 1_000, abi.encodeWithSelector(IFinancingDesk.QuoteEpochOver.selector, financier.id, 0, 1));
        q.epoch = 2;
        _refusedFor(q, 1_000, abi.encodeWithSelector(IFinancingDesk.QuoteEpochOver.selector, financier.id, 2, 1));
        q.epoch = 1;
        _take(q, 1_000);
    }

    function test_quote_signerOfTheBuyer() external {
        IFinancingDesk.Quote memory q = _bid();
        q.signer = financier2.account;
        IFinancingDesk.Deal memory deal = _deal(financier2, q, 1_000);
        _refused(
            abi.encodeWithSelector(IFinancingDesk.SignerOfOtherParty.selector, q.signer, financier.id, financier2.id)
        );
        _take(deal);
        q.signer = financier.cash;
        _refusedFor(
            q,
            1_000,
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                financier.cash,
                financier.id,
                Rights.SETTLE,
                Rights.QUOTE
            )
        );
        _by(urgentOfficer);
        registry.suspend(financier.id, EVIDENCE);
        _refusedFor(
            _bid(),
            1_000,
            abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, financier.id)
        );
    }

    function test_quote_buyerIsAFinancier() external {
        IFinancingDesk.Deal memory deal = _deal(tier2, _quote(tier2, tier1, root), 1_000);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRole.selector,
                tier2.id,
                Roles.SUPPLIER,
                Roles.FINANCIER | Roles.CORE_ENTERPRISE
            )
        );
        _take(deal);
    }

    function test_quote_paidFromAnAccountOfTheBuyer() external {
        IFinancingDesk.Quote memory q = _bid();
        q.payer = financier2.cash;
        _refusedFor(
            q,
            1_000,
            abi.encodeWithSelector(
                IFinancingDesk.PayerOfOtherParty.selector,
                financier2.cash,
                financier.id,
                financier2.id
            )
        );
        q.payer = financier.account;
        _give(financier.account, cny);
        _take(q, 1_000);
        _eq(cny.balanceOf(financier.account), CASH - 991, "paid by the other account");
    }

    function test_quote_notToItself() external {
        NoteId bought = _take(_bid(), 10_000);
        IFinancingDesk.Deal memory deal = _deal(financier, _quote(financier, financier, bought), 1_000);
        _refused(abi.encodeWithSelector(IFinancingDesk.BuyerIsSeller.selector, financier.id));
        _by(financier.account);
        financing.finance(_one(deal));
    }

    function test_quote_byContractWallet() external {
        address wallet = vm.deployCode("ContractWallet.sol:ContractWallet", abi.encode(financier2.account));
        bytes32 digest = registry.addAccountDigest(financier2.id, wallet, Rights.QUOTE, EVIDENCE, block.timestamp);
        _by(financier2.account);
        registry.addAccount(wallet, Rights.QUOTE, EVIDENCE, block.timestamp, Signing.sign(financier2.key, digest));
        IFinancingDesk.Quote memory q = _quote(financier2, tier1, root);
        q.signer = wallet;
        _take(_deal(financier2, q, 1_000));
        _eq(notes.note(NoteId.wrap(2)).holder, financier2.id, "bought");
        q.nonce = 2;
        IFinancingDesk.Deal memory deal = _deal(financier, q, 1_000);
        bytes32 asked = financing.quoteDigest(q);
        _refused(abi.encodeWithSelector(IFinancingDesk.QuoteSignatureInvalid.selector, wallet, asked));
        _take(deal);
    }
}
