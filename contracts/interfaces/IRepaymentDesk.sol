// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { NoteId } from "../types/Ids.sol";

/// @title Repayment to every holder directly
/// @notice Face value, and overdue interest if late, from the payer's account to each payee's settlement account. The
/// debtor pays, or anyone for it. Works while paused, and for suspended or expired parties.
/// @dev Assumptions about tokens as in {IFinancingDesk}. One transaction pays any number of notes of one currency; gas
/// grows with that number alone, so a payer chooses batches, and no holder can block the payment of another.
interface IRepaymentDesk {
    /// @notice One cash leg. The principal and interest of it are in {IReceivableNotes.NoteRepaid}.
    event Paid(NoteId indexed note, address indexed payer, address indexed payee, address token, uint256 amount);

    error PayerNotAuthorised(address payer, address caller);
    error TotalExceeded(uint256 total, uint256 maxTotal);

    /// @notice Pays notes in full.
    /// @dev Emits {Paid} each. Requirements: `payer` is the caller, or an account of a party that the caller has the act
    /// right of; `payer` has approved this desk; notes as {IReceivableNotes.settle} asks; cash exact.
    /// @param payer The account that pays.
    /// @param maxTotal Most it pays, minor units.
    /// @return total What it paid, minor units.
    function repay(NoteId[] calldata notes, address payer, uint256 maxTotal) external returns (uint256 total);
}
