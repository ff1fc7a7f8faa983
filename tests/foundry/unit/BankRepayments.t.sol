// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BankSuite } from "../base/BankSuite.sol";
import { Actor } from "../base/Cast.sol";
import { vm } from "../base/Vm.sol";
import { IBankDesk } from "../../../contracts/interfaces/IBankDesk.sol";
import { IBankProduct } from "../../../contracts/interfaces/IBankProduct.sol";
import { IBankRepaymentDesk } from "../../../contracts/interfaces/IBankRepaymentDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { Roles } from "../../../contracts/types/Roles.sol";

/// @notice A debt on the bank rail to two suppliers, at its due day.
abstract contract BankRepaymentSuite is BankSuite {
    uint96 internal constant SHARE = FACE / 4;

    NoteId internal child;
    uint16 internal dueDay;

    function setUp() public virtual override {
        super.setUp();
        child = _pass(tier1, root, tier2, SHARE);
        dueDay = Day.unwrap(notes.receivable(debt).dueDay);
        vm.warp(_start(dueDay));
    }

    function _reserve(Actor memory by, NoteId[] memory ids, uint256 principal) internal returns (bytes32 id) {
        IBankDesk.Commitment memory c = _commitment(bank, 10);
        id = _signRepayment(bank.key, ids, by.id, principal, c);
        _by(by.account);
        bankRepayments.reserveRepayment(ids, c);
    }

    function _refusedFor(Actor memory by, NoteId[] memory ids, bytes memory reason) internal {
        IBankDesk.Commitment memory c = _commitment(bank, 10);
        _refused(reason);
        _by(by.account);
        bankRepayments.reserveRepayment(ids, c);
    }

    function _paid() internal returns (IBankDesk.Attestation memory) {
        return _payment(bank, wait, _two(_line(root, tier1.id, FACE - SHARE), _line(child, tier2.id, SHARE)));
    }

    function _freeze(NoteId note) internal {
        Actor memory arbiter = _admit("arbiter", Roles.ARBITER);
        _by(arbiter.account);
        orders.freeze(_one(note), EVIDENCE);
    }
}

