// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Reads many getters in one call, so that a test compares all state after each step.
contract Reader {
    struct Read {
        address target;
        bytes data;
    }

    /// @return answers What each read returned, or its revert data.
    function read(Read[] calldata reads) external view returns (bytes[] memory answers) {
        answers = new bytes[](reads.length);
        for (uint256 i = 0; i < reads.length; ++i) (, answers[i]) = reads[i].target.staticcall(reads[i].data);
    }
}
