// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { AssignmentActs } from "./acts/AssignmentActs.sol";
import { BankAnswerActs } from "./acts/BankAnswerActs.sol";
import { BankReserveActs } from "./acts/BankReserveActs.sol";
import { ClockActs } from "./acts/ClockActs.sol";
import { ControlActs } from "./acts/ControlActs.sol";
import { IssueActs } from "./acts/IssueActs.sol";
import { LoanActs } from "./acts/LoanActs.sol";
import { OfferActs } from "./acts/OfferActs.sol";
import { OrderActs } from "./acts/OrderActs.sol";
import { PartyActs } from "./acts/PartyActs.sol";
import { PaymentActs } from "./acts/PaymentActs.sol";
import { RecourseActs } from "./acts/RecourseActs.sol";
import { RoundActs } from "./acts/RoundActs.sol";
import { SaleActs } from "./acts/SaleActs.sol";
import { SplitActs } from "./acts/SplitActs.sol";
import { SwitchActs } from "./acts/SwitchActs.sol";
import { CashRules } from "./rules/CashRules.sol";
import { CreditRules } from "./rules/CreditRules.sol";
import { EventRules } from "./rules/EventRules.sol";
import { ValueRules } from "./rules/ValueRules.sol";
import { vm } from "../base/Vm.sol";

/// @notice Random lives of the whole protocol: forge picks acts and their numbers, the rules hold after each stretch.
contract LivesTest is
    PartyActs,
    ControlActs,
    IssueActs,
    OfferActs,
    SplitActs,
    SaleActs,
    AssignmentActs,
    LoanActs,
    OrderActs,
    RoundActs,
    BankReserveActs,
    BankAnswerActs,
    RecourseActs,
    ClockActs,
    CashRules,
    CreditRules,
    EventRules,
    ValueRules
{
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    bytes4[] private _targets;

    /// @dev How often an act is listed is how often it is tried.
    function targetSelectors() external returns (FuzzSelector[] memory targets) {
        _target(PartyActs.operate.selector, 2);
        _target(PartyActs.keepAccounts.selector, 1);
        _target(ControlActs.control.selector, 2);
        _target(IssueActs.confirm.selector, 6);
        _target(IssueActs.administerLines.selector, 1);
        _target(IssueActs.release.selector, 1);
        _target(IssueActs.creditInvoices.selector, 1);
        _target(OfferActs.accept.selector, 6);
        _target(OfferActs.refuse.selector, 1);
        _target(OfferActs.withdraw.selector, 1);
        _target(OfferActs.lapse.selector, 1);
        _target(OfferActs.setConsent.selector, 1);
        _target(SplitActs.split.selector, 6);
        _target(SaleActs.finance.selector, 6);
        _target(SaleActs.cancelQuote.selector, 1);
        _target(AssignmentActs.register.selector, 1);
        _target(AssignmentActs.notifyDebtor.selector, 1);
        _target(LoanActs.pledge.selector, 3);
        _target(LoanActs.repayLoan.selector, 1);
        _target(LoanActs.releasePledge.selector, 1);
        _target(LoanActs.cancelLoanQuote.selector, 1);
        _target(OrderActs.order.selector, 4);
        _target(PaymentActs.repay.selector, 3);
        _target(PaymentActs.repayAnOffer.selector, 1);
        _target(PaymentActs.declareOverdue.selector, 1);
        _target(RecourseActs.demand.selector, 2);
        _target(RecourseActs.honour.selector, 2);
        _target(RoundActs.openRound.selector, 2);
        _target(RoundActs.payRound.selector, 4);
        _target(RoundActs.closeRound.selector, 2);
        _target(BankReserveActs.reserveSale.selector, 2);
        _target(BankReserveActs.reserveRepayment.selector, 2);
        _target(BankReserveActs.reserveRound.selector, 2);
        _target(BankAnswerActs.attest.selector, 5);
        _target(BankAnswerActs.decline.selector, 1);
        _target(BankAnswerActs.lapseReservation.selector, 1);
        _target(ClockActs.wait.selector, 1);
        _target(ClockActs.waitForBoundary.selector, 2);
        _target(SwitchActs.administer.selector, 2);
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(this), _targets);
    }

    function _target(bytes4 act, uint256 times) private {
        for (uint256 i = 0; i < times; ++i) _targets.push(act);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(this);
    }

    /// @dev One campaign for all: with a seed that is fixed, each campaign would live the same lives.
    function invariant_everyRuleHolds() external {
        vm.warp(clock);
        invariant_I01_conservation();
        invariant_I02_noCustody();
        invariant_I03_lineage();
        invariant_I04_holderForLife();
        invariant_I05_creditLine();
        invariant_I06_oneClaim();
        invariant_I09_paidIsReceived();
        invariant_I15_eventsSuffice();
        invariant_statusIsDerived();
        // It pays everything: nothing can be looked at after it.
        invariant_I13_liveness();
    }

    function afterInvariant() external {
        _tellLife();
    }
}
