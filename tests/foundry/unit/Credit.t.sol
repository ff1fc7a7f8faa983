// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { Rights, Roles } from "../../../contracts/types/Roles.sol";

/// @notice Lines, writers and the registrar's word.
contract CreditTest is Suite {
    /// @dev The debtor confirms under this word of the registrar.
    function _confirmUnder(
        IIssuanceDesk.Confirmation[] memory items,
        ICreditRegister.Attestation memory a,
        bytes memory reason
    ) private {
        if (reason.length != 0) _refused(reason);
        _by(core.account);
        issuance.confirm(CNY, items, a);
    }

    function _items(uint96 amount) private returns (IIssuanceDesk.Confirmation[] memory) {
        return _one(_item(tier1, amount));
    }

    // -- lines (I-5)

    function test_line_isTheLimit() external {
        IIssuanceDesk.Confirmation[] memory items = _items(LINE);
        _confirmUnder(items, _attest(core, address(cny), items), "");
        _eq(credit.line(core.id, address(cny)).used, LINE, "used");
        items = _items(1);
        bytes memory over = abi.encodeWithSelector(ICreditRegister.OverLine.selector, core.id, cny, 1, 0);
        _confirmUnder(items, _attest(core, address(cny), items), over);
        _by(creditOfficer);
        credit.setLine(core.id, address(cny), LINE / 2);
        _confirmUnder(items, _attest(core, address(cny), items), over);
        _by(creditOfficer);
        credit.setLine(core.id, address(cny), LINE + 5);
        items = _items(6);
        over = abi.encodeWithSelector(ICreditRegister.OverLine.selector, core.id, cny, 6, 5);
        _confirmUnder(items, _attest(core, address(cny), items), over);
        items = _items(5);
        _confirmUnder(items, _attest(core, address(cny), items), "");
    }

    // -- writers

    function test_writers() external {
        address writer = _named("writer");
        vm.assertEq(credit.notesOf(address(notes)), address(notes), "the ledger writes for itself");
        _mustNotWrite(writer);
        _emits(address(credit));
        emit ICreditRegister.WriterSet(writer, address(notes));
        _by(wiringOfficer);
        credit.setWriter(writer, address(notes));
        vm.assertEq(credit.notesOf(writer), address(notes), "for the ledger");
        _by(writer);
        credit.restore(core.id, address(cny), 7);
        _by(writer);
        credit.free(core.id, address(cny), 7);
        _by(wiringOfficer);
        credit.setWriter(writer, address(0));
        vm.assertEq(credit.notesOf(writer), address(0), "for nobody");
        _mustNotWrite(writer);
    }

    function _mustNotWrite(address writer) private {
        bytes memory reason = abi.encodeWithSelector(ICreditRegister.NotWriter.selector, writer);
        ICreditRegister.Attestation memory word;
        bytes[] memory acts = new bytes[](5);
        acts[0] = abi.encodeCall(credit.free, (core.id, address(cny), 0));
        acts[1] = abi.encodeCall(credit.restore, (core.id, address(cny), 0));
        acts[2] = abi.encodeCall(credit.countOverdue, (core.id));
        acts[3] = abi.encodeCall(credit.uncountOverdue, (core.id));
        acts[4] = abi.encodeCall(
            credit.open,
            (core.id, address(cny), new IIssuanceDesk.Confirmation[](0), word, ReceivableId.wrap(1))
        );
        for (uint256 i = 0; i < acts.length; ++i) {
            _by(writer);
            (bool done, bytes memory result) = address(credit).call(acts[i]);
            vm.assertFalse(done, "done");
            _same(result, reason, "reason");
        }
    }

    // -- the registrar's word

    function test_attestation_digestIsTheDocumentedOne() external {
        IIssuanceDesk.Confirmation[] memory items = _items(FACE);
        vm.assertEq(
            credit.confirmationDigest(core.id, address(cny), items, registrar.account, 3, 77),
            Signing.confirmation(address(credit), core.id, address(cny), items, registrar.account, 3, 77),
            "digest"
        );
        ICreditRegister.CreditNote[] memory credits = new ICreditRegister.CreditNote[](1);
        credits[0].amount = 5;
        vm.assertEq(
            credit.creditDigest(credits, registrar.account, 3, 77),
            Signing.creditNotes(address(credit), credits, registrar.account, 3, 77),
            "digest of credit notes"
        );
    }

    function test_attestation_countsToItsSecondAndOnce() external {
        IIssuanceDesk.Confirmation[] memory items = _items(FACE);
        ICreditRegister.Attestation memory a = _attest(core, address(cny), items);
        vm.warp(a.deadline + 1);
        _confirmUnder(items, a, abi.encodeWithSelector(ICreditRegister.AttestationExpired.selector, a.deadline));
        vm.warp(a.deadline);
        vm.assertFalse(credit.isAttestationNonceUsed(a.signer, a.nonce), "unused");
        _confirmUnder(items, a, "");
        vm.assertTrue(credit.isAttestationNonceUsed(a.signer, a.nonce), "used");
        vm.assertFalse(credit.isAttestationNonceUsed(a.signer, a.nonce + 256), "that nonce alone");
        items = _items(FACE);
        ICreditRegister.Attestation memory again = _attest(core, address(cny), items);
        again.nonce = a.nonce;
        _confirmUnder(
            items,
            again,
            abi.encodeWithSelector(ICreditRegister.AttestationUsedAlready.selector, a.signer, a.nonce)
        );
    }

    function test_attestation_isARegistrars() external {
        IIssuanceDesk.Confirmation[] memory items = _items(FACE);
        ICreditRegister.Attestation memory a = _attest(core, address(cny), items);
        bytes32 digest = Signing.confirmation(
            address(credit),
            core.id,
            address(cny),
            items,
            a.signer,
            a.nonce,
            a.deadline
        );
        a.signature = Signing.sign(core.key, digest);
        _confirmUnder(
            items,
            a,
            abi.encodeWithSelector(ICreditRegister.AttestationInvalid.selector, registrar.account, digest)
        );
        a.signer = tier1.account;
        _confirmUnder(
            items,
            a,
            abi.encodeWithSelector(IParticipantRegistry.MissingRole.selector, tier1.id, Roles.SUPPLIER, Roles.REGISTRAR)
        );
        a.signer = stranger;
        _confirmUnder(
            items,
            a,
            abi.encodeWithSelector(IParticipantRegistry.MissingRight.selector, stranger, PartyId.wrap(0), 0, Rights.ACT)
        );
    }
}
