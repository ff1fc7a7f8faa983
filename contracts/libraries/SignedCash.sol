// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import { ExactCash } from "./ExactCash.sol";
import { IERC3009 } from "../interfaces/IERC3009.sol";

/// @notice Cash that its owner released by a signature instead of a standing allowance.
library SignedCash {
    using ExactCash for IERC20;

    /// @dev r, s, v: what ERC-2612 and the plain forms of ERC-3009 take.
    uint256 private constant KEY_SIGNATURE_BYTES = 65;

    /// @notice Sets the owner's allowance for this contract to `value`, if the permit counts.
    /// @dev Anybody may have sent the same permit before, and then it does not count again but has done its work. So a
    /// failure is no failure: whether the allowance is enough, the payment tells.
    function tryPermit(address token, address owner, uint256 value, uint256 deadline, bytes memory signature) internal {
        if (signature.length != KEY_SIGNATURE_BYTES) return;
        (bytes32 r, bytes32 s, uint8 v) = _parts(signature);
        // solhint-disable-next-line no-empty-blocks
        try IERC20Permit(token).permit(owner, address(this), value, deadline, v, r, s) {} catch {}
    }

    /// @notice Takes `amount` from the payer under its ERC-3009 authorization and passes it on to the payee at once.
    /// @dev What this contract had before it has after, to the unit; stray tokens help nobody.
    function payAuthorized(
        address token,
        address payer,
        address payee,
        uint256 amount,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) internal {
        uint256 held = IERC20(token).balanceOf(address(this));
        uint256 before = IERC20(token).balanceOf(payer);
        _receive(token, payer, amount, validBefore, nonce, signature);
        IERC20(token).passOn(payee, amount);
        IERC20(token).checkPaid(payer, before, amount);
        IERC20(token).checkPaid(address(this), held, 0);
    }

    /// @dev The plain form where it fits, which every ERC-3009 token has; the bytes form for the rest.
    function _receive(
        address token,
        address payer,
        uint256 amount,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) private {
        if (signature.length != KEY_SIGNATURE_BYTES) {
            IERC3009(token).receiveWithAuthorization(payer, address(this), amount, 0, validBefore, nonce, signature);
            return;
        }
        (bytes32 r, bytes32 s, uint8 v) = _parts(signature);
        IERC3009(token).receiveWithAuthorization(payer, address(this), amount, 0, validBefore, nonce, v, r, s);
    }

    function _parts(bytes memory signature) private pure returns (bytes32 r, bytes32 s, uint8 v) {
        (r, s) = abi.decode(signature, (bytes32, bytes32));
        v = uint8(signature[64]);
    }
}
