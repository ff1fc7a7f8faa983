// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Actor } from "../base/Cast.sol";
import { Suite } from "../base/Suite.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { NoteId, ReceivableId } from "../../../contracts/types/Ids.sol";

/// @notice Invoices behind debts: claimed in parts, released, lowered by credit notes.
contract InvoicesTest is Suite {
    bytes32 private constant INVOICE = keccak256("the invoice");
    bytes32 private constant CREDIT_NOTE = keccak256("the credit note");
    ReceivableId private constant FIRST = ReceivableId.wrap(1);
    ReceivableId private constant SECOND = ReceivableId.wrap(2);

    function setUp() public override {
        super.setUp();
        _by(creditOfficer);
        credit.setLine(core.id, address(cny), type(uint96).max);
        _by(creditOfficer);
        credit.setLine(core2.id, address(cny), type(uint96).max);
    }

    function _backed(uint96 amount, uint96 part) private returns (IIssuanceDesk.Confirmation memory c) {
        c = _item(tier1, part);
        c.invoices[0] = _part(INVOICE, amount, part);
    }

    function _claim(Actor memory debtor, uint96 amount, uint96 part) private returns (ReceivableId) {
        return _confirm(debtor, CNY, _one(_backed(amount, part)));
    }

    function _refuses(IIssuanceDesk.Confirmation memory c, bytes memory reason) private {
        IIssuanceDesk.Confirmation[] memory items = _one(c);
        ICreditRegister.Attestation memory a = _attest(core, address(cny), items);
        _refused(reason);
        _by(core.account);
        issuance.confirm(CNY, items, a);
    }

    function _lower(uint96 amount, bytes32 fingerprint) private {
        ICreditRegister.CreditNote[] memory list = _one(ICreditRegister.CreditNote(INVOICE, fingerprint, amount));
        ICreditRegister.Attestation memory a = _attest(list);
        _by(stranger);
        credit.credit(list, a);
    }

    function _lowerRefused(uint96 amount, bytes32 fingerprint, bytes memory reason) private {
        ICreditRegister.CreditNote[] memory list = _one(ICreditRegister.CreditNote(INVOICE, fingerprint, amount));
        ICreditRegister.Attestation memory a = _attest(list);
        _refused(reason);
        _by(stranger);
        credit.credit(list, a);
    }

    function _cancel(ReceivableId id) private {
        NoteId[] memory roots = _one(notes.receivable(id).root);
        _by(tier1.account);
        notes.refuse(roots);
    }

    function _release(ReceivableId id) private {
        _by(stranger);
        credit.release(_one(ICreditRegister.Claim(INVOICE, address(notes), id)));
    }

    function _over(uint96 asked, uint96 left) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICreditRegister.OverInvoice.selector, INVOICE, asked, left);
    }

    function _usedIs(uint96 amount, uint96 used) private view {
        (uint96 found, uint96 foundUsed) = credit.invoice(INVOICE);
        _eq(found, amount, "amount");
        _eq(foundUsed, used, "used");
    }

    function _claimIs(ReceivableId id, uint96 part) private view {
        _eq(credit.claimOf(INVOICE, address(notes), id), part, "claim");
    }

    function test_claim_tellsAndCounts() external {
        IIssuanceDesk.Confirmation[] memory items = _one(_backed(100, 60));
        ICreditRegister.Attestation memory a = _attest(core, address(cny), items);
        _emits(address(credit));
        emit ICreditRegister.InvoiceClaimed(INVOICE, address(notes), FIRST, 100, 60);
        _by(core.account);
        issuance.confirm(CNY, items, a);
        _usedIs(100, 60);
        _claimIs(FIRST, 60);
        _claimIs(SECOND, 0);
        _claim(core2, 100, 40);
        _usedIs(100, 100);
        _claimIs(FIRST, 60);
        _claimIs(SECOND, 40);
        _refuses(_backed(100, 1), _over(1, 0));
    }

    function test_claim_refusedForItsParts() external {
        IIssuanceDesk.Confirmation memory c = _item(tier1, 10);
        c.invoices = new IIssuanceDesk.InvoiceClaim[](0);
        _refuses(c, _error(ICreditRegister.InvoiceMissing.selector));
        c = _backed(100, 10);
        c.amount = 11;
        _refuses(c, abi.encodeWithSelector(ICreditRegister.ClaimsNotExact.selector, 10, 11));
        c = _item(tier1, 10);
        c.invoices[0].claimed = 0;
        _refuses(c, _error(IReceivableNotes.ZeroAmount.selector));
        c = _item(tier1, 10);
        c.invoices = new IIssuanceDesk.InvoiceClaim[](2);
        (c.invoices[0], c.invoices[1]) = (_part(INVOICE, 100, 5), _part(INVOICE, 100, 5));
        _refuses(c, abi.encodeWithSelector(ICreditRegister.AlreadyClaimed.selector, INVOICE, FIRST));
        _claim(core2, 100, 1);
        _refuses(c, abi.encodeWithSelector(ICreditRegister.AlreadyClaimed.selector, INVOICE, SECOND));
    }

    function test_claim_keepsTheAmountFirstAttested() external {
        ReceivableId id = _claim(core, 100, 100);
        bytes memory reason = abi.encodeWithSelector(ICreditRegister.InvoiceAmountDiffers.selector, INVOICE, 100, 101);
        _refuses(_backed(101, 1), reason);
        _cancel(id);
        _release(id);
        _usedIs(100, 0);
        _refuses(_backed(101, 1), reason);
        _claim(core2, 100, 100);
    }

    function test_release_onceAndOfACancelledDebtAlone() external {
        _claim(core, 100, 60);
        ICreditRegister.Claim[] memory claims = _one(ICreditRegister.Claim(INVOICE, address(notes), FIRST));
        _refused(abi.encodeWithSelector(ICreditRegister.ReceivableNotCancelled.selector, FIRST));
        credit.release(claims);
        _cancel(FIRST);
        _emits(address(credit));
        emit ICreditRegister.InvoiceReleased(INVOICE, address(notes), FIRST, 60);
        _by(stranger);
        credit.release(claims);
        _claimIs(FIRST, 0);
        bytes4 notClaimed = ICreditRegister.NotClaimed.selector;
        _refused(abi.encodeWithSelector(notClaimed, INVOICE, address(notes), FIRST));
        credit.release(claims);
        claims[0].notes = stranger;
        _refused(abi.encodeWithSelector(notClaimed, INVOICE, stranger, FIRST));
        credit.release(claims);
    }

    function test_credit_countsOnce() external {
        _lowerRefused(0, CREDIT_NOTE, _error(IReceivableNotes.ZeroAmount.selector));
        _emits(address(credit));
        emit ICreditRegister.InvoiceCredited(INVOICE, CREDIT_NOTE, 30, 0);
        _lower(30, CREDIT_NOTE);
        _eq(credit.creditNote(CREDIT_NOTE), 30, "credit note");
        _lowerRefused(1, CREDIT_NOTE, abi.encodeWithSelector(ICreditRegister.CreditNoteCounted.selector, CREDIT_NOTE));
        _lowerRefused(
            type(uint96).max,
            "another",
            abi.encodeWithSelector(
                ICreditRegister.CreditTooLarge.selector,
                INVOICE,
                type(uint96).max,
                type(uint96).max - 30
            )
        );
        _usedIs(0, 30);
        _refuses(_backed(100, 71), _over(71, 70));
        _claim(core, 100, 70);
    }

    /// @notice I-6 for two debts and a credit note of any size between them: what backs debts stays within the invoice, a
    /// late credit note is told by its excess, and releases work that off first.
    function testFuzz_useOfAnInvoice(uint96 amount, uint96 first, uint96 lowered) external {
        amount = 2 + (amount % (type(uint96).max - 2));
        first = 1 + (first % (amount - 1));
        lowered = 1 + (lowered % (type(uint96).max - amount));
        _claim(core, amount, first);
        _claim(core2, amount, amount - first);
        _emits(address(credit));
        emit ICreditRegister.InvoiceCredited(INVOICE, CREDIT_NOTE, lowered, lowered);
        _lower(lowered, CREDIT_NOTE);
        _claimIs(FIRST, first);
        _claimIs(SECOND, amount - first);
        _refuses(_backed(amount, 1), _over(1, 0));
        _cancel(FIRST);
        _release(FIRST);
        _usedIs(amount, amount - first + lowered);
        uint96 left = first > lowered ? first - lowered : 0;
        _refuses(_backed(amount, left + 1), _over(left + 1, left));
        if (left != 0) _claim(core, amount, left);
        _cancel(SECOND);
        _release(SECOND);
        _usedIs(amount, left + lowered);
    }
}
