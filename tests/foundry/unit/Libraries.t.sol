// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { IMoney } from "../base/Network.sol";
import { Signing } from "../base/Signing.sol";
import { vm } from "../base/Vm.sol";
import { BusinessDay } from "../../../contracts/libraries/BusinessDay.sol";
import { ExactCash } from "../../../contracts/libraries/ExactCash.sol";
import { Interest } from "../../../contracts/libraries/Interest.sol";
import { Signatures } from "../../../contracts/libraries/Signatures.sol";
import {
    Day,
    NoteId,
    PartyId,
    ReceivableId,
    dayEq,
    dayGt,
    dayGte,
    dayLt,
    dayLte,
    noteEq,
    noteNeq,
    partyEq,
    partyNeq,
    receivableEq,
    receivableNeq
} from "../../../contracts/types/Ids.sol";

/// @notice Interest and discount, against the exact value.
contract InterestTest {
    uint256 private constant YEAR_IN_BPS = 3_600_000;

    function testFuzz_discountUp_isTheLeastNotBelowTheExactValue(
        uint96 principal,
        uint32 rate,
        uint16 numDays
    ) external pure {
        uint256 exact = uint256(principal) * rate * numDays;
        uint256 discount = Interest.discountUp(principal, rate, numDays);
        vm.assertGe(discount * YEAR_IN_BPS, exact, "never below");
        vm.assertTrue(discount == 0 || (discount - 1) * YEAR_IN_BPS < exact, "a unit less would be below");
    }

    function testFuzz_overdueDown_isTheMostNotAboveTheExactValue(
        uint96 principal,
        uint32 rate,
        uint16 numDays
    ) external pure {
        uint256 exact = uint256(principal) * rate * numDays;
        uint256 interest = Interest.overdueDown(principal, rate, numDays);
        vm.assertLe(interest * YEAR_IN_BPS, exact, "never above");
        vm.assertTrue((interest + 1) * YEAR_IN_BPS > exact, "a unit more would be above");
    }

    /// @dev Splitting never pays whoever chose the split: parts cost at least what the whole costs, and earn at most that.
    function testFuzz_splittingNeverPays(uint96 whole, uint96 part, uint32 rate, uint16 numDays) external pure {
        uint96 first = whole == 0 ? 0 : part % whole;
        uint96 rest = whole - first;
        uint256 parts = Interest.discountUp(first, rate, numDays) + Interest.discountUp(rest, rate, numDays);
        vm.assertGe(parts, Interest.discountUp(whole, rate, numDays), "discount");
        parts = Interest.overdueDown(first, rate, numDays) + Interest.overdueDown(rest, rate, numDays);
        vm.assertLe(parts, Interest.overdueDown(whole, rate, numDays), "interest");
    }

    function test_knownFigures() external pure {
        // 1,000,000.00 at 3.6% for 90 days is 9,000.00, exactly
        vm.assertEq(Interest.discountUp(100_000_000, 360, 90), 900_000, "exact");
        vm.assertEq(Interest.overdueDown(100_000_000, 360, 90), 900_000, "exact");
        vm.assertEq(Interest.discountUp(100_000_001, 360, 90), 900_001, "up");
        vm.assertEq(Interest.overdueDown(100_000_111, 360, 90), 900_000, "down");
        vm.assertEq(Interest.discountUp(0, 360, 90), 0, "nothing");
        vm.assertEq(Interest.discountUp(1, 1, 1), 1, "a unit at least");
        vm.assertEq(Interest.overdueDown(1, 1, 1), 0, "nothing of a trifle");
    }
}

/// @notice The clock.
contract BusinessDayTest {
    function testFuzz_today_endsAtMidnightOfTheBusinessZone(uint16 day) external {
        uint256 begins = uint256(day) * 1 days;
        if (begins < 8 hours) return;
        vm.warp(begins - 8 hours);
        vm.assertEq(Day.unwrap(BusinessDay.today()), day, "first second");
        vm.warp(begins + 16 hours - 1);
        vm.assertEq(Day.unwrap(BusinessDay.today()), day, "last second");
    }

    function testFuzz_daysBetween(uint16 start, uint16 end) external pure {
        uint256 numDays = BusinessDay.daysBetween(Day.wrap(start), Day.wrap(end));
        vm.assertEq(numDays, end > start ? end - start : 0, "days");
    }
}

