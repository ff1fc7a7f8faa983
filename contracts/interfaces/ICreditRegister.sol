// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

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

    event LineSet(PartyId indexed debtor, address indexed currency, uint96 limit);
    event LineUsed(PartyId indexed debtor, address indexed currency, uint96 used);
    event FingerprintClaimed(bytes32 indexed fingerprint, address indexed notes, ReceivableId indexed receivable);
    event FingerprintReleased(bytes32 indexed fingerprint, address indexed notes, ReceivableId indexed receivable);
    event OverdueCounted(PartyId indexed debtor, uint32 count);
    event WriterSet(address indexed notes, bool allowed);

    error NotWriter(address caller);
    error OverLine(PartyId debtor, address currency, uint256 asked, uint256 available);
    error AlreadyClaimed(bytes32 fingerprint, address notes, ReceivableId receivable);
    error NotClaimed(bytes32 fingerprint);
    error ReceivableNotCancelled(ReceivableId receivable);
    error DebtorOverdue(PartyId debtor, uint32 count);

    /// @dev Emits {LineSet}. Requirements: caller has the credit role. A limit below what is used only stops new issues.
    function setLine(PartyId debtor, address currency, uint96 limit) external;

    /// @dev Emits {WriterSet}. Requirements: caller has the wiring role.
    function setWriter(address notes, bool allowed) external;

    /// @notice Uses the debtor's line for new debt.
    /// @dev Emits {LineUsed}. Requirements: caller is a writer; nothing of the debtor's is declared overdue; the sum
    /// stays within the limit.
    function draw(PartyId debtor, address currency, uint96 amount) external;

    /// @notice Frees the debtor's line by what was repaid, extinguished or cancelled.
    /// @dev Emits {LineUsed}. Requirements: caller is a writer.
    function free(PartyId debtor, address currency, uint96 amount) external;

    /// @dev Emits {FingerprintClaimed} each. Requirements: caller is a writer; each fingerprint is free.
    function claim(bytes32[] calldata fingerprints, ReceivableId receivable) external;

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
}
