// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20Metadata } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import { Signing } from "./Signing.sol";

/// @notice Digests of what an owner of a token signs, built from the type strings of ERC-2612 and ERC-3009.
library CashSigning {
    /// @dev One signed transfer.
    struct Authorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    string private constant MEMBERS =
        "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";

    /// @dev Under the owner's present nonce.
    function permit(
        address token,
        address owner,
        address spender,
        uint256 value,
        uint256 deadline
    ) internal view returns (bytes32) {
        bytes32 kind = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        uint256 nonce = IERC20Permit(token).nonces(owner);
        return _digest(token, keccak256(abi.encode(kind, owner, spender, value, nonce, deadline)));
    }

    /// @dev That the payee alone may send.
    function receiving(address token, Authorization memory a) internal view returns (bytes32) {
        return _authorized("ReceiveWithAuthorization", token, a);
    }

    /// @dev That anybody may send.
    function transferring(address token, Authorization memory a) internal view returns (bytes32) {
        return _authorized("TransferWithAuthorization", token, a);
    }

    function cancelling(address token, address authorizer, bytes32 nonce) internal view returns (bytes32) {
        bytes32 kind = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");
        return _digest(token, keccak256(abi.encode(kind, authorizer, nonce)));
    }

    function _authorized(string memory name, address token, Authorization memory a) private view returns (bytes32) {
        bytes32 kind = keccak256(bytes(string.concat(name, MEMBERS)));
        return _digest(token, keccak256(abi.encode(kind, a)));
    }

    function _digest(address token, bytes32 structHash) private view returns (bytes32) {
        return Signing.digest(IERC20Metadata(token).name(), token, structHash);
    }
}
