// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Transfers that their owner signs and somebody else sends (ERC-3009)
/// @notice An authorization is for one payee, one amount and one nonce of the owner's choice; it counts strictly after
/// `validAfter` and strictly before `validBefore` (Unix seconds). Each function also takes a signature as bytes, so that
/// contract wallets (ERC-1271) can sign too.
interface IERC3009 {
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);

    error AuthorizationNotYetValid(uint256 validAfter);
    error AuthorizationExpired(uint256 validBefore);
    error AuthorizationSpent(address authorizer, bytes32 nonce);
    error AuthorizationInvalid(address authorizer, bytes32 digest);
    error CallerNotPayee(address caller, address payee);

    /// @notice Anyone carries the owner's cash to the payee.
    /// @dev Emits {AuthorizationUsed}. EIP-712 `TransferWithAuthorization(address from,address to,uint256 value,uint256
    /// validAfter,uint256 validBefore,bytes32 nonce)`. Requirements: in time; nonce neither used nor cancelled; signed by
    /// `from`, low-s.
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
    ) external;

    /// @notice As the other form, with the signature of a key or of a contract wallet as bytes.
    /// @dev Emits {AuthorizationUsed}. Requirements: as the other form.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice The payee alone takes the owner's cash, so nobody can part the payment from what the payee does with it.
    /// @dev Emits {AuthorizationUsed}. EIP-712 `ReceiveWithAuthorization(…)`, with the members of
    /// `TransferWithAuthorization`. Requirements: as {transferWithAuthorization}; caller is `to`.
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
    ) external;

    /// @notice As the other form, with the signature of a key or of a contract wallet as bytes.
    /// @dev Emits {AuthorizationUsed}. Requirements: as the other form.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Ends an authorization before it is used; anyone carries it.
    /// @dev Emits {AuthorizationCanceled}. EIP-712 `CancelAuthorization(address authorizer,bytes32 nonce)`. Requirements:
    /// nonce neither used nor cancelled; signed by `authorizer`, low-s.
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice As the other form, with the signature of a key or of a contract wallet as bytes.
    /// @dev Emits {AuthorizationCanceled}. Requirements: as the other form.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;

    /// @return Whether the nonce is used or cancelled.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
}