contract ReserveRepaymentTest is BankRepaymentSuite {
    function test_reserve_tellsItsTerms() external {
        IBankDesk.Commitment memory c = _commitment(bank, 10);
        bytes32 id = _signRepayment(bank.key, _two(root, child), core.id, FACE, c);
        _emits(address(banks));
        emit IBankDesk.Reserved(id, bank.id, address(bankRepayments), _day(0), _day(10));
        _emits(address(bankRepayments));
        emit IBankRepaymentDesk.NoteReserved(id, root, tier1.id, FACE - SHARE);
        _emits(address(bankRepayments));
        emit IBankRepaymentDesk.NoteReserved(id, child, tier2.id, SHARE);
        _by(core.account);
        vm.assertEq(bankRepayments.reserveRepayment(_two(root, child), c), id, "the digest");
        _eq(bankRepayments.reservedPrincipal(id, root), FACE - SHARE, "root");
        _eq(bankRepayments.reservedPrincipal(id, child), SHARE, "child");
        bytes memory reason = abi.encodeWithSelector(
            IReceivableNotes.NotDue.selector,
            child,
            IReceivableNotes.NoteStatus.Reserved
        );
        _refusedFor(core, _one(child), reason);
        // Nor do tokens pay for it meanwhile.
        _refused(reason);
        _by(core.account);
        repayment.repay(_one(child), core.cash, type(uint256).max);
    }

    function test_reserve_fromTheCutOffOn() external {
        vm.warp(_start(dueDay - 3) - 1);
        _refusedFor(
            core,
            _one(root),
            abi.encodeWithSelector(IBankRepaymentDesk.BeforeCutOff.selector, root, Day.wrap(dueDay - 3))
        );
        vm.warp(_start(dueDay - 3));
        _reserve(core, _one(root), FACE - SHARE);
    }

    function test_reserve_asksForWhatIsDue() external {
        _refusedFor(core, new NoteId[](0), _error(IReceivableNotes.EmptyBatch.selector));
        bytes memory twice = abi.encodeWithSelector(
            IReceivableNotes.NotDue.selector,
            root,
            IReceivableNotes.NoteStatus.Reserved
        );
        _refusedFor(core, _two(root, root), twice);
        _refusedFor(
            core2,
            _one(root),
            abi.encodeWithSelector(IRepaymentDesk.NotDebtor.selector, debt, core.id, core2.id)
        );
        _refusedFor(
            Actor(PartyId.wrap(0), stranger, 0, stranger, 0),
            _one(root),
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                stranger,
                PartyId.wrap(0),
                uint8(0),
                uint8(1)
            )
        );
    }

    function test_reserve_oneCurrencyOnTheRail() external {
        (, NoteId token) = _found();
        (ReceivableId dollars, NoteId foreign) = _foundOnRail(core, tier1);
        vm.warp(_start(Day.unwrap(notes.receivable(dollars).dueDay)));
        _refusedFor(
            core,
            _two(foreign, token),
            abi.encodeWithSelector(IReceivableNotes.MixedCurrencies.selector, rail, CNY)
        );
        _refusedFor(core, _one(token), abi.encodeWithSelector(IBankProduct.NotOnBankRail.selector, address(cny)));
    }

    function test_reserve_noDebtorIsItsOwnBank() external {
        (ReceivableId id, NoteId own) = _foundOnRail(bank2, tier1);
        vm.warp(_start(Day.unwrap(notes.receivable(id).dueDay)));
        IBankDesk.Commitment memory c = _commitment(bank2, 10);
        _signRepayment(bank2.key, _one(own), bank2.id, FACE, c);
        _refused(abi.encodeWithSelector(IBankRepaymentDesk.BankIsDebtor.selector, bank2.id));
        _by(bank2.account);
        bankRepayments.reserveRepayment(_one(own), c);
    }

    function test_release_restsADay() external {
        wait = _reserve(core, _one(root), FACE - SHARE);
        _emits(address(bankRepayments));
        emit IBankRepaymentDesk.NoteReleased(wait, root, _day(1));
        _by(bank.account);
        banks.decline(wait, _one(root));
        bytes memory resting = abi.encodeWithSelector(IBankRepaymentDesk.NoteResting.selector, root, _day(1));
        _refusedFor(core, _one(root), resting);
        vm.warp(_start(dueDay + 2) - 1);
        _refusedFor(core, _one(root), resting);
        vm.warp(_start(dueDay + 2));
        _reserve(core, _one(root), FACE - SHARE);
    }

    function test_release_onlyWhatIsReservedUnderIt() external {
        wait = _reserve(core, _one(root), FACE - SHARE);
        _refused(abi.encodeWithSelector(IBankProduct.NotReservedUnder.selector, child, wait));
        _by(bank.account);
        banks.decline(wait, _one(child));
        _refused(abi.encodeWithSelector(IBankProduct.NotBankDesk.selector, stranger));
        _by(stranger);
        bankRepayments.release(wait, root);
    }
}

