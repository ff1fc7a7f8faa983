// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ERC3525 } from "@solvprotocol/erc-3525/ERC3525.sol";
import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { PeerRoles } from "./PeerRoles.sol";

/// @notice Receivables on the reference implementation of ERC-3525: slot = receivable, token = note, value = face.
contract Erc3525Solv is ERC3525, PeerRoles {
    uint256 private _lastSlot;

    constructor(
        IERC20 cash,
        address core,
        address financier,
        address[] memory suppliers
    ) ERC3525("Receivables", "R", 2) PeerRoles(cash, core, financier, suppliers) {}

    function confirm(address[] calldata creditors, uint256 value) external onlyRole(CORE) {
        uint256 slot = _lastSlot;
        for (uint256 i; i < creditors.length; ++i) _mint(creditors[i], ++slot, value);
        _lastSlot = slot;
    }

    function split(uint256 id, address[] calldata receivers, uint256 value) external {
        for (uint256 i; i < receivers.length; ++i) {
            _checkRole(SUPPLIER, receivers[i]);
            transferFrom(id, receivers[i], value);
        }
    }

    function financePart(uint256 id, uint256 value, address buyer, uint256 price) external {
        _checkRole(FINANCIER, buyer);
        transferFrom(id, buyer, value);
        _pay(buyer, msg.sender, price);
    }

    function financeWhole(uint256 id, address buyer, uint256 price) external {
        _checkRole(FINANCIER, buyer);
        transferFrom(msg.sender, buyer, id);
        _pay(buyer, msg.sender, price);
    }

    function repay(uint256[] calldata ids) external onlyRole(CORE) {
        for (uint256 i; i < ids.length; ++i) {
            _pay(msg.sender, ownerOf(ids[i]), balanceOf(ids[i]));
            _burn(ids[i]);
        }
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC3525, AccessControl) returns (bool) {
        return ERC3525.supportsInterface(interfaceId) || AccessControl.supportsInterface(interfaceId);
    }
}
