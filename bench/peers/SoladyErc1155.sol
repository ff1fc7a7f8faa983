// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ERC1155 } from "solady/src/tokens/ERC1155.sol";
import { SoladyRoles } from "./SoladyRoles.sol";

/// @notice Receivables on Solady's ERC-1155: an id is a receivable, a balance a share of it; there are no notes and no
/// lineage.
contract SoladyErc1155 is ERC1155, SoladyRoles {
    uint256 private _lastId;

    constructor(
        address cash,
        address core,
        address financier,
        address[] memory suppliers
    ) SoladyRoles(cash, core, financier, suppliers) {}

    function confirm(address[] calldata creditors, uint256 value) external onlyRoles(CORE) {
        uint256 id = _lastId;
        for (uint256 i; i < creditors.length; ++i) _mint(creditors[i], ++id, value, "");
        _lastId = id;
    }

    function split(uint256 id, address[] calldata receivers, uint256 value) external {
        for (uint256 i; i < receivers.length; ++i) {
            _check(SUPPLIER, receivers[i]);
            _safeTransfer(msg.sender, receivers[i], id, value, "");
        }
    }

    function financePart(uint256 id, uint256 value, address buyer, uint256 price) external {
        _check(FINANCIER, buyer);
        _safeTransfer(msg.sender, buyer, id, value, "");
        _pay(buyer, msg.sender, price);
    }

    function financeWhole(uint256 id, address buyer, uint256 price) external {
        _check(FINANCIER, buyer);
        _safeTransfer(msg.sender, buyer, id, balanceOf(msg.sender, id), "");
        _pay(buyer, msg.sender, price);
    }

    function repay(uint256[] calldata ids, address[] calldata holders) external onlyRoles(CORE) {
        for (uint256 i; i < ids.length; ++i) {
            uint256 value = balanceOf(holders[i], ids[i]);
            _pay(msg.sender, holders[i], value);
            _burn(holders[i], ids[i], value);
        }
    }

    function uri(uint256) public pure override returns (string memory) {
        return "";
    }
}
