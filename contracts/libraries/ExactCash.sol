// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice Cash from payer to payee, to the unit, as the token's own balances tell it.
/// @dev Tokens that return false revert; tokens that return nothing work; a fee, or a movement that did not happen,
/// reverts {CashNotExact}. A payer that is the payee moves nothing, and reverts so too.
library ExactCash {
    using SafeERC20 for IERC20;

    error CashNotExact(address token, address account, uint256 expected, uint256 measured);

    /// @notice Moves `amount` and measures what the payee got. The payer's side is the caller's to measure, once for
    /// all its payments.
    function pay(IERC20 token, address payer, address payee, uint256 amount) internal {
        uint256 expected = token.balanceOf(payee) + amount;
        token.safeTransferFrom(payer, payee, amount);
        uint256 measured = token.balanceOf(payee);
        if (measured != expected) revert CashNotExact(address(token), payee, expected, measured);
    }

    /// @notice Checks that the payer is poorer by just `total` than it was with `before`.
    function checkPaid(IERC20 token, address payer, uint256 before, uint256 total) internal view {
        uint256 measured = token.balanceOf(payer);
        if (measured + total != before) {
            revert CashNotExact(address(token), payer, before > total ? before - total : 0, measured);
        }
    }
}