contract SettleRepaymentTest is BankRepaymentSuite {
    function setUp() public override {
        super.setUp();
        wait = _reserve(core, _two(root, child), FACE);
    }

    function test_attest_repays() external {
        IBankDesk.Attestation memory a = _paid();
        _emits(address(bankRepayments));
        emit IBankRepaymentDesk.PaidByBank(wait, root, tier1.id, FACE - SHARE, _day(0), a.paymentReference);
        _emits(address(bankRepayments));
        emit IBankRepaymentDesk.PaidByBank(wait, child, tier2.id, SHARE, _day(0), a.paymentReference);
        _attest(a);
        _eq(notes.receivable(debt).outstanding, 0, "repaid");
        _eq(credit.line(core.id, RAIL_CNY).used, 0, "line");
        _excepted(_paid(), abi.encodeWithSelector(IBankProduct.NotReservedUnder.selector, root, wait));
    }

    function test_attest_interestToTheValueDay() external {
        vm.warp(_start(dueDay + 5));
        IBankDesk.Attestation memory a = _payment(bank, wait, _one(_line(child, tier2.id, SHARE)));
        a.valueDay = Day.wrap(dueDay + 2);
        // 250,000.00 at 18.25% for two days: 253.47
        uint128 interest = (uint128(SHARE) * OVERDUE_RATE * 2) / 3_600_000;
        _refusedToAttest(
            a,
            abi.encodeWithSelector(
                IBankProduct.AmountNotExact.selector,
                child,
                uint256(SHARE) + interest,
                uint256(SHARE)
            )
        );
        a.lines[0].amount += interest;
        _attest(a);
        _eq(notes.note(child).value, 0, "repaid");
        vm.assertTrue(notes.noteStatus(root) == IReceivableNotes.NoteStatus.Reserved, "the other waits");
    }

    function test_attest_itsFiguresAreExact() external {
        IBankDesk.Attestation memory a = _paid();
        a.counted = 1;
        _refusedToAttest(
            a,
            abi.encodeWithSelector(IBankProduct.CountNotExact.selector, ReceivableId.wrap(0), uint256(0), uint256(1))
        );
        a.counted = 0;
        a.currency = address(cny);
        _refusedToAttest(a, abi.encodeWithSelector(IBankProduct.OtherCurrency.selector, RAIL_CNY, address(cny)));
        a = _paid();
        a.lines[1].payee = tier1.id;
        _excepted(a, abi.encodeWithSelector(IBankProduct.OtherPayee.selector, child, tier2.id, tier1.id));
        _eq(notes.receivable(debt).outstanding, FACE, "all or nothing");
    }

    function test_attest_whatIsRefusedIsTendered() external {
        IBankDesk.Attestation memory a = _paid();
        a.lines[0].refused = true;
        _emits(address(bankRepayments));
        emit IBankRepaymentDesk.PayeeNotPaid(wait, root, tier1.id, FACE - SHARE, a.paymentReference);
        _attest(a);
        _eq(notes.note(root).value, FACE - SHARE, "back");
        _eq(notes.note(child).value, 0, "the other was paid");
        _eq(notes.tenderedValue(debt), FACE - SHARE, "tendered");
    }

    function test_attest_anOrderWithholds() external {
        _freeze(root);
        IBankDesk.Attestation memory a = _paid();
        _excepted(a, abi.encodeWithSelector(IReceivableNotes.NoteFrozen.selector, root));
        a = _paid();
        a.lines[0].refused = true;
        _attest(a);
        _eq(notes.note(root).value, FACE - SHARE, "withheld");
        _eq(notes.tenderedValue(debt), FACE - SHARE, "tendered");
        _eq(notes.note(child).value, 0, "the other was paid");
    }

    function test_deliver_forTheBankDeskAlone() external {
        IBankDesk.Attestation memory a = _paid();
        _refused(abi.encodeWithSelector(IBankProduct.NotBankDesk.selector, stranger));
        _by(stranger);
        bankRepayments.deliver(a);
    }
}

