// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IIssuanceDesk } from "./IIssuanceDesk.sol";
import { PartyId, ReceivableId } from "../types/Ids.sol";

/// @title What each debtor may owe, and which invoices are taken
/// @notice Credit lines, overdue counts and invoice claims outlive any version of the notes: several note contracts may
/// write here, each for its own receivables. Writers are trusted to keep `used` equal to what is outstanding.
///
/// An invoice may back several receivables, whoever owes or keeps them, and never for more than its amount: what claims
/// and credit notes use of it together stays within the amount first attested (I-6). A claim ends when its receivable was
/// cancelled and somebody releases it; a credit note counts for good, and for an invoice that nobody claimed yet. One that
/// comes too late leaves the invoice over-used: existing claims stand, {InvoiceCredited} tells the excess, and releases
/// work it off before anything is left again. The registrar answers for fingerprints and amounts, and attests an invoice
/// for receivables in its own currency alone: amounts here are minor units of that currency, whatever rail it is paid on.
///
/// An invoice is one storage slot; when a second claim or a credit note comes, one more for each claim.
interface ICreditRegister {
    /// @param limit Most that may be outstanding, minor units.
    /// @param used What is outstanding, minor units. May exceed a limit that was lowered later.
    struct Line {
        uint96 limit;
        uint96 used;
    }

    /// @notice Which receivable holds a part of which invoice.
    /// @param fingerprint Of the invoice.
    /// @param notes The note contract that keeps the receivable.
    /// @param receivable The receivable, in that contract.
    struct Claim {
        bytes32 fingerprint;
        address notes;
        ReceivableId receivable;
    }

    /// @param invoice Fingerprint of the invoice that it lowers.
    /// @param fingerprint The credit note's own.
    /// @param amount By how much, minor units of the invoice's currency.
    struct CreditNote {
        bytes32 invoice;
        bytes32 fingerprint;
        uint96 amount;
    }

    /// @notice The registrar's word for a batch. Of confirmations: these are invoices of this creditor to this debtor, with
    /// these amounts and terms. EIP-712
    /// `ConfirmationBatch(uint32 debtor,address currency,Confirmation[] items,address signer,uint256 nonce,uint256 deadline)`.
    /// Of credit notes: these were issued for these invoices. EIP-712
    /// `CreditNoteBatch(CreditNote[] items,address signer,uint256 nonce,uint256 deadline)`.
    /// @param signer An account with the act right of an active registrar.
    /// @param nonce Any number this signer has not used.
    /// @param deadline Unix seconds; counts up to and including it.
    /// @param signature The signer's, 65 bytes of a key or whatever its contract wallet takes.
    struct Attestation {
        address signer;
        uint256 nonce;
        uint256 deadline;
        bytes signature;
    }

    event LineSet(PartyId indexed debtor, address indexed currency, uint96 limit);
    event LineUsed(PartyId indexed debtor, address indexed currency, uint96 used);
    event InvoiceClaimed(
        bytes32 indexed fingerprint,
        address indexed notes,
        ReceivableId indexed receivable,
        uint96 invoiceAmount,
        uint96 claimed
    );
    event InvoiceReleased(
        bytes32 indexed fingerprint,
        address indexed notes,
        ReceivableId indexed receivable,
        uint96 released
    );

    /// @param excess By how much claims and credit notes together now exceed the invoice's amount; 0 while that is unknown.
    event InvoiceCredited(bytes32 indexed invoice, bytes32 indexed creditNote, uint96 amount, uint96 excess);
    event OverdueCounted(PartyId indexed debtor, uint32 count);
    event AttestationUsed(address indexed signer, uint256 nonce, bytes32 digest);
    event WriterSet(address indexed writer, address indexed notes);

    error NotWriter(address caller);
    error OverLine(PartyId debtor, address currency, uint256 asked, uint256 available);
    error InvoiceMissing();
    error ClaimsNotExact(uint256 claimed, uint256 amount);
    error AttestationExpired(uint256 deadline);
    error AttestationUsedAlready(address signer, uint256 nonce);
    error AttestationInvalid(address signer, bytes32 digest);
    error InvoiceAmountDiffers(bytes32 fingerprint, uint256 attestedBefore, uint256 attestedNow);
    error OverInvoice(bytes32 fingerprint, uint256 asked, uint256 left);
    error AlreadyClaimed(bytes32 fingerprint, ReceivableId receivable);
    error NotClaimed(bytes32 fingerprint, address notes, ReceivableId receivable);
    error CreditNoteCounted(bytes32 creditNote);
    error CreditTooLarge(bytes32 invoice, uint256 amount, uint256 most);
    error ReceivableNotCancelled(ReceivableId receivable);
    error DebtorOverdue(PartyId debtor, uint32 count);

