// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { IERC20Metadata } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";

/// @notice A bank's deposit token.
contract DepositTokenTest is Suite {
    function test_metadata() external view {
        IERC20Metadata token = IERC20Metadata(address(cny));
        _same(bytes(token.name()), "Deposit CNY", "name");
        _same(bytes(token.symbol()), "dCNY", "symbol");
        _eq(token.decimals(), 2, "decimals");
    }

    function test_mint_isTheIssuers() external {
        uint256 supply = cny.totalSupply();
        _by(issuerOfficer);
        cny.mint(stranger, 77);
        _eq(cny.balanceOf(stranger), 77, "balance");
        _eq(cny.totalSupply(), supply + 77, "supply");
        _refused(_unauthorised(stranger));
        _by(stranger);
        cny.mint(stranger, 1);
    }

    function test_burn_isTheOwners() external {
        _by(issuerOfficer);
        cny.mint(stranger, 77);
        uint256 supply = cny.totalSupply();
        _by(stranger);
        cny.burn(70);
        _eq(cny.balanceOf(stranger), 7, "balance");
        _eq(cny.totalSupply(), supply - 70, "supply");
        _refused(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, stranger, 7, 8));
        _by(stranger);
        cny.burn(8);
    }
}
