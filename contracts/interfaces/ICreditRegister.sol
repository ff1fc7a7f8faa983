// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IIssuanceDesk } from "./IIssuanceDesk.sol";
import { PartyId, ReceivableId } from "../types/Ids.sol";

/// @title What each debtor may owe, and which invoices are taken
/// @notice Credit lines, overdue counts and invoice claims outlive any version of the notes: several note contracts may
/// write here, each for its own receivables. Writers are trusted to keep `used` equal to what is outstanding.
interface ICreditRegister {
    /// @param limit Most that may be outstanding, minor units.
    /// @param used What is outstanding, minor units. May exceed a limit that was lowered later.
    struct Line {
        uint96 limit;
        uint96 used;
    }

    /// @param notes The note contract that claimed; zero when free.
    /// @param receivable The receivable, in that contract.
    struct Claim {
        address notes;
        ReceivableId receivable;
    }

    /// @notice The registrar's word for a batch: the fingerprints are those of invoices with these terms. EIP-712
    /// `ConfirmationBatch(uint32 debtor,address currency,Confirmation[] items,address signer,uint256 nonce,uint256 deadline)`.
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
    event FingerprintClaimed(bytes32 indexed fingerprint, address indexed notes, ReceivableId indexed receivable);
    event FingerprintReleased(bytes32 indexed fingerprint, address indexed notes, ReceivableId indexed receivable);
    event OverdueCounted(PartyId indexed debtor, uint32 count);
    event AttestationUsed(address indexed signer, uint256 nonce, bytes32 digest);
    event WriterSet(address indexed notes, bool allowed);

    error NotWriter(address caller);
    error OverLine(PartyId debtor, address currency, uint256 asked, uint256 available);
    error FingerprintMissing();
    error AttestationExpired(uint256 deadline);
    error AttestationUsedAlready(address signer, uint256 nonce);
    error AttestationInvalid(address signer, bytes32 digest);
    error AlreadyClaimed(bytes32 fingerprint, address notes, ReceivableId receivable);
    error NotClaimed(bytes32 fingerprint);
    error ReceivableNotCancelled(ReceivableId receivable);
    error DebtorOverdue(PartyId debtor, uint32 count);

    /// @dev Emits {LineSet}. Requirements: caller has the credit role. A limit below what is used only stops new issues.
    function setLine(PartyId debtor, address currency, uint96 limit) external;

    /// @dev Emits {WriterSet}. Requirements: caller has the wiring role.
    function setWriter(address notes, bool allowed) external;

    /// @notice Takes new debts onto the books: uses the debtor's line and claims the invoices, under the registrar's word.
    /// @dev Emits {AttestationUsed}, {FingerprintClaimed} each, {LineUsed}. Requirements: caller is a writer; an
    /// attestation for just these terms by an active registrar, in time and unused; nothing of the debtor's is declared
    /// overdue; each item has fingerprints, and they are free; the sum stays within the limit.
    /// @param notes The note contract that keeps the receivables, and may be asked about them later.
    /// @param items The debts; the receivable of `items[i]` is `first + i`.
    function open(
        address notes,
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

    /// @notice Frees claims of a cancelled receivable. Anyone may; all or none.
    /// @dev Emits {FingerprintReleased} each. Requirements: claimed, and its receivable cancelled.
    function release(bytes32[] calldata fingerprints) external;

    /// @dev Emits {OverdueCounted}. Requirements: caller is a writer.
    function countOverdue(PartyId debtor) external;

    /// @dev Emits {OverdueCounted}. Requirements: caller is a writer.
    function uncountOverdue(PartyId debtor) external;

    /// @dev Reverts {DebtorOverdue} while any receivable of the debtor is declared overdue.
    function requireNotOverdue(PartyId debtor) external view;

    function line(PartyId debtor, address currency) external view returns (Line memory);

    function claimOf(bytes32 fingerprint) external view returns (Claim memory);

    function overdueCount(PartyId debtor) external view returns (uint32);

    function isWriter(address notes) external view returns (bool);

    function isAttestationNonceUsed(address signer, uint256 nonce) external view returns (bool);

    /// @return The digest that the registrar signs.
    function confirmationDigest(
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) external view returns (bytes32);
}