/// @notice Typed ids compare as their numbers do.
contract IdsTest {
    function testFuzz_comparisons(uint16 a, uint16 b) external pure {
        _compare(a, b);
        _compare(a, a);
        if (a != 0) _compare(a, a - 1);
        if (a != type(uint16).max) _compare(a, a + 1);
    }

    function _compare(uint16 a, uint16 b) private pure {
        vm.assertTrue(partyEq(PartyId.wrap(a), PartyId.wrap(b)) == (a == b), "party ==");
        vm.assertTrue(partyNeq(PartyId.wrap(a), PartyId.wrap(b)) == (a != b), "party !=");
        vm.assertTrue(noteEq(NoteId.wrap(a), NoteId.wrap(b)) == (a == b), "note ==");
        vm.assertTrue(noteNeq(NoteId.wrap(a), NoteId.wrap(b)) == (a != b), "note !=");
        vm.assertTrue(receivableEq(ReceivableId.wrap(a), ReceivableId.wrap(b)) == (a == b), "receivable ==");
        vm.assertTrue(receivableNeq(ReceivableId.wrap(a), ReceivableId.wrap(b)) == (a != b), "receivable !=");
        vm.assertTrue(dayEq(Day.wrap(a), Day.wrap(b)) == (a == b), "day ==");
        vm.assertTrue(dayLt(Day.wrap(a), Day.wrap(b)) == (a < b), "day <");
        vm.assertTrue(dayLte(Day.wrap(a), Day.wrap(b)) == (a <= b), "day <=");
        vm.assertTrue(dayGt(Day.wrap(a), Day.wrap(b)) == (a > b), "day >");
        vm.assertTrue(dayGte(Day.wrap(a), Day.wrap(b)) == (a >= b), "day >=");
    }
}

/// @notice Signatures of keys and of contract wallets.
contract SignaturesTest {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant KEY = 7;
    bytes32 private constant DIGEST = keccak256("digest");

    function testFuzz_isValid_forItsKeyAndDigestAlone(uint256 key, bytes32 digest, bytes32 other) external view {
        key = 1 + (key % (ORDER - 1));
        bytes memory signature = Signing.sign(key, digest);
        vm.assertTrue(Signatures.isValid(vm.addr(key), digest, signature), "its own");
        vm.assertTrue(other == digest || !Signatures.isValid(vm.addr(key), other, signature), "another digest");
        vm.assertFalse(Signatures.isValid(vm.addr(ORDER - key), digest, signature), "another key");
    }

    function test_isValid_refusesTheMalleableTwin() external pure {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, DIGEST);
        bytes memory twin = abi.encodePacked(r, ORDER - uint256(s), v == 27 ? uint8(28) : uint8(27));
        vm.assertFalse(_isValid(vm.addr(KEY), twin), "high s");
    }

    function test_isValid_refusesTheZeroSigner() external pure {
        vm.assertFalse(_isValid(address(0), abi.encodePacked(bytes32(0), bytes32(0), uint8(27))), "recovers nobody");
        vm.assertFalse(
            _isValid(address(0), abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(1)), uint8(29))),
            "v"
        );
        vm.assertFalse(_isValid(address(0), ""), "no signature");
    }

    function _isValid(address signer, bytes memory signature) private pure returns (bool) {
        return _pure(Signatures.isValid)(signer, DIGEST, signature);
    }

    /// @dev What asks a contract here asks none: its signers have no code.
    function _pure(
        function(address, bytes32, bytes memory) view returns (bool) f
    ) private pure returns (function(address, bytes32, bytes memory) pure returns (bool) g) {
        assembly {
            g := f
        }
    }

    function test_isValid_asksContractWallets() external {
        address wallet = vm.deployCode("ContractWallet.sol:ContractWallet", abi.encode(vm.addr(KEY)));
        vm.assertTrue(Signatures.isValid(wallet, DIGEST, Signing.sign(KEY, DIGEST)), "its owner's");
        vm.assertFalse(Signatures.isValid(wallet, DIGEST, Signing.sign(KEY + 1, DIGEST)), "another's");
        vm.assertFalse(Signatures.isValid(address(this), DIGEST, Signing.sign(KEY, DIGEST)), "a contract that is none");
    }
}

/// @notice Answers a transfer with whatever bytes it was given.
contract AnsweringToken {
    bytes private _answer;
    bool private _reverts;

    function set(bytes calldata answer, bool reverts) external {
        (_answer, _reverts) = (answer, reverts);
    }

    function balanceOf(address) external pure returns (uint256) {
        return 0;
    }

    function transferFrom(address, address, uint256) external view {
        bytes memory answer = _answer;
        bool reverts = _reverts;
        assembly ("memory-safe") {
            if reverts {
                revert(add(answer, 32), mload(answer))
            }
            return(add(answer, 32), mload(answer))
        }
    }
}