    /// @dev Emits {LineSet}. Requirements: caller has the credit role. A limit below what is used only stops new issues.
    function setLine(PartyId debtor, address currency, uint96 limit) external;

    /// @dev Emits {WriterSet}. Requirements: caller has the wiring role.
    /// @param writer A note contract or a desk of one.
    /// @param notes The note contract for whose receivables it writes; zero: it writes no more.
    function setWriter(address writer, address notes) external;

    /// @notice Takes new debts onto the books: uses the debtor's line and claims the invoices, under the registrar's word.
    /// @dev Emits {InvoiceClaimed} each, {LineUsed}, {AttestationUsed}. Requirements: caller is a writer; an attestation for
    /// just these terms by an active registrar, in time and unused; nothing of the debtor's is declared overdue; each item
    /// has invoices, each once and for a positive part; the parts make the item's amount to the unit; no part is more than
    /// what is left of its invoice; an invoice known already has the amount that was attested first (a wrong one can be
    /// lowered by a credit note, never raised); the sum stays within the limit.
    /// @param items The debts; the receivable of `items[i]` is `first + i`, in the note contract of the writer.
    function open(
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        Attestation calldata attestation,
        ReceivableId first
    ) external;

    /// @notice Frees the debtor's line by what was repaid, extinguished or cancelled.
    /// @dev Emits {LineUsed}. Requirements: caller is a writer.
    function free(PartyId debtor, address currency, uint96 amount) external;

    /// @notice Takes back what {free} freed in this transaction, because the payee's side could not take the cash. The limit
    /// is not asked.
    /// @dev Emits {LineUsed}. Requirements: caller is a writer.
    function restore(PartyId debtor, address currency, uint96 amount) external;

    /// @notice Frees what a cancelled receivable claimed, to be claimed again by whoever comes. Anyone may; all or none.
    /// @dev Emits {InvoiceReleased} each. Requirements: claimed and not released yet; its receivable cancelled.
    function release(Claim[] calldata claims) external;

    /// @notice Lowers what is left of invoices by credit notes. Anyone who holds the registrar's word may; all or none.
    /// @dev Emits {InvoiceCredited} each, {AttestationUsed}. What is claimed stays claimed. Requirements: an attestation for
    /// just these credit notes by an active registrar, in time and unused; amounts positive; none counted before, under
    /// whatever attestation; what uses an invoice stays within 96 bits.
    function credit(CreditNote[] calldata items, Attestation calldata attestation) external;

    /// @dev Emits {OverdueCounted}. Requirements: caller is a writer.
    function countOverdue(PartyId debtor) external;

    /// @dev Emits {OverdueCounted}. Requirements: caller is a writer.
    function uncountOverdue(PartyId debtor) external;

    /// @dev Reverts {DebtorOverdue} while any receivable of the debtor is declared overdue.
    function requireNotOverdue(PartyId debtor) external view;

    function line(PartyId debtor, address currency) external view returns (Line memory);

    /// @return amount What the invoice is for, as first attested; 0 while nobody claimed it.
    /// @return used What claims and credit notes take of it. The rest is left; above `amount` it is over-used.
    function invoice(bytes32 fingerprint) external view returns (uint96 amount, uint96 used);

    /// @return How much of the invoice the receivable holds; 0 when it does not, or was released.
    function claimOf(bytes32 fingerprint, address notes, ReceivableId receivable) external view returns (uint96);

    /// @return amount By how much the credit note lowered its invoice; 0 when it is not counted.
    function creditNote(bytes32 fingerprint) external view returns (uint96 amount);

    function overdueCount(PartyId debtor) external view returns (uint32);

    /// @return The note contract for which this account may write; zero when it may not write.
    function notesOf(address writer) external view returns (address);

    function isAttestationNonceUsed(address signer, uint256 nonce) external view returns (bool);

    /// @return The digest that the registrar signs for confirmations.
    function confirmationDigest(
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) external view returns (bytes32);

    /// @return The digest that the registrar signs for credit notes.
    function creditDigest(
        CreditNote[] calldata items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) external view returns (bytes32);
}