contract BankRoundTest is BankRepaymentSuite {
    uint96 private constant TOTAL = FACE / 10 + 1;

    function setUp() public override {
        super.setUp();
        _by(core.account);
        repayment.openRound(debt, TOTAL);
    }

    function _reserveRound(Actor memory by) private returns (bytes32 id) {
        IBankDesk.Commitment memory c = _commitment(by, 10);
        id = _signRound(by.key, debt, 1, core.id, c);
        _by(core.account);
        bankRepayments.reserveRound(debt, c);
    }

    function _share(uint256 counted, uint256 value) private pure returns (uint96) {
        return uint96(((counted + value) * TOTAL) / FACE - (counted * TOTAL) / FACE);
    }

    function test_round_shareByShare() external {
        IBankDesk.Commitment memory c = _commitment(bank, 30);
        bytes32 id = _signRound(bank.key, debt, 1, core.id, c);
        _emits(address(bankRepayments));
        emit IBankRepaymentDesk.RoundReserved(id, debt, 1);
        _by(core.account);
        wait = bankRepayments.reserveRound(debt, c);
        vm.assertEq(wait, id, "the digest");
        _same(
            abi.encode(bankRepayments.roundBank(debt)),
            abi.encode(IBankRepaymentDesk.RoundBank(id, 1)),
            "bank of the round"
        );
        _attest(_payment(bank, wait, _one(_line(root, tier1.id, _share(0, FACE - SHARE)))));
        IBankDesk.Attestation memory a = _payment(
            bank,
            wait,
            _one(_line(child, tier2.id, _share(FACE - SHARE, SHARE)))
        );
        _refusedToAttest(
            a,
            abi.encodeWithSelector(IBankProduct.CountNotExact.selector, debt, uint256(FACE - SHARE), uint256(0))
        );
        a.counted = FACE - SHARE;
        _attest(a);
        _eq(notes.receivable(debt).outstanding, FACE - TOTAL, "the total");
    }

    function test_round_aRefusedShareIsTendered() external {
        wait = _reserveRound(bank);
        IBankDesk.Attestation memory a = _payment(
            bank,
            wait,
            _two(_line(root, tier1.id, _share(0, FACE - SHARE)), _line(child, tier2.id, _share(FACE - SHARE, SHARE)))
        );
        a.lines[1].refused = true;
        _attest(a);
        _eq(notes.note(child).value, SHARE, "back");
        _eq(notes.tenderedValue(debt), SHARE, "tendered");
    }

    function test_round_theBankNamedLast() external {
        bytes32 first = _reserveRound(bank2);
        wait = _reserveRound(bank);
        uint96 share = _share(0, FACE - SHARE);
        IBankDesk.Attestation memory a = _payment(bank2, first, _one(_line(root, tier1.id, share)));
        _attestBy(bank2.key, a);
        vm.assertTrue(banks.record(bank2.id, a.paymentReference).outcome == IBankDesk.Outcome.Exception, "relieved");
        _attest(_payment(bank, wait, _one(_line(root, tier1.id, share))));
        _eq(notes.note(root).value, FACE - SHARE - share, "paid");
    }

    function test_round_itsBankIsForThatRound() external {
        wait = _reserveRound(bank);
        vm.warp(_start(dueDay + 31));
        repayment.closeRound(debt);
        uint96 share = _share(0, FACE - SHARE);
        IBankDesk.Attestation memory a = _payment(bank, wait, _one(_line(root, tier1.id, share)));
        _excepted(a, abi.encodeWithSelector(IBankDesk.ReservationOver.selector, wait, Day.wrap(dueDay + 10)));
    }

    function test_round_anotherNumber() external {
        wait = _reserveRound(bank);
        IBankDesk.Attestation memory a = _payment(
            bank,
            wait,
            _two(_line(root, tier1.id, _share(0, FACE - SHARE)), _line(child, tier2.id, _share(FACE - SHARE, SHARE)))
        );
        _attest(a);
        _by(core.account);
        repayment.openRound(debt, 10_000);
        a = _payment(bank, wait, _one(_line(child, tier2.id, 1)));
        _excepted(a, abi.encodeWithSelector(IReceivableNotes.RoundNotOpen.selector, debt));
    }

    function test_round_nothingElseIsPaid() external {
        _refusedFor(core, _one(root), abi.encodeWithSelector(IReceivableNotes.RoundOpen.selector, debt));
    }

    function test_round_ofItsDebtor() external {
        IBankDesk.Commitment memory c = _commitment(bank, 10);
        _refused(abi.encodeWithSelector(IRepaymentDesk.NotDebtor.selector, debt, core.id, core2.id));
        _by(core2.account);
        bankRepayments.reserveRound(debt, c);
        (ReceivableId other, ) = _foundOnRail(core, tier1);
        _refused(abi.encodeWithSelector(IReceivableNotes.RoundNotOpen.selector, other));
        _by(core.account);
        bankRepayments.reserveRound(other, c);
        c.lastDay = _day(31);
        _signRound(bank.key, debt, 1, core.id, c);
        _refused(abi.encodeWithSelector(IBankDesk.LastDayInvalid.selector, _day(31), _day(0), _day(30)));
        _by(core.account);
        bankRepayments.reserveRound(debt, c);
    }
}
