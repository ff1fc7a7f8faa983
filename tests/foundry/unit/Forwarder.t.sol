// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";

import { Actor } from "../base/Cast.sol";
import { ISwitch } from "../base/Network.sol";
import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { NoteId, ReceivableId } from "../../../contracts/types/Ids.sol";

/// @notice Requests without gas.
contract ForwarderTest is Suite {
    bytes32 private constant REQUEST = keccak256(
        "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data)"
    );

    function _request(
        Actor memory a,
        address to,
        bytes memory data
    ) private view returns (ERC2771Forwarder.ForwardRequestData memory r) {
        r = ERC2771Forwarder.ForwardRequestData(a.account, to, 0, 500_000, uint48(block.timestamp), data, "");
        bytes32 structHash = keccak256(
            abi.encode(REQUEST, r.from, to, 0, r.gas, forwarder.nonces(a.account), r.deadline, keccak256(data))
        );
        r.signature = Signing.sign(a.key, Signing.digest("Cascade Forwarder", address(forwarder), structHash));
    }

    function test_carriesAPartysAct() external {
        ReceivableId id = _confirm(core, tier1, FACE);
        NoteId root = notes.receivable(id).root;
        ERC2771Forwarder.ForwardRequestData memory r = _request(
            tier1,
            address(notes),
            abi.encodeCall(notes.accept, (_one(root)))
        );
        _emits(address(notes));
        emit IReceivableNotes.NoteAccepted(root);
        _by(stranger);
        forwarder.execute(r);
    }

    function test_carriesNoAdministration() external {
        vm.prank(operator);
        authority.grantRole(ADMISSION, tier1.account, 0);
        _by(tier1.account);
        registry.setRoles(tier2.id, 2);
        ERC2771Forwarder.ForwardRequestData memory r = _request(
            tier1,
            address(registry),
            abi.encodeCall(registry.setRoles, (tier2.id, 4))
        );
        _refused(abi.encodeWithSignature("FailedCall()"));
        _by(stranger);
        forwarder.execute(r);
        _eq(registry.party(tier2.id).roles, 2, "roles");
    }

    function test_canBeSwitchedOff() external {
        ERC2771Forwarder.ForwardRequestData memory r = _request(
            financier,
            address(registry),
            abi.encodeCall(registry.raiseQuoteEpoch, ())
        );
        _emits(address(forwarder));
        emit SwitchedOff(true);
        _by(urgentOfficer);
        ISwitch(address(forwarder)).setOff(true);
        vm.assertTrue(ISwitch(address(forwarder)).isOff(), "off");
        _refused(_error(bytes4(keccak256("ForwarderOff()"))));
        forwarder.execute(r);
        _by(financier.account);
        registry.raiseQuoteEpoch();

        _emits(address(forwarder));
        emit SwitchedOff(false);
        _by(urgentOfficer);
        ISwitch(address(forwarder)).setOff(false);
        vm.assertFalse(ISwitch(address(forwarder)).isOff(), "on");
        _emits(address(registry));
        emit IParticipantRegistry.QuoteEpochRaised(financier.id, 2);
        forwarder.execute(r);
    }

    event SwitchedOff(bool off);

    function test_onlyTheUrgentOfficerSwitches() external {
        _refused(_unauthorised(stranger));
        _by(stranger);
        ISwitch(address(forwarder)).setOff(true);
    }

    /// @dev A trusted forwarder's call with no sender behind it is the forwarder's own.
    function test_aShortCallIsTheForwardersOwn() external {
        _refused(abi.encodeWithSelector(IParticipantRegistry.MissingRight.selector, address(forwarder), 0, 0, 2));
        _by(address(forwarder));
        registry.raiseQuoteEpoch();
    }
}
