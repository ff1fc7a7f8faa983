// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ICreditRegister } from "../interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "../interfaces/IIssuanceDesk.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { ReceivableId } from "../types/Ids.sol";
import { Claimant, Claimants, InvoiceWord, InvoiceWords, NOBODY } from "../types/InvoiceWord.sol";

/// @notice The part of {ICreditRegister} that knows invoices: what backs what, and what is left of each.
abstract contract InvoiceBook is ICreditRegister {
    /// @dev A contract that may write, and the note contract whose receivables it writes for. One slot.
    struct Writer {
        address notes;
        uint24 number;
    }

    mapping(bytes32 fingerprint => InvoiceWord) private _invoices;
    /// @dev Of invoices without a sole claimant.
    mapping(bytes32 fingerprint => mapping(Claimant => uint96)) private _parts;
    mapping(bytes32 fingerprint => uint96 amount) public override creditNote;
    mapping(address notes => uint24) private _numberOf;
    uint24 private _noteContracts;

    // -- anyone

    /// @inheritdoc ICreditRegister
    function release(Claim[] calldata claims) external override {
        for (uint256 i = 0; i < claims.length; ++i) _release(claims[i]);
    }

    // -- reading

    /// @inheritdoc ICreditRegister
    function invoice(bytes32 fingerprint) external view override returns (uint96 amount, uint96 used) {
        InvoiceWord i = _invoices[fingerprint];
        return (i.amount(), i.used());
    }

    /// @inheritdoc ICreditRegister
    function claimOf(
        bytes32 fingerprint,
        address notes,
        ReceivableId receivable
    ) external view override returns (uint96) {
        return _partOf(_invoices[fingerprint], fingerprint, Claimants.create(_numberOf[notes], receivable));
    }

    // -- internals

    /// @return number The note contract's own, given at its first asking and never to another.
    function _number(address notes) internal returns (uint24 number) {
        number = _numberOf[notes];
        if (number == 0) _numberOf[notes] = number = ++_noteContracts;
    }

    /// @return total Sum of what the receivable claims.
    function _claim(
        Writer memory writer,
        ReceivableId receivable,
        IIssuanceDesk.InvoiceClaim[] calldata invoices
    ) internal returns (uint256 total) {
        if (invoices.length == 0) revert InvoiceMissing();
        Claimant claimant = Claimants.create(writer.number, receivable);
        for (uint256 i = 0; i < invoices.length; ++i) {
            IIssuanceDesk.InvoiceClaim memory c = invoices[i];
            if (c.claimed == 0) revert IReceivableNotes.ZeroAmount();
            _use(claimant, receivable, c);
            total += c.claimed;
            emit InvoiceClaimed(c.fingerprint, writer.notes, receivable, c.invoiceAmount, c.claimed);
        }
    }

    function _use(Claimant claimant, ReceivableId receivable, IIssuanceDesk.InvoiceClaim memory c) private {
        (bytes32 fingerprint, uint96 amount) = (c.fingerprint, c.invoiceAmount);
        InvoiceWord i = _invoices[fingerprint];
        uint96 used = i.used();
        if (i.amount() != 0 && i.amount() != amount) revert InvoiceAmountDiffers(fingerprint, i.amount(), amount);
        Claimant sole = claimant;
        if (used != 0) {
            if (_partOf(i, fingerprint, claimant) != 0) revert AlreadyClaimed(fingerprint, receivable);
            _writeOut(i, fingerprint);
            _parts[fingerprint][claimant] = c.claimed;
            sole = NOBODY;
        }
        uint96 left = amount > used ? amount - used : 0;
        if (c.claimed > left) revert OverInvoice(fingerprint, c.claimed, left);
        _invoices[fingerprint] = InvoiceWords.create(amount, used + c.claimed, sole);
    }

    function _release(Claim calldata c) private {
        InvoiceWord i = _invoices[c.fingerprint];
        Claimant claimant = Claimants.create(_numberOf[c.notes], c.receivable);
        uint96 part = _partOf(i, c.fingerprint, claimant);
        if (part == 0) revert NotClaimed(c.fingerprint, c.notes, c.receivable);
        if (!IReceivableNotes(c.notes).isCancelled(c.receivable)) revert ReceivableNotCancelled(c.receivable);
        if (i.sole().isNobody()) delete _parts[c.fingerprint][claimant];
        _invoices[c.fingerprint] = InvoiceWords.create(i.amount(), i.used() - part, NOBODY);
        emit InvoiceReleased(c.fingerprint, c.notes, c.receivable, part);
    }

    /// @dev A credit note uses the invoice for good, like a claim that never ends. So what claims and credit notes use
    /// beyond the amount is worked off by releases before anything is left again.
    function _credit(CreditNote calldata n) internal {
        if (n.amount == 0) revert IReceivableNotes.ZeroAmount();
        if (creditNote[n.fingerprint] != 0) revert CreditNoteCounted(n.fingerprint);
        InvoiceWord i = _invoices[n.invoice];
        (uint96 amount, uint96 used) = (i.amount(), i.used());
        if (n.amount > type(uint96).max - used) revert CreditTooLarge(n.invoice, n.amount, type(uint96).max - used);
        creditNote[n.fingerprint] = n.amount;
        _writeOut(i, n.invoice);
        used += n.amount;
        _invoices[n.invoice] = InvoiceWords.create(amount, used, NOBODY);
        emit InvoiceCredited(n.invoice, n.fingerprint, n.amount, amount != 0 && used > amount ? used - amount : 0);
    }

    /// @dev The sole claim gets a slot of its own, since others use the invoice from now on.
    function _writeOut(InvoiceWord i, bytes32 fingerprint) private {
        if (!i.sole().isNobody()) _parts[fingerprint][i.sole()] = i.used();
    }

    function _partOf(InvoiceWord i, bytes32 fingerprint, Claimant claimant) private view returns (uint96) {
        if (i.sole().isNobody()) return _parts[fingerprint][claimant];
        return i.sole().same(claimant) ? i.used() : 0;
    }
}
