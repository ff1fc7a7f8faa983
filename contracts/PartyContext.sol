// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { AccessManaged } from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { Context } from "@openzeppelin/contracts/utils/Context.sol";

/// @notice How every contract here learns who acts: parties by their own transaction or through the trusted forwarder,
/// administration by its own transaction alone.
abstract contract PartyContext is AccessManaged, ERC2771Context {
    /// @param authority The {AccessManager} that administers this contract.
    /// @param forwarder The ERC-2771 forwarder that parties may use; zero for none.
    constructor(address authority, address forwarder) AccessManaged(authority) ERC2771Context(forwarder) {}

    /// @dev `restricted` looks at the real sender, so the forwarder can carry no administration.
    function _checkCanCall(address, bytes calldata) internal virtual override {
        super._checkCanCall(msg.sender, msg.data);
    }

    function _msgSender() internal view virtual override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view virtual override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view virtual override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
