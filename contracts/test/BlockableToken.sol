// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { DepositToken } from "../DepositToken.sol";

/// @notice A deposit token whose bank has blocked some accounts: nothing comes to them, and nothing leaves them.
contract BlockableToken is DepositToken {
    mapping(address => bool) public blocked;

    error AccountBlocked(address account);

    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        address authority
    ) DepositToken(name_, symbol_, decimals_, authority) {}

    function setBlocked(address account, bool blocked_) external {
        blocked[account] = blocked_;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (blocked[from]) revert AccountBlocked(from);
        if (blocked[to]) revert AccountBlocked(to);
        super._update(from, to, value);
    }
}
