// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BankStory } from "./BankStory.sol";
import { vm } from "./Vm.sol";
import { IBankDesk } from "../../../contracts/interfaces/IBankDesk.sol";
import { NoteId, ReceivableId } from "../../../contracts/types/Ids.sol";

/// @notice A debt on the bank rail to tier 1, and a bank whose word is believed, refused, or written down as an exception.
abstract contract BankSuite is BankStory {
    NoteId internal root;
    ReceivableId internal debt;
    bytes32 internal wait;

    function setUp() public virtual override {
        super.setUp();
        _gatherBanks();
        (debt, root) = _foundOnRail(core, tier1);
    }

    function _attest(IBankDesk.Attestation memory a) internal {
        _attestBy(bank.key, a);
    }

    function _refusedToAttest(IBankDesk.Attestation memory a, bytes memory reason) internal {
        vm.expectRevert(reason);
        this.attestHere(a);
    }

    /// @dev One call, so that what is signed does not stand between the expectation and its revert.
    function attestHere(IBankDesk.Attestation memory a) external {
        _attestBy(bank.key, a);
    }

    /// @dev The payment is written down with what stood against it, and nothing else happens.
    function _excepted(IBankDesk.Attestation memory a, bytes memory reason) internal {
        bytes32 digest = banks.attestationDigest(a);
        _emits(address(banks));
        emit IBankDesk.BankException(
            a.bank,
            a.paymentReference,
            a.reservation,
            digest,
            a.currency,
            a.valueDay,
            a.lines,
            reason
        );
        _attest(a);
        IBankDesk.Record memory r = banks.record(a.bank, a.paymentReference);
        vm.assertTrue(r.outcome == IBankDesk.Outcome.Exception && r.digest == bytes31(digest), "an exception");
    }
}
