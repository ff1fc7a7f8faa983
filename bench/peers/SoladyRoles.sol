// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { OwnableRoles } from "solady/src/auth/OwnableRoles.sol";
import { SafeTransferLib } from "solady/src/utils/SafeTransferLib.sol";

/// @notice What the peers on Solady's roles share: who may do what, and cash in one token.
abstract contract SoladyRoles is OwnableRoles {
    uint256 internal constant CORE = _ROLE_0;
    uint256 internal constant SUPPLIER = _ROLE_1;
    uint256 internal constant FINANCIER = _ROLE_2;

    address private immutable _cash;

    constructor(address cash, address core, address financier, address[] memory suppliers) {
        _cash = cash;
        _grantRoles(core, CORE);
        _grantRoles(financier, FINANCIER);
        for (uint256 i; i < suppliers.length; ++i) _grantRoles(suppliers[i], SUPPLIER);
    }

    function _check(uint256 role, address account) internal view {
        if (!hasAnyRole(account, role)) revert Unauthorized();
    }

    function _pay(address payer, address payee, uint256 amount) internal {
        SafeTransferLib.safeTransferFrom(_cash, payer, payee, amount);
    }
}
