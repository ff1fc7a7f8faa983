// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ReceivableId } from "../types/Ids.sol";

/// @notice A note contract as far as the credit register asks one: which receivables are cancelled.
contract CancelledList {
    mapping(ReceivableId => bool) public isCancelled;

    function cancel(ReceivableId receivable) external {
        isCancelled[receivable] = true;
    }
}
