// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What proofs ask of halmos's cheat codes.
interface Svm {
    /// @dev From here on every slot of the contract's storage holds any value at all.
    function enableSymbolicStorage(address target) external;
    function createAddress(string calldata name) external view returns (address);
    function createUint256(string calldata name) external view returns (uint256);
    function createUint(uint256 bits, string calldata name) external view returns (uint256);
    function createBytes32(string calldata name) external view returns (bytes32);
    function createBool(string calldata name) external view returns (bool);
    /// @dev A call of any function of the contract that writes, with any arguments.
    function createCalldata(string calldata contractName) external view returns (bytes memory);
}

/// @dev At the address that halmos answers at: keccak256("svm cheat code").
Svm constant svm = Svm(0xF3993A62377BCd56AE39D773740A5390411E8BC9);

interface Hevm {
    function assume(bool condition) external pure;
    function prank(address sender) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function warp(uint256 timestamp) external;
}

Hevm constant hevm = Hevm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
