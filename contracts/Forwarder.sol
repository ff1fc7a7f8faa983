// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { AccessManaged } from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";

/// @title Carries parties' signed requests, so that a supplier needs no gas
/// @notice OpenZeppelin's forwarder with a switch. Direct calls work whether it is on or off.
contract Forwarder is ERC2771Forwarder, AccessManaged {
    bool public isOff;

    event SwitchedOff(bool off);

    error ForwarderOff();

    constructor(address authority) ERC2771Forwarder("Cascade Forwarder") AccessManaged(authority) {}

    /// @dev Emits {SwitchedOff}. Requirements: caller has the urgent role.
    function setOff(bool off) external restricted {
        isOff = off;
        emit SwitchedOff(off);
    }

    function _execute(
        ForwardRequestData calldata request,
        bool requireValidRequest
    ) internal virtual override returns (bool success) {
        if (isOff) revert ForwarderOff();
        return super._execute(request, requireValidRequest);
    }
}
