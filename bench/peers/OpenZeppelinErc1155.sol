// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ERC1155 } from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import { PeerRoles } from "./PeerRoles.sol";

/// @notice Receivables on OpenZeppelin's ERC-1155: an id is a receivable, a balance a share of it; there are no notes
/// and no lineage.
contract OpenZeppelinErc1155 is ERC1155, PeerRoles {
    uint256 private _lastId;

    constructor(
        IERC20 cash,
        address core,
        address financier,
        address[] memory suppliers
    ) ERC1155("") PeerRoles(cash, core, financier, suppliers) {}

    function confirm(address[] calldata creditors, uint256 value) external onlyRole(CORE) {
        uint256 id = _lastId;
        for (uint256 i; i < creditors.length; ++i) _mint(creditors[i], ++id, value, "");
        _lastId = id;
    }

    function split(uint256 id, address[] calldata receivers, uint256 value) external {
        for (uint256 i; i < receivers.length; ++i) {
            _checkRole(SUPPLIER, receivers[i]);
            safeTransferFrom(msg.sender, receivers[i], id, value, "");
        }
    }

    function financePart(uint256 id, uint256 value, address buyer, uint256 price) external {
        _checkRole(FINANCIER, buyer);
        safeTransferFrom(msg.sender, buyer, id, value, "");
        _pay(buyer, msg.sender, price);
    }

    function financeWhole(uint256 id, address buyer, uint256 price) external {
        _checkRole(FINANCIER, buyer);
        safeTransferFrom(msg.sender, buyer, id, balanceOf(msg.sender, id), "");
        _pay(buyer, msg.sender, price);
    }

    function repay(uint256[] calldata ids, address[] calldata holders) external onlyRole(CORE) {
        for (uint256 i; i < ids.length; ++i) {
            uint256 value = balanceOf(holders[i], ids[i]);
            _pay(msg.sender, holders[i], value);
            _burn(holders[i], ids[i], value);
        }
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC1155, AccessControl) returns (bool) {
        return ERC1155.supportsInterface(interfaceId) || AccessControl.supportsInterface(interfaceId);
    }
}
