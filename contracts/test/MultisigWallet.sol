// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC1271 } from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @notice A contract account of several owners, as treasuries use them: any `threshold` of them together sign for it by
/// ERC-1271 and act through it. Owners sign typed data of the wallet's own, so that a signature for one wallet is none
/// for another; signatures stand one after the other, in the order of their owners' addresses.
contract MultisigWallet is IERC1271, EIP712 {
    bytes32 private constant MESSAGE_TYPEHASH = keccak256("WalletMessage(bytes32 hash)");
    bytes32 private constant CALL_TYPEHASH = keccak256("WalletCall(address target,bytes data,uint256 nonce)");
    uint256 private constant SIGNATURE_BYTES = 65;

    mapping(address => bool) public isOwner;
    uint256 public immutable threshold;
    uint256 public nonce;

    constructor(address[] memory owners, uint256 threshold_) EIP712("Multisig wallet", "1") {
        require(threshold_ != 0 && threshold_ <= owners.length, "no such threshold");
        for (uint256 i = 0; i < owners.length; ++i) isOwner[owners[i]] = true;
        threshold = threshold_;
    }

    function execute(
        address target,
        bytes calldata data,
        bytes calldata signatures
    ) external returns (bytes memory result) {
        bytes32 structHash = keccak256(abi.encode(CALL_TYPEHASH, target, keccak256(data), nonce++));
        require(_signed(structHash, signatures), "not enough owners");
        bool ok;
        (ok, result) = target.call(data);
        if (!ok)
            assembly {
                revert(add(result, 32), mload(result))
            }
    }

    function isValidSignature(bytes32 hash, bytes calldata signatures) external view override returns (bytes4) {
        bool signed = _signed(keccak256(abi.encode(MESSAGE_TYPEHASH, hash)), signatures);
        return signed ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function _signed(bytes32 structHash, bytes calldata signatures) private view returns (bool) {
        if (signatures.length != threshold * SIGNATURE_BYTES) return false;
        bytes32 digest = _hashTypedDataV4(structHash);
        address last;
        for (uint256 i = 0; i < threshold; ++i) {
            bytes calldata one = signatures[i * SIGNATURE_BYTES:(i + 1) * SIGNATURE_BYTES];
            (address owner, , ) = ECDSA.tryRecover(digest, one);
            if (!isOwner[owner] || owner <= last) return false;
            last = owner;
        }
        return true;
    }
}
