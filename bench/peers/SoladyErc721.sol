// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ERC721 } from "solady/src/tokens/ERC721.sol";
import { SoladyRoles } from "./SoladyRoles.sol";

/// @notice Receivables on Solady's ERC-721: a token is a receivable, indivisible, its face value not on chain.
contract SoladyErc721 is ERC721, SoladyRoles {
    uint256 private _lastId;

    constructor(
        address cash,
        address core,
        address financier,
        address[] memory suppliers
    ) SoladyRoles(cash, core, financier, suppliers) {}

    function confirm(address[] calldata creditors) external onlyRoles(CORE) {
        uint256 id = _lastId;
        for (uint256 i; i < creditors.length; ++i) _mint(creditors[i], ++id);
        _lastId = id;
    }

    function financeWhole(uint256 id, address buyer, uint256 price) external {
        _check(FINANCIER, buyer);
        transferFrom(msg.sender, buyer, id);
        _pay(buyer, msg.sender, price);
    }

    function repay(uint256[] calldata ids, uint256 value) external onlyRoles(CORE) {
        for (uint256 i; i < ids.length; ++i) {
            _pay(msg.sender, ownerOf(ids[i]), value);
            _burn(ids[i]);
        }
    }

    function name() public pure override returns (string memory) {
        return "Receivables";
    }

    function symbol() public pure override returns (string memory) {
        return "R";
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }
}
