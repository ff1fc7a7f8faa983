// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { AccessManaged } from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import { ERC3009 } from "./ERC3009.sol";

/// @title A bank's deposit token, as test and demo money
/// @notice One token is one unit of the currency's deposits at the bank; the bank issues and redeems. Owners allow
/// spending by transaction, by a signed permit (ERC-2612) or by a signed transfer (ERC-3009).
contract DepositToken is ERC20Permit, ERC3009, AccessManaged {
    uint8 private immutable _decimals;

    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        address authority
    ) ERC20(name_, symbol_) ERC20Permit(name_) AccessManaged(authority) {
        _decimals = decimals_;
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// @notice The bank books a deposit. Requirements: caller has the token issuer role.
    /// @param amount Minor units.
    function mint(address to, uint256 amount) external restricted {
        _mint(to, amount);
    }

    /// @notice The owner redeems deposits.
    /// @param amount Minor units.
    function burn(uint256 amount) external {
        _burn(_msgSender(), amount);
    }
}
