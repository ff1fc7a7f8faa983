// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a party is admitted as. Bits; a party may have several.
library Roles {
    uint16 internal constant CORE_ENTERPRISE = 1 << 0;
    uint16 internal constant SUPPLIER = 1 << 1;
    uint16 internal constant FINANCIER = 1 << 2;
    uint16 internal constant AUDITOR = 1 << 3;
    uint16 internal constant REGISTRAR = 1 << 4;
    uint16 internal constant ARBITER = 1 << 5;
    uint16 internal constant SETTLEMENT_BANK = 1 << 6;
    uint16 internal constant ALL = (1 << 7) - 1;
}

/// @notice What an account may do for its party. Bits; an account may have several.
library Rights {
    /// @dev Confirm, accept, refuse, withdraw, split, take quotes, pay, attest.
    uint8 internal constant ACT = 1 << 0;
    /// @dev Sign and cancel quotes.
    uint8 internal constant QUOTE = 1 << 1;
    /// @dev Add, limit and remove the party's accounts.
    uint8 internal constant ADMINISTER = 1 << 2;
    /// @dev Receive the party's cash. Set with the settlement account alone, never granted.
    uint8 internal constant SETTLE = 1 << 3;
    /// @dev What an administrator may grant.
    uint8 internal constant GRANTABLE = ACT | QUOTE | ADMINISTER;
}
