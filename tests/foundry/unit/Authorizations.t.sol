// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { CashSigning } from "../base/CashSigning.sol";
import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IERC3009 } from "../../../contracts/interfaces/IERC3009.sol";

/// @notice Transfers that the owner signs and somebody else sends (ERC-3009).
contract AuthorizationTest is Suite {
    IERC3009 private token;
    CashSigning.Authorization private a;

    function setUp() public override {
        super.setUp();
        token = IERC3009(address(cny));
        a = CashSigning.Authorization(
            financier.cash,
            stranger,
            77,
            block.timestamp,
            block.timestamp + 10,
            keccak256("one deal")
        );
        vm.warp(block.timestamp + 1);
    }

    function _signed() private view returns (bytes memory) {
        return Signing.sign(financier.cashKey, CashSigning.transferring(address(cny), a));
    }

    function _receipt() private view returns (bytes memory) {
        return Signing.sign(financier.cashKey, CashSigning.receiving(address(cny), a));
    }

    function _transfer(bytes memory signature) private {
        token.transferWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, signature);
    }

    function _receive(bytes memory signature) private {
        token.receiveWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, signature);
    }

    function _invalid() private view returns (bytes memory) {
        bytes32 digest = CashSigning.transferring(address(cny), a);
        return abi.encodeWithSelector(IERC3009.AuthorizationInvalid.selector, a.from, digest);
    }

    function _spent() private view returns (bytes memory) {
        return abi.encodeWithSelector(IERC3009.AuthorizationSpent.selector, a.from, a.nonce);
    }

    function test_transfer_onceBothForms() external {
        vm.assertFalse(token.authorizationState(a.from, a.nonce), "not yet");
        _emits(address(cny));
        emit IERC3009.AuthorizationUsed(a.from, a.nonce);
        _transfer(_signed());
        _eq(cny.balanceOf(stranger), 77, "moved");
        vm.assertTrue(token.authorizationState(a.from, a.nonce), "used");
        bytes memory again = _signed();
        _refused(_spent());
        _transfer(again);
        a.nonce = keccak256("another deal");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(financier.cashKey, CashSigning.transferring(address(cny), a));
        token.transferWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, v, r, s);
        _eq(cny.balanceOf(stranger), 154, "moved");
    }

    function test_receive_isThePayeesBothForms() external {
        bytes memory signature = _receipt();
        _refused(abi.encodeWithSelector(IERC3009.CallerNotPayee.selector, address(this), stranger));
        _receive(signature);
        _by(stranger);
        _receive(signature);
        _eq(cny.balanceOf(stranger), 77, "moved");
        a.nonce = keccak256("another deal");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(financier.cashKey, CashSigning.receiving(address(cny), a));
        _refused(abi.encodeWithSelector(IERC3009.CallerNotPayee.selector, address(this), stranger));
        token.receiveWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, v, r, s);
        _by(stranger);
        token.receiveWithAuthorization(a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce, v, r, s);
        _eq(cny.balanceOf(stranger), 154, "moved");
    }

    /// @dev One kind of word does not do for the other, nor for other terms, another token, chain or signer.
    function test_signatureBindsEverything() external {
        bytes memory signature = _signed();
        bytes memory other = _receipt();
        _refused(_invalid());
        _transfer(other);
        other = Signing.sign(financier.cashKey, CashSigning.transferring(address(eur), a));
        _refused(_invalid());
        _transfer(other);
        other = Signing.sign(financier.key, CashSigning.transferring(address(cny), a));
        _refused(_invalid());
        _transfer(other);
        vm.chainId(99);
        other = _signed();
        vm.chainId(31_337);
        _refused(_invalid());
        _transfer(other);
        a.value += 1;
        _refused(_invalid());
        _transfer(signature);
        a.value -= 1;
        _transfer(signature);
    }

    function test_validBetweenItsTimes() external {
        bytes memory signature = _signed();
        vm.warp(a.validAfter);
        _refused(abi.encodeWithSelector(IERC3009.AuthorizationNotYetValid.selector, a.validAfter));
        _transfer(signature);
        vm.warp(a.validBefore);
        _refused(abi.encodeWithSelector(IERC3009.AuthorizationExpired.selector, a.validBefore));
        _transfer(signature);
        vm.warp(a.validBefore - 1);
        _transfer(signature);
    }

    function test_cancel_bothForms() external {
        bytes memory cancelled = Signing.sign(financier.cashKey, CashSigning.cancelling(address(cny), a.from, a.nonce));
        bytes memory forged = Signing.sign(financier.key, CashSigning.cancelling(address(cny), a.from, a.nonce));
        bytes32 digest = CashSigning.cancelling(address(cny), a.from, a.nonce);
        _refused(abi.encodeWithSelector(IERC3009.AuthorizationInvalid.selector, a.from, digest));
        token.cancelAuthorization(a.from, a.nonce, forged);
        _emits(address(cny));
        emit IERC3009.AuthorizationCanceled(a.from, a.nonce);
        token.cancelAuthorization(a.from, a.nonce, cancelled);
        bytes memory signature = _signed();
        _refused(_spent());
        _transfer(signature);
        _refused(_spent());
        token.cancelAuthorization(a.from, a.nonce, cancelled);
        a.nonce = keccak256("another deal");
        digest = CashSigning.cancelling(address(cny), a.from, a.nonce);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(financier.cashKey, digest);
        token.cancelAuthorization(a.from, a.nonce, v, r, s);
        vm.assertTrue(token.authorizationState(a.from, a.nonce), "used up");
    }
}