/// @notice Cash to the unit, or not at all.
contract ExactCashTest {
    using ExactCash for IERC20;

    address private constant PAYER = address(0xa);
    address private constant PAYEE = address(0xb);

    function pay(IERC20 token, address payer, address payee, uint256 amount) external {
        token.pay(payer, payee, amount);
    }

    function checkPaid(IERC20 token, uint256 before, uint256 total) external view {
        token.checkPaid(PAYER, before, total);
    }

    function _money(string memory kind) private returns (IERC20) {
        IMoney token = IMoney(vm.deployCode(string.concat("HostileTokens.sol:", kind), ""));
        token.mint(PAYER, 1_000);
        token.mint(PAYEE, 5);
        vm.prank(PAYER);
        token.approve(address(this), type(uint256).max);
        return token;
    }

    function _inexact(
        IERC20 token,
        address account,
        uint256 expected,
        uint256 measured
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ExactCash.CashNotExact.selector, token, account, expected, measured);
    }

    function testFuzz_pay_movesJustTheAmount(uint256 amount) external {
        IERC20 token = _money("SilentToken");
        amount %= 1_001;
        token.pay(PAYER, PAYEE, amount);
        vm.assertEq(token.balanceOf(PAYEE), 5 + amount, "payee");
        vm.assertEq(token.balanceOf(PAYER), 1_000 - amount, "payer");
        token.checkPaid(PAYER, 1_000, amount);
    }

    function test_pay_refusesAFee() external {
        IERC20 token = _money("FeeToken");
        vm.expectRevert(_inexact(token, PAYEE, 15, 14));
        this.pay(token, PAYER, PAYEE, 10);
    }

    function test_pay_refusesALie() external {
        IERC20 token = _money("LyingToken");
        vm.expectRevert(_inexact(token, PAYEE, 15, 5));
        this.pay(token, PAYER, PAYEE, 10);
    }

    function test_pay_refusesFalse() external {
        IERC20 token = _money("FalseToken");
        vm.expectRevert(abi.encodeWithSignature("SafeERC20FailedOperation(address)", token));
        this.pay(token, PAYER, PAYEE, 10);
    }

    function test_pay_refusesAPayerThatIsThePayee() external {
        IERC20 token = _money("SilentToken");
        vm.expectRevert(_inexact(token, PAYER, 1_010, 1_000));
        this.pay(token, PAYER, PAYER, 10);
    }

    function _isTaken(bytes memory answer, bool reverts) private returns (bool) {
        AnsweringToken token = new AnsweringToken();
        token.set(answer, reverts);
        // What was in memory before must not stand in for a word that the answer is too short for.
        assembly ("memory-safe") {
            mstore(0, 1)
        }
        return IERC20(address(token)).tryPay(PAYER, PAYEE, 0);
    }

    function test_tryPay_takesNothingOrTrueForAYes() external {
        vm.assertTrue(_isTaken("", false), "nothing");
        vm.assertTrue(_isTaken(abi.encode(true), false), "true");
        vm.assertTrue(_isTaken(abi.encode(true, 7), false), "true, and more");
        vm.assertTrue(_isTaken(abi.encodePacked(uint256(1), new bytes(4_000)), false), "true, and much more");
    }

    function test_tryPay_takesAllElseForANo() external {
        vm.assertFalse(_isTaken(abi.encode(false), false), "false");
        vm.assertFalse(_isTaken(abi.encode(2), false), "neither");
        vm.assertFalse(_isTaken(abi.encode(0, true), false), "true too late");
        vm.assertFalse(_isTaken(hex"01", false), "too short");
        vm.assertFalse(_isTaken(new bytes(31), false), "a byte short of false");
        vm.assertFalse(_isTaken("", true), "reverts");
        vm.assertFalse(_isTaken(abi.encode(true), true), "reverts with true");
    }

    function test_checkPaid_refusesASurcharge() external {
        IERC20 token = _money("SurchargeToken");
        vm.expectRevert(_inexact(token, PAYER, 990, 989));
        this.pay(token, PAYER, PAYEE, 10);
        vm.assertTrue(token.tryPay(PAYER, PAYEE, 10), "the payee has it");
        vm.expectRevert(_inexact(token, PAYER, 990, 989));
        this.checkPaid(token, 1_000, 10);
    }

    function test_checkPaid_refusesMoreThanThereWas() external {
        IERC20 token = _money("SilentToken");
        vm.expectRevert(_inexact(token, PAYER, 0, 1_000));
        this.checkPaid(token, 1_000, 1_001);
        vm.expectRevert(_inexact(token, PAYER, 0, 1_000));
        this.checkPaid(token, 500, 500);
    }
}
