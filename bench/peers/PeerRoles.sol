// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice What the peers on OpenZeppelin's access control share: who may do what, and cash in one token.
abstract contract PeerRoles is AccessControl {
    using SafeERC20 for IERC20;

    bytes32 internal constant CORE = "core enterprise";
    bytes32 internal constant SUPPLIER = "supplier";
    bytes32 internal constant FINANCIER = "financier";

    IERC20 private immutable _cash;

    constructor(IERC20 cash, address core, address financier, address[] memory suppliers) {
        _cash = cash;
        _grantRole(CORE, core);
        _grantRole(FINANCIER, financier);
        for (uint256 i; i < suppliers.length; ++i) _grantRole(SUPPLIER, suppliers[i]);
    }

    function _pay(address payer, address payee, uint256 amount) internal {
        _cash.safeTransferFrom(payer, payee, amount);
    }
}
