// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ReentrantToken } from "./HostileTokens.sol";

/// @notice Takes any authorization for a good one, and moves as exactly as it was told to: what it adds to what is due.
contract AuthorizingToken is ReentrantToken {
    int256 public fromPayer;
    int256 public toReceiver;
    int256 public toPayee;
    bool public denying;

    function spoil(int256 fromPayer_, int256 toReceiver_, int256 toPayee_, bool denying_) external {
        (fromPayer, toReceiver, toPayee, denying) = (fromPayer_, toReceiver_, toPayee_, denying_);
    }

    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256,
        uint256,
        bytes32,
        bytes calldata
    ) external {
        _move(from, fromPayer, to, toReceiver, int256(value));
        _enter();
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, 0, to, toPayee, int256(amount));
        return !denying;
    }

    function _move(address from, int256 more, address to, int256 other, int256 value) private {
        balanceOf[from] = uint256(int256(balanceOf[from]) - value - more);
        balanceOf[to] = uint256(int256(balanceOf[to]) + value + other);
    }
}
