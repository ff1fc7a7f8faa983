// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC1271 } from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice A contract account that answers the question for its signature in bad faith.
contract HostileSigner {
    enum Answer {
        Yes,
        No,
        Nothing,
        Revert,
        BurnGas,
        WrongLength,
        Reenter
    }

    Answer public answer;
    address public target;
    bytes public data;

    function set(Answer answer_, address target_, bytes calldata data_) external {
        (answer, target, data) = (answer_, target_, data_);
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes32) {
        bytes32 yes = bytes32(IERC1271.isValidSignature.selector);
        if (answer == Answer.Yes) return yes;
        if (answer == Answer.No) return bytes32(0);
        if (answer == Answer.Revert) revert("no");
        if (answer == Answer.BurnGas)
            assembly {
                invalid()
            }
        if (answer == Answer.Reenter) {
            (bool ok, ) = target.call(data);
            return ok ? yes : bytes32(0);
        }
        assembly {
            mstore(0, yes)
            return(0, 4)
        }
    }
}
