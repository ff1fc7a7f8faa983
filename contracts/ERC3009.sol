// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { IERC3009 } from "./interfaces/IERC3009.sol";
import { Signatures } from "./libraries/Signatures.sol";

/// @notice The manual is the interface, {IERC3009}. The token that inherits it names the EIP-712 domain.
abstract contract ERC3009 is IERC3009, ERC20, EIP712 {
    bytes32 private constant TRANSFER_TYPEHASH = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant RECEIVE_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant CANCEL_TYPEHASH = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    /// @inheritdoc IERC3009
    mapping(address authorizer => mapping(bytes32 nonce => bool)) public override authorizationState;

    /// @inheritdoc IERC3009
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external override {
        bytes32 terms = _terms(TRANSFER_TYPEHASH, from, to, value, validAfter, validBefore, nonce);
        _use(terms, from, nonce, abi.encodePacked(r, s, v));
        _transfer(from, to, value);
    }

    /// @inheritdoc IERC3009
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external override {
        _use(_terms(TRANSFER_TYPEHASH, from, to, value, validAfter, validBefore, nonce), from, nonce, signature);
        _transfer(from, to, value);
    }

    /// @inheritdoc IERC3009
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external override {
        _checkPayee(to);
        bytes32 terms = _terms(RECEIVE_TYPEHASH, from, to, value, validAfter, validBefore, nonce);
        _use(terms, from, nonce, abi.encodePacked(r, s, v));
        _transfer(from, to, value);
    }

    /// @inheritdoc IERC3009
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external override {
        _checkPayee(to);
        _use(_terms(RECEIVE_TYPEHASH, from, to, value, validAfter, validBefore, nonce), from, nonce, signature);
        _transfer(from, to, value);
    }

    /// @inheritdoc IERC3009
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external override {
        _cancel(authorizer, nonce, abi.encodePacked(r, s, v));
    }

    /// @inheritdoc IERC3009
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external override {
        _cancel(authorizer, nonce, signature);
    }

    function _checkPayee(address payee) private view {
        if (msg.sender != payee) revert CallerNotPayee(msg.sender, payee);
    }

    /// @return The EIP-712 struct hash of an authorization that is in time.
    function _terms(
        bytes32 typeHash,
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce
    ) private view returns (bytes32) {
        if (block.timestamp <= validAfter) revert AuthorizationNotYetValid(validAfter);
        if (block.timestamp >= validBefore) revert AuthorizationExpired(validBefore);
        return keccak256(abi.encode(typeHash, from, to, value, validAfter, validBefore, nonce));
    }

    function _use(bytes32 terms, address authorizer, bytes32 nonce, bytes memory signature) private {
        _spend(terms, authorizer, nonce, signature);
        emit AuthorizationUsed(authorizer, nonce);
    }

    function _cancel(address authorizer, bytes32 nonce, bytes memory signature) private {
        _spend(keccak256(abi.encode(CANCEL_TYPEHASH, authorizer, nonce)), authorizer, nonce, signature);
        emit AuthorizationCanceled(authorizer, nonce);
    }

    /// @dev A nonce serves once, whatever it is signed for.
    function _spend(bytes32 terms, address authorizer, bytes32 nonce, bytes memory signature) private {
        if (authorizationState[authorizer][nonce]) revert AuthorizationSpent(authorizer, nonce);
        authorizationState[authorizer][nonce] = true;
        bytes32 digest = _hashTypedDataV4(terms);
        if (!Signatures.isValid(authorizer, digest, signature)) revert AuthorizationInvalid(authorizer, digest);
    }
}
