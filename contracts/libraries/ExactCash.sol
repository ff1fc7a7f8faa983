// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import { BankRail } from "./BankRail.sol";

/// @notice Cash from payer to payee, to the unit, as the token's own balances tell it.
/// @dev Tokens that return false revert; tokens that return nothing work; a fee, or a movement that did not happen,
/// reverts {CashNotExact}. A payer that is the payee moves nothing, and reverts so too.
library ExactCash {
    using SafeERC20 for IERC20;

    /// @dev What one transfer of a deposit token may use. Ten times what the dearest of them needs.
    uint256 internal constant TRANSFER_GAS = 300_000;
    /// @dev A caller keeps one part in 64 of its gas from a call (EIP-150); with this much left the call has all of
    /// {TRANSFER_GAS}, and its failure is not for want of gas.
    uint256 private constant GAS_NEEDED = (TRANSFER_GAS * 64) / 63 + 50_000;

    error CashNotExact(address token, address account, uint256 expected, uint256 measured);
    error OnBankRail(address currency);
    error TooLittleGas(uint256 left, uint256 needed);

    /// @notice Moves `amount` and measures both sides.
    function pay(IERC20 token, address payer, address payee, uint256 amount) internal {
        uint256 before = token.balanceOf(payer);
        uint256 expected = token.balanceOf(payee) + amount;
        token.safeTransferFrom(payer, payee, amount);
        _checkReceived(token, payee, expected);
        checkPaid(token, payer, before, amount);
    }

    /// @notice Moves `amount` and measures what the payee got, from what this contract was given for the payee in this transaction.
    function passOn(IERC20 token, address payee, uint256 amount) internal {
        uint256 expected = token.balanceOf(payee) + amount;
        token.safeTransfer(payee, amount);
        _checkReceived(token, payee, expected);
    }

    /// @notice Moves `amount` and measures what the payee got; answers false, with nothing moved, where the token refuses.
    /// The payer's side is the caller's to measure, once for all its payments. With too little gas to tell a refusal from
    /// want of gas it reverts.
    function tryPay(IERC20 token, address payer, address payee, uint256 amount) internal returns (bool) {
        uint256 expected = token.balanceOf(payee) + amount;
        if (gasleft() < GAS_NEEDED) revert TooLittleGas(gasleft(), GAS_NEEDED);
        if (!_transfers(token, abi.encodeCall(IERC20.transferFrom, (payer, payee, amount)))) return false;
        _checkReceived(token, payee, expected);
        return true;
    }

    /// @notice Checks that the payer is poorer by just `total` than it was with `before`.
    function checkPaid(IERC20 token, address payer, uint256 before, uint256 total) internal view {
        uint256 measured = token.balanceOf(payer);
        if (measured + total != before) {
            revert CashNotExact(address(token), payer, before > total ? before - total : 0, measured);
        }
    }

    /// @notice Checks that a currency is a deposit token, which can be called.
    function requireToken(address currency) internal pure {
        if (BankRail.carries(currency)) revert OnBankRail(currency);
    }

    function _checkReceived(IERC20 token, address payee, uint256 expected) private view {
        uint256 measured = token.balanceOf(payee);
        if (measured != expected) revert CashNotExact(address(token), payee, expected, measured);
    }

    /// @dev A refusal must not revert what others are paid, so the answer is read here instead of by {SafeERC20}: nothing,
    /// or true. No more of it is copied, however long it is.
    function _transfers(IERC20 token, bytes memory callData) private returns (bool done) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            done := call(TRANSFER_GAS, token, 0, add(callData, 32), mload(callData), 0, 32)
            let isTrue := and(gt(returndatasize(), 31), eq(mload(0), 1))
            done := and(done, or(iszero(returndatasize()), isTrue))
        }
    }
}
