// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import { PeerRoles } from "./PeerRoles.sol";

/// @notice Receivables on OpenZeppelin's ERC-721: a token is a receivable, indivisible, its face value not on chain.
contract OpenZeppelinErc721 is ERC721, PeerRoles {
    uint256 private _lastId;

    constructor(
        IERC20 cash,
        address core,
        address financier,
        address[] memory suppliers
    ) ERC721("Receivables", "R") PeerRoles(cash, core, financier, suppliers) {}

    function confirm(address[] calldata creditors) external onlyRole(CORE) {
        uint256 id = _lastId;
        for (uint256 i; i < creditors.length; ++i) _mint(creditors[i], ++id);
        _lastId = id;
    }

    function financeWhole(uint256 id, address buyer, uint256 price) external {
        _checkRole(FINANCIER, buyer);
        transferFrom(msg.sender, buyer, id);
        _pay(buyer, msg.sender, price);
    }

    function repay(uint256[] calldata ids, uint256 value) external onlyRole(CORE) {
        for (uint256 i; i < ids.length; ++i) {
            _pay(msg.sender, ownerOf(ids[i]), value);
            _burn(ids[i]);
        }
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC721, AccessControl) returns (bool) {
        return ERC721.supportsInterface(interfaceId) || AccessControl.supportsInterface(interfaceId);
    }
}
