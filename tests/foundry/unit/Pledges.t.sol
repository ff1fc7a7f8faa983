// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IMoney } from "../base/Network.sol";
import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IBlockable } from "./Repayment.t.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IPledgeDesk } from "../../../contracts/interfaces/IPledgeDesk.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../contracts/types/Roles.sol";

/// @notice Loans against a pledge: taken, repaid, waived, and the lender first when the note is paid.
contract PledgesTest is Suite {
    uint96 private constant PART = 100_000_00;
    uint96 private constant PRINCIPAL = 50_000_00;
    uint96 private constant CAP = 60_000_00;
    uint32 private constant RATE = 360;
    bytes32 private constant LOAN_QUOTE = keccak256(
        "LoanQuote(uint40 note,uint32 holder,uint32 lender,uint96 pledgedValue,uint96 principal,uint32 rateBps,uint96 cap,address payer,bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,address signer)"
    );

    IMoney private money;
    ReceivableId private debt;
    NoteId private root;
    NoteId private held;

    /// @dev In money whose bank blocks accounts, so that payees may be unable to take theirs.
    function setUp() public override {
        super.setUp();
        money = IMoney(
            vm.deployCode("BlockableToken.sol:BlockableToken", abi.encode("Blockable", "BLK", uint8(2), authority))
        );
        _assign(address(money), IMoney.mint.selector, TOKEN_ISSUER);
        uint16 currency = _allow(address(money));
        _setLine(core, address(money));
        _give(core.cash, money);
        _give(financier.cash, money);
        _give(tier2.cash, money);
        vm.prank(financier.cash);
        money.approve(address(pledges), type(uint256).max);
        vm.prank(tier2.cash);
        money.approve(address(pledges), type(uint256).max);
        debt = _confirm(core, currency, _one(_item(tier1, FACE)));
        root = notes.receivable(debt).root;
        _accept(tier1, root);
        held = _pass(tier1, root, tier2, PART);
    }

    function _loanQuote() private view returns (IPledgeDesk.LoanQuote memory) {
        return
            IPledgeDesk.LoanQuote({
                note: held,
                holder: tier2.id,
                lender: financier.id,
                pledgedValue: CAP,
                principal: PRINCIPAL,
                rateBps: RATE,
                cap: CAP,
                payer: financier.cash,
                registryReference: REGISTERED,
                validUntil: block.timestamp + 1 days,
                nonce: 1,
                epoch: registry.party(financier.id).quoteEpoch,
                signer: financier.account
            });
    }

    function _digest(IPledgeDesk.LoanQuote memory q) private view returns (bytes32) {
        return Signing.digest("Cascade PledgeDesk", address(pledges), keccak256(abi.encode(LOAN_QUOTE, q)));
    }

    function _take(IPledgeDesk.LoanQuote memory q) private {
        _take(q, "");
    }

    /// @param reason Why it is refused; nothing when it is not.
    function _take(IPledgeDesk.LoanQuote memory q, bytes memory reason) private {
        bytes memory signature = Signing.sign(financier.key, _digest(q));
        if (reason.length != 0) _refused(reason);
        _by(tier2.account);
        pledges.pledge(q, signature);
    }

    function _repayLoan(uint96 amount) private returns (uint96) {
        _by(tier2.account);
        return pledges.repayLoan(held, amount, tier2.cash);
    }

    function _accrued(uint256 principal, uint256 numDays) private pure returns (uint256) {
        return principal * RATE * numDays;
    }

    function _isLoan(uint96 principal, uint96 cap, uint144 accrued) private view {
        _same(
            abi.encode(pledges.loan(held)),
            abi.encode(IPledgeDesk.Loan(financier.id, principal, cap, RATE, accrued, _day(0))),
            "loan"
        );
    }

    function _isFree() private view {
        IPledgeDesk.Loan memory none;
        _same(abi.encode(pledges.loan(held)), abi.encode(none), "no loan");
        _eq(notes.pledgedValue(held), 0, "nothing pledged");
    }

    function _block(address account, bool blocked) private {
        IBlockable(address(money)).setBlocked(account, blocked);
    }

    // -- taken

    function test_pledge() external {
        IPledgeDesk.LoanQuote memory q = _loanQuote();
        vm.assertEq(pledges.quoteDigest(q), _digest(q), "digest");
        uint256 before = money.balanceOf(tier2.cash);
        _emitsMade(q);
        _take(q);
        _isLoan(PRINCIPAL, CAP, 0);
        _eq(money.balanceOf(tier2.cash), before + PRINCIPAL, "cash");
        _eq(notes.pledgedValue(held), CAP, "pledged");
        _eq(uint256(notes.noteStatus(held)), uint256(IReceivableNotes.NoteStatus.Pledged), "status");
        vm.assertTrue(pledges.isQuoteUsed(financier.id, 1), "used");
        _eq(pledges.claim(held), PRINCIPAL, "claim");
        vm.warp(block.timestamp + 10 days);
        _eq(pledges.claim(held), PRINCIPAL + _accrued(PRINCIPAL, 10) / 3_600_000, "with interest");
        vm.warp(block.timestamp + 10_000 days);
        _eq(pledges.claim(held), CAP, "never more than the cap");
    }

    function _emitsMade(IPledgeDesk.LoanQuote memory q) private {
        _emits(address(pledges));
        emit IPledgeDesk.PledgeMade(
            held,
            financier.id,
            tier2.id,
            q.pledgedValue,
            q.principal,
            q.rateBps,
            q.cap,
            financier.cash,
            tier2.cash,
            address(money),
            REGISTERED,
            1
        );
        _emits(address(notes));
        emit IReceivableNotes.NotePledged(held, q.pledgedValue);
    }

    function test_pledge_lender() external {
        IPledgeDesk.LoanQuote memory q = _loanQuote();
        q.holder = tier1.id;
        _take(q, abi.encodeWithSelector(IPledgeDesk.QuoteForOtherHolder.selector, tier1.id, tier2.id));
        q = _loanQuote();
        q.lender = financier2.id;
        _take(
            q,
            abi.encodeWithSelector(
                IFinancingDesk.SignerOfOtherParty.selector,
                financier.account,
                financier2.id,
                financier.id
            )
        );
        q = _loanQuote();
        ++q.epoch;
        _take(q, abi.encodeWithSelector(IFinancingDesk.QuoteEpochOver.selector, financier.id, q.epoch, q.epoch - 1));
        q = _loanQuote();
        q.payer = financier2.cash;
        _take(
            q,
            abi.encodeWithSelector(
                IFinancingDesk.PayerOfOtherParty.selector,
                financier2.cash,
                financier.id,
                financier2.id
            )
        );
        q = _loanQuote();
        q.payer = financier.account;
        _give(financier.account, money);
        vm.prank(financier.account);
        money.approve(address(pledges), PRINCIPAL);
        _take(q);
    }

    /// @dev Neither the holder nor the debtor lends, even as a financier.
    function test_pledge_lendsToNoneOfItsOwn() external {
        bytes memory own = abi.encodeWithSelector(IPledgeDesk.InvalidLender.selector, tier2.id);
        bytes memory debtors = abi.encodeWithSelector(IPledgeDesk.InvalidLender.selector, core.id);
        _by(admissionOfficer);
        registry.setRoles(tier2.id, Roles.SUPPLIER | Roles.FINANCIER);
        _by(admissionOfficer);
        registry.setRoles(core.id, Roles.CORE_ENTERPRISE | Roles.FINANCIER);
        IPledgeDesk.LoanQuote memory q = _loanQuote();
        (q.lender, q.signer, q.payer, q.epoch) = (tier2.id, tier2.account, tier2.cash, _epoch(tier2.id));
        _take(q, own);
        (q.lender, q.signer, q.payer, q.epoch) = (core.id, core.account, core.cash, _epoch(core.id));
        _take(q, debtors);
    }

    function _epoch(PartyId id) private view returns (uint32) {
        return registry.party(id).quoteEpoch;
    }

    function test_pledge_note() external {
        IPledgeDesk.LoanQuote memory q = _loanQuote();
        _by(urgentOfficer);
        notes.setPaused(true);
        _take(q, _error(IReceivableNotes.ProtocolPaused.selector));
        _by(urgentOfficer);
        notes.setPaused(false);
        q.note = root;
        _take(q, abi.encodeWithSelector(IReceivableNotes.NotHolder.selector, root, tier1.id, tier2.id));
        NoteId open = _split(tier1, root, tier2, CAP);
        q.note = open;
        _take(q, abi.encodeWithSelector(IReceivableNotes.NotHeld.selector, open, IReceivableNotes.NoteStatus.Offered));
        q = _loanQuote();
        q.pledgedValue = PART + 1;
        _take(q, abi.encodeWithSelector(IReceivableNotes.ValueExceeded.selector, held, PART + 1, PART));
        q = _loanQuote();
        q.registryReference = 0;
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay)));
        q.validUntil = block.timestamp;
        _take(q, abi.encodeWithSelector(IReceivableNotes.NotBeforeDueDay.selector, held, _day(0)));
        vm.warp(block.timestamp - 1);
        _setDesk(address(this));
        notes.setOverdue(debt);
        _take(q, abi.encodeWithSelector(ICreditRegister.DebtorOverdue.selector, core.id, 1));
    }

    function test_pledge_registryReference() external {
        debt = _confirmUntil(core, tier1, FACE, _day(183 + 1));
        root = notes.receivable(debt).root;
        _accept(tier1, root);
        held = _pass(tier1, root, tier2, PART);
        IPledgeDesk.LoanQuote memory q = _loanQuote();
        q.registryReference = 0;
        _take(q, abi.encodeWithSelector(IReceivableNotes.RegistryReferenceMissing.selector, held));
    }

    function test_pledge_terms() external {
        IPledgeDesk.LoanQuote memory q = _loanQuote();
        uint96[3][3] memory wrong = [[uint96(0), CAP, CAP], [CAP + 1, CAP, CAP], [PRINCIPAL, CAP + 1, CAP]];
        for (uint256 i = 0; i < wrong.length; ++i) {
            (q.principal, q.cap, q.pledgedValue) = (wrong[i][0], wrong[i][1], wrong[i][2]);
            _take(q, abi.encodeWithSelector(IPledgeDesk.InvalidLoan.selector, q.principal, q.cap, q.pledgedValue));
        }
        (q.principal, q.cap, q.pledgedValue) = (CAP, CAP, CAP);
        _take(q);
    }

    function test_pledge_quoteOnceInTimeAndSigned() external {
        IPledgeDesk.LoanQuote memory q = _loanQuote();
        q.validUntil = block.timestamp - 1;
        _take(q, abi.encodeWithSelector(IFinancingDesk.QuoteExpired.selector, q.validUntil));
        q.validUntil = block.timestamp;
        bytes memory signature = Signing.sign(financier2.key, _digest(q));
        _refused(abi.encodeWithSelector(IFinancingDesk.QuoteSignatureInvalid.selector, financier.account, _digest(q)));
        _by(tier2.account);
        pledges.pledge(q, signature);
        _take(q);
        _by(financier.account);
        pledges.releasePledge(held);
        _take(q, abi.encodeWithSelector(IPledgeDesk.LoanQuoteUsed.selector, financier.id, 1));
        _emits(address(pledges));
        emit IPledgeDesk.LoanQuoteCancelled(financier.id, 2);
        _by(financier.account);
        pledges.cancelQuote(2);
        q.nonce = 2;
        _take(q, abi.encodeWithSelector(IPledgeDesk.LoanQuoteUsed.selector, financier.id, 2));
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
        pledges.cancelQuote(3);
    }

    // -- repaid otherwise than by the note

    function test_repayLoan_interestFirst() external {
        _take(_loanQuote());
        vm.warp(block.timestamp + 10 days);
        uint96 interest = uint96(_accrued(PRINCIPAL, 10) / 3_600_000);
        uint144 rest = uint144(_accrued(PRINCIPAL, 10) - uint256(interest) * 3_600_000);
        uint256 before = money.balanceOf(financier.cash);
        _emits(address(pledges));
        emit IPledgeDesk.ClaimPaid(held, financier.id, interest + 1_000, PRINCIPAL - 1_000, rest);
        _emits(address(pledges));
        emit IPledgeDesk.LoanRepaid(held, tier2.cash, financier.cash, address(money), interest + 1_000);
        _eq(_repayLoan(interest + 1_000), interest + 1_000, "paid");
        _isLoan(PRINCIPAL - 1_000, CAP - interest - 1_000, rest);
        _eq(money.balanceOf(financier.cash), before + interest + 1_000, "cash");
        vm.warp(block.timestamp + 1 days);
        _repayLoan(10);
        _isLoan(PRINCIPAL - 1_000, CAP - interest - 1_010, uint144(rest + _accrued(PRINCIPAL - 1_000, 1) - 36_000_000));
    }

    function test_repayLoan_allOfItEndsThePledge() external {
        _take(_loanQuote());
        _emits(address(pledges));
        emit IPledgeDesk.PledgeReleased(held, financier.id, 0);
        _eq(_repayLoan(type(uint96).max), PRINCIPAL, "the claim, and no more");
        _isFree();
        _refused(abi.encodeWithSelector(IPledgeDesk.NotPledged.selector, held));
        _repayLoan(1);
    }

    function test_repayLoan_refused() external {
        _take(_loanQuote());
        _refused(_error(IReceivableNotes.ZeroAmount.selector));
        _repayLoan(0);
        _refused(abi.encodeWithSelector(IRepaymentDesk.PayerNotAuthorised.selector, financier.cash, tier2.account));
        _by(tier2.account);
        pledges.repayLoan(held, 1, financier.cash);
        _setDesk(address(this));
        notes.setMark(held, NoteFlags.FROZEN, true);
        _refused(abi.encodeWithSelector(IReceivableNotes.NoteFrozen.selector, held));
        _repayLoan(1);
    }

    function test_releasePledge_isTheLenders() external {
        _take(_loanQuote());
        _refused(abi.encodeWithSelector(IPledgeDesk.NotLender.selector, held, financier.id, financier2.id));
        _by(financier2.account);
        pledges.releasePledge(held);
        _emits(address(pledges));
        emit IPledgeDesk.PledgeReleased(held, financier.id, PRINCIPAL);
        _by(financier.account);
        pledges.releasePledge(held);
        _isFree();
    }

    // -- the note is paid

    function test_repay_theLenderFirst() external {
        _take(_loanQuote());
        uint256 lender = money.balanceOf(financier.cash);
        uint256 holder = money.balanceOf(tier2.cash);
        _emits(address(repayment));
        emit IRepaymentDesk.Paid(held, core.cash, financier.cash, address(money), PRINCIPAL);
        _emits(address(repayment));
        emit IRepaymentDesk.Paid(held, core.cash, tier2.cash, address(money), PART - PRINCIPAL);
        _eq(_repay(core, _one(held)), PART, "all of it");
        _eq(money.balanceOf(financier.cash), lender + PRINCIPAL, "lender");
        _eq(money.balanceOf(tier2.cash), holder + PART - PRINCIPAL, "holder");
        _isFree();
    }

    /// @dev Whichever side refuses, both wait: nothing is paid of the note, and the loan is as it was.
    function test_repay_bothOrNone() external {
        _take(_loanQuote());
        address[2] memory refusing = [financier.cash, tier2.cash];
        for (uint256 i = 0; i < refusing.length; ++i) {
            _block(refusing[i], true);
            _emits(address(repayment));
            emit IRepaymentDesk.PaymentRefused(held, core.cash, refusing[i], address(money), PART);
            _eq(_repay(core, _one(held)), 0, "nothing");
            _isLoan(PRINCIPAL, CAP, 0);
            _eq(notes.note(held).value, PART, "value");
            _block(refusing[i], false);
        }
    }

    /// @dev What is no refusal of a payee reverts as it is.
    function test_repay_tooLittleGasIsNoRefusal() external {
        _take(_loanQuote());
        _by(core.account);
        (bool done, bytes memory reason) = address(repayment).call{ gas: 350_000 }(
            abi.encodeCall(repayment.repay, (_one(held), core.cash, type(uint256).max))
        );
        vm.assertFalse(done, "done");
        vm.assertTrue(bytes4(reason) == bytes4(keccak256("TooLittleGas(uint256,uint256)")), "its own words");
    }

    /// @dev A round pays less than the claim: the lender gets all of it, and what is pledged is at most what is left.
    function test_payRound_lessThanTheClaim() external {
        IPledgeDesk.LoanQuote memory q = _loanQuote();
        (q.principal, q.cap, q.pledgedValue) = (PART, PART, PART);
        _take(q);
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay)));
        uint96 claimed = pledges.claim(held);
        _eq(claimed, PART, "the cap");
        _by(core.account);
        repayment.openRound(debt, FACE / 10);
        _by(core.account);
        repayment.payRound(debt, _two(held, root), core.cash, type(uint256).max);
        uint96 left = PART - PART / 10;
        _eq(notes.note(held).value, left, "left");
        _eq(notes.pledgedValue(held), left, "pledged");
        _eq(pledges.loan(held).cap, left, "cap");
        _eq(pledges.claim(held), left, "claim");
    }

    function test_collect_isForDesks() external {
        _take(_loanQuote());
        _refused(abi.encodeWithSelector(IReceivableNotes.NotDesk.selector, address(this)));
        pledges.collect(held, 1);
        _setDesk(address(this));
        (PartyId lender, uint256 first) = pledges.collect(root, 1);
        _eq(lender, PartyId.wrap(0), "nobody");
        _eq(first, 0, "nothing");
        (lender, first) = pledges.collect(held, 7);
        _eq(lender, financier.id, "lender");
        _eq(first, 7, "first");
    }

    function test_payPledged_isForTheDeskItself() external {
        _refused(abi.encodeWithSelector(IRepaymentDesk.PayerNotAuthorised.selector, core.cash, address(this)));
        repayment.payPledged(held, address(money), core.cash, tier2.cash, 1);
    }
}
