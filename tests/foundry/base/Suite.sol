// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Story } from "./Story.sol";
import { vm } from "./Vm.sol";
import { NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";

/// @notice A test contract over the whole network: founded once, and each test begins there.
abstract contract Suite is Story {
    function setUp() public virtual {
        _deploy();
        _gather();
    }

    /// @dev The next call is this account's.
    function _by(address account) internal {
        vm.prank(account);
    }

    /// @dev The next call reverts with just this error and evidence.
    function _refused(bytes memory reason) internal {
        vm.expectRevert(reason);
    }

    /// @dev The next call emits the event that follows, every field of it.
    function _emits(address emitter) internal {
        vm.expectEmit(emitter);
    }

    function _same(bytes memory left, bytes memory right, string memory why) internal pure {
        vm.assertEq(left, right, why);
    }

    function _eq(uint256 left, uint256 right, string memory why) internal pure {
        vm.assertEq(left, right, why);
    }

    function _eq(NoteId left, NoteId right, string memory why) internal pure {
        vm.assertEq(NoteId.unwrap(left), NoteId.unwrap(right), why);
    }

    function _eq(PartyId left, PartyId right, string memory why) internal pure {
        vm.assertEq(PartyId.unwrap(left), PartyId.unwrap(right), why);
    }

    function _eq(ReceivableId left, ReceivableId right, string memory why) internal pure {
        vm.assertEq(ReceivableId.unwrap(left), ReceivableId.unwrap(right), why);
    }

    /// @dev Error data without evidence, or with it.
    function _error(bytes4 selector) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector);
    }

    /// @dev What the AccessManager's contracts answer to whoever lacks the role.
    function _unauthorised(address caller) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("AccessManagedUnauthorized(address)", caller);
    }
}
